//! What the notes of prepared labs claim, against theory.

#[cfg(feature = "engine")]
use crate::driven;
use init_lab::lab::catalog;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::{predict, sigma};

/// The predicted variance of the last hidden layer or block over that of the first layer.
fn growth(experiment: &str, changes: &str) -> f64 {
    assert!(catalog::find(experiment).is_some(), "{experiment}");
    let (lab, notices) = Lab::from_link(&format!("x={experiment}&{changes}"));
    assert_eq!(notices, [], "{experiment} {changes}");
    let layers = predict(&lab.spec).layers;
    let variance = |at: usize| layers[at].activation_var.expect("theory");
    variance(layers.len() - 2) / variance(0)
}

#[test]
fn xavier_stands_beside_kaiming_root_two_smaller() {
    let (lab, notices) = Lab::from_link("x=xavier-kaiming");
    assert_eq!(notices, []);
    let [xavier] = &lab.pins[..] else { panic!("{:?}", lab.pins) };
    let [kaiming, xavier] = [&lab.spec, &xavier.spec].map(|spec| sigma(spec).hidden);
    assert!((kaiming / xavier - std::f64::consts::SQRT_2).abs() < 1e-12, "{kaiming} {xavier}");
    assert_eq!(lab.link(), "#v=1&x=xavier-kaiming");
}

#[test]
fn he_under_gelu_sinks_and_the_right_gain_is_right_at_one_point_only() {
    let he = growth("gelu-he", "");
    // The longest images hardly sink: on inputs of one length it would be to 0.002.
    assert!((0.2..0.35).contains(&he), "{he}");
    let deeper = growth("gelu-he", "depth=40");
    assert!(deeper < he, "{deeper}");
    let right = growth("gelu-he", "gain=1.533");
    assert!(right > 2.0, "{right}");
}

#[test]
fn the_band_of_sigma_belongs_to_a_width_and_a_depth() {
    assert!(growth("band", "") > 1e6);
    assert!((0.5..2.0).contains(&growth("band", "width=200")));
    assert!(growth("band", "std=0.01") < 1e-6);
    assert!((0.1..10.0).contains(&growth("band", "depth=3")));
}

#[test]
fn residual_scaling_bounds_what_is_added_not_what_there_was() {
    let scaled = growth("residual-growth", "");
    let unscaled = growth("residual-growth", "writes=none");
    assert!(scaled > 5.0, "{scaled}");
    assert!(unscaled > 5.0 * scaled, "{unscaled} against {scaled}");
    // Independent of the depth: twice the blocks add about as much.
    let deeper = growth("residual-growth", "depth=24");
    assert!((0.7..1.4).contains(&(deeper / scaled)), "{deeper} against {scaled}");
}

/// Linear, BatchNorm, ReLU: the growth of gradients from the last hidden layer to the first.
fn gradient_growth(changes: &str) -> f64 {
    let (lab, notices) = Lab::from_link(&format!("x=batchnorm&{changes}"));
    assert_eq!(notices, [], "{changes}");
    let layers = predict(&lab.spec).layers;
    let gradient = |at: usize| layers[at].gradient.expect("theory");
    gradient(0) / gradient(layers.len() - 2)
}

#[test]
fn batchnorm_keeps_the_variance_and_explodes_on_the_way_back() {
    for std in ["0.02", "0.1", "1"] {
        let variance = growth("batchnorm", &format!("std={std}"));
        assert!((0.8..1.25).contains(&variance), "{variance}");
        let gradient = gradient_growth(&format!("std={std}"));
        let by_layer = gradient.powf(1.0 / 49.0);
        assert!(gradient > 1000.0 && (1.18..1.24).contains(&by_layer), "σ = {std}: {by_layer} a layer");
    }
    let skips = gradient_growth("residual=on");
    assert!(skips < gradient_growth("") / 100.0, "{skips}");
}

