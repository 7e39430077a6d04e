//! The byte map: a picture of a frame, with a row for each state and the bytes across.
//!
//! The axis is not linear: each stretch of bytes between two boundaries of fields has a least width,
//! and the rest is shared out by size, so that a byte of state can be seen beside a buffer of many
//! kilobytes. A name that does not fit into its box is left out; the legend has all of them.

use core::fmt;

use super::text::{Part, for_each_in_order};
use super::{Field, FrameLayout, State};

/// What shows a layout as an SVG document. Made by [`FrameLayout::byte_map`].
///
/// ```
/// #[coframe::coroutine]
/// async fn wait(x: u64) -> u64 {
///     core::future::ready(()).await;
///     x
/// }
///
/// let svg = coframe::frame_layout!(wait).byte_map().to_string();
/// assert!(svg.starts_with("<svg"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ByteMap<'a>(&'a FrameLayout);

/// Pixels of one character of the labels.
const CHARACTER: usize = 7;
/// Pixels of the stretch of all bytes.
const WIDTH: usize = 840;
/// Pixels of the column with the bytes that are live, on the right.
const RIGHT: usize = 90;
const ROW: usize = 36;
const LINE: usize = 20;
const TITLE: usize = 34;
const AXIS: usize = 22;
const GAP: usize = 18;
/// The longest text of what is awaited, in characters.
const LONGEST: usize = 38;

impl<'a> ByteMap<'a> {
    pub(super) const fn new(layout: &'a FrameLayout) -> Self {
        ByteMap(layout)
    }
}

impl fmt::Display for ByteMap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = left(self.0);
        let (width, height) = (left + WIDTH + RIGHT, height(self.0) + GAP);
        writeln!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"11.5\">"
        )?;
        writeln!(f, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
        writeln!(
            f,
            "<defs><pattern id=\"padding\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\"><path d=\"M0 6L6 0\" stroke=\"#999999\"/></pattern>\
             </defs>"
        )?;
        section(f, self.0, None, left, 0)?;
        writeln!(f, "</svg>")
    }
}

/// Draws a frame from a height on, and the frames inside it below; gives the height after it.
fn section(
    f: &mut fmt::Formatter<'_>,
    layout: &FrameLayout,
    inside: Option<&Field>,
    left: usize,
    top: usize,
) -> Result<usize, fmt::Error> {
    let axis = Axis::new(layout, left);
    write!(f, "<text x=\"12\" y=\"{}\" font-size=\"14\" font-weight=\"bold\">", top + 22)?;
    let inside = inside.filter(|field| field.name != layout.name);
    if let Some(field) = inside {
        write!(f, "{}: ", Escaped(field.name))?;
    }
    write!(f, "{}</text>", Escaped(layout.name))?;
    let title =
        layout.name.chars().count() + inside.map_or(0, |field| field.name.chars().count() + 2);
    let (x, padding) = (12 + title * 9 + 12, layout.padding());
    writeln!(
        f,
        "<text x=\"{x}\" y=\"{}\" fill=\"#555555\">{} bytes, aligned to {}, {padding} of padding\
         </text>",
        top + 22,
        layout.size,
        layout.align
    )?;
    axis.draw(f, top + TITLE)?;
    let mut y = top + TITLE + AXIS;
    for state in layout.states {
        row(f, &axis, state, y)?;
        y += ROW;
    }
    y = legend(f, layout, y + GAP)?;
    for field in layout.fields {
        if let Some(callee) = layout.callee(field) {
            y = section(f, callee, Some(field), left, y + GAP)?;
        }
    }
    Ok(y)
}

