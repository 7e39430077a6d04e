//! What is in an image.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, elf};

use crate::Outcome;

/// A program for the chip.
#[derive(Debug)]
pub(super) struct Image {
    /// The name of the program.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    sections: Vec<Section>,
    /// The functions and statics, with their sizes.
    symbols: Vec<(String, u64)>,
}

/// A section that takes flash, RAM or both.
#[derive(Debug)]
struct Section {
    name: String,
    size: u64,
    /// It is in RAM.
    is_memory: bool,
    /// Its content is in flash.
    is_stored: bool,
}

impl Image {
    /// Reads the image of a program that was built.
    pub(super) fn read(path: PathBuf, name: &str) -> Result<Self, Box<dyn Error>> {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = object::File::parse(bytes.as_slice())?;
        let sections = file.sections().filter_map(|section| Section::of(&section)).collect();
        let symbols = file.symbols().filter_map(|symbol| {
            let name = symbol.name().ok()?;
            Some((format!("{:#}", rustc_demangle::demangle(name)), symbol.size()))
        });
        let symbols = symbols.collect();
        Ok(Image { name: name.to_owned(), path, sections, symbols })
    }

    /// The bytes of flash.
    pub(super) fn flash(&self) -> u64 {
        self.sections.iter().filter(|section| section.is_stored).map(|section| section.size).sum()
    }

    /// The bytes of RAM, the stack aside.
    pub(super) fn memory(&self) -> u64 {
        self.sections.iter().filter(|section| section.is_memory).map(|section| section.size).sum()
    }

    /// The sections that are not empty, with their sizes.
    pub(super) fn sections(&self) -> impl Iterator<Item = (&str, u64)> {
        let sections = self.sections.iter().filter(|section| section.size > 0);
        sections.map(|section| (section.name.as_str(), section.size))
    }

    /// The bytes of the executor's and the pools' functions. The one that resumes a coroutine has its
    /// body in it, and does not count.
    pub(super) fn executor(&self) -> u64 {
        let is_ours = |name: &str| {
            let name = name.trim_start_matches('<');
            let is_body = name.starts_with("coframe::executor::header::run");
            name.starts_with("coframe::executor::") && !is_body
                || name.starts_with("coframe::frame::pool::")
        };
        self.symbols.iter().filter(|(name, _)| is_ours(name)).map(|(_, size)| size).sum()
    }

    /// Fails if anything in the image allocates, or formats what a panic says.
    pub(super) fn check(&self) -> Outcome {
        let allocates = |name: &str| {
            let known = ["malloc", "calloc", "realloc", "free"];
            known.contains(&name) || name.contains("__rust_alloc") || name.contains("alloc::alloc")
        };
        let formats = |name: &str| name.contains("core::fmt::");
        let found = self.symbols.iter().map(|(name, _)| name.as_str());
        match found.into_iter().find(|name| allocates(name) || formats(name)) {
            Some(name) => Err(format!("{} contains `{name}`", self.name).into()),
            None => Ok(()),
        }
    }
}

impl Section {
    /// The section, if it is loaded.
    fn of(section: &object::Section<'_, '_>) -> Option<Self> {
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { return None };
        let is_loaded = sh_flags.contains(elf::SHF_ALLOC);
        let is_memory = sh_flags.contains(elf::SHF_WRITE);
        let is_stored = section.kind() != SectionKind::UninitializedData;
        is_loaded.then(|| Section {
            name: section.name().unwrap_or_default().to_owned(),
            size: section.size(),
            is_memory,
            is_stored,
        })
    }
}
