//! This project.

use std::io;
use std::sync::Arc;

use coframe::fs::File;
use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io, Runtime, frame_size};

use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

#[coframe::coroutine]
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

/// Between messages it has no buffer.
#[coframe::coroutine]
async fn echo_leased(mut socket: TcpStream) -> io::Result<()> {
    loop {
        let bytes = socket.recv().await?;
        if bytes.is_empty() {
            return Ok(());
        }
        socket.write_all(&bytes).await?;
    }
}

#[coframe::coroutine]
async fn send_blocks(mut socket: TcpStream, file: Arc<File>) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        let offset = offset(&buffer[..count])?;
        let count = file.read_at(&mut buffer, offset).await?;
        socket.write_all(&buffer[..count]).await?;
    }
}

#[coframe::coroutine]
async fn serve(io: Io, job: Job) -> io::Result<()> {
    let listener = TcpListener::try_from(job.listener)?;
    match job.workload {
        Workload::Echo => {
            let frames = io.frames::<{ frame_size!(echo) }>(job.connections)?;
            loop {
                let (socket, _) = listener.accept().await?;
                frames.spawn(echo(socket)).await?;
            }
        }
        Workload::File => {
            let frames = io.frames::<{ frame_size!(send_blocks) }>(job.connections)?;
            let file = Arc::new(File::open(io, &job.file).await?);
            loop {
                let (socket, _) = listener.accept().await?;
                frames.spawn(send_blocks(socket, Arc::clone(&file))).await?;
            }
        }
    }
}

/// Serves with one of the drivers.
pub(in crate::net_bench) fn serve_coframe(
    driver: DriverKind,
    job: Job,
    is_ready: impl FnOnce(),
) -> io::Result<()> {
    let mut runtime = Runtime::builder().driver(driver).build()?;
    is_ready();
    runtime.run(|io| serve(io, job))
}

#[coframe::coroutine]
async fn serve_leased(io: Io, job: Job) -> io::Result<()> {
    let listener = TcpListener::try_from(job.listener)?;
    let frames = io.frames::<{ frame_size!(echo_leased) }>(job.connections)?;
    loop {
        let (socket, _) = listener.accept().await?;
        frames.spawn(echo_leased(socket)).await?;
    }
}

/// Serves echoes over a ring, with buffers that the runtime lends.
pub(in crate::net_bench) fn serve_coframe_leased(
    job: Job,
    is_ready: impl FnOnce(),
) -> io::Result<()> {
    let mut runtime = Runtime::builder().driver(DriverKind::IoUring).build()?;
    is_ready();
    runtime.run(|io| serve_leased(io, job))
}
