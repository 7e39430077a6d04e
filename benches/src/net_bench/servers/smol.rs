//! Smol.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::net::{TcpListener, TcpStream};
use smol::{Async, LocalExecutor, unblock};

use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

async fn send_blocks(mut socket: TcpStream, file: Arc<File>) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        let offset = offset(&buffer[..count])?;
        let file = Arc::clone(&file);
        let read = move || file.read_at(&mut buffer, offset).map(|count| (buffer, count));
        let count;
        (buffer, count) = unblock(read).await?;
        socket.write_all(&buffer[..count]).await?;
    }
}

async fn serve(executor: &LocalExecutor<'_>, job: Job) -> io::Result<()> {
    let listener = TcpListener::from(Async::new(job.listener)?);
    let file = Arc::new(File::open(&job.file)?);
    loop {
        let (socket, _) = listener.accept().await?;
        match job.workload {
            Workload::Echo => executor.spawn(echo(socket)).detach(),
            Workload::File => executor.spawn(send_blocks(socket, Arc::clone(&file))).detach(),
        }
    }
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_smol(job: Job, is_ready: impl FnOnce()) -> io::Result<()> {
    let executor = LocalExecutor::new();
    is_ready();
    smol::block_on(executor.run(serve(&executor, job)))
}
