//! Buffers, lines, copies, pipes, and the process's own streams.

use core::pin::pin;
use core::task::Poll;
use std::io::{self, ErrorKind, Write as _};
use std::os::fd::{AsFd, AsRawFd};
use std::process::{Command, Stdio};

use coframe::fs::File;
use coframe::io::{
    AsyncRead, AsyncWrite, BufReader, BufWriter, PipeReader, PipeWriter, copy, copy_bidirectional,
    pipe, stdin, stdout,
};
use coframe::net::{TcpStream, UnixStream};
use coframe::{DriverKind, Io};

use super::{Folder, connected, everywhere, poll_once, run, runtime, yield_now};

async fn use_pipe(io: Io) -> io::Result<()> {
    let (mut reader, mut writer) = pipe(io)?;
    let mut buffer = [0; 8];
    for round in 0..10 {
        {
            let mut read = pin!(reader.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
        }
        buffer = [round; 8];
        assert_eq!(writer.write(b"hello").await?, 5);
        yield_now().await;
        assert_eq!(buffer, [round; 8], "somebody wrote after the read was dropped");
        assert_eq!(reader.read(&mut buffer).await?, 5);
    }
    drop(writer);
    assert_eq!(reader.read(&mut buffer).await?, 0);
    let (reader, mut writer) = pipe(io)?;
    drop(reader);
    assert_eq!(writer.write(b"x").await.expect_err("no reader").kind(), ErrorKind::BrokenPipe);
    Ok(())
}

/// What is written to a pipe is read from it, and its ends notice each other's end.
pub fn pipes_carry_bytes(driver: DriverKind) {
    run(driver, |io| everywhere(io, use_pipe));
}

async fn take_pipes(_io: Io) -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    let (mut reader, mut writer) = (PipeReader::try_from(reader)?, PipeWriter::try_from(writer)?);
    {
        let mut readable = pin!(reader.readable());
        assert!(poll_once(readable.as_mut()).await.is_pending());
        writer.writable().await?;
        writer.write_all(b"hello").await?;
        readable.await?;
    }
    let mut buffer = [0; 8];
    assert_eq!(reader.read(&mut buffer).await?, 5);
    assert_ne!(reader.as_raw_fd(), writer.as_fd().as_raw_fd());
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = PipeWriter::try_from(child.stdin.take().expect("piped"))?;
    let mut output = PipeReader::try_from(child.stdout.take().expect("piped"))?;
    input.write_all(b"back").await?;
    assert_eq!(output.read(&mut buffer).await?, 4);
    assert_eq!(&buffer[..4], b"back");
    drop(input);
    assert_eq!(output.read(&mut buffer).await?, 0);
    assert!(child.wait()?.success());
    Ok(())
}

/// Pipes of the standard library and of its processes.
pub fn pipes_of_std(driver: DriverKind) {
    run(driver, |io| everywhere(io, take_pipes));
}

/// More than a pipe holds makes the writer wait.
pub fn a_full_pipe_makes_writers_wait(driver: DriverKind) {
    const SIZE: usize = 1 << 20;
    run(driver, |io| async move {
        let (reader, mut writer) = pipe(io)?;
        let sender = io.spawn(async move { writer.write_all(&vec![8; SIZE]).await });
        let mut bytes = Vec::new();
        BufReader::<_, 1000>::new(reader).read_to_end(&mut bytes).await?;
        assert!(bytes.len() == SIZE && bytes.iter().all(|&byte| byte == 8));
        sender.await?
    });
}

async fn send_slowly(mut writer: PipeWriter, text: &'static str, step: usize) -> io::Result<()> {
    for part in text.as_bytes().chunks(step) {
        writer.write_all(part).await?;
        yield_now().await;
    }
    Ok(())
}

