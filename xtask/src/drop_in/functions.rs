//! The `async fn`s of a file, and the file with the attribute on them.
//!
//! The attribute is put in front of a function on the same line and nothing else is changed, so
//! lines keep their numbers.

use std::collections::BTreeMap;
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, ImplItemFn, ItemFn, ItemImpl, ItemMacro, ItemTrait, Meta, Safety, Signature,
    Token, TraitItemFn,
};

const ATTRIBUTE: &str = "#[coframe::coroutine] ";

/// The reasons for which a function does not get the attribute, with their number.
pub(super) type Skipped = BTreeMap<String, usize>;

/// An `async fn` that can have the attribute.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    /// From its first attribute to the end of its body, in the file as it was.
    range: Range<usize>,
    /// Where the attribute goes: after the others.
    start: usize,
    /// Why it must be without the attribute, as the compiler says.
    pub(super) refused: Option<String>,
}

/// A file with `async fn`s.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Named from the folder of the package.
    pub(super) path: String,
    text: String,
    /// In the order of their beginnings.
    pub(super) functions: Vec<Function>,
    pub(super) skipped: Skipped,
}

impl SourceFile {
    /// Finds the functions in the text of a file.
    pub(super) fn parse(path: String, text: String) -> Self {
        let mut found = Found::default();
        match syn::parse_str::<syn::File>(&text) {
            Ok(file) => {
                found.visit_file(&file);
                let others = count(file.into_token_stream()).saturating_sub(found.seen);
                found.skip_many("inside the arguments of a macro", others);
            }
            Err(_) => found.skip_many("the file is not parsed", text.matches("async fn ").count()),
        }
        found.functions.sort_by_key(|function| function.start);
        SourceFile { path, text, functions: found.functions, skipped: found.skipped }
    }

    /// The text with the attribute on each function that is not refused.
    pub(super) fn annotated(&self) -> String {
        let mut text = String::new();
        let mut end = 0;
        for function in self.functions.iter().filter(|function| function.refused.is_none()) {
            text.push_str(&self.text[end..function.start]);
            text.push_str(ATTRIBUTE);
            end = function.start;
        }
        text.push_str(&self.text[end..]);
        text
    }

    /// The innermost function with the attribute around a place in the annotated text.
    pub(super) fn function_at(&self, offset: usize) -> Option<usize> {
        let original = self.original(offset);
        let annotated = |function: &Function| function.refused.is_none();
        self.functions.iter().rposition(|f| annotated(f) && f.range.contains(&original))
    }

    /// The place in the file as it was; an attribute is at the place of its function.
    fn original(&self, offset: usize) -> usize {
        let mut original = offset;
        let mut inserted = 0;
        for function in self.functions.iter().filter(|function| function.refused.is_none()) {
            let start = function.start;
            if start + inserted > offset {
                break;
            }
            inserted += ATTRIBUTE.len();
            original = offset.saturating_sub(inserted).max(start);
        }
        original
    }

    /// The line of a function, from 1.
    pub(super) fn line(&self, function: &Function) -> usize {
        self.text[..function.start].matches('\n').count() + 1
    }
}

/// How many times `async fn` stands in tokens.
fn count(tokens: TokenStream) -> usize {
    let mut is_after_async = false;
    let mut found = 0;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                found += count(group.stream());
                is_after_async = false;
            }
            TokenTree::Ident(ident) if ident == "fn" => {
                found += usize::from(is_after_async);
                is_after_async = false;
            }
            TokenTree::Ident(ident) if ident == "async" => is_after_async = true,
            TokenTree::Ident(ident) if ident == "unsafe" || ident == "extern" => {}
            TokenTree::Literal(_) => {}
            _ => is_after_async = false,
        }
    }
    found
}

