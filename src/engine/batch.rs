//! The data on the device, and which of it a step sees: a pure function of seed and step, so a run
//! can be replayed from any snapshot. Indices go up together, once a slice, because every upload
//! makes the GPU submit what waits.

mod windows;

use burn::tensor::{Device, Int, Tensor};

pub use windows::text_batch;
use windows::{text_of, windows};

use super::epochs::Epochs;
use super::loss::one_hot;
use super::part::JOINED;
use crate::lab::plane;
use crate::lab::protocol::NetworkSize;
use crate::lab::spec::{Adapt, Dataset, Model, Spec};
use crate::science::data::{self, ExampleTable, Text};
use crate::science::seed::Stream;

/// The examples of one step.
#[derive(Clone)]
pub struct Batch {
    /// What the network reads.
    pub inputs: Inputs,
    /// The targets, one-hot, `[1, N, classes]`.
    pub targets: Tensor<3>,
}

/// The inputs of either model.
#[derive(Clone)]
// This is allowed and not expected, because on wasm32, whose pointers are short, neither variant is large.
#[allow(clippy::large_enum_variant, reason = "a slice holds a few of them; a box would only add an allocation")]
pub enum Inputs {
    /// The rows of a table, `[1, B, features]`.
    Rows(Tensor<3>),
    /// Windows of a text: one-hot characters, `[1, B·T, V]`.
    Windows(Tensor<3>),
}

/// A dataset uploaded to a device.
pub struct Data {
    /// The step at which the network is adapted, and the data until then.
    before: Option<(u64, Box<Data>)>,
    source: Source,
    classes: Tensor<1, Int>,
    device: Device,
    seed: u64,
    batch: usize,
    held_out: Batch,
    /// The first held-out example of each class of a table.
    first: Option<Batch>,
    /// The cells of a plane whose points are the data.
    plane: Option<Batch>,
    shape: (usize, usize, usize),
    key: Key,
}

/// What decides which examples there are and which a step sees.
type Key = (Dataset, Option<u32>, Option<usize>, u64, usize, usize, Adapt, Option<u64>);

fn key(spec: &Spec) -> Key {
    let (run, batch) = (spec.run, spec.training.batch);
    let own = spec.own_shape().map(|own| own.mark);
    (spec.dataset(), own, spec.examples(), run.seed, batch, spec.network.context, spec.adapt.kind, spec.adapt.step())
}

// This is allowed and not expected, as it is for `Inputs`.
#[allow(clippy::large_enum_variant, reason = "there is one for a dataset")]
enum Source {
    /// A table of inputs `[examples, features]`, and one-hot labels `[examples, classes]`.
    ExampleTable {
        inputs: Tensor<2>,
        targets: Tensor<2>,
        train: usize,
    },
    Text {
        text: Text,
        context: usize,
    },
}

/// A text is judged by so many windows: enough for a steady number, and few enough to be read while it trains.
pub(super) const HELD_OUT_WINDOWS: usize = 16;

impl Data {
    /// Uploads the dataset of a spec.
    pub fn load(spec: &Spec, device: &Device) -> Self {
        let whole = Self::part(spec, true, device);
        let first = |at| (at, Box::new(Self::part(spec, false, device)));
        Self { before: spec.adapt.step().map(first), ..whole }
    }

    /// The data before the network is adapted, or from then on.
    fn part(spec: &Spec, adapted: bool, device: &Device) -> Self {
        match table(spec, adapted) {
            Some(table) => Self::table(&table, spec, device),
            None if spec.adapt.kind == Adapt::Tokens => Self::text(data::chars::small(adapted), spec, device),
            None => Self::text(text_of(spec), spec, device),
        }
    }

    /// Whether a run of this spec can use it.
    pub fn fits(&self, spec: &Spec) -> bool {
        self.key == key(spec)
    }

    /// The sizes of a network and its data: training and held-out examples, and classes.
    pub fn shape(&self, adapted: bool, parameters: usize, fingerprint: String) -> NetworkSize {
        let (examples, held_out, classes) = self.of(adapted).shape;
        NetworkSize { parameters, examples, held_out, classes, fingerprint }
    }

    /// The batch that validation reads.
    pub fn held_out(&self, adapted: bool) -> &Batch {
        &self.of(adapted).held_out
    }

