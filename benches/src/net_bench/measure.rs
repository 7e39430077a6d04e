//! The rounds: every server in turn, and again in the opposite order.

use std::io::{self, Write};
use std::time::Duration;

use super::{Blocks, Clients, Options, Server, Workload};
use crate::median;
use crate::process::{Child, Processors, descriptors};

/// How long clients run before they are measured.
const WARM_UP: Duration = Duration::from_millis(200);

/// The fewer connections, when the memory of more is compared with theirs. All buffers that are
/// shared are in use with so many.
const FIRST: usize = 1100;

/// What clients do to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// What they ask for.
    pub workload: Workload,
    /// How many they are.
    pub connections: usize,
    /// The bytes of an answer.
    pub size: usize,
}

/// What one turn of a server gave.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Requests for each second that the server ran on a processor.
    pub per_cpu_second: f64,
    /// Requests per second.
    pub per_second: f64,
    /// Latencies of a half, of 99 % and of 99.9 %, in microseconds.
    pub latencies: [f64; 3],
    /// Allocations per request; `None` if this process may not look.
    pub allocations: Option<f64>,
}

/// The medians of a server under a load.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who served.
    pub server: Server,
    /// Whom.
    pub load: Load,
    /// The medians, each for itself.
    pub median: Sample,
    /// The processor time of a request, of that of the raw `io_uring` loop in the same round: the
    /// median of the rounds, so that what slows a whole round down does not count.
    pub of_raw: Option<f64>,
}

/// All that was measured.
#[derive(Debug, Default)]
pub struct Results {
    /// A row for each server and load, in the order of the loads.
    pub rows: Vec<Row>,
    /// The bytes of user memory that a connection takes.
    pub idle: Vec<(Server, f64)>,
    /// Servers that could not be measured, and why.
    pub skipped: Vec<(Server, String)>,
    /// How many connections were idle.
    pub idle_count: usize,
    /// What else is to be known.
    pub remarks: Vec<String>,
}

/// Measures all that the options name, and tells how far it is.
///
/// # Errors
///
/// If a server that works fails under load.
pub fn measure(options: &Options, progress: &mut impl Write) -> io::Result<Results> {
    let processors = Processors::divide()?;
    let mut results = Results::default();
    let room = descriptors::raise();
    let folder = std::env::current_exe()?;
    let blocks = Blocks::create(folder.parent().unwrap_or(&folder))?;
    let bench = Bench { options, processors, blocks };
    let servers = bench.working(&mut results)?;
    let cells = cells(&loads(options, room, &mut results), &servers);
    let mut samples = vec![Vec::new(); cells.len()];
    for round in 1..=options.rounds {
        for turn in 0..cells.len() {
            // Back and forth, so that none is always after the same one.
            let number = if round % 2 == 0 { cells.len() - 1 - turn } else { turn };
            let (server, load) = cells[number];
            let (turn, rounds, turns) = (turn + 1, options.rounds, cells.len());
            write!(progress, "\rround {round} of {rounds}: {turn} of {turns} ")?;
            progress.flush()?;
            samples[number].push(bench.sample(server, load)?);
        }
    }
    results.rows = rows(&cells, &samples);
    bench.measure_idle(&servers, room, &mut results)?;
    writeln!(progress, "\r                              ")?;
    Ok(results)
}

/// The rows of the cells, with the samples of each, a sample for each round.
fn rows(cells: &[(Server, Load)], samples: &[Vec<Sample>]) -> Vec<Row> {
    let raw_of = |load| cells.iter().position(|cell| *cell == (Server::RawUring, load));
    let row = |(&(server, load), own): (&(_, _), &Vec<_>)| Row {
        server,
        load,
        median: medians(own),
        of_raw: raw_of(load).map(|raw| median_cost(own, &samples[raw])),
    };
    cells.iter().zip(samples).map(row).collect()
}

/// The median of the processor time of a request, of that of others in the same round.
fn median_cost(samples: &[Sample], others: &[Sample]) -> f64 {
    let pairs: Vec<_> = samples.iter().zip(others).collect();
    median(&pairs, |(sample, other)| other.per_cpu_second / sample.per_cpu_second)
}

/// The loads for which there are descriptors.
fn loads(options: &Options, room: usize, results: &mut Results) -> Vec<Load> {
    let mut loads = Vec::new();
    for &connections in &options.connections {
        if connections > room {
            let text = format!("{connections} connections: skipped, for want of descriptors");
            results.remarks.push(text);
            continue;
        }
        for &workload in &options.workloads {
            let sizes = match workload {
                Workload::Echo => &options.sizes[..],
                Workload::File => &[super::blocks::BLOCK],
            };
            loads.extend(sizes.iter().map(|&size| Load { workload, connections, size }));
        }
    }
    loads
}

