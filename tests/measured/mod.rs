//! The engine's first measurement of a spec, on the CPU.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use burn::tensor::Device;
use init_lab::engine::batch::Data;
use init_lab::engine::session::Session;
use init_lab::lab::metric::Frame;
use init_lab::lab::spec::Spec;

/// The frame of step 0.
pub(crate) fn first_frame(spec: Spec) -> Frame {
    let device = Device::flex();
    let data = Rc::new(Data::load(&spec, &device));
    let mut session = Session::build(1, spec, data, &device);
    match pin!(session.start()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(slice) => slice.expect("a measurement").frame,
        Poll::Pending => panic!("the CPU path waited"),
    }
}
