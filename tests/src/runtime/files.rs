//! Files and folders.

use core::future::Future;
use core::pin::pin;
use std::collections::BTreeSet;
use std::fs::{self as std_fs, Permissions};
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, SeekFrom};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::task::{Context, Waker};

use coframe::fs::{self, Advice, File, OpenOptions};
use coframe::net::UnixStream;
use coframe::{DriverKind, Io, Runtime};

use super::{Folder, connected, everywhere, poll_once, run, runtime, yield_now};

/// Runs `body` with the kernel at work on files, if it can, and then with threads.
fn both_ways<F, Fut>(driver: DriverKind, body: F)
where
    F: Fn(Io) -> Fut + Copy,
    Fut: Future<Output = io::Result<()>> + Send + 'static,
{
    run(driver, |io| everywhere(io, body));
    if let Ok(mut runtime) = Runtime::builder().driver(driver).ring_for_files(false).build() {
        runtime.run(|io| everywhere(io, body)).expect("with threads");
    }
}

async fn write_and_read(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let mut file = File::create(io, &path).await?;
    let text = [b'a'; 1000];
    file.write_all(&text).await?;
    file.write_all(b"the end").await?;
    assert_eq!(file.write_at(b"XY", 10).await?, 2);
    file.write_all_at(&text, 2000).await?;
    file.sync_data().await?;
    file.sync_all().await?;
    let bytes = std_fs::read(&path)?;
    assert_eq!(bytes.len(), 3000);
    assert_eq!((&bytes[9..13], &bytes[1000..1007]), (&b"aXYa"[..], &b"the end"[..]));

    let mut file = File::open(io, &path).await?;
    let mut buffer = [0; 64];
    assert_eq!(file.read_at(&mut buffer, 9).await?, 64);
    assert_eq!(&buffer[..4], b"aXYa");
    assert_eq!(file.read(&mut buffer[..10]).await?, 10);
    assert_eq!(file.read(&mut buffer[..3]).await?, 3);
    assert_eq!(&buffer[..3], b"XYa");
    assert_eq!(file.seek(SeekFrom::Start(2990))?, 2990);
    assert_eq!(file.read(&mut buffer).await?, 10);
    assert_eq!(file.read(&mut buffer).await?, 0);
    assert_eq!(file.read_at(&mut buffer, 5000).await?, 0);
    let error = file.read_exact_at(&mut buffer, 2990).await.expect_err("too short");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    file.read_exact_at(&mut buffer[..7], 1000).await?;
    assert_eq!(&buffer[..7], b"the end");
    let error = file.write_at(b"x", 0).await.expect_err("opened to read");
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::BADF.raw_os_error()));
    Ok(())
}

/// Bytes are where they were written, at places and where the file stands.
pub fn files_are_written_and_read(driver: DriverKind) {
    both_ways(driver, write_and_read);
}

async fn use_heap(io: Io) -> io::Result<()> {
    const SIZE: usize = 3 << 20;
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
    let mut file = OpenOptions::new().read(true).write(true).create(true).open(io, &path).await?;
    file.write_all(&bytes).await?;
    let mut back = vec![1, 2, 3];
    file.seek(SeekFrom::Start(0))?;
    assert_eq!(file.read_to_end(&mut back).await?, SIZE);
    assert!(back[..3] == [1, 2, 3] && back[3..] == bytes);
    let (result, buffer) = file.read_owned_at(vec![0; 8], 251).await;
    assert_eq!((result?, &buffer[..]), (8, &[0, 1, 2, 3, 4, 5, 6, 7][..]));
    let (result, _) = file.write_owned_at(vec![9; 4], 251).await;
    assert_eq!(result?, 4);
    let (result, buffer) = file.read_owned_at(vec![7; 8], SIZE as u64).await;
    assert_eq!((result?, buffer), (0, vec![7; 8]));
    file.read_exact_at(&mut back[..8], 251).await?;
    assert_eq!(back[..8], [9, 9, 9, 9, 4, 5, 6, 7]);
    Ok(())
}

/// Buffers on the heap, borrowed and owned.
pub fn files_and_buffers_on_the_heap(driver: DriverKind) {
    both_ways(driver, use_heap);
}

