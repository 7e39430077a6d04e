// rustc keeps the temporary for a constructor, and the macro takes this one for a function.
#[allow(non_camel_case_types)]
struct named<'a>(&'a String);

#[coframe::coroutine]
async fn length() -> usize {
    let name = named(&String::from("name"));
    coframe::suspend!();
    name.0.len()
}

fn main() {
    let _ = length();
}
