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
pub enum Fault {
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

impl Fault {
    /// Deals every fault once, in a random order and with random measures.
    pub fn deck(random: &mut Rng) -> Vec<Fault> {
        let brief = |random: &mut Rng| millis(random, 100..400);
        let mut deck = vec![
            Fault::Kill(millis(random, 0..300)),
            Fault::Kill(millis(random, 600..1200)),
            Fault::Freeze(millis(random, 50..400)),
            // Longer than a connection is waited for.
            Fault::Freeze(millis(random, 1600..2000)),
            Fault::Cut,
            Fault::CutRequest(random.usize(..2_000)),
            Fault::CutReply(random.usize(..2_000)),
            Fault::KillOne(0),
            Fault::KillOne(random.usize(1..8)),
            Fault::KillAll,
            Fault::OutOfMemory(brief(random)),
            Fault::Busy(brief(random)),
            Fault::Failover(brief(random)),
            Fault::Failover(brief(random)),
            Fault::Delay(millis(random, 5..50), millis(random, 300..600)),
            Fault::HalfOpen,
        ];
        for rights in [Rights::Writing, Rights::Keys, Rights::Password, Rights::User] {
            deck.push(Fault::Rights(rights, brief(random)));
        }
        for form in Form::ALL {
            deck.push(Fault::Sweep(form, Direction::Request));
            deck.push(Fault::Sweep(form, Direction::Reply));
        }
        random.shuffle(&mut deck);
        deck
    }

    /// Its kind, without its measures.
    pub fn kind(self) -> &'static str {
        match self {
            Fault::Kill(_) => "kill -9 and restart",
            Fault::Freeze(_) => "freeze (SIGSTOP)",
            Fault::Cut => "cut all connections",
            Fault::CutRequest(_) => "cut within a request",
            Fault::CutReply(_) => "cut within a reply",
            Fault::Sweep(..) => "cut at every byte of a transfer",
            Fault::KillOne(_) => "CLIENT KILL of one",
            Fault::KillAll => "CLIENT KILL of all",
            Fault::OutOfMemory(_) => "maxmemory reached",
            Fault::Busy(_) => "BUSY until SCRIPT KILL",
            Fault::Failover(_) => "failover to the replica",
            Fault::Rights(..) => "ACL changed",
            Fault::Delay(..) => "delay",
            Fault::HalfOpen => "half-open connections",
        }
    }

    /// Does it, and sets right again what can be. [`Sweep`](Fault::Sweep) is not done here.
    pub async fn happen(self, world: &mut World) -> Result<(), String> {
        match self {
            Fault::Kill(down) => {
                world.primary.kill9();
                sleep(down).await;
                world.primary.restart().await;
            }
            Fault::Freeze(time) => {
                world.primary.freeze();
                sleep(time).await;
                world.primary.thaw();
            }
            Fault::Cut => world.proxy.disconnect_all().await,
            Fault::CutRequest(bytes) => world.proxy.cut_request_after(bytes),
            Fault::CutReply(bytes) => world.proxy.cut_reply_after(bytes),
            Fault::KillOne(number) => kill_one(&mut world.raw().await, number).await,
            Fault::KillAll => kill_all(&mut world.raw().await).await,
            Fault::OutOfMemory(time) => {
                world.raw().await.command(["CONFIG", "SET", "maxmemory", "1"]).await;
                sleep(time).await;
                world.raw().await.command(["CONFIG", "SET", "maxmemory", "0"]).await;
            }
            Fault::Busy(time) => busy(world, time).await,
            Fault::Failover(stale) => {
                world.fail_over().await?;
                sleep(stale).await;
                world.proxy.disconnect_all().await;
            }
            Fault::Rights(rights, time) => {
                rights.revoke(&mut world.raw().await).await;
                sleep(time).await;
                world.restore_rights().await;
            }
            Fault::Delay(delay, time) => {
                world.proxy.delay(delay);
                sleep(time).await;
                world.proxy.delay(Duration::ZERO);
            }
            Fault::HalfOpen => world.proxy.drop_open(),
            Fault::Sweep(..) => {}
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::Kill(time) | Fault::Freeze(time) | Fault::OutOfMemory(time) | Fault::Busy(time) => {
                write!(f, ", {time:?}")
            }
            Fault::CutRequest(bytes) | Fault::CutReply(bytes) => write!(f, ", after {bytes} bytes"),
            Fault::Sweep(form, direction) => write!(f, ": {}, {direction:?}", form.name()),
            Fault::Failover(stale) => write!(f, ", old connections cut after {stale:?}"),
            Fault::Rights(rights, time) => write!(f, ": {rights:?} taken for {time:?}"),
            Fault::Delay(delay, time) => write!(f, " of {delay:?} each way for {time:?}"),
            Fault::KillOne(number) => write!(f, ", number {number}"),
            Fault::Cut | Fault::KillAll | Fault::HalfOpen => Ok(()),
        }
    }
}
