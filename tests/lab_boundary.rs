//! The plane: when it is asked for, how its picture travels, what is kept of it, said of it and drawn.

use init_lab::lab::lang::Lang;
use init_lab::lab::metric::{ClassGuess, Frame, LayerMetric, Measures, PlanePicture};
use init_lab::lab::number::Number;
use init_lab::lab::plane::{Boundary, COLUMNS, PlaneColors, PlanePoints, REACH, SIDE, decode, encode, middle, points};
use init_lab::lab::protocol::Event;
use init_lab::lab::spec::{Dataset, DeviceChoice, RunSpec};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::view::Chart;

use crate::languages;

const CELLS: usize = SIDE * SIDE;

fn english() -> Lang {
    Lang::En.learn(languages::texts(Lang::En));
    Lang::En
}

fn guess(class: Option<usize>, probability: f64) -> ClassGuess {
    ClassGuess { class, probability: Number(probability) }
}

/// A frame with this picture, or none.
fn frame(state: &State, step: u64, cells: Option<Vec<ClassGuess>>) -> Frame {
    Frame {
        run: state.run,
        step,
        loss: Number(0.7),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(0.7)],
        layers: state.spec().architecture().layers().into_iter().map(LayerMetric::unmeasured).collect(),
        weights: Vec::new(),
        frozen_share: None,
        heads: Vec::new(),
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: cells.map(|cells| Box::new(PlanePicture { step, cells: encode(cells.into_iter()) })),
        step_ms: 1.0,
    }
}

/// The left half is of class 0, the right half of class 1.
fn halves(probability: f64) -> Vec<ClassGuess> {
    (0..CELLS).map(|cell| guess(Some(usize::from(cell % SIDE >= SIDE / 2)), probability)).collect()
}

#[test]
fn the_plane_is_asked_for_where_there_is_one_and_its_chart_stands() {
    let asked = |link: &str| State::open(link).measures();
    let nothing = Measures::default();
    for data in ["spirals", "circles", "xor"] {
        assert_eq!(asked(&format!("data={data}")), Measures { plane: true, ..nothing }, "{data}");
    }
    for link in ["", "data=xor&charts=variance", "model=gpt", "data=xor&embed=1", "data=xor&hide=boundary"] {
        assert!(!asked(link).plane, "{link}");
    }
    assert!(asked("data=xor&embed=1&show=boundary").plane && asked("data=circles&charts=boundary").plane);
}

/// A picture stays until the next one, goes back with the playhead, and is gone with its chart and its run.
#[test]
fn a_picture_knows_its_step() {
    let lang = english();
    let mut state = State::open("data=circles&depth=2");
    state.apply(Event::Ready);
    assert_eq!(Boundary::new(&state).words(lang), "Not measured yet.");
    for (step, cells) in [(0, Some(halves(0.5))), (10, None), (20, Some(halves(0.95))), (30, None)] {
        let next = frame(&state, step, cells);
        state.apply(Event::Frame(next));
    }
    assert_eq!(Boundary::new(&state).step, 20);
    state.edit(Edit::Look(Some(10)));
    assert_eq!(Boundary::new(&state).step, 0);
    assert!(Boundary::new(&state).words(lang).starts_with("At step 0 "), "{}", Boundary::new(&state).words(lang));
    state.edit(Edit::Look(None));
    let charts = state.lab.view.charts_with(state.spec(), Chart::Boundary, false);
    state.edit(Edit::Charts(charts));
    assert_eq!(state.frame.as_ref().expect("a frame").plane, None);
    for step in [40, 50] {
        let next = frame(&state, step, None);
        state.apply(Event::Frame(next));
    }
    state.edit(Edit::Look(Some(40)));
    assert!(Boundary::new(&state).words(lang).starts_with("No picture was kept of this step"));
    state.edit(Edit::Reset);
    assert!(state.frame.is_none());
}

#[test]
fn a_message_has_three_signs_a_cell() {
    let all = [guess(Some(0), 1.0), guess(Some(2), 0.4), guess(None, 0.5), guess(None, f64::NAN)];
    let text = encode(all.into_iter());
    assert_eq!(text, "0ff266?80!00");
    let read = decode(&text);
    for (read, all) in read.iter().zip(&all[..3]) {
        assert_eq!(read.class, all.class);
        assert!((read.probability.0 - all.probability.0).abs() <= 0.5 / 255.0);
    }
    assert!(read.len() == 4 && read[3].class.is_none() && read[3].probability.0.is_nan());
    assert_eq!(decode("0f").len(), 0);
    assert_eq!(decode("xyz")[0].class, None);
}

#[test]
fn cells_stand_row_by_row_from_the_top_left() {
    let edge = REACH * (1.0 - 1.0 / SIDE as f64);
    assert_eq!(middle(0), [-edge, edge]);
    assert_eq!(middle(SIDE - 1), [edge, edge]);
    assert_eq!(middle(CELLS - 1), [edge, -edge]);
}

