//! The largest eigenvalue of the Hessian of the loss, from products with vectors:
//!
//! ```text
//! H·u ≈ (∇L(w + h·u) − ∇L(w − h·u))/2h
//! ```
//!
//! with two passes each, in which ReLU keeps to its branches at w (`engine::pattern`): its kinks belong to no second
//! derivative, and a search for the largest difference would find nothing else.
//!
//! Too long an h sees more than the bend at w, too short a one nothing but the rounding of f32, and which is which
//! depends on the network. So h is such that the gradient changes by a small share of itself. Once the eigenvector is
//! found, it is asked with a shorter and a longer h as well: where two of the three agree, they are right; where none
//! do, the search goes on with the better ones.
//!
//! The optimizer may measure its steps in other units, number by number (`optimizer::metric`): then H stands for
//! D^½·H·D^½.

use burn::tensor::Tensor;

use crate::engine::clock::now_ms;
use crate::engine::optimizer::{TensorPace, metric};
use crate::engine::reading;
use crate::engine::session::StillNetwork;
use crate::lab::inspection::{Absence, Inspection, LossSharpness, MOST_NUMBERS};
use crate::lab::number::Number;
use crate::lab::protocol::Failure;
use crate::lab::spec::Optimizer;
use crate::science::eigenvector::{EigenvectorSearch, dot};
use crate::science::seed::Stream;

/// The search ends at a residual below this share of λ, or after so many products.
const CLOSE: f64 = 0.02;
const MOST_PRODUCTS: u32 = 40;
/// The gradient is to change by this share of its length over h·u, but h·u keeps between these shares of the length of
/// all weights.
const CHANGE: f64 = 1e-3;
const DISTANCES: [f64; 2] = [2e-6, 1e-3];
/// How much a shorter or longer h differs.
const FACTORS: [f64; 3] = [1.0, 0.25, 4.0];
/// How often the search may go on with another h.
const MOST_ROUNDS: u32 = 3;

/// The look at the sharpness.
pub(super) struct SharpnessLook {
    network: StillNetwork,
    /// What there is from the first slice on.
    search: Option<HessianSearch>,
    products: u32,
    rounds: u32,
    /// What [`CHANGE`] is multiplied by.
    factor: f64,
    /// λ for the first of [`FACTORS`], once an eigenvector is found.
    trials: Vec<f64>,
    /// ‖Hx − λx‖ for the first of them.
    residual: f64,
}

/// The vectors of a search, each as long as all weights together.
struct HessianSearch {
    weights: Vec<f32>,
    /// The lengths of the weights and of their gradient.
    norm: f64,
    gradient: f64,
    /// The branches that activations keep to.
    slopes: Vec<Tensor<3>>,
    /// The largest length of H·u for a unit vector u so far.
    bend: f64,
    /// D^½, where it is not the same for all numbers.
    root: Option<Vec<f32>>,
    vectors: EigenvectorSearch,
}

impl SharpnessLook {
    pub(super) fn new(network: StillNetwork) -> Self {
        let (trials, residual) = (Vec::new(), f64::NAN);
        Self { network, search: None, products: 0, rounds: 0, factor: 1.0, trials, residual }
    }

    pub(super) fn share(&self) -> f64 {
        let all = MOST_PRODUCTS + FACTORS.len() as u32;
        f64::from(self.products) / f64::from(all * (self.rounds + 1)).max(1.0)
    }

