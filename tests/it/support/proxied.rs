//! A client behind a proxy that a test can cut off.

use std::time::Duration;
use tokio::task::yield_now;
use typedis::{Client, Config, Event, Events};
use typedis_testing::{ClosedPort, Proxy, Server};

/// A server, a proxy before it, and a client with a short reconnect backoff.
pub struct ProxiedClient {
    pub server: Server,
    pub proxy: Proxy,
    pub client: Client,
    pub events: Events,
    pub closed_port: Option<ClosedPort>,
}

/// A timeout that a test can wait for.
pub const TIMEOUT: Duration = Duration::from_millis(300);

impl ProxiedClient {
    pub async fn new(settings: impl FnOnce(Config) -> Config) -> ProxiedClient {
        let server = Server::start().await;
        let proxy = Proxy::start(server.addr()).await;
        let config = Config::from_url(&proxy.url()).unwrap();
        let config = config.reconnect_backoff(Duration::from_millis(1), Duration::from_millis(20));
        let client = Client::open(settings(config)).await.unwrap();
        let events = client.events();
        ProxiedClient { server, proxy, client, events, closed_port: None }
    }

    /// Refuses all connections until `restore`; when this returns, the client has noticed that its connection is lost.
    pub async fn cut_off(&mut self) {
        let closed_port = self.closed_port.insert(ClosedPort::new());
        self.proxy.forward_to(closed_port.addr());
        self.proxy.disconnect_all().await;
        assert!(matches!(self.events.next().await, Some(Event::Lost { .. })));
    }

    pub fn restore(&self) {
        self.proxy.forward_to(self.server.addr());
    }

    /// Waits until `requests` requests are without a reply.
    pub async fn in_flight(&self, requests: usize) {
        while self.client.metrics().in_flight != requests {
            yield_now().await;
        }
    }
}
