//! BatchNorm and norms on z in the engine: where they stand, what held-out passes use, and that a run with
//! them can be made again. Their gradients: `engine_gradients.rs`; PyTorch's losses: `engine_golden.rs`.

use std::rc::Rc;

use crate::driven::{Engine, frames, losses, ready, spec, start};
use burn::tensor::Device;
use init_lab::engine::batch::Data;
use init_lab::engine::session::Session;
use init_lab::lab::metric::Frame;
use init_lab::lab::protocol::Command;

const MLP: &str = "depth=4&width=24&batch=16&init=kaiming-normal&lr=0.1&device=cpu";

fn run(link: &str, steps: u64) -> (Vec<f64>, Vec<Frame>) {
    let mut engine = Engine::new();
    let mut events = engine.send([start(1, link)]);
    events.extend(engine.send([Command::Step(steps)]));
    (losses(&events), frames(&events).into_iter().cloned().collect())
}

/// Without skip connections a norm before the weights and one after the layer are one network, to the bit;
/// a norm on z is another, and with skips all three differ.
#[test]
fn where_a_norm_stands() {
    for norm in ["layer", "rms", "batch"] {
        let [pre, inner, post] = ["pre", "inner", "post"].map(|pos| run(&format!("{MLP}&norm={norm}&pos={pos}"), 20).0);
        assert_eq!(pre, post, "{norm}");
        assert_ne!(pre, inner, "{norm}");
        let skips = ["pre", "inner", "post"].map(|pos| run(&format!("{MLP}&norm={norm}&pos={pos}&residual=on"), 5).0);
        assert!(skips[0] != skips[1] && skips[0] != skips[2] && skips[1] != skips[2], "{norm}");
    }
}

/// With a norm on z the size of the weights is forgotten, but for ε.
#[test]
fn a_norm_on_z_forgets_the_size_of_weights() {
    for norm in ["layer", "rms", "batch"] {
        let [small, large] = ["0.3", "30"].map(|gain| run(&format!("{MLP}&norm={norm}&pos=inner&gain={gain}"), 0).1);
        for (a, b) in small[0].layers.iter().zip(&large[0].layers).take(4) {
            let [a, b] = [a, b].map(|layer| layer.activation_var.expect("measured").0);
            assert!((a / b - 1.0).abs() < 2e-3, "{norm}: {a} and {b}");
        }
    }
}

/// Of the network of step 0, before any update: that of its batch, and no start of 0 and 1.
#[test]
fn held_out_numbers_are_of_the_network_that_is_trained() {
    for std in ["0.001", "0.02", "0.5"] {
        let link = format!("depth=6&width=64&batch=128&init=normal&std={std}&norm=batch&pos=inner&lr=0.05&device=cpu");
        let (losses, seen) = run(&link, 200);
        let held_out = |frame: &Frame| frame.val_loss.expect("measured").0;
        assert!(
            (held_out(&seen[0]) / losses[0] - 1.0).abs() < 0.25,
            "σ = {std}: {} at {}",
            held_out(&seen[0]),
            losses[0]
        );
        let last = seen.last().expect("frames");
        let accuracy = last.accuracy.expect("measured").0;
        assert!(accuracy > 0.5 && held_out(last) < 0.7 * losses[0], "σ = {std}: {accuracy}, {}", held_out(last));
    }
}

fn build(link: &str) -> Session {
    let device = Device::flex();
    let spec = spec(link);
    let data = Rc::new(Data::load(&spec, &device));
    Session::build(1, spec, data, &device)
}

fn advance(session: &mut Session, count: usize) -> Frame {
    ready(session.advance(count, true)).expect("a slice").frame
}

#[test]
fn a_run_is_the_same_however_it_is_sliced_and_after_a_break() {
    for rest in ["norm=batch&pos=inner", "norm=batch&pos=pre&residual=on&opt=adamw&lr=0.01&dropout=0.2"] {
        let link = format!("{MLP}&{rest}");
        let (mut whole, mut sliced) = (build(&link), build(&link));
        let first = ready(whole.start()).expect("start").frame;
        assert_eq!(first.val_loss, ready(sliced.start()).expect("start").frame.val_loss);
        let end = advance(&mut whole, 12);
        for count in [1, 5, 2] {
            advance(&mut sliced, count);
        }
        for kept in [sliced, build(&link)] {
            let checkpoint = ready(kept.checkpoint()).expect("a checkpoint");
            let mut taken_up = build(&link);
            assert!(taken_up.go_on(&checkpoint));
            let count = 12 - taken_up.step() as usize;
            let last = advance(&mut taken_up, count);
            assert_eq!((last.loss, last.val_loss, last.accuracy), (end.loss, end.val_loss, end.accuracy), "{link}");
        }
    }
}

#[test]
fn a_checkpoint_of_another_norm_is_refused() {
    let mut batch = build(&format!("{MLP}&norm=batch"));
    ready(batch.start()).expect("start");
    advance(&mut batch, 3);
    let checkpoint = ready(batch.checkpoint()).expect("a checkpoint");
    assert!(!build(MLP).go_on(&checkpoint));
    assert!(!build(&format!("{MLP}&norm=rms")).go_on(&checkpoint));
}
