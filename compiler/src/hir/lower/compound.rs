//! Compound assignments to a computed place, with a suspension in the place or in the value.
//!
//! ```text
//! a[i()] += f().await    if order {          // built-in numbers
//!                            _1 = await f(); a[i()] += _1
//!                        } else {            // other types
//!                            _2 = address of a[i()]; _3 = await f(); *_2 += _3
//!                        }
//! ```
//!
//! `order` is a constant: the witness has told rustc the types of both sides.

use std::collections::HashMap;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr as Syntax, ExprBinary, parse_quote_spanned};

use super::super::assignment::{order_variable, take_order};
use super::super::{Block, Expr, ExprKind, LocalId};
use super::Lowering;

/// Whether the order in which an assignment evaluates its sides depends on their types.
pub(super) fn is_ordered(binary: &ExprBinary) -> bool {
    take_order(&mut binary.clone()).is_some()
}

impl Lowering {
    pub(super) fn compound(&mut self, binary: &ExprBinary) -> ExprKind {
        let span = binary.op.span();
        let mut value_first = binary.clone();
        let number = take_order(&mut value_first).expect("the assignment is marked");
        let place_first = self.fresh(&Syntax::Binary(value_first.clone()));
        let Syntax::Binary(place_first) = place_first else { unreachable!("it is a copy") };
        let order = order_variable(number);
        let condition = parse_quote_spanned!(Span::mixed_site()=> #order.is_value_first());
        let value_first = Expr { span, kind: self.operands(&Syntax::Binary(value_first), false) };
        let then = Block { stmts: Vec::new(), tail: Some(Box::new(value_first)) };
        let otherwise = Expr { span, kind: self.place_first(place_first) };
        ExprKind::If {
            condition: Box::new(Expr::code(condition)),
            then,
            otherwise: Some(Box::new(otherwise)),
        }
    }

    /// The order of overloaded operators: a pointer to the place, then the value.
    fn place_first(&mut self, mut binary: ExprBinary) -> ExprKind {
        let (left, span, mut temporaries) = (&binary.left, binary.left.span(), Vec::new());
        let address: Syntax = parse_quote_spanned! {span=>
            ::coframe::__private::Captured::new(&raw mut #left)
        };
        let address = self.operand(&address, &mut temporaries);
        let address = self.named(address, &mut temporaries);
        self.body.locals[address].is_plain = true;
        self.body.locals[address].is_copy = true;
        let address = self.local(address, span);
        *binary.left = parse_quote_spanned! {span=>
            *::coframe::__private::captured(#address)
        };
        let value = self.residual_value(&binary.right, &mut temporaries);
        *binary.right = value;
        let value = Box::new(Expr::code(Syntax::Binary(binary)));
        ExprKind::Operands { temporaries, value }
    }

    /// A copy of an expression that declares locals of its own.
    pub(super) fn fresh(&mut self, expr: &Syntax) -> Syntax {
        let mut copy = expr.clone();
        let mut declared = Declared(Vec::new());
        declared.visit_expr_mut(&mut copy);
        let mut renamed = HashMap::new();
        for local in declared.0 {
            let twin = self.body.locals[local].clone();
            renamed.insert(local, self.body.locals.push(twin));
        }
        if !renamed.is_empty() {
            Rename { renamed }.visit_expr_mut(&mut copy);
        }
        copy
    }
}

/// The locals that the statements of a block declare.
pub(super) fn declared_in(block: &syn::Block) -> Vec<LocalId> {
    let mut declared = Declared(Vec::new());
    declared.visit_block_mut(&mut block.clone());
    declared.0
}

/// The locals that an expression declares.
struct Declared(Vec<LocalId>);

impl VisitMut for Declared {
    fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
        self.0.extend(LocalId::from_unique(&pat.ident));
        visit_mut::visit_pat_ident_mut(self, pat);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        crate::ast::macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }
}

/// Renames locals wherever they stand.
struct Rename {
    renamed: HashMap<LocalId, LocalId>,
}

impl Rename {
    fn tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let mut rename = |tree: TokenTree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(mut ident) => {
                self.visit_ident_mut(&mut ident);
                TokenTree::Ident(ident)
            }
            tree => tree,
        };
        tokens.into_iter().map(&mut rename).collect()
    }
}

impl VisitMut for Rename {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        let new = LocalId::from_unique(ident).and_then(|local| self.renamed.get(&local));
        if let Some(new) = new {
            let text = ident.to_string();
            let name = text.split('·').next().unwrap_or_default();
            *ident = new.unique(name, ident.span());
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }
}
