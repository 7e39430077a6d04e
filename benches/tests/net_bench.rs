//! Each server answers what it is asked, under a small load.
#![cfg(feature = "competitors")]

use std::error::Error;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;
use coframe::{DriverKind, Runtime};
use coframe_benches::net_bench::{Blocks, Clients, Server, Workload};
use coframe_benches::process::Child;

/// Containers often forbid to make a ring.
fn has_ring() -> bool {
    Runtime::builder().driver(DriverKind::IoUring).build().is_ok()
}

const fn needs_ring(server: Server) -> bool {
    matches!(
        server,
        Server::CoframeUring
            | Server::CoframeLeased
            | Server::Monoio
            | Server::RawUring
            | Server::RawUringOwn
            | Server::RawUringChosen
            | Server::RawUringWhenReady
    )
}

fn start(server: Server, workload: &str, connections: usize, file: &Path) -> (Child, u16) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_net-bench"));
    command.args(["serve", server.to_possible_value().unwrap().get_name(), workload]);
    command.arg(connections.to_string()).arg(file);
    let (child, port) = Child::start_command(command).unwrap_or_else(|e| panic!("{server}: {e}"));
    (child, port.try_into().unwrap())
}

/// The clients compare every byte.
#[test]
fn every_server_answers() -> Result<(), Box<dyn Error>> {
    let blocks = Blocks::create(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    for &server in Server::value_variants() {
        if needs_ring(server) && !has_ring() {
            println!("skipped: {server}: there is no io_uring");
            continue;
        }
        for (workload, name, size) in [
            (Workload::Echo, "echo", 64),
            (Workload::Echo, "echo", 4096),
            (Workload::File, "file", 4096),
        ] {
            if !server.does(workload) {
                continue;
            }
            let (child, port) = start(server, name, 64, blocks.path());
            let mut clients = Clients::new(port, workload, size)?;
            clients.connect(64)?;
            for _ in 0..20 {
                let answered = clients.run_once();
                answered.map_err(|error| format!("{server}, {name} of {size}: {error}"))?;
            }
            assert!(child.cpu_time()?.as_nanos() > 0);
            assert!(child.resident()? > 0);
        }
    }
    Ok(())
}

/// A connection that ends makes room for another one.
#[test]
fn connections_come_and_go() -> Result<(), Box<dyn Error>> {
    for &server in Server::value_variants() {
        if needs_ring(server) && !has_ring() {
            continue;
        }
        let (_child, port) = start(server, "echo", 8, Path::new("/dev/null"));
        for _ in 0..5 {
            let mut clients = Clients::new(port, Workload::Echo, 64)?;
            clients.connect(4)?;
            clients.run_once().map_err(|error| format!("{server}: {error}"))?;
        }
    }
    Ok(())
}