async fn read_lines<const SIZE: usize>(io: Io, step: usize) -> io::Result<()> {
    let text = "one\r\n\nlonger than the buffer\nlast";
    let (reader, writer) = pipe(io)?;
    let sender = io.spawn(send_slowly(writer, text, step));
    let mut lines = BufReader::<_, SIZE>::new(reader).lines();
    let mut found = Vec::new();
    loop {
        {
            // A call that is dropped loses nothing of a line.
            let mut next = pin!(lines.next_line());
            if let Poll::Ready(line) = poll_once(next.as_mut()).await {
                match line? {
                    Some(line) => found.push(line),
                    None => break,
                }
            }
        }
        yield_now().await;
    }
    assert_eq!(found, ["one", "", "longer than the buffer", "last"]);
    sender.await??;
    let (reader, writer) = pipe(io)?;
    let sender = io.spawn(send_slowly(writer, "a,b,,c,", step));
    let mut parts = BufReader::<_, SIZE>::new(reader).split(b',');
    for expected in ["a", "b", "", "c"] {
        assert_eq!(parts.next_part().await?.as_deref(), Some(expected.as_bytes()));
    }
    assert_eq!(parts.next_part().await?, None);
    sender.await?
}

/// Lines and parts, however the bytes arrive and however small the buffer is.
pub fn lines_and_parts(driver: DriverKind) {
    // Where a dropped read may take bytes with it, whole lines are read without dropping.
    if driver == DriverKind::IoUring {
        run(driver, |io| async move { read_without_dropping(io).await });
        return;
    }
    run(driver, |io| async move {
        for step in [1, 3, 100] {
            read_lines::<1>(io, step).await?;
            read_lines::<7>(io, step).await?;
            read_lines::<512>(io, step).await?;
        }
        read_without_dropping(io).await
    });
}

async fn read_without_dropping(io: Io) -> io::Result<()> {
    for step in [1, 3, 100] {
        let text = "one\r\ntwo\n\nvier \u{20ac}\n";
        let (reader, writer) = pipe(io)?;
        let sender = io.spawn(send_slowly(writer, text, step));
        let mut lines = BufReader::<_, 8>::new(reader).lines();
        for expected in ["one", "two", "", "vier \u{20ac}"] {
            assert_eq!(lines.next_line().await?.as_deref(), Some(expected));
        }
        assert_eq!(lines.next_line().await?, None);
        sender.await??;
    }
    Ok(())
}

async fn read_through_buffer(io: Io) -> io::Result<()> {
    let (reader, mut writer) = pipe(io)?;
    writer.write_all(b"line\n\xff\xfe\nend, 12345678").await?;
    drop(writer);
    let mut reader = BufReader::<_, 16>::new(reader);
    let mut line = String::from("> ");
    assert_eq!(reader.read_line(&mut line).await?, 5);
    assert_eq!(line, "> line\n");
    let error = reader.read_line(&mut line).await.expect_err("not UTF-8");
    assert_eq!((error.kind(), &line[..]), (ErrorKind::InvalidData, "> line\n"));
    assert_eq!(&reader.fill_buf().await?[..3], b"end");
    reader.consume(5);
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes).await?;
    assert_eq!(&bytes, b"1234");
    assert_eq!(reader.read(&mut bytes[..2]).await?, 2);
    let error = reader.read_exact(&mut bytes).await.expect_err("the end");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert!(reader.fill_buf().await?.is_empty());
    assert_eq!(reader.read_line(&mut line).await?, 0);
    Ok(())
}

/// All ways to read through a buffer.
pub fn reading_through_a_buffer(driver: DriverKind) {
    run(driver, |io| everywhere(io, read_through_buffer));
}

async fn write_through_buffer(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let mut writer = BufWriter::<_, 16>::new(File::create(io, &path).await?);
    writer.write_all(b"12345").await?;
    assert_eq!((writer.buffer(), std::fs::read(&path)?.len()), (&b"12345"[..], 0));
    writer.write_all(b"1234567890123456").await?;
    assert_eq!((writer.buffer(), std::fs::read(&path)?.len()), (&b""[..], 21));
    writer.write_all(&[b'x'; 40]).await?;
    writer.write_all(b"end").await?;
    writer.flush().await?;
    let bytes = std::fs::read(&path)?;
    assert_eq!((bytes.len(), &bytes[61..]), (64, &b"end"[..]));
    assert!(writer.buffer().is_empty());
    Ok(())
}

/// Small writes are collected, and large ones pass.
pub fn writing_through_a_buffer(driver: DriverKind) {
    run(driver, |io| everywhere(io, write_through_buffer));
}

