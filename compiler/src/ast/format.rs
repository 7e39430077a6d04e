//! What formatting macros do with their arguments.

use syn::{Expr, Lit, Macro};

use super::macros;

/// How an argument is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formatting {
    /// By `Display`.
    Display,
    /// By `Debug`.
    Debug,
}

/// How each argument of a macro is formatted, in the order of [`macros::arguments`]; `None` for
/// those that are not, or in several or other ways, and if an argument is missing.
pub fn formattings(mac: &Macro) -> Vec<Option<Formatting>> {
    let Some(arguments) = macros::arguments(mac) else { return Vec::new() };
    let mut found = vec![None; arguments.len()];
    let Some(at) = macros::leading_arguments(mac).map(<[_]>::len) else { return found };
    let Some(Expr::Lit(syn::ExprLit { lit: Lit::Str(format), .. })) =
        arguments.get(at).map(|argument| &argument.expr)
    else {
        return found;
    };
    let names = macros::given_names(&mac.tokens);
    let unnamed = (arguments.len() - at - 1).saturating_sub(names.len());
    let mut uses: Vec<Vec<Option<Formatting>>> = vec![Vec::new(); arguments.len()];
    let mut next = 0;
    for Placeholder { argument, spec } in placeholders(&format.value()) {
        if spec.contains(['*', '$']) {
            return found;
        }
        let position = match argument.parse() {
            Ok(position) => Some(position),
            Err(_) if argument.is_empty() => {
                next += 1;
                Some(next - 1)
            }
            Err(_) => names.iter().position(|name| *name == argument).map(|at| unnamed + at),
        };
        match position.and_then(|position: usize| uses.get_mut(at + 1 + position)) {
            Some(uses) => uses.push(formatting(&spec)),
            None => return found,
        }
    }
    for (found, uses) in found.iter_mut().zip(uses) {
        if let [first, rest @ ..] = &uses[..]
            && rest.iter().all(|other| other == first)
        {
            *found = *first;
        }
    }
    found
}

/// `{argument:spec}`.
struct Placeholder {
    argument: String,
    spec: String,
}

fn placeholders(format: &str) -> Vec<Placeholder> {
    let text = format.replace("{{", "");
    let open = text.split('{').skip(1);
    let inside = open.filter_map(|after| after.split_once('}').map(|(inside, _)| inside));
    let placeholder = |inside: &str| {
        let (argument, spec) = inside.split_once(':').unwrap_or((inside, ""));
        Placeholder { argument: argument.trim().to_owned(), spec: spec.trim().to_owned() }
    };
    inside.map(placeholder).collect()
}

fn formatting(spec: &str) -> Option<Formatting> {
    match spec.chars().last() {
        Some('?') => Some(Formatting::Debug),
        Some('x' | 'X' | 'o' | 'b' | 'e' | 'E' | 'p') => None,
        _ => Some(Formatting::Display),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Vec<Option<Formatting>> {
        formattings(&syn::parse_str(source).expect("it is a macro"))
    }

    #[test]
    fn arguments_are_found_by_position_and_name() {
        use Formatting::{Debug, Display};
        assert_eq!(
            of(r#"println!("{} {x:?} {{}}", a, x = b)"#),
            [None, Some(Display), Some(Debug)]
        );
        assert_eq!(of(r#"println!("{1} {0:>4}", a, b)"#), [None, Some(Display), Some(Display)]);
        assert_eq!(of(r#"assert!(c, "{:?}", "a")"#), [None, None, Some(Debug)]);
    }

    #[test]
    fn others_are_left_alone() {
        assert_eq!(of(r#"println!("{0} {0:?}", a)"#), [None, None]);
        assert_eq!(of(r#"println!("{:x}", a)"#), [None, None]);
        assert_eq!(of(r#"println!("{:1$}", a, b)"#), [None, None, None]);
        assert_eq!(of(r#"vec!["{}", a]"#), [None, None]);
    }
}
