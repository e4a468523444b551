//! The faults: which there are, how they are dealt, and how each is done.

use std::{fmt, time::Duration};

use fastrand::Rng;
use tokio::time::sleep;
use typedis_testing::{Frame, Raw};

use crate::{
    bank::Form,
    world::{USER, World},
};

/// Something that goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum DecodeError {
    /// kill -9, and a restart from the append-only file after a while.
    Kill(Duration),
    /// SIGSTOP for a while.
    Freeze(Duration),
    /// Every connection is cut.
    Cut,
    /// A connection is cut within a request.
    CutRequest(usize),
    /// A connection is cut within a reply.
    CutReply(usize),
    /// A transfer of its own is cut at every byte of what is sent, or of what is answered.
    Sweep(Form, Direction),
    /// CLIENT KILL of one connection, counted in the order of CLIENT LIST.
    KillOne(usize),
    /// CLIENT KILL of all.
    KillAll,
    /// `maxmemory` is reached, for a while.
    OutOfMemory(Duration),
    /// A script runs until SCRIPT KILL.
    Busy(Duration),
    /// The replica takes over; the old connections are cut after a while.
    Failover(Duration),
    /// The user's rights change in the middle.
    Rights(Rights, Duration),
    /// Everything is late by so much, for a while.
    Delay(Duration, Duration),
    /// The open connections stay open and pass nothing on any more.
    HalfOpen,
}

/// What a user may lose.
#[derive(Clone, Copy, Debug)]
pub enum Rights {
    /// The right to write.
    Writing,
    /// All keys.
    Keys,
    /// The password, and the connections.
    Password,
    /// The whole user.
    User,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    Reply,
}

impl DecodeError {
    /// Deals every fault once, in a random order and with random measures.
    pub fn deck(random: &mut Rng) -> Vec<DecodeError> {
        let brief = |random: &mut Rng| millis(random, 100..400);
        let mut deck = vec![
            DecodeError::Kill(millis(random, 0..300)),
            DecodeError::Kill(millis(random, 600..1200)),
            DecodeError::Freeze(millis(random, 50..400)),
            // Longer than a connection is waited for.
            DecodeError::Freeze(millis(random, 1600..2000)),
            DecodeError::Cut,
            DecodeError::CutRequest(random.usize(..2_000)),
            DecodeError::CutReply(random.usize(..2_000)),
            DecodeError::KillOne(0),
            DecodeError::KillOne(random.usize(1..8)),
            DecodeError::KillAll,
            DecodeError::OutOfMemory(brief(random)),
            DecodeError::Busy(brief(random)),
            DecodeError::Failover(brief(random)),
            DecodeError::Failover(brief(random)),
            DecodeError::Delay(millis(random, 5..50), millis(random, 300..600)),
            DecodeError::HalfOpen,
        ];
        for rights in [Rights::Writing, Rights::Keys, Rights::Password, Rights::User] {
            deck.push(DecodeError::Rights(rights, brief(random)));
        }
        for form in Form::ALL {
            deck.push(DecodeError::Sweep(form, Direction::Request));
            deck.push(DecodeError::Sweep(form, Direction::Reply));
        }
        random.shuffle(&mut deck);
        deck
    }

