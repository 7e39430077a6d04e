//! Suites for the runtime, the same for every driver.
//!
//! Each test is a function that takes a driver; [`runtime_suite!`](crate::runtime_suite) makes the
//! `#[test]` functions for one driver. Nothing here waits for a fixed time in order to be right.

pub mod blocking;
pub mod buffers;
pub mod connections;
pub mod datagrams;
pub mod descriptors;
pub mod files;
pub mod leases;
pub mod owned;
pub mod passing;
pub mod pools;
pub mod processes;
pub mod readiness;
pub mod streams;
pub mod streams_of_bytes;
pub mod tasks;
pub mod timers;
pub mod unix_sockets;
pub mod wakers;

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io, Runtime};

/// A runtime with this driver; `None` if the kernel forbids it, which is said.
pub fn runtime(driver: DriverKind) -> Option<Runtime> {
    match Runtime::builder().driver(driver).build() {
        Ok(runtime) => Some(runtime),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

/// Runs `main` on this driver, if the kernel has it.
pub fn run<F, Fut>(driver: DriverKind, main: F)
where
    F: FnOnce(Io) -> Fut,
    Fut: Future<Output = io::Result<()>>,
{
    if let Some(mut runtime) = runtime(driver) {
        runtime.run(main).expect("the test's main future");
    }
}

/// Runs `body` in the frame of the main future, in that of a task, and in a box: where it is decides
/// which way an operation takes to the kernel.
///
/// # Errors
///
/// Those of `body`.
pub async fn everywhere<F, Fut>(io: Io, body: F) -> io::Result<()>
where
    F: Fn(Io) -> Fut,
    Fut: Future<Output = io::Result<()>> + Send + 'static,
{
    body(io).await?;
    io.spawn(body(io)).await??;
    Box::pin(body(io)).await
}

/// A folder of its own, removed when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a folder among the temporary files.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn new() -> io::Result<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Relaxed);
        let name = format!("coframe-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A listener on a free port, and two ends of a connection made through it.
///
/// # Errors
///
/// Those of the sockets.
pub async fn connected(io: Io) -> io::Result<(TcpListener, TcpStream, TcpStream)> {
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let client = TcpStream::connect(io, listener.local_addr()?).await?;
    let (server, peer) = listener.accept().await?;
    assert_eq!(peer, client.local_addr()?);
    Ok((listener, client, server))
}

/// Gives other tasks a turn.
pub fn yield_now() -> impl Future<Output = ()> {
    let mut is_first = true;
    core::future::poll_fn(move |context| {
        if core::mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
}

/// Polls a future once, with the waker of the task.
pub async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    core::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

/// Polls a future once, outside of any task.
pub fn poll_alone<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// The `#[test]` functions of all suites, for one driver.
#[macro_export]
macro_rules! runtime_suite {
    ($driver:expr; $($suite:ident: $($test:ident),+;)+) => {
        $($(
            #[test]
            fn $test() {
                $crate::runtime::$suite::$test($driver);
            }
        )+)+
    };
    ($driver:expr) => {
        $crate::runtime_suite! {
            $driver;
            connections: bytes_come_back, many_connections_at_once, a_small_queue, a_half_closed_peer_can_be_answered,
                a_reset_peer_is_an_error, a_write_to_a_closed_peer_is_an_error,
                a_large_write_is_complete, a_taken_address_is_named, a_refused_connection_is_an_error,
                accepts_share_a_listener, reads_of_nothing_and_writes_of_nothing,
                an_address_that_does_not_resolve, options_are_kept, a_long_conversation;
            buffers: a_dropped_read_leaves_its_buffer_alone, a_leaked_read_leaves_its_buffer_alone,
                the_loser_of_a_race_leaves_its_buffer_alone, a_panic_ends_the_reads_of_its_task,
                a_read_into_the_heap, a_read_begun_elsewhere_is_an_error,
                a_read_outside_a_runtime_is_an_error, an_aborted_task_ends_its_read,
                a_dropped_accept_closes_its_connection, a_boxed_read_crosses_threads;
            leases: leased_bytes_arrive, a_lease_returns_its_buffer, receivers_wait_for_a_buffer,
                a_dropped_receive_loses_nothing, leaked_leases_and_receives,
                a_lease_outlives_its_runtime, leases_cross_threads, halves_receive,
                a_receive_that_fails;
            owned: owned_buffers_come_back, owned_buffers_of_dropped_operations, a_lease_is_sent_on,
                large_owned_writes, owned_calls_that_fail, buffers_are_sent_from_their_place,
                a_dropped_zero_copy_send;
            descriptors: nothing_is_left_open, a_leaked_read_does_not_hold_its_connection,
                a_leaked_read_does_not_disturb_the_next_socket;
            pools: a_full_pool_gives_the_coroutine_back, a_full_pool_makes_spawns_wait,
                a_coroutine_is_made_in_its_slot, a_coroutine_that_is_not_made,
                waiting_spawns_are_served_in_order, a_dropped_spawn_gives_its_place_up,
                an_empty_pool_is_refused, a_slot_is_used_again_at_once, a_pool_outlives_its_handle,
                slots_come_back_from_another_thread, a_pool_of_an_ended_runtime,
                a_huge_pool_is_refused;
            tasks: values_are_joined, recursion, a_panic_is_reported, a_panic_of_the_root_comes_through,
                an_aborted_task_is_dropped, a_detached_task_goes_on, dropping_the_runtime_drops_tasks,
                tasks_go_on_in_the_next_run, a_handle_outlives_the_runtime, a_stale_io_is_refused,
                a_nested_run_is_refused, a_runtime_dropped_inside_another,
                a_spawn_that_gives_its_future_back, room_for_tasks_from_the_start, tasks_of_all_sizes, local_tasks, a_busy_task_lets_io_happen,
                a_panic_while_dropping_is_reported, spawning_from_another_thread;
            readiness: a_read_whose_waker_changes, a_dropped_read_with_another_waker,
                an_end_right_after_bytes, urgent_bytes_do_not_hide_others, a_number_with_a_new_owner,
                a_connection_moves_to_another_runtime, bytes_that_somebody_else_takes;
            streams: several_buffers_in_one_call, a_peek_leaves_the_bytes, a_write_into_no_room,
                borrowed_halves_work_at_once,
                owned_halves_go_to_tasks, halves_are_reunited, readiness_and_calls_that_do_not_wait,
                sockets_of_std_and_back, options_of_connections, a_port_is_shared,
                the_next_address_is_tried;
            datagrams: datagrams_arrive, a_connected_socket_has_one_peer,
                a_dropped_receive_leaves_its_buffer_alone, tasks_share_a_socket,
                a_group_is_joined_and_left, options_of_datagram_sockets;
            unix_sockets: unix_connections_at_a_path, unix_connections_by_name, a_full_unix_listener,
                pairs_of_unix_streams, unix_datagrams_arrive, a_full_unix_receiver,
                a_full_receiver_of_anybody, all_senders_have_their_turn;
            passing: fds_pass_through_a_stream, fds_pass_with_datagrams, more_fds_than_room_are_closed,
                fds_that_nobody_takes_are_closed, a_dropped_receive_closes_its_fds,
                fds_that_cannot_be_passed;
            blocking: closures_run_elsewhere, a_panic_of_a_closure_is_reported, closures_wait_for_a_thread,
                idle_threads_end, a_detached_closure_goes_on, closures_outlive_the_runtime,
                closures_of_other_threads, hosts_are_looked_up;
            files: files_are_written_and_read, files_and_buffers_on_the_heap, files_and_several_buffers,
                owned_buffers_where_a_file_stands, files_of_std_and_back, files_are_sent,
                files_that_cannot_be_sent, files_are_opened_in_all_ways,
                names_of_files_change, folders_are_made_and_read, dropped_operations_on_files,
                many_reads_of_a_file, a_runtime_ends_with_files_in_flight;
            streams_of_bytes: pipes_carry_bytes, pipes_of_std, a_full_pipe_makes_writers_wait, lines_and_parts,
                reading_through_a_buffer, writing_through_a_buffer, bytes_are_copied, streams_are_joined,
                generic_sources_and_sinks, streams_of_the_process;
            processes: a_process_is_run, large_outputs_are_read, a_process_is_killed, a_dropped_process,
                many_processes;
            timers: sleeps_end_in_order, a_dropped_sleep_wakes_nobody, sleeps_of_all_lengths,
                a_leaked_sleep_is_harmless, a_sleep_on_another_thread, a_sleep_of_another_runtime, many_sleeps;
            wakers: a_wake_from_another_thread, a_late_waker_is_harmless, wakers_outlive_everything,
                many_wakes_from_many_threads;
        }
    };
}
