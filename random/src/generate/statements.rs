//! Statements.

use super::Generator;
use super::patterns::Matched;
use super::scope::{Access, State, Variable};
use crate::construct::Construct::{self, *};
use crate::program::{Call, Node, Piece, Type, pieces};

/// Makes a statement, or nothing.
type Production = fn(&mut Generator) -> Option<Node>;

/// All productions with their weights.
const STATEMENTS: &[(Construct, u32, Production)] = &[
    (Basic, 30, Generator::let_variable),
    (LetPattern, 8, Generator::let_pattern),
    (LateInit, 4, Generator::late_init),
    (LetElse, 5, Generator::let_else),
    (Await, 8, Generator::pause),
    (Basic, 8, Generator::evaluate),
    (Assign, 10, Generator::assign),
    (AssignPlace, 8, Generator::assign_place),
    (Compound, 6, Generator::compound),
    (If, 7, Generator::if_statement),
    (IfLet, 5, Generator::if_let_statement),
    (Match, 5, Generator::match_statement),
    (While, 3, Generator::while_loop),
    (WhileLet, 3, Generator::while_let),
    (For, 6, Generator::for_loop),
    (Jump, 7, Generator::jump),
    (Return, 3, Generator::return_statement),
    (Closure, 6, Generator::closure),
    (AsyncBlock, 2, Generator::async_block),
    (LockGuard, 3, Generator::guard),
    (Macro, 4, Generator::say),
    (Basic, 3, Generator::push_item),
];

impl Generator {
    /// A statement.
    pub(super) fn statement(&mut self) -> Node {
        self.fuel -= 1;
        self.depth += 1;
        let whole = std::mem::replace(&mut self.whole, self.depth + 1);
        let is_awaited = std::mem::replace(&mut self.is_awaited, false);
        let mark = self.scope.locks();
        let keeps = std::mem::replace(&mut self.keeps_temporaries, true);
        let mut made = None;
        for _ in 0..8 {
            made = self.weighted(STATEMENTS)(self);
            if made.is_some() {
                break;
            }
        }
        let node = made.or_else(|| self.let_variable()).expect("there is always a value");
        self.scope.unlock(mark);
        self.keeps_temporaries = keeps;
        (self.whole, self.is_awaited) = (whole, is_awaited);
        self.depth -= 1;
        node
    }

    /// Declares a variable with a value; its loans are those since the mark.
    pub(super) fn declare(&mut self, name: String, ty: Type, is_mutable: bool, mark: usize) {
        let loans = self.scope.loans_since(mark);
        self.scope.unlock(mark);
        self.scope.declare(Variable { name, ty, is_mutable, state: State::Live, loans });
    }

    fn let_variable(&mut self) -> Option<Node> {
        let (ty, mark) = (self.variable_type(), self.scope.locks());
        let keeps = std::mem::replace(&mut self.keeps_temporaries, !ty.is_borrowing());
        let value = self.expression(&ty);
        self.keeps_temporaries = keeps;
        let name = self.new_name(&[]);
        let is_mutable = !ty.is_borrowing() && self.chance(50);
        let written = match self.chance(30) {
            true => Node::option(pieces![": ", ty.to_string()]),
            false => Node::group(vec![]),
        };
        let start = if is_mutable { "let mut " } else { "let " };
        let pieces = pieces![start, &name, written, " = ", value, ";\n"];
        self.declare(name, ty, is_mutable, mark);
        Some(Node::statement(pieces))
    }

    fn let_pattern(&mut self) -> Option<Node> {
        let ty = match self.rng.u32(0..4) {
            0 => Type::Pair,
            1 => Type::Array(Box::new(self.some_type())),
            _ => Type::Tuple(vec![self.some_type(), self.some_type()]),
        };
        let matched = self.matched(&ty);
        let pattern = self.pattern(&matched, false);
        let text = pattern.text.clone();
        self.bind(&matched, pattern);
        Some(Node::statement(pieces!["let ", text, " = ", matched.node, ";\n"]))
    }

    fn let_else(&mut self) -> Option<Node> {
        if !self.is_inline {
            return None;
        }
        let ty = Type::option(self.some_type());
        let matched = self.matched(&ty);
        let pattern = self.pattern(&matched, true);
        let left = self.maybe(Self::leave_function);
        let text = pattern.text.clone();
        self.bind(&matched, pattern);
        let start = format!("let {text} = ");
        // The value must not end with a brace.
        let value = match matched.node.text("").contains('{') {
            true => Node::expression(&ty, pieces!["same(", matched.node, ")"]),
            false => matched.node,
        };
        Some(Node::statement(pieces![start, value, " else { ", left, "; };\n"]))
    }

