//! The faults: their schedule and their injection.

use crate::{
    bank::TransferForm,
    cut::Direction,
    deployment::Deployment,
    settings::{USER, millis},
};
use fastrand::Rng;
use std::{fmt, time::Duration};
use tokio::time::sleep;
use typedis_testing::{Frame, Raw};

/// A fault.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// SIGKILL, and a restart from the append-only file after a while.
    Kill(Duration),
    /// SIGSTOP for a while.
    Freeze(Duration),
    /// Every connection is cut.
    Cut,
    /// A connection is cut within a request.
    CutRequest(usize),
    /// A connection is cut within a reply.
    CutReply(usize),
    /// A transfer of its own is cut at every byte of one direction.
    CutAtEveryByte(TransferForm, Direction),
    /// CLIENT KILL of one connection, counted in the order of CLIENT LIST.
    KillOne(usize),
    /// CLIENT KILL of all connections.
    KillAll,
    /// `maxmemory` is reached for a while.
    OutOfMemory(Duration),
    /// A script runs until SCRIPT KILL.
    Busy(Duration),
    /// The replica becomes the primary; the old connections are cut after a while.
    Failover(Duration),
    /// The user loses a permission for a while.
    Acl(Revoked, Duration),
    /// Every byte is delayed, for a while.
    Delay { by: Duration, during: Duration },
    /// The open connections stay open and carry no more bytes.
    HalfOpen,
}

/// A permission that the user loses.
#[derive(Clone, Copy, Debug)]
pub enum Revoked {
    /// Commands that write.
    Writing,
    /// All keys.
    Keys,
    /// The password, together with the connections.
    Password,
    /// The user itself.
    User,
}

impl Fault {
    /// Every fault once, in random order and with random parameters.
    pub fn schedule(random: &mut Rng) -> Vec<Fault> {
        let short = |random: &mut Rng| millis(random, 100..400);
        let mut schedule = vec![
            Fault::Kill(millis(random, 0..300)),
            Fault::Kill(millis(random, 600..1200)),
            Fault::Freeze(millis(random, 50..400)),
            // Longer than the timeouts of the clients.
            Fault::Freeze(millis(random, 1600..2000)),
            Fault::Cut,
            Fault::CutRequest(random.usize(..2_000)),
            Fault::CutReply(random.usize(..2_000)),
            Fault::KillOne(0),
            Fault::KillOne(random.usize(1..8)),
            Fault::KillAll,
            Fault::OutOfMemory(short(random)),
            Fault::Busy(short(random)),
            Fault::Failover(short(random)),
            Fault::Failover(short(random)),
            Fault::Delay { by: millis(random, 5..50), during: millis(random, 300..600) },
            Fault::HalfOpen,
        ];
        for revoked in [Revoked::Writing, Revoked::Keys, Revoked::Password, Revoked::User] {
            schedule.push(Fault::Acl(revoked, short(random)));
        }
        for form in TransferForm::ALL {
            schedule.push(Fault::CutAtEveryByte(form, Direction::Request));
            schedule.push(Fault::CutAtEveryByte(form, Direction::Reply));
        }
        random.shuffle(&mut schedule);
        schedule
    }

