//! Optimizer and training step, in Python.

use super::lines::CodeLines;
use crate::lab::spec::{DecayScope, Model, Optimizer, Schedule, Spec, TrainingSpec};

/// The functions `make_optimizer` and `training_step`, and the learning rate where it changes.
pub(super) fn training(spec: &Spec) -> String {
    let mut code = CodeLines::default();
    let changes = spec.training.warmup > 0 || spec.training.schedule != Schedule::Constant;
    let is_mup = spec.architecture().mup;
    let apart = spec.training.wd != 0.0 && spec.training.decay == DecayScope::Matrices;
    if changes {
        rate(spec, &mut code);
    }
    if is_mup {
        factor(spec, &mut code);
    }
    code.block("def make_optimizer(net):", |code| {
        let parameters = match (is_mup, apart) {
            (false, false) => "net.parameters()",
            (false, true) => {
                code.add("matrices = [p for p in net.parameters() if p.dim() == 2]");
                code.add("vectors = [p for p in net.parameters() if p.dim() < 2]");
                code.add("groups = [{\"params\": matrices}, {\"params\": vectors, \"weight_decay\": 0}]");
                "groups"
            }
            (true, _) => {
                groups(spec, apart, code);
                "groups"
            }
        };
        code.add(format!("return {}", optimizer(&spec.training, parameters)));
    });
    code.add("").add("");
    code.block("def training_step(net, optimizer, x, y, t):", |code| {
        code.add(match spec.network.model {
            Model::Mlp => "loss = F.cross_entropy(net(x), y)",
            Model::Gpt => "loss = F.cross_entropy(net(x).flatten(0, 1), y.flatten())",
        });
        code.add("optimizer.zero_grad()");
        code.add("loss.backward()");
        let clip = spec.training.clip;
        code.add_if(clip > 0.0, format!("nn.utils.clip_grad_norm_(net.parameters(), {clip:?})"));
        if changes {
            code.block("for group in optimizer.param_groups:", |code| {
                let factor = if is_mup { " * group[\"factor\"]" } else { "" };
                code.add(format!("group[\"lr\"] = rate(t){factor}"));
            });
        }
        code.add("optimizer.step()");
        code.add("return loss.item()");
    });
    code.text()
}

fn optimizer(training: &TrainingSpec, parameters: &str) -> String {
    let TrainingSpec { optimizer, lr, wd, .. } = *training;
    let decay = match (optimizer, wd) {
        // PyTorch's AdamW decays by itself, if it is not told otherwise.
        (Optimizer::AdamW, wd) => format!(", weight_decay={wd:?}"),
        (_, 0.0) => String::new(),
        (_, wd) => format!(", weight_decay={wd:?}"),
    };
    match optimizer {
        Optimizer::Sgd => format!("torch.optim.SGD({parameters}, lr={lr:?}{decay})"),
        Optimizer::Momentum => format!("torch.optim.SGD({parameters}, lr={lr:?}, momentum=0.9{decay})"),
        Optimizer::Adam => format!("torch.optim.Adam({parameters}, lr={lr:?}{decay})"),
        Optimizer::AdamW => format!("torch.optim.AdamW({parameters}, lr={lr:?}{decay})"),
    }
}

fn rate(spec: &Spec, code: &mut CodeLines) {
    let TrainingSpec { lr, warmup, schedule, .. } = spec.training;
    // The second part of a run that is adapted has a schedule of its own.
    let steps = spec.adapt.step().map_or(spec.training.steps, |at| at.min(spec.training.steps));
    code.block("def rate(t):", |code| {
        code.add("\"\"\"The learning rate of update t, the first being 1.\"\"\"");
        if warmup > 0 {
            code.block(format!("if t < {warmup}:"), |code| {
                code.add(format!("return {lr:?} * t / {warmup}"));
            });
        }
        if schedule == Schedule::Constant {
            code.add(format!("return {lr:?}"));
            return;
        }
        let left = steps.saturating_sub(warmup).max(1);
        code.add(match warmup {
            0 => format!("part = min(t / {left}, 1)"),
            warmup => format!("part = min((t - {warmup}) / {left}, 1)"),
        });
        let share = if schedule == Schedule::Linear { "(1 - part)" } else { "(1 + math.cos(math.pi * part)) / 2" };
        code.add(format!("return {lr:?} * (0.1 + 0.9 * {share})"));
    });
    code.add("").add("");
}

/// μP's factor on the learning rate, as `engine::optimizer` has it.
fn factor(spec: &Spec, code: &mut CodeLines) {
    let net = spec.architecture();
    let (width, last) = match net.model {
        Model::Mlp => ("n", "output"),
        Model::Gpt => ("d", "head"),
    };
    let is_uneven = !net.widths.is_empty();
    let is_adam = matches!(spec.training.optimizer, Optimizer::Adam | Optimizer::AdamW);
    let [hidden, rest] = if is_adam { ["1 / grown", "1"] } else { ["1", "grown"] };
    code.block("def factor(name, p):", |code| {
        code.add("\"\"\"What muP multiplies the learning rate of a tensor by (Yang 2022, table 3).\"\"\"");
        let is_hidden = match net.model {
            Model::Mlp if is_uneven => "p.dim() == 2 and not name.startswith(\"hidden.0.\")".to_owned(),
            Model::Mlp => format!("p.dim() == 2 and p.shape[1] != {}", net.features),
            Model::Gpt => "p.dim() == 2 and name.startswith(\"blocks\")".to_owned(),
        };
        if is_uneven {
            code.add(format!("is_hidden = {is_hidden}"));
            code.add("grown = p.shape[1 if is_hidden else 0] / 64");
        } else {
            code.add(format!("grown = {width} / 64"));
        }
        code.block(format!("if name == \"{last}.weight\":"), |code| {
            code.add("return 1 / grown");
        });
        code.block(format!("if name == \"{last}.bias\":"), |code| {
            code.add("return 1");
        });
        code.add_if(!is_uneven, format!("is_hidden = {is_hidden}"));
        code.add(format!("return {hidden} if is_hidden else {rest}"));
    });
    code.add("").add("");
}

fn groups(spec: &Spec, apart: bool, code: &mut CodeLines) {
    let TrainingSpec { optimizer, lr, wd, .. } = spec.training;
    // Decay that is decoupled does not follow the factor.
    let decay = if optimizer == Optimizer::AdamW { format!("{wd:?} / f") } else { format!("{wd:?}") };
    let decay = if apart { format!("{decay} if p.dim() == 2 else 0") } else { decay };
    code.add("groups = []");
    code.block("for name, p in net.named_parameters():", |code| {
        code.add("f = factor(name, p)");
        code.add(format!(
            "groups.append({{\"params\": [p], \"factor\": f, \"lr\": {lr:?} * f, \"weight_decay\": {decay}}})"
        ));
    });
}
