//! Words beside the levels of a chart keep off its curves.

use init_lab::lab::caption::{Room, Spot};

const SPOTS: [Spot; 4] = [
    Spot { right: false, above: true },
    Spot { right: true, above: true },
    Spot { right: false, above: false },
    Spot { right: true, above: false },
];
const SIZE: [f64; 2] = [0.3, 0.06];

fn room(curves: &[&[[f64; 2]]]) -> Room {
    let mut room = Room::default();
    for curve in curves {
        room.draw(curve.iter().map(|point| Some(*point)));
    }
    room
}

#[test]
fn a_word_stands_where_no_curve_is() {
    let spot = |curves: &[&[[f64; 2]]]| room(curves).place(0.5, SIZE, 0.0, &SPOTS).expect("a spot");
    assert_eq!(spot(&[]), SPOTS[0], "the wish, where there is room");
    // The signal that dies falls through the left end of the level at which squares leave f16.
    let dying = [[0.0, 0.9], [0.2, 0.4], [1.0, 0.1]];
    assert_eq!(spot(&[&dying]), SPOTS[1]);
    // Only its corners lie beside the word; the line between them crosses it.
    assert_eq!(spot(&[&[[0.0, 0.9], [0.31, 0.2]]]), SPOTS[1]);
    let above = [[0.0, 0.53], [1.0, 0.53]];
    assert_eq!(spot(&[&above]), SPOTS[2], "both ends are taken above");
    assert_eq!(spot(&[&above, &[[0.1, 0.47]]]), SPOTS[3], "a dot counts");
}

#[test]
fn a_word_has_no_place_where_curves_are_everywhere() {
    let curves: Vec<Vec<[f64; 2]>> =
        (0..20).map(|at| vec![[0.0, 0.05 * f64::from(at)], [1.0, 0.05 * f64::from(at)]]).collect();
    let curves: Vec<&[[f64; 2]]> = curves.iter().map(Vec::as_slice).collect();
    assert_eq!(room(&curves).place(0.5, SIZE, 0.0, &SPOTS), None);
    let wider_than_the_chart = [1.2, 0.06];
    assert_eq!(room(&[]).place(0.5, wider_than_the_chart, 0.0, &SPOTS), None);
}

#[test]
fn a_word_that_cannot_move_is_kept_off() {
    let mut room = Room::default();
    room.stand(0.5, SIZE, 0.0, SPOTS[0]);
    assert_eq!(room.place(0.5, SIZE, 0.0, &SPOTS), Some(SPOTS[1]));
}

#[test]
fn a_gap_is_no_curve() {
    let mut room = Room::default();
    room.draw([Some([0.0, 0.9]), None, Some([0.3, 0.2])]);
    assert_eq!(room.place(0.5, SIZE, 0.0, &SPOTS), Some(SPOTS[0]));
}

/// The loss of chance and theory's first loss are often one, but for the third digit.
#[test]
fn words_of_two_levels_that_nearly_are_one_stand_on_both_sides() {
    let mut room = Room::default();
    let wide = [0.55, 0.1];
    assert_eq!(room.place(0.5, wide, 0.0, &[SPOTS[1], SPOTS[3]]), Some(SPOTS[1]));
    assert_eq!(room.place(0.505, wide, 0.14, &[SPOTS[0], SPOTS[2]]), Some(SPOTS[2]));
}

#[test]
fn words_keep_off_each_other_and_inside() {
    let mut room = Room::default();
    assert_eq!(room.place(0.5, SIZE, 0.0, &SPOTS), Some(SPOTS[0]));
    assert_eq!(room.place(0.52, SIZE, 0.0, &SPOTS), Some(SPOTS[1]));
    assert_eq!(room.place(0.99, SIZE, 0.0, &SPOTS), Some(SPOTS[2]), "above it would leave the chart");
    assert_eq!(room.place(0.02, SIZE, 0.0, &SPOTS[2..]), None, "where none is free, it goes elsewhere");
    assert_eq!(room.place(0.5, SIZE, 0.0, &[]), None);
}
