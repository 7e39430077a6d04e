//! Patterns, and what is matched against them.

use super::Generator;
use super::places::Place;
use super::scope::{Access, Loan, State, Variable};
use crate::construct::Construct;
use crate::program::{Node, Type, pieces};

/// How a pattern without `ref` binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Value,
    Shared,
    Mutable,
}

/// A value that is matched.
#[derive(Debug)]
pub(super) struct Matched {
    pub(super) node: Node,
    pub(super) ty: Type,
    how: How,
    loans: Vec<Loan>,
    /// The place that is matched by value.
    place: Option<Place>,
    may_move: bool,
    may_change: bool,
}

/// A pattern with the variables it binds.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    pub(super) text: String,
    bindings: Vec<Variable>,
    moves: bool,
}

impl Matched {
    /// A new value that is matched.
    pub(super) fn value(node: Node, ty: &Type) -> Self {
        Matched {
            node,
            ty: ty.clone(),
            how: How::Value,
            loans: Vec::new(),
            place: None,
            may_move: true,
            may_change: true,
        }
    }

    fn borrows(mut self, how: How, loans: Vec<Loan>) -> Self {
        self.how = how;
        self.loans = loans;
        self
    }
}

impl Generator {
    /// Something to match of a type.
    pub(super) fn matched(&mut self, ty: &Type) -> Matched {
        let access = match self.has(Construct::MoveByPattern) {
            true => self.one_of(&[Access::Read, Access::Write, Access::Move]),
            false => self.one_of(&[Access::Read, Access::Write]),
        };
        let place = self.place(ty, access);
        match place {
            Some(place) if self.chance(60) => self.matched_place(ty, &place, access),
            _ => {
                let node = self.expression(ty);
                let node = self.operand(node);
                let mut matched = Matched::value(node, ty);
                matched.may_change = matched.node.text("").contains('(');
                matched
            }
        }
    }

    fn matched_place(&mut self, ty: &Type, place: &Place, access: Access) -> Matched {
        let mark = self.scope.locks();
        self.hold(place, access == Access::Write);
        let loans = self.scope.loans_since(mark);
        self.scope.unlock(mark);
        let node = |sign: &str| Node::expression(ty, pieces![sign, &place.text]);
        let has_ref = self.has(Construct::RefPattern);
        match access {
            Access::Write => {
                self.access(place, Access::Write);
                Matched::value(node("&mut "), ty).borrows(How::Mutable, loans)
            }
            Access::Read if has_ref && self.chance(40) => {
                self.access(place, Access::Read);
                let mut matched = Matched::value(node(""), ty).borrows(How::Value, loans);
                matched.may_move = false;
                matched.may_change = false;
                matched
            }
            Access::Move => {
                let mut matched = Matched::value(node(""), ty).borrows(How::Value, loans);
                matched.place = Some(place.clone());
                matched.may_change = false;
                matched
            }
            _ => {
                self.access(place, Access::Read);
                Matched::value(node("&"), ty).borrows(How::Shared, loans)
            }
        }
    }

