//! The edges of the graph.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::{Block, BlockId, Body, Statement, Terminator, jump_target};
use crate::index::{IdSet, IndexVec};

impl Terminator {
    /// The blocks in which the code may go on, jumps out of statements aside.
    pub fn successors(&self) -> Vec<BlockId> {
        match self {
            Terminator::Goto(target) => vec![*target],
            Terminator::If { then, otherwise, .. }
            | Terminator::LetElse { then, otherwise, .. } => {
                vec![*then, *otherwise]
            }
            Terminator::Match { arms, .. } | Terminator::Split { arms, .. } => {
                arms.iter().map(|arm| arm.target).collect()
            }
            Terminator::Select { arms, otherwise, .. } => {
                arms.iter().map(|arm| arm.target).chain(*otherwise).collect()
            }
            Terminator::Await { resume, .. } | Terminator::Suspend { resume, .. } => vec![*resume],
            Terminator::Return { .. } | Terminator::Unreachable => Vec::new(),
        }
    }

    /// The code that is evaluated first.
    pub fn value(&self) -> Option<&syn::Expr> {
        match self {
            Terminator::If { condition: value, .. }
            | Terminator::LetElse { value, .. }
            | Terminator::Match { scrutinee: value, .. }
            | Terminator::Select { scrutinee: value, .. } => Some(value),
            Terminator::Suspend { value, .. } | Terminator::Return { value } => value.as_ref(),
            _ => None,
        }
    }

    /// The guards, with the patterns before them, at whose bindings they look.
    pub fn guards(&self) -> Vec<(&syn::Pat, &syn::Expr)> {
        let arms: Vec<(&syn::Pat, &Option<syn::Expr>)> = match self {
            Terminator::Match { arms, .. } | Terminator::Split { arms, .. } => {
                arms.iter().map(|arm| (&arm.pat, &arm.guard)).collect()
            }
            Terminator::Select { arms, .. } => {
                arms.iter().map(|arm| (&arm.pat, &arm.guard)).collect()
            }
            _ => Vec::new(),
        };
        arms.into_iter().filter_map(|(pat, guard)| Some((pat, guard.as_ref()?))).collect()
    }

    /// Whether the coroutine gives control away here.
    pub fn is_suspension(&self) -> bool {
        matches!(self, Terminator::Await { .. } | Terminator::Suspend { .. })
    }
}

impl Statement {
    /// The blocks that the statement may jump to.
    pub fn jumps(&self) -> Vec<BlockId> {
        let mut find = FindJumps(Vec::new());
        match self {
            Statement::Init { value, .. } | Statement::Let { value, .. } => find.visit_expr(value),
            Statement::Eval(stmt) => find.visit_stmt(stmt),
            Statement::Hold { .. } => {}
            Statement::Declare(_) | Statement::Bound(_) | Statement::Drop { .. } => {}
            Statement::RequireEdition2024
            | Statement::Lend { .. }
            | Statement::Restore { .. }
            | Statement::Tail(_)
            | Statement::Taken(_)
            | Statement::Later { .. }
            | Statement::DropIn2024(_) => {}
        }
        find.0
    }
}

/// The blocks that an expression may jump to.
pub fn jumps_of(expr: &syn::Expr) -> Vec<BlockId> {
    let mut find = FindJumps(Vec::new());
    find.visit_expr(expr);
    find.0
}

struct FindJumps(Vec<BlockId>);

impl<'ast> Visit<'ast> for FindJumps {
    fn visit_expr_break(&mut self, expr: &'ast syn::ExprBreak) {
        self.0.extend(expr.label.as_ref().and_then(jump_target));
        visit::visit_expr_break(self, expr);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        // The arguments are parsed anew each time, so only if there may be something to find.
        if !has_break(mac.tokens.clone()) {
            return;
        }
        if let Some(arguments) = crate::ast::macros::arguments(mac) {
            arguments.iter().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }
}

fn has_break(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => has_break(group.stream()),
        TokenTree::Ident(ident) => ident == "break",
        _ => false,
    })
}

impl Block {
    /// The code that the terminator evaluates.
    pub fn terminator_code(&self) -> Vec<&syn::Expr> {
        let mut code: Vec<&syn::Expr> = self.terminator.value().into_iter().collect();
        code.extend(self.terminator.guards().into_iter().map(|(_, guard)| guard));
        code
    }
}

/// Where code may end the function: each `return` and `?` that is not in another.
struct FindReturns(Vec<syn::Expr>);

