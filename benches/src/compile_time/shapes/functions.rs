/// A protocol: lines are read, parsed and answered.
ATTRIBUTE
pub async fn serve_NUMBER(stream: &mut Stream, store: &mut Store) -> Result<u64> {
    let mut buffer = [0; 256];
    let mut served = 0;
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(served);
        }
        let line = String::from_utf8_lossy(&buffer[..count]).into_owned();
        match parse(line.trim())? {
            Command::Get(key) => match store.entries.get(&key) {
                Some(value) => {
                    store.hits += NUMBER;
                    stream.write(b"value ").await?;
                    stream.write(value).await?;
                }
                None => stream.write(b"none").await?,
            },
            Command::Set { key, value } => {
                store.entries.insert(key, value);
                stream.write(b"stored").await?;
            }
            Command::Delete(key) => {
                let answer = if store.entries.remove(&key).is_some() { "deleted" } else { "none" };
                stream.write(answer.as_bytes()).await?;
            }
            Command::Quit => break,
        }
        served += 1;
    }
    stream.write(b"bye").await?;
    Ok(served)
}

/// A request that is tried several times, with growing pauses.
ATTRIBUTE
pub async fn retry_NUMBER(address: &str, attempts: u32) -> Result<Vec<u8>> {
    let mut pause = NUMBER;
    let mut last = Error::Closed;
    for attempt in 0..attempts {
        let mut stream = match connect(address).await {
            Ok(stream) => stream,
            Err(error) => {
                last = error;
                sleep(pause).await;
                pause = (pause * 2).min(1000);
                continue;
            }
        };
        let request = format!("request {attempt}");
        stream.write(request.as_bytes()).await?;
        let mut answer = vec![0; 64];
        let count = stream.read(&mut answer).await?;
        answer.truncate(count);
        if !answer.is_empty() {
            return Ok(answer);
        }
        sleep(pause).await;
    }
    Err(last)
}

/// A proxy: what comes from one side goes to the other.
ATTRIBUTE
pub async fn proxy_NUMBER(mut client: Stream, mut server: Stream) -> Result<(u64, u64)> {
    let mut up = 0;
    let mut down = 0;
    let mut buffer = vec![0; 512];
    loop {
        let from_client = client.read(&mut buffer).await?;
        server.write(&buffer[..from_client]).await?;
        up += from_client as u64;
        let from_server = server.read(&mut buffer).await?;
        client.write(&buffer[..from_server]).await?;
        down += from_server as u64;
        if from_client + from_server == 0 || up > NUMBER * 1000 {
            break;
        }
        sleep(1).await;
    }
    Ok((up, down))
}

/// A handshake: several steps in a row, each of which may fail.
ATTRIBUTE
pub async fn handshake_NUMBER(address: String, name: &str) -> Result<Stream> {
    let mut stream = connect(&address).await?;
    stream.write(b"hello NUMBER").await?;
    let mut version = [0; 4];
    let count = stream.read(&mut version).await?;
    let text = std::str::from_utf8(&version[..count]).map_err(|_| Error::Protocol(address.clone()))?;
    let version: u32 = text.trim().parse()?;
    if version < NUMBER {
        return Err(Error::Protocol(format!("version {version} of {address}")));
    }
    stream.write(name.as_bytes()).await?;
    let mut token = [0; 16];
    stream.read(&mut token).await?;
    stream.write(&token).await?;
    sleep(2).await;
    stream.write(b"ready").await?;
    Ok(stream)
}

/// A batch: items are worked off, and failures are collected.
ATTRIBUTE
pub async fn batch_NUMBER(items: Vec<String>, stream: &mut Stream) -> (usize, Vec<Error>) {
    let mut failures = Vec::new();
    let mut done = 0;
    for (index, item) in items.into_iter().enumerate() {
        if item.is_empty() {
            continue;
        }
        let line = format!("{index}: {item}\n");
        match stream.write(line.as_bytes()).await {
            Ok(()) => done += 1,
            Err(Error::TimedOut) => sleep(NUMBER).await,
            Err(error) => failures.push(error),
        }
        if index % 16 == 15 {
            sleep(1).await;
        }
    }
    (done, failures)
}

/// A command with an effect of its own for each variant.
ATTRIBUTE
pub async fn command_NUMBER(command: Command, stream: &mut Stream, store: &mut Store) -> Result<bool> {
    let size = store.entries.len();
    let is_changed = match command {
        Command::Get(key) => {
            let value = store.entries.get(&key).cloned().unwrap_or_default();
            stream.write(&value).await?;
            false
        }
        Command::Set { key, value } if value.len() < NUMBER + 10 => {
            stream.write(key.as_bytes()).await?;
            store.entries.insert(key, value);
            true
        }
        Command::Set { key, .. } => {
            return Err(Error::Protocol(format!("the value of {key} is too long")));
        }
        Command::Delete(key) => {
            let old = store.entries.remove(&key);
            sleep(1).await;
            old.is_some()
        }
        Command::Quit => {
            stream.write(b"bye").await?;
            return Ok(false);
        }
    };
    if is_changed {
        stream.write(format!("{size} entries").as_bytes()).await?;
    }
    Ok(is_changed)
}

/// A cache in front of a connection.
ATTRIBUTE
pub async fn lookup_NUMBER(store: &mut Store, address: &str, key: &str) -> Result<Vec<u8>> {
    if let Some(value) = store.entries.get(key) {
        let value = value.clone();
        store.hits += 1;
        sleep(0).await;
        return Ok(value);
    }
    let mut stream = connect(address).await?;
    stream.write(key.as_bytes()).await?;
    let mut value = Vec::new();
    let mut chunk = [0; 128];
    while value.len() < NUMBER * 10 {
        let count = stream.read(&mut chunk).await?;
        if count == 0 {
            break;
        }
        value.extend_from_slice(&chunk[..count]);
    }
    store.entries.insert(key.to_owned(), value.clone());
    Ok(value)
}

/// A task that runs until its input ends: `let else`, labels, several outcomes.
ATTRIBUTE
pub async fn worker_NUMBER(mut queue: Vec<Command>, address: &str) -> Result<usize> {
    let Ok(mut stream) = connect(address).await else {
        sleep(NUMBER).await;
        return Ok(0);
    };
    let mut store = Store::default();
    let mut handled = 0;
    'tasks: while let Some(command) = queue.pop() {
        let mut attempts = 0;
        let line = match &command {
            Command::Get(key) | Command::Delete(key) => key.clone(),
            Command::Set { key, value } => format!("{key} {}", value.len()),
            Command::Quit => break,
        };
        while let Err(error) = stream.write(line.as_bytes()).await {
            attempts += 1;
            match error {
                Error::Closed => break 'tasks,
                Error::TimedOut if attempts < 3 => sleep(attempts).await,
                error => return Err(error),
            }
        }
        if let Command::Set { key, value } = command {
            store.entries.insert(key, value);
        }
        handled += 1;
    }
    stream.write(format!("{} kept", store.entries.len()).as_bytes()).await?;
    Ok(handled)
}
