//! "Predict, then see": what is asked when, and how far a guess is off, in numbers and in words.

use init_lab::lab::guess::{CurveShape, Guess, GuessChoice, GuessGap, reach};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::lab::spec::Spec;
use init_lab::lab::state::{Edit, State};
use init_lab::science::layer::LayerId;

use crate::languages;

/// A curve of 21 layers by its log₁₀, and the output, which a guess is not about.
fn measured(log: impl Fn(f64) -> f64) -> Vec<(LayerId, Option<f64>)> {
    let hidden = (1..=21).map(|layer| (LayerId::Hidden(layer), Some(10f64.powf(log((layer - 1) as f64 / 20.0)))));
    hidden.chain([(LayerId::Output, Some(1e9))]).collect()
}

/// A guess of five points, moved as a finger would.
fn drawn(logs: [f64; 5]) -> Guess {
    let mut guess = Guess::level(21);
    logs.into_iter().enumerate().for_each(|(index, log)| guess.set(index, log, 40.0));
    guess
}

fn gap(logs: [f64; 5], truth: impl Fn(f64) -> f64) -> GuessGap {
    GuessGap::new(&drawn(logs), &measured(truth), 8.0).expect("a measurement")
}

#[test]
fn points_are_spread_over_the_layers_and_joined_by_lines() {
    let places = |depth| Guess::level(depth).points().iter().map(|(layer, _)| *layer).collect::<Vec<_>>();
    assert_eq!(places(21), [1, 6, 11, 16, 21]);
    assert_eq!(places(5), [1, 2, 3, 4, 5]);
    assert_eq!((places(2), places(1)), (vec![1, 2], vec![1]));
    for depth in 1..=100 {
        let places = places(depth);
        assert!(places[0] == 1 && places[places.len() - 1] == depth && places.is_sorted_by(|a, b| a < b), "{places:?}");
    }
    let mut guess = drawn([0.0, -5.0, -10.0, -10.0, 10.0]);
    assert_eq!([1, 6, 8, 11, 13, 21].map(|layer| guess.at(layer)), [0.0, -5.0, -7.0, -10.0, -10.0, 10.0]);
    // What is beyond the axis stands at its end, and what is no number or no point changes nothing.
    guess.set(4, 1e9, 8.0);
    guess.set(0, f64::NAN, 8.0);
    guess.set(9, 1.0, 8.0);
    assert_eq!((guess.at(21), guess.at(1)), (8.0, 0.0));
}

#[test]
fn slope_and_level_are_those_of_the_lines() {
    let right = gap([0.0, -1.5, -3.0, -4.5, -6.0], |x| -6.0 * x);
    let [guessed, truth] = right.slopes.expect("a slope");
    assert!((guessed + 6.0).abs() < 1e-9 && (truth + 6.0).abs() < 1e-9 && right.level.abs() < 1e-9, "{right:?}");
    let above = gap([1.0, -0.5, -2.0, -3.5, -5.0], |x| -6.0 * x);
    assert!((above.level - 1.0).abs() < 1e-9 && (above.first.1 - 1.0).abs() < 1e-9, "{above:?}");
    let bent = gap([0.0, -2.0, -4.0, -4.0, -4.0], |x| -(8.0 * x).min(4.0) + if x == 0.25 { 3.0 } else { 0.0 });
    assert_eq!((bent.worst.0, bent.worst.1.round()), (LayerId::Hidden(6), -3.0));
}

