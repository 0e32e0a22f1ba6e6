//! The parts of the page that nobody sees at first. Their code is a file of its own, which is fetched once the page
//! stands, so that the first view does not wait for it; `scripts/split.sh` cuts it off.
#![allow(unsafe_code, reason = "the macro that marks where the program is cut declares the function on both sides")]

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen_futures::spawn_local;

use super::Lens;
use super::assumptions::reservations;
use super::boundary::boundary;
use super::card::card;
use super::chart_list::chart_list;
use super::chips::chips;
use super::code::code;
use super::dead::Dead;
use super::derivation::derivation;
use super::digit_path::digit_path;
use super::digits::digits;
use super::foot::foot;
use super::frame::Easel;
use super::gallery::gallery;
use super::goal::goal;
use super::guess::GuessBoard;
use super::guess_area::GuessArea;
use super::heads::heads;
use super::hints::hints;
use super::histograms::Histograms;
use super::lines::lines;
use super::loss::Loss;
use super::own::own_data;
use super::runs::run_list;
use super::sharpness::sharpness;
use super::slow::slow_motion;
use super::spectrum::spectrum;
use super::sweep::sweep;
use super::theory::theory;
use super::tile::tile;
use super::tools::TOOLS;
use super::toys::{of_networks, one_weight, product, run_toys, scores, tabs_or_controls, verdict_or_remark};
use super::updates::updates;
use super::weights::Weights;
use crate::lab::gallery::GalleryKind;
use crate::lab::gap::gap;
use crate::lab::state::State;
use crate::lab::typed::read_typed;
use crate::lab::view::Chart;
use crate::shell::embed::tell_of_goal;
use crate::shell::kept::keep_runs;
use crate::shell::loaded::at_once;
use crate::shell::owned::keep_own;
use crate::shell::resting::keep_training;
use crate::shell::store::{LateCode, Store};

/// A part whose code comes later.
#[derive(Clone, Copy)]
pub enum LatePart {
    /// A chart that has little to show before something was trained, or that few open.
    Chart(Chart),
    /// The verdict, which there is nothing for before something was measured.
    Verdict,
    /// The challenge, where the link sets one.
    Goal,
    /// The row of pinned runs.
    Chips,
    /// The button for a step in slow motion.
    SlowMotion,
    /// What a student draws on, or chooses from, over the picture of the variance.
    GuessOver(GuessBoard),
    /// What is asked of the student, and what is said of the answer.
    GuessFoot(GuessBoard),
    /// What stands under σ: the zones of its track, and the derivation.
    Derivation,
    /// What a reader of the variance should know of theory.
    Assumptions,
    /// The line that unfolds to the card of the scheme.
    Card,
    /// The tabs of the knobs that are not always in sight.
    Tabs,
    /// What a reader is led to first.
    Hints,
    /// The list of the charts, of which these are shown.
    ChartList(Memo<Vec<Chart>>),
    /// The place for the reader's own data.
    OwnData,
    /// The list of runs.
    RunList,
    /// The dialog of prepared labs or schemes, of which this says whether it is open.
    Gallery(RwSignal<Option<GalleryKind>>),
    /// The section of the sweep.
    Sweep,
    /// The section of theory's own charts.
    Theory,
    /// The section with the code of the network.
    Code,
    /// The tile that leads to the map.
    Tile,
    /// The foot of the page, with the switch of whether keys do what buttons do.
    Foot(RwSignal<bool>),
}

/// Fetches the code of all late parts, and with it starts what nobody sees: the worker, the talk with a page around, and the
/// keeping of runs.
pub fn fetch_late_parts(store: Store, easel: Easel) {
    store.late.set(None);
    // What begins then belongs to the page, and not to what happens to be drawn when the code comes, with which it would
    // end.
    let fetched = store.page.get_value().with(|| {
        ScopedFuture::new_untracked(async move {
            // Each function knows for itself whether its code is there.
            let came = begin_late(store, easel).await.is_ok() && fetch_late_view().await.is_ok();
            store.late.set(Some(came));
        })
    });
    spawn_local(fetched);
}

/// Shows a part once its code is there. Without a network the reader can ask for it again.
pub fn later(part: LatePart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    let shown = move || match store.late.get() {
        None => coming(part, lens),
        Some(true) => at_once(late_view(part, store, easel, lens)).unwrap_or_else(|| ().into_any()),
        Some(false) => failed(part, store, easel, lens),
    };
    shown.into_any()
}

