//! Loops.

use super::patterns::Matched;
use super::scope::{Access, Loan, State, Variable};
use super::{Around, Generator};
use crate::construct::Construct;
use crate::program::{Node, Type, pieces};

/// What is restored after a loop.
#[derive(Debug)]
struct Outside {
    loop_base: usize,
    mark: usize,
    before: Vec<State>,
    had_left: bool,
    was_condition: bool,
}

impl Generator {
    fn enter_loop(&mut self, value: Option<&Type>) -> (Outside, String) {
        let label = self.chance(35).then(|| self.fresh_name("'l"));
        let text = label.as_ref().map_or_else(String::new, |label| format!("{label}: "));
        let was_condition = std::mem::replace(&mut self.is_condition, false);
        self.around.push(Around {
            label,
            value: value.cloned(),
            base: self.scope.len(),
            entry: self.scope.states(),
            is_loop: true,
            breaks: Vec::new(),
        });
        let len = self.scope.len();
        let outside = Outside {
            loop_base: std::mem::replace(&mut self.scope.loop_base, len),
            mark: self.scope.locks(),
            before: self.scope.states(),
            had_left: self.has_left,
            was_condition,
        };
        (outside, text)
    }

    /// Ends the body; `may_end` if the loop ends without `break` as well.
    fn leave_loop(&mut self, outside: Outside, may_end: bool) {
        let around = self.around.pop().expect("it was pushed");
        self.scope.loop_base = outside.loop_base;
        self.is_condition = outside.was_condition;
        self.scope.unlock(outside.mark);
        let mut fork = self.fork();
        fork.before = outside.before.clone();
        fork.had_left = outside.had_left;
        fork.after = may_end.then_some(outside.before);
        around.breaks.iter().for_each(|states| fork.add(states));
        self.join(fork);
    }

    /// The body of a loop, with all that it moved assigned again.
    fn loop_body(&mut self, bindings: impl FnOnce(&mut Self)) -> Node {
        let base = self.scope.len();
        bindings(self);
        let statements = self.rng.usize(1..4);
        let body = self.body(None, statements);
        let target = self.around.len() - 1;
        let again = match self.has_left {
            true => Node::group(vec![]),
            false => self.assign_again(target),
        };
        self.scope.leave(base);
        Node::group(pieces!["{ ", body, " } ", again])
    }

    /// A counter for a loop that would not end.
    fn counter(&mut self) -> String {
        self.fresh_name("count")
    }

    /// `loop` with a value.
    pub(super) fn loop_value(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() || !self.is_inline || self.around.len() > 1 {
            return None;
        }
        let counter = self.counter();
        let (outside, label) = self.enter_loop(Some(ty));
        let end = self.maybe(|generator| generator.last_value(ty));
        let body = self.loop_body(|_| ());
        self.leave_loop(outside, false);
        let limit = self.one_of(&["0", "1", "2"]);
        let pieces = pieces![
            "{ let mut ",
            &counter,
            " = 0; ",
            label,
            "loop { if ",
            &counter,
            " == ",
            limit,
            " { break ",
            end,
            "; } ",
            &counter,
            " += 1; ",
            body,
            " } }"
        ];
        Some(Node::expression(ty, pieces))
    }

    /// The value that a loop ends with, which does not go around again.
    fn last_value(&mut self, ty: &Type) -> Node {
        let mut around = self.around.pop().expect("there is a loop");
        let is_condition = std::mem::replace(&mut self.is_condition, true);
        let value = self.expression(ty);
        let value = self.operand(value);
        self.is_condition = is_condition;
        around.breaks.push(self.scope.states());
        self.around.push(around);
        self.has_left = true;
        value
    }

    /// `while`.
    pub(super) fn while_loop(&mut self) -> Option<Node> {
        if !self.is_inline || self.around.len() > 1 {
            return None;
        }
        let counter = self.counter();
        let len = self.scope.len();
        let loop_base = std::mem::replace(&mut self.scope.loop_base, len);
        let is_condition = std::mem::replace(&mut self.is_condition, true);
        let condition = self.frozen(|generator| generator.condition());
        let condition = self.operand(condition);
        (self.scope.loop_base, self.is_condition) = (loop_base, is_condition);
        let (outside, label) = self.enter_loop(None);
        let body = self.loop_body(|_| ());
        self.leave_loop(outside, true);
        let limit = self.one_of(&["1", "2"]);
        let test = match self.chance(50) {
            true => pieces![&counter, " < ", limit, Node::option(pieces![" && ", condition])],
            false => pieces![Node::option(pieces![condition, " && "]), &counter, " < ", limit],
        };
        let test = Node::group(test);
        let pieces = pieces![
            "let mut ", &counter, " = 0; ", label, "while ", test, " { ", &counter, " += 1; ",
            body, " }\n"
        ];
        Some(Node::statement(pieces))
    }

