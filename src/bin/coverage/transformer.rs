//! A GPT of the lab in plain f64, forward on its first batch of text: GPT-2's and LLaMA's blocks, written
//! from their definition and from nothing of the theory.

use init_lab::lab::spec::{BlockStyle, NormPosition, Scheme, Spec};
use init_lab::science::data::Text;
use init_lab::science::init::MUP_BASE;
use init_lab::science::junction::{Gate, Junction};
use init_lab::science::seed::Stream;

use crate::perceptron::{dot, normed, variance};

/// The numbers of one text, `[T][n]`.
type Rows = Vec<Vec<f64>>;

/// The variances before φ and of the stream by layer, over all texts; for the head both are that of the logits.
pub(crate) fn observe(spec: &Spec, text: &Text) -> Vec<[f64; 2]> {
    let network = Network::draw(spec, text.vocabulary.len());
    let mut starts = Stream::new(spec.run.seed, "batches/step.0");
    let mut chance = Stream::new(spec.run.seed, "coverage/masks");
    let mut layers: Vec<[Rows; 2]> = vec![Default::default(); spec.network.depth + 2];
    for _ in 0..spec.training.batch {
        let start = starts.below(text.train - spec.network.context);
        let tokens = &text.tokens[start..start + spec.network.context];
        for (layer, [z, x]) in layers.iter_mut().zip(network.run(tokens, &mut chance)) {
            layer[0].extend(z);
            layer[1].extend(x);
        }
    }
    let of = |rows: &Rows| if rows.is_empty() { f64::NAN } else { variance(rows) };
    layers.iter().map(|[z, x]| [of(z), of(x)]).collect()
}

/// Weights `[in, out]` row by row, and biases.
struct Linear {
    weights: Vec<f64>,
    biases: Vec<f64>,
}

struct Network<'a> {
    spec: &'a Spec,
    tokens: Linear,
    places: Option<Linear>,
    /// The matrices of each block, in the order of `sites`.
    blocks: Vec<Vec<Linear>>,
    head: Option<Linear>,
    junction: Junction,
}

impl<'a> Network<'a> {
    fn draw(spec: &'a Spec, vocabulary: usize) -> Self {
        let plan = spec.plan();
        let (mut tables, mut head) = (Vec::new(), None);
        let mut blocks: Vec<Vec<Linear>> = (0..spec.network.depth).map(|_| Vec::new()).collect();
        for site in spec.architecture().matrices() {
            let name = site.id();
            let stream = |kind: &str| Stream::new(spec.run.seed, &format!("weights/{name}.{kind}"));
            let weights = plan.matrix(&site, &mut stream("weight")).into_iter().map(f64::from).collect();
            let columns = if site.role.is_table() { spec.network.width } else { site.fans.fan_out };
            let biased = spec.network.block.has_biases() && !site.role.is_table() && !site.role.is_last();
            let biases = if biased {
                plan.bias(site.role, site.fans, spec.start.bias, &mut stream("bias"))
                    .into_iter()
                    .map(f64::from)
                    .collect()
            } else {
                vec![0.0; columns]
            };
            let linear = Linear { weights, biases };
            match site.layer {
                0 => tables.push(linear),
                l if l > spec.network.depth => head = Some(linear),
                l => blocks[l - 1].push(linear),
            }
        }
        debug_assert_eq!(tables[0].weights.len(), vocabulary * spec.network.width);
        let places = (tables.len() > 1).then(|| tables.pop()).flatten();
        let tokens = tables.swap_remove(0);
        Self { spec, tokens, places, blocks, head, junction: spec.architecture().junction }
    }

    /// The numbers z and the stream of each layer.
    fn run(&self, tokens: &[u8], chance: &mut Stream) -> Vec<[Rows; 2]> {
        let d = self.spec.network.width;
        let row = |table: &Linear, row: usize| table.weights[row * d..(row + 1) * d].to_vec();
        let embedded = tokens.iter().enumerate().map(|(t, token)| {
            let token = row(&self.tokens, usize::from(*token));
            self.places.as_ref().map_or(token.clone(), |places| sum(&token, &row(places, t)))
        });
        let mut x: Rows = self.masked(embedded.collect(), chance);
        let mut layers = vec![[Rows::new(), x.clone()]];
        for block in &self.blocks {
            let (attention, mlp) = block.split_at(4);
            x = self.join(&x, |read| self.attend(attention, read), chance);
            let mut z = Rows::new();
            x = self.join(
                &x,
                |read| {
                    let (written, seen) = self.mlp(mlp, read);
                    z = seen;
                    written
                },
                chance,
            );
            layers.push([z, x.clone()]);
        }
        let read: Rows = if self.pre() { self.normed(&x) } else { x };
        let logits: Rows = match &self.head {
            Some(head) => product(&read, head),
            None => {
                let scale = if self.spec.start.scheme == Scheme::Mup { MUP_BASE / d as f64 } else { 1.0 };
                let logit = |row: &Vec<f64>| self.tokens.weights.chunks_exact(d).map(|e| scale * dot(row, e)).collect();
                read.iter().map(logit).collect()
            }
        };
        layers.push([logits.clone(), logits]);
        layers
    }

