//! What wakes a thread that sleeps in a driver.

#[cfg(target_os = "linux")]
mod counter;
#[cfg(any(test, not(target_os = "linux")))]
mod self_pipe;

#[cfg(target_os = "linux")]
pub(crate) use counter::Event;
#[cfg(not(target_os = "linux"))]
pub(crate) use self_pipe::Event;
