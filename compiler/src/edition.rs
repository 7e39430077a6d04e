//! The edition of the user's crate, as far as it can be known while a macro is expanded.

use std::sync::OnceLock;

/// What temporaries of `if let` and of tails depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Before 2024.
    Old,
    /// 2024, or one that is not known: what depends on it is decided by the compiler then, and the frame has
    /// room for both.
    Since2024,
}

impl Edition {
    /// The edition that the compiler around this macro was given on its command line.
    ///
    /// That of a function which is made by a macro of another crate may be another one. So code that depends on
    /// it also checks it, see `codegen::edition`.
    pub fn of_compiler() -> Self {
        static EDITION: OnceLock<Edition> = OnceLock::new();
        *EDITION.get_or_init(|| {
            let arguments: Vec<String> =
                std::env::args_os().filter_map(|it| it.into_string().ok()).collect();
            Self::of(arguments.iter().map(String::as_str))
        })
    }

    #[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
    fn of<'a>(arguments: impl Iterator<Item = &'a str>) -> Self {
        let mut is_next = false;
        for argument in arguments {
            let value = match argument.strip_prefix("--edition=") {
                Some(value) => Some(value),
                None => is_next.then_some(argument),
            };
            if let Some(value) = value {
                let is_old = ["2015", "2018", "2021"].contains(&value);
                return if is_old { Edition::Old } else { Edition::Since2024 };
            }
            is_next = argument == "--edition";
        }
        Edition::Since2024
    }
}

#[cfg(test)]
mod tests {
    use super::Edition;

    #[test]
    fn the_edition_is_read_off_the_command_line() {
        let of = |arguments: &[&str]| Edition::of(arguments.iter().copied());
        assert_eq!(of(&["rustc", "--edition=2021", "main.rs"]), Edition::Old);
        assert_eq!(of(&["rustc", "--edition", "2018", "main.rs"]), Edition::Old);
        assert_eq!(of(&["rustc", "--edition=2024", "main.rs"]), Edition::Since2024);
        assert_eq!(of(&["rust-analyzer-proc-macro-srv"]), Edition::Since2024);
    }
}
