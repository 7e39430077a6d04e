//! Tokio.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

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
        (buffer, count) = spawn_blocking(read).await??;
        socket.write_all(&buffer[..count]).await?;
    }
}

async fn serve(job: Job) -> io::Result<()> {
    job.listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(job.listener)?;
    let file = Arc::new(File::open(&job.file)?);
    loop {
        let (socket, _) = listener.accept().await?;
        match job.workload {
            Workload::Echo => tokio::spawn(echo(socket)),
            Workload::File => tokio::spawn(send_blocks(socket, Arc::clone(&file))),
        };
    }
}

/// Serves on one thread, or on several that share the work.
pub(in crate::net_bench) fn serve_tokio(
    threads: usize,
    job: Job,
    is_ready: impl FnOnce(),
) -> io::Result<()> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads);
    }
    let runtime = builder.enable_all().build()?;
    is_ready();
    // What is given to `block_on` does not run on the workers.
    runtime.block_on(async move { tokio::spawn(serve(job)).await? })
}
