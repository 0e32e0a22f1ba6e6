//! Ten digits and written lines: what is asked of the worker, what is kept, and what is said.

use init_lab::lab::digits::{DigitGuesses, DigitRoute, DigitScale, decode, encode, percent, shown_layers};
use init_lab::lab::examples::{DIGITS, DigitPath, MOST_LINES, WrittenLine};
use init_lab::lab::lang::Lang;
use init_lab::lab::metric::{ClassGuess, DigitLayer, Frame, LayerMetric, Measures};
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spreadsheet::DecimalMark;
use init_lab::lab::state::{Edit, State};
use init_lab::lab::view::Chart;
use init_lab::science::layer::LayerId;

use crate::languages;

fn frame(state: &State, step: u64) -> Frame {
    Frame {
        run: state.run,
        step,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: state.spec().architecture().layers().into_iter().map(LayerMetric::unmeasured).collect(),
        weights: Vec::new(),
        frozen_share: None,
        heads: Vec::new(),
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        step_ms: 1.0,
    }
}

fn guess(class: Option<usize>, probability: f64) -> ClassGuess {
    ClassGuess { class, probability: Number(probability) }
}

/// A layer in which digit b has the number b − 4.5 in its only unit.
fn layer(number: usize, size: f64, rms: f64) -> DigitLayer {
    let parts: Vec<f64> = (0..DIGITS).map(|digit| (digit as f64 - 4.5) / 4.5).collect();
    let difference = 4.5 * size * (parts.iter().map(|part| part * part).sum::<f64>() / DIGITS as f64).sqrt();
    DigitLayer {
        id: LayerId::Hidden(number),
        peak: Number(4.5 * size),
        difference: Number(difference),
        rms: Number(rms),
        cells: encode(parts.into_iter()),
    }
}

fn english() -> Lang {
    Lang::En.learn(languages::texts(Lang::En));
    Lang::En
}

#[test]
fn digits_and_lines_are_asked_for_while_their_charts_are_there() {
    let asked = |link: &str| State::open(link).measures();
    let nothing = Measures::default();
    assert_eq!(asked(""), Measures { guesses: true, ..nothing }, "the strip is one of the standard charts");
    for link in ["charts=variance", "model=gpt", "embed=1", "show=std,loss", "hide=digits"] {
        assert_eq!(asked(link), nothing, "{link}");
    }
    assert!(!asked("data=spirals").guesses);
    assert_eq!(asked("embed=1&show=digits"), Measures { guesses: true, ..nothing });
    assert_eq!(
        asked("charts=digit-path"),
        Measures { guesses: true, path: true, ..nothing },
        "the way ends in a guess"
    );
    assert_eq!(asked("model=gpt&charts=lines"), Measures { lines: true, ..nothing });
    let mut state = State::open("");
    state.apply(Event::Ready);
    let charts = state.lab.view.charts_with(state.spec(), Chart::Path, true);
    let commands = state.edit(Edit::Charts(charts)).commands;
    assert_eq!(commands, [Command::Measure(Measures { guesses: true, path: true, ..nothing })]);
    assert!(
        state.lab.link().ends_with("charts=variance,gradient,signal-share,loss,weights,digits,boundary,digit-path")
    );
    assert_eq!(Measures { units: true, ..asked("charts=digit-path") }.beside(), Measures { units: true, ..nothing });
}

#[test]
fn numbers_go_through_a_message_to_one_part_in_127() {
    let parts: Vec<f64> = (-127..=127).map(|part| f64::from(part) / 127.0).collect();
    assert_eq!(decode(&encode(parts.iter().copied())), parts);
    assert_eq!(encode([0.0, 1.0, -1.0, 7.0].into_iter()), "80ff01ff");
    assert_eq!(decode("zz80"), [0.0, 0.0], "what cannot be read is nothing");
}

