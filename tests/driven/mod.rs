//! The host's loop, driven to its end as a page would drive it, on the CPU.
// Each test file uses other parts.
#![allow(dead_code)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use init_lab::engine::device::{NoGpu, OpenGpu};
use init_lab::engine::host::Host;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::Frame;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spec::Spec;
use init_lab::study::protocol::{Inbound, Outbound};

/// An engine without a GPU.
pub(crate) struct Engine(pub(crate) Host<NoGpu>);

impl Engine {
    pub(crate) fn new() -> Self {
        Self(Host::new(NoGpu))
    }

    /// Sends commands and drives the host until it has nothing to do.
    pub(crate) fn send<const N: usize>(&mut self, commands: [Command; N]) -> Vec<Event> {
        let (mut busy, mut events) = turn(&mut self.0, commands);
        while busy {
            let (goes_on, more) = turn(&mut self.0, []);
            busy = goes_on;
            events.extend(more);
        }
        events
    }
}

/// One turn of a host that is asked for nothing but a lab's runs and sweeps: whether there is more to do, and what
/// it said.
pub(crate) fn turn<G: OpenGpu, const N: usize>(host: &mut Host<G>, commands: [Command; N]) -> (bool, Vec<Event>) {
    let mut events = Vec::new();
    let mut emit = |message| match message {
        Outbound::Lab(event) => events.push(event),
        other => panic!("nobody asked for {other:?}"),
    };
    let busy = ready(host.turn(commands.map(Inbound::from).into(), &mut emit));
    (busy, events)
}

/// On the CPU nothing waits: a future is ready when it is first polled.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the CPU path waited"),
    }
}

pub(crate) fn start(run: u32, link: &str) -> Command {
    Command::Start { run, spec: spec(link) }
}

pub(crate) fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

pub(crate) fn frames(events: &[Event]) -> Vec<&Frame> {
    events.iter().filter_map(|event| if let Event::Frame(frame) = event { Some(frame) } else { None }).collect()
}

pub(crate) fn losses(events: &[Event]) -> Vec<f64> {
    frames(events).iter().flat_map(|frame| frame.losses.iter().map(|loss| loss.0)).collect()
}