    pub(super) async fn advance(&mut self, slice_ms: f64) -> Result<Option<Inspection>, Failure> {
        if let Some(absence) = self.absence() {
            return Ok(Some(Inspection::Nothing(absence)));
        }
        let begun = now_ms();
        if self.search.is_none() {
            self.begin().await?;
        }
        while now_ms() - begun < slice_ms {
            if let Some(result) = self.step().await? {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    fn absence(&self) -> Option<Absence> {
        let StillNetwork { trainer, updates, .. } = &self.network;
        let numbers: usize = trainer.parameters().iter().map(|parameter| parameter.len()).sum();
        if !trainer.adapters().is_empty() {
            Some(Absence::Adapters)
        } else if self.is_adaptive() && *updates == 0 {
            Some(Absence::NoMoments)
        } else {
            (numbers > MOST_NUMBERS).then_some(Absence::TooLarge)
        }
    }

    fn is_adaptive(&self) -> bool {
        matches!(self.network.optimizer, Optimizer::Adam | Optimizer::AdamW)
    }

    /// Reads the weights, and what the optimizer makes of them.
    async fn begin(&mut self) -> Result<(), Failure> {
        let StillNetwork { trainer, optimizer, updates, seed, .. } = &self.network;
        let weights = reading::read(flat(trainer.weights())).await?;
        let moments = if self.is_adaptive() {
            reading::read(flat(trainer.optimizer_state().averages()[1])).await?
        } else {
            vec![0.0; weights.len()]
        };
        let mut rest = &moments[..];
        let mut roots = Vec::with_capacity(weights.len());
        for parameter in trainer.parameters() {
            let (own, others) = rest.split_at(parameter.len().min(rest.len()));
            rest = others;
            let pace = TensorPace::of(parameter, trainer.architecture(), *optimizer);
            roots.extend(metric(*optimizer, pace, own, *updates).into_iter().map(|d| d.sqrt() as f32));
        }
        let mut stream = Stream::new(*seed, "sharpness/start");
        // The first step is as long for every number, in whatever units it is measured.
        let start = roots.iter().map(|root| if *root > 0.0 { stream.normal() as f32 / root } else { 0.0 }).collect();
        let norm = dot(&weights, &weights).sqrt();
        let root = roots.iter().any(|root| *root != 1.0).then_some(roots);
        let mut search = HessianSearch {
            weights,
            norm: if norm > 0.0 { norm } else { 1.0 },
            gradient: 0.0,
            bend: 0.0,
            slopes: trainer.slopes(&self.network.batch),
            root,
            vectors: EigenvectorSearch::new(start),
        };
        let gradients = self.gradients(&search, &search.weights, 0.0).await?;
        search.gradient = dot(&gradients, &gradients).sqrt();
        self.search = Some(search);
        Ok(())
    }

    /// Takes one product further.
    async fn step(&mut self) -> Result<Option<Inspection>, Failure> {
        let Some(mut search) = self.search.take() else { return Ok(None) };
        let searches = self.trials.is_empty()
            && self.products < MOST_PRODUCTS * (self.rounds + 1)
            && !search.vectors.is_close(CLOSE);
        self.products += 1;
        if searches {
            let (product, bend) = self.product(&search, search.vectors.asked(), 1.0).await?;
            search.bend = search.bend.max(bend);
            search.vectors.take(product);
        } else if let Some(x) = search.vectors.vector() {
            let (product, _) = self.product(&search, x, FACTORS[self.trials.len()]).await?;
            let value = dot(x, &product);
            if self.trials.is_empty() {
                let rest = product.iter().zip(x).map(|(h, x)| f64::from(*h) - value * f64::from(*x));
                self.residual = rest.map(|r| r * r).sum::<f64>().sqrt();
            }
            self.trials.push(value);
        }
        let finite = search.vectors.value().is_finite() && self.trials.iter().all(|value| value.is_finite());
        if !finite {
            return Ok(Some(Inspection::Nothing(Absence::NotFinite)));
        }
        let result = match self.trials[..] {
            [value, shorter, longer] => self.judge(&mut search, value, (value - shorter).abs(), (value - longer).abs()),
            _ => None,
        };
        self.search = Some(search);
        Ok(result)
    }

    /// What the three lengths of h say: a result, or another round with a better one.
    fn judge(&mut self, search: &mut HessianSearch, value: f64, shorter: f64, longer: f64) -> Option<Inspection> {
        let off = shorter.min(longer);
        if off > CLOSE * value.abs() && self.rounds < MOST_ROUNDS {
            self.rounds += 1;
            self.factor *= if shorter < longer { FACTORS[1] } else { FACTORS[2] };
            self.trials.clear();
            search.vectors.again();
            return None;
        }
        Some(Inspection::Sharpness(LossSharpness {
            value: Number(value),
            error: Number(self.residual + off),
            products: self.products,
            rate: self.network.rate,
            preconditioned: search.root.is_some(),
        }))
    }

    /// The product of the Hessian and a vector, and the length of H·u for the unit vector u along it.
    async fn product(&self, search: &HessianSearch, vector: &[f32], factor: f64) -> Result<(Vec<f32>, f64), Failure> {
        let root = |at: usize| search.root.as_ref().map_or(1.0, |root| f64::from(root[at]));
        let direction: Vec<f32> = vector.iter().enumerate().map(|(at, v)| (root(at) * f64::from(*v)) as f32).collect();
        let norm = dot(&direction, &direction).sqrt();
        let [least, most] = DISTANCES;
        let change = self.factor * CHANGE * search.gradient / search.bend;
        // Before the first product nothing is known, and where nothing bends any length will do.
        let distance =
            if change.is_finite() { change.clamp(least * search.norm, most * search.norm) } else { 1e-5 * search.norm };
        let distance = factor * distance;
        let h = if norm > 0.0 { distance / norm } else { 0.0 };
        let ahead = self.gradients(search, &direction, h).await?;
        let behind = self.gradients(search, &direction, -h).await?;
        let entry = |(at, (ahead, behind)): (usize, (&f32, &f32))| {
            (root(at) * (f64::from(*ahead) - f64::from(*behind)) / (2.0 * h)) as f32
        };
        let product = ahead.iter().zip(&behind).enumerate().map(entry).collect();
        let difference: f64 =
            ahead.iter().zip(&behind).map(|(a, b)| f64::from(*a) - f64::from(*b)).map(|d| d * d).sum();
        Ok((product, difference.sqrt() / (2.0 * distance)))
    }

    /// All gradients at w + h·u.
    async fn gradients(&self, search: &HessianSearch, direction: &[f32], h: f64) -> Result<Vec<f32>, Failure> {
        let StillNetwork { trainer, batch, device, .. } = &self.network;
        let entry = |(w, u): (&f32, &f32)| (f64::from(*w) + h * f64::from(*u)) as f32;
        let there: Vec<f32> = search.weights.iter().zip(direction).map(entry).collect();
        let mut rest = &there[..];
        let tensor = |weights: &Tensor<3>| {
            let (own, others) = rest.split_at(weights.shape().num_elements());
            rest = others;
            Tensor::<1>::from_data(own, device).reshape(weights.dims())
        };
        let weights: Vec<Tensor<3>> = trainer.weights().iter().map(tensor).collect();
        reading::read(flat(&trainer.gradients_at(&weights, batch, search.slopes.clone()))).await
    }
}

fn flat(tensors: &[Tensor<3>]) -> Vec<Tensor<1>> {
    tensors.iter().map(|tensor| tensor.clone().reshape([tensor.shape().num_elements()])).collect()
}
