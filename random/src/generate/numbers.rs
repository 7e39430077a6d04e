//! Numbers, truth values and strings: what is computed from other values.

use super::Generator;
use super::scope::Access;
use crate::construct::Construct;
use crate::program::{Call, Node, Type, pieces};

impl Generator {
    /// A function or an operator on numbers.
    pub(super) fn arithmetic(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let (left, right) = (self.expression(ty), self.expression(ty));
        let pieces = match self.rng.u32(0..4) {
            0 => pieces!["add(", left, ", ", right, ")"],
            1 => pieces![self.operand(left), ".max(", right, ")"],
            _ => {
                let operator = self.one_of(&[" + ", " ^ ", " | "]);
                pieces!["(", self.operand(left), operator, self.operand(right), ")"]
            }
        };
        Some(Node::expression(ty, pieces))
    }

    /// A function that takes values.
    pub(super) fn consumed(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let pieces = match self.rng.u32(0..6) {
            0 => pieces!["join(", self.expression(&Type::D), ", ", self.expression(&Type::D), ")"],
            1 => pieces!["mix(", self.reference(&Type::D, false), ", ", self.expression(ty), ")"],
            2 => {
                let left = self.reference(&Type::D, false);
                pieces!["both(", left, ", ", self.expression(&Type::reference(Type::D)), ")"]
            }
            3 if self.has(Construct::MutableReference) => {
                let left = self.reference(&Type::D, true);
                pieces!["push(", left, ", ", self.expression(ty), ")"]
            }
            4 => pieces!["u32::from(", self.expression(&Type::Bool), ")"],
            _ => pieces!["eat(", self.expression(&Type::D), ")"],
        };
        Some(Node::expression(ty, pieces))
    }

    /// A method that borrows its receiver.
    pub(super) fn method(&mut self, ty: &Type) -> Option<Node> {
        let (receiver, methods, access): (Type, &[&str], Access) = match ty {
            Type::Int => match self.rng.u32(0..6) {
                0 => (Type::Pair, &[".sum()"], Access::Read),
                1 => (Type::Noisy, &[".len()"], Access::Read),
                2 => (Type::Shape, &[".count()"], Access::Read),
                3 => (Type::D, &[".raise()", ".poke().touch()"], Access::Write),
                _ => (Type::D, &[".touch()", ".peek()", ".name().len() as u32"], Access::Read),
            },
            Type::Bool => (Type::Noisy, &[".is_empty()"], Access::Read),
            Type::Text => (Type::D, &[".name().to_owned()"], Access::Read),
            Type::D => (Type::D, &[".clone()"], Access::Read),
            Type::Parameter => (Type::Parameter, &[".clone()"], Access::Read),
            Type::Option(_) => return self.method_on_collection(ty),
            _ => return None,
        };
        let method = self.one_of(methods);
        self.call_method(ty, &receiver, method, access)
    }

    /// A method that borrows, named like one that does not.
    pub(super) fn misnamed(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let method = self.one_of(&[".into_nothing()", ".expect_use()"]);
        self.call_method(ty, &Type::D, method, Access::Read)
    }

    fn call_method(
        &mut self,
        ty: &Type,
        receiver: &Type,
        method: &str,
        access: Access,
    ) -> Option<Node> {
        let place = self.place(receiver, access);
        let receiver = match place {
            Some(place) if self.chance(85) => {
                self.access(&place, access);
                // A box has a method of this name itself.
                let is_own = method == ".clone()";
                let text = if is_own { &place.text } else { place.receiver() };
                Node::expression(receiver, pieces![text])
            }
            _ => {
                let value = self.expression(receiver);
                self.operand(value)
            }
        };
        let is_cast = method.ends_with("u32");
        let (start, end) = if is_cast { ("(", ")") } else { ("", "") };
        Some(Node::expression(ty, pieces![start, receiver, method, end]))
    }

    fn method_on_collection(&mut self, ty: &Type) -> Option<Node> {
        let Type::Option(inner) = ty else { return None };
        if let Some(place) = self.place(ty, Access::Write)
            && self.chance(60)
        {
            self.access(&place, Access::Write);
            return Some(Node::expression(ty, pieces![place.receiver(), ".take()"]));
        }
        let place = self.place(&Type::vec(*inner.clone()), Access::Write)?;
        self.access(&place, Access::Write);
        Some(Node::expression(ty, pieces![place.receiver(), ".pop()"]))
    }