/// One state: its name, what is live in it, and how many bytes that is.
fn row(f: &mut fmt::Formatter<'_>, axis: &Axis<'_>, state: &State, y: usize) -> fmt::Result {
    let layout = axis.layout;
    writeln!(f, "<text x=\"12\" y=\"{}\">{}, line {}</text>", y + 14, state.name, state.line)?;
    let awaited = Shortened(state.awaited);
    writeln!(
        f,
        "<text x=\"12\" y=\"{}\" font-size=\"10\" fill=\"#777777\">{awaited}</text>",
        y + 27
    )?;
    let (x, height) = (axis.left, ROW - 4);
    writeln!(
        f,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" fill=\"#f1f1f1\"/>"
    )?;
    for_each_in_order(layout, |part| match part {
        Part::Field(field) if field.is_live_in(state) && field.size > 0 => {
            let number = layout.fields.iter().position(|other| other.name == field.name);
            cell(f, axis, field, number.unwrap_or_default(), y)
        }
        Part::Field(_) => Ok(()),
        Part::Gap(start, end) => {
            let (x, width) = (axis.x(start), axis.x(end) - axis.x(start));
            writeln!(
                f,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                 fill=\"url(#padding)\"/>"
            )
        }
    })?;
    let (x, live) = (axis.left + WIDTH + 10, layout.live_bytes(state));
    writeln!(f, "<text x=\"{x}\" y=\"{}\">{live} live</text>", y + 20)
}

/// One field that is live in one state.
fn cell(
    f: &mut fmt::Formatter<'_>,
    axis: &Axis<'_>,
    field: &Field,
    number: usize,
    y: usize,
) -> fmt::Result {
    let (x, width) = (axis.x(field.offset), axis.x(field.end()) - axis.x(field.offset));
    let (height, fill) = (ROW - 4, Colour(number));
    writeln!(
        f,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" \
         stroke=\"#ffffff\"><title>{}: {}</title></rect>",
        Escaped(field.name),
        field.size
    )?;
    if field.name.chars().count() * CHARACTER + 6 > width {
        return Ok(());
    }
    let (x, y) = (x + width / 2, y + 20);
    writeln!(f, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>", Escaped(field.name))
}

/// All fields, a line each; gives the height after it.
fn legend(
    f: &mut fmt::Formatter<'_>,
    layout: &FrameLayout,
    top: usize,
) -> Result<usize, fmt::Error> {
    let mut y = top;
    let names = layout.fields.iter().map(|field| field.name.chars().count());
    let x = 36 + names.max().unwrap_or_default() * CHARACTER + 14;
    for (number, field) in layout.fields.iter().enumerate() {
        let fill = Colour(number);
        writeln!(
            f,
            "<rect x=\"12\" y=\"{y}\" width=\"16\" height=\"14\" fill=\"{fill}\"/>\
             <text x=\"36\" y=\"{}\">{}</text>",
            y + 11,
            Escaped(field.name)
        )?;
        writeln!(
            f,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <text x=\"{}\" y=\"{}\" fill=\"#555555\">at {}</text>",
            x + 42,
            y + 11,
            field.size,
            x + 50,
            y + 11,
            field.offset
        )?;
        write!(f, "<text x=\"{}\" y=\"{}\" fill=\"#555555\">", x + 126, y + 11)?;
        fmt::write(&mut Escaping(f), format_args!("{}", Limited(field)))?;
        for (index, other) in layout.overlapping(field).enumerate() {
            let before = match index {
                0 if field.type_name().full().is_empty() => "shares bytes with ",
                0 => " — shares bytes with ",
                _ => ", ",
            };
            write!(f, "{before}{}", Escaped(other.name))?;
        }
        writeln!(f, "</text>")?;
        y += LINE;
    }
    Ok(y)
}

/// The pixels that [`section`] needs.
fn height(layout: &FrameLayout) -> usize {
    let own = TITLE + AXIS + ROW * layout.states.len() + GAP + LINE * layout.fields.len();
    let callees = layout.fields.iter().filter_map(|field| layout.callee(field));
    own + callees.map(|callee| GAP + height(callee)).sum::<usize>()
}

/// The pixels of the column with the states, as wide as the widest needs.
fn left(layout: &FrameLayout) -> usize {
    let own = layout.states.iter().map(|state| {
        let name = state.name.chars().count() + ", line 00000".len();
        let awaited = state.awaited.chars().count().min(LONGEST);
        (name * CHARACTER).max(awaited * 6) + 24
    });
    let callees = layout.fields.iter().filter_map(|field| layout.callee(field)).map(left);
    own.chain(callees).max().unwrap_or_default()
}

/// Where bytes are in the picture.
struct Axis<'a> {
    layout: &'a FrameLayout,
    left: usize,
    /// The least width of a stretch between two boundaries.
    least: usize,
}

