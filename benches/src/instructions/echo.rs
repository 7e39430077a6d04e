//! An echo server, and clients that send in step.

use std::io::{self, Read, Write};
use std::net;

use coframe::net::{TcpListener, TcpStream};
use coframe::{Io, frame_size};

use super::callgrind::Subject;

/// How many clients there are.
pub(super) const CONNECTIONS: usize = 64;
/// The bytes of a message.
const MESSAGE: usize = 64;

#[coframe::coroutine]
async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

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

/// Serves as many connections as there are clients, until they end.
#[coframe::coroutine]
pub(super) async fn serve(io: Io) -> io::Result<()> {
    let frames = io.frames::<{ frame_size!(echo) }>(CONNECTIONS)?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    let mut tasks = Vec::with_capacity(CONNECTIONS);
    while tasks.len() < CONNECTIONS {
        let (socket, _) = listener.accept().await?;
        tasks.push(frames.spawn(echo(socket)).await?);
    }
    while let Some(task) = tasks.pop() {
        task.await??;
    }
    Ok(())
}

/// The same without buffers in the frames.
#[coframe::coroutine]
pub(super) async fn serve_leased(io: Io) -> io::Result<()> {
    let frames = io.frames::<{ frame_size!(echo_leased) }>(CONNECTIONS)?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    let mut tasks = Vec::with_capacity(CONNECTIONS);
    while tasks.len() < CONNECTIONS {
        let (socket, _) = listener.accept().await?;
        tasks.push(frames.spawn(echo_leased(socket)).await?);
    }
    while let Some(task) = tasks.pop() {
        task.await??;
    }
    Ok(())
}

/// All clients send, then all wait for their answers, and again. The server finds the messages of all:
/// how many it would find otherwise depends on how fast it is.
pub(super) fn send_in_step(port: u16, server: &Subject, rounds: u64) -> io::Result<()> {
    let connect = |_| net::TcpStream::connect(("127.0.0.1", port));
    let mut sockets = (0..CONNECTIONS).map(connect).collect::<io::Result<Vec<_>>>()?;
    let mut answer = [0; MESSAGE];
    for round in 0..rounds {
        let message = [round as u8; MESSAGE];
        let mut send = || sockets.iter_mut().try_for_each(|socket| socket.write_all(&message));
        server.while_stopped(&mut send)?;
        for socket in &mut sockets {
            socket.read_exact(&mut answer)?;
            if answer != message {
                return Err(io::Error::other("another answer than was sent"));
            }
        }
    }
    Ok(())
}
