//! A GPT in plain f64, forward and backward, written from its definition and from nothing of the
//! theory it checks.

mod rows;

use init_lab::science::data::Text;
use init_lab::science::gpt::GptTheory;
use init_lab::science::norm::NormPosition;
use init_lab::science::seed::Stream;
use init_lab::science::site::Role;

use crate::common::{dot, norm, norm_back, widen};
use rows::Rows;

/// What one layer of one network showed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    /// Mean square of the MLP's pre-activations.
    pub(crate) preactivation: f64,
    /// Variance of the stream after the block, or of the logits.
    pub(crate) activation: f64,
    /// Root mean square of the gradient over all entries of the block's matrices.
    pub(crate) gradient: f64,
}

const HEADS: usize = 4;

struct Block {
    /// q, k, v, out, wide, narrow.
    weights: [Rows; 6],
}

/// What a block remembers of its forward pass.
#[derive(Default)]
struct Memory {
    /// Attention: input of the half, what it read, q, k, v, weights per head `[T, T]`, averages.
    x: Rows,
    read: Rows,
    qkv: [Rows; 3],
    attention: Vec<Rows>,
    averages: Rows,
    sum: Rows,
    /// MLP: its input, what it read, z, φ(z), the sum.
    x2: Rows,
    read2: Rows,
    z: Rows,
    phi: Rows,
    sum2: Rows,
    /// Dropout's, on what attention and MLP write.
    masks: [Rows; 2],
}

struct Network {
    tokens: Rows,
    places: Rows,
    blocks: Vec<Block>,
}

impl Network {
    fn draw(theory: &GptTheory, stream: &mut Stream) -> Self {
        let d = theory.architecture.width;
        let table = |role: Role, stream: &mut Stream| {
            let site = theory.architecture.site(role, 0);
            Rows { width: d, data: widen(theory.plan.matrix(&site, stream)) }
        };
        let tokens = table(Role::Token, stream);
        let places = table(Role::Position, stream);
        Self {
            tokens,
            places,
            blocks: (1..=theory.architecture.depth).map(|layer| block(theory, layer, stream)).collect(),
        }
    }

    /// The stream before the first block and after each, what each block remembers, and the logits.
    fn run(&self, theory: &GptTheory, ids: &[usize], chance: &mut Stream) -> (Vec<Rows>, Vec<Memory>, Rows) {
        let mut x = self.places.map(|t, place| {
            let token = self.tokens.row(ids[t]);
            token.iter().zip(place).map(|(a, b)| a + b).collect()
        });
        x = x.by(&mask(theory, &x, chance));
        let mut streams = vec![x.clone()];
        let mut memories = Vec::new();
        for block in &self.blocks {
            let memory = forward(theory, block, &x, chance);
            x = match theory.architecture.position {
                NormPosition::Pre | NormPosition::Inner => memory.sum2.clone(),
                NormPosition::Post => normed(theory, &memory.sum2),
            };
            streams.push(x.clone());
            memories.push(memory);
        }
        let last = if theory.architecture.position == NormPosition::Pre { normed(theory, &x) } else { x };
        let logits = last.back(&self.tokens);
        (streams, memories, logits)
    }
}

/// A stretch of the text, one character longer than the context.
fn stretch(theory: &GptTheory, text: &Text, stream: &mut Stream) -> Vec<usize> {
    let at = stream.below(text.train - theory.architecture.context - 1);
    text.tokens[at..=at + theory.architecture.context].iter().map(|&id| usize::from(id)).collect()
}

/// What tells rows apart in the network of this seed, by layer as in [`measure`]: Σ Var h/Σ E h² over the
/// positions of all texts, and over those of one, averaged over texts.
pub(crate) fn shares(theory: &GptTheory, text: &Text, seed: u64) -> Vec<[f64; 2]> {
    let mut stream = Stream::new(seed, "weights");
    let network = Network::draw(theory, &mut stream);
    let chance = &mut Stream::new(seed, "masks");
    let mut layers: Vec<Vec<Rows>> = vec![Vec::new(); theory.architecture.depth + 2];
    for _ in 0..theory.batch {
        let (streams, _, logits) = network.run(theory, &stretch(theory, text, &mut stream), chance);
        layers.iter_mut().zip(streams.into_iter().chain([logits])).for_each(|(layer, rows)| layer.push(rows));
    }
    layers.into_iter().map(|texts| share_of(&texts)).collect()
}

