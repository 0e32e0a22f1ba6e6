//! One weight w on its way down (w − target)², under four optimizers, number by number as PyTorch makes them.
//!
//! ```text
//! g_t = 2(w − target)              with zero_grad;   without it g_t adds up: g_t = g_{t−1} + 2(w − target)
//! SGD        w ← w − η(g + λw)
//! momentum   b ← 0.9·b + g + λw,   w ← w − η·b
//! Adam       the moments m, v of g + λw;   w ← w − η·m̂/(√v̂ + ε)
//! AdamW      w ← w − ηλw,  then Adam without λ
//! ```

/// How one weight is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightCourse {
    /// Where the weight starts.
    pub start: f64,
    /// Where the loss is 0.
    pub target: f64,
    /// The learning rate η.
    pub lr: f64,
    /// The weight decay λ.
    pub decay: f64,
    /// Whether the gradient is set to zero before each step.
    pub zero_grad: bool,
}

/// The optimizers, by their ids in links, in the order of [`WeightCourse::run`].
pub const OPTIMIZERS: [&str; 4] = ["sgd", "momentum", "adam", "adamw"];

const MOMENTUM: f64 = 0.9;
const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// What an optimizer remembers from step to step.
#[derive(Clone, Copy, Default)]
struct OptimizerMemory {
    gradient: f64,
    first: f64,
    second: f64,
}

impl WeightCourse {
    /// Returns the weight at step 0 to `steps` under each optimizer.
    pub fn run(&self, steps: usize) -> [Vec<f64>; 4] {
        OPTIMIZERS.map(|optimizer| {
            let (mut weight, mut memory) = (self.start, OptimizerMemory::default());
            let step = |t: usize| {
                let kept = if self.zero_grad { 0.0 } else { memory.gradient };
                memory.gradient = kept + 2.0 * (weight - self.target);
                weight = self.step(optimizer, weight, &mut memory, t);
                weight
            };
            let later: Vec<f64> = (1..=steps).map(step).collect();
            [vec![self.start], later].concat()
        })
    }

    /// Returns the weight after step `t`, which counts from 1.
    fn step(&self, optimizer: &str, weight: f64, memory: &mut OptimizerMemory, t: usize) -> f64 {
        let decayed = memory.gradient + self.decay * weight;
        match optimizer {
            "sgd" => weight - self.lr * decayed,
            "momentum" => {
                memory.first = if t == 1 { decayed } else { MOMENTUM * memory.first + decayed };
                weight - self.lr * memory.first
            }
            "adam" => weight - self.adam(decayed, memory, t),
            _ => weight * (1.0 - self.lr * self.decay) - self.adam(memory.gradient, memory, t),
        }
    }

    fn adam(&self, gradient: f64, memory: &mut OptimizerMemory, t: usize) -> f64 {
        memory.first = BETAS[0] * memory.first + (1.0 - BETAS[0]) * gradient;
        memory.second = BETAS[1] * memory.second + (1.0 - BETAS[1]) * gradient * gradient;
        let [unbias_first, unbias_second] = BETAS.map(|beta| 1.0 - libm::pow(beta, t as f64));
        let size = memory.second.sqrt() / unbias_second.sqrt() + EPSILON;
        self.lr / unbias_first * memory.first / size
    }

    /// Returns where a loss with L2 decay is smallest, at which SGD, momentum and Adam come to rest.
    pub fn rest(&self) -> f64 {
        2.0 * self.target / (2.0 + self.decay)
    }

    /// Returns by what SGD multiplies the distance from where it comes to rest, if the gradient is zeroed.
    pub fn factor(&self) -> f64 {
        1.0 - self.lr * (2.0 + self.decay)
    }

    /// Returns the steps of one swing of SGD whose gradient adds up, if it swings and does not fly off.
    ///
    /// ```text
    /// x_{t+1} − 2·x_t + x_{t−1} = −2η·x_t    (λ = 0)    so cos ω = 1 − η, and a swing takes 2π/ω steps
    /// ```
    pub fn swing(&self) -> Option<f64> {
        (self.lr < 2.0).then(|| 2.0 * std::f64::consts::PI / libm::acos(1.0 - self.lr))
    }
}
