//! Dropout: its masks, where they act and where not, and that a run with them can be made again.

use std::rc::Rc;

use crate::driven::{Engine, frames, losses, ready, spec, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::Data;
use init_lab::engine::dropout::{Masks, Pool};
use init_lab::engine::replicas::ReplicaTrainer;
use init_lab::engine::session::Session;
use init_lab::engine::tap::Taps;
use init_lab::engine::tape::{Node, Tape};
use init_lab::engine::trainer::Trainer;
use init_lab::lab::protocol::{Command, Event, Why};

const MLP: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&device=cpu";
const GPT: &str = "model=gpt&depth=2&width=16&heads=2&context=8&batch=4&device=cpu";

/// Ones of a shape, with some left out.
fn ones(shape: [usize; 3], masks: &mut Masks) -> Tensor<3> {
    let (mut tape, _) = Tape::off(&[]);
    masks.apply(&mut tape, Node::constant(Tensor::ones(shape, &Device::flex()))).value
}

#[test]
fn masks_leave_out_as_many_as_they_should_and_make_up_for_them() {
    for p in [0.1, 0.5, 0.9] {
        let pool = pool(&format!("width=256&batch=64&dropout={p}"));
        let mut masks = Masks::of(Some(&pool), 3);
        let all: Vec<Vec<f32>> = (0..4).map(|_| values(ones([1, 64, 256], &mut masks))).collect();
        for mask in &all {
            let zeros = mask.iter().filter(|m| **m == 0.0).count() as f64 / mask.len() as f64;
            // Four standard errors of a share of 16384.
            assert!((zeros - p).abs() < 4.0 * (p * (1.0 - p) / 16384.0).sqrt(), "{p}: {zeros}");
            assert!(mask.iter().all(|m| *m == 0.0 || (f64::from(*m) * (1.0 - p) - 1.0).abs() < 1e-6), "{p}");
        }
        assert!(
            all.iter().enumerate().all(|(i, mask)| all[..i].iter().all(|other| other != mask)),
            "each place its own"
        );
        let again = values(ones([1, 64, 256], &mut Masks::of(Some(&pool), 3)));
        let later = values(ones([1, 64, 256], &mut Masks::of(Some(&pool), 4)));
        assert!(again == all[0] && later != all[0], "a step has its masks, the next one others");
    }
    assert!(Pool::new(&spec("dropout=0"), &Device::flex()).is_none(), "off, there is nothing to pay for");
}

/// Written down so that a change of the draws is seen; integers and one comparison, so the same everywhere.
#[test]
fn the_draws_are_the_golden_ones() {
    let pool = pool("width=64&batch=2&dropout=0.5&seed=7");
    let mut masks = Masks::of(Some(&pool), 5);
    let kept = |mask: Vec<f32>| mask.iter().take(64).fold(0_u64, |bits, m| 2 * bits + u64::from(*m > 0.0));
    let first = kept(values(ones([1, 2, 64], &mut masks)));
    let second = kept(values(ones([1, 2, 64], &mut masks)));
    assert_eq!([first, second], [13_745_159_786_198_274_808, 15_354_946_061_845_105_631]);
}

#[test]
fn only_training_passes_have_masks() {
    for link in [MLP, GPT] {
        let (plain, dropped) = (spec(link), spec(&format!("{link}&dropout=0.5")));
        let device = Device::flex();
        let data = Data::load(&plain, &device);
        let batch = data.batches(0, 1).remove(0);
        let mut trainers = [&plain, &dropped].map(|spec| Trainer::new(spec, &device));
        let judged = trainers
            .each_ref()
            .map(|trainer| trainer.judge(&batch, &mut Taps::new(false)).map(|x| x.into_scalar::<f32>()));
        assert_eq!(judged[0], judged[1], "{link}: held-out passes leave nothing out");
        let measured =
            trainers.each_mut().map(|trainer| trainer.measure(&batch, &mut Taps::new(false)).into_scalar::<f32>());
        assert_eq!(measured[0], judged[0][0], "{link}");
        assert!((measured[1] / measured[0] - 1.0).abs() > 1e-4, "{link}: {measured:?}");
    }
}

#[test]
fn a_run_with_dropout_is_the_same_twice_however_sliced_and_from_a_snapshot() {
    for link in [format!("{MLP}&dropout=0.3"), format!("{GPT}&dropout=0.3")] {
        let whole = train(&link, &[12]);
        assert_eq!(whole, train(&link, &[12]), "{link}");
        assert_eq!(whole, train(&link, &[1; 12]), "{link}");
        assert_ne!(whole, train(&format!("{link}&seed=2"), &[12]), "{link}");
        // Two gone on from one snapshot.
        let spec = spec(&link);
        let device = Device::flex();
        let data = Data::load(&spec, &device);
        let mut one = Trainer::new(&spec, &device);
        one.measure(&data.batches(0, 1)[0], &mut Taps::new(false));
        let mut other = one.clone();
        let batch = &data.batches(1, 1)[0];
        let losses =
            [&mut one, &mut other].map(|trainer| trainer.measure(batch, &mut Taps::new(false)).into_scalar::<f32>());
        assert_eq!(losses[0], losses[1], "{link}");
    }
}

#[test]
fn a_step_that_breaks_is_made_again_with_its_masks() {
    let mut engine = Engine::new();
    engine.send([start(1, "depth=4&width=32&batch=16&init=kaiming-normal&lr=60&dropout=0.2&device=cpu")]);
    let events = engine.send([Command::Step(400)]);
    let Some(Event::Finished { why: Why::Diverged { step, layer, .. }, .. }) = events.last() else {
        panic!("{:?}", events.last());
    };
    assert!(*step > 0 && layer.is_some());
    let curve = losses(&events);
    assert_eq!(curve.len() as u64, *step);
    assert!(!curve.last().expect("a loss").is_finite() && curve[..curve.len() - 1].iter().all(|l| l.is_finite()));
}

#[test]
fn a_fleet_with_dropout_gives_each_the_numbers_that_it_has_alone() {
    for base in [MLP, GPT] {
        let specs =
            ["std=0.1&init=normal", "lr=0.02", "clip=0.1"].map(|rest| spec(&format!("{base}&dropout=0.4&{rest}")));
        let device = Device::flex();
        let data = Rc::new(Data::load(&specs[0], &device));
        let mut trainer = ReplicaTrainer::build(specs.to_vec(), Rc::clone(&data), &device);
        let together = ready(trainer.advance(8, false)).expect("a slice").losses;
        for (index, spec) in specs.into_iter().enumerate() {
            let mut session = Session::build(1, spec, Rc::clone(&data), &device);
            let mut alone = vec![ready(session.start()).expect("start").frame.loss.0];
            alone.extend(ready(session.advance(8, false)).expect("steps").frame.losses.iter().map(|loss| loss.0));
            for (ours, theirs) in together.iter().zip(alone) {
                assert!((f64::from(ours[index]) - theirs).abs() <= 1e-5 * theirs, "{base}: {ours:?} and {theirs}");
            }
        }
    }
    let plain = spec(MLP);
    let with = |link: &str| spec(&format!("{MLP}&{link}"));
    assert!(ReplicaTrainer::can_join(&with("dropout=0.2"), &with("dropout=0.2&std=1&lr=1")));
    for [one, other] in
        [["dropout=0.2", "dropout=0.3"], ["dropout=0.2", "dropout=0.2&seed=2"], ["seed=2", "dropout=0.2"]]
    {
        assert!(!ReplicaTrainer::can_join(&with(one), &with(other)), "{one} with {other}");
    }
    assert!(ReplicaTrainer::can_join(&plain, &with("seed=2")), "without dropout other seeds join");
}

#[test]
fn activations_are_measured_past_the_mask() {
    // One linear layer that hands its z on: half of it masked, the variance of h is that of z over 1/2.
    let mut engine = Engine::new();
    let events =
        engine.send([start(1, "depth=1&width=1024&act=linear&batch=64&init=kaiming-normal&dropout=0.5&device=cpu")]);
    let layer = &frames(&events)[0].layers[0];
    let [z, h] = [layer.preactivation_var, layer.activation_var].map(|var| var.expect("measured").0);
    assert!((h / z - 2.0).abs() < 0.05, "{h} of {z}");
}

fn pool(link: &str) -> Pool {
    Pool::new(&spec(link), &Device::flex()).expect("dropout")
}

fn values(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// The losses of so many steps, slice by slice.
fn train(link: &str, slices: &[u64]) -> Vec<f64> {
    let mut engine = Engine::new();
    engine.send([start(1, link)]);
    slices.iter().flat_map(|count| losses(&engine.send([Command::Step(*count)]))).collect()
}
