//! Charts stand in pairs, and one that is left over takes its row.

use init_lab::lab::arrangement::Arrangement;

#[test]
fn one_that_is_left_over_takes_its_row() {
    let alone = |charts: &[&str]| Arrangement::of(charts).alone;
    assert_eq!(alone(&[]), None);
    assert_eq!(alone(&["variance"]), None, "it has a row of its own anyway");
    assert_eq!(alone(&["variance", "gradient"]), Some(1));
    assert_eq!(alone(&["variance", "gradient", "loss"]), None);
    assert_eq!(alone(&["variance", "gradient", "loss", "weights"]), Some(3));
    assert_eq!(alone(&["gradient", "digits", "loss", "digit-path", "weights"]), Some(4));
    assert_eq!(alone(&["gradient", "digits"]), Some(0));
    assert_eq!(alone(&["loss", "variance"]), Some(0), "where the variance comes last");
}

#[test]
fn three_stand_in_a_row_where_no_other_is_between_them() {
    let threes = |charts: &[&str]| Arrangement::of(charts).in_threes;
    assert!(threes(&["variance", "gradient", "loss", "weights"]));
    assert!(threes(&["variance", "gradient", "signal-share", "loss"]));
    assert!(!threes(&["variance", "gradient", "signal-share", "loss", "weights"]));
    assert!(!threes(&["variance", "gradient", "loss"]));
    assert!(!threes(&["variance", "gradient", "loss", "weights", "boundary"]));
}

#[test]
fn the_others_are_lower_where_the_variance_is() {
    assert!(Arrangement::of(&["variance", "loss"]).has_variance);
    assert!(!Arrangement::of(&["loss"]).has_variance);
}
