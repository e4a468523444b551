//! Sending a batch of reads again after a lost connection.

use super::request_future::{Answered, RequestFuture};
use crate::{
    connection::{Handle, Request, RequestError},
    retry::Retry,
    trace,
};

/// Sends the request, and again after a lost connection, until it is answered or `retry` allows no more attempts.
pub(super) async fn retrying(
    handle: Handle,
    request: Request,
    retry: Retry,
) -> Result<Answered<'static>, RequestError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut attempt = RequestFuture::shared(handle.clone(), request.clone());
        match (&mut attempt).await {
            Err(failure) if failure.is_connection_lost() && retry.again(attempts).await => handle.monitor().retry(),
            Err(failure) => {
                trace::attempts(attempts);
                return Err(failure);
            }
            Ok(replies) => {
                trace::attempts(attempts);
                return Ok(Answered { replies, connection: attempt.into_connection() });
            }
        }
    }
}