    /// The ten digits that the page shows, one of each class also where the network has not met all of them; `None` for
    /// other data.
    pub fn digits(&self) -> Option<&Batch> {
        self.first.as_ref().filter(|_| self.key.0 == Dataset::Digits)
    }

    /// The cells of the plane that the page shows; `None` for data that is no plane's.
    pub fn plane(&self) -> Option<&Batch> {
        self.plane.as_ref()
    }

    /// The characters of a text, in the order of the network's outputs.
    pub fn vocabulary(&self, adapted: bool) -> &[char] {
        if let Source::Text { text, .. } = &self.of(adapted).source { &text.vocabulary } else { &[] }
    }

    /// As many training examples to judge by as are held out.
    pub fn seen(&self) -> Batch {
        match &self.source {
            Source::ExampleTable { inputs, targets, train } => {
                let rows = Tensor::arange(0..self.shape.1.min(*train) as i64, &self.device);
                rows_batches(inputs, targets, rows, 1, 1).remove(0)
            }
            Source::Text { text, context } => {
                let last = text.train - context - 1;
                let starts = (0..HELD_OUT_WINDOWS).map(|i| i * last / HELD_OUT_WINDOWS).collect();
                windows(text, starts, *context, [1, 1], &self.classes, &self.device).remove(0)
            }
        }
    }

    fn of(&self, adapted: bool) -> &Self {
        self.before.as_ref().filter(|_| !adapted).map_or(self, |(_, data)| data)
    }

    /// The batches of steps `from .. from + count`.
    pub fn batches(&self, from: u64, count: usize) -> Vec<Batch> {
        self.batches_of(&[self.seed], from, count)
    }

    /// The batches for replicas with these seeds: `[1, …]` where all see the same, else `[R, …]`.
    pub(crate) fn batches_of(&self, seeds: &[u64], from: u64, count: usize) -> Vec<Batch> {
        let alike = seeds.windows(2).all(|pair| pair[0] == pair[1]);
        let seeds = if alike { &seeds[..1] } else { seeds };
        let Some((at, before)) = &self.before else { return self.own_batches(seeds, from, count) };
        let early = at.saturating_sub(from).min(count as u64) as usize;
        let part = |data: &Self, from, count| if count > 0 { data.own_batches(seeds, from, count) } else { Vec::new() };
        [part(before, from, early), part(self, from + early as u64, count - early)].concat()
    }

    fn own_batches(&self, seeds: &[u64], from: u64, count: usize) -> Vec<Batch> {
        match &self.source {
            Source::ExampleTable { inputs, targets, train } => {
                let mut epochs = Epochs::new(seeds, self.batch, *train);
                let rows: Vec<i32> = (from..).take(count).flat_map(|step| epochs.rows(step)).collect();
                let size = rows.len() / count.max(1);
                // Several steps are gathered together: one launch instead of one for each.
                let together = (JOINED / (size * inputs.dims()[1]).max(1)).max(1) * size;
                let gather = |rows: &[i32]| {
                    let all = Tensor::<1, Int>::from_data(rows, &self.device);
                    rows_batches(inputs, targets, all, rows.len() / size, seeds.len())
                };
                rows.chunks(together.max(1)).flat_map(gather).collect()
            }
            Source::Text { text, context } => {
                let starts = |step: u64| {
                    seeds.iter().flat_map(move |seed| {
                        let mut stream = Stream::new(*seed, &format!("batches/step.{step}"));
                        let last = text.train - context;
                        (0..self.batch).map(move |_| stream.below(last)).collect::<Vec<_>>()
                    })
                };
                // The inputs and targets of so many steps are uploaded together.
                let together = (JOINED / (2 * seeds.len() * self.batch * context)).max(1);
                let upload = |first: usize| {
                    let steps = together.min(count - first);
                    let all = (from + first as u64..).take(steps).flat_map(starts).collect();
                    windows(text, all, *context, [steps, seeds.len()], &self.classes, &self.device)
                };
                (0..count).step_by(together).flat_map(upload).collect()
            }
        }
    }

