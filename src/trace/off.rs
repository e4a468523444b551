//! Spans without the feature `tracing`: nothing.

use super::Operation;
use crate::error::{Error, Result};
use std::{fmt, future::Future, io};

#[derive(Clone, Debug)]
pub(crate) struct Server;

#[derive(Clone, Debug, Default)]
pub(crate) struct Parent(());

#[derive(Debug, Default)]
pub(crate) struct Span(());

impl Server {
    pub(crate) fn new(_: impl fmt::Display, _: Option<u16>, _: u32) -> Self {
        Server
    }

    pub(crate) fn of_cluster(_: u32) -> Self {
        Server
    }

    pub(crate) fn leads_to(&self, _: impl fmt::Display, _: Option<u16>) {}
}

impl Span {
    #[inline(always)]
    pub(crate) fn new(_: &Server, _: &Parent) -> Self {
        Span(())
    }

    #[inline(always)]
    pub(crate) fn poll<'a, T>(&mut self, _: impl FnOnce() -> Operation<'a>, poll: impl FnOnce() -> T) -> T {
        poll()
    }

    #[inline(always)]
    pub(crate) fn around<T, F: Future<Output = Result<T>>>(self, _: &'static str, future: F) -> F {
        future
    }

    #[inline(always)]
    pub(crate) fn begin_attempts(&mut self) {}

    pub(crate) fn parent(&self) -> Parent {
        Parent(())
    }

    #[inline(always)]
    pub(crate) fn attempt(&mut self) {}

    #[inline(always)]
    pub(crate) fn error(&mut self, _: &Error) {}

    #[inline(always)]
    pub(crate) fn committed(&mut self) {}

    #[inline(always)]
    pub(crate) fn answered(&mut self) {}

    #[inline(always)]
    pub(crate) fn conflict(&mut self) {}

    #[inline(always)]
    pub(crate) fn failed(&mut self, _: &Error) {}

    #[inline(always)]
    pub(crate) fn attempts_failed(&mut self, _: &Error) {}
}

#[inline(always)]
pub(crate) fn connected(_: &Server, _: &'static str) {}

#[inline(always)]
pub(crate) fn lost(_: &Server, _: &io::Error) {}

#[inline(always)]
pub(crate) fn on_node(_: &Server) {}

/// Records the number of attempts of a retried pipeline.
#[inline(always)]
pub(crate) fn attempts(_: u32) {}

impl Parent {
    #[inline(always)]
    pub(crate) fn around<F: Future>(self, future: F) -> F {
        future
    }
}
