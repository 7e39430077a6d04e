//! The same work with other runtimes, written as their users would.

use std::io;

use super::Unit;
use super::echo::CONNECTIONS;

/// The bytes of a connection's buffer.
const BUFFER: usize = 4096;

/// The work with Tokio on one thread.
pub(super) fn tokio(unit: Unit, amount: u64) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match unit {
            Unit::Echo => serve_tokio().await,
            Unit::Spawn => {
                println!("0");
                for number in 0..amount {
                    tokio::spawn(async move { std::hint::black_box(number) }).await?;
                }
                Ok(())
            }
            Unit::Yield => {
                println!("0");
                for _ in 0..amount {
                    tokio::task::yield_now().await;
                }
                Ok(())
            }
            Unit::Leased | Unit::ReadFile => Err(io::ErrorKind::Unsupported.into()),
        }
    })
}

async fn serve_tokio() -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let mut tasks = Vec::with_capacity(CONNECTIONS);
    while tasks.len() < CONNECTIONS {
        let (socket, _) = listener.accept().await?;
        tasks.push(tokio::spawn(echo_tokio(socket)));
    }
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn echo_tokio(mut socket: tokio::net::TcpStream) -> io::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut buffer = [0; BUFFER];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

/// The work with monoio.
pub(super) fn monoio(unit: Unit, amount: u64) -> io::Result<()> {
    let mut runtime = monoio::RuntimeBuilder::<monoio::IoUringDriver>::new().build()?;
    runtime.block_on(async {
        match unit {
            Unit::Echo => serve_monoio().await,
            Unit::Spawn => {
                println!("0");
                for number in 0..amount {
                    monoio::spawn(async move { std::hint::black_box(number) }).await;
                }
                Ok(())
            }
            Unit::Leased | Unit::ReadFile | Unit::Yield => Err(io::ErrorKind::Unsupported.into()),
        }
    })
}

async fn serve_monoio() -> io::Result<()> {
    let listener = monoio::net::TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    let mut tasks = Vec::with_capacity(CONNECTIONS);
    while tasks.len() < CONNECTIONS {
        let (socket, _) = listener.accept().await?;
        tasks.push(monoio::spawn(echo_monoio(socket)));
    }
    for task in tasks {
        task.await?;
    }
    Ok(())
}

async fn echo_monoio(mut socket: monoio::net::TcpStream) -> io::Result<()> {
    use monoio::io::{AsyncReadRent, AsyncWriteRentExt};
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
