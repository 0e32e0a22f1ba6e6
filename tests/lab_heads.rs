//! The chart of attention by head: what is asked of the worker, theory beside it, and what is said.

use init_lab::lab::heads::{HeadCurve, HeadQuantity, expected};
use init_lab::lab::lang::Lang;
use init_lab::lab::metric::{Frame, HeadMetric, Measures};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::view::Chart;
use init_lab::science::entropy::{entropy, mean_evenness};
use init_lab::science::layer::LayerId;
use init_lab::science::seed::Stream;

use crate::languages;

const LINK: &str = "model=gpt&depth=2&heads=4&context=16&charts=attention-heads";

/// A lab whose heads were measured, by their number from 0.
fn measured(link: &str, step: u64, numbers: impl Fn(usize) -> [f64; 2]) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state.apply(Event::Ready);
    take(&mut state, step, numbers);
    state
}

fn take(state: &mut State, step: u64, numbers: impl Fn(usize) -> [f64; 2]) {
    let heads = (0..8).map(|index| {
        let [entropy, peak] = numbers(index).map(Number);
        HeadMetric { layer: LayerId::Block(index / 4 + 1), head: index % 4 + 1, entropy, peak }
    });
    take_heads(state, step, heads.collect());
}

fn take_heads(state: &mut State, step: u64, heads: Vec<HeadMetric>) {
    state.apply(Event::Frame(Frame {
        run: state.run,
        step,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: Vec::new(),
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads,
        step_ms: 1.0,
    }));
}

fn curve(state: &State) -> HeadCurve {
    HeadCurve::new(state, expected(&predict(state.spec()), state.spec().network.context))
}

#[test]
fn heads_are_measured_only_while_their_chart_is_shown() {
    let asked = |commands: &[Command]| {
        commands
            .iter()
            .find_map(|command| if let Command::Measure(measures) = command { Some(*measures) } else { None })
    };
    let heads = Measures { heads: true, ..Measures::default() };
    assert_eq!(asked(&State::open("model=gpt").apply(Event::Ready)), None);
    let mut state = State::open(LINK);
    assert_eq!(asked(&state.apply(Event::Ready)), Some(heads));
    let gone = state.edit(Edit::Charts(vec![Chart::Variance]));
    assert_eq!(asked(&gone.commands), Some(Measures::default()));
    assert_eq!(asked(&state.edit(Edit::Charts(vec![Chart::Heads])).commands), Some(heads));
    // A perceptron has none.
    assert!(!State::open("charts=attention-heads").measures().heads);
}

#[test]
fn a_frame_without_heads_shows_those_of_a_moment_ago_while_their_chart_is_open() {
    let mut state = measured(LINK, 0, |_| [0.5, 0.1]);
    take_heads(&mut state, 10, Vec::new());
    let shown = |state: &State| curve(state).heads.iter().filter(|head| head.measured.is_some()).count();
    assert_eq!(shown(&state), 8);
    state.edit(Edit::Charts(vec![Chart::Variance]));
    state.edit(Edit::Charts(vec![Chart::Heads]));
    assert_eq!(shown(&state), 0, "meanwhile nobody measured them");
}

#[test]
fn each_head_has_a_place_and_a_row() {
    let mut state = measured(LINK, 0, |index| [0.5 + 0.05 * index as f64, 0.1]);
    assert!(curve(&state).heads.iter().all(|head| head.initial.is_none()), "step 0 is what is shown");
    take(&mut state, 10, |index| [0.9 - 0.1 * index as f64, 0.2]);
    let curve = curve(&state);
    assert_eq!(curve.heads.len(), 8);
    let head = &curve.heads[5];
    assert_eq!((head.block, head.head), (2, 2));
    assert!((head.measured.expect("numbers")[0] - 0.4).abs() < 1e-12, "{head:?}");
    assert!((head.initial.expect("numbers")[0] - 0.75).abs() < 1e-12, "{head:?}");
    let table = curve.table(HeadQuantity::Entropy);
    assert_eq!(table.columns, ["head", "evenness", "predicted-evenness", "peak", "predicted-peak"]);
    assert_eq!(table.rows[5].0.id(), "block.2.head.2");
    assert_eq!(table.rows[5].1[1], Some(curve.theory[1][0]));
}