    /// A pattern for a value.
    pub(super) fn pattern(&mut self, matched: &Matched, may_fail: bool) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.text = self.part(&matched.ty, matched, may_fail, &mut pattern);
        pattern
    }

    /// Declares what a pattern binds, and moves what it moves.
    pub(super) fn bind(&mut self, matched: &Matched, pattern: Pattern) {
        if let Some(place) = &matched.place
            && pattern.moves
        {
            self.access(place, Access::Move);
        }
        for binding in pattern.bindings {
            self.scope.declare(binding);
        }
    }

    fn part(&mut self, ty: &Type, matched: &Matched, may_fail: bool, out: &mut Pattern) -> String {
        let structure = self.rng.u32(0..100);
        match ty {
            Type::Option(_) | Type::Result(..) | Type::Shape | Type::Int | Type::Bool
                if may_fail && structure < 85 =>
            {
                self.variant(ty, matched, out)
            }
            Type::Tuple(parts) if structure < 75 => self.tuple(parts, matched, may_fail, out),
            Type::Pair if structure < 60 => {
                let left = self.part(&Type::D, matched, may_fail, out);
                if self.has(Construct::Remainder) && self.chance(25) {
                    return format!("Pair {{ left: {left}, .. }}");
                }
                let right = self.part(&Type::D, matched, may_fail, out);
                format!("Pair {{ left: {left}, right: {right} }}")
            }
            Type::Array(inner) if structure < 50 => {
                let first = self.part(inner, matched, may_fail, out);
                let second = self.part(inner, matched, may_fail, out);
                format!("[{first}, {second}]")
            }
            _ => self.binding(ty, matched, out),
        }
    }

    fn tuple(
        &mut self,
        parts: &[Type],
        matched: &Matched,
        may_fail: bool,
        out: &mut Pattern,
    ) -> String {
        if self.has(Construct::Remainder) && self.chance(15) {
            let first = self.part(&parts[0], matched, may_fail, out);
            return format!("({first}, ..)");
        }
        let parts: Vec<String> =
            parts.iter().map(|part| self.part(part, matched, may_fail, out)).collect();
        format!("({},)", parts.join(", "))
    }

    fn variant(&mut self, ty: &Type, matched: &Matched, out: &mut Pattern) -> String {
        if self.has(Construct::At) && self.chance(10) {
            let whole = self.binding(ty, matched, out);
            let mut inner = Pattern::default();
            let text = self.variant_of(ty, matched, &mut inner);
            return match inner.bindings.is_empty() && !whole.starts_with('_') {
                true => format!("{whole} @ ({text})"),
                false => whole,
            };
        }
        if self.has(Construct::Or) && self.chance(12) {
            return self.alternatives(ty, matched, out);
        }
        self.variant_of(ty, matched, out)
    }

    fn variant_of(&mut self, ty: &Type, matched: &Matched, out: &mut Pattern) -> String {
        match ty {
            Type::Option(inner) => match self.chance(70) {
                true => format!("Some({})", self.part(inner, matched, true, out)),
                false => "None".to_owned(),
            },
            Type::Result(value, error) => match self.chance(60) {
                true => format!("Ok({})", self.part(value, matched, true, out)),
                false => format!("Err({})", self.part(error, matched, true, out)),
            },
            Type::Shape => self.shape(matched, out),
            Type::Bool => self.one_of(&["true", "false"]).to_owned(),
            _ => self.one_of(&["0", "1", "2..=4", "(3..)"]).to_owned(),
        }
    }

    fn shape(&mut self, matched: &Matched, out: &mut Pattern) -> String {
        match self.rng.u32(0..5) {
            0 => "Shape::Empty".to_owned(),
            1 => format!("Shape::One({})", self.part(&Type::D, matched, true, out)),
            2 => {
                let x = self.part(&Type::D, matched, true, out);
                if self.has(Construct::Remainder) && self.chance(25) {
                    return format!("Shape::Two(.., {x})");
                }
                let y = self.part(&Type::D, matched, true, out);
                format!("Shape::Two({x}, {y})")
            }
            _ => {
                let x = self.part(&Type::D, matched, true, out);
                if self.has(Construct::Remainder) && self.chance(25) {
                    return format!("Shape::Named {{ x: {x}, .. }}");
                }
                let n = self.part(&Type::Int, matched, true, out);
                format!("Shape::Named {{ n: {n}, x: {x} }}")
            }
        }
    }

    fn alternatives(&mut self, ty: &Type, matched: &Matched, out: &mut Pattern) -> String {
        match ty {
            Type::Shape => {
                let x = self.binding(&Type::D, matched, out);
                match self.has(Construct::Remainder) {
                    true => format!("(Shape::One({x}) | Shape::Two(_, {x}))"),
                    false => {
                        format!("(Shape::One({x}) | Shape::Named {{ x: {x}, n: 0 }})")
                    }
                }
            }
            Type::Int => "(0 | 2 | 4..=9)".to_owned(),
            Type::Option(inner) if **inner == Type::Int => "(None | Some(0))".to_owned(),
            _ => self.variant_of(ty, matched, out),
        }
    }

    /// A variable or `_`.
    fn binding(&mut self, ty: &Type, matched: &Matched, out: &mut Pattern) -> String {
        let is_rest = matched.how == How::Value && !ty.is_copy();
        let may_ignore = !is_rest || self.has(Construct::Remainder);
        let must_ignore = matched.how != How::Value && ty.is_borrowing();
        if must_ignore || may_ignore && self.chance(20) {
            return "_".to_owned();
        }
        let name = self.new_name(&out.bindings);
        let is_new = matched.may_change;
        let construct = if is_new { Construct::RefOfValue } else { Construct::RefPattern };
        let may_refer = self.has(construct) && !ty.is_borrowing();
        let how = match matched.how {
            How::Value if may_refer && self.chance(15) => How::Shared,
            How::Value if may_refer && matched.may_change && self.chance(10) => How::Mutable,
            How::Value if !matched.may_move && !ty.is_copy() => How::Shared,
            how => how,
        };
        let is_mutable = how == How::Value && self.chance(30);
        let text = match (how, matched.how) {
            (How::Shared, How::Value) => format!("ref {name}"),
            (How::Mutable, How::Value) => format!("ref mut {name}"),
            _ if is_mutable => format!("mut {name}"),
            _ => name.clone(),
        };
        out.moves |= how == How::Value && !ty.is_copy();
        let (ty, loans) = match how {
            How::Value => {
                (ty.clone(), if ty.is_borrowing() { matched.loans.clone() } else { vec![] })
            }
            How::Shared => (Type::reference(ty.clone()), matched.loans.clone()),
            How::Mutable => (Type::reference_mut(ty.clone()), matched.loans.clone()),
        };
        out.bindings.push(Variable { name, ty, is_mutable, state: State::Live, loans });
        text
    }

    /// A name for a variable that is not one of these.
    pub(super) fn new_name(&mut self, besides: &[Variable]) -> String {
        let is_free = |name: &String| !besides.iter().any(|other| other.name == *name);
        if self.has(Construct::Shadow) && self.chance(15) && self.scope.len() > 0 {
            let shadowed = self.rng.usize(..self.scope.len());
            let name = self.scope.get(shadowed).name.clone();
            if is_free(&name) && self.may_shadow(shadowed) {
                return name;
            }
        }
        self.fresh_name("v")
    }

    /// Whether nothing needs the name of a variable any more.
    fn may_shadow(&self, variable: usize) -> bool {
        variable >= self.scope.loop_base
    }
}
