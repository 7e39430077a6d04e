//! The layout as text, in the manner of pahole: a struct in the order of its bytes.

use core::fmt;

use super::{Field, FieldKind, FrameLayout};

impl fmt::Display for FrameLayout {
    /// A struct with the offset, the size and the states beside each field, then the states. The frames
    /// of callees unfold inside it; `{:#}` leaves those folded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "frame {} {{ // {} bytes, aligned to {}", self.name, self.size, self.align)?;
        writeln!(f, "    // offset   size  {:states$}", "live in", states = self.columns())?;
        self.fmt_fields(f, 0, 1)?;
        writeln!(f, "}}")?;
        self.fmt_states(f, "    ")?;
        let padding = self.padding();
        write!(f, "    {} fields, {padding} bytes of padding", self.fields.len())
    }
}

impl FrameLayout {
    /// How wide the column with a mark for each state is.
    fn columns(&self) -> usize {
        self.states.len().max("live in".len())
    }

    fn fmt_fields(&self, f: &mut fmt::Formatter<'_>, base: usize, depth: usize) -> fmt::Result {
        for_each_in_order(self, |part| match part {
            Part::Field(field) => self.fmt_field(f, field, base, depth),
            Part::Gap(start, end) => {
                write!(f, "{:1$}", "", 4 * depth)?;
                writeln!(f, "// {:>6} {:>6}  padding", base + start, end - start)
            }
        })
    }

    fn fmt_field(
        &self,
        f: &mut fmt::Formatter<'_>,
        field: &Field,
        base: usize,
        depth: usize,
    ) -> fmt::Result {
        write!(f, "{:1$}", "", 4 * depth)?;
        write!(f, "/* {:>6} {:>6}  ", base + field.offset, field.size)?;
        for state in self.states {
            f.write_str(if field.is_live_in(state) { "#" } else { "." })?;
        }
        write!(f, "{:1$}", "", self.columns() - self.states.len())?;
        write!(f, " */ {}", field.name)?;
        if field.kind == FieldKind::State && field.size == 0 {
            return writeln!(f, ", // kept by what is awaited");
        }
        if !field.type_name().full().is_empty() {
            write!(f, ": {}", field.type_name())?;
        }
        let callee = self.callee(field).filter(|_| !f.alternate());
        f.write_str(if callee.is_some() { " {" } else { "," })?;
        if let Some(other) = self.overlapping(field).next() {
            write!(f, " // shares bytes with {}", other.name)?;
            for other in self.overlapping(field).skip(1) {
                write!(f, ", {}", other.name)?;
            }
        }
        writeln!(f)?;
        if let Some(callee) = callee {
            callee.fmt_fields(f, base + field.offset, depth + 1)?;
            writeln!(f, "{:1$}}}", "", 4 * depth)?;
        }
        Ok(())
    }

    fn fmt_states(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        let wide = |state: &super::State| state.name.chars().count();
        let width = self.states.iter().map(wide).max().unwrap_or_default();
        for state in self.states {
            f.write_str(indent)?;
            for mark in 0..self.states.len() {
                f.write_str(if mark == state.index { "#" } else { "." })?;
            }
            let live = self.live_bytes(state);
            write!(f, " {:width$}  {live:>6} bytes live  ", state.name)?;
            write!(f, "{}:{}:{}", state.file, state.line, state.column)?;
            match state.awaited {
                "" => writeln!(f)?,
                awaited => writeln!(f, "  {awaited}")?,
            }
        }
        Ok(())
    }
}

/// A part of a frame, in the order of bytes.
pub(super) enum Part<'a> {
    /// A field.
    Field(&'a Field),
    /// Bytes that belong to none.
    Gap(usize, usize),
}

/// Visits the fields and the gaps between them in the order of bytes; of two fields that begin at the
/// same byte, in the order of the frame.
pub(super) fn for_each_in_order<'a>(
    layout: &FrameLayout,
    mut visit: impl FnMut(Part<'a>) -> fmt::Result,
) -> fmt::Result {
    let fields: &'static [Field] = layout.fields;
    let mut gaps = layout.gaps().peekable();
    let mut last: Option<(usize, usize)> = None;
    loop {
        let position = |(index, field): (usize, &Field)| (field.offset, index);
        let positions = fields.iter().enumerate().map(position);
        let next = positions.filter(|at| last.is_none_or(|last| *at > last)).min();
        let limit = next.map_or(layout.size, |(offset, _)| offset);
        while let Some(gap) = gaps.next_if(|gap| gap.start < limit) {
            visit(Part::Gap(gap.start, gap.end))?;
        }
        let Some((_, index)) = next else { return Ok(()) };
        visit(Part::Field(&fields[index]))?;
        last = next;
    }
}
