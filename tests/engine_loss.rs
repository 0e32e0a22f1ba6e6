//! Who counts as right: ties are guesses, and what is not a number is wrong.

use burn::tensor::{Device, Tensor};
use init_lab::engine::loss::accuracy;
use init_lab::lab::protocol::Event;

use crate::driven::{Engine, frames, start};

/// The share of right rows of each replica, for logits `[R][N][C]` and targets `[N]`.
fn shares(logits: &[&[&[f32]]], targets: &[usize]) -> Vec<f32> {
    let classes = logits[0][0].len();
    let flat: Vec<f32> = logits.concat().concat();
    let one_hot: Vec<f32> = targets
        .iter()
        .flat_map(|target| (0..classes).map(move |class| f32::from(u8::from(class == *target))))
        .collect();
    let device = Device::flex();
    let tensor = |data: &[f32], shape: [usize; 3]| Tensor::<1>::from_data(data, &device).reshape(shape);
    let right =
        accuracy(tensor(&flat, [logits.len(), targets.len(), classes]), tensor(&one_hot, [1, targets.len(), classes]));
    right.into_data().try_into_vec().expect("f32")
}

#[test]
fn the_largest_logit_decides() {
    let rows: &[&[f32]] = &[&[3.0, 1.0, 2.0], &[-3.0, -1.0, -2.0], &[0.0, 1.0, 5.0], &[9.0, 1.0, 2.0]];
    assert_eq!(shares(&[rows], &[0, 1, 2, 2]), [0.75]);
    assert_eq!(shares(&[rows, rows], &[1, 0, 0, 1]), [0.0, 0.0]);
}

#[test]
fn a_tie_is_a_guess_between_those_that_share_it() {
    let [zeros, equal, two]: [&[f32]; 3] = [&[0.0; 4], &[-2.5; 4], &[1.0, 1.0, 0.0, 0.0]];
    let even: &[&[f32]] = &[zeros; 4];
    let constant: &[&[f32]] = &[equal; 4];
    assert_eq!(shares(&[even, constant], &[0, 1, 2, 3]), [0.25, 0.25], "zeros know nothing, wherever they stand");
    let two: &[&[f32]] = &[two; 4];
    assert_eq!(shares(&[two], &[0, 1, 2, 3]), [0.25], "right half of the time for two, and never for two");
    assert_eq!(shares(&[&two[..2]], &[0, 1]), [0.5]);
}

#[test]
fn what_is_not_a_number_is_not_right() {
    let nan = f32::NAN;
    let rows: &[&[f32]] = &[&[nan; 3], &[nan, 5.0, 1.0], &[1.0, 5.0, nan], &[0.0, 5.0, 1.0]];
    assert_eq!(shares(&[rows], &[1, 1, 1, 1]), [0.25]);
    let rows: &[&[f32]] = &[&[f32::INFINITY, 1.0, 0.0], &[f32::NEG_INFINITY, 1.0, 0.0]];
    assert_eq!(shares(&[rows], &[0, 1]), [1.0], "the largest is the largest");
}

/// The lab said 100 % of a network that had not begun to learn.
#[test]
fn a_start_from_nothing_is_right_once_in_ten() {
    for link in ["init=zeros&bias=0", "init=constant&std=0.01", "init=zeros&model=gpt&depth=1&width=16&context=16"] {
        let events = Engine::new().send([start(1, &format!("{link}&batch=8&device=cpu"))]);
        let frame = frames(&events).into_iter().next().expect("step 0");
        let classes = events.iter().find_map(|event| match event {
            Event::Started { shape, .. } => Some(shape.classes as f64),
            _ => None,
        });
        let share = frame.accuracy.expect("measured at the start").0;
        assert!((share * classes.expect("a shape") - 1.0).abs() < 1e-5, "{link}: {share}");
    }
}
