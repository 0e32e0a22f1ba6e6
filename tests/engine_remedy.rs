//! A pressed fix does what it is offered for: the network comes to a lower loss than before. `make calibrate`
//! asks the same of hundreds of networks.

use init_lab::calibration::course::train;
use init_lab::calibration::trial::opened;
use init_lab::lab::diagnosis::diagnose;
use init_lab::lab::link::Lab;
use init_lab::lab::remedy::remedy;

/// Each dies, explodes or is all zeros at its start, or draws straight borders where that will not do; the first four are
/// those that a scheme's name alone got wrong.
const BAD: [&str; 8] = [
    "act=sigmoid&depth=12&width=24&batch=16&steps=200&lr=0.1",
    "residual=on&std=0.5&depth=20&width=24&batch=16&steps=200",
    "act=relu-squared&init=kaiming-normal&depth=12&width=24&batch=16&steps=200",
    "model=gpt&init=zeros&depth=2&width=16&heads=2&context=16&batch=4&steps=200",
    "std=0.02&depth=12&width=24&batch=16&steps=200",
    "act=tanh&std=2&depth=30&width=24&batch=16&steps=200&opt=adam",
    "data=xor&act=linear&init=xavier-normal&depth=3&width=16&lr=0.1&steps=200",
    "data=spirals&act=linear&init=kaiming-normal&norm=layer&depth=8&width=32&batch=16&steps=200&opt=adam",
];

#[test]
fn a_pressed_fix_comes_to_a_lower_loss() {
    for link in BAD {
        let (lab, notices) = Lab::from_link(link);
        assert_eq!(notices, [], "{link}");
        let state = opened(&lab.spec).expect("a first frame");
        let verdict = diagnose(&state).verdict;
        assert!(verdict.wants_remedy(), "{link}: {verdict:?}");
        let fix = remedy(&lab.spec, verdict, state.initial.as_ref()).expect("a fix");
        let (mended, notices) = fix.apply(&lab.spec);
        assert_eq!(notices, [], "{link}");
        let loss = |spec| train(&[spec]).expect("a training")[0].loss;
        let (before, after) = (loss(lab.spec.clone()), loss(mended));
        assert!(after.is_finite() && (after < 0.97 * before || before.is_nan()), "{link}: {before} {after} {fix:?}");
    }
}
