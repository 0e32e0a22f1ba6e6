//! Many networks trained as one give the numbers that each would have alone.

use std::rc::Rc;

use burn::tensor::Device;
use init_lab::engine::batch::Data;
use init_lab::engine::replicas::{ReplicaSlice, ReplicaTrainer};
use init_lab::engine::session::Session;
use init_lab::lab::spec::Spec;
use init_lab::science::data::digits::digits;

use crate::driven::{ready, spec};

const MLP: &str = "depth=3&width=24&batch=16&lr=0.1&device=cpu";
const GPT: &str = "model=gpt&depth=2&width=16&heads=2&context=8&batch=4&device=cpu";

#[test]
fn each_replica_is_the_network_that_it_would_be_alone() {
    for (base, differences) in [
        (MLP, ["init=kaiming-normal", "init=kaiming-normal&seed=2", "init=xavier-normal&lr=0.3", "std=0.3&wd=0.01"]),
        (MLP, ["opt=adamw&lr=0.001&wd=0.1", "opt=adamw&lr=0.01&seed=5", "opt=adamw&std=0.1", "opt=adamw&bias=0.1"]),
        (MLP, ["warmup=8", "warmup=3&schedule=cosine&steps=20", "schedule=linear&steps=20", "lr=0.3"]),
        (MLP, ["clip=0.3", "clip=5", "clip=0.02&opt=sgd&std=0.3", "std=0.3"]),
        (
            "norm=batch&pos=inner&depth=3&width=24&batch=16&lr=0.1&device=cpu",
            ["init=kaiming-normal", "seed=2", "std=0.3", "lr=0.3&wd=0.01"],
        ),
        (GPT, ["std=0.02", "std=0.2", "seed=7", "lr=0.01&init=xavier-normal"]),
    ] {
        let specs: Vec<Spec> = differences.iter().map(|difference| spec(&format!("{base}&{difference}"))).collect();
        let together = together(&specs, 20);
        for (index, spec) in specs.iter().enumerate() {
            let alone = alone(spec, 20);
            let [ours, theirs] = [&together.losses, &alone.losses].map(|losses| losses.len());
            assert_eq!(ours, theirs);
            for (step, (ours, theirs)) in together.losses.iter().zip(&alone.losses).enumerate() {
                close(ours[index], theirs[0], &format!("{} step {step}", differences[index]));
            }
            let [ours, theirs] = [&together.held_out, &alone.held_out].map(|all| all.clone().expect("asked for"));
            close(ours[index].0, theirs[0].0, "held-out loss");
            assert_eq!(ours[index].1, theirs[0].1, "accuracy");
            let [ours, theirs] = [&together.sizes, &alone.sizes].map(|all| all.clone().expect("asked for"));
            for place in [0, 1] {
                close(ours[index][place] as f32, theirs[0][place] as f32, "size");
            }
        }
    }
}

#[test]
fn a_replica_alone_is_the_lab_s_own_run() {
    let spec = spec(&format!("{MLP}&init=kaiming-normal"));
    let device = Device::default();
    let data = Rc::new(Data::load(&spec, &device));
    let mut session = Session::build(1, spec.clone(), Rc::clone(&data), &device);
    let mut losses = vec![ready(session.start()).expect("start").frame.loss.0 as f32];
    losses.extend(ready(session.advance(20, true)).expect("steps").frame.losses.iter().map(|loss| loss.0 as f32));
    let replica: Vec<f32> = together(&[spec], 20).losses.iter().map(|losses| losses[0]).collect();
    assert_eq!(losses, replica);
}

#[test]
fn sizes_are_root_mean_squares_over_held_out_data() {
    // Layers that hand on what they get: the last hidden one is the input, the logits its first ten numbers.
    let spec = spec("init=identity&act=linear&width=64&depth=2&batch=16&device=cpu");
    let sizes = alone(&spec, 0).sizes.expect("asked for")[0];
    let table = digits();
    for (size, count) in sizes.into_iter().zip([64, 10]) {
        let rows = table.inputs.chunks_exact(64).skip(table.train);
        let squares: Vec<f64> = rows.flat_map(|row| &row[..count]).map(|x| f64::from(x * x)).collect();
        let expected = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        close(size as f32, expected as f32, "size");
    }
}

#[test]
fn a_network_that_blows_up_harms_no_other() {
    let specs = ["std=0.08", "std=30&lr=5", "std=0.08&seed=3"].map(|difference| spec(&format!("{MLP}&{difference}")));
    let all = together(&specs, 12);
    let last = all.losses.last().expect("steps");
    assert!(!last[1].is_finite(), "{last:?}");
    for index in [0, 2] {
        close(last[index], alone(&specs[index], 12).losses.last().expect("steps")[0], "beside it");
    }
}

#[test]
fn only_networks_of_one_kind_train_together() {
    let base = spec(MLP);
    for same in
        ["seed=2", "std=1", "init=orthogonal", "lr=1", "warmup=9", "schedule=cosine", "clip=1", "wd=0.1", "bias=1"]
    {
        assert!(ReplicaTrainer::can_join(&base, &spec(&format!("{MLP}&{same}"))), "{same}");
    }
    for other in [
        "width=25",
        "depth=4",
        "act=tanh",
        "opt=adam",
        "batch=8",
        "norm=layer",
        "norm=batch",
        "data=spirals",
        "data=circles",
        "examples=50",
        "init=mup",
    ] {
        assert!(!ReplicaTrainer::can_join(&base, &spec(&format!("{MLP}&{other}"))), "{other}");
    }
}

/// Trains networks as one, in two slices.
fn together(specs: &[Spec], steps: usize) -> ReplicaSlice {
    let device = Device::default();
    let data = Rc::new(Data::load(&specs[0], &device));
    let mut trainer = ReplicaTrainer::build(specs.to_vec(), data, &device);
    let mut all = ready(trainer.advance(steps / 2, false)).expect("a slice");
    let rest = ready(trainer.advance(steps - steps / 2, true)).expect("a slice");
    all.losses.extend(rest.losses);
    ReplicaSlice { held_out: rest.held_out, sizes: rest.sizes, ..all }
}

fn alone(spec: &Spec, steps: usize) -> ReplicaSlice {
    together(std::slice::from_ref(spec), steps)
}

fn close(ours: f32, theirs: f32, what: &str) {
    assert!((ours - theirs).abs() <= 1e-5 * theirs.abs(), "{what}: {ours} and {theirs}");
}
