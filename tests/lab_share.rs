//! The chart of what still tells inputs apart: measured beside predicted, and where it is shown.

use init_lab::lab::curve::{DepthCurve, Quantity, Table};
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::Event;
use init_lab::lab::state::State;
use init_lab::lab::view::Chart;

/// A lab whose layers were all measured to have these shares.
fn measured(link: &str, share: f64, position: Option<f64>) -> State {
    let mut state = State::open(link);
    state.apply(Event::Ready);
    let layer = |id| LayerMetric {
        signal_share: Some(Number(share)),
        position_share: position.map(Number),
        ..LayerMetric::unmeasured(id)
    };
    state.apply(Event::Frame(Frame {
        run: state.run,
        step: 0,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: state.spec().architecture().layers().into_iter().map(layer).collect(),
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }));
    state
}

#[test]
fn the_share_is_drawn_beside_its_prediction() {
    let state = measured("init=pytorch&depth=10", 0.25, None);
    let prediction = predict(state.spec());
    let curve = DepthCurve::new(&state, &prediction, Quantity::Share);
    assert_eq!(curve.points.len(), 11);
    assert!(curve.points.iter().all(|point| point.measured == Some(0.25) && point.band.is_none()));
    // PyTorch's default forgets: nothing but biases is left in the tenth layer.
    let [first, last] = [0, 9].map(|layer| curve.points[layer].predicted.expect("theory"));
    assert!(first > 0.3 && last < 1e-4, "{first} {last}");
    let table = Table::share(&state, &prediction);
    assert_eq!(table.columns, ["layer", "share", "predicted-share"]);
    assert!(table.rows.iter().all(|(_, values)| values.len() == 2 && values[0] == Some(0.25)));
}

#[test]
fn a_text_has_a_share_of_its_own() {
    let state = measured("model=gpt&depth=2", 0.5, Some(0.125));
    let table = Table::share(&state, &predict(state.spec()));
    assert_eq!(table.columns, ["layer", "share", "predicted-share", "position-share", "predicted-position-share"]);
    for (label, values) in table.rows.iter().filter(|(label, _)| label.id().starts_with("block")) {
        assert_eq!((values[0], values[2]), (Some(0.5), Some(0.125)), "{label:?}");
        assert!(values[1].is_some() && values[3].is_some(), "{label:?}: {values:?}");
    }
}

#[test]
fn pages_that_embed_a_lab_ask_for_it() {
    let shows = |link: &str| Lab::from_link(link).0.view.shows_chart(Chart::Share);
    assert!(shows("") && shows("show=signal-share") && shows("show=std"));
    assert!(!shows("show=variance") && !shows("hide=signal-share"));
    assert!(!shows("embed=1") && !shows("embed=1&show=std") && shows("embed=1&show=signal-share"));
    // `share` is the button, whatever charts there are.
    assert!(!Lab::from_link("hide=share").0.view.shows_part("share") && shows("hide=share"));
}
