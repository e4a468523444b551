//! Reads from the replicas that Sentinels name.

mod changes;
mod choice;
mod live;

use super::{NAME, config};
use typedis::{Client, Config, ReplicaClient, prelude::*, topology::SingleServer};
use typedis_testing::{Call, FakeCluster, FakeSentinel};

/// A scripted primary, which is the server 0, its replicas, and a Sentinel that names them.
struct Set {
    servers: FakeCluster,
    sentinel: FakeSentinel,
    /// The number of servers.
    count: usize,
}

impl Set {
    async fn new(replicas: usize) -> Set {
        Set::with(replicas, standalone).await
    }

    /// Starts a set whose servers answer by a script.
    async fn with(replicas: usize, script: impl FnMut(&mut Call<'_>) -> Option<Vec<u8>> + Send + 'static) -> Set {
        let servers = FakeCluster::with_replicas(1, replicas, script).await;
        let sentinel = FakeSentinel::start(NAME, servers.addr(0)).await;
        let set = Set { servers, sentinel, count: 1 + replicas };
        set.lists(&(1..=replicas).map(|replica| (replica, "slave", "ok")).collect::<Vec<_>>());
        set
    }

    /// Lets the Sentinel name these replicas, each with its flags and the state of its link.
    fn lists(&self, replicas: &[(usize, &str, &str)]) {
        let address = |replica: usize| self.servers.addr(replica);
        let replicas = replicas.iter().map(|(replica, flags, link)| (address(*replica), *flags, *link));
        self.sentinel.lists(&replicas.collect::<Vec<_>>());
    }

    fn config(&self) -> Config {
        config(&[self.sentinel.addr()])
    }

    async fn client(&self) -> Client {
        Client::open(self.config()).await.unwrap()
    }

    /// Returns how often each server received GET.
    fn gets(&self) -> Vec<usize> {
        (0..self.count).map(|server| self.servers.count(server, "GET")).collect()
    }
}

/// Answers commands on keys as a server that is no node of a cluster.
fn standalone(call: &mut Call<'_>) -> Option<Vec<u8>> {
    let reply = match (&*call.name(), call.is_in_transaction()) {
        ("GET" | "STRLEN" | "MGET" | "SSCAN", true) => "+QUEUED\r\n",
        ("GET", false) => "$1\r\nv\r\n",
        ("SET", false) => "+OK\r\n",
        ("STRLEN", false) => ":1\r\n",
        ("MGET", false) => "*2\r\n$1\r\nv\r\n$1\r\nv\r\n",
        ("SSCAN", false) => "*2\r\n$1\r\n0\r\n*0\r\n",
        _ => return None,
    };
    Some(reply.into())
}

/// Reads a key so many times.
async fn read(replicas: &ReplicaClient<SingleServer>, times: usize) {
    for _ in 0..times {
        assert_eq!(replicas.get::<String>("k").await.unwrap().as_deref(), Some("v"));
    }
}
