//! Variables and parts of them, and expressions that name them.

use super::Generator;
use super::scope::{Access, State};
use crate::construct::Construct;
use crate::program::{Node, Type, pieces};

/// A variable or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) text: String,
    pub(super) ty: Type,
    pub(super) root: usize,
    /// The fields from the root on, as far as they can be moved out.
    pub(super) path: String,
    is_movable: bool,
    is_writable: bool,
}

impl Place {
    fn part(&self, text: String, ty: &Type, path: &str, is_movable: bool) -> Place {
        Place {
            text,
            ty: ty.clone(),
            root: self.root,
            path: if is_movable { format!("{}{path}", self.path) } else { self.path.clone() },
            is_movable: self.is_movable && is_movable,
            is_writable: self.is_writable,
        }
    }

    fn field(&self, name: &str, ty: &Type) -> Place {
        let is_movable = self.is_movable && self.ty != Type::Noisy;
        self.part(format!("{}.{name}", self.text), ty, &format!(".{name}"), is_movable)
    }

    fn parts(&self) -> Vec<Place> {
        let behind = |ty, is_writable| Place {
            is_writable,
            ..self.part(format!("(*{})", self.text), ty, "", false)
        };
        match &self.ty {
            Type::Pair => vec![self.field("left", &Type::D), self.field("right", &Type::D)],
            Type::Noisy => vec![self.field("inner", &Type::D), self.field("number", &Type::Int)],
            Type::Tuple(parts) => {
                let fields = parts.iter().enumerate();
                fields.map(|(index, part)| self.field(&index.to_string(), part)).collect()
            }
            Type::Array(inner) => vec![self.part(format!("{}[1]", self.text), inner, "", false)],
            Type::Boxed(inner) => vec![self.part(format!("(*{})", self.text), inner, "*", true)],
            Type::Ref(inner) => vec![behind(inner, false)],
            Type::RefMut(inner) => vec![behind(inner, true)],
            Type::Guard => vec![behind(&Type::D, self.is_writable)],
            _ => Vec::new(),
        }
    }

    /// The text as the receiver of a method.
    pub(super) fn receiver(&self) -> &str {
        let inner = self.text.strip_prefix("(*").and_then(|text| text.strip_suffix(')'));
        inner.filter(|text| !text.contains('(')).unwrap_or(&self.text)
    }
}

impl Generator {
    /// All places of a type that may be accessed.
    pub(super) fn places(&self, is_wanted: impl Fn(&Type) -> bool, access: Access) -> Vec<Place> {
        let mut found = Vec::new();
        if self.is_bare {
            return found;
        }
        for root in 0..self.scope.len() {
            let variable = self.scope.get(root);
            if !self.scope.is_visible(root)
                || (variable.state == State::Gone && access != Access::Assign)
            {
                continue;
            }
            let place = Place {
                text: variable.name.clone(),
                ty: variable.ty.clone(),
                root,
                path: String::new(),
                is_movable: true,
                is_writable: variable.is_mutable,
            };
            self.collect(place, 3, &mut found);
        }
        found.retain(|place| is_wanted(&place.ty) && self.may(place, access));
        found
    }

    fn collect(&self, place: Place, depth: usize, found: &mut Vec<Place>) {
        if depth > 0 {
            for part in place.parts() {
                self.collect(part, depth - 1, found);
            }
        }
        found.push(place);
    }

    fn may(&self, place: &Place, access: Access) -> bool {
        let (root, path) = (place.root, place.path.as_str());
        let allows = match access {
            Access::Write => place.is_writable,
            Access::Assign => place.path.is_empty() && place.text == self.scope.get(root).name,
            Access::Read => true,
            Access::Move => {
                place.is_movable
                    && !place.ty.is_borrowing()
                    && (path.is_empty() || self.may_move_part(path))
            }
        };
        let is_outside = root < self.scope.loop_base;
        let may_loop = access != Access::Move || !is_outside || self.has(Construct::MoveInLoop);
        allows && may_loop && self.scope.allows(root, path, access)
    }

    fn may_move_part(&self, path: &str) -> bool {
        let is_allowed = |mark, construct| !path.contains(mark) || self.has(construct);
        is_allowed('*', Construct::Unbox) && is_allowed('.', Construct::PartialMove)
    }

    /// One of the places of a type.
    pub(super) fn place(&mut self, ty: &Type, access: Access) -> Option<Place> {
        let mut found = self.places(|found| found == ty, access);
        if found.is_empty() {
            return None;
        }
        let index = self.rng.usize(..found.len());
        Some(found.swap_remove(index))
    }

    /// Does what the program does with a place.
    pub(super) fn access(&mut self, place: &Place, access: Access) {
        self.scope.perform(place.root, &place.path, access);
    }

    /// Keeps a place borrowed until the expression around it is complete.
    pub(super) fn hold(&mut self, place: &Place, is_mutable: bool) {
        let loans = self.scope.get(place.root).loans.clone();
        self.scope.lock(place.root, is_mutable);
        loans.iter().for_each(|loan| self.scope.lock(loan.variable, loan.is_mutable));
    }

    /// The value of a variable or a part of it.
    pub(super) fn variable(&mut self, ty: &Type) -> Option<Node> {
        if let Type::Ref(_) = ty {
            let place = self.place(ty, Access::Read)?;
            self.access(&place, Access::Read);
            self.hold(&place, false);
            return Some(Node::expression(ty, pieces![place.text]));
        }
        let access = if ty.is_copy() { Access::Read } else { Access::Move };
        let place = self.place(ty, access)?;
        self.access(&place, access);
        Some(Node::expression(ty, pieces![place.text]))
    }

    /// A reference to something.
    pub(super) fn reference(&mut self, inner: &Type, is_mutable: bool) -> Node {
        let (sign, access, ty) = match is_mutable {
            true => ("&mut ", Access::Write, Type::reference_mut(inner.clone())),
            false => ("&", Access::Read, Type::reference(inner.clone())),
        };
        if let Some(place) = self.place(inner, access)
            && self.chance(85)
        {
            self.access(&place, access);
            self.hold(&place, is_mutable);
            return Node::expression(&ty, pieces![sign, place.text]);
        }
        if self.keeps_temporaries {
            let value = self.fresh(inner);
            return Node::expression(&ty, pieces![sign, self.operand(value)]);
        }
        let value = self.fresh(inner);
        match is_mutable {
            true => Node::expression(&ty, pieces!["keep(", value, ")"]),
            false if self.has(Construct::Reborrow) => {
                Node::expression(&ty, pieces!["(&*keep(", value, "))"])
            }
            false => Node::expression(&ty, pieces!["lend(", value, ")"]),
        }
    }

    /// An expression with parentheses if it needs them as an operand or a receiver.
    pub(super) fn operand(&mut self, node: Node) -> Node {
        let text = node.text("");
        let is_simple = text.starts_with(|first: char| first.is_alphanumeric() || first == '(')
            && !text.contains(['{', '|', ';'])
            && !["if ", "match ", "loop", "return", "break", "move", "async", "unsafe"]
                .iter()
                .any(|word| text.starts_with(word));
        let is_closed = is_simple && !text.contains(" as ") && !text.contains(" + ");
        let ty = match &node.role {
            crate::program::Role::Expression(ty) => ty.clone(),
            _ => Type::Unit,
        };
        match is_closed || is_literal(&text) {
            true => node,
            false => Node::expression(&ty, pieces!["(", node, ")"]),
        }
    }
}

fn is_literal(text: &str) -> bool {
    text.chars().all(|one| one.is_alphanumeric() || one == '_')
}