/// As the network of the lab shows it.
#[cfg(feature = "engine")]
#[test]
fn batchnorm_explodes_as_theory_says() {
    let measured = |changes: &str| {
        let mut engine = driven::Engine::new();
        let events = engine.send([driven::start(1, &format!("x=batchnorm&device=cpu&{changes}"))]);
        let layers = &driven::frames(&events)[0].layers;
        let gradient = |at: usize| layers[at].gradient_rms.expect("measured").0;
        let variance = |at: usize| layers[at].activation_var.expect("measured").0;
        (gradient(0) / gradient(49), variance(49) / variance(0))
    };
    for changes in ["", "std=0.1", "std=1"] {
        let (gradient, variance) = measured(changes);
        let right = gradient_growth(changes);
        assert!(gradient > 1000.0 && (0.4..2.5).contains(&(gradient / right)), "{changes}: {gradient}, not {right}");
        assert!((0.6..1.6).contains(&variance), "{changes}: {variance}");
    }
    let (skips, _) = measured("residual=on");
    assert!(skips < measured("").0 / 30.0, "{skips}");
}

#[test]
fn a_llama_block_hardly_moves_its_stream() {
    let growth = growth("llama", "");
    assert!((1.0..1.5).contains(&growth), "{growth}");
}

/// Its title says that the gradient grows, and no more than that: some tens of times, which is no explosion yet.
#[test]
fn tanh_holds_the_variance_while_the_gradient_grows() {
    let variance = growth("tanh", "");
    assert!((0.5..2.0).contains(&variance), "{variance}");
    let ratio = |changes: &str| {
        let (lab, _) = Lab::from_link(&format!("x=tanh&{changes}"));
        let layers = predict(&lab.spec).layers;
        let gradient = |at: usize| layers[at].gradient.expect("theory");
        gradient(0) / gradient(layers.len() - 2)
    };
    let (shallow, deep) = (ratio(""), ratio("depth=80"));
    assert!((10.0..100.0).contains(&shallow), "{shallow}");
    assert!(deep > 1e3, "{deep}");
}

/// What happens in the middle of a run, only a run can show.
#[cfg(feature = "engine")]
mod trained {
    use super::driven::{Engine, frames, losses, start};
    use init_lab::lab::metric::Frame;
    use init_lab::lab::protocol::Command;

    /// The losses of a prepared lab to this step, and its frames.
    fn run(experiment: &str, change: &str, steps: u64) -> (Vec<f64>, Vec<Frame>) {
        let mut engine = Engine::new();
        let mut events = engine.send([start(1, &format!("x={experiment}&device=cpu&{change}"))]);
        events.extend(engine.send([Command::Step(steps)]));
        (losses(&events), frames(&events).into_iter().cloned().collect())
    }

    fn held_out(frames: &[Frame], step: u64) -> [f64; 2] {
        let frame = frames.iter().find(|frame| frame.step == step).expect("a frame");
        [frame.val_loss, frame.accuracy].map(|number| number.expect("measured").0)
    }

    #[test]
    fn with_b_zero_the_jump_is_the_datas_alone() {
        let (learned, frames) = run("lora", "", 600);
        let (stuck, still) = run("lora", "lora-start=both-zero", 300);
        let (_, broken) = run("lora", "lora-start=both-random", 200);
        assert_eq!(learned[..=200], stuck[..=200]);
        assert!(learned[199] < 0.05 && learned[200] > 4.0, "{} to {}", learned[199], learned[200]);
        let [first, knew] = held_out(&frames, 200);
        let [last, knows] = held_out(&frames, 600);
        // How soon is a matter of rounding: over seeds 57 to 72 % are right in the end.
        assert!(last < 0.3 * first && knows > 0.55, "{first} to {last}, {knows} right");
        assert_eq!(held_out(&still, 300), held_out(&still, 200), "it never comes down");
        // Half of the digits are new: it knows nearly all of the others, and forgets a part of that.
        let forgot = held_out(&broken, 200)[1];
        assert!(knew > 0.45 && forgot < 0.9 * knew, "{knew} and {forgot}");
    }

    #[test]
    fn the_mean_of_the_old_rows_hardly_moves_the_loss() {
        let (mean, quiet) = run("new-tokens", "", 200);
        let before = mean[190..200].iter().sum::<f64>() / 10.0;
        assert!((mean[200] - before).abs() < 0.3, "{before} to {}", mean[200]);
        let (normal, loud) = run("new-tokens", "token-start=normal", 200);
        assert_eq!(normal[..200], mean[..200]);
        assert!(normal[200] > 10.0 && held_out(&loud, 200)[1] < 0.05, "{}", normal[200]);
        let (_, scheme) = run("new-tokens", "token-start=scheme", 200);
        assert!(held_out(&quiet, 200)[0] < held_out(&scheme, 200)[0]);
    }
}
