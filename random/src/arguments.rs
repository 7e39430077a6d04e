//! What the command is asked to do.

use clap::Parser;
use coframe_random::construct::{Construct, Constructs};

/// Compares random programs under rustc and under `#[coframe::coroutine]`.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// The seed of the first program
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many programs
    #[arg(long, default_value_t = 100)]
    pub(crate) count: u64,
    /// Just these programs, by their seeds
    #[arg(long, value_name = "SEEDS", value_delimiter = ',')]
    pub(crate) seeds: Vec<u64>,
    /// How many programs are compiled together
    #[arg(long, default_value_t = 50)]
    pub(crate) batch: usize,
    /// How many batches are compiled at the same time
    #[arg(long, default_value_t = 2)]
    pub(crate) jobs: usize,
    /// Keep the folders of the batches
    #[arg(long)]
    pub(crate) keep: bool,
    /// Print the programs instead of running them
    #[arg(long)]
    pub(crate) print: bool,
    /// Do not reduce what fails
    #[arg(long)]
    pub(crate) no_reduce: bool,
    /// Reduce at most this many programs of each cause
    #[arg(long, default_value_t = 1)]
    pub(crate) reduce: usize,
    /// Reduce programs that are refused as well
    #[arg(long)]
    pub(crate) reduce_refused: bool,
    /// Reduce programs that rustc rejects as well, to mend the generator
    #[arg(long)]
    pub(crate) reduce_rejected: bool,
    /// The edition of the programs; chains of conditions are left out before 2024
    #[arg(long, default_value = "2024", value_parser = ["2021", "2024"])]
    pub(crate) edition: String,
    /// Programs may contain this construct although it is left out
    #[arg(long, value_name = "CONSTRUCT", value_parser = construct)]
    pub(crate) with: Vec<Construct>,
    /// Programs may contain all constructs
    #[arg(long)]
    pub(crate) with_all: bool,
    /// Programs do not contain this construct
    #[arg(long, value_name = "CONSTRUCT", value_parser = construct)]
    pub(crate) without: Vec<Construct>,
}

impl Arguments {
    /// The seeds of the programs.
    pub(crate) fn programs(&self) -> Vec<u64> {
        match self.seeds.is_empty() {
            true => (self.seed..self.seed + self.count).collect(),
            false => self.seeds.clone(),
        }
    }

    /// What programs may contain.
    pub(crate) fn constructs(&self) -> Constructs {
        let mut constructs = if self.with_all { Constructs::all() } else { Constructs::usual() };
        self.with.iter().for_each(|construct| constructs.set(*construct, true));
        self.without.iter().for_each(|construct| constructs.set(*construct, false));
        if self.edition == "2021" {
            constructs.set(Construct::Chain, false);
        }
        constructs
    }
}

fn construct(name: &str) -> Result<Construct, String> {
    let found = Construct::ALL.iter().find(|construct| construct.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Construct::ALL.iter().map(|construct| construct.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}