impl<'ast> Visit<'ast> for FindReturns {
    fn visit_expr_return(&mut self, leave: &'ast syn::ExprReturn) {
        self.0.push(syn::Expr::Return(leave.clone()));
    }

    fn visit_expr_try(&mut self, leave: &'ast syn::ExprTry) {
        self.0.push(syn::Expr::Try(leave.clone()));
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if let Some(arguments) = crate::ast::macros::arguments(mac) {
            arguments.iter().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }
}

impl Block {
    /// Whether the coroutine may end in this block.
    pub fn may_return(&self) -> bool {
        matches!(self.terminator, Terminator::Return { .. })
            || (0..=self.statements.len()).any(|index| !self.leaves(index).is_empty())
    }

    /// Where the code of a statement, or that of the terminator behind the last, may end the coroutine: each
    /// `return` and `?` that is not in another.
    pub fn leaves(&self, index: usize) -> Vec<syn::Expr> {
        let mut find = FindReturns(Vec::new());
        match self.statements.get(index) {
            Some(
                Statement::Init { value, .. }
                | Statement::Hold { value, .. }
                | Statement::Let { value, .. },
            ) => find.visit_expr(value),
            Some(Statement::Eval(stmt)) => find.visit_stmt(stmt),
            Some(_) => {}
            None => self.terminator_code().into_iter().for_each(|code| find.visit_expr(code)),
        }
        find.0
    }
}

impl Body {
    /// The entry.
    pub fn entry(&self) -> BlockId {
        self.blocks.ids().next().expect("a body has a block")
    }

    /// All edges that leave a block: to its successors and out of the middle of its code.
    pub fn all_successors(&self, block: BlockId) -> Vec<BlockId> {
        let block = &self.blocks[block];
        let mut targets = block.terminator.successors();
        targets.extend(block.statements.iter().flat_map(Statement::jumps));
        targets.extend(block.terminator_code().into_iter().flat_map(jumps_of));
        targets
    }

    /// The blocks that control can get to, in reverse postorder.
    pub fn reachable(&self) -> Vec<BlockId> {
        let mut seen = IdSet::new(self.blocks.len());
        let mut order = Vec::new();
        self.postorder(self.entry(), &mut seen, &mut order);
        order.reverse();
        order
    }

    fn postorder(&self, block: BlockId, seen: &mut IdSet<BlockId>, order: &mut Vec<BlockId>) {
        if !seen.insert(block) {
            return;
        }
        for target in self.all_successors(block).into_iter().rev() {
            self.postorder(target, seen, order);
        }
        order.push(block);
    }

    /// The blocks that are states of the machine: entry, resumed, joined, or jumped to.
    pub fn heads(&self) -> IdSet<BlockId> {
        let mut heads = IdSet::new(self.blocks.len());
        let mut predecessors = IndexVec::<BlockId, usize>::filled(self.blocks.len(), 0);
        heads.insert(self.entry());
        for id in self.reachable() {
            let block = &self.blocks[id];
            let is_suspension = block.terminator.is_suspension();
            for target in block.terminator.successors() {
                predecessors[target] += 1;
                if is_suspension || predecessors[target] > 1 || self.blocks[target].is_join {
                    heads.insert(target);
                }
            }
            let jumps = block.statements.iter().flat_map(Statement::jumps);
            let jumps = jumps.chain(block.terminator_code().into_iter().flat_map(jumps_of));
            jumps.for_each(|target| {
                heads.insert(target);
            });
        }
        heads
    }

    /// The heads to which control jumps from blocks that are emitted in them, or after them.
    pub fn repeated(&self) -> IdSet<BlockId> {
        let (heads, regions, order) = (self.heads(), self.regions(), self.reachable());
        let position = |block: BlockId| order.iter().position(|id| *id == block);
        let mut repeated = IdSet::new(self.blocks.len());
        let is_jump = |id: &&BlockId| !self.blocks[**id].terminator.is_suspension();
        for id in order.iter().filter(is_jump) {
            for target in self.all_successors(*id) {
                if heads.contains(target) && position(target) <= position(regions[*id]) {
                    repeated.insert(target);
                }
            }
        }
        repeated
    }

    /// For each block the head in which it is emitted.
    pub fn regions(&self) -> IndexVec<BlockId, BlockId> {
        let heads = self.heads();
        let mut regions = IndexVec::filled(self.blocks.len(), self.entry());
        for id in self.reachable() {
            if heads.contains(id) {
                regions[id] = id;
            }
            for target in self.blocks[id].terminator.successors() {
                if !heads.contains(target) {
                    regions[target] = regions[id];
                }
            }
        }
        regions
    }
}
