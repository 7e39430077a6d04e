//! The annotated function as parsed: syn's tree and what the attribute said.

mod block;
mod check;
pub mod macros;
mod nesting;
mod parse;
pub mod recursion;
mod suspends;
mod waits;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, ReturnType, Signature, Type, Visibility};

use crate::edition::Edition;

pub use block::{
    BlockForm, Capture, has_marked_blocks, is_coroutine_block, parse_block, unmark_blocks,
};
pub use check::check;
pub use parse::{ParseError, parse};
pub use suspends::{
    body_suspends, is_suspend, mark_to_name, stmt_suspends, suspends, without_mark,
    without_name_mark,
};

/// One annotated function, or a block in an expression.
#[derive(Clone, Debug)]
pub struct CoroutineFn {
    /// The other attributes of the function.
    pub attributes: Vec<Attribute>,
    /// Its visibility.
    pub visibility: Visibility,
    /// Its signature, as written.
    pub signature: Signature,
    /// Its body.
    pub body: Block,
    /// Who resumes it.
    pub flavor: Flavor,
    /// What temporaries depend on.
    pub edition: Edition,
    /// The most bytes that its frame may have.
    pub max_frame: Option<Box<syn::Expr>>,
    /// What it captures, if it is a block in an expression.
    pub block: Option<BlockForm>,
}

/// Who resumes a coroutine.
#[derive(Clone, Debug)]
pub enum Flavor {
    /// An `async fn`: resumed by polling.
    Async,
    /// A plain `fn`: resumed by hand.
    ByHand {
        /// What `suspend!` hands out.
        yields: Box<Type>,
        /// What `suspend!` evaluates to.
        resumes: Box<Type>,
    },
}

impl CoroutineFn {
    /// Whether the function is an `async fn`.
    pub fn is_async(&self) -> bool {
        matches!(self.flavor, Flavor::Async)
    }

    /// The type the body evaluates to, as the body can name it.
    ///
    /// That of a block is to be inferred, and so is what stands for `impl Trait`.
    pub fn output(&self) -> Type {
        let mut output = type_of(&self.signature.output);
        InferOpaque.visit_type_mut(&mut output);
        output
    }
}

/// The type that a function returns.
pub fn type_of(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => syn::parse_quote!(()),
        // As the result of a function the type is stable, as an associated type it is not.
        ReturnType::Type(_, output) if matches!(**output, Type::Never(_)) => {
            syn::parse_quote!(<fn() -> #output as ::coframe::__private::Function>::Output)
        }
        ReturnType::Type(_, output) => (**output).clone(),
    }
}

/// Writes `_` for `impl Trait`.
struct InferOpaque;

impl VisitMut for InferOpaque {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(_) => *ty = syn::parse_quote!(_),
            ty => visit_mut::visit_type_mut(self, ty),
        }
    }
}
