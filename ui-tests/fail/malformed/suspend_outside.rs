fn count() {
    suspend!(1);
}

fn main() {
    count();
}