/// The attributes under which an `async fn` is not one any more when the compiler sees it.
fn rewritten_by(attributes: &[Attribute]) -> Option<String> {
    let rewrites = |attribute: &&Attribute| {
        attribute.path().segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            let is_known = ["main", "rstest", "maybe_async", "bench"].contains(&name.as_str());
            is_known || name.contains("test") || name.contains("async_trait")
        })
    };
    let conditional = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg_attr"));
    let conditional = conditional.filter_map(|attribute| match &attribute.meta {
        Meta::List(list) => {
            list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()
        }
        _ => None,
    });
    let conditional = conditional.flatten().map(|meta| syn::parse_quote!(#[#meta]));
    let attributes: Vec<Attribute> = attributes.iter().cloned().chain(conditional).collect();
    let attribute = attributes.iter().find(rewrites)?;
    let path = attribute.path().to_token_stream().to_string();
    Some(format!("under `#[{}]`", path.replace(' ', "")))
}

#[derive(Default)]
struct Found {
    functions: Vec<Function>,
    skipped: Skipped,
    seen: usize,
    /// The attribute of the trait or implementation around, if it rewrites its functions.
    around: Option<String>,
}

impl Found {
    fn skip_many(&mut self, reason: &str, times: usize) {
        if times > 0 {
            *self.skipped.entry(reason.to_owned()).or_default() += times;
        }
    }

    fn add(
        &mut self,
        attributes: &[Attribute],
        signature: &Signature,
        head: TokenStream,
        body: Option<&Block>,
    ) {
        if signature.asyncness.is_none() {
            return;
        }
        self.seen += 1;
        let rewritten = rewritten_by(attributes).or_else(|| self.around.clone());
        let Some(body) = body else {
            return self.skip_many("without a body", 1);
        };
        if let Some(reason) = rewritten {
            return self.skip_many(&reason, 1);
        }
        if !matches!(signature.safety, Safety::Default) || signature.abi.is_some() {
            return self.skip_many("`unsafe` or `extern`", 1);
        }
        let first = head.into_iter().next().expect("a function has a keyword");
        let start = first.span().byte_range().start;
        let attribute = attributes.first().map(|attribute| attribute.pound_token.span());
        let first = attribute.map_or(start, |span| span.byte_range().start);
        let range = first..body.brace_token.span.close().byte_range().end;
        let name = signature.ident.to_string();
        self.functions.push(Function { name, range, start, refused: None });
    }

    /// Visits what is under attributes that may rewrite functions.
    fn under(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let outer = self.around.clone();
        self.around = rewritten_by(attributes).or_else(|| outer.clone());
        visit(self);
        self.around = outer;
    }

    /// Visits the arguments of a macro if they are items, as those of `cfg_std! { .. }`.
    fn items_of(&mut self, mac: &syn::Macro) {
        if !mac.path.is_ident("macro_rules")
            && let Ok(file) = syn::parse2::<syn::File>(mac.tokens.clone())
        {
            self.visit_file(&file);
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let (vis, sig) = (&function.vis, &function.sig);
        self.add(&function.attrs, sig, quote!(#vis #sig), Some(&function.block));
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        let (vis, sig) = (&function.vis, &function.sig);
        self.add(&function.attrs, sig, quote!(#vis #sig), Some(&function.block));
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        let sig = &function.sig;
        self.add(&function.attrs, sig, quote!(#sig), function.default.as_ref());
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        self.under(&item.attrs, |found| visit::visit_item_impl(found, item));
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.under(&item.attrs, |found| visit::visit_item_trait(found, item));
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        self.items_of(&item.mac);
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    const TEXT: &str = "\
mod inner { /* é */ pub(crate) async fn first() {} }
impl Service for S {
    /// Documented.
    #[inline]
    async fn call(&self) { async fn inside() {} inside().await }
}
#[async_trait] impl T for S { async fn boxed(&self) {} }
#[cfg_attr(unix, tokio::test)] async fn test_on_unix() {}
trait T { async fn none(&self); async fn some(&self) {} }
#[tokio::test] async fn test() {}
async unsafe fn dangerous() {}
cfg_std! { async fn configured() {} }
macro_rules! make { () => { async fn made() {} } }
";

    fn file() -> SourceFile {
        SourceFile::parse("lib.rs".into(), TEXT.into())
    }

    #[test]
    fn functions_are_annotated_where_they_stand() {
        let text = file().annotated();
        let mark = "#[coframe::coroutine] ";
        for after in [
            "pub(crate) async fn first",
            "async fn call",
            "async fn inside",
            "async fn some",
            "async fn configured",
        ] {
            assert!(text.contains(&format!("{mark}{after}")), "{after}");
        }
        assert_eq!(text.matches(mark).count(), 5);
        assert_eq!(text.replace(mark, ""), TEXT);
    }

    #[test]
    fn what_is_skipped_has_a_reason() {
        let skipped: Vec<_> = file().skipped.into_iter().collect();
        let expected = [
            ("`unsafe` or `extern`", 1),
            ("inside the arguments of a macro", 1),
            ("under `#[async_trait]`", 1),
            ("under `#[tokio::test]`", 2),
            ("without a body", 1),
        ];
        assert_eq!(skipped, expected.map(|(reason, times)| (reason.to_owned(), times)));
    }

    #[test]
    fn places_belong_to_the_innermost_function() {
        let mut file = file();
        let at = |file: &SourceFile, text: &str| file.annotated().find(text).unwrap();
        let name = |file: &SourceFile, text: &str| {
            let index = file.function_at(at(file, text))?;
            Some(file.functions[index].name.clone())
        };
        assert_eq!(name(&file, "mod inner"), None);
        assert_eq!(name(&file, "#[coframe::coroutine] pub(crate)").as_deref(), Some("first"));
        assert_eq!(name(&file, "inside().await").as_deref(), Some("call"));
        assert_eq!(name(&file, "fn inside").as_deref(), Some("inside"));
        assert_eq!(name(&file, "#[async_trait]"), None);
        assert_eq!(name(&file, "#[inline]").as_deref(), Some("call"));
        let inside = file.function_at(at(&file, "fn inside")).unwrap();
        file.functions[inside].refused = Some(String::new());
        assert_eq!(name(&file, "fn inside").as_deref(), Some("call"));
    }
}
