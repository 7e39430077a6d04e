//! The only modules that call the operating system.
//!
//! # Invariants
//!
//! * `KernelOwnsBuffer`: memory named in a submission entry stays valid and is touched by nobody
//!   else until the entry's completion was taken from the ring. Established by whoever pushes the
//!   entry: see [`crate::op`].

#[cfg(target_os = "linux")]
pub(crate) mod epoll;
pub(crate) mod event;
pub(crate) mod file;
#[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
pub(crate) mod kqueue;
pub(crate) mod pages;
pub(crate) mod pipe;
pub(crate) mod poll;
pub(crate) mod poll_set;
pub(crate) mod process;
#[cfg(all(target_os = "linux", not(loom), not(miri)))]
pub(crate) mod quick_lock;
#[cfg(target_os = "linux")]
pub(crate) mod ring;
pub(crate) mod signal;
pub(crate) mod socket;
#[cfg(target_os = "linux")]
pub(crate) mod spin;
