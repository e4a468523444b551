//! Connecting to a host: its addresses race a little apart (Happy Eyeballs, RFC 8305), so that one that drops packets does
//! not take the time of the others.

use std::{
    collections::VecDeque,
    fmt::Write,
    future::{Future, poll_fn},
    io, mem,
    net::SocketAddr,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, sleep},
};

/// The time that an attempt has before the next address is tried too: the Connection Attempt Delay that the RFC recommends.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// The most addresses that an error names.
const NAMED: usize = 4;

/// Looks the host up, and connects to the first of its addresses that accepts.
pub(super) async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    race(interleave(lookup_host((host, port)).await?), ATTEMPT_DELAY, TcpStream::connect).await.map_err(joined)
}

/// Alternates between the families of addresses, from that of the first one on: where a host has no route to one family, the
/// second attempt succeeds.
fn interleave(addresses: impl Iterator<Item = SocketAddr>) -> VecDeque<SocketAddr> {
    let mut families: [VecDeque<SocketAddr>; 2] = Default::default();
    let mut first = None;
    for address in addresses {
        let is_first = *first.get_or_insert(address.is_ipv6()) == address.is_ipv6();
        let family = &mut families[usize::from(!is_first)];
        if !family.contains(&address) {
            family.push_back(address);
        }
    }
    let mut mixed = VecDeque::new();
    while let Some(next) = families[0].pop_front().or_else(|| families[1].pop_front()) {
        mixed.push_back(next);
        families.swap(0, 1);
    }
    mixed
}

/// Attempts to connect to one address after the other, each when the one before has failed or `delay` has passed,
/// and drops the others when one succeeds. If none does, returns the errors of all, in the order in which they came.
pub(crate) async fn race<A: Clone, T, E, F: Future<Output = Result<T, E>>>(
    mut addresses: VecDeque<A>,
    delay: Duration,
    connect: impl Fn(A) -> F,
) -> Result<T, Vec<(A, E)>> {
    let mut attempts: Vec<(A, Pin<Box<F>>)> = Vec::new();
    let mut failed = Vec::new();
    let mut next_attempt = pin!(sleep(Duration::ZERO));
    poll_fn(|cx| {
        loop {
            let failures = failed.len();
            let mut index = 0;
            while let Some((address, attempt)) = attempts.get_mut(index) {
                match attempt.as_mut().poll(cx) {
                    Poll::Ready(Ok(connected)) => return Poll::Ready(Ok(connected)),
                    Poll::Ready(Err(error)) => {
                        failed.push((address.clone(), error));
                        drop(attempts.remove(index));
                    }
                    Poll::Pending => index += 1,
                }
            }
            let is_due = attempts.is_empty() || failed.len() > failures;
            if addresses.is_empty() {
                return if attempts.is_empty() { Poll::Ready(Err(mem::take(&mut failed))) } else { Poll::Pending };
            }
            if !is_due && next_attempt.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            next_attempt.as_mut().reset(Instant::now() + delay);
            attempts.extend(addresses.pop_front().map(|address| (address.clone(), Box::pin(connect(address)))));
        }
    })
    .await
}