fn share_of(texts: &[Rows]) -> [f64; 2] {
    let all = Rows { width: texts[0].width, data: texts.iter().flat_map(|rows| rows.data.clone()).collect() };
    let each: f64 = texts.iter().map(Rows::apart).sum();
    [all.apart(), each / texts.len() as f64]
}

/// Runs the network of this seed on one stretch of the text, with the cross-entropy of the next
/// character as loss: embedding, blocks, head.
pub(crate) fn measure(theory: &GptTheory, text: &Text, seed: u64) -> Vec<Measured> {
    let d = theory.architecture.width;
    let mut stream = Stream::new(seed, "weights");
    let network = Network::draw(theory, &mut stream);
    let ids = stretch(theory, text, &mut stream);
    let Network { tokens, blocks, .. } = &network;
    let (mut streams, memories, logits) = network.run(theory, &ids, &mut Stream::new(seed, "masks"));
    let after = streams.iter().skip(1).zip(&memories);
    let mut layers = vec![Measured { activation: streams[0].variance(), ..Measured::default() }];
    layers.extend(after.map(|(x, memory)| Measured {
        preactivation: memory.z.variance(),
        activation: x.variance(),
        gradient: 0.0,
    }));
    let x = streams.pop().expect("a stream");
    let pre = theory.architecture.position == NormPosition::Pre;
    layers.push(Measured { preactivation: logits.variance(), activation: logits.variance(), gradient: 0.0 });

    let at_logits = logits.map(|t, row| {
        let top = row.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = row.iter().map(|l| (l - top).exp()).sum();
        let each = row.iter().enumerate();
        each.map(|(i, l)| (l - top).exp() / sum - f64::from(i == ids[t + 1])).collect()
    });
    let mut g = at_logits.times(tokens);
    if pre {
        g = normed_back(theory, &x, &g);
    }
    for (l, (block, memory)) in blocks.iter().zip(&memories).enumerate().rev() {
        let square;
        (g, square) = backward(theory, block, memory, g);
        layers[l + 1].gradient = (square / (12 * d * d) as f64).sqrt();
    }
    layers
}

fn block(theory: &GptTheory, layer: usize, stream: &mut Stream) -> Block {
    let roles = [Role::Query, Role::Key, Role::Value, Role::AttentionOut, Role::MlpIn, Role::MlpOut];
    Block {
        weights: roles.map(|role| {
            let site = theory.architecture.site(role, layer);
            Rows { width: site.fans.fan_out, data: widen(theory.plan.matrix(&site, stream)) }
        }),
    }
}

fn normed(theory: &GptTheory, x: &Rows) -> Rows {
    x.map(|_, row| norm(theory.architecture.norm, row))
}

fn normed_back(theory: &GptTheory, x: &Rows, g: &Rows) -> Rows {
    x.map(|t, row| norm_back(theory.architecture.norm, row, g.row(t)))
}

/// As large as x: 0 with the chance of the theory's dropout p, else 1/(1 − p).
fn mask(theory: &GptTheory, x: &Rows, chance: &mut Stream) -> Rows {
    let mut draw =
        || if chance.uniform() < theory.architecture.dropout { 0.0 } else { 1.0 / (1.0 - theory.architecture.dropout) };
    x.map(|_, row| row.iter().map(|_| draw()).collect())
}

