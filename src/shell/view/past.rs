//! Back in time: a strip of all layers over the steps, and below it the playhead that drags every chart to a step.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::HtmlCanvasElement;

use super::Lens;
use super::show::Show;
use crate::lab::breakdown::{Breakdown, breakdown};
use crate::lab::curve::Quantity;
use crate::lab::number::show;
use crate::lab::state::{Edit, Phase, State};
use crate::lab::strip::Strip;
use crate::shell::effect::effect;
use crate::shell::figure::step_range;
use crate::shell::palette::Palette;
use crate::shell::pixels::{channels, draw_pixels};

/// The columns of the strip.
const COLUMNS: usize = 240;
/// The powers of ten at which a pixel has its full colour.
const FULL: f64 = 8.0;
/// How often the strip is drawn at most, while the run trains.
const PAUSE: Duration = Duration::from_millis(250);

/// The playhead below the chart of the losses. It is there as soon as there is a past, unless the student is to predict
/// the variance first, which the strip shows.
pub fn past(state: RwSignal<State>, palette: RwSignal<Palette>, lens: Lens) -> AnyView {
    let trained = Memo::new(move |_| state.with(|state| state.record.is_trained() && !state.asks()));
    let quantity = RwSignal::new(Quantity::Activation);
    let broken = Memo::new(move |_| state.with(found).map(|found| (found.step, found)));
    let choice = move |of: Quantity, key: &'static str| {
        view! {
            <button
                type="button"
                data-testid=format!("strip-{}", of.id())
                aria-pressed=move || (quantity.get() == of).to_string()
                on:click=move |_| quantity.set(of)
            >
                {lens.text(key)}
            </button>
        }
    };
    let words = move || {
        let lang = lens.lang.get();
        let at = state.with(|state| {
            let frame = state.shown()?;
            let values = [("step", frame.step.to_string()), ("loss", show(frame.loss.0))];
            Some(lang.tell("past.at", &values))
        });
        let broke = broken.get().map(|(_, found)| found.sentences.iter().map(|each| lang.sentence(each)).collect());
        let broke: Vec<String> = broke.unwrap_or_default();
        at.into_iter().chain(broke).collect::<Vec<_>>().join(". ").replace(".. ", ". ")
    };
    let body = move || {
        view! {
            <div class="past">
                {strip(state, quantity, palette, lens)} {scrubber(state, lens)} <div class="past-tools">
                    <div class="segments" role="group">
                        {choice(Quantity::Activation, "past.strip-variance")}
                        {choice(Quantity::Gradient, "past.strip-gradient")}
                    </div>
                    <button
                        type="button"
                        data-testid="scrubber-now"
                        disabled=move || state.with(|state| state.past.is_none())
                        on:click=move |_| lens.edit.run(Edit::Look(None))
                    >
                        {lens.text("past.now")}
                    </button>
                    <button
                        type="button"
                        data-testid="scrubber-broke"
                        hidden=move || broken.with(Option::is_none)
                        on:click=move |_| {
                            if let Some((step, _)) = broken.get_untracked() {
                                lens.edit.run(Edit::Look(Some(step)));
                            }
                        }
                    >
                        {lens.text("past.broke")}
                    </button>
                </div> <p data-testid="scrubber-words">{words}</p>
            </div>
        }
    };
    view! { <Show when=move || trained.get()>{body()}</Show> }.into_any()
}

/// The ends of the axis of steps above.
fn axis(state: &State) -> [f64; 2] {
    let others = state.compared().into_iter().filter_map(|(_, record)| record.step());
    step_range(others.chain(state.record.step()).max().unwrap_or(0))
}

fn found(state: &State) -> Option<Breakdown> {
    let end = if let Phase::Finished(why) = &state.phase { Some(why) } else { None };
    breakdown(&state.record, end)
}