    fn pre(&self) -> bool {
        self.spec.network.position == NormPosition::Pre
    }

    fn normed(&self, x: &Rows) -> Rows {
        normed(self.spec.network.norm, x)
    }

    /// Applies dropout's masks to x.
    fn masked(&self, x: Rows, chance: &mut Stream) -> Rows {
        let p = self.spec.training.dropout;
        let mut mask = || if chance.uniform() < p { 0.0 } else { 1.0 / (1.0 - p) };
        x.into_iter().map(|row| row.into_iter().map(|x| x * mask()).collect()).collect()
    }

    /// The stream after one half of a block.
    fn join(&self, x: &Rows, branch: impl FnOnce(&Rows) -> Rows, chance: &mut Stream) -> Rows {
        let written = if self.pre() { branch(&self.normed(x)) } else { branch(x) };
        let gate = match self.junction.gate {
            None => 1.0,
            Some(Gate::Scalar(start) | Gate::Vector(start)) => start,
        };
        let skip = if self.spec.network.residual { self.junction.skip } else { 0.0 };
        let written = self.masked(written, chance);
        let add = |(x, w): (&Vec<f64>, &Vec<f64>)| x.iter().zip(w).map(|(x, w)| skip * x + gate * w).collect();
        let sum: Rows = x.iter().zip(&written).map(add).collect();
        if self.pre() { sum } else { self.normed(&sum) }
    }

    fn attend(&self, matrices: &[Linear], read: &Rows) -> Rows {
        let spec = self.spec;
        let size = spec.network.head_width();
        let factor = spec.attention().factor(size);
        let [mut q, mut k, v] = [0, 1, 2].map(|matrix| product(read, &matrices[matrix]));
        if spec.network.block == BlockStyle::Llama {
            [&mut q, &mut k].into_iter().for_each(|rows| turn(rows, size));
        }
        let averages = q.iter().enumerate().map(|(t, query)| {
            let mut average = vec![0.0; spec.network.width];
            for head in (0..spec.network.heads).map(|head| head * size..(head + 1) * size) {
                let logits: Vec<f64> =
                    k[..=t].iter().map(|key| factor * dot(&query[head.clone()], &key[head.clone()])).collect();
                let top = logits.iter().copied().fold(f64::MIN, f64::max);
                let weights: Vec<f64> = logits.iter().map(|l| libm::exp(l - top)).collect();
                let whole: f64 = weights.iter().sum();
                for (weight, value) in weights.iter().zip(&v) {
                    let pairs = average[head.clone()].iter_mut().zip(&value[head.clone()]);
                    pairs.for_each(|(y, v)| *y += weight / whole * v);
                }
            }
            average
        });
        product(&averages.collect(), &matrices[3])
    }

    /// What the MLP writes into the stream, and its z.
    fn mlp(&self, matrices: &[Linear], read: &Rows) -> (Rows, Rows) {
        let z = product(read, &matrices[0]);
        let phi = |row: &Vec<f64>| row.iter().map(|z| self.spec.network.activation.apply(*z)).collect::<Vec<f64>>();
        let mut hidden: Rows = z.iter().map(phi).collect();
        if matrices.len() == 3 {
            for (row, up) in hidden.iter_mut().zip(product(read, &matrices[1])) {
                row.iter_mut().zip(up).for_each(|(h, up)| *h *= up);
            }
        }
        (product(&hidden, &matrices[matrices.len() - 1]), z)
    }
}

/// Applies rotary positions: the two halves of a head form pairs, each rotated by the angle t·10000^{−2i/d}.
fn turn(rows: &mut Rows, size: usize) {
    for (t, row) in rows.iter_mut().enumerate() {
        for head in row.chunks_exact_mut(size) {
            for i in 0..size / 2 {
                let angle = t as f64 * libm::pow(10_000.0, -2.0 * i as f64 / size as f64);
                let (a, b) = (head[i], head[i + size / 2]);
                let (sin, cos) = (libm::sin(angle), libm::cos(angle));
                (head[i], head[i + size / 2]) = (a * cos - b * sin, b * cos + a * sin);
            }
        }
    }
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn product(rows: &Rows, linear: &Linear) -> Rows {
    let columns = linear.biases.len();
    let of = |row: &Vec<f64>| {
        let mut z = linear.biases.clone();
        for (x, weights) in row.iter().zip(linear.weights.chunks_exact(columns)) {
            z.iter_mut().zip(weights).for_each(|(z, w)| *z += x * w);
        }
        z
    };
    rows.iter().map(of).collect()
}
