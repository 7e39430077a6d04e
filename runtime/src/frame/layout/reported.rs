//! A report becomes a layout again, in `cargo coframe`.

use std::iter::Peekable;
use std::str::Lines;

use super::callees::Callees;
use super::report::HEAD;
use super::{Field, FrameLayout, State, table};

/// A layout that was reported.
#[derive(Clone, Copy, Debug)]
pub struct Reported {
    /// The layout. The names of types are not known: they are empty.
    pub layout: &'static FrameLayout,
    /// The path of the module it is in.
    pub path: &'static str,
    /// The size of rustc's future for the same body, if there is one.
    pub plain: Option<usize>,
}

/// The layout in the text of an error, if there is one. What it consists of is never freed: it is the
/// same type as that of a constant.
pub fn parse(text: &str) -> Option<Reported> {
    let (_, report) = text.split_once(HEAD)?;
    let report: &'static str = report.to_owned().leak();
    frame(&mut report.lines().peekable(), 0)
}

/// The frame at this depth.
fn frame(lines: &mut Peekable<Lines<'static>>, depth: usize) -> Option<Reported> {
    let head = take(lines, depth, "frame")?;
    let [name, path, size, align, plain, file] = words(head)?;
    let mut states = Vec::new();
    while let Some(line) = take(lines, depth, "state") {
        let [line, column, name, awaited] = words(line)?;
        let (line, column) = (line.parse().ok()?, column.parse().ok()?);
        states.push(State { name, index: states.len(), file, line, column, awaited });
    }
    let (mut fields, mut callees) = (Vec::new(), Vec::new());
    while let Some(line) = take(lines, depth, "field") {
        let [kind, offset, size, live, name] = words(line)?;
        let kind = table::kind_of(*kind.as_bytes().first()?);
        let callee = frame(lines, depth + 1).map(|reported| {
            callees.push(reported.layout);
            callees.len() - 1
        });
        let (offset, size) = (offset.parse().ok()?, size.parse().ok()?);
        fields.push(Field { name, kind, offset, size, type_name: || "", live, callee });
    }
    let none: &'static Callees = Box::leak(Box::new(Callees::NONE));
    let callees = callees
        .into_iter()
        .rev()
        .fold(none, |rest, callee| Box::leak(Box::new(Callees::with(callee, rest))));
    let layout = FrameLayout {
        name,
        file,
        size: size.parse().ok()?,
        align: align.parse().ok()?,
        fields: fields.leak(),
        states: states.leak(),
        callees,
    };
    Some(Reported { layout: Box::leak(Box::new(layout)), path, plain: plain.parse().ok() })
}

/// What is after the depth and the word in the next line, if it begins with them.
fn take(lines: &mut Peekable<Lines<'static>>, depth: usize, word: &str) -> Option<&'static str> {
    let rest = |line: &&'static str| {
        let (number, rest) = line.split_once(' ')?;
        let rest = rest.strip_prefix(word)?.strip_prefix(' ')?;
        (number.parse() == Ok(depth)).then_some(rest)
    };
    let found = lines.peek().and_then(rest)?;
    lines.next();
    Some(found)
}

/// The words of a line; the last is all that is left.
fn words<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let mut words = [""; N];
    let mut rest = line.splitn(N, ' ');
    for word in &mut words {
        *word = rest.next()?;
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::parse;

    const REPORT: &str = "evaluation panicked: coframe-layout
0 frame serve app::net 24 8 40 src/net.rs
0 state 3 10 Start \n0 state 4 22 Read socket.read(&mut buffer)
0 field s 17 1 3 state
0 field w 0 16 2 read
1 frame read - 16 8 - src/io.rs
1 state 9 1 Start \n1 field s 0 1 1 state
0 field v 16 1 2 buffer
";

    #[test]
    fn a_report_is_read_back() {
        let reported = parse(REPORT).expect("it is a report");
        let layout = reported.layout;
        assert_eq!((layout.name, reported.path, reported.plain), ("serve", "app::net", Some(40)));
        assert_eq!((layout.size, layout.align, layout.file), (24, 8, "src/net.rs"));
        assert_eq!(layout.states[1].awaited, "socket.read(&mut buffer)");
        let read = layout.field("read").expect("it is there");
        assert!(read.is_live_in(&layout.states[1]) && !read.is_live_in(&layout.states[0]));
        let callee = layout.callee(read).expect("it is a frame");
        assert_eq!((callee.name, callee.size), ("read", 16));
        assert!(layout.field("buffer").is_some_and(|field| layout.callee(field).is_none()));
    }

    #[test]
    fn other_errors_are_none() {
        assert!(parse("evaluation panicked: the slot is too small").is_none());
    }
}