#[test]
fn the_sentence_counts_even_and_sharp_heads() {
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
    }
    let said = |numbers: [[f64; 2]; 8]| {
        let curve = curve(&measured(LINK, 3, |index| numbers[index]));
        let vietnamese = curve.words(Lang::Vi);
        assert!(!vietnamese.contains(['{', '}']) && !vietnamese.contains("heads."), "{vietnamese}");
        curve.words(Lang::En)
    };
    let mut numbers = [[0.5, 0.5]; 8];
    (numbers[1], numbers[6], numbers[7]) = ([0.95, 0.1], [0.02, 0.99], [0.1, 0.9]);
    let text = said(numbers);
    assert!(
        text.starts_with(
            "The sharpest is block 2, head 3, with an entropy of 0.02 and a largest weight of 0.99; the most even is \
             block 1, head 2, with 0.95. 1 of 8 heads are nearly even (0.9 and more). 2 of 8 heads look at nearly one"
        ),
        "{text}"
    );
    assert!(text.ends_with("At the start, theory expects an entropy of 1."), "{text}");
    numbers[0] = [f64::NAN, f64::NAN];
    assert!(said(numbers).contains("In 1 of 8 heads"));
    let broken = said([[f64::NAN, f64::NAN]; 8]);
    assert!(broken.starts_with("In 8 of 8 heads"), "{broken}");
    let none = curve(&State::open(LINK)).words(Lang::En);
    assert!(none.starts_with("Nothing is measured yet."), "{none}");
}

/// Theory's averages are those of every position, and of softmaxes that are drawn.
#[test]
fn theory_averages_over_the_queries_that_have_a_choice() {
    for context in [2, 3, 7, 16, 64, 256] {
        for s in [0.01, 0.5, 1.0, 2.0, 5.0, 20.0] {
            let all: f64 = (2..=context).map(|t| entropy(t, s) / (t as f64).ln()).sum();
            let (found, wanted) = (mean_evenness(context, s), all / (context - 1) as f64);
            assert!((found - wanted).abs() < 2e-3, "T = {context}, s = {s}: {found}, not {wanted}");
        }
    }
    let (context, s) = (16, 2.0);
    let mut stream = Stream::new(3, "softmaxes");
    let (mut sums, rounds) = ([0.0; 2], 4000);
    for _ in 0..rounds {
        for t in 2..=context {
            let exponentials: Vec<f64> = (0..t).map(|_| (s * stream.normal()).exp()).collect();
            let sum: f64 = exponentials.iter().sum();
            let weights = exponentials.iter().map(|e| e / sum);
            sums[0] -= weights.clone().map(|a| a * a.ln()).sum::<f64>() / (t as f64).ln();
            sums[1] += weights.fold(0.0, f64::max);
        }
    }
    let drawn = sums.map(|sum| sum / f64::from(rounds) / (context - 1) as f64);
    let mut prediction = predict(State::open("model=gpt&depth=1").spec());
    let logits = prediction.logits.as_mut().expect("a transformer's");
    logits.attention = vec![s];
    let theory = expected(&prediction, context);
    assert_eq!(theory.len(), 1);
    for (drawn, theory) in drawn.into_iter().zip(theory[0]) {
        assert!((drawn - theory).abs() < 4e-3, "{drawn}, not {theory}");
    }
}

#[test]
fn where_theory_says_nothing_there_is_no_line() {
    let theory = |link: &str| {
        let spec = State::open(link).spec().clone();
        expected(&predict(&spec), spec.network.context)
    };
    assert_eq!(theory("model=gpt&init=constant"), [[0.0; 2]; 0]);
    assert_eq!(theory(""), [[0.0; 2]; 0]);
    let sharp = theory("model=gpt&depth=3&std=0.5");
    assert!(sharp.len() == 3 && sharp.iter().all(|[entropy, peak]| *entropy < 0.5 && *peak > 0.5), "{sharp:?}");
}
