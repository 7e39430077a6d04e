//! Type names that a person can read.

use core::fmt;

/// The name of a type as [`core::any::type_name`] gives it, shown without paths: `Option<Vec<u8>>`.
/// The frame of another coroutine is shown as the function's name with `()`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeName(&'static str);

impl TypeName {
    pub(super) const fn new(full: &'static str) -> Self {
        TypeName(full)
    }

    /// The name with all its paths.
    pub const fn full(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while !rest.is_empty() {
            if let Some((function, after)) = machine(rest) {
                write!(f, "{function}()")?;
                rest = after;
                continue;
            }
            let path = rest.find(|c: char| !is_of_path(c)).unwrap_or(rest.len());
            let (path, after) = rest.split_at(path.max(first_length(rest)));
            f.write_str(path.rsplit("::").next().unwrap_or(path))?;
            rest = after;
        }
        Ok(())
    }
}

fn is_of_path(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The name of the function of a machine's type, and what is after the type.
fn machine(text: &str) -> Option<(&str, &str)> {
    let after = ["AsyncMachine<", "Machine<"]
        .iter()
        .find_map(|name| text.strip_prefix("coframe::coroutine::machine::")?.strip_prefix(name))?;
    let frame = after.find("::__")?;
    let path = &after[..frame];
    let path = path.strip_suffix("::{{closure}}").unwrap_or(path);
    let function = path.rsplit("::").next().unwrap_or(path);
    let mut depth = 1;
    let end =
        after.char_indices().zip(after.chars().skip(1).chain([' '])).find_map(|((at, c), _)| {
            match c {
                '<' => depth += 1,
                '>' if !after[..at].ends_with('-') => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at + 1)
        })?;
    Some((function, &after[end..]))
}

#[cfg(test)]
mod tests {
    use super::TypeName;

    fn short(full: &'static str) -> String {
        TypeName::new(full).to_string()
    }

    #[test]
    fn paths_are_left_out() {
        assert_eq!(
            short("core::option::Option<&[alloc::string::String; 4]>"),
            "Option<&[String; 4]>"
        );
        assert_eq!(short("(u8, fn(a::B) -> c::D)"), "(u8, fn(B) -> D)");
        assert_eq!(short("[u8; 4096]"), "[u8; 4096]");
    }

    #[test]
    fn a_machine_is_its_function() {
        let machine = "coframe::coroutine::machine::AsyncMachine<app::net::echo::__EchoFrame<u8, \
                       fn() -> u8>, app::net::echo::{{closure}}, ()>";
        assert_eq!(short(machine), "echo()");
        let inside = "core::option::Option<coframe::coroutine::machine::Machine<app::f::__FFrame, \
                      app::f::{{closure}}, ()>>";
        assert_eq!(short(inside), "Option<f()>");
    }
}
