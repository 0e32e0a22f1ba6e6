//! The code that the lab writes for a notebook: what stands in it. That it does what the lab does is tested with
//! PyTorch, in `engine_code.rs`.

use init_lab::lab::code::{CodeFile, LOSSES, MeasuredNumbers, NetworkCode, SitePieces};
use init_lab::lab::effect::Effect;
use init_lab::lab::knob::{KNOBS, Kind, KnobSetting};
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::record::RunRecord;
use init_lab::lab::spec::{Model, Schedule, Spec};

fn code(link: &str) -> String {
    NetworkCode::new(&Lab::from_link(link).0.spec).text()
}

fn check(link: &str, lines: &[&str]) {
    let code = code(link);
    for line in lines {
        assert!(code.contains(line), "{link} has no {line}:\n{code}");
    }
}

#[test]
fn the_lines_say_how_a_network_starts_and_learns() {
    check("v=1", &["L, n = 20, 128", "init.normal_(w, std=0.02)", "torch.optim.SGD(net.parameters(), lr=0.01)"]);
    check("v=1&init=kaiming-normal&gain=2", &["fan_out, fan_in = w.shape", "std=2.0 / math.sqrt(fan_in)"]);
    check("v=1&init=xavier-uniform", &["bound = math.sqrt(3) * math.sqrt(2 / (fan_in + fan_out))"]);
    check("v=1&init=formula&formula=sqrt(2/n_in)/layer", &["std=(math.sqrt((2.0 / fan_in)) / l)", "for l, layer in"]);
    check("v=1&warmup=10&clip=1", &["if t < 10:", "return 0.01 * t / 10", "clip_grad_norm_(net.parameters(), 1.0)"]);
    check("v=1&dropout=0.1", &["from torch.nn import Dropout, init", "self.drop(F.relu(z))"]);
    check("v=1&model=gpt", &["/ math.sqrt(2 * L)", "weight_decay=0.1", "F.linear(h, self.token.weight)"]);
    check(
        "v=1&model=gpt&block=llama",
        &["class RMSNorm", "rotated(q), rotated(k)", "* self.mlp_up(x)", "self.head(h)"],
    );
    check("v=1&model=gpt&decay=matrices", &["{\"params\": vectors, \"weight_decay\": 0}"]);
    check("v=1&model=gpt&init.q=orthogonal", &["w, b = block.q.weight, block.q.bias", "init.orthogonal_(w, gain=1.0)"]);
}

/// What decides which numbers a run has stands in the lines, or in the settings of the file.
#[test]
fn every_knob_that_changes_a_run_changes_the_file() {
    let pieces = SitePieces::default();
    let file = |spec: &Spec| CodeFile::new(spec, &MeasuredNumbers::default(), "", "", &pieces).script();
    let mut turned = 0;
    for base in ["v=1", "v=1&model=gpt", "v=1&init=kaiming-normal", "v=1&schedule=cosine&warmup=5&init=formula"] {
        let spec = Lab::from_link(base).0.spec;
        for knob in KNOBS {
            let now = knob.get(&spec);
            let others = match (knob.kind, &now) {
                (Kind::Choice(ids), _) => ids.iter().map(|id| KnobSetting::Choice(id)).collect(),
                (_, KnobSetting::Number(number)) => vec![KnobSetting::Number(2.0 * number + 1.0)],
                (_, KnobSetting::Switch(on)) => vec![KnobSetting::Switch(!on)],
                _ => Vec::new(),
            };
            for other in others {
                let mut changed = spec.clone();
                if ["model", "device"].contains(&knob.id) || knob.set(&mut changed, other.clone()).is_err() {
                    continue;
                }
                changed.settle();
                let plays_a_part = Effect::of(&changed) != Effect::of(&spec);
                // What happens when a network is adapted is not in the code, and the panel says so.
                let adapts = knob.id.starts_with("adapt") || changed.adapt != spec.adapt;
                // A reader's own data is in no file, and the panel says so.
                let is_own = other == KnobSetting::Choice("own");
                // How long a run is decides of its first steps only where the rate falls until its end.
                let is_length = knob.id == "steps" && spec.training.schedule == Schedule::Constant;
                if plays_a_part && !adapts && !is_own && !is_length {
                    assert_ne!(file(&changed), file(&spec), "{base}: {} = {other:?}", knob.id);
                    turned += 1;
                }
            }
        }
    }
    assert!(turned > 100, "only {turned} turns");
}