/// All points of any seed lie in the picture, those that are held out apart from the others.
#[test]
fn points_lie_in_the_picture() {
    let run = |data, seed| RunSpec { data, examples: 0, seed, device: DeviceChoice::Cpu };
    for data in [Dataset::Spirals, Dataset::Circles, Dataset::Xor] {
        for seed in 0..20 {
            let [held_out, training] =
                [PlanePoints::HeldOut, PlanePoints::Training].map(|which| points(run(data, seed), which));
            assert_eq!((held_out.len(), training.len()), (150, 600));
            let inside = |(point, _): &([f64; 2], usize)| point.iter().all(|x| x.abs() < REACH);
            assert!(held_out.iter().chain(&training).all(inside), "{data:?} {seed}");
        }
    }
    assert_eq!(points(run(Dataset::Digits, 0), PlanePoints::Training), []);
}

#[test]
fn the_picture_is_told_in_words() {
    let lang = english();
    let mut state = State::open("data=circles&depth=2");
    state.apply(Event::Ready);
    let mut said = |cells: Vec<ClassGuess>| {
        let next = frame(&state, 0, Some(cells));
        state.apply(Event::Frame(next));
        Boundary::new(&state).words(lang)
    };
    assert_eq!(
        said(halves(0.95)),
        "At step 0 the network says class 0 in 50 %, class 1 in 50 % of the picture. It is at least 90 % sure in 100 % of it."
    );
    let one = said(vec![guess(Some(1), 0.6); CELLS]);
    assert_eq!(one, "At step 0 the network says class 1 everywhere. It is at least 90 % sure in 0 % of it.");
    assert_eq!(said(vec![guess(None, 0.5); CELLS]), "In 100 % of the picture several classes are exactly as likely.");
    assert_eq!(said(vec![guess(None, f64::NAN); CELLS]), "In 100 % of the picture the numbers are not finite.");
}

#[test]
fn the_table_has_some_of_the_cells() {
    let mut state = State::open("data=circles&depth=2");
    state.apply(Event::Ready);
    let next = frame(&state, 0, Some(halves(0.8)));
    state.apply(Event::Frame(next));
    let table = Boundary::new(&state).table();
    assert_eq!((table.columns, table.rows.len()), (&["plane-x", "plane-y", "guess", "guess-probability"][..], 64));
    for (x, values) in &table.rows {
        let x: f64 = x.id().parse().expect("a number");
        assert_eq!(values[1], Some(f64::from(u8::from(x > 0.0))));
        assert!((values[2].expect("a probability") - 0.8).abs() < 0.5 / 255.0);
    }
}

/// Classes have colours of their strength, patterns that need no colour, and ink between them.
#[test]
fn pixels_show_class_strength_and_border() {
    let colors = PlaneColors { paper: [255; 3], ink: [0; 3], classes: [[0, 0, 255], [255, 0, 0], [0, 255, 0]] };
    let mut state = State::open("data=circles&depth=2");
    state.apply(Event::Ready);
    let mut drawn = |cells: Vec<ClassGuess>| {
        let next = frame(&state, 0, Some(cells));
        state.apply(Event::Frame(next));
        let bytes = Boundary::new(&state).pixels(&colors);
        assert_eq!(bytes.len(), 4 * COLUMNS * COLUMNS);
        move |x: usize, y: usize| {
            let at = 4 * (y * COLUMNS + x);
            [bytes[at], bytes[at + 1], bytes[at + 2]]
        }
    };
    let [weak, strong] = [0.55, 1.0].map(|probability| drawn(halves(probability)));
    // Of a blue area what is not blue is the paper that shines through.
    assert!(weak(3, 3)[0] > strong(3, 3)[0] + 100 && strong(3, 3)[2] == 255, "{:?} {:?}", weak(3, 3), strong(3, 3));
    assert!(strong(COLUMNS - 4, 3)[0] == 255 && strong(COLUMNS - 4, 3)[2] < 100);
    assert_eq!(strong(COLUMNS / 2 - 1, 40), [0; 3], "ink between the halves");
    // The pattern of a class is what differs within a cell.
    let shades = |of: &dyn Fn(usize, usize) -> [u8; 3], left: usize| {
        let all = (0..8).flat_map(|y| (0..7).map(move |x| (x, y))).map(|(x, y)| of(left + x, y));
        all.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!([shades(&strong, 0), shades(&strong, COLUMNS - 8)], [1, 2]);
    let dots = drawn(vec![guess(Some(2), 1.0); CELLS]);
    assert_eq!(shades(&dots, 0), 2);
    let marks = |of: &dyn Fn(usize, usize) -> [u8; 3], left: usize| {
        (0..64).filter(|at| of(left + at % 8, at / 8) != of(left + 1, 1)).count()
    };
    assert_ne!(marks(&dots, 0), marks(&strong, COLUMNS - 8));
    assert_eq!(drawn(vec![guess(None, 0.5); CELLS])(5, 5), [255; 3], "paper where nothing is decided");
    assert_eq!(shades(&drawn(vec![guess(None, f64::NAN); CELLS]), 0), 2);
}
