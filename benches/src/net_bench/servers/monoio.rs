//! Monoio.

use std::io;
use std::rc::Rc;

use monoio::fs::File;
use monoio::io::{AsyncReadRent, AsyncWriteRentExt};
use monoio::net::{TcpListener, TcpStream};
use monoio::{IoUringDriver, RuntimeBuilder};

use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER);
    loop {
        let (count, read) = socket.read(buffer).await;
        if count? == 0 {
            return Ok(());
        }
        let (written, sent) = socket.write_all(read).await;
        written?;
        buffer = sent;
        buffer.clear();
    }
}

async fn send_blocks(mut socket: TcpStream, file: Rc<File>) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER);
    loop {
        let (count, mut request) = socket.read(buffer).await;
        if count? == 0 {
            return Ok(());
        }
        let offset = offset(&request)?;
        request.clear();
        let (count, block) = file.read_at(request, offset).await;
        count?;
        let (written, sent) = socket.write_all(block).await;
        written?;
        buffer = sent;
        buffer.clear();
    }
}

async fn serve(job: Job) -> io::Result<()> {
    let listener = TcpListener::from_std(job.listener)?;
    let file = Rc::new(File::open(&job.file).await?);
    loop {
        let (socket, _) = listener.accept().await?;
        match job.workload {
            Workload::Echo => drop(monoio::spawn(echo(socket))),
            Workload::File => drop(monoio::spawn(send_blocks(socket, Rc::clone(&file)))),
        }
    }
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_monoio(job: Job, is_ready: impl FnOnce()) -> io::Result<()> {
    let mut runtime = RuntimeBuilder::<IoUringDriver>::new().build()?;
    is_ready();
    runtime.block_on(serve(job))
}
