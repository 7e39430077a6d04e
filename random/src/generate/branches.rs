//! Blocks, `if`, `match` and their conditions.

use super::patterns::Matched;
use super::{Around, Generator};
use crate::construct::Construct;
use crate::program::{Node, Piece, Role, Type, pieces};

impl Generator {
    /// Statements, and an expression of a type if there is one.
    pub(super) fn body(&mut self, tail: Option<&Type>, statements: usize) -> Node {
        let (base, mark) = (self.scope.len(), self.scope.locks());
        let is_borrowing = tail.is_some_and(Type::is_borrowing);
        let mut pieces = Vec::new();
        for _ in 0..if is_borrowing { 0 } else { statements } {
            if self.has_left || self.fuel <= 0 {
                break;
            }
            pieces.push(Piece::Node(self.statement()));
        }
        if let Some(ty) = tail.filter(|_| !self.has_left) {
            let keeps = std::mem::replace(&mut self.keeps_temporaries, !ty.is_borrowing());
            let whole = std::mem::replace(&mut self.whole, self.depth + 1);
            let value = self.expression(ty);
            (self.whole, self.keeps_temporaries) = (whole, keeps);
            let is_block = [" ", "{", "if", "match", "loop", "'"]
                .iter()
                .any(|word| value.text("").starts_with(word));
            let value = if is_block { self.operand(value) } else { value };
            pieces.push(Piece::Node(value));
        }
        if !is_borrowing {
            self.scope.unlock(mark);
        }
        self.scope.leave(base);
        Node { role: Role::Body, pieces }
    }

    /// How many statements a small body gets.
    pub(super) fn few(&mut self) -> usize {
        self.one_of(&[0, 0, 1, 1, 2, 3])
    }

    fn small_body(&mut self, ty: &Type) -> Node {
        let statements = self.few();
        self.body(Some(ty), statements)
    }

    /// `{ .. }`.
    pub(super) fn block_value(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() {
            return None;
        }
        let body = self.small_body(ty);
        Some(Node::expression(ty, pieces!["{ ", body, " }"]))
    }

    /// `'a: { .. }`.
    pub(super) fn labelled_block(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() || !self.is_inline {
            return None;
        }
        let label = self.fresh_name("'b");
        self.around.push(Around {
            label: Some(label.clone()),
            value: Some(ty.clone()),
            base: self.scope.len(),
            entry: Vec::new(),
            is_loop: false,
            breaks: Vec::new(),
        });
        let mut fork = self.fork();
        let first = self.jump();
        let body = self.small_body(ty);
        self.end_path(&mut fork);
        let around = self.around.pop().expect("it was pushed");
        around.breaks.iter().for_each(|states| fork.add(states));
        self.join(fork);
        let first = first.unwrap_or_else(|| Node::group(vec![]));
        Some(Node::expression(ty, pieces![label, ": { ", first, body, " }"]))
    }

    /// `if` with values.
    pub(super) fn if_value(&mut self, ty: &Type) -> Option<Node> {
        let condition = self.condition();
        let mut fork = self.fork();
        let first = self.small_body(ty);
        self.end_path(&mut fork);
        self.path(&fork);
        let second = self.small_body(ty);
        self.end_path(&mut fork);
        self.join(fork);
        let pieces = pieces!["if ", condition, " { ", first, " } else { ", second, " }"];
        Some(Node::expression(ty, pieces))
    }

    /// A condition without patterns.
    pub(super) fn condition(&mut self) -> Node {
        self.expression(&Type::Bool)
    }

    /// `if let` with values.
    pub(super) fn if_let_value(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() {
            return None;
        }
        let base = self.scope.len();
        let (condition, mut fork) = self.let_condition();
        let first = self.small_body(ty);
        self.scope.leave(base);
        self.end_path(&mut fork);
        self.path(&fork);
        let second = self.small_body(ty);
        self.end_path(&mut fork);
        self.join(fork);
        let pieces = pieces!["if ", condition, " { ", first, " } else { ", second, " }"];
        Some(Node::expression(ty, pieces))
    }

    /// `let pattern = value`, perhaps in a chain; what it binds is in scope. The fork is that of the
    /// case that it does not match.
    pub(super) fn let_condition(&mut self) -> (Node, super::Fork) {
        let mark = self.scope.locks();
        let mut pieces = Vec::new();
        let is_chain =
            |generator: &mut Self| generator.has(Construct::Chain) && generator.chance(25);
        if is_chain(self) {
            let test = self.condition();
            pieces.push(Piece::Node(Node::option(pieces![self.operand(test), " && "])));
        }
        let ty = self.matched_type();
        let matched = self.matched(&ty);
        let pattern = self.pattern(&matched, true);
        let fork = self.fork();
        let text = format!("let {} = ", pattern.text);
        self.bind(&matched, pattern);
        pieces.extend(pieces![text, matched.node]);
        if is_chain(self) {
            let test = self.frozen(|generator| generator.condition());
            pieces.push(Piece::Node(Node::option(pieces![" && ", self.operand(test)])));
        }
        self.scope.unlock(mark);
        (Node::group(pieces), fork)
    }

    /// Makes code that moves and changes nothing.
    pub(super) fn frozen<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.scope.len();
        let frozen = std::mem::replace(&mut self.scope.frozen, len);
        let made = make(self);
        self.scope.frozen = frozen;
        made
    }

    /// Makes code that does not suspend or leave the function.
    pub(super) fn closed<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let is_inline = std::mem::replace(&mut self.is_inline, false);
        let made = self.frozen(make);
        self.is_inline = is_inline;
        made
    }

    /// `match` with values.
    pub(super) fn match_value(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() {
            return None;
        }
        let matched_type = self.matched_type();
        let matched = self.matched(&matched_type);
        let mut fork = self.fork();
        let mut pieces = pieces!["match ", matched.node.clone(), " { "];
        for _ in 0..self.rng.u32(0..3) {
            let arm = self.arm(&matched, true, ty, &mut fork);
            pieces.push(Piece::Node(arm));
        }
        let last = self.arm(&matched, false, ty, &mut fork);
        pieces.extend(pieces![last, " }"]);
        self.join(fork);
        Some(Node::expression(ty, pieces))
    }

    fn arm(
        &mut self,
        matched: &Matched,
        may_fail: bool,
        ty: &Type,
        fork: &mut super::Fork,
    ) -> Node {
        self.path(fork);
        let base = self.scope.len();
        let pattern = self.pattern(matched, may_fail);
        let mut pieces = pieces![&pattern.text];
        self.bind(matched, pattern);
        if may_fail && self.has(Construct::Guard) && self.chance(25) {
            let guard = match self.has(Construct::GuardAwait) && self.chance(50) {
                true => self.frozen(|generator| generator.condition()),
                false => self.closed(|generator| generator.condition()),
            };
            pieces.extend(pieces![Node::option(pieces![" if ", guard])]);
        }
        let body = self.small_body(ty);
        self.scope.leave(base);
        self.end_path(fork);
        pieces.extend(pieces![" => { ", body, " } "]);
        Node::option(pieces)
    }
}