#[test]
fn of_a_deep_network_the_first_and_the_last_layer_are_shown_and_some_between() {
    assert_eq!(shown_layers(5), [0, 1, 2, 3, 4]);
    assert_eq!(shown_layers(1), [0]);
    let deep = shown_layers(100);
    assert_eq!((deep.len(), deep.first(), deep.last()), (24, Some(&0), Some(&99)));
    assert!(deep.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn guesses_stay_with_their_step_and_pictures_are_the_newest() {
    let mut state = State::open("depth=2&charts=digits,digit-path");
    state.apply(Event::Ready);
    let all = |class: usize| vec![guess(Some(class), 0.5); DIGITS];
    state.apply(Event::Frame(Frame { guesses: all(3), path: vec![layer(1, 1.0, 3.0)], ..frame(&state, 0) }));
    state.apply(Event::Frame(Frame { guesses: all(7), ..frame(&state, 5) }));
    assert_eq!(state.examples.path.as_ref().map(|path| path.step), Some(0), "they come a few times a second");
    state.apply(Event::Frame(Frame { guesses: all(1), path: vec![layer(1, 2.0, 3.0)], ..frame(&state, 9) }));
    assert_eq!(state.examples.path.as_ref().map(|path| path.step), Some(9));
    assert!(state.record.history.frames().all(|frame| frame.path.is_empty() && frame.guesses.len() == DIGITS));
    state.edit(Edit::Look(Some(5)));
    assert_eq!(DigitGuesses::new(&state).guesses, all(7));
    state.edit(Edit::Look(None));
    assert_eq!(DigitGuesses::new(&state).guesses, all(1));
    state.edit(Edit::Digit(99));
    assert_eq!(state.examples.digit, 9);
    // A new run shows the old pictures until it has its own; without the chart there are none.
    state.edit(Edit::Reset);
    assert!(state.examples.path.is_some());
    state.edit(Edit::Charts(vec![Chart::Loss]));
    assert_eq!(state.examples.path, None);
}

#[test]
fn answers_are_counted_in_words() {
    let lang = english();
    let mut state = State::open("depth=2");
    assert_eq!(DigitGuesses::new(&state).words(lang), "Not measured yet.");
    let mut said = |guesses: Vec<ClassGuess>| {
        state.apply(Event::Frame(Frame { guesses, ..frame(&state, 0) }));
        DigitGuesses::new(&state).words(lang)
    };
    let half: Vec<ClassGuess> = (0..DIGITS).map(|digit| guess(Some(digit / 2 * 2), 0.9)).collect();
    assert_eq!(said(half), "At step 0, 5 of 10 are right.");
    let same = said(vec![guess(Some(4), 0.1); DIGITS]);
    assert_eq!(same, "At step 0, 1 of 10 are right. The network takes all ten for a 4.");
    assert!(said(vec![guess(None, 0.1); DIGITS]).contains("For 10 of them several classes are exactly as likely."));
    assert!(said(vec![guess(None, f64::NAN); DIGITS]).contains("For 10 of them the numbers are not finite."));
    state.past = state.frame.as_ref().map(|frame| Frame { guesses: Vec::new(), ..frame.clone() }.into());
    assert!(DigitGuesses::new(&state).words(lang).starts_with("Of this step no answers were kept"));
    assert_eq!([percent(0.1), percent(0.994), percent(1e-9), percent(f64::NAN)], ["10", "99", "1·10⁻⁷", "–"]);
}

/// A pixel is the difference over the scale, and white at one and a half.
#[test]
fn pictures_fade_on_the_scale_of_the_inputs_and_not_on_their_own() {
    let lang = english();
    let path = |layers: Vec<DigitLayer>| DigitPath { step: 4, layers };
    let route = |path: &DigitPath, scale| DigitRoute::new(9, path, scale);
    // rms 3·10⁻⁶ and differences of 10⁻⁶·(b − 4.5)
    let faded = path(vec![layer(1, 0.1, 1.0), layer(2, 1e-6, 3e-6)]);
    let [input, own] = [DigitScale::Input, DigitScale::Layer].map(|scale| route(&faded, scale));
    let pixel = |route: &DigitRoute, place: usize| route.pictures[place].pixels[0];
    let near = |one: f64, other: f64| assert!((one - other).abs() < 1e-12, "{one} {other}");
    near(pixel(&input, 0), 0.45 / 1.5);
    near(pixel(&input, 1), 4.5e-6 / 1.5);
    near(pixel(&own, 0), 0.45 / 1.5);
    near(pixel(&own, 1), 1.0);
    near(own.pictures[1].share.expect("a share"), 8.25 / 9.0);
    assert!(
        input.words(lang).starts_with("At step 4, what tells the ten digits apart has faded"),
        "{}",
        input.words(lang)
    );
    assert!(input.words(lang).contains("still shows a pattern"), "{}", input.words(lang));
    assert_eq!([input.caption(&input.pictures[1]), own.caption(&own.pictures[1])], ["3·10⁻⁶", "92 %"]);
    let told = |layers: Vec<DigitLayer>| route(&path(layers), DigitScale::Input).words(lang);
    assert!(told(vec![layer(1, 0.3, 1.0), layer(2, 0.3, 100.0)]).contains("kept its size"));
    assert!(told(vec![layer(1, 0.3, 1.0), layer(2, 0.3, 100.0)]).contains("that layer is grey too"));
    assert!(told(vec![layer(1, 0.3, 1.0), layer(2, 30.0, 100.0)]).contains("has grown"));
    let lost = DigitLayer { peak: Number(f64::NAN), cells: String::new(), ..layer(2, 1.0, f64::INFINITY) };
    assert_eq!(told(vec![layer(1, 0.3, 1.0), lost]), "In layer 2 numbers have left the range of f32.");
    assert_eq!(route(&faded, DigitScale::Input).table().for_programs().csv(DecimalMark::Point).lines().count(), 3);
}

#[test]
fn the_first_line_stays_with_the_newest() {
    let mut state = State::open("model=gpt&charts=lines");
    state.apply(Event::Ready);
    let write = |state: &mut State, run: u32, step: u64| {
        state.apply(Event::Written(run, WrittenLine { step, text: format!("line\n{step}") }));
    };
    let run = state.run;
    (0..9).for_each(|index| write(&mut state, run, 50 * index));
    write(&mut state, run, 400);
    write(&mut state, run + 1, 999);
    let steps: Vec<u64> = state.examples.lines.iter().map(|line| line.step).collect();
    assert_eq!(steps, [0, 200, 250, 300, 350, 400]);
    assert_eq!(steps.len(), MOST_LINES);
    assert_eq!(state.examples.lines[1].text, "line↵200");
    assert_eq!(state.examples.words(english()), "At step 400 it writes: line↵400");
    state.edit(Edit::Reset);
    assert_eq!(state.examples.lines, []);
}
