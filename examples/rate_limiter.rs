//! A fixed-window rate limiter: one INCREX where Redis 8.8 is declared, a prepared batch where any Redis or Valkey is.
//! `cargo run --example rate_limiter`.

use typedis::{
    Client, Config, Error, Prepared,
    options::{IncrexOptions, SetOptions},
    pipeline,
    prelude::*,
    version::{Redis6_2, Redis8_8, Valkey7_2},
};
use typedis_testing::demo_server;

/// What runs on every server that is not very old. INCREX on a client of these does not compile.
type Everywhere = (Redis6_2, Valkey7_2);

/// The limit of calls in each window of time.
#[derive(Clone, Copy)]
struct Limit {
    calls: i64,
    seconds: u64,
}

/// Says whether a call is within the limit.
trait RateLimiter {
    async fn allows(&self) -> typedis::Result<bool>;
}

/// The limiter of one caller, as the servers `V` can do it.
struct ByCounter<V: typedis::version::ServerVersion> {
    client: Client<V>,
    key: String,
    limit: Limit,
}

impl RateLimiter for ByCounter<Redis8_8> {
    /// The server counts up to the limit and no further, and starts the window with the first call: what it did not add is one too
    /// many.
    async fn allows(&self) -> typedis::Result<bool> {
        let Limit { calls, seconds } = self.limit;
        let counted =
            self.client.increx_with(&self.key, IncrexOptions::byint(1).ubound(calls).ex(seconds).enx()).await?;
        Ok(counted.applied == 1)
    }
}

/// The limiter of one caller on servers without INCREX.
struct ByBatch {
    client: Client<Everywhere>,
    limit: Limit,
    /// The batch, encoded once: it starts the window if there is none, and counts the call. Both happen or neither, so
    /// no window lacks its expiry.
    call: Prepared<(bool, i64), Everywhere>,
}

impl ByBatch {
    fn new(client: Client<Everywhere>, key: &str, limit: Limit) -> Self {
        let call = pipeline! {
            set_with(key, 0, SetOptions::new().nx().ex(limit.seconds));
            incr(key);
        };
        ByBatch { client, limit, call }
    }
}

impl RateLimiter for ByBatch {
    async fn allows(&self) -> typedis::Result<bool> {
        let (_first, calls) = self.call.execute(&self.client).await?;
        Ok(calls <= self.limit.calls)
    }
}

/// Makes five calls, of which the limit allows three.
async fn call(limiter: &impl RateLimiter) -> typedis::Result<()> {
    for call in 1..=5 {
        let allowed = limiter.allows().await?;
        println!("call {call}: {}", if allowed { "allowed" } else { "too many" });
        assert_eq!(allowed, call <= 3);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let limit = Limit { calls: 3, seconds: 60 };
    let key = format!("example:rate:caller:{}", std::process::id());
    let config = Config::from_url(server.url())?;
    match Client::open(config.clone().at_least(Redis8_8)).await {
        Ok(client) => call(&ByCounter { client, key, limit }).await,
        Err(error @ Error::UnsupportedServer { .. }) => {
            println!("{error}: a batch does the same");
            let client = Client::open(config.at_least((Redis6_2, Valkey7_2))).await?;
            call(&ByBatch::new(client, &key, limit)).await
        }
        Err(error) => Err(error),
    }
}
