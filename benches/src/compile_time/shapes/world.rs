//! What the functions talk to.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

#[derive(Debug)]
pub enum Error {
    Closed,
    Protocol(String),
    TimedOut,
}

impl From<std::num::ParseIntError> for Error {
    fn from(error: std::num::ParseIntError) -> Self {
        Error::Protocol(error.to_string())
    }
}

pub type Result<T> = std::result::Result<T, Error>;

pub struct Stream {
    pub data: Vec<u8>,
    pub written: Vec<u8>,
}

pub struct Read<'a>(&'a mut Stream, &'a mut [u8]);

impl Future for Read<'_> {
    type Output = Result<usize>;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let Read(stream, buffer) = &mut *self;
        let count = stream.data.len().min(buffer.len());
        buffer[..count].copy_from_slice(&stream.data[..count]);
        stream.data.drain(..count);
        Poll::Ready(Ok(count))
    }
}

pub struct Write<'a>(&'a mut Stream, &'a [u8]);

impl Future for Write<'_> {
    type Output = Result<()>;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let bytes = self.1;
        self.0.written.extend_from_slice(bytes);
        Poll::Ready(Ok(()))
    }
}

impl Stream {
    pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Read<'a> {
        Read(self, buffer)
    }
    pub fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Write<'a> {
        Write(self, bytes)
    }
}

pub struct Sleep(pub u64);

impl Future for Sleep {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

pub fn sleep(turns: u64) -> Sleep {
    Sleep(turns)
}

pub fn connect(address: &str) -> std::future::Ready<Result<Stream>> {
    let stream = Stream { data: address.as_bytes().to_vec(), written: Vec::new() };
    std::future::ready(if address.is_empty() { Err(Error::Closed) } else { Ok(stream) })
}

pub enum Command {
    Get(String),
    Set { key: String, value: Vec<u8> },
    Delete(String),
    Quit,
}

pub fn parse(line: &str) -> Result<Command> {
    let mut words = line.split(' ');
    let key = |word: Option<&str>| {
        word.map(str::to_owned).ok_or_else(|| Error::Protocol("no key".into()))
    };
    match words.next() {
        Some("get") => Ok(Command::Get(key(words.next())?)),
        Some("set") => Ok(Command::Set {
            key: key(words.next())?,
            value: words.next().unwrap_or_default().as_bytes().to_vec(),
        }),
        Some("delete") => Ok(Command::Delete(key(words.next())?)),
        _ => Ok(Command::Quit),
    }
}

#[derive(Default)]
pub struct Store {
    pub entries: HashMap<String, Vec<u8>>,
    pub hits: u64,
}

/// Polls a future once.
pub fn drive<F: Future>(future: F) -> bool {
    let mut future = std::pin::pin!(future);
    future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}
