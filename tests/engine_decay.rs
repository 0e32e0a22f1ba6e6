//! What weight decay pulls at, in numbers worked out by hand.

use crate::driven::spec;
use burn::tensor::{Device, Tensor};
use init_lab::engine::optimizer::{OptimizerState, TensorPace, UpdateRule, schedule};
use init_lab::engine::parameter::ParameterKind;
use init_lab::lab::spec::Spec;

/// One number of each tensor of a network after a step from 2 along a gradient of 0.
fn pulled(spec: &Spec) -> Vec<(String, ParameterKind, f64)> {
    let device = Device::flex();
    let net = spec.architecture();
    let list = net.parameters();
    let paces: Vec<TensorPace> =
        list.iter().map(|parameter| TensorPace::of(parameter, &net, spec.training.optimizer)).collect();
    let filled = |value: f32| -> Vec<Tensor<3>> {
        list.iter().map(|p| Tensor::<3>::zeros([1, p.rows, p.columns], &device) + value).collect()
    };
    let rates = schedule(&[UpdateRule::of(spec)], 0, 1, &device).remove(0).decaying(spec.training.decay);
    let after =
        OptimizerState::default().update_all(spec.training.optimizer, &filled(2.0), &filled(0.0), &paces, &rates);
    let first = |tensor: Tensor<3>| f64::from(tensor.into_data().iter::<f32>().next().expect("a number"));
    list.into_iter().zip(after).map(|(p, tensor)| (p.name, p.kind, first(tensor))).collect()
}

#[test]
fn decay_pulls_at_all_that_learns_or_at_matrices_and_embeddings() {
    for base in
        ["model=gpt&depth=2&init=rezero", "model=gpt&depth=1&block=llama", "depth=3&norm=layer&residual=on&wd=0.1"]
    {
        for (rule, lr) in [("adamw", 0.01), ("sgd", 0.01), ("momentum", 0.01)] {
            let link = format!("{base}&opt={rule}&lr={lr}&wd=0.1");
            // w − ηλw = 2·(1 − 0.001)
            let decayed = 2.0 * (1.0 - lr * 0.1);
            let mut spared = 0;
            for (name, kind, after) in pulled(&spec(&link)) {
                assert!((after - decayed).abs() < 1e-6, "{link} {name} {kind:?}: {after}");
            }
            for (name, kind, after) in pulled(&spec(&format!("{link}&decay=matrices"))) {
                let has_two_axes = matches!(kind, ParameterKind::Matrix(_) | ParameterKind::Qkv(_));
                let expected = if has_two_axes { decayed } else { 2.0 };
                assert!((after - expected).abs() < 1e-6, "{link} {name} {kind:?}: {after}");
                spared += usize::from(!has_two_axes);
            }
            assert!(spared >= 3, "{link}: {spared}");
        }
    }
}
