//! The subscription to `+switch-master` and `+promoted-slave`, by which a Sentinel announces that another server is the primary.
//! It is one connection to one Sentinel, made again at another one when it is lost.
//!
//! It speaks RESP2, in which messages are replies like others.

use super::{Sentinels, conversation::Conversation, instances::endpoint};
use crate::{
    connection::{
        config::{Address, Protocol, Settings},
        failure::Disconnect,
        transport::{MultiProbe, closed, encode},
    },
    error::Error,
    resp::{CommandBuffer, Name, Reader, control::PING, encoded_len},
};
use bytes::Bytes;
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, sleep, timeout};

const SUBSCRIBE: Name<{ encoded_len("SUBSCRIBE") }> = Name::new("SUBSCRIBE");
/// The message of every Sentinel once it names another primary.
const SWITCHED: &str = "+switch-master";
/// The message of the Sentinel that leads a failover, seconds before the other one, once the new primary is one. What the old
/// primary accepts in between is lost.
const PROMOTED: &str = "+promoted-slave";

/// The time without a message after which the Sentinel is asked for a sign of life, and after which it counts as dead if there is
/// none. A Sentinel often shares its machine with a server of the set, and dies with it.
const QUIET: Duration = Duration::from_secs(3);

/// The end of a subscription.
enum Ended {
    /// The Sentinel could not be subscribed to.
    Failed,
    Lost,
}

impl Sentinels {
    /// Listens for switches to another primary, for ever.
    pub(crate) async fn listen(&self) -> Infallible {
        let backoff = self.settings.reconnect_backoff;
        let mut failures = 0;
        loop {
            let sentinel = self.sentinels().into_iter().next().unwrap_or_else(|| self.settings.address.clone());
            let began = Instant::now();
            let ended = self.subscribe(&sentinel).await;
            self.ask_last(&sentinel);
            let lasted = matches!(ended, Ended::Lost) && began.elapsed() > backoff.longest();
            failures = if lasted { 1 } else { failures + 1 };
            sleep(backoff.pause(failures)).await;
        }
    }

    /// Listens at one Sentinel until the connection to it is lost.
    async fn subscribe(&self, sentinel: &Address) -> Ended {
        let settings = Settings { protocol: Protocol::Resp2, ..self.settings.of_sentinel(sentinel) };
        let Ok(mut conversation) = Conversation::open(&settings).await else { return Ended::Failed };
        let mut request = CommandBuffer::default();
        encode(&mut request, &SUBSCRIBE, &[SWITCHED, PROMOTED]);
        let subscribed = async {
            conversation.send(&request).await?;
            conversation.reply().await
        };
        match timeout(settings.connect_timeout, subscribed).await {
            Ok(Ok(reply)) if is_array(&reply) => {}
            _ => return Ended::Failed,
        }
        // A switch may have been announced before.
        self.catch_up().await;
        while let Ok(message) = next(&mut conversation).await {
            if let Some(primary) = announced(&message, &self.name) {
                self.adopt(&primary, None);
            }
        }
        Ended::Lost
    }

    /// Asks for the primary. Another one than the present one counts if it is a primary by its own account, too: an answer that
    /// is old must not lead away from the present primary.
    async fn catch_up(&self) {
        let switches = self.switches();
        let Ok(answer) = self.ask().await else { return };
        let primary = self.believed(&answer);
        if self.leads_elsewhere(&primary) {
            let checked = self.open(&primary, switches, MultiProbe::Unneeded).await;
            if let Err(Error::Sentinel { .. }) = checked {
                self.doubt(&primary, Some(&answer.sentinel));
            }
        }
    }
}

/// Returns the next message, or another reply. A Sentinel that does not answer a PING is lost.
async fn next(conversation: &mut Conversation) -> Result<Bytes, Disconnect> {
    if let Ok(message) = timeout(QUIET, conversation.reply()).await {
        return message;
    }
    let mut ping = CommandBuffer::default();
    ping.control(PING);
    let answered = timeout(QUIET, async {
        conversation.send(&ping).await?;
        conversation.reply().await
    });
    answered.await.unwrap_or_else(|_| Err(closed("the Sentinel did not answer").into()))
}

fn is_array(reply: &Bytes) -> bool {
    reply.first() == Some(&b'*')
}

/// Returns the address of the new primary, if a message announces that of this name: `name old-host old-port host port` on one
/// channel, `slave name-of-replica host port @ name old-host old-port` on the other.
fn announced(message: &Bytes, name: &str) -> Option<Address> {
    let words = Reader::new(message).read_reply(|reader| match reader.array()? {
        3 => Ok(Some([reader.text()?, reader.text()?, reader.text()?])),
        _ => Ok(None),
    });
    let Ok(Some(["message", channel, text])) = words else { return None };
    let words: Vec<&str> = text.split(' ').collect();
    match (channel, &words[..]) {
        (SWITCHED, [of, _, _, host, port]) if *of == name => endpoint(host, port),
        (PROMOTED, ["slave", _, host, port, "@", of, ..]) if *of == name => endpoint(host, port),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_switch_of_the_own_primary_is_announced() {
        let announced = |channel: &str, text: &str| {
            let message = [channel, text].map(|text| format!("${}\r\n{text}\r\n", text.len())).concat();
            let announced = announced(&Bytes::from(format!("*3\r\n$7\r\nmessage\r\n{message}")), "mymaster");
            announced.map(|address| address.to_string())
        };
        let switched = |text: &str| announced("+switch-master", text);
        assert_eq!(switched("mymaster 10.0.0.1 6379 10.0.0.2 6380").as_deref(), Some("10.0.0.2:6380"));
        assert_eq!(switched("mymaster ::1 6379 ::2 6380").as_deref(), Some("[::2]:6380"));
        for other in ["mymaster2 a 1 b 2", "mymaster a 1 b", "mymaster a 1 b 0", "mymaster a 1 b x", "mymaster", ""] {
            assert_eq!(switched(other), None, "{other}");
        }
        let promoted = |text: &str| announced("+promoted-slave", text);
        assert_eq!(
            promoted("slave 10.0.0.2:6380 10.0.0.2 6380 @ mymaster 10.0.0.1 6379").as_deref(),
            Some("10.0.0.2:6380")
        );
        for other in ["slave x a 1 @ other b 2", "master mymaster a 1", "slave x a 1", "mymaster a 1 b 2"] {
            assert_eq!(promoted(other), None, "{other}");
        }
        assert_eq!(announced("+sdown", "mymaster a 1 b 2"), None);
        for reply in ["*2\r\n$4\r\npong\r\n$0\r\n\r\n", "+PONG\r\n", "-ERR x\r\n", "*3\r\n+a\r\n+b\r\n:1\r\n"] {
            assert_eq!(super::announced(&Bytes::copy_from_slice(reply.as_bytes()), "mymaster"), None, "{reply:?}");
        }
    }
}
