//! The functions of a file that are annotated with `#[coroutine]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItemFn, ItemFn, Meta, TraitItemFn};

/// What the attribute gets to see of one function.
#[derive(Debug)]
pub struct Annotated {
    /// The arguments of the attribute.
    pub arguments: TokenStream,
    /// The function without the attribute.
    pub item: TokenStream,
}

/// Finds the annotated function of a name in the text of a file: the first, if there are more.
///
/// # Errors
///
/// When the text is not Rust, or has no such function: says what is wrong.
pub fn find(text: &str, name: &str) -> Result<Annotated, String> {
    let file = syn::parse_file(text).map_err(|error| {
        let place = error.span().start();
        format!("line {}, column {}: {error}", place.line, place.column + 1)
    })?;
    let mut all = Collect(Vec::new());
    all.visit_file(&file);
    let names: Vec<String> = all.0.iter().map(|(name, _)| name.to_string()).collect();
    let mut found = all.0.into_iter().filter(|(found, _)| found == name);
    found.next().map(|(_, annotated)| annotated).ok_or_else(|| {
        format!("no function `{name}` has the attribute; those that have: {names:?}")
    })
}

struct Collect(Vec<(Ident, Annotated)>);

impl Collect {
    fn add(
        &mut self,
        name: &Ident,
        attributes: &[Attribute],
        without: impl FnOnce(usize) -> TokenStream,
    ) {
        let is_ours = |attribute: &Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "coroutine")
        };
        let Some(index) = attributes.iter().position(is_ours) else { return };
        let arguments = match &attributes[index].meta {
            Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        self.0.push((name.clone(), Annotated { arguments, item: without(index) }));
    }
}

/// Adds a function of one of syn's types.
macro_rules! add {
    ($collect:expr, $function:expr) => {
        $collect.add(&$function.sig.ident, &$function.attrs, |index| {
            let mut function = $function.clone();
            function.attrs.remove(index);
            function.into_token_stream()
        })
    };
}

impl<'ast> Visit<'ast> for Collect {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        add!(self, function);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        add!(self, function);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        add!(self, function);
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    const TEXT: &str = "
        mod inner {
            #[coframe::coroutine(yield = u32)]
            fn count() { suspend!(1); }
            fn plain() {}
        }
        impl Counter {
            /// Documented.
            #[coroutine]
            async fn get(&self) -> u32 { 1 }
        }
    ";

    #[test]
    fn functions_are_found_wherever_they_are() {
        let count = find(TEXT, "count").unwrap();
        assert_eq!(count.arguments.to_string(), "yield = u32");
        assert!(count.item.to_string().starts_with("fn count"));
        let get = find(TEXT, "get").unwrap();
        assert!(get.arguments.is_empty());
        assert!(get.item.to_string().contains("Documented"));
    }

    #[test]
    fn others_are_not() {
        let error = find(TEXT, "plain").unwrap_err();
        assert!(error.contains(r#"["count", "get"]"#), "{error}");
        assert!(find("fn", "f").unwrap_err().starts_with("line 1"));
    }
}
