//! What a person may have looked into, beside what every frame has, and what comes of it. A look costs more than a
//! slice, so it is made only when it is asked for, of the network as it is then.

use serde::{Deserialize, Serialize};

use super::lang::Lang;
use super::number::Number;
use crate::science::layer::MatrixId;

/// What is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// The singular values of a weight matrix.
    Matrix(MatrixId),
    /// The singular values of the derivative of the network with respect to its input; of a transformer, of the stream
    /// behind all blocks with respect to that behind the embedding, at the last position of a text.
    Jacobian,
    /// The largest eigenvalue of the Hessian of the loss.
    Sharpness,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inspection {
    /// The singular values of a matrix.
    Matrix(MatrixSpectrum),
    /// The singular values of the Jacobian.
    Jacobian(JacobianSpectrum),
    /// How sharply the loss bends.
    Sharpness(LossSharpness),
    /// Nothing, for this reason.
    Nothing(Absence),
}

/// Why nothing came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// Numbers have left the range of f32.
    NotFinite,
    /// The network has more numbers than there is room for, [`MOST_NUMBERS`].
    TooLarge,
    /// LoRA trains other numbers than the matrices'.
    Adapters,
    /// The network is not of this kind.
    OtherModel,
    /// Adam has no second moments before its first step.
    NoMoments,
    /// The network is gone.
    Gone,
}

impl Absence {
    /// The key of its sentence, below `inspect.`.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotFinite => "not-finite",
            Self::TooLarge => "too-large",
            Self::Adapters => "adapters",
            Self::OtherModel => "other-model",
            Self::NoMoments => "no-moments",
            Self::Gone => "gone",
        }
    }
}

/// The sharpness takes eight vectors of the length of all weights, which for so many is 128 MiB.
pub const MOST_NUMBERS: usize = 4 << 20;

/// The singular values of one weight matrix, from the largest to the smallest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixSpectrum {
    /// Which matrix it is.
    pub matrix: MatrixId,
    /// Its sides.
    pub sides: [usize; 2],
    /// The singular values, as many as the shorter side has numbers.
    pub values: Vec<Number>,
}

/// The singular values of the derivatives at some held-out examples with respect to their inputs, example after
/// example, from the largest to the smallest each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JacobianSpectrum {
    /// Those of the last hidden layer's output.
    pub hidden: Vec<Vec<Number>>,
    /// Those of the logits.
    pub logits: Vec<Vec<Number>>,
}

/// The largest eigenvalue λ of the Hessian of the loss on the batch of a step, with nothing left out. The kinks of ReLU
/// have no part in it, as in automatic differentiation. Where the
/// optimizer gives its numbers different paces (Adam, μP), it is that of the Hessian in the units in which it steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LossSharpness {
    /// λ.
    pub value: Number,
    /// How far λ may be off: the residual ‖Hx − λx‖ of its unit vector x, and the change of λ between differences of
    /// two sizes.
    pub error: Number,
    /// The products with the Hessian that it took.
    pub products: u32,
    /// η of the next step.
    pub rate: f64,
    /// Whether the optimizer's own units count.
    pub preconditioned: bool,
}

/// What a person has had looked into, of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Looks {
    /// The newest singular values of each subject, with their steps, and before them those of the first look at the
    /// same, if that was at an earlier step. What was looked into last stands last.
    pub spectra: Vec<(u64, Inspection)>,
    /// The sharpness at each step at which it was measured.
    pub sharpness: Vec<(u64, LossSharpness)>,
}

/// What a person asks for of the present run, and what is under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookRequests {
    /// The last look of which nothing came, and why.
    pub absence: Option<(Subject, Absence)>,
    /// The look that is under way.
    pub pending: Option<PendingLook>,
    /// The number of the last request.
    requests: u32,
}

/// A look that is under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PendingLook {
    /// Its number.
    pub request: u32,
    /// What is looked into.
    pub subject: Subject,
    /// About how much is done, from 0 to 1.
    pub share: f64,
}

/// The sharpness is kept at so many steps at most.
const MOST_KEPT: usize = 256;
/// Singular values are kept of so many looks at most.
const MOST_SPECTRA: usize = 8;

impl Looks {
    /// Takes in what came of a look at a step.
    pub(super) fn take(&mut self, step: u64, result: Inspection) {
        if let Inspection::Sharpness(sharpness) = result {
            self.sharpness.retain(|(at, _)| *at != step);
            if self.sharpness.len() == MOST_KEPT {
                self.sharpness.remove(0);
            }
            return self.sharpness.push((step, sharpness));
        }
        let Some(subject) = result.subject() else { return };
        // Of the looks at the same subject the first stays, unless it is not earlier.
        let mut is_first = true;
        self.spectra.retain(|(at, other)| {
            let is_other = other.subject() != Some(subject);
            is_other || (std::mem::take(&mut is_first) && *at < step)
        });
        if self.spectra.len() == MOST_SPECTRA {
            self.spectra.remove(0);
        }
        self.spectra.push((step, result));
    }

    /// What was looked into until a step.
    pub fn until(&self, step: u64) -> Self {
        Self {
            spectra: self.spectra.iter().filter(|(at, _)| *at <= step).cloned().collect(),
            sharpness: self.sharpness.iter().filter(|(at, _)| *at <= step).copied().collect(),
        }
    }
}

impl LookRequests {
    /// Asks for a look, and returns the number of the request.
    pub(super) fn ask(&mut self, subject: Subject) -> u32 {
        self.requests += 1;
        self.absence = None;
        self.pending = Some(PendingLook { request: self.requests, subject, share: 0.0 });
        self.requests
    }

    /// Forgets what belongs to an earlier run.
    pub(super) fn clear(&mut self) {
        *self = Self { requests: self.requests, ..Self::default() };
    }

    /// Takes in how far a look has come. Those of earlier requests change nothing.
    pub(super) fn advance(&mut self, request: u32, share: f64) {
        if let Some(pending) = self.pending.as_mut().filter(|pending| pending.request == request) {
            pending.share = share;
        }
    }

    /// Ends a request by what came of it, which is given back if it is something.
    pub(super) fn end(&mut self, request: u32, result: Inspection) -> Option<Inspection> {
        let PendingLook { subject, .. } = self.pending.take_if(|pending| pending.request == request)?;
        if let Inspection::Nothing(absence) = result {
            self.absence = Some((subject, absence));
            return None;
        }
        Some(result)
    }

    /// Whether a look at this subject is under way, and how far it is.
    pub fn share(&self, subject: Subject) -> Option<f64> {
        self.pending.filter(|pending| pending.subject == subject).map(|pending| pending.share)
    }

    /// The sentence that says why nothing came of the last look at this subject.
    pub fn absent(&self, subject: Subject, lang: Lang) -> Option<String> {
        let (_, absence) = self.absence.filter(|(about, _)| *about == subject)?;
        Some(lang.text(&format!("inspect.{}", absence.key())).to_owned())
    }
}

impl Inspection {
    /// What was looked into, where something came of it.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Matrix(spectrum) => Some(Subject::Matrix(spectrum.matrix)),
            Self::Jacobian(_) => Some(Subject::Jacobian),
            Self::Sharpness(_) => Some(Subject::Sharpness),
            Self::Nothing(_) => None,
        }
    }
}
