//! What `cargo coframe` makes the compiler say: the layout of each frame that is compiled, as the text
//! of an error, beside the size of rustc's future for the same body.
//!
//! It is emitted only in the target that [`VARIABLE`] names. An error is the one thing on stable Rust
//! that a constant of a generic function can send out of the compiler.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::FnArg;

use super::{lints, private, signature};
use crate::Compilation;
use crate::ast::{CoroutineFn, has_marked_blocks, unmark_blocks};

/// The variable that `cargo coframe` sets: `lib:NAME` or `bin:NAME`, with the name of the crate.
pub const VARIABLE: &str = "COFRAME_LAYOUT";

/// The function as written, if its frame is to be reported.
pub(crate) fn original(function: &CoroutineFn) -> Option<Box<CoroutineFn>> {
    let asked = std::env::var(VARIABLE).ok()?;
    let kind = if std::env::var_os("CARGO_BIN_NAME").is_some() { "bin" } else { "lib" };
    let here = format!("{kind}:{}", std::env::var("CARGO_CRATE_NAME").ok()?);
    (asked == here).then(|| Box::new(function.clone()))
}

/// The declaration that tells the type of rustc's future, before the witness.
pub(super) fn plain(compilation: &Compilation) -> Option<TokenStream> {
    let function = compilation.original.as_ref()?;
    let (private, lints) = (private(), lints::for_machine());
    let body = (function.is_async() && function.block.is_none()).then(|| {
        let (body, output) = (future(function), function.output());
        emit! {
            if false {
                #private::plain(plain, || -> #output { ::core::unreachable!() }, #body);
                loop {}
            }
        }
    });
    let unknown = body.is_none().then(|| emit!(#private::no_plain(plain);));
    Some(emit! {
        #lints
        let plain = #private::PlainType::new();
        #lints
        { #unknown #body }
    })
}

/// The statement that reports the layout, after the machine.
pub(super) fn emit(compilation: &Compilation) -> Option<TokenStream> {
    compilation.original.as_ref()?;
    let private = private();
    let path = quote!(::core::module_path!());
    Some(emit! {
        {
            struct Path;
            impl #private::ReportPath for Path {
                const PATH: &'static ::core::primitive::str = #path;
            }
            #private::report(&machine, plain, Path);
        }
    })
}

/// The body as rustc's `async` block, with the arguments in it.
fn future(function: &CoroutineFn) -> TokenStream {
    let names = signature::argument_names(function);
    let arguments =
        function.signature.inputs.iter().zip(names).filter_map(|(argument, name)| match argument {
            FnArg::Receiver(_) => None,
            FnArg::Typed(typed) => {
                let (pat, ty) = (&typed.pat, &typed.ty);
                let ty = match &**ty {
                    syn::Type::ImplTrait(_) => None,
                    ty => Some(quote!(: #ty)),
                };
                Some(quote!(let #pat #ty = #name;))
            }
        });
    let stmts = &function.body.stmts;
    let future = quote! {
        async move {
            macro_rules! suspend {
                ($($tokens:tt)*) => { ::core::unreachable!() };
            }
            #(#arguments)*
            #(#stmts)*
        }
    };
    match has_marked_blocks(&function.body) {
        true => unmark_blocks(future),
        false => future.into_token_stream(),
    }
}