#[test]
fn the_gap_is_put_into_words() {
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
    }
    let said = |logs, truth: fn(f64) -> f64| {
        let gap = gap(logs, truth);
        let vietnamese = gap.words(Lang::Vi);
        assert!(!vietnamese.contains(['{', '}']) && !vietnamese.contains("guess."), "{vietnamese}");
        gap.words(Lang::En)
    };
    let dies = |x: f64| -6.0 * x;
    let holds = |_: f64| 0.1;
    let check = |text: String, wanted: &str| assert_eq!(text, wanted);
    check(
        said([1.0, -0.5, -2.0, -3.5, -5.0], dies),
        "The slope is right. Over all layers, your curve is about 10 times too high.",
    );
    check(said([0.0; 5], holds), "The slope is right. Over all layers, your curve has the right height.");
    check(
        said([0.0; 5], dies),
        "You expected it to hold its size, but it changes by a factor of 1·10⁻⁶ from the first layer to the last. In \
         layer 1 you are right.",
    );
    check(
        said([-1.0, -1.5, -2.0, -2.5, -3.0], dies),
        "The direction is right, but your curve is too flat: by a factor of 0.01 from the first layer to the last \
         instead of 1·10⁻⁶. In layer 1 you are about 10 times too low already.",
    );
    check(
        said([0.0, 0.5, 1.0, 1.5, 2.0], dies),
        "It goes the other way: by a factor of 1·10⁻⁶ from the first layer to the last, where you expected 100. In \
         layer 1 you are right.",
    );
    check(
        said([1.0, 0.5, 0.0, -0.5, -1.0], holds),
        "It holds its size, but you expected a change by a factor of 0.01 from the first layer to the last. In layer 1 \
         you are about 8 times too high already.",
    );
    // A line through a curve with a dent is the right one, but the curve is not.
    let bent = said([0.0, -1.5, -5.5, -4.5, -6.0], dies);
    assert!(bent.starts_with("The slope is right."), "{bent}");
    assert!(bent.ends_with("You are farthest off in layer 11, about 300 times too low."), "{bent}");
}

#[test]
fn what_is_not_a_number_is_left_out_and_what_is_off_the_axis_stands_at_its_end() {
    let guess = drawn([0.0, -4.0, -8.0, -8.0, -8.0]);
    let nothing: Vec<_> = measured(|_| 0.0).into_iter().map(|(layer, _)| (layer, None)).collect();
    assert_eq!(GuessGap::new(&guess, &nothing, 8.0), None);
    let broken = vec![(LayerId::Hidden(1), Some(1.0)), (LayerId::Hidden(2), Some(f64::NAN))];
    let one = GuessGap::new(&guess, &broken, 8.0).expect("a layer");
    assert_eq!((one.slopes, one.level), (None, 0.0));
    let dead =
        vec![(LayerId::Hidden(1), Some(1.0)), (LayerId::Hidden(11), Some(0.0)), (LayerId::Hidden(21), Some(0.0))];
    let gap = GuessGap::new(&guess, &dead, 8.0).expect("layers");
    assert!(gap.level.abs() < 1e-12 && gap.worst.1.abs() < 1e-12, "{gap:?}");
    let blown = vec![(LayerId::Hidden(1), Some(1.0)), (LayerId::Hidden(21), Some(f64::INFINITY))];
    let gap = GuessGap::new(&guess, &blown, 8.0).expect("layers");
    assert_eq!(gap.slopes, Some([-8.0, 8.0]));
    assert!(!gap.words(Lang::En).contains("NaN"), "{}", gap.words(Lang::En));
}

#[test]
fn the_axis_gives_nothing_away() {
    let of = |link: &str| reach(&Lab::from_link(link).0.spec);
    for std in ["0.001", "0.02", "0.125", "2"] {
        assert_eq!(of(&format!("std={std}")), 35.0);
        assert_eq!(of(&format!("std={std}&act=tanh&depth=1")), 3.0);
    }
    assert_eq!((of("norm=layer"), of("residual=on"), of("model=gpt")), (8.0, 8.0, 3.0));
    assert_eq!(of("depth=100"), 36.0);
}

/// A state whose link asks.
fn asked(link: &str) -> State {
    let state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state
}