    /// A method that takes its receiver.
    pub(super) fn consuming_method(&mut self, ty: &Type) -> Option<Node> {
        let (receiver, methods): (Type, &[&str]) = match ty {
            Type::Int => match self.rng.u32(0..4) {
                0 => (Type::Noisy, &[".finish()"]),
                1 => (Type::vec(Type::D), &[".into_iter().map(D::eat).sum::<u32>()"]),
                2 => (Type::option(Type::D), &[".map_or(1, D::eat)"]),
                _ => (Type::D, &[".eat()", ".finish()", ".into_count()"]),
            },
            Type::D => match self.rng.u32(0..4) {
                0 => (Type::Pair, &[".into_left()", ".unwrap()"]),
                1 => (Type::option(Type::D), &[".unwrap()", ".expect(\"some\")"]),
                _ => (Type::D, &[".pass()", ".map_or_same()"]),
            },
            Type::Pair => (Type::Pair, &[".swap()"]),
            Type::Tuple(parts) if *parts == [Type::D, Type::D] => (Type::Pair, &[".split()"]),
            Type::Option(inner) if **inner == Type::D => (Type::Shape, &[".collapse()"]),
            _ => return None,
        };
        let value = self.expression(&receiver);
        let method = self.one_of(methods);
        Some(Node::expression(ty, pieces![self.operand(value), method]))
    }

    /// The call of a closure in a variable.
    pub(super) fn closure_call(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let access = |call| match call {
            Call::Shared => Access::Read,
            Call::Mutable => Access::Write,
            Call::Once => Access::Move,
        };
        let closures: Vec<(usize, Access)> = (0..self.scope.len())
            .filter_map(|root| match self.scope.get(root).ty {
                Type::Closure(call) => Some((root, access(call))),
                _ => None,
            })
            .filter(|(root, access)| self.scope.allows(*root, "", *access))
            .collect();
        if closures.is_empty() {
            return None;
        }
        let (root, access) = self.one_of(&closures);
        let argument = self.expression(ty);
        if !self.scope.allows(root, "", access) {
            return None;
        }
        self.scope.perform(root, "", access);
        let name = self.scope.get(root).name.clone();
        Some(Node::expression(ty, pieces![name, "(", argument, ")"]))
    }

    /// A comparison or a test.
    pub(super) fn comparison(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Bool {
            return None;
        }
        let pieces = match self.rng.u32(0..6) {
            0 => {
                let left = self.expression(&Type::D);
                pieces!["(", self.operand(left), " == ", self.simple(&Type::D), ")"]
            }
            1 => {
                let test = self.expression(&Type::Bool);
                pieces!["!", self.operand(test)]
            }
            2 => match self.place(&Type::option(Type::D), Access::Read) {
                Some(place) => {
                    self.access(&place, Access::Read);
                    pieces![place.receiver(), ".is_some()"]
                }
                None => pieces!["matches!(", self.expression(&Type::Int), ", 0 | 2..=9)"],
            },
            _ => {
                let (left, right) = (self.expression(&Type::Int), self.expression(&Type::Int));
                let operator = self.one_of(&[" < ", " == ", " >= "]);
                pieces!["(", self.operand(left), operator, self.operand(right), ")"]
            }
        };
        Some(Node::expression(ty, pieces))
    }

    /// `&&` and `||`.
    pub(super) fn lazy(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Bool {
            return None;
        }
        let left = self.expression(ty);
        let right = self.maybe(|generator| generator.expression(ty));
        let operator = self.one_of(&[" && ", " || "]);
        let (left, right) = (self.operand(left), self.operand(right));
        Some(Node::expression(ty, pieces!["(", left, operator, right, ")"]))
    }

    /// A string or number from a macro.
    pub(super) fn macro_call(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Text {
            return None;
        }
        let shown = self.places(|ty| ty.has_name() && !ty.is_borrowing(), Access::Read);
        let shown: Vec<_> = shown.into_iter().filter(|place| place.path.is_empty()).collect();
        let is_variable = |text: &str| text.chars().all(|one| one.is_alphanumeric());
        let shown: Vec<_> = shown.into_iter().filter(|place| is_variable(&place.text)).collect();
        let value = self.some_type();
        let pieces = match shown.is_empty() {
            true => pieces!["format!(\"{:?}\", ", self.macro_argument(&value), ")"],
            false => {
                let place = self.one_of(&shown);
                self.hold(&place, false);
                let text = format!("format!(\"{{{}:?}} {{:?}}\", ", place.text);
                pieces![text, self.macro_argument(&value), ")"]
            }
        };
        Some(Node::expression(ty, pieces))
    }

    fn macro_argument(&mut self, ty: &Type) -> Node {
        match self.has(Construct::MacroAwait) {
            true => self.expression(ty),
            false => self.closed(|generator| generator.expression(ty)),
        }
    }
}
