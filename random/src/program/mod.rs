//! A generated program as data.
//!
//! The generator knows types, moves and borrows; the tree it leaves behind knows only what printing
//! and reducing need: text with holes, and of each hole whether it may be removed or replaced.

mod types;

pub use types::{Call, Type};

/// A program: functions, the first of which is called.
#[derive(Clone, Debug)]
pub struct Program {
    /// The seed it was made from.
    pub seed: u64,
    /// The functions; those after the first are called by those before them.
    pub functions: Vec<Node>,
    /// The call of the first function.
    pub call: Node,
}

/// A part of a program.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub role: Role,
    /// What it consists of, in order.
    pub pieces: Vec<Piece>,
}

/// What a part of a program is: this says how it may be made smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// An expression, which may be replaced by a smaller one of its type.
    Expression(Type),
    /// A statement, which may be removed or replaced by the statements inside it.
    Statement,
    /// Something else that may be removed: an arm, a guard, a type.
    Option,
    /// Statements, perhaps with an expression at the end, without the braces.
    Body,
    /// Something that holds others and has to stay.
    Group,
}

/// A piece of a part.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Tokens.
    Text(String),
    /// A smaller part.
    Node(Node),
    /// The place of the attribute in the copy that has it.
    Attribute,
}

impl Node {
    /// An expression of a type.
    pub fn expression(ty: &Type, pieces: Vec<Piece>) -> Self {
        Node { role: Role::Expression(ty.clone()), pieces }
    }

    /// A statement.
    pub fn statement(pieces: Vec<Piece>) -> Self {
        Node { role: Role::Statement, pieces }
    }

    /// Something that may be removed.
    pub fn option(pieces: Vec<Piece>) -> Self {
        Node { role: Role::Option, pieces }
    }

    /// Something that has to stay.
    pub fn group(pieces: Vec<Piece>) -> Self {
        Node { role: Role::Group, pieces }
    }

    /// The tokens of the node, in the copy with the attribute if `attribute` is not empty.
    pub fn text(&self, attribute: &str) -> String {
        let mut text = String::new();
        self.write(attribute, &mut text);
        text
    }

    fn write(&self, attribute: &str, text: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Node(node) => node.write(attribute, text),
                Piece::Attribute => text.push_str(attribute),
            }
        }
    }

    /// How many nodes there are, this one included.
    pub fn size(&self) -> usize {
        let parts = self.pieces.iter().map(|piece| match piece {
            Piece::Node(node) => node.size(),
            _ => 0,
        });
        1 + parts.sum::<usize>()
    }
}

impl Program {
    /// The length of its text, by which programs are compared when they are reduced.
    pub fn length(&self) -> usize {
        self.functions.iter().map(|function| function.text("").len()).sum()
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Piece::Text(text.to_owned())
    }
}

impl From<&String> for Piece {
    fn from(text: &String) -> Self {
        Piece::Text(text.clone())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Piece::Text(text)
    }
}

impl From<Node> for Piece {
    fn from(node: Node) -> Self {
        Piece::Node(node)
    }
}

/// Pieces from text and nodes.
macro_rules! pieces {
    ($($piece:expr),* $(,)?) => { vec![$($crate::program::Piece::from($piece)),*] };
}
pub(crate) use pieces;