/// Who is measured under which load: neighbours are those that are compared.
fn cells(loads: &[Load], servers: &[Server]) -> Vec<(Server, Load)> {
    let pairs = loads.iter().flat_map(|load| servers.iter().map(|server| (*server, *load)));
    pairs.filter(|(server, load)| server.does(load.workload)).collect()
}

struct Bench<'a> {
    options: &'a Options,
    processors: Processors,
    blocks: Blocks,
}

impl Bench<'_> {
    fn start(
        &self,
        server: Server,
        workload: Workload,
        connections: usize,
    ) -> io::Result<(Child, u16)> {
        self.processors.be_subject()?;
        let started = server.start(workload, connections, self.blocks.path().to_owned());
        self.processors.observe()?;
        started
    }

    /// The servers that this kernel can run.
    fn working(&self, results: &mut Results) -> io::Result<Vec<Server>> {
        let mut servers = Vec::new();
        for &server in &self.options.servers {
            match self.start(server, Workload::Echo, 1) {
                Ok(_) => servers.push(server),
                Err(error) => results.skipped.push((server, error.to_string())),
            }
        }
        if servers.is_empty() { Err(io::Error::other("no server works here")) } else { Ok(servers) }
    }

    fn sample(&self, server: Server, load: Load) -> io::Result<Sample> {
        let context = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("{server}, {} connections: {error}", load.connections),
            )
        };
        self.try_sample(server, load).map_err(context)
    }

    fn try_sample(&self, server: Server, load: Load) -> io::Result<Sample> {
        let (child, port) = self.start(server, load.workload, load.connections)?;
        let mut clients = Clients::new(port, load.workload, load.size)?;
        clients.connect(load.connections)?;
        let time = Duration::try_from_secs_f64(self.options.seconds).map_err(io::Error::other)?;
        clients.run(WARM_UP.min(time))?;
        let before = (child.cpu_time()?, child.allocations().ok());
        let report = clients.run(time)?;
        let after = (child.cpu_time()?, child.allocations().ok());
        let requests = report.requests as f64;
        let latency = |quantile| report.latencies.value_at_quantile(quantile) as f64 / 1e3;
        Ok(Sample {
            per_cpu_second: requests / (after.0 - before.0).as_secs_f64(),
            per_second: requests / report.elapsed.as_secs_f64(),
            latencies: [0.5, 0.99, 0.999].map(latency),
            allocations: before.1.zip(after.1).map(|(start, end)| (end - start) as f64 / requests),
        })
    }

    /// Measures the memory of idle connections that have said something once.
    fn measure_idle(
        &self,
        servers: &[Server],
        room: usize,
        results: &mut Results,
    ) -> io::Result<()> {
        let count = self.options.idle.min(room.saturating_sub(FIRST));
        results.idle_count = count;
        if count < self.options.idle {
            let text = format!("only {count} idle connections: more descriptors are not allowed");
            results.remarks.push(text);
        }
        for &server in servers {
            results.idle.push((server, self.bytes_per_connection(server, count)?));
        }
        Ok(())
    }

    /// Two servers are compared, one with few connections and one with more, each with the pools
    /// that it needs for them: so what is there once falls out, and what is taken up front does not.
    fn bytes_per_connection(&self, server: Server, count: usize) -> io::Result<f64> {
        let few = self.resident_with(server, FIRST)?;
        let many = self.resident_with(server, FIRST + count)?;
        Ok((many as f64 - few as f64) / count as f64)
    }

    fn resident_with(&self, server: Server, count: usize) -> io::Result<u64> {
        let (child, port) = self.start(server, Workload::Echo, count)?;
        let mut clients = Clients::new(port, Workload::Echo, super::blocks::BLOCK)?;
        clients.connect(count)?;
        clients.run_once()?;
        clients.run_once()?;
        child.resident()
    }
}

fn medians(samples: &[Sample]) -> Sample {
    let has_allocations = samples.iter().all(|sample| sample.allocations.is_some());
    let allocations = || median(samples, |sample| sample.allocations.unwrap_or(0.0));
    Sample {
        per_cpu_second: median(samples, |sample| sample.per_cpu_second),
        per_second: median(samples, |sample| sample.per_second),
        latencies: [0, 1, 2].map(|place| median(samples, |sample| sample.latencies[place])),
        allocations: has_allocations.then(allocations),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sample, median_cost};

    #[test]
    fn a_round_that_is_slow_for_all_does_not_count() {
        let sample = |per_cpu_second| Sample {
            per_cpu_second,
            per_second: 1.0,
            latencies: [1.0; 3],
            allocations: None,
        };
        let own = [100.0, 50.0, 25.0].map(sample);
        let raw = [120.0, 60.0, 30.0].map(sample);
        assert!((median_cost(&own, &raw) - 1.2).abs() < 1e-9);
    }
}
