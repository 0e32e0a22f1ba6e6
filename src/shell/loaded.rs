//! Calls of functions whose code was fetched later.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a call gives that has nothing to wait for, because its code is there. So a view that it makes belongs to whoever
/// shows it, as any other does.
pub fn at_once<T, E>(call: impl Future<Output = Result<T, E>>) -> Option<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome.ok(),
        Poll::Pending => None,
    }
}