#[test]
fn a_file_is_a_script_and_a_notebook_of_the_same_cells() {
    let spec = Lab::from_link("v=1&model=gpt&dropout=0.2").0.spec;
    let pieces = SitePieces { program: include_str!("../static/code/lab.py").to_owned(), data: "QUJD".repeat(100) };
    let file = CodeFile::new(&spec, &MeasuredNumbers::default(), "A \"quoted\" title", "a link", &pieces);
    let notebook: serde_json::Value = serde_json::from_str(&file.notebook()).expect("JSON");
    let cells = notebook["cells"].as_array().expect("cells");
    let text = |cell: &serde_json::Value| cell["source"].as_str().expect("text").to_owned();
    assert_eq!(text(&cells[0]), "A \"quoted\" title\n\na link");
    let script = file.script();
    for cell in &cells[1..] {
        assert!(script.contains(&text(cell)), "{}", text(cell));
    }
    assert_eq!(cells.len(), 9, "a title, and eight cells of code");
    let long: Vec<&str> = script.lines().filter(|line| line.chars().count() > 120).collect();
    assert!(long.is_empty(), "{long:?}");
}

/// A record of a run whose losses are these.
fn record(spec: &Spec, losses: &[f64]) -> RunRecord {
    let layers = spec.architecture().layers().into_iter().map(LayerMetric::unmeasured).collect();
    let mut frame: Frame = serde_json::from_value(serde_json::json!({
        "run": 1, "step": 0, "loss": 0, "valLoss": null, "accuracy": null, "losses": [], "layers": [], "weights": [],
        "stepMs": 0
    }))
    .expect("a frame");
    frame.layers = layers;
    let mut record = RunRecord::new(spec.clone());
    for (step, loss) in losses.iter().enumerate() {
        (frame.step, frame.loss, frame.losses) = (step as u64, Number(*loss), vec![Number(*loss)]);
        record.take(&frame);
    }
    record
}

#[test]
fn only_what_follows_from_the_settings_is_compared() {
    let spec = Spec::mlp();
    let losses: Vec<f64> = (0..100).map(|step| 2.0 - 0.01 * f64::from(step)).collect();
    let all = record(&spec, &losses);
    assert_eq!(MeasuredNumbers::of(&all, &spec).losses, losses[..LOSSES]);
    assert_eq!(MeasuredNumbers::of(&all.until(9), &spec).losses, losses[..10]);
    let tuned = RunRecord { tuned: true, ..all.clone() };
    assert_eq!(MeasuredNumbers::of(&tuned, &spec).losses, losses[..1]);
    let other = Spec { network: Spec::gpt().network, ..spec.clone() };
    assert!(MeasuredNumbers::of(&all, &other).is_empty());
    let adapted = Lab::from_link("v=1&adapt=lora&adapt-at=20").0.spec;
    assert_eq!(MeasuredNumbers::of(&record(&adapted, &losses), &adapted).losses, losses[..20]);
    let diverged = record(&spec, &[2.0, 5.0, f64::NAN, f64::NAN]);
    assert_eq!(MeasuredNumbers::of(&diverged, &spec).losses, [2.0, 5.0]);
    assert_eq!(MeasuredNumbers::of(&RunRecord::new(spec.clone()), &spec), MeasuredNumbers::default());
    assert_eq!(spec.network.model, Model::Mlp);
}
