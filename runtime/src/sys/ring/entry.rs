//! One entry of a submission queue.

use std::os::fd::RawFd;

use super::IoringOp;

/// What the kernel is asked for, laid out as it reads it, up to what is never used.
///
/// Every field is a number, so that an entry that is made where it is pushed is written straight
/// into the queue.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Entry {
    code: u8,
    pub(super) flags: u8,
    pub(super) priority: u16,
    fd: RawFd,
    offset: u64,
    address: u64,
    len: u32,
    options: u32,
    pub(crate) user_data: u64,
}

const _: () = assert!(size_of::<Entry>() == 40 && core::mem::offset_of!(Entry, user_data) == 32);

/// The place of an entry in the queue.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Place {
    entry: Entry,
    /// Always zero, as the kernel has made it.
    rest: [u64; 3],
}

const _: () = assert!(size_of::<Place>() == 64 && core::mem::offset_of!(Place, entry) == 0);

/// The codes of the operations that are used, as the kernel numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Code {
    Accept = IoringOp::Accept as u8,
    Cancel = IoringOp::AsyncCancel as u8,
    Connect = IoringOp::Connect as u8,
    LinkAt = IoringOp::Linkat as u8,
    MakeFolderAt = IoringOp::Mkdirat as u8,
    OpenAt = IoringOp::Openat as u8,
    Poll = IoringOp::PollAdd as u8,
    Read = IoringOp::Read as u8,
    ReadVectored = IoringOp::Readv as u8,
    Receive = IoringOp::Recv as u8,
    ReceiveMessage = IoringOp::Recvmsg as u8,
    RenameAt = IoringOp::Renameat as u8,
    Send = IoringOp::Send as u8,
    SendMessage = IoringOp::Sendmsg as u8,
    SendZeroCopy = IoringOp::SendZc as u8,
    SymlinkAt = IoringOp::Symlinkat as u8,
    Sync = IoringOp::Fsync as u8,
    Truncate = 55,
    UnlinkAt = IoringOp::Unlinkat as u8,
    Write = IoringOp::Write as u8,
    WriteVectored = IoringOp::Writev as u8,
}

impl Entry {
    /// An operation on `fd` without arguments.
    #[inline]
    pub(crate) const fn new(code: Code, fd: RawFd) -> Self {
        Entry {
            code: code as u8,
            flags: 0,
            priority: 0,
            fd,
            offset: 0,
            address: 0,
            len: 0,
            options: 0,
            user_data: 0,
        }
    }

    /// The code of the operation.
    pub(crate) const fn code(&self) -> u8 {
        self.code
    }

    /// The first argument: memory, and its length.
    #[inline]
    pub(crate) fn memory<T>(mut self, start: *const T, len: u32) -> Self {
        self.address = start.expose_provenance() as u64;
        self.len = len;
        self
    }

    /// The second argument, where that is an address.
    #[inline]
    pub(crate) fn more_memory<T>(mut self, start: *const T) -> Self {
        self.offset = start.expose_provenance() as u64;
        self
    }

    /// The first argument, where that is a number.
    #[inline]
    pub(crate) const fn target(mut self, target: u64) -> Self {
        self.address = target;
        self
    }

    /// A place in a file, or a second number.
    #[inline]
    pub(crate) const fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// The flags of the system call that does the same.
    #[inline]
    pub(crate) const fn options(mut self, options: u32) -> Self {
        self.options = options;
        self
    }

    /// What the kernel gives back with the completion.
    #[inline]
    pub(crate) const fn user_data(mut self, user_data: u64) -> Self {
        self.user_data = user_data;
        self
    }
}