    fn late_init(&mut self) -> Option<Node> {
        let ty = self.some_type();
        let name = self.fresh_name("late");
        let written = Node::option(pieces![": ", ty.to_string()]);
        let condition = self.condition();
        let mut fork = self.fork();
        let statements = self.few();
        let first = self.body(None, statements);
        let first_value = if self.has_left { None } else { Some(self.expression(&ty)) };
        self.end_path(&mut fork);
        self.path(&fork);
        let second_value = self.expression(&ty);
        self.end_path(&mut fork);
        self.join(fork);
        let assign = |value: Option<Node>| {
            value.map_or_else(
                || Node::group(vec![]),
                |value| Node::group(pieces![&name, " = ", value, ";"]),
            )
        };
        let (first_value, second_value) = (assign(first_value), assign(Some(second_value)));
        let mark = self.scope.locks();
        let pieces = pieces![
            "let ",
            &name,
            written,
            "; if ",
            condition,
            " { { ",
            first,
            " } ",
            first_value,
            " } else { ",
            second_value,
            " }\n"
        ];
        self.declare(name, ty, false, mark);
        Some(Node::statement(pieces))
    }

    fn pause(&mut self) -> Option<Node> {
        self.may_await().then(|| Node::statement(pieces!["pause().await;\n"]))
    }

    fn evaluate(&mut self) -> Option<Node> {
        let ty = self.some_type();
        let value = self.expression(&ty);
        let value = self.operand(value);
        let start = self.one_of(&["", "", "let _ = ", "_ = ", "drop("]);
        let end = if start == "drop(" { ");\n" } else { ";\n" };
        Some(Node::statement(pieces![start, value, end]))
    }

    fn assign(&mut self) -> Option<Node> {
        let can_hold = |ty: &Type| ty.has_name() && !ty.is_borrowing();
        let places = self.places(can_hold, Access::Assign);
        // The value may move what it is assigned to.
        let gone: Vec<usize> = (0..self.scope.len())
            .filter(|root| {
                let variable = self.scope.get(*root);
                variable.is_mutable
                    && variable.state == State::Gone
                    && can_hold(&variable.ty)
                    && self.scope.allows(*root, "", Access::Assign)
            })
            .collect();
        let root = match gone.is_empty() || self.chance(40) {
            true if places.is_empty() => return None,
            true => self.one_of(&places).root,
            false => self.one_of(&gone),
        };
        let (name, ty) = (self.scope.get(root).name.clone(), self.scope.get(root).ty.clone());
        let value = self.expression(&ty);
        if self.has_left || !self.scope.allows(root, "", Access::Assign) {
            return Some(Node::statement(pieces!["let _ = ", value, ";\n"]));
        }
        self.scope.perform(root, "", Access::Assign);
        Some(Node::statement(pieces![name, " = ", value, ";\n"]))
    }

    fn assign_place(&mut self) -> Option<Node> {
        let can_hold = |ty: &Type| ty.has_name() && !ty.is_borrowing();
        let mut places = self.places(can_hold, Access::Write);
        places.retain(|place| place.text.contains(['.', '*', '[']));
        if places.is_empty() {
            return None;
        }
        let place = self.one_of(&places);
        self.scope.lock(place.root, true);
        let value = self.expression(&place.ty);
        self.scope.unlock(self.scope.locks() - 1);
        self.access(&place, Access::Write);
        Some(Node::statement(pieces![place.text, " = ", value, ";\n"]))
    }

    fn compound(&mut self) -> Option<Node> {
        let place = self.place(&Type::Int, Access::Write)?;
        self.access(&place, Access::Write);
        self.scope.lock(place.root, false);
        let value = self.expression(&Type::Int);
        let operator = self.one_of(&[" += ", " |= ", " ^= "]);
        Some(Node::statement(pieces![place.text, operator, value, ";\n"]))
    }

    fn if_statement(&mut self) -> Option<Node> {
        let condition = self.condition();
        let mut fork = self.fork();
        let statements = self.rng.usize(1..4);
        let first = self.body(None, statements);
        self.end_path(&mut fork);
        self.path(&fork);
        let mut pieces = pieces!["if ", condition, " { ", first, " }"];
        if self.chance(50) {
            let statements = self.rng.usize(0..3);
            let second = self.body(None, statements);
            pieces.push(Piece::Node(Node::option(pieces![" else { ", second, " }"])));
        }
        self.end_path(&mut fork);
        self.join(fork);
        pieces.extend(pieces!["\n"]);
        Some(Node::statement(pieces))
    }

