//! Pages of the documentation with figures in them.
//!
//! What people write on a page stays: a program writes between two marks that name it.
//!
//! ```text
//! <!-- net-bench: begin -->
//! (figures)
//! <!-- net-bench: end -->
//! ```

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Writes `text` between the marks of `name` on a page. A page that is not there, or has no such
/// marks, gets them at its end.
///
/// # Errors
///
/// Those of reading and writing the file.
pub fn insert(path: &Path, name: &str, text: &str) -> io::Result<()> {
    let page = match fs::read_to_string(path) {
        Ok(page) => page,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    fs::write(path, with(&page, name, text))
}

fn with(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let text = text.trim();
    let halves = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    let (before, after) = halves.unwrap_or((page, ""));
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    format!("{before}{gap}{begin}\n{text}\n\n{end}{after}")
}

/// What machine this is, for the reader of figures.
///
/// # Errors
///
/// If the system does not tell.
pub fn machine() -> io::Result<String> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let numbers = release.trim().split('-').next().unwrap_or_default();
    let count = std::thread::available_parallelism()?;
    Ok(format!("Linux {numbers}, {count} processors"))
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn what_people_wrote_stays() {
        let first = with("# Title\n", "a", "one\n");
        assert_eq!(first, "# Title\n\n<!-- a: begin -->\n\none\n\n<!-- a: end -->\n");
        let both = with(&format!("{first}\nEnd.\n"), "b", "two");
        assert!(both.ends_with("\nEnd.\n\n<!-- b: begin -->\n\ntwo\n\n<!-- b: end -->\n"));
        let changed = with(&both, "a", "three");
        assert_eq!(changed, both.replace("one", "three"));
    }
}