    fn table(table: &ExampleTable, spec: &Spec, device: &Device) -> Self {
        let count = table.labels.len();
        let inputs = Tensor::<1>::from_data(table.inputs.as_slice(), device).reshape([count, table.features]);
        let labels: Vec<i32> = table.labels.iter().map(|label| *label as i32).collect();
        let classes = Tensor::<1, Int>::arange(0..table.classes as i64, device);
        let targets = one_hot(Tensor::<1, Int>::from_data(labels.as_slice(), device), &classes);
        let targets = targets.reshape([count, table.classes]);
        let held_out = Tensor::<1, Int>::arange(table.train as i64..count as i64, device);
        let held_out = rows_batches(&inputs, &targets, held_out, 1, 1).remove(0);
        let first: Vec<i32> = table.first_held_out().into_iter().map(|row| row as i32).collect();
        let first = Tensor::<1, Int>::from_data(first.as_slice(), device);
        let first = Some(rows_batches(&inputs, &targets, first, 1, 1).remove(0));
        let plane = spec.run.data.is_planar().then(|| cells(table.classes, device));
        Self {
            before: None,
            source: Source::ExampleTable { inputs, targets, train: table.train },
            classes,
            device: device.clone(),
            seed: spec.run.seed,
            batch: spec.training.batch,
            held_out,
            first,
            plane,
            shape: (table.train, count - table.train, table.classes),
            key: key(spec),
        }
    }

    fn text(text: Text, spec: &Spec, device: &Device) -> Self {
        let context = spec.network.context;
        let classes = Tensor::<1, Int>::arange(0..text.vocabulary.len() as i64, device);
        let rest = text.tokens.len() - text.train;
        // They are evenly spread over the held-out part, and the same for every seed.
        let starts = (0..HELD_OUT_WINDOWS).map(|i| text.train + i * (rest - context - 1) / HELD_OUT_WINDOWS).collect();
        let held_out = windows(&text, starts, context, [1, 1], &classes, device).remove(0);
        let shape = (text.train, rest, text.vocabulary.len());
        Self {
            before: None,
            source: Source::Text { text, context },
            classes,
            device: device.clone(),
            seed: spec.run.seed,
            batch: spec.training.batch,
            held_out,
            first: None,
            plane: None,
            shape,
            key: key(spec),
        }
    }
}

/// The table of a spec, before or after its network is adapted; `None` for a text.
fn table(spec: &Spec, adapted: bool) -> Option<ExampleTable> {
    let table = match spec.own_shape() {
        Some(own) => own.table().cloned()?,
        None => spec.dataset().table(spec.run.seed).filter(|_| spec.network.model == Model::Mlp)?,
    };
    let half = spec.adapt.kind == Adapt::Lora && !adapted;
    let table = if half { table.first_half() } else { table };
    Some(table.first(spec.examples().unwrap_or(usize::MAX)))
}

/// The middles of the cells of a plane, as a batch whose targets nobody asks for.
fn cells(classes: usize, device: &Device) -> Batch {
    let count = plane::SIDE * plane::SIDE;
    let middles: Vec<f32> = (0..count).flat_map(plane::middle).map(|x| x as f32).collect();
    let inputs = Tensor::<1>::from_data(middles.as_slice(), device).reshape([1, count, 2]);
    Batch { inputs: Inputs::Rows(inputs), targets: Tensor::zeros([1, count, classes], device) }
}

/// The inputs of a spec's first batch, a list for each row; empty for a text.
pub(crate) fn first_inputs(spec: &Spec) -> Vec<Vec<f64>> {
    let Some(table) = table(spec, false) else { return Vec::new() };
    let row = |row: i32| {
        let start = row as usize * table.features;
        table.inputs[start..start + table.features].iter().map(|x| f64::from(*x)).collect()
    };
    Epochs::new(&[spec.run.seed], spec.training.batch, table.train).rows(0).into_iter().map(row).collect()
}

/// The batches of these rows, which stand step after step, and in each step replica after replica.
fn rows_batches(
    inputs: &Tensor<2>,
    targets: &Tensor<2>,
    rows: Tensor<1, Int>,
    steps: usize,
    replicas: usize,
) -> Vec<Batch> {
    let size = rows.dims()[0] / steps;
    let step = |table: &Tensor<2>| {
        let [_, columns] = table.dims();
        let picked = table.clone().select(0, rows.clone()); // [steps·size, columns]
        move |step: usize| picked.clone().narrow(0, step * size, size).reshape([replicas, size / replicas, columns])
    };
    let (inputs, targets) = (step(inputs), step(targets));
    (0..steps).map(|step| Batch { inputs: Inputs::Rows(inputs(step)), targets: targets(step) }).collect()
}