    fn if_let_statement(&mut self) -> Option<Node> {
        let base = self.scope.len();
        let (condition, mut fork) = self.let_condition();
        let statements = self.rng.usize(1..4);
        let first = self.body(None, statements);
        self.scope.leave(base);
        self.end_path(&mut fork);
        self.path(&fork);
        self.end_path(&mut fork);
        self.join(fork);
        Some(Node::statement(pieces!["if ", condition, " { ", first, " }\n"]))
    }

    fn match_statement(&mut self) -> Option<Node> {
        let node = self.match_value(&Type::Unit)?;
        Some(Node::statement(pieces![node, "\n"]))
    }

    fn return_statement(&mut self) -> Option<Node> {
        if !self.is_inline {
            return None;
        }
        let condition = self.condition();
        let left = self.maybe(Self::leave_function);
        Some(Node::statement(pieces!["if ", condition, " { ", left, "; }\n"]))
    }

    fn closure(&mut self) -> Option<Node> {
        let name = self.fresh_name("f");
        let call = self.one_of(&[Call::Shared, Call::Shared, Call::Mutable, Call::Once]);
        let (mark, argument) = (self.scope.locks(), self.fresh_name("n"));
        let (start, body) = match call {
            Call::Shared if self.chance(50) => {
                let place = self.place(&Type::D, Access::Read)?;
                self.access(&place, Access::Read);
                self.hold(&place, false);
                ("let ", format!("|{argument}: u32| {argument} + {}.touch()", place.receiver()))
            }
            Call::Mutable => {
                let place = self.place(&Type::D, Access::Write)?;
                self.access(&place, Access::Write);
                self.hold(&place, true);
                let body =
                    format!("|{argument}: u32| {{ {}.poke(); {argument} }}", place.receiver());
                ("let mut ", body)
            }
            _ => {
                let place = self.place(&Type::D, Access::Move)?;
                self.access(&place, Access::Move);
                let body = match call {
                    Call::Once => format!("{}.eat() + {argument}", place.text),
                    _ => format!("{argument} + {}.touch()", place.text),
                };
                ("let ", format!("move |{argument}: u32| {body}"))
            }
        };
        self.declare(name.clone(), Type::Closure(call), call == Call::Mutable, mark);
        Some(Node::statement(pieces![start, name, " = ", body, ";\n"]))
    }

    fn async_block(&mut self) -> Option<Node> {
        let name = self.fresh_name("future");
        let mark = self.scope.locks();
        let body = match self.chance(60) {
            true => {
                let place = self.place(&Type::D, Access::Move)?;
                self.access(&place, Access::Move);
                format!("async move {{ pause().await; {}.touch() }}", place.text)
            }
            false => {
                let place = self.place(&Type::D, Access::Read)?;
                self.access(&place, Access::Read);
                self.hold(&place, false);
                format!("async {{ pause().await; {}.touch() }}", place.receiver())
            }
        };
        self.declare(name.clone(), Type::Future, false, mark);
        Some(Node::statement(pieces!["let ", name, " = ", body, ";\n"]))
    }

    fn guard(&mut self) -> Option<Node> {
        let place = self.place(&Type::Lock, Access::Read)?;
        let mark = self.scope.locks();
        self.access(&place, Access::Read);
        self.hold(&place, false);
        let name = self.fresh_name("guard");
        self.declare(name.clone(), Type::Guard, true, mark);
        let text = format!("let mut {name} = {}.lock();\n", place.receiver());
        Some(Node::statement(pieces![text]))
    }

    fn say(&mut self) -> Option<Node> {
        let text = self.macro_call(&Type::Text)?;
        Some(Node::statement(pieces!["say(", text, ");\n"]))
    }

    fn push_item(&mut self) -> Option<Node> {
        let places = self.places(|ty| matches!(ty, Type::Vec(_)), Access::Write);
        if places.is_empty() {
            return None;
        }
        let place = self.one_of(&places);
        let Type::Vec(item) = &place.ty else { unreachable!("only those were asked for") };
        self.access(&place, Access::Write);
        self.scope.lock(place.root, true);
        let value = self.expression(item);
        let method = self.one_of(&[".push(", ".insert(0, "]);
        Some(Node::statement(pieces![place.receiver(), method, value, ");\n"]))
    }

    /// A pattern that takes a value apart completely, and what it binds.
    pub(super) fn argument_pattern(&mut self, ty: &Type) -> String {
        let matched = Matched::value(Node::group(vec![]), ty);
        let pattern = self.pattern(&matched, false);
        let text = pattern.text.clone();
        self.bind(&matched, pattern);
        text
    }
}
