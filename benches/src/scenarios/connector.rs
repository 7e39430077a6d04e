//! Clients that connect and wait until the server closes.

use std::io::{self, ErrorKind, Read};
use std::net::{Ipv4Addr, TcpStream};
use std::thread;

/// How many clients there are at the same time.
const CLIENTS: u64 = 4;

/// Connects `count` times.
pub(super) fn connect(port: u16, count: u64) -> io::Result<()> {
    let client = |number| {
        let share = count / CLIENTS + u64::from(number < count % CLIENTS);
        thread::spawn(move || (0..share).try_for_each(|_| connect_once(port)))
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    for client in clients {
        client.join().map_err(|_| io::Error::other("a client panicked"))??;
    }
    Ok(())
}

fn connect_once(port: u16) -> io::Result<()> {
    let ended = |error: &io::Error| error.kind() == ErrorKind::ConnectionReset;
    match TcpStream::connect((Ipv4Addr::LOCALHOST, port))?.read(&mut [0]) {
        Ok(0) => Ok(()),
        // The server has counted enough, and its process has ended.
        Err(error) if ended(&error) => Ok(()),
        Ok(_) => Err(ErrorKind::InvalidData.into()),
        Err(error) => Err(error),
    }
}
