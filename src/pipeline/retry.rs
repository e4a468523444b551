//! Sending a batch of reads again after a lost connection.

use super::request_future::{Exchange, RequestFuture};
use crate::{
    connection::{Handle, Request, RequestError},
    error::Error,
    retry::Retry,
    trace,
};

/// Sends the request, and again after a lost connection, until it is answered or `retry` allows no more attempts.
pub(super) async fn retrying(handle: Handle, request: Request, retry: Retry) -> Exchange<'static> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut attempt = RequestFuture::shared(handle.clone(), request.clone());
        match (&mut attempt).await {
            Err(failure) if is_lost(&failure) && retry.again(attempts).await => handle.monitor().retry(),
            Err(failure) => {
                trace::attempts(attempts);
                return Err(failure);
            }
            Ok(replies) => {
                trace::attempts(attempts);
                return Ok((replies, attempt.into_connection()));
            }
        }
    }
}

/// Returns whether the connection was lost. Where none could be made again, the request has waited for it already.
fn is_lost(failure: &RequestError) -> bool {
    matches!(failure, RequestError::Lost { .. } | RequestError::NotSent(Error::NotSent { .. }))
}