async fn use_vectors(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let mut file = OpenOptions::new().read(true).write(true).create(true).open(io, &path).await?;
    let parts = [IoSlice::new(b"one, "), IoSlice::new(b""), IoSlice::new(b"two, three")];
    assert_eq!(file.write_vectored(&parts).await?, 15);
    assert_eq!(file.write_vectored(&[IoSlice::new(b", four")]).await?, 6);
    assert_eq!(file.write_vectored_at(&[IoSlice::new(b"T"), IoSlice::new(b"W")], 5).await?, 2);
    assert_eq!(std_fs::read(&path)?, b"one, TWo, three, four");
    let (mut first, mut second) = ([0; 6], [0; 4]);
    for round in 0..10 {
        let mut none = [0; 0];
        let mut buffers =
            [IoSliceMut::new(&mut first), IoSliceMut::new(&mut none), IoSliceMut::new(&mut second)];
        if round % 2 == 1 {
            // Dropped half-way.
            let mut read = pin!(file.read_vectored_at(&mut buffers, 0));
            let _ = poll_once(read.as_mut()).await;
            continue;
        }
        assert_eq!(file.read_vectored_at(&mut buffers, 0).await?, 10);
        assert_eq!((&first, &second), (b"one, T", b"Wo, "));
        (first, second) = ([0; 6], [0; 4]);
    }
    (first, second) = ([0; 6], [0; 4]);
    let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    assert_eq!(file.read_vectored_at(&mut buffers, 14).await?, 7);
    assert_eq!((&first, &second), (b"e, fou", b"r\0\0\0"));
    file.seek(SeekFrom::Start(19))?;
    let mut buffers = [IoSliceMut::new(&mut first[..1]), IoSliceMut::new(&mut second)];
    assert_eq!(file.read_vectored(&mut buffers).await?, 2);
    assert_eq!((first[0], second[0]), (b'u', b'r'));
    assert_eq!(file.read_vectored(&mut []).await?, 0);
    let mut large = vec![IoSlice::new(b"x"); 2000];
    large[1999] = IoSlice::new(b"y");
    let count = file.write_vectored_at(&large, 100).await?;
    assert!(count >= 1024, "as many as one call takes: {count}");
    Ok(())
}

/// Several buffers are read and written in one call.
pub fn files_and_several_buffers(driver: DriverKind) {
    both_ways(driver, use_vectors);
}

async fn use_owned_here(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let mut file = OpenOptions::new().read(true).write(true).create(true).open(io, &path).await?;
    for text in ["one, ", "two, ", "three"] {
        let (count, bytes) = file.write_owned(text.as_bytes().to_vec()).await;
        assert_eq!((count?, &*bytes), (5, text.as_bytes()));
    }
    assert_eq!(file.seek(SeekFrom::Start(3))?, 3);
    let (count, buffer) = file.read_owned(vec![0; 4]).await;
    assert_eq!((count?, &*buffer), (4, &b", tw"[..]));
    let (count, buffer) = file.read_owned(vec![0; 64]).await;
    assert_eq!((count?, &buffer[..8]), (8, &b"o, three"[..]));
    Ok(())
}

/// Owned buffers are read and written where the file stands.
pub fn owned_buffers_where_a_file_stands(driver: DriverKind) {
    both_ways(driver, use_owned_here);
}

async fn convert(_io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    std_fs::write(&path, "text")?;
    let file = File::from(std_fs::File::open(&path)?);
    let number = file.as_raw_fd();
    let mut buffer = [0; 8];
    let file = std_fs::File::try_from(file).expect("nobody else uses it");
    let file = File::from(OwnedFd::from(file));
    assert_eq!((file.as_raw_fd(), file.as_fd().as_raw_fd()), (number, number));
    assert_eq!(file.read_at(&mut buffer, 2).await?, 2);
    assert_eq!(&buffer[..2], b"xt");
    Ok(())
}

/// Files come from the standard library and go back to it.
pub fn files_of_std_and_back(driver: DriverKind) {
    both_ways(driver, convert);
}

async fn send(io: Io) -> io::Result<()> {
    const SIZE: usize = 3 << 20;
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
    std_fs::write(&path, &bytes)?;
    let file = File::open(io, &path).await?;
    let (_listener, mut client, mut server) = connected(io).await?;
    // It is more than fits into the sockets, and the reader begins late.
    let sender = io.spawn(async move {
        let mut sent = server.send_file(&file, 0, SIZE as u64).await?;
        sent += server.send_file(&file, 1000, 10).await?;
        sent += server.send_file(&file, SIZE as u64 - 5, 1 << 40).await?;
        sent += server.send_file(&file, 1 << 40, 10).await?;
        io::Result::Ok(sent)
    });
    yield_now().await;
    let mut received = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match client.read(&mut buffer).await? {
            0 => break,
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
    assert_eq!(sender.await??, SIZE as u64 + 15);
    assert!(received[..SIZE] == bytes);
    assert_eq!(received[SIZE..], [&bytes[1000..1010], &bytes[SIZE - 5..]].concat());
    Ok(())
}

/// Parts of files are sent to connections.
pub fn files_are_sent(driver: DriverKind) {
    both_ways(driver, send);
}

async fn fail_to_send(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    std_fs::write(&path, vec![7; 1 << 20])?;
    let file = File::open(io, &path).await?;
    for _ in 0..10 {
        let (mut near, mut far) = UnixStream::pair(io)?;
        {
            let mut send = pin!(near.send_file(&file, 0, 1 << 20));
            for _ in 0..3 {
                assert!(poll_once(send.as_mut()).await.is_pending(), "it cannot have room for all");
                yield_now().await;
            }
        }
        drop(near);
        // A part has come, or nothing, and then the end.
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = far.read(&mut buffer).await?;
            assert!(buffer[..count].iter().all(|&byte| byte == 7));
            if count == 0 {
                break;
            }
        }
    }
    let (mut near, far) = UnixStream::pair(io)?;
    drop(far);
    let error = near.send_file(&file, 0, 100).await.expect_err("the peer is gone");
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    let write_only = OpenOptions::new().write(true).open(io, &path).await?;
    let (mut near, _far) = UnixStream::pair(io)?;
    assert!(near.send_file(&write_only, 0, 100).await.is_err());
    Ok(())
}

