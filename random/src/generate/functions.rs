//! Functions and the program they make.

use super::scope::{Scope, State, Variable};
use super::{Generator, Signature};
use crate::construct::Construct;
use crate::program::{Node, Piece, Program, Type, pieces};

impl Generator {
    /// A program.
    pub(super) fn program(&mut self, seed: u64) -> Program {
        let mut helpers = Vec::new();
        if self.has(Construct::Helper) {
            for number in 0..self.one_of(&[0, 0, 1, 1, 2]) {
                let (fuel, awaits) = (self.rng.i32(8..30), self.rng.i32(1..4));
                helpers.insert(0, self.function(format!("helper{number}"), fuel, awaits));
            }
        }
        let (fuel, awaits) = (self.rng.i32(40..110), self.rng.i32(2..9));
        let subject = self.function("subject".to_owned(), fuel, awaits);
        let signature = self.helpers.pop().expect("it was just made");
        let call = self.call(&signature);
        let functions = std::iter::once(subject).chain(helpers).collect();
        Program { seed, functions, call }
    }

    /// The call of the first function, outside of any.
    fn call(&mut self, signature: &Signature) -> Node {
        self.scope = Scope::default();
        (self.fuel, self.awaits, self.is_inline, self.is_bare) = (0, 0, false, true);
        self.keeps_temporaries = true;
        let generic = if signature.is_generic { "::<D>(" } else { "(" };
        let mut pieces = pieces![&signature.name, generic];
        for argument in &signature.arguments {
            let value = self.expression(&argument.instantiated(&Type::D));
            pieces.extend(pieces![value, ", "]);
        }
        pieces.extend(pieces![")"]);
        Node::group(pieces)
    }

    fn function(&mut self, name: String, fuel: i32, awaits: i32) -> Node {
        self.scope = Scope::default();
        (self.fuel, self.awaits, self.depth) = (fuel, awaits, 0);
        self.has_left = false;
        self.is_generic = self.has(Construct::Generic) && self.chance(12);
        self.returns = self.return_type();
        let returns = self.returns.clone();
        let (mut parameters, mut arguments) = (Vec::new(), Vec::new());
        // Parameters do not shadow each other.
        self.scope.loop_base = usize::MAX;
        for _ in 0..self.rng.u32(0..4) {
            let ty = self.parameter_type();
            parameters.extend(self.parameter(&ty));
            arguments.push(ty);
        }
        self.scope.loop_base = 0;
        let statements = if fuel > 30 { 25 } else { 6 };
        let body = self.body(Some(&returns), statements);
        let generics = if self.is_generic { "<T: Make>(" } else { "(" };
        let parameters = Node::group(parameters);
        let pieces = pieces![
            Piece::Attribute,
            " async fn ",
            &name,
            generics,
            parameters,
            ") -> ",
            returns.to_string(),
            " {\n",
            body,
            "}\n"
        ];
        self.helpers.push(Signature { name, arguments, returns, is_generic: self.is_generic });
        Node::option(pieces)
    }

    fn return_type(&mut self) -> Type {
        match self.rng.u32(0..6) {
            0 | 1 if !self.is_generic => Type::option(self.some_type()),
            2 if !self.is_generic => Type::Result(Box::new(self.some_type()), Box::new(Type::D)),
            3 => Type::Int,
            _ => loop {
                let ty = self.some_type();
                if !self.is_generic || !ty.to_string().contains('T') {
                    return ty;
                }
            },
        }
    }

    fn parameter_type(&mut self) -> Type {
        match self.rng.u32(0..10) {
            0 if self.has(Construct::Reference) => Type::reference(Type::D),
            1 if self.has(Construct::MutableReference) => Type::reference_mut(Type::D),
            2 if self.is_generic => Type::Parameter,
            _ if self.is_generic => self.one_of(&[Type::D, Type::Int, Type::Pair]),
            _ => self.some_type(),
        }
    }

    fn parameter(&mut self, ty: &Type) -> Vec<Piece> {
        let may_match = self.has(Construct::ArgumentPattern) && !ty.is_borrowing();
        let pattern = match self.rng.u32(0..10) {
            0 if may_match => self.argument_pattern(ty),
            1 => "_".to_owned(),
            2 => self.fresh_name("_unused"),
            _ => {
                let name = self.fresh_name("a");
                let is_mutable = !ty.is_borrowing() && self.chance(40);
                let text = if is_mutable { format!("mut {name}") } else { name.clone() };
                let (ty, state) = (ty.clone(), State::Live);
                self.scope.declare(Variable { name, ty, is_mutable, state, loans: Vec::new() });
                text
            }
        };
        pieces![pattern, ": ", ty.to_string(), ", "]
    }
}
