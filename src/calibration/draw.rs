//! Draws the networks: the network's number decides every knob, each from a random stream of its own, so that a further
//! knob changes no other.

use crate::lab::link::Lab;
use crate::lab::spec::{Activation, DecayScope, Model, NormPosition, Optimizer, RunSpec, Scheme, Spec, TrainingSpec};
use crate::science::seed::Stream;

/// The number of steps that each network is trained for.
pub const STEPS: u64 = 300;

/// The learning rates that are tried, from small to large.
pub fn rates(optimizer: Optimizer) -> [f64; 4] {
    match optimizer {
        Optimizer::Sgd => [0.001, 0.01, 0.1, 1.0],
        Optimizer::Momentum => [0.0003, 0.003, 0.03, 0.3],
        Optimizer::Adam | Optimizer::AdamW => [0.0003, 0.002, 0.01, 0.05],
    }
}

/// The network with this number. Its learning rate is the first of [`rates`].
pub fn spec(number: u64) -> Spec {
    let mut draw = Draw { number, link: String::from("device=cpu") };
    let model = if draw.uniform("model") < 0.65 { Model::Mlp } else { Model::Gpt };
    draw.put("model", model.id());
    match model {
        Model::Mlp => draw.perceptron(),
        Model::Gpt => draw.transformer(),
    }
    draw.start(model);
    draw.training();
    let mut spec = Lab::from_link(&draw.link).0.spec;
    (spec.run.seed, spec.training.steps, spec.training.lr) = (number, STEPS, rates(spec.training.optimizer)[0]);
    spec
}

/// The reference network, which shows what this optimizer can learn of these data in as many steps with as large a
/// batch and the same decay and dropout. It has two or three layers and the start that is usual for it.
pub fn reference(spec: &Spec) -> Spec {
    let mut base = Spec::default_for(spec.network.model);
    match spec.network.model {
        Model::Mlp => {
            (base.network.depth, base.network.width, base.start.scheme) = (3, 64, Scheme::KaimingNormal);
        }
        Model::Gpt => {
            (base.network.depth, base.network.width, base.network.context) = (2, 32, spec.network.context);
        }
    }
    base.run = RunSpec { seed: base.run.seed, ..spec.run };
    let TrainingSpec { wd, decay, dropout, .. } = spec.training;
    // Which matrices a decay of 0 touches makes no difference.
    let decay = if wd > 0.0 { decay } else { base.training.decay };
    base.training = TrainingSpec { wd, decay, dropout, ..base.training };
    (base.training.optimizer, base.training.batch) = (spec.training.optimizer, spec.training.batch);
    (base.training.lr, base.training.steps) = (rates(spec.training.optimizer)[0], STEPS);
    base
}

/// A link while its knobs are drawn.
struct Draw {
    number: u64,
    link: String,
}

impl Draw {
    fn stream(&self, what: &str) -> Stream {
        Stream::new(self.number, &format!("calibration/{what}"))
    }

    /// A uniform number in (0, 1).
    fn uniform(&self, what: &str) -> f64 {
        self.stream(what).uniform()
    }

    fn put(&mut self, key: &str, value: &str) {
        self.link.push_str(&format!("&{key}={value}"));
    }

    /// Draws one of these options; an option that is listed twice is twice as likely.
    fn one_of(&mut self, key: &str, options: &[&str]) {
        let index = self.stream(key).below(options.len());
        self.put(key, options[index]);
    }

    /// Draws a number whose logarithm is uniform.
    fn between(&mut self, key: &str, from: f64, to: f64) {
        let value = from * libm::pow(to / from, self.uniform(key));
        self.put(key, &format!("{value:.3e}"));
    }

    /// Draws a whole number in the same way.
    fn count(&mut self, key: &str, from: f64, to: f64) {
        // The range is half a unit wider on both sides, so that its ends are as likely as the other numbers.
        let value = (from - 0.5) * libm::pow((to + 0.5) / (from - 0.5), self.uniform(key));
        self.put(key, &libm::round(value).to_string());
    }

    fn perceptron(&mut self) {
        self.one_of("data", &["digits", "digits", "spirals"]);
        self.count("depth", 1.0, 40.0);
        self.one_of("width", &["16", "24", "32", "48", "64", "96"]);
        self.one_of("batch", &["16", "32"]);
        self.one_of("act", Activation::IDS);
        self.one_of("norm", &["none", "none", "none", "none", "layer", "rms", "batch"]);
        self.one_of("pos", NormPosition::IDS);
        self.one_of("residual", &["off", "off", "on"]);
        self.one_of("slope", &["0.01", "0.2", "0.5"]);
    }

    fn transformer(&mut self) {
        self.count("depth", 1.0, 6.0);
        self.one_of("width", &["16", "24", "32"]);
        self.one_of("heads", &["1", "2", "4"]);
        self.one_of("context", &["16", "32"]);
        self.put("batch", "8");
        self.one_of("block", &["gpt2", "gpt2", "llama"]);
        self.one_of("act", &["gelu", "gelu", "relu", "silu", "tanh", "relu-squared", "mish"]);
        self.one_of("norm", &["layer", "layer", "rms", "none"]);
        self.one_of("pos", &["pre", "pre", "post"]);
        self.one_of("residual", &["on", "on", "on", "off"]);
        self.one_of("attention", &["auto", "auto", "auto", "linear", "none"]);
        self.one_of("tied", &["on", "off"]);
        self.one_of("writes", &["scheme", "scheme", "scheme", "none", "sqrt", "layer", "zero"]);
    }

    fn start(&mut self, model: Model) {
        let schemes: Vec<&str> = Spec::default_for(model).schemes().map(Scheme::id).collect();
        self.one_of("init", &schemes);
        self.between("std", 0.005, 1.0);
        if self.uniform("own gain") < 0.3 {
            self.between("gain", 0.3, 3.0);
        }
        if self.uniform("own bias") < 0.2 {
            self.between("bias", 0.01, 1.0);
        }
        self.one_of("fan", &["in", "in", "out", "avg"]);
        self.one_of("cut", &["corrected", "raw", "three", "absolute", "none"]);
        self.one_of("sparsity", &["0.5", "0.9"]);
        self.one_of("formula", &["gain/sqrt(fan_in)", "0.02", "1/sqrt(fan_in*layer)", "sqrt(2/(fan_in%2Bfan_out))"]);
        if model == Model::Gpt && self.uniform("own role") < 0.2 {
            self.one_of("init.q", &["normal", "xavier-normal", "zeros"]);
            self.between("std.q", 0.005, 1.0);
        }
    }

    fn training(&mut self) {
        self.one_of("opt", &["sgd", "momentum", "adam", "adamw"]);
        self.one_of("clip", &["0", "0", "0", "1"]);
        self.one_of("wd", &["0", "0", "0.01", "0.1"]);
        self.one_of("decay", DecayScope::IDS);
        self.one_of("dropout", &["0", "0", "0", "0.1", "0.3"]);
        self.one_of("warmup", &["0", "0", "20"]);
    }
}