    /// Its kind, without its measures.
    pub fn kind(self) -> &'static str {
        match self {
            DecodeError::Kill(_) => "kill -9 and restart",
            DecodeError::Freeze(_) => "freeze (SIGSTOP)",
            DecodeError::Cut => "cut all connections",
            DecodeError::CutRequest(_) => "cut within a request",
            DecodeError::CutReply(_) => "cut within a reply",
            DecodeError::Sweep(..) => "cut at every byte of a transfer",
            DecodeError::KillOne(_) => "CLIENT KILL of one",
            DecodeError::KillAll => "CLIENT KILL of all",
            DecodeError::OutOfMemory(_) => "maxmemory reached",
            DecodeError::Busy(_) => "BUSY until SCRIPT KILL",
            DecodeError::Failover(_) => "failover to the replica",
            DecodeError::Rights(..) => "ACL changed",
            DecodeError::Delay(..) => "delay",
            DecodeError::HalfOpen => "half-open connections",
        }
    }

    /// Does it, and sets right again what can be. [`Sweep`](DecodeError::Sweep) is not done here.
    pub async fn happen(self, world: &mut World) -> Result<(), String> {
        match self {
            DecodeError::Kill(down) => {
                world.primary.kill9();
                sleep(down).await;
                world.primary.restart().await;
            }
            DecodeError::Freeze(time) => {
                world.primary.freeze();
                sleep(time).await;
                world.primary.thaw();
            }
            DecodeError::Cut => world.proxy.disconnect_all().await,
            DecodeError::CutRequest(bytes) => world.proxy.cut_request_after(bytes),
            DecodeError::CutReply(bytes) => world.proxy.cut_reply_after(bytes),
            DecodeError::KillOne(number) => kill_one(&mut world.raw().await, number).await,
            DecodeError::KillAll => kill_all(&mut world.raw().await).await,
            DecodeError::OutOfMemory(time) => {
                world.raw().await.command(["CONFIG", "SET", "maxmemory", "1"]).await;
                sleep(time).await;
                world.raw().await.command(["CONFIG", "SET", "maxmemory", "0"]).await;
            }
            DecodeError::Busy(time) => busy(world, time).await,
            DecodeError::Failover(stale) => {
                world.fail_over().await?;
                sleep(stale).await;
                world.proxy.disconnect_all().await;
            }
            DecodeError::Rights(rights, time) => {
                rights.revoke(&mut world.raw().await).await;
                sleep(time).await;
                world.restore_rights().await;
            }
            DecodeError::Delay(delay, time) => {
                world.proxy.delay(delay);
                sleep(time).await;
                world.proxy.delay(Duration::ZERO);
            }
            DecodeError::HalfOpen => world.proxy.drop_open(),
            DecodeError::Sweep(..) => {}
        }
        Ok(())
    }
}

impl Rights {
    async fn revoke(self, raw: &mut Raw) {
        let command: &[&str] = match self {
            Rights::Writing => &["ACL", "SETUSER", USER, "-@write"],
            Rights::Keys => &["ACL", "SETUSER", USER, "resetkeys"],
            Rights::Password => &["ACL", "SETUSER", USER, "resetpass", ">another"],
            Rights::User => &["ACL", "DELUSER", USER],
        };
        raw.command(command).await;
        if let Rights::Password = self {
            kill_all(raw).await;
        }
    }
}

async fn kill_one(raw: &mut Raw, number: usize) {
    let list = raw.command(["CLIENT", "LIST"]).await.text();
    let lines = list.lines().filter(|line| line.contains(&format!(" user={USER} ")));
    let ids: Vec<&str> = lines.filter_map(|line| line.strip_prefix("id=")?.split(' ').next()).collect();
    if !ids.is_empty() {
        raw.command(["CLIENT", "KILL", "ID", ids[number % ids.len()]]).await;
    }
}

async fn kill_all(raw: &mut Raw) {
    raw.command(["CLIENT", "KILL", "USER", USER]).await;
}

async fn busy(world: &World, time: Duration) {
    let mut script = world.raw().await;
    script.send(["EVAL", "while true do end", "0"]).await;
    sleep(time).await;
    let mut killer = world.raw().await;
    // Until the script has run for the server's `lua-time-limit`, there is nothing to kill.
    while let Frame::Error(_) = killer.command(["SCRIPT", "KILL"]).await {
        sleep(Duration::from_millis(5)).await;
    }
    script.receive().await;
}

fn millis(random: &mut Rng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(random.u64(range))
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            DecodeError::Kill(time)
            | DecodeError::Freeze(time)
            | DecodeError::OutOfMemory(time)
            | DecodeError::Busy(time) => {
                write!(f, ", {time:?}")
            }
            DecodeError::CutRequest(bytes) | DecodeError::CutReply(bytes) => write!(f, ", after {bytes} bytes"),
            DecodeError::Sweep(form, direction) => write!(f, ": {}, {direction:?}", form.name()),
            DecodeError::Failover(stale) => write!(f, ", old connections cut after {stale:?}"),
            DecodeError::Rights(rights, time) => write!(f, ": {rights:?} taken for {time:?}"),
            DecodeError::Delay(delay, time) => write!(f, " of {delay:?} each way for {time:?}"),
            DecodeError::KillOne(number) => write!(f, ", number {number}"),
            DecodeError::Cut | DecodeError::KillAll | DecodeError::HalfOpen => Ok(()),
        }
    }
}