impl<'a> Axis<'a> {
    fn new(layout: &'a FrameLayout, left: usize) -> Self {
        let stretches = Boundaries { layout, at: Some(0) }.count().max(2) - 1;
        Axis { layout, left, least: (WIDTH * 7 / 10 / stretches).min(64) }
    }

    /// The pixel at which a byte begins.
    fn x(&self, offset: usize) -> usize {
        let boundaries = || Boundaries { layout: self.layout, at: Some(0) };
        let stretches = boundaries().count().max(2) - 1;
        let before = boundaries().filter(|at| *at <= offset && *at > 0).count();
        let rest = WIDTH - self.least * stretches;
        self.left + self.least * before + rest * offset / self.layout.size.max(1)
    }

    /// The offsets of the boundaries, as far as there is room for them.
    fn draw(&self, f: &mut fmt::Formatter<'_>, top: usize) -> fmt::Result {
        let (last, y) = (self.x(self.layout.size), top + 14);
        let room = |offset: usize| (offset.checked_ilog10().unwrap_or(0) as usize + 2) * CHARACTER;
        let mut free = 0;
        for offset in (Boundaries { layout: self.layout, at: Some(0) }) {
            let x = self.x(offset);
            let is_last = offset == self.layout.size;
            if is_last || x >= free && x + room(offset) <= last {
                writeln!(
                    f,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"10\" fill=\"#555555\">{offset}</text>\
                     <path d=\"M{x} {}v4\" stroke=\"#555555\"/>",
                    y + 3
                )?;
                free = x + room(offset);
            }
        }
        Ok(())
    }
}

/// The offsets at which something begins or ends, in order.
struct Boundaries<'a> {
    layout: &'a FrameLayout,
    at: Option<usize>,
}

impl Iterator for Boundaries<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let at = self.at?;
        let ends = self.layout.fields.iter().flat_map(|field| [field.offset, field.end()]);
        self.at = ends.chain([self.layout.size]).filter(|end| *end > at).min();
        Some(at)
    }
}

/// A colour for a number: each is far from the one before.
struct Colour(usize);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hue, lightness) = ((205 + self.0 * 137) % 360, 70 + self.0 % 3 * 5);
        write!(f, "hsl({hue},58%,{lightness}%)")
    }
}

/// A text in which XML finds no markup.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_str(&mut Escaping(f), self.0)
    }
}

/// Writes what is shown escaped.
struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.write_str("&amp;")?,
                '<' => self.0.write_str("&lt;")?,
                '>' => self.0.write_str("&gt;")?,
                '"' => self.0.write_str("&quot;")?,
                c => self.0.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// The beginning of what is awaited.
struct Shortened<'a>(&'a str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST) {
            None => write!(f, "{}", Escaped(self.0)),
            Some(_) => {
                let (end, _) = self.0.char_indices().nth(LONGEST - 2).unwrap_or_default();
                write!(f, "{}..", Escaped(&self.0[..end]))
            }
        }
    }
}

/// The beginning of a type name.
struct Limited<'a>(&'a Field);

impl fmt::Display for Limited<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Cut<'a, 'b>(&'a mut fmt::Formatter<'b>, usize);
        impl fmt::Write for Cut<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                for c in text.chars() {
                    if self.1 == 0 {
                        return Ok(());
                    }
                    self.1 -= 1;
                    self.0.write_char(c)?;
                    if self.1 == 0 {
                        self.0.write_str("..")?;
                    }
                }
                Ok(())
            }
        }
        fmt::write(&mut Cut(f, 60), format_args!("{}", self.0.type_name()))
    }
}
