//! Operations on sockets.

mod accept;
mod address;
mod connect;
mod control;
#[cfg(target_os = "linux")]
mod lent;
mod message;
mod peek;
mod read;
mod readiness;
mod receive;
mod receive_fds;
mod receive_from;
mod receive_owned;
mod send_datagram;
mod send_fds;
mod send_owned;
mod send_to;
mod vectored;
mod write;
mod zero_copy;

pub use accept::{Accept, AcceptUnix};
pub use connect::{Connect, ConnectSocket, ConnectUnix};
pub use control::ReceivedFds;
pub use peek::Peek;
pub use read::Read;
pub(crate) use read::receive_parked;
pub use readiness::{Readable, Writable};
pub use receive::Receive;
pub use receive_fds::ReceiveFds;
pub use receive_from::{ReceiveFrom, ReceiveFromUnix};
pub use receive_owned::ReceiveOwned;
pub use send_datagram::SendDatagram;
pub use send_fds::SendFds;
pub use send_owned::{SendAllOwned, SendOwned};
pub use send_to::{SendTo, SendToUnix};
pub use vectored::{ReadVectored, WriteVectored};
pub use write::{Write, WriteAll};
pub use zero_copy::SendZeroCopy;
