//! What the notes of prepared labs claim, against theory.
#![allow(missing_docs)]

use init_lab::lab::catalog;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;

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
fn he_under_gelu_sinks_and_the_right_gain_is_right_at_one_point_only() {
    let he = growth("gelu-he", "");
    assert!(he < 0.02, "{he}");
    let deeper = growth("gelu-he", "depth=40");
    assert!(deeper < 1e-3 * he, "faster than by a factor a layer: {deeper}");
    let right = growth("gelu-he", "gain=1.533");
    assert!(right > 3.0, "{right}");
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

#[test]
fn a_llama_block_hardly_moves_its_stream() {
    let growth = growth("llama", "");
    assert!((1.0..1.5).contains(&growth), "{growth}");
}