async fn copy_file(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    let bytes: Vec<u8> = (0..100_000_u32).map(|number| (number % 253) as u8).collect();
    std::fs::write(&from, &bytes)?;
    let (mut reader, mut writer) = pipe(io)?;
    let mut source = File::open(io, &from).await?;
    let sender = io.spawn(async move { copy(&mut source, &mut writer).await });
    let mut sink = File::create(io, &to).await?;
    assert_eq!(copy(&mut reader, &mut sink).await?, 100_000);
    assert_eq!(sender.await??, 100_000);
    assert!(std::fs::read(&to)? == bytes);
    Ok(())
}

/// From a file through a pipe into a file.
pub fn bytes_are_copied(driver: DriverKind) {
    run(driver, |io| everywhere(io, copy_file));
}

async fn forward(mut left: TcpStream, mut right: UnixStream) -> io::Result<(u64, u64)> {
    copy_bidirectional(&mut left, &mut right).await
}

/// A proxy between two kinds of streams carries both directions, and both ends.
pub fn streams_are_joined(driver: DriverKind) {
    const SIZE: usize = 1 << 20;
    run(driver, |io| async move {
        let (_listener, client, left) = connected(io).await?;
        let (right, mut server) = UnixStream::pair(io)?;
        let proxy = io.spawn(forward(left, right));
        let server = io.spawn(async move {
            let mut bytes = vec![0; SIZE];
            let mut total = 0;
            loop {
                match server.read(&mut bytes).await? {
                    0 => break,
                    count => total += count,
                }
            }
            // The answer comes after the question has ended.
            server.write_all(&total.to_le_bytes()).await?;
            io::Result::Ok(total)
        });
        let (read, mut write) = client.into_split();
        write.write_all(&vec![1; SIZE]).await?;
        drop(write);
        let mut answer = [0; 8];
        BufReader::<_, 64>::new(read).read_exact(&mut answer).await?;
        assert_eq!(usize::from_le_bytes(answer), SIZE);
        assert_eq!(server.await??, SIZE);
        assert_eq!(proxy.await??, (SIZE as u64, 8));
        Ok(())
    });
}

async fn write_generic<W: AsyncWrite>(mut sink: W) -> io::Result<()> {
    assert_eq!(sink.write(b"generic").await?, 7);
    sink.end()
}

async fn read_generic<R: AsyncRead>(mut source: R) -> io::Result<()> {
    let mut buffer = [0; 16];
    assert_eq!(source.read(&mut buffer).await?, 7);
    assert_eq!(source.read(&mut buffer).await?, 0);
    Ok(())
}

/// The traits do what the types do, and tell of the end.
pub fn generic_sources_and_sinks(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, server) = connected(io).await?;
        write_generic(&mut client).await?;
        read_generic(server).await?;
        let (here, there) = UnixStream::pair(io)?;
        let (read, write) = here.into_split();
        write_generic(write).await?;
        read_generic(there).await?;
        drop(read);
        let (reader, writer) = pipe(io)?;
        write_generic(writer).await?;
        read_generic(PipeReader::from_fd(reader.into())?).await
    });
}

/// The process's own streams: in a child whose input and output are pipes.
pub fn streams_of_the_process(driver: DriverKind) {
    if std::env::var_os("COFRAME_TEST_ECHO").is_some() {
        let Some(mut runtime) = runtime(driver) else { return };
        runtime.run(echo_lines).expect("the streams");
        return;
    }
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "streams_of_the_process", "--nocapture", "--test-threads=1"])
        .env("COFRAME_TEST_ECHO", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child process");
    child.stdin.take().expect("piped").write_all(b"one\ntwo\n").expect("the child reads");
    let output = child.wait_with_output().expect("the child ends");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let skipped = text.contains("skipped: ");
    assert!(skipped || text.contains("<one>\ntwo>\n"), "{text}");
}

async fn echo_lines(io: Io) -> io::Result<()> {
    let (mut input, mut output) = (stdin(io)?, stdout(io)?);
    let mut buffer = [0; 2];
    // What a read that is dropped would have given is not lost.
    let count = match poll_once(pin!(input.read(&mut buffer))).await {
        Poll::Ready(count) => count?,
        Poll::Pending => 0,
    };
    let mut text = b"<".to_vec();
    text.extend_from_slice(&buffer[..count]);
    let mut lines = BufReader::<_, 64>::new(input).lines();
    while let Some(line) = lines.next_line().await? {
        text.extend_from_slice(format!("{line}>\n").as_bytes());
    }
    output.write_all(&text).await
}