/// Returns the error of the attempts, which names each address where there are several. Its kind is the first one's.
fn joined(mut failed: Vec<(SocketAddr, io::Error)>) -> io::Error {
    if failed.len() < 2 {
        let only = failed.pop().map(|(_, error)| error);
        return only.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the host has no address"));
    }
    let mut text = String::new();
    for (index, (address, error)) in failed.iter().take(NAMED).enumerate() {
        let separator = if index == 0 { "" } else { "; " };
        // Writing to a string does not fail.
        let _ = write!(text, "{separator}{address}: {error}");
    }
    if failed.len() > NAMED {
        let _ = write!(text, "; and {} more addresses", failed.len() - NAMED);
    }
    io::Error::new(failed[0].1.kind(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::pending,
        net::{Ipv4Addr, Ipv6Addr},
        sync::atomic::{AtomicUsize, Ordering},
    };

    /// Longer than any test takes.
    const NEVER: Duration = Duration::from_secs(3600);
    const SHORT: Duration = Duration::from_millis(5);

    /// The stubbed end of an attempt to connect.
    #[derive(Clone, Copy)]
    enum End {
        Accepts(Duration),
        Refuses(Duration),
        Drops,
    }

    const ACCEPTS: End = End::Accepts(Duration::ZERO);
    const REFUSES: End = End::Refuses(Duration::ZERO);

    /// Races addresses with the ports 0, 1 and so on. Returns the port that was connected, and how many attempts began.
    async fn raced(delay: Duration, ends: &[End]) -> (io::Result<u16>, usize) {
        let addresses = (0..ends.len()).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port as u16)));
        let starts = AtomicUsize::new(0);
        let raced = race(addresses.collect(), delay, |address| {
            assert_eq!(starts.fetch_add(1, Ordering::Relaxed), usize::from(address.port()), "the order");
            async move {
                match ends[usize::from(address.port())] {
                    End::Accepts(after) => sleep(after).await,
                    End::Refuses(after) => {
                        sleep(after).await;
                        return Err(io::ErrorKind::ConnectionRefused.into());
                    }
                    End::Drops => pending().await,
                }
                Ok(address.port())
            }
        });
        (raced.await.map_err(joined), starts.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn an_address_that_drops_packets_costs_one_delay() {
        let began = Instant::now();
        let (connected, starts) = raced(SHORT, &[End::Drops, End::Drops, ACCEPTS]).await;
        assert_eq!((connected.unwrap(), starts), (2, 3));
        assert!(began.elapsed() >= 2 * SHORT);
    }

    #[tokio::test]
    async fn no_other_address_is_tried_where_the_first_one_accepts_in_time() {
        let (connected, starts) = raced(NEVER, &[End::Accepts(SHORT), ACCEPTS]).await;
        assert_eq!((connected.unwrap(), starts), (0, 1));
    }

    #[tokio::test]
    async fn an_attempt_goes_on_beside_later_ones() {
        let (connected, starts) = raced(SHORT, &[End::Accepts(20 * SHORT), End::Drops, REFUSES]).await;
        assert_eq!(connected.unwrap(), 0);
        assert!(starts > 1, "{starts}");
    }

    #[tokio::test]
    async fn the_next_address_is_tried_at_once_when_one_has_failed() {
        let (connected, starts) = raced(NEVER, &[REFUSES, End::Refuses(SHORT), ACCEPTS]).await;
        assert_eq!((connected.unwrap(), starts), (2, 3));
    }

    #[tokio::test]
    async fn the_errors_of_all_addresses_are_told() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused).to_string();
        let error = raced(NEVER, &[REFUSES]).await.0.unwrap_err();
        assert_eq!(error.to_string(), refused);
        let error = raced(NEVER, &[REFUSES; 2]).await.0.unwrap_err();
        assert_eq!(error.to_string(), format!("127.0.0.1:0: {refused}; 127.0.0.1:1: {refused}"));
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        let error = raced(NEVER, &[REFUSES; 100]).await.0.unwrap_err().to_string();
        assert!(error.ends_with("; and 96 more addresses") && error.len() < 400, "{error}");
        assert!(raced(NEVER, &[]).await.0.unwrap_err().to_string().contains("no address"));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_zone_of_an_address_is_looked_up_as_an_interface() {
        let addresses: Vec<_> = lookup_host(("fe80::1%lo", 6379)).await.unwrap().collect();
        assert!(matches!(addresses[..], [SocketAddr::V6(address)] if address.scope_id() > 0), "{addresses:?}");
    }

    #[test]
    fn families_alternate_from_the_first_one_on() {
        let v4 = |last| SocketAddr::from((Ipv4Addr::new(10, 0, 0, last), 1));
        let v6 = |last| SocketAddr::from((Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, last), 1));
        let mixed = interleave([v6(1), v6(2), v6(3), v4(1), v6(1), v4(2)].into_iter());
        assert_eq!(mixed, [v6(1), v4(1), v6(2), v4(2), v6(3)]);
        assert_eq!(interleave([v4(1), v4(2), v6(1)].into_iter()), [v4(1), v6(1), v4(2)]);
    }
}
