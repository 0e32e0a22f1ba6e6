//! What a page and the worker say to each other of the lab's network, and of the worker itself. The page sends
//! one message a gesture, and the worker one a slice. (`study::protocol` has what is said of experiments.)

mod device;
mod failure;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use device::{Device, DeviceReason, DeviceReport};
pub use failure::Failure;

use super::examples::WrittenLine;
use super::inspection::{Inspection, Subject};
use super::metric::{Frame, Measures, RunId};
use super::own::OwnReport;
use super::spec::{Model, Spec};
use super::sweep::Outcome;
use crate::science::data::own::OwnFault;
use crate::science::layer::LayerId;

/// A command of a page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Build this network and measure it at initialization, then wait. It takes the place of any other run,
    /// sweep or experiment; of several in the queue only the last is built, so a slider can be dragged.
    Start {
        /// The new run's number.
        run: RunId,
        /// The network and its training.
        spec: Spec,
    },
    /// Build this network beside the present run, measure it at initialization, and train whenever that one trains. Its
    /// events have its own number.
    Accompany {
        /// The number of the run.
        run: RunId,
        /// The network and its training.
        spec: Spec,
    },
    /// Drop a run that was built beside the present one.
    Dismiss {
        /// The number of the run.
        run: RunId,
    },
    /// Take over new values of live knobs (learning rate, schedule, clipping, weight decay, steps).
    Tune {
        /// The run that is meant.
        run: RunId,
        /// The whole spec; only its live knobs are read.
        spec: Spec,
    },
    /// Train on.
    Resume,
    /// Stop after the present slice.
    Pause,
    /// Train this many steps, then pause.
    Step(u64),
    /// Drop the run.
    Stop,
    /// Train these networks as one, each for its `steps`, beside the present run, which waits. They
    /// differ in nothing but σ, seed and rates. They take the place of any other sweep.
    Sweep {
        /// Its number, in a count of its own.
        run: RunId,
        /// The networks.
        specs: Vec<Spec>,
    },
    /// Drop the sweep.
    Cancel,
    /// From now on measure this too, in runs that are still to come as well. The present run answers with a frame of
    /// the step where it stands, if it has not measured all of it there.
    Measure(Measures),
    /// Look into the network as it is now, between the slices of the run, which goes on. It takes the place of any
    /// other look.
    Inspect {
        /// The run that is meant.
        run: RunId,
        /// The number of the request, in a count of its own.
        request: u32,
        /// What is looked into.
        subject: Subject,
    },
    /// Read a reader's own data for a model and answer with [`Event::Data`]; what can be read takes the place of what that
    /// model had. It is handed over as bytes and never is JSON.
    #[serde(skip)]
    TakeData {
        /// The model.
        model: Model,
        /// The file.
        bytes: Arc<[u8]>,
    },
    /// Forget the reader's own data of a model.
    DropData(Model),
    /// Answer with [`Event::Kept`]: all that another worker needs to go on with the run.
    Keep,
    /// Go on with the run that was just started from where it was kept, and answer with a frame of that step. It is
    /// handed over as bytes and never is JSON.
    #[serde(skip)]
    TakeUp {
        /// The run that is meant.
        run: RunId,
        /// The bytes of [`Event::Kept`].
        kept: Arc<[u8]>,
    },
    /// Answer with [`Event::Alive`] between two slices, as a sign of life.
    Ping,
}

/// An event that the worker tells a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker runs and listens. What was sent before this is lost.
    Ready,
    /// The engine does something that takes time.
    Progress(Progress),
    /// The device was chosen for the run that is being built.
    Device(DeviceReport),
    /// A network was built.
    Started {
        /// The number of its run.
        run: RunId,
        /// The size of the network.
        shape: NetworkSize,
    },
    /// The network was measured. The first frame of a run is that of step 0.
    Frame(Frame),
    /// Where the run stands, as bytes that only [`Command::TakeUp`] reads; none of a run that cannot be taken up. It is
    /// handed over as bytes and never is JSON.
    #[serde(skip)]
    Kept {
        /// The run.
        run: RunId,
        /// Updates made.
        step: u64,
        /// The bytes.
        kept: Arc<[u8]>,
    },
    /// Steps between those that were told of were made once more, because the run diverged or its loss rose too far, and
    /// measured one by one.
    Trail {
        /// The run.
        run: RunId,
        /// Their measurements, oldest first.
        frames: Vec<Frame>,
    },
    /// The steps that were asked for are made, and there was a frame of the last one.
    Paused {
        /// The run.
        run: RunId,
        /// Updates made.
        step: u64,
    },
    /// The run is over.
    Finished {
        /// The run.
        run: RunId,
        /// Updates made.
        step: u64,
        /// How it ended.
        why: Why,
    },
    /// The networks of a sweep have come further.
    Swept {
        /// The sweep.
        run: RunId,
        /// Updates made.
        step: u64,
        /// How each network does, in the order of the command; with held-out numbers once all steps are made.
        outcomes: Vec<Outcome>,
    },
    /// A look has come further.
    Inspecting {
        /// The number of the request.
        request: u32,
        /// About how much is done, from 0 to 1.
        share: f64,
    },
    /// The answer to [`Command::Inspect`].
    Inspected {
        /// The run.
        run: RunId,
        /// Updates made when it was asked for.
        step: u64,
        /// The number of the request.
        request: u32,
        /// What came of it.
        result: Inspection,
    },
    /// The GPT of a run wrote a line.
    Written(RunId, WrittenLine),
    /// The answer to [`Command::TakeData`].
    Data {
        /// The model.
        model: Model,
        /// What was found, or what is wrong.
        result: Result<OwnReport, OwnFault>,
    },
    /// The answer to [`Command::Ping`].
    Alive,
    /// The engine cannot go on.
    Failed(Failure),
}

/// What keeps the engine busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// Asking the browser for a GPU and checking its arithmetic.
    StartingWebGpu,
    /// Training the network for a moment on both devices.
    Comparing,
    /// Compiling kernels for a network of a new shape, or drawing the weights of many.
    Building,
    /// Drawing the weights of one that takes a while: so many per cent are there.
    Drawing(u8),
}

/// The size of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSize {
    /// The number of trainable numbers.
    pub parameters: usize,
    /// The number of training examples (MLP) or characters (GPT).
    pub examples: usize,
    /// The number of held-out examples or characters.
    pub held_out: usize,
    /// The number of classes or characters to choose from.
    pub classes: usize,
    /// A hash of every first weight, to the bit: the same spec gives the same one everywhere.
    pub fingerprint: String,
}

/// How a run ended. A NaN is a result, not an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// All steps were made.
    Done,
    /// Numbers left f32's range.
    Diverged {
        /// The number of updates after which the loss was first not finite.
        step: u64,
        /// The first layer, input to output, whose numbers were not finite.
        layer: Option<LayerId>,
        /// Whether it happened on the way forward or back.
        pass: Pass,
    },
    /// The page asked for it.
    Stopped,
}

/// Which pass left the range of f32 first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    /// Activations overflowed.
    Forward,
    /// Gradients overflowed while activations were still finite.
    Backward,
}
