//! A server and a client as a user writes them: coroutines all the way, over sockets.

use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use coframe::net::{TcpListener, TcpStream};
use coframe::{Io, Runtime};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Answers each line with how often it came, until it is told to quit.
#[coframe::coroutine]
async fn serve(io: Io, listener: TcpListener) -> std::io::Result<usize> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    loop {
        let (mut sock, peer) = listener.accept().await?;
        let mut line = [0_u8; 64];
        let n = sock.read(&mut line).await?;
        let text = String::from_utf8_lossy(&line[..n]).into_owned();
        *seen.entry(text.clone()).or_insert(0) += 1;
        io.sleep(Duration::from_millis(1)).await;
        sock.write_all(format!("{text} #{} from {}", seen[&text], peer.ip()).as_bytes()).await?;
        if text == "quit" {
            return Ok(seen.len());
        }
    }
}

struct Client {
    io: Io,
    to: SocketAddr,
    requests: u32,
}

impl Client {
    #[coframe::coroutine]
    async fn request(&mut self, text: &str) -> Outcome<String> {
        self.requests += 1;
        let mut sock = TcpStream::connect(self.io, self.to).await?;
        sock.write_all(text.as_bytes()).await?;
        let mut answer = Vec::new();
        let mut buf = [0; 16];
        while let n @ 1.. = sock.read(&mut buf).await? {
            answer.extend_from_slice(&buf[..n]);
        }
        Ok(String::from_utf8(answer)?)
    }
}

#[coframe::coroutine]
async fn run(io: Io) -> Outcome<(Vec<String>, Option<usize>, u64)> {
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let to = listener.local_addr()?;
    let server = io.spawn(serve(io, listener));
    let mut client = Client { io, to, requests: 0 };
    let mut answers = Vec::new();
    for text in ["one", "two", "one", "quit"] {
        answers.push(client.request(text).await?);
    }
    let outcome = server.await;
    let handles: Vec<_> = (0..3_u64)
        .map(|i| {
            io.spawn(async move {
                io.sleep(Duration::from_millis(3 - i)).await;
                i
            })
        })
        .collect();
    let mut sum = u64::from(client.requests);
    for handle in handles {
        sum += handle.await?;
    }
    Ok((answers, outcome.map(|served| served.ok())?, sum))
}

#[test]
fn a_server_and_its_client() {
    let mut runtime = Runtime::new().expect("a driver works here");
    let (answers, kinds, sum) = runtime.run(run).expect("nothing fails");
    let expected = ["one #1", "two #1", "one #2", "quit #1"];
    let expected = expected.map(|answer| format!("{answer} from 127.0.0.1"));
    assert_eq!(answers, expected);
    assert_eq!((kinds, sum), (Some(3), 4 + 3));
}