fn forward(theory: &GptTheory, block: &Block, x: &Rows, chance: &mut Stream) -> Memory {
    let masks = [mask(theory, x, chance), mask(theory, x, chance)];
    let pre = theory.architecture.position == NormPosition::Pre;
    let [q, k, v, out, wide, narrow] = &block.weights;
    let read = if pre { normed(theory, x) } else { x.clone() };
    let qkv = [read.times(q), read.times(k), read.times(v)];
    let size = theory.architecture.width / HEADS;
    let scale = 1.0 / (size as f64).sqrt();
    let head = |h: usize| h * size..(h + 1) * size;
    let attention: Vec<Rows> = (0..HEADS)
        .map(|h| {
            qkv[0].map(|t, query| {
                let keys = qkv[1].iter().take(t + 1);
                let logit = |key: &[f64]| dot(&query[head(h)], &key[head(h)]) * scale;
                let mut row: Vec<f64> = keys.map(logit).collect();
                let top = row.iter().copied().fold(f64::MIN, f64::max);
                row.iter_mut().for_each(|a| *a = (*a - top).exp());
                let sum: f64 = row.iter().sum();
                row.iter_mut().for_each(|a| *a /= sum);
                row.resize(theory.architecture.context, 0.0);
                row
            })
        })
        .collect();
    let averages = qkv[2].map(|t, row| {
        let mut average = vec![0.0; row.len()];
        for (h, weights) in attention.iter().enumerate() {
            for (a, value) in weights.row(t).iter().zip(qkv[2].iter()) {
                let pairs = average[head(h)].iter_mut().zip(&value[head(h)]);
                pairs.for_each(|(y, v)| *y += a * v);
            }
        }
        average
    });
    let mut sum = averages.times(out).by(&masks[0]);
    if theory.architecture.residual {
        sum.add(x);
    }
    let x2 = if pre { sum.clone() } else { normed(theory, &sum) };
    let read2 = if pre { normed(theory, &x2) } else { x2.clone() };
    let z = read2.times(wide);
    let phi = z.map(|_, row| row.iter().map(|&z| theory.architecture.activation.apply(z)).collect());
    let mut sum2 = phi.times(narrow).by(&masks[1]);
    if theory.architecture.residual {
        sum2.add(&x2);
    }
    let x = x.clone();
    Memory { x, read, qkv, attention, averages, sum, x2, read2, z, phi, sum2, masks }
}

/// The gradient at the block's input, and the sum of squares of the gradients of its weights.
fn backward(theory: &GptTheory, block: &Block, m: &Memory, g: Rows) -> (Rows, f64) {
    let post = theory.architecture.position == NormPosition::Post;
    let [q, k, v, out, wide, narrow] = &block.weights;
    let g = if post { normed_back(theory, &m.sum2, &g) } else { g };
    let written = g.by(&m.masks[1]);
    let mut squares = m.phi.gradient(&written);
    let slopes = |t: usize, row: &[f64]| {
        let z = m.z.row(t).iter();
        z.zip(row).map(|(&z, g)| theory.architecture.activation.derivative(z) * g).collect()
    };
    let delta = written.back(narrow).map(slopes);
    squares += m.read2.gradient(&delta);
    let mut branch = delta.back(wide);
    if !post {
        branch = normed_back(theory, &m.x2, &branch);
    }
    if theory.architecture.residual {
        branch.add(&g);
    }

    let g = if post { normed_back(theory, &m.sum, &branch) } else { branch };
    let written = g.by(&m.masks[0]);
    squares += m.averages.gradient(&written);
    let y = written.back(out);
    let size = theory.architecture.width / HEADS;
    let scale = 1.0 / (size as f64).sqrt();
    let mut at = [y.map(|_, r| vec![0.0; r.len()]), y.map(|_, r| vec![0.0; r.len()]), y.map(|_, r| vec![0.0; r.len()])];
    for (h, weights) in m.attention.iter().enumerate() {
        let head = h * size..(h + 1) * size;
        let part = |x: &Rows, t: usize| x.row(t)[head.clone()].to_vec();
        for t in 0..theory.architecture.context {
            let gy = part(&y, t);
            let mean = dot(&gy, &part(&m.averages, t));
            for s in 0..=t {
                let a = weights.row(t)[s];
                let logit = scale * a * (dot(&gy, &part(&m.qkv[2], s)) - mean);
                let (query, key) = (part(&m.qkv[0], t), part(&m.qkv[1], s));
                let mut put = |i: usize, row: usize, factor: f64, from: &[f64]| {
                    let start = row * theory.architecture.width + h * size;
                    let target = at[i].data[start..start + size].iter_mut();
                    target.zip(from).for_each(|(x, y)| *x += factor * y);
                };
                put(0, t, logit, &key);
                put(1, s, logit, &query);
                put(2, s, a, &gy);
            }
        }
    }
    let mut branch = at[0].back(q);
    branch.add(&at[1].back(k));
    branch.add(&at[2].back(v));
    squares += at.iter().map(|g| m.read.gradient(g)).sum::<f64>();
    if !post {
        branch = normed_back(theory, &m.x, &branch);
    }
    if theory.architecture.residual {
        branch.add(&g);
    }
    (branch, squares)
}