/// What stands in a part's place meanwhile, and is as high as it where others stand below.
fn coming(part: LatePart, lens: Lens) -> AnyView {
    match part {
        LatePart::Verdict if !lens.view.with(|view| view.shows_part("diagnosis")) => ().into_any(),
        LatePart::Verdict => view! { <div class="verdict waiting"></div> }.into_any(),
        LatePart::Hints => view! { <div class="hints"></div> }.into_any(),
        LatePart::Card => view! { <p class="card coming">{lens.text("later.coming")}</p> }.into_any(),
        LatePart::Chart(chart) => {
            let chart = chart.id();
            view! {
                <p class="chart late" data-chart=chart role="status">
                    {lens.text("later.coming")}
                </p>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// What stands there if the code did not come: once, in the place of the verdict, and in those of the charts that were
/// asked for.
fn failed(part: LatePart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    if !matches!(part, LatePart::Verdict | LatePart::Chart(_)) {
        return ().into_any();
    }
    view! {
        <p class="chart late" role="alert">
            {lens.text("later.failed")}
            " "
            <button
                type="button"
                class="plain"
                data-testid="later-again"
                on:click=move |_| fetch_late_parts(store, easel)
            >
                {lens.text("later.again")}
            </button>
        </p>
    }
    .into_any()
}

#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_late_view))]
fn late_view(part: LatePart, store: Store, easel: Easel, lens: Lens) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        LatePart::Chart(chart) => match chart {
            Chart::Loss => view! { <Loss store=store easel=easel lens=lens /> }.into_any(),
            Chart::Weights => view! { <Weights store=store easel=easel lens=lens /> }.into_any(),
            Chart::Digits => digits(store, lens),
            Chart::Boundary => boundary(store, easel, lens),
            Chart::Path => digit_path(store, lens),
            Chart::Lines => lines(store, lens),
            Chart::Updates => updates(store, easel, lens),
            Chart::Heads => heads(store, easel, lens),
            Chart::Histograms => view! { <Histograms store=store easel=easel lens=lens /> }.into_any(),
            Chart::Dead => view! { <Dead store=store easel=easel lens=lens /> }.into_any(),
            Chart::Spectrum => spectrum(store, easel, lens),
            Chart::Sharpness => sharpness(store, easel, lens),
            Chart::Product => product(store, easel, lens),
            Chart::Course => one_weight(store, easel, lens),
            Chart::Scores | Chart::Softmax => scores(chart, store, easel, lens),
            // These are there from the beginning, or have sections of their own.
            Chart::Variance | Chart::Gradient | Chart::Share => ().into_any(),
            Chart::Sweep | Chart::Phase | Chart::Correlation | Chart::Attention => ().into_any(),
        },
        LatePart::Verdict => verdict_or_remark(store, lens),
        LatePart::Goal => goal(store, lens),
        LatePart::Chips => of_networks(lens, move || chips(store.state, lens)),
        LatePart::SlowMotion => of_networks(lens, move || slow_motion(store.state, lens)),
        LatePart::GuessOver(board) => GuessArea::new(board, store).over(),
        LatePart::GuessFoot(board) => GuessArea::new(board, store).foot(),
        LatePart::Derivation => derivation(store, lens),
        LatePart::Assumptions => reservations(store, lens),
        LatePart::Card => card(lens),
        LatePart::Tabs => tabs_or_controls(store.lab, lens),
        LatePart::Hints => hints(store, lens),
        LatePart::ChartList(charts) => of_networks(lens, move || chart_list(charts, lens)),
        LatePart::OwnData => own_data(store, lens),
        LatePart::RunList => of_networks(lens, move || run_list(store.state, lens)),
        LatePart::Gallery(open) => gallery(open, store.lab, lens),
        LatePart::Sweep => of_networks(lens, move || sweep(store, easel, lens)),
        LatePart::Theory => of_networks(lens, move || theory(store, easel, lens)),
        LatePart::Code => of_networks(lens, move || code(store, lens)),
        LatePart::Tile => tile(lens),
        LatePart::Foot(keys) => foot(store.lab, keys, lens),
    })
}

#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn begin_late(store: Store, easel: Easel) -> Result<(), SplitLoaderError> {
    store.take_in(LateCode { edits: State::carry_out_later, read: read_typed, gap });
    easel.equip(TOOLS);
    store.start_embed();
    run_toys(store);
    // The worker waits for a file that is kept here, so that the run begins with it.
    keep_own(store, move || store.start_engine());
    keep_training(store);
    tell_of_goal(store.state, store.lang, store.editor());
    // An embedded lab has no list of runs, and what it compares is in its link.
    if !store.view.with_untracked(|view| view.embed) {
        keep_runs(store.state, store.editor());
    }
    Ok(())
}