/// The playhead. Its arrow keys go from one measurement to the next.
fn scrubber(state: RwSignal<State>, lens: Lens) -> impl IntoView {
    let last = Memo::new(move |_| state.with(|state| state.record.step().unwrap_or(0)));
    let now = Memo::new(move |_| state.with(State::moment));
    // The playhead lies below the axis, as long as the run, so that it stands where the chart's line does.
    let place = move || {
        let ([low, high], last) = (state.with(axis), last.get() as f64);
        let [begin, length] = [-low, last].map(|steps| 100.0 * steps / (high - low));
        let at = 100.0 * now.get() as f64 / last.max(1.0);
        format!("--place: {at:.1}%; margin-left: calc({begin:.2}% - 8px); width: calc({length:.2}% + 16px)")
    };
    let go = move |event: KeyboardEvent| {
        let (by, end) = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => (-1, None),
            "ArrowRight" | "ArrowUp" => (1, None),
            "PageDown" => (-10, None),
            "PageUp" => (10, None),
            "Home" => (0, Some(0)),
            "End" => (0, Some(u64::MAX)),
            _ => return,
        };
        event.prevent_default();
        let step = end.or_else(|| state.with_untracked(|state| state.record.history.beside(state.moment(), by)));
        lens.edit.run(Edit::Look(step));
    };
    let spoken = move || {
        let (lang, step) = (lens.lang.get(), now.get());
        let loss = state.with_untracked(|state| state.shown().map(|frame| show(frame.loss.0))).unwrap_or_default();
        lang.tell("past.at", &[("step", step.to_string()), ("loss", loss)])
    };
    view! {
        <input
            type="range"
            min="0"
            data-testid="scrubber"
            max=move || last.get().to_string()
            prop:value=move || {
                last.track();
                now.get().to_string()
            }
            style=place
            aria-label=lens.text("past.scrub")
            aria-valuetext=spoken
            title=lens.text("past.scrub-hint")
            on:input=move |event| lens.edit.run(Edit::Look(event_target_value(&event).parse().ok()))
            on:keydown=go
        />
    }
}

/// The strip: what fades is in the colour of theory, what blows up in that of explosion.
fn strip(
    state: RwSignal<State>,
    quantity: RwSignal<Quantity>,
    palette: RwSignal<Palette>,
    lens: Lens,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let waiting = StoredValue::new(false);
    let draw = move || {
        waiting.try_set_value(false);
        let Some(Some(canvas)) = canvas.try_get_untracked() else { return };
        let strip =
            state.with_untracked(|state| Strip::new(&state.record, quantity.get_untracked(), axis(state), COLUMNS));
        if let Some(strip) = strip {
            palette.with_untracked(|palette| paint(&canvas, &strip, palette));
        }
    };
    effect(move || {
        state.with(|state| (state.run, state.record.step()));
        quantity.track();
        palette.track();
        // A run that trains has some new measurement in almost every frame.
        if canvas.get().is_some() && waiting.try_update_value(|waiting| !std::mem::replace(waiting, true)) == Some(true)
        {
            set_timeout(draw, PAUSE);
        }
    });
    let label = move || {
        let lang = lens.lang.get();
        state.with(|state| told(state, quantity.get())).map(|(layer, ends)| {
            let key = if quantity.get() == Quantity::Gradient { "past.strip-gradient" } else { "past.strip-variance" };
            let [from, first, to, last] = ends;
            let layer = lang.layer(layer);
            let values = [("quantity", lang.text(key).to_owned()), ("layer", layer), ("from", from), ("first", first)];
            lang.tell("past.strip", &values.into_iter().chain([("to", to), ("last", last)]).collect::<Vec<_>>())
        })
    };
    view! { <canvas class="strip" data-testid="strip" role="img" aria-label=label node_ref=canvas></canvas> }
}

/// The last hidden layer, and its value at the first and the last step.
fn told(state: &State, quantity: Quantity) -> Option<(crate::science::layer::LayerId, [String; 4])> {
    let (first, last) = (state.record.history.first()?, state.record.history.last()?);
    let layer = first.layers.iter().rev().find(|layer| layer.id.number().is_some())?.id;
    let value = |frame| crate::lab::curve::measured(frame, layer, quantity).map_or("–".to_owned(), show);
    Some((layer, [first.step.to_string(), value(first), last.step.to_string(), value(last)]))
}

fn paint(canvas: &HtmlCanvasElement, strip: &Strip, palette: &Palette) {
    let [small, large] = [&palette.accent, &palette.exploding].map(|color| channels(color));
    let pixel = |value: &Option<f64>| {
        let Some(value) = value else { return [0; 4] };
        let [red, green, blue] = if *value < 0.0 { small } else { large };
        [red, green, blue, (255.0 * (value.abs() / FULL).min(1.0).sqrt()) as u8]
    };
    let bytes: Vec<u8> = strip.pixels.iter().flat_map(pixel).collect();
    draw_pixels(canvas, &bytes, strip.columns, strip.layers.len());
}