    /// `while let`.
    pub(super) fn while_let(&mut self) -> Option<Node> {
        if !self.is_inline || self.around.len() > 1 {
            return None;
        }
        let is_vec = |ty: &Type| matches!(ty, Type::Vec(_));
        let mut places = self.places(is_vec, Access::Write);
        places.retain(|place| place.root < self.scope.len());
        let (outside, label) = self.enter_loop(None);
        places.retain(|place| self.scope.allows(place.root, &place.path, Access::Write));
        let (source, item, root) = match places.pop() {
            Some(place) => {
                let Type::Vec(item) = &place.ty else { unreachable!("only those were asked for") };
                self.access(&place, Access::Write);
                (format!("{}.pop()", place.receiver()), (**item).clone(), Some(place.root))
            }
            None => (String::new(), Type::Int, None),
        };
        let iterator = self.fresh_name("it");
        let (first, source) = match root {
            Some(root) => {
                self.scope.lock(root, true);
                (String::new(), source)
            }
            None => (
                format!("let mut {iterator} = Steps::new(\"{iterator}\", 2); "),
                format!("{iterator}.next()"),
            ),
        };
        let source = match self.chance(40) && self.may_await() {
            true => format!("give(\"next\", 1, {source}).await"),
            false => source,
        };
        let ty = Type::option(item.clone());
        let value = Node::expression(&ty, pieces![source]);
        let matched = Matched::value(Node::group(vec![]), &item);
        let pattern = self.pattern(&matched, false);
        let text = format!("Some({})", pattern.text);
        let body = self.loop_body(|generator| generator.bind(&matched, pattern));
        self.leave_loop(outside, true);
        let pieces = pieces![first, label, "while let ", text, " = ", value, " { ", body, " }\n"];
        Some(Node::statement(pieces))
    }

    /// `for`.
    pub(super) fn for_loop(&mut self) -> Option<Node> {
        if !self.is_inline || self.around.len() > 1 {
            return None;
        }
        let mark = self.scope.locks();
        let (items, item) = self.items();
        let loans = self.scope.loans_since(mark);
        let (outside, label) = self.enter_loop(None);
        let (text, bound) = self.item_pattern(&item, loans);
        let body = self.loop_body(|generator| {
            bound.into_iter().for_each(|variable| {
                generator.scope.declare(variable);
            });
        });
        self.leave_loop(outside, true);
        self.scope.unlock(mark);
        let pieces = pieces![label, "for ", text, " in ", items, " { ", body, " }\n"];
        Some(Node::statement(pieces))
    }

    fn item_pattern(&mut self, item: &Type, loans: Vec<Loan>) -> (String, Vec<Variable>) {
        if self.chance(10) && self.has(Construct::Remainder) {
            return ("_".to_owned(), Vec::new());
        }
        let name = self.new_name(&[]);
        let is_mutable = !item.is_borrowing() && self.chance(30);
        let text = if is_mutable { format!("mut {name}") } else { name.clone() };
        let variable = Variable { name, ty: item.clone(), is_mutable, state: State::Live, loans };
        (text, vec![variable])
    }

    /// Something to iterate over, and the type of its items.
    fn items(&mut self) -> (Node, Type) {
        let item = self.some_type();
        let list = Type::vec(item.clone());
        match self.rng.u32(0..10) {
            0..3 => (self.range(), Type::Int),
            3 => (self.fresh(&Type::Steps), Type::Int),
            4 => {
                let text = self.reference(&list, false);
                (text, Type::reference(item))
            }
            5 if self.has(Construct::MutableReference) => {
                let text = self.reference(&list, true);
                (text, Type::reference_mut(item))
            }
            6 if self.has(Construct::MutableReference) => match self.place(&list, Access::Write) {
                Some(place) => {
                    self.access(&place, Access::Write);
                    self.scope.lock(place.root, true);
                    (Node::expression(&list, pieces![place.receiver(), ".drain(..)"]), item)
                }
                None => (self.expression(&list), item),
            },
            7 => {
                let array = self.expression(&Type::Array(Box::new(item.clone())));
                (array, item)
            }
            _ => {
                let value = self.expression(&list);
                (self.operand(value), item)
            }
        }
    }

    fn range(&mut self) -> Node {
        let end = match self.may_await() {
            true => "give(\"end\", 1, 2_u32).await",
            false => "2_u32",
        };
        let ty = Type::vec(Type::Int);
        Node::expression(&ty, pieces!["0..", end])
    }
}
