//! A small part of `make coverage`: bands hold the networks that are really drawn, on the lab's own data.

use crate::cover::{Cover, covered, share_error};
use crate::perceptron;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;

/// 40 networks of a setting: the bands of z and h hold at least so many of 100 (forty networks know it to three or four), and the signal share is
/// predicted within a factor.
#[track_caller]
fn check(link: &str, least: f64, factor: f64) {
    let network = |seed: u64| {
        let (lab, notices) = Lab::from_link(&format!("{link}&seed={seed}"));
        assert_eq!(notices, [], "{link}");
        Cover { prediction: predict(&lab.spec), seen: perceptron::observe(&lab.spec) }
    };
    let networks: Vec<Cover> = (500..540).map(network).collect();
    let [z, h, gradient] = covered(&networks);
    let share = share_error(&networks);
    println!("{link}: {z:?} {h:?} {gradient:?}, share ×{share:.2}");
    for covered in [z, h].into_iter().flatten() {
        assert!(covered > least, "{link}: {z:?} {h:?}");
    }
    assert!(share < factor, "{link}: the share is off ×{share}");
}

#[test]
fn inputs_of_all_lengths_lie_in_their_band() {
    check("init=kaiming-normal&width=48&depth=6", 85.0, 1.25);
    // A single layer hardly strays by its width: what strays is the batch.
    check("init=kaiming-normal&width=160&depth=1", 85.0, 1.1);
    check("init=kaiming-normal&width=48&depth=6&batch=8", 85.0, 1.3);
    check("init=kaiming-normal&width=64&depth=8&act=gelu", 85.0, 1.25);
    check("init=kaiming-normal&width=48&depth=6&act=tanh&gain=1.5", 85.0, 1.1);
    check("init=kaiming-normal&width=48&depth=5&act=sigmoid&gain=1", 85.0, 1.6);
    // Few large weights give heavy tails, which the logarithm of a variance keeps.
    check("init=sparse&std=0.6&width=48&depth=5", 80.0, 1.7);
    check("data=spirals&init=kaiming-normal&width=48&depth=6", 85.0, 1.3);
    check("examples=50&init=kaiming-normal&width=48&depth=6", 85.0, 1.3);
    check("data=circles&init=kaiming-normal&width=48&depth=6", 85.0, 1.3);
    check("data=xor&init=kaiming-normal&width=48&depth=6", 85.0, 1.3);
    check("data=chars&init=kaiming-normal&width=48&depth=6", 85.0, 1.3);
    check("data=chars&init=kaiming-normal&width=64&depth=1&act=tanh", 85.0, 1.3);
    check("adapt=lora&init=kaiming-normal&width=48&depth=5", 85.0, 1.25);
}
