pub fn drive_NUMBER(store: &mut Store) -> usize {
    let stream = || Stream { data: b"get x".to_vec(), written: Vec::new() };
    let (one, other) = (&mut stream(), &mut Store::default());
    let polled = [
        drive(serve_NUMBER(one, other)),
        drive(retry_NUMBER("address", 3)),
        drive(proxy_NUMBER(stream(), stream())),
        drive(handshake_NUMBER("address".into(), "name")),
        drive(batch_NUMBER(vec!["item".into()], one)),
        drive(command_NUMBER(Command::Quit, one, store)),
        drive(lookup_NUMBER(store, "address", "key")),
        drive(worker_NUMBER(vec![Command::Quit], "address")),
    ];
    polled.iter().filter(|is_ready| **is_ready).count()
}
