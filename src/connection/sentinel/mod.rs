//! Sentinels: finding the primary that they name, connecting to it, and learning of a switch to another one.
//!
//! - `conversation`: a connection to one Sentinel
//! - `instances`: what a Sentinel tells of servers and of other Sentinels
//! - `ask`: the question for the primary, which any Sentinel may answer
//! - `subscription`: the messages by which a Sentinel announces a switch

mod ask;
mod conversation;
mod instances;
mod subscription;

use crate::{
    connection::{
        config::{Address, Settings},
        push::PushSink,
        sync::lock,
        transport::{self, Connected, MultiProbe, Primary},
    },
    error::{Error, Result, SentinelErrorKind, TimeoutKind},
};
use ask::{Answer, Question};
pub(crate) use instances::NamedServers;
use std::{
    future::{Future, poll_fn},
    io, mem,
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// The most Sentinels that are remembered. A set has few, so a longer list is that of a broken one.
const MAX_SENTINELS: usize = 32;

/// The time after which the Sentinels are asked again while the server that they have named does not answer.
const RECHECK: Duration = Duration::from_secs(1);

/// The time within which every Sentinel has heard of a switch: they tell each other every two seconds, and the old primary may
/// take writes for ten.
const HEARSAY: Duration = Duration::from_secs(10);

/// The Sentinels of one primary, and the primary as it was last found. All connections of a client share them.
pub(crate) struct Sentinels {
    settings: Arc<Settings>,
    /// The name by which the Sentinels know the primary.
    name: Box<str>,
    state: Mutex<State>,
    /// The number of the present primary, 0 before the first.
    switches: watch::Sender<u64>,
}

struct State {
    /// Those that were configured and those that others have named, in the order in which they are asked.
    sentinels: Vec<Address>,
    /// The primary that was last connected to, or announced.
    primary: Option<Primary>,
    /// The primary before it, and the time of the switch.
    left: Option<(Primary, Instant)>,
    /// The primary could not be used, so that the Sentinels are asked before the next connection.
    doubted: bool,
}

/// The progress of a search, for the error of its timeout.
#[derive(Default)]
struct Search {
    /// The last failure of the server that is being tried, or of the Sentinels. An attempt that the timeout cuts is not one: it says
    /// less than the failure before it.
    failure: Option<Error>,
    /// The server that was tried last.
    server: Option<Address>,
}

impl Search {
    fn tries(&mut self, server: &Address) {
        if self.server.as_ref() != Some(server) {
            (self.failure, self.server) = (None, Some(server.clone()));
        }
    }

    /// Returns the error of a search that has taken longer than the connect timeout.
    fn timed_out(self, after: Duration) -> Error {
        let late = |server: Address| Error::Connect {
            address: server.to_string().into(),
            source: Arc::new(io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {after:?}"))),
        };
        let error = self.failure.or(self.server.map(late));
        error.unwrap_or(Error::Timeout { kind: TimeoutKind::Connect, after, at: None })
    }
}

impl Sentinels {
    /// `None` where the server is not found by Sentinels.
    pub(crate) fn of(settings: &Arc<Settings>) -> Option<Arc<Sentinels>> {
        let (sentinels, primary) = settings.sentinels()?;
        Some(Arc::new(Sentinels {
            settings: settings.clone(),
            name: primary.into(),
            state: Mutex::new(State { sentinels: sentinels.to_vec(), primary: None, left: None, doubted: false }),
            switches: watch::Sender::new(0),
        }))
    }

    /// The number of the present primary, which changes with a switch to another one.
    pub(crate) fn switches(&self) -> watch::Receiver<u64> {
        self.switches.subscribe()
    }

    /// Returns the number of the present primary.
    pub(crate) fn present(&self) -> u64 {
        *self.switches.borrow()
    }

    /// Connects to the primary, within the connect timeout. Unless the Sentinels are to be `asked` in any case, the primary
    /// that was found last is taken. A server that is no primary is not taken: the Sentinels are asked again, with backoff.
    pub(crate) async fn connect(&self, asked: bool, probe: MultiProbe) -> Result<Connected> {
        let after = self.settings.connect_timeout;
        let mut search = Search::default();
        let found = timeout(after, self.search(asked, probe, &mut search)).await;
        found.unwrap_or_else(|_| Err(search.timed_out(after)))
    }

    async fn search(&self, asked: bool, probe: MultiProbe, search: &mut Search) -> Result<Connected> {
        let (mut trusts_known, mut attempts) = (!asked, 0);
        loop {
            // From before the question on, since its answer may be older than an announcement.
            let switches = self.switches.subscribe();
            let known = if mem::take(&mut trusts_known) { self.known() } else { None };
            let (address, sentinel) = match known {
                Some(known) => (known, None),
                None => match self.ask().await {
                    Ok(answer) => (self.believed(&answer), Some(answer.sentinel)),
                    Err(error @ Error::Sentinel { kind: SentinelErrorKind::Undecided, .. }) => {
                        (search.failure, search.server) = (Some(error), None);
                        attempts += 1;
                        sleep(self.settings.reconnect_backoff.pause(attempts)).await;
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            search.tries(&address);
            match self.open(&address, switches, probe.clone()).await {
                Ok(Some(connected)) => return Ok(connected),
                Ok(None) => trusts_known = self.known().is_some_and(|known| known != address),
                Err(error) if !error.is_transient() => return Err(error),
                Err(error) => {
                    self.doubt(&address, sentinel.as_ref());
                    search.failure = Some(error);
                    attempts += 1;
                    sleep(self.settings.reconnect_backoff.pause(attempts)).await;
                }
            }
        }
    }

    /// Connects to a server, which must be a primary. `None` when another one becomes the primary meanwhile, as `switches` tell
    /// that were seen before this one was named: the old one may be frozen, or be a primary by its own account for a while.
    async fn open(
        &self,
        address: &Address,
        switches: watch::Receiver<u64>,
        probe: MultiProbe,
    ) -> Result<Option<Connected>> {
        let seen = *switches.borrow();
        let settings = self.settings.of_primary(address);
        let mut connecting = pin!(transport::connect(&settings, PushSink::Discard, probe, false));
        let mut switched = pin!(self.switched_from(address, switches));
        let connected = poll_fn(|cx| match connecting.as_mut().poll(cx) {
            Poll::Ready(connected) => Poll::Ready(connected.map(Some)),
            Poll::Pending => switched.as_mut().poll(cx).map(|()| Ok(None)),
        });
        let Some(mut connected) = connected.await? else { return Ok(None) };
        connected.session.primary = self.adopt(address, Some(seen));
        Ok(connected.session.primary.is_some().then_some(connected))
    }

    /// Waits until the primary is another server than that at `address`, by an announcement or by what the Sentinels answer now
    /// and then.
    async fn switched_from(&self, address: &Address, mut switches: watch::Receiver<u64>) {
        loop {
            let is_other = match timeout(RECHECK, switches.changed()).await {
                Ok(_) => self.leads_elsewhere(address),
                Err(_) => self.ask().await.is_ok_and(|answer| self.believed(&answer) != *address),
            };
            if is_other {
                return;
            }
        }
    }

    /// Asks the Sentinels for the primary and its replicas.
    pub(crate) async fn replicas(&self) -> Result<NamedServers> {
        let answer = self.ask_for(Question::Replicas).await?;
        let primary = self.believed(&answer);
        // A Sentinel that has not heard of a switch yet names the present primary as a replica.
        let replicas = answer.replicas.into_iter().filter(|replica| replica.address != primary).collect();
        Ok(NamedServers { primary, replicas })
    }

    /// Asks the Sentinels, and remembers which has answered and which others it has named.
    async fn ask(&self) -> Result<Answer> {
        self.ask_for(Question::Primary).await
    }

    async fn ask_for(&self, question: Question) -> Result<Answer> {
        let answer = ask::ask(&self.settings, self.sentinels(), &self.name, question).await?;
        self.remember(&answer);
        Ok(answer)
    }

    fn remember(&self, answer: &Answer) {
        let sentinels = &mut lock(&self.state).sentinels;
        sentinels.retain(|known| *known != answer.sentinel);
        sentinels.insert(0, answer.sentinel.clone());
        for other in &answer.others {
            if sentinels.len() < MAX_SENTINELS && !sentinels.contains(other) {
                sentinels.push(other.clone());
            }
        }
    }

    fn sentinels(&self) -> Vec<Address> {
        lock(&self.state).sentinels.clone()
    }

    /// Has another Sentinel asked first from here on.
    fn ask_last(&self, sentinel: &Address) {
        let sentinels = &mut lock(&self.state).sentinels;
        if let Some(index) = sentinels.iter().position(|known| known == sentinel) {
            sentinels[index..].rotate_left(1);
        }
    }

    /// Returns the address of the present primary, unless that is in doubt.
    pub(crate) fn known(&self) -> Option<Address> {
        let state = lock(&self.state);
        state.primary.as_ref().filter(|_| !state.doubted).map(|primary| (*primary.address).clone())
    }

    /// Returns the primary by an answer. A Sentinel that has not heard of a switch yet names the one before it, which may still be
    /// a primary by its own account: unless the present one is in doubt, that one is meant.
    fn believed(&self, answer: &Answer) -> Address {
        let state = lock(&self.state);
        let is_left = |(left, at): &(Primary, Instant)| *left.address == answer.primary && at.elapsed() < HEARSAY;
        match &state.primary {
            Some(present) if !state.doubted && state.left.as_ref().is_some_and(is_left) => (*present.address).clone(),
            _ => answer.primary.clone(),
        }
    }

    /// Returns whether the present primary is not the server at `address`.
    fn leads_elsewhere(&self, address: &Address) -> bool {
        self.known().is_none_or(|known| known != *address)
    }

    /// Notes that a server cannot be used as the primary, as which `sentinel` has named it.
    fn doubt(&self, address: &Address, sentinel: Option<&Address>) {
        let mut state = lock(&self.state);
        state.doubted |= state.primary.as_ref().is_some_and(|primary| *primary.address == *address);
        drop(state);
        if let Some(sentinel) = sentinel {
            self.ask_last(sentinel);
        }
    }

    /// Makes the server at `address` the present primary. If it was another one, those that watch for switches are told. `None` if
    /// the present primary is another one that became it after the switch that was `seen` last.
    fn adopt(&self, address: &Address, seen: Option<u64>) -> Option<Primary> {
        let mut state = lock(&self.state);
        let present = state.primary.take();
        let number = present.as_ref().map_or(0, |present| present.number);
        let primary = match present {
            Some(present) if *present.address == *address => present,
            Some(present) if seen.is_some_and(|seen| seen != number) => {
                state.primary = Some(present);
                return None;
            }
            left => {
                state.left = left.map(|left| (left, Instant::now()));
                Primary { number: number + 1, address: Arc::new(address.clone()) }
            }
        };
        state.doubted = false;
        state.primary = Some(primary.clone());
        // Under the lock, so that numbers and primaries come in the same order.
        self.switches.send_if_modified(|present| mem::replace(present, primary.number) != primary.number);
        Some(primary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Config;

    fn server(port: u16) -> Address {
        Address::Tcp { host: "10.0.0.1".into(), port }
    }

    fn sentinels() -> Arc<Sentinels> {
        let hosts = ["10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3"];
        Sentinels::of(&Arc::new(Config::sentinel(hosts, "m").unwrap().settings)).unwrap()
    }

    #[test]
    fn a_search_that_takes_too_long_tells_the_failure_before_the_cut_attempt() {
        let after = Duration::from_millis(500);
        let role = || Error::Sentinel {
            kind: SentinelErrorKind::NotPrimary,
            address: "10.0.0.1:1".into(),
            reason: "it is a replica".into(),
        };
        let tells = |search: Search| search.timed_out(after).to_string();
        let mut search = Search::default();
        assert!(matches!(Search::default().timed_out(after), Error::Timeout { kind: TimeoutKind::Connect, .. }));
        search.tries(&server(1));
        search.failure = Some(role());
        search.tries(&server(1));
        assert!(tells(search).contains("a replica"));
        // The failure of one server says nothing of another.
        let mut search = Search { failure: Some(role()), server: Some(server(1)) };
        search.tries(&server(2));
        let words = tells(search);
        assert!(words.contains("10.0.0.1:2") && words.contains("no answer within 500ms"), "{words}");
    }

    #[test]
    fn a_server_that_was_named_before_a_switch_is_not_taken_after_it() {
        let sentinels = sentinels();
        let adopt = |port, seen| sentinels.adopt(&server(port), seen).map(|primary| primary.number);
        assert_eq!((adopt(1, Some(0)), adopt(1, Some(0))), (Some(1), Some(1)));
        // Announced, while a connection to the old primary is being made.
        assert_eq!(adopt(2, None), Some(2));
        assert_eq!(adopt(1, Some(1)), None);
        assert_eq!((sentinels.present(), sentinels.known()), (2, Some(server(2))));
        assert_eq!(adopt(2, Some(1)), Some(2));
        assert_eq!((adopt(1, Some(2)), sentinels.present()), (Some(3), 3));
    }

    #[test]
    fn the_primary_before_a_switch_is_not_believed_to_be_it_again() {
        let sentinels = sentinels();
        let believed = |port| {
            sentinels.believed(&Answer { sentinel: server(1), primary: server(port), others: vec![], replicas: vec![] })
        };
        assert_eq!(believed(6379), server(6379));
        sentinels.adopt(&server(6379), Some(0));
        assert_eq!(believed(6380), server(6380));
        sentinels.adopt(&server(6380), None);
        assert_eq!((believed(6379), believed(6381)), (server(6380), server(6381)));
        // The present one cannot be used.
        sentinels.doubt(&server(6380), None);
        assert_eq!(believed(6379), server(6379));
    }

    #[test]
    fn a_server_in_doubt_is_asked_for_and_its_sentinel_is_asked_last() {
        let sentinels = sentinels();
        sentinels.adopt(&server(1), Some(0));
        sentinels.doubt(&server(7), None);
        assert_eq!(sentinels.known(), Some(server(1)));
        sentinels.doubt(&server(1), Some(&server(1)));
        assert_eq!((sentinels.known(), sentinels.present()), (None, 1));
        assert_eq!(sentinels.sentinels(), [server(2), server(3), server(1)]);
        sentinels.adopt(&server(1), Some(1));
        assert_eq!((sentinels.known(), sentinels.present()), (Some(server(1)), 1));
    }

    #[test]
    fn others_are_remembered_behind_the_one_that_has_answered() {
        let sentinels = sentinels();
        let remember = |sentinel, others: &[u16]| {
            let others = others.iter().map(|port| server(*port)).collect();
            sentinels.remember(&Answer { sentinel: server(sentinel), primary: server(6379), others, replicas: vec![] });
        };
        remember(2, &[3, 4]);
        assert_eq!(sentinels.sentinels(), [server(2), server(1), server(3), server(4)]);
        remember(4, &(100..10_000).collect::<Vec<u16>>());
        assert_eq!(sentinels.sentinels().len(), MAX_SENTINELS);
        assert_eq!(sentinels.sentinels()[..2], [server(4), server(2)]);
    }
}
