//! A scripted peer in place of a server that no test has at hand: it replies what the vendor describes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use typedis::{Client, Result};
use typedis_testing::Fake;

/// A command, and its reply in RESP3 and in RESP2, each with its lines separated by spaces: `*2 :5 :1`.
pub(crate) type Exchange = (&'static str, &'static str, &'static str);

/// Runs `work` in both protocols on a peer with these exchanges, each of which must be asked for. Any other command is an
/// error.
pub(crate) async fn on_described(exchanges: &'static [Exchange], work: impl AsyncFn(&Client) -> Result<()>) {
    for (protocol, resp3) in [("?protocol=3", true), ("?protocol=2", false)] {
        let asked = Arc::new(Mutex::new(BTreeSet::new()));
        let fake = peer(exchanges, resp3, Arc::clone(&asked)).await;
        let client = Client::connect(&format!("{}{protocol}", fake.url())).await.unwrap();
        work(&client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
        let asked = asked.lock().unwrap();
        let idle: Vec<_> = exchanges.iter().filter(|(command, ..)| !asked.contains(command)).collect();
        assert!(idle.is_empty(), "{protocol}: nothing asked for {idle:?}");
    }
}

async fn peer(exchanges: &'static [Exchange], resp3: bool, asked: Arc<Mutex<BTreeSet<&'static str>>>) -> Fake {
    Fake::commands(move |words| {
        let command = words.join(" ");
        if words[0] == "HELLO" {
            return b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec();
        }
        match exchanges.iter().find(|(known, ..)| *known == command) {
            Some((known, in_resp3, in_resp2)) => {
                asked.lock().unwrap().insert(known);
                let reply = if resp3 { in_resp3 } else { in_resp2 };
                let lines = if reply.starts_with('-') { reply.to_string() } else { reply.replace(' ', "\r\n") };
                format!("{lines}\r\n").into_bytes()
            }
            None => format!("-ERR nothing is described for {command:?}\r\n").into_bytes(),
        }
    })
    .await
}
