//! Calls that may take a part of a local, of which others are used later: `parts.a.finish(x)`.
//!
//! The call is made by a closure, `|x| copy.a.finish(x)`, that captures its receiver as the call uses
//! it: by value if the method consumes it, else by reference. It is made of a copy of the local that
//! nobody drops, in a future that is forgotten; then what it captured by reference is replaced by the
//! same place in the local. Which of both it is a constant tells: another closure with the same
//! call in it also names all of a value that needs a drop, which it captures as it does its receiver.
//!
//! ```text
//! (closure)(x)     with the part in it, or a pointer to the part; then the mark of the part is set
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Expr, ExprMethodCall, parse_quote};

use super::machine::Machine;
use super::names::variable;
use super::parts::{mark_of, with_root};
use super::{original_names, private};
use crate::hir::{LocalId, part_mark};

impl Machine<'_> {
    /// The variables that know what the calls take, and of which types their arguments are.
    pub(super) fn callees_of_parts(&self) -> TokenStream {
        let private = private();
        let parts = &self.compilation.analysis.parts;
        let mut numbers: Vec<usize> = Vec::new();
        for local in parts.locals() {
            let calls = parts.of(local).iter().filter_map(|part| match part {
                Expr::MethodCall(call) => part_mark(call),
                _ => None,
            });
            numbers.extend(calls);
        }
        numbers.sort_unstable();
        let declare = numbers.into_iter().map(|number| {
            let (kind, arguments) = (kind(number), arguments(number));
            emit! {
                let #kind = #private::ReceiverOf::<_>::unknown();
                let #arguments = #private::ArgumentsOf::<_>::unknown();
            }
        });
        declare.collect()
    }

    /// A marked call. `call` has the arguments as they are in the machine.
    pub(super) fn part_call(&self, call: &ExprMethodCall) -> Option<TokenStream> {
        let number = part_mark(call)?;
        let parts = &self.compilation.analysis.parts;
        let Some((local, part, Expr::MethodCall(original))) = parts.marked(number) else {
            let mut call = call.clone();
            call.attrs.clear();
            return Some(call.into_token_stream());
        };
        let callee = self.callee(local, original, part);
        let args = call.args.iter().zip(&original.args);
        let args = args.filter(|(_, original)| !is_inside(original)).map(|(arg, _)| arg);
        Some(emit!((#callee)(#(#args),*)))
    }

    /// The closure that makes a call on a part of a local.
    fn callee(&self, local: LocalId, call: &ExprMethodCall, part: usize) -> TokenStream {
        let private = private();
        let number = part_mark(call).expect("it is marked");
        let (kind, mark) = (kind(number), mark_of(part));
        let (pointer, slot) = (self.pointer(local), self.slot(local));
        let (copy, probe) = (variable("copy"), variable("probe"));
        let made = closure(call, &with_root(&call.receiver, &parse_quote!(#copy)), None);
        let tied = tied(call, &emit!(callee));
        let probed = with_root(&call.receiver, &parse_quote!(#probe.0));
        let looks = closure(call, &probed, Some(emit!(let _ = &#probe;)));
        let looks = of_same_arguments(call, &looks);
        let parts = self.parts_at_first(local);
        emit! {{
            #parts
            let mut callee = #private::MaybeUninit::uninit();
            {
                let given = #private::Given::new(
                    (callee.as_mut_ptr(), #private::read(#pointer))
                );
                let receive = given.receive();
                let mut future = #private::Beside::new(async {
                    let (result, mut #copy) = receive.await;
                    let start = &raw const #copy;
                    let callee = #made;
                    if false {
                        loop {}
                        #private::same(result, &raw const callee);
                        #tied
                        let mut #probe = (#private::read(start), #private::NeedsDrop);
                        #kind.is(&#looks);
                    }
                    #private::put(result, callee);
                    if !#kind.is_taken() {
                        #private::move_borrow(result, start, #pointer);
                    }
                    #private::pending().await
                });
                #private::hold(future.as_mut_ptr(), given);
            }
            if #kind.is_taken() {
                #private::Mark::set_moved(&(*#slot).marks #mark, true);
            }
            callee.assume_init()
        }}
    }

    /// The closure that makes a call on another receiver.
    pub(super) fn call_of_part(
        &self,
        call: &ExprMethodCall,
        receiver: &TokenStream,
    ) -> TokenStream {
        of_same_arguments(call, &closure(call, receiver, None))
    }
}

/// A closure that makes a call on a receiver. It is called once, so it may give away what it
/// borrows.
fn closure(
    call: &ExprMethodCall,
    receiver: &TokenStream,
    first: Option<TokenStream>,
) -> TokenStream {
    let given = given(call);
    let types = types(call);
    let (dot, method, generics) = (&call.dot_token, &call.method, &call.turbofish);
    let mut variables = given.iter();
    let args = call.args.iter().map(|arg| match is_inside(arg) {
        true => original_names(arg.to_token_stream()),
        false => variables.next().expect("there is one for each").to_token_stream(),
    });
    emit! {{
        fn once<F: FnOnce(#(#types),*) -> R, #(#types,)* R>(callee: F) -> F {
            callee
        }
        once(|#(#given),*| { #first #receiver #dot #method #generics (#(#args),*) })
    }}
}

/// Tells the types of a closure's arguments.
fn tied(call: &ExprMethodCall, callee: &TokenStream) -> TokenStream {
    let (private, types) = (private(), types(call));
    let number = part_mark(call).expect("it is marked");
    let arguments = arguments(number);
    emit! {
        fn tie<F: FnOnce(#(#types),*) -> R, #(#types,)* R>(
            _: #private::ArgumentsOf<(#(#types,)*)>,
            _: &F,
        ) {
        }
        tie(#arguments, &#callee);
    }
}

/// A closure with the arguments of the one that makes the call.
fn of_same_arguments(call: &ExprMethodCall, callee: &TokenStream) -> TokenStream {
    let tied = tied(call, &emit!(same));
    emit!({ let same = #callee; #tied same })
}

/// Whether an argument is evaluated by the closure that makes the call: what type a closure has depends
/// on the function that it is given to.
fn is_inside(arg: &Expr) -> bool {
    matches!(arg, Expr::Closure(_))
}

/// The variables of a closure's arguments.
fn given(call: &ExprMethodCall) -> Vec<Ident> {
    let count = call.args.iter().filter(|arg| !is_inside(arg)).count();
    (0..count).map(|index| variable(&format!("given{index}"))).collect()
}

/// Names for the types of a closure's arguments.
fn types(call: &ExprMethodCall) -> Vec<Ident> {
    (0..given(call).len()).map(|index| variable(&format!("A{index}"))).collect()
}

fn kind(number: usize) -> Ident {
    variable(&format!("part{number}"))
}

fn arguments(number: usize) -> Ident {
    variable(&format!("part_arguments{number}"))
}