    /// The kind of fault, without parameters.
    pub fn kind(self) -> &'static str {
        match self {
            Fault::Kill(_) => "kill -9 and restart",
            Fault::Freeze(_) => "freeze (SIGSTOP)",
            Fault::Cut => "cut all connections",
            Fault::CutRequest(_) => "cut within a request",
            Fault::CutReply(_) => "cut within a reply",
            Fault::CutAtEveryByte(..) => "cut at every byte of a transfer",
            Fault::KillOne(_) => "CLIENT KILL of one",
            Fault::KillAll => "CLIENT KILL of all",
            Fault::OutOfMemory(_) => "maxmemory reached",
            Fault::Busy(_) => "BUSY until SCRIPT KILL",
            Fault::Failover(_) => "failover to the replica",
            Fault::Acl(..) => "ACL changed",
            Fault::Delay { .. } => "delay",
            Fault::HalfOpen => "half-open connections",
        }
    }

    /// Injects the fault and ends it, except for [`CutAtEveryByte`](Fault::CutAtEveryByte), which is a client's work.
    pub async fn inject(self, deployment: &mut Deployment) -> Result<(), String> {
        match self {
            Fault::Kill(down) => {
                deployment.primary.kill9();
                sleep(down).await;
                deployment.primary.restart().await;
            }
            Fault::Freeze(time) => {
                deployment.primary.freeze();
                sleep(time).await;
                deployment.primary.thaw();
            }
            Fault::Cut => deployment.proxy.disconnect_all().await,
            Fault::CutRequest(bytes) => deployment.proxy.cut_request_after(bytes),
            Fault::CutReply(bytes) => deployment.proxy.cut_reply_after(bytes),
            Fault::KillOne(number) => kill_one(&mut deployment.raw().await, number).await,
            Fault::KillAll => kill_all(&mut deployment.raw().await).await,
            Fault::OutOfMemory(time) => {
                deployment.raw().await.command(["CONFIG", "SET", "maxmemory", "1"]).await;
                sleep(time).await;
                deployment.raw().await.command(["CONFIG", "SET", "maxmemory", "0"]).await;
            }
            Fault::Busy(time) => busy(deployment, time).await,
            Fault::Failover(stale) => {
                deployment.fail_over().await?;
                sleep(stale).await;
                deployment.proxy.disconnect_all().await;
            }
            Fault::Acl(revoked, time) => {
                revoked.apply(&mut deployment.raw().await).await;
                sleep(time).await;
                deployment.restore_acl().await;
            }
            Fault::Delay { by, during } => {
                deployment.proxy.delay(by);
                sleep(during).await;
                deployment.proxy.delay(Duration::ZERO);
            }
            Fault::HalfOpen => deployment.proxy.drop_open(),
            Fault::CutAtEveryByte(..) => {}
        }
        Ok(())
    }
}

impl Revoked {
    async fn apply(self, raw: &mut Raw) {
        let command: &[&str] = match self {
            Revoked::Writing => &["ACL", "SETUSER", USER, "-@write"],
            Revoked::Keys => &["ACL", "SETUSER", USER, "resetkeys"],
            Revoked::Password => &["ACL", "SETUSER", USER, "resetpass", ">another"],
            Revoked::User => &["ACL", "DELUSER", USER],
        };
        raw.command(command).await;
        if let Revoked::Password = self {
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

async fn busy(deployment: &Deployment, time: Duration) {
    let mut script = deployment.raw().await;
    script.send(["EVAL", "while true do end", "0"]).await;
    sleep(time).await;
    let mut killer = deployment.raw().await;
    // SCRIPT KILL is refused until the script has run for the server's `lua-time-limit`.
    while let Frame::Error(_) = killer.command(["SCRIPT", "KILL"]).await {
        sleep(Duration::from_millis(5)).await;
    }
    script.receive().await;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::Kill(time) | Fault::Freeze(time) | Fault::OutOfMemory(time) | Fault::Busy(time) => {
                write!(f, ", {time:?}")
            }
            Fault::CutRequest(bytes) | Fault::CutReply(bytes) => write!(f, ", after {bytes} bytes"),
            Fault::CutAtEveryByte(form, direction) => write!(f, ": {}, {direction:?}", form.name()),
            Fault::Failover(stale) => write!(f, ", old connections cut after {stale:?}"),
            Fault::Acl(revoked, time) => write!(f, ": {revoked:?} revoked for {time:?}"),
            Fault::Delay { by, during } => write!(f, " of {by:?} each way for {during:?}"),
            Fault::KillOne(number) => write!(f, ", number {number}"),
            Fault::Cut | Fault::KillAll | Fault::HalfOpen => Ok(()),
        }
    }
}
