//! Compio.

use std::io;

use compio::BufResult;
use compio::fs::File;
use compio::io::{AsyncRead, AsyncReadAt, AsyncWriteExt};
use compio::net::{TcpListener, TcpStream};
use compio::runtime::{Runtime, spawn};

use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER);
    loop {
        let BufResult(count, read) = socket.read(buffer).await;
        if count? == 0 {
            return Ok(());
        }
        let BufResult(written, sent) = socket.write_all(read).await;
        written?;
        buffer = sent;
        buffer.clear();
    }
}

async fn send_blocks(mut socket: TcpStream, file: File) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER);
    loop {
        let BufResult(count, mut request) = socket.read(buffer).await;
        if count? == 0 {
            return Ok(());
        }
        let offset = offset(&request)?;
        request.clear();
        let BufResult(count, block) = file.read_at(request, offset).await;
        count?;
        let BufResult(written, sent) = socket.write_all(block).await;
        written?;
        buffer = sent;
        buffer.clear();
    }
}

async fn serve(job: Job) -> io::Result<()> {
    let listener = TcpListener::from_std(job.listener)?;
    let file = File::open(&job.file).await?;
    loop {
        let (socket, _) = listener.accept().await?;
        match job.workload {
            Workload::Echo => spawn(echo(socket)).detach(),
            Workload::File => spawn(send_blocks(socket, file.clone())).detach(),
        }
    }
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_compio(job: Job, is_ready: impl FnOnce()) -> io::Result<()> {
    let runtime = Runtime::new()?;
    is_ready();
    runtime.block_on(serve(job))
}
