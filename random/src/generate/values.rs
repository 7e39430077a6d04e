//! Values that are made where they are needed.

use super::Generator;
use crate::program::{Node, Type, pieces};

impl Generator {
    /// A variable or a new value.
    pub(super) fn simple(&mut self, ty: &Type) -> Node {
        match ty {
            _ if self.is_bare => self.fresh(ty),
            Type::Ref(inner) if self.chance(70) => self.reference(inner, false),
            Type::RefMut(inner) => self.reference(inner, true),
            _ if self.chance(60) => self.variable(ty).unwrap_or_else(|| self.fresh(ty)),
            _ => self.fresh(ty),
        }
    }

    /// A new value.
    pub(super) fn fresh(&mut self, ty: &Type) -> Node {
        match ty {
            Type::Unit => Node::expression(ty, pieces!["()"]),
            Type::Bool => self.fresh_bool(),
            Type::Int => self.fresh_int(),
            Type::Text => Node::expression(ty, pieces!["String::from(", self.tag("s"), ")"]),
            Type::D => Node::expression(ty, pieces!["d(", self.tag("d"), ")"]),
            Type::Pair => self.fresh_pair(),
            Type::Noisy => self.fresh_noisy(),
            Type::Shape => self.fresh_shape(),
            Type::Lock => Node::expression(ty, pieces!["Lock::new(", self.tag("lock"), ")"]),
            Type::Steps => Node::expression(ty, pieces!["Steps::new(", self.tag("it"), ", 2)"]),
            Type::Parameter => Node::expression(ty, pieces!["T::make(", self.tag("p"), ")"]),
            Type::Tuple(parts) => self.fresh_tuple(ty, parts),
            Type::Array(inner) => {
                let (first, second) = (self.expression(inner), self.expression(inner));
                Node::expression(ty, pieces!["[", first, ", ", second, "]"])
            }
            Type::Option(inner) => self.fresh_option(ty, inner),
            Type::Result(value, error) => self.fresh_result(ty, value, error),
            Type::Vec(inner) => self.fresh_vec(ty, inner),
            Type::Boxed(inner) => self.wrapped(ty, "Box::new(", inner),
            Type::Leaf(inner) => self.fresh_leaf(ty, inner),
            Type::Ref(inner) => self.reference(inner, false),
            Type::RefMut(inner) => self.reference(inner, true),
            Type::Guard | Type::Closure(_) | Type::Future => {
                unreachable!("it is never asked for")
            }
        }
    }

    fn wrapped(&mut self, ty: &Type, constructor: &str, inner: &Type) -> Node {
        let value = self.expression(inner);
        Node::expression(ty, pieces![constructor, value, ")"])
    }

    fn fresh_bool(&mut self) -> Node {
        let value = self.one_of(&["true", "false"]);
        match self.chance(50) {
            true => Node::expression(&Type::Bool, pieces![value]),
            false => {
                Node::expression(&Type::Bool, pieces!["val(", self.tag("test"), ", ", value, ")"])
            }
        }
    }

    fn fresh_int(&mut self) -> Node {
        let number = format!("{}_u32", self.rng.u32(0..5));
        match self.chance(80) {
            true => Node::expression(&Type::Int, pieces![number]),
            false => {
                Node::expression(&Type::Int, pieces!["val(", self.tag("n"), ", ", number, ")"])
            }
        }
    }

    fn fresh_pair(&mut self) -> Node {
        if self.chance(40) {
            let (left, right) = (self.tag("left"), self.tag("right"));
            return Node::expression(&Type::Pair, pieces!["pair(", left, ", ", right, ")"]);
        }
        let (first, second) = (self.expression(&Type::D), self.expression(&Type::D));
        let names = self.one_of(&[["left", "right"], ["right", "left"]]);
        Node::expression(
            &Type::Pair,
            pieces!["(Pair { ", names[0], ": ", first, ", ", names[1], ": ", second, " })"],
        )
    }

    fn fresh_noisy(&mut self) -> Node {
        let (inner, number) = (self.expression(&Type::D), self.expression(&Type::Int));
        let pieces = pieces!["(Noisy { inner: ", inner, ", number: ", number, " })"];
        Node::expression(&Type::Noisy, pieces)
    }

    fn fresh_shape(&mut self) -> Node {
        let ty = &Type::Shape;
        match self.rng.u32(0..5) {
            0 => Node::expression(ty, pieces!["Shape::Empty"]),
            1 => self.wrapped(ty, "Shape::One(", &Type::D),
            2 => {
                let (x, y) = (self.expression(&Type::D), self.expression(&Type::D));
                Node::expression(ty, pieces!["Shape::Two(", x, ", ", y, ")"])
            }
            _ => {
                let (n, x) = (self.expression(&Type::Int), self.expression(&Type::D));
                Node::expression(ty, pieces!["(Shape::Named { n: ", n, ", x: ", x, " })"])
            }
        }
    }

    fn fresh_tuple(&mut self, ty: &Type, parts: &[Type]) -> Node {
        let mut pieces = pieces!["("];
        for part in parts {
            let value = self.expression(part);
            pieces.extend(pieces![value, ", "]);
        }
        pieces.extend(pieces![")"]);
        Node::expression(ty, pieces)
    }

    fn fresh_option(&mut self, ty: &Type, inner: &Type) -> Node {
        match self.chance(25) {
            true => Node::expression(ty, pieces!["None::<", inner.to_string(), ">"]),
            false => self.wrapped(ty, "Some(", inner),
        }
    }

    fn fresh_result(&mut self, ty: &Type, value: &Type, error: &Type) -> Node {
        let (variant, inner) = match self.chance(30) {
            true => ("Err", error),
            false => ("Ok", value),
        };
        self.wrapped(ty, &format!("{variant}::<{value}, {error}>("), inner)
    }

    fn fresh_vec(&mut self, ty: &Type, inner: &Type) -> Node {
        if self.chance(10) {
            return Node::expression(ty, pieces!["Vec::<", inner.to_string(), ">::new()"]);
        }
        let mut pieces = pieces!["vec!["];
        for _ in 0..self.rng.u32(1..3) {
            let value = self.expression(inner);
            pieces.extend(pieces![Node::option(pieces![value, ", "])]);
        }
        pieces.extend(pieces!["]"]);
        Node::expression(ty, pieces)
    }

    fn fresh_leaf(&mut self, ty: &Type, inner: &Type) -> Node {
        let (tag, times) = (self.tag("g"), self.rng.u32(0..3).to_string());
        let value = self.expression(inner);
        Node::expression(ty, pieces!["give(", tag, ", ", times, ", ", value, ")"])
    }
}