#[test]
fn a_new_start_asks_anew_and_training_does_not() {
    assert!(!asked("").asks() && !asked("predict=0").asks());
    assert!(asked("predict=1").asks() && asked("predict=choice").asks());
    // Where the chart is not shown nobody could answer.
    assert!(!asked("predict=1&hide=variance").asks() && !asked("predict=1&show=loss").asks());
    let mut state = asked("predict=1");
    let edit = |state: &mut State, id: &str, value: &str| {
        let knob = init_lab::lab::knob::Knob::find(id).expect("a knob");
        state.edit(Edit::Typed(knob, value.into()));
    };
    let first = Guess::level(20);
    state.edit(Edit::Guess(Some(first.clone())));
    assert!(!state.asks() && state.guesses.before(state.spec()).is_none());
    state.edit(Edit::Reset);
    state.edit(Edit::Reseed);
    edit(&mut state, "lr", "0.1");
    edit(&mut state, "opt", "adam");
    assert!(!state.asks() && state.guesses.current(state.spec()) == Some(&first));
    // The guess of before stays, until there is a new one; where the depth is another it has no place.
    edit(&mut state, "std", "0.1");
    assert!(state.asks() && state.guesses.before(state.spec()) == Some(&first));
    edit(&mut state, "depth", "10");
    assert!(state.asks() && state.guesses.before(state.spec()).is_none());
    edit(&mut state, "depth", "20");
    let mut second = first.clone();
    second.set(0, -1.0, 35.0);
    state.edit(Edit::Guess(Some(second.clone())));
    let (spec, guesses) = (state.spec().clone(), &state.guesses);
    assert_eq!((guesses.current(&spec), guesses.before(&spec)), (Some(&second), Some(&first)));
    state.edit(Edit::Guess(None));
    assert!(state.asks() && state.guesses.before(&spec) == Some(&second));
    // Guessing again without a guess keeps the earlier one.
    state.edit(Edit::Guess(None));
    assert_eq!(state.guesses.before(&spec), Some(&second));
}

#[test]
fn a_link_says_how_the_student_is_asked() {
    for (link, back) in [
        ("predict=1", "#v=1&predict=1"),
        ("predict=choice", "#v=1&predict=choice"),
        ("predict=0", "#v=1"),
        ("predict=1&embed=1", "#v=1&embed=1&predict=1"),
    ] {
        assert_eq!(Lab::from_link(link).0.link(), back);
    }
    let (lab, notices) = Lab::from_link("predict=yes");
    assert!(lab.view.predict.is_none() && notices.len() == 1, "{notices:?}");
}

fn choice(spec: &Spec) -> Option<GuessChoice> {
    let theory = predict(spec);
    let layers = theory.ids.iter().zip(&theory.layers).filter(|(id, _)| id.number().is_some());
    let variances: Vec<Option<f64>> = layers.map(|(_, layer)| layer.activation_var).collect();
    GuessChoice::new(&variances, reach(spec), spec.run.seed)
}

#[test]
fn one_of_four_curves_is_theory_s_and_the_others_are_not() {
    let spec = |link: &str| Lab::from_link(link).0.spec;
    let mut places = [0; 4];
    for link in ["", "std=0.125", "std=0.5", "init=kaiming-normal", "init=pytorch", "act=tanh&std=0.3", "model=gpt"] {
        for seed in 1..=20 {
            let spec = spec(&format!("{link}&seed={seed}"));
            let choice = choice(&spec).expect(link);
            assert_eq!(Some(&choice), self::choice(&spec).as_ref(), "the same question has the same order");
            places[choice.right] += 1;
            assert_eq!(choice.curves.len(), 4);
            let truth = &choice.curves[choice.right].1;
            let depth = spec.network.depth;
            for (index, (shape, curve)) in choice.curves.iter().enumerate() {
                assert_eq!(choice.curves.iter().filter(|(other, _)| other == shape).count(), 1, "{link}: {shape:?}");
                let apart = (1..=depth).map(|layer| (curve.at(layer) - truth.at(layer)).abs()).fold(0.0, f64::max);
                assert!(index == choice.right || apart > 0.6, "{link}: {shape:?} is {apart} from the truth");
            }
        }
    }
    assert!(places.iter().all(|count| *count > 10), "the right one is anywhere: {places:?}");
    let right = |link: &str| {
        let choice = choice(&spec(link)).expect(link);
        choice.curves[choice.right].0
    };
    assert_eq!(right(""), CurveShape::Dies);
    assert_eq!(right("init=kaiming-normal"), CurveShape::Holds);
    assert_eq!(right("std=0.5"), CurveShape::Grows);
    assert_eq!(right("act=tanh&std=0.5"), CurveShape::Holds);
    // Where theory has no curve, or a curve no shape, there is nothing to choose from.
    assert_eq!((choice(&spec("init=constant")), choice(&spec("depth=1"))), (None, None));
}
