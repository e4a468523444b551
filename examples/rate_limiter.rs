//! A fixed-window rate limiter by one prepared batch: `cargo run --example rate_limiter`.

use typedis::{Client, Prepared, options::SetOptions, pipeline};
use typedis_testing::demo_server;

/// Allows up to `limit` calls in each window of time.
struct RateLimiter {
    limit: i64,
    /// The batch, encoded once: it starts the window if there is none, and counts the call. Both happen or neither, so
    /// no window lacks its expiry.
    call: Prepared<(bool, i64)>,
}

impl RateLimiter {
    fn new(caller: &str, limit: i64, seconds: u64) -> Self {
        let key = format!("example:rate:{caller}");
        let call = pipeline! {
            set_with(&key, 0, SetOptions::new().nx().ex(seconds));
            incr(&key);
        };
        RateLimiter { limit, call }
    }

    async fn allows(&self, client: &Client) -> typedis::Result<bool> {
        let (_first, calls) = self.call.execute(client).await?;
        Ok(calls <= self.limit)
    }
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    let limiter = RateLimiter::new(&format!("caller:{}", std::process::id()), 3, 60);
    for call in 1..=5 {
        let allowed = limiter.allows(&client).await?;
        println!("call {call}: {}", if allowed { "allowed" } else { "too many" });
        assert_eq!(allowed, call <= 3);
    }
    Ok(())
}