/// Sending a file may be given up, and fails as a write does.
pub fn files_that_cannot_be_sent(driver: DriverKind) {
    both_ways(driver, fail_to_send);
}

async fn open_in_ways(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    let kind = |error: io::Error| error.kind();
    assert_eq!(File::open(io, &path).await.map_err(kind).err(), Some(ErrorKind::NotFound));
    let options = OpenOptions::new();
    for invalid in [options, options.read(true).create(true), options.append(true).truncate(true)] {
        assert_eq!(
            invalid.open(io, &path).await.map_err(kind).err(),
            Some(ErrorKind::InvalidInput)
        );
    }
    let zero = File::open(io, "a\0b").await.map_err(kind);
    assert_eq!(zero.err(), Some(ErrorKind::InvalidInput));
    let new = options.write(true).create_new(true).mode(0o600);
    new.open(io, &path).await?.write_all(b"one").await?;
    assert_eq!(std_fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
    assert_eq!(new.open(io, &path).await.map_err(kind).err(), Some(ErrorKind::AlreadyExists));
    let mut appended = options.append(true).open(io, &path).await?;
    appended.write_all(b", two").await?;
    appended.write_all(b", three").await?;
    assert_eq!(std_fs::read(&path)?, b"one, two, three");
    let file = options.write(true).open(io, &path).await?;
    file.set_len(4).await?;
    file.advise(0, 0, Advice::Sequential)?;
    assert_eq!(file.metadata(io).await?.len(), 4);
    file.set_permissions(io, Permissions::from_mode(0o640)).await?;
    assert_eq!(file.metadata(io).await?.permissions().mode() & 0o777, 0o640);
    drop(File::create(io, &path).await?);
    assert_eq!(std_fs::read(&path)?, b"");
    let std = File::open(io, &path).await?.into_std().expect("nobody else uses it");
    assert_eq!(File::from_std(std).read_at(&mut [0; 4], 0).await?, 0);
    Ok(())
}

/// Every way to open a file, and what it allows.
pub fn files_are_opened_in_all_ways(driver: DriverKind) {
    both_ways(driver, open_in_ways);
}

async fn change_names(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    fs::write(io, path("a"), "text").await?;
    fs::rename(io, path("a"), path("b")).await?;
    assert!(!fs::try_exists(io, path("a")).await?);
    fs::hard_link(io, path("b"), path("c")).await?;
    fs::symlink(io, "c", path("d")).await?;
    assert_eq!(fs::read_to_string(io, path("d")).await?, "text");
    assert_eq!(fs::read_link(io, path("d")).await?, PathBuf::from("c"));
    let whole = fs::canonicalize(io, path("d")).await?;
    assert_eq!(whole, std_fs::canonicalize(path("c"))?);
    assert!(fs::symlink_metadata(io, path("d")).await?.is_symlink());
    assert_eq!(fs::metadata(io, path("d")).await?.len(), 4);
    fs::set_permissions(io, path("c"), Permissions::from_mode(0o600)).await?;
    assert_eq!(fs::copy(io, path("c"), path("e")).await?, 4);
    assert_eq!(fs::metadata(io, path("e")).await?.permissions().mode() & 0o777, 0o600);
    fs::remove_file(io, path("b")).await?;
    assert_eq!(fs::read(io, path("c")).await?, b"text");
    let error = fs::remove_file(io, path("b")).await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = fs::rename(io, path("x"), path("y")).await.expect_err("no such file");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = fs::rename(io, "a\0b", path("y")).await.expect_err("no path");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    Ok(())
}

/// Files are renamed, linked, copied and removed.
pub fn names_of_files_change(driver: DriverKind) {
    both_ways(driver, change_names);
}

async fn use_folders(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let inner = folder.path().join("inner");
    fs::create_dir(io, &inner).await?;
    let error = fs::create_dir(io, &inner).await.expect_err("it is there");
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    let names: BTreeSet<String> = (0..200).map(|number| format!("file {number}")).collect();
    for name in &names {
        std_fs::write(inner.join(name), "")?;
    }
    let mut found = BTreeSet::new();
    let mut entries = fs::read_dir(io, &inner).await?;
    drop(entries.next_entry());
    while let Some(entry) = entries.next_entry().await? {
        assert!(found.insert(entry.file_name().into_string().expect("UTF-8")));
    }
    assert!(entries.next_entry().await?.is_none());
    assert_eq!(found, names);
    let error = fs::read_dir(io, inner.join("none")).await.expect_err("no folder");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(fs::remove_dir(io, &inner).await.is_err(), "it is not empty");
    fs::create_dir_all(io, inner.join("a/b/c")).await?;
    fs::remove_dir(io, inner.join("a/b/c")).await?;
    fs::remove_dir_all(io, &inner).await?;
    assert!(!inner.exists());
    Ok(())
}

/// Folders are made, read and removed.
pub fn folders_are_made_and_read(driver: DriverKind) {
    both_ways(driver, use_folders);
}

async fn drop_half_way(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("file");
    std_fs::write(&path, [3; 4096])?;
    let file = OpenOptions::new().read(true).write(true).open(io, &path).await?;
    let mut buffer = [1_u8; 4096];
    for round in 0..50_u8 {
        {
            let mut read = pin!(file.read_at(&mut buffer, 0));
            let _ = poll_once(read.as_mut()).await;
        }
        buffer = [round; 4096];
        let mut leaked = Box::pin(file.read_owned_at(vec![0; 4096], 0));
        let _ = poll_once(leaked.as_mut()).await;
        if round % 2 == 0 {
            core::mem::forget(leaked);
        }
        drop(Box::pin(File::open(io, &path)));
        let mut open = Box::pin(File::open(io, &path));
        let _ = poll_once(open.as_mut()).await;
        drop(open);
        assert_eq!(buffer, [round; 4096], "somebody wrote after the read was dropped");
    }
    assert_eq!(file.read_at(&mut buffer, 0).await?, 4096);
    assert_eq!(buffer, [3; 4096]);
    Ok(())
}

/// Dropped and leaked operations leave their buffers alone.
pub fn dropped_operations_on_files(driver: DriverKind) {
    both_ways(driver, drop_half_way);
}

/// Many reads at the same time, by many tasks.
pub fn many_reads_of_a_file(driver: DriverKind) {
    const TASKS: u64 = 100;
    run(driver, |io| async move {
        let folder = Folder::new()?;
        let path = folder.path().join("file");
        let numbers: Vec<u8> = (0..TASKS).flat_map(u64::to_le_bytes).collect();
        std_fs::write(&path, numbers)?;
        let file = std::sync::Arc::new(File::open(io, &path).await?);
        let read = |number: u64| {
            let file = file.clone();
            io.spawn(async move {
                let mut buffer = [0; 8];
                for _ in 0..10 {
                    file.read_exact_at(&mut buffer, number * 8).await?;
                    assert_eq!(u64::from_le_bytes(buffer), number);
                }
                io::Result::Ok(())
            })
        };
        for task in (0..TASKS).map(read).collect::<Vec<_>>() {
            task.await??;
        }
        Ok(())
    });
}

/// A runtime that ends with operations on files under way loses neither memory nor descriptors.
pub fn a_runtime_ends_with_files_in_flight(driver: DriverKind) {
    let folder = Folder::new().expect("a folder");
    let path = folder.path().join("file");
    std_fs::write(&path, [3; 4096]).expect("a file");
    for _ in 0..10 {
        let Some(mut runtime) = runtime(driver) else { return };
        let path = path.clone();
        let left = runtime.run(|io| async move {
            let file = File::open(io, &path).await.expect("the file");
            let mut left = Vec::new();
            for _ in 0..10 {
                let mut read = Box::pin(file.read_owned_at(vec![0; 4096], 0));
                if poll_once(read.as_mut()).await.is_pending() {
                    left.push(read);
                }
            }
            left
        });
        drop(runtime);
        for mut read in left {
            let mut context = Context::from_waker(Waker::noop());
            // It was done, or it was refused; nobody waits for ever.
            while read.as_mut().poll(&mut context).is_pending() {
                std::thread::yield_now();
            }
        }
    }
}
