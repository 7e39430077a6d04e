//! The servers, by name.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use clap::ValueEnum;
use coframe::DriverKind;
use rustix::net::sockopt;

use super::Workload;
use super::servers::{
    Receiving, serve_coframe, serve_coframe_leased, serve_compio, serve_monoio, serve_raw_epoll,
    serve_raw_uring, serve_raw_uring_single, serve_smol, serve_tokio,
};
use crate::process::Child;

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Server {
    /// This project, over `io_uring`.
    CoframeUring,
    /// This project, over `io_uring`, with buffers that the runtime lends.
    CoframeLeased,
    /// This project, over epoll.
    CoframeEpoll,
    /// This project, over threads that wait.
    CoframeThreads,
    /// Tokio, on one thread.
    TokioCurrent,
    /// Tokio, on two threads that share the work.
    TokioMulti,
    /// Monoio, over `io_uring`.
    Monoio,
    /// Compio, over `io_uring`.
    Compio,
    /// Smol, on one thread, over epoll.
    Smol,
    /// A loop over epoll, written by hand.
    RawEpoll,
    /// A loop over `io_uring`, written by hand and tuned.
    RawUring,
    /// The same without what stays and what is registered; each connection has a buffer.
    RawUringOwn,
    /// As that, but the kernel chooses a buffer when something has arrived.
    RawUringChosen,
    /// As that, but a buffer is taken when a connection is ready, and a call of its own receives.
    RawUringWhenReady,
}

/// What a server is given.
#[derive(Debug)]
pub struct Job {
    /// Where it listens. Connections inherit `TCP_NODELAY` from it.
    pub listener: TcpListener,
    /// What it answers.
    pub workload: Workload,
    /// How many connections there will be at the same time.
    pub connections: usize,
    /// The file of blocks.
    pub file: PathBuf,
}

impl Server {
    /// Whether it does such work. Borrowed buffers are for what arrives, not for files.
    pub fn does(self, workload: Workload) -> bool {
        workload == Workload::Echo || self.is_usual() && self != Server::CoframeLeased
    }

    /// Whether it is measured unless others are asked for.
    const fn is_usual(self) -> bool {
        !matches!(self, Server::RawUringOwn | Server::RawUringChosen | Server::RawUringWhenReady)
    }

    /// Those that are measured unless others are asked for.
    pub(super) fn usual() -> Vec<Self> {
        Server::value_variants().iter().copied().filter(|server| server.is_usual()).collect()
    }

    /// Serves in this process until it is killed, and tells its parent the port.
    ///
    /// # Errors
    ///
    /// If the kernel lacks what the server needs.
    pub fn serve(self, workload: Workload, connections: usize, file: PathBuf) -> io::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        sockopt::set_tcp_nodelay(&listener, true)?;
        let port = listener.local_addr()?.port();
        let job = Job { listener, workload, connections, file };
        let is_ready = || Child::announce(port.into());
        match self {
            Server::CoframeUring => serve_coframe(DriverKind::IoUring, job, is_ready),
            Server::CoframeLeased => serve_coframe_leased(job, is_ready),
            Server::CoframeEpoll => serve_coframe(DriverKind::Epoll, job, is_ready),
            Server::CoframeThreads => serve_coframe(DriverKind::Threads, job, is_ready),
            Server::TokioCurrent => serve_tokio(1, job, is_ready),
            Server::TokioMulti => serve_tokio(2, job, is_ready),
            Server::Monoio => serve_monoio(job, is_ready),
            Server::Compio => serve_compio(job, is_ready),
            Server::Smol => serve_smol(job, is_ready),
            Server::RawEpoll => serve_raw_epoll(&job, is_ready),
            Server::RawUring => serve_raw_uring(&job, is_ready),
            Server::RawUringOwn => serve_raw_uring_single(Receiving::Own, &job, is_ready),
            Server::RawUringChosen => serve_raw_uring_single(Receiving::Chosen, &job, is_ready),
            Server::RawUringWhenReady => {
                serve_raw_uring_single(Receiving::WhenReady, &job, is_ready)
            }
        }
    }

    /// Starts it in a process of its own, and gives that and the port.
    ///
    /// # Errors
    ///
    /// As [`serve`](Self::serve).
    pub fn start(
        self,
        workload: Workload,
        connections: usize,
        file: PathBuf,
    ) -> io::Result<(Child, u16)> {
        let name = |value: clap::builder::PossibleValue| value.get_name().to_owned();
        let arguments = [
            "serve".to_owned(),
            name(self.to_possible_value().expect("none is skipped")),
            name(workload.to_possible_value().expect("none is skipped")),
            connections.to_string(),
            file.to_string_lossy().into_owned(),
        ];
        let (child, port) = Child::start(&arguments)?;
        Ok((child, u16::try_from(port).map_err(io::Error::other)?))
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Server::CoframeUring => "coframe, io_uring",
            Server::CoframeLeased => "coframe, leased",
            Server::CoframeEpoll => "coframe, epoll",
            Server::CoframeThreads => "coframe, threads",
            Server::TokioCurrent => "Tokio, one thread",
            Server::TokioMulti => "Tokio, two threads",
            Server::Monoio => "monoio",
            Server::Compio => "compio",
            Server::Smol => "smol",
            Server::RawEpoll => "raw epoll",
            Server::RawUring => "raw io_uring",
            Server::RawUringOwn => "raw ring, own",
            Server::RawUringChosen => "raw ring, chosen",
            Server::RawUringWhenReady => "raw ring, ready",
        })
    }
}
