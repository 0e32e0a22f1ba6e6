//! The overlay on which a student draws the variance by depth, or chooses one of four curves, before it is shown, and what
//! is said of it afterwards.

use leptos::prelude::*;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::Lens;
use super::guess::GuessBoard;
use crate::lab::curve::{DepthCurve, Quantity};
use crate::lab::guess::{Guess, GuessChoice, GuessGap};
use crate::lab::number::show;
use crate::lab::state::Edit;
use crate::lab::view::PredictFirst;
use crate::science::layer::LayerId;
use crate::shell::figure::{MARGIN, share_of_width};
use crate::shell::store::Store;

/// What a student draws on or chooses from. Its code comes later than the board.
#[derive(Clone, Copy)]
pub struct GuessArea {
    asks: Memo<bool>,
    guesses: Memo<[Option<Guess>; 2]>,
    reach: Memo<f64>,
    draft: RwSignal<Guess>,
    touched: RwSignal<bool>,
    /// The curves to choose from, where the link asks for a choice and theory has a curve.
    choice: Memo<Option<GuessChoice>>,
    /// The curve of theory and measurement, of the layers' outputs.
    curve: Memo<DepthCurve>,
    lens: Lens,
}

impl GuessArea {
    /// What belongs to a board.
    pub fn new(board: GuessBoard, store: Store) -> Self {
        let GuessBoard { asks, guesses, reach, draft, touched, lens } = board;
        let choice = Memo::new(move |_| {
            if !asks.get() || lens.view.with(|view| view.predict) != Some(PredictFirst::Choose) {
                return None;
            }
            let theory = store.prediction.read();
            let layers = theory.ids.iter().zip(&theory.layers).filter(|(id, _)| id.number().is_some());
            let variances: Vec<Option<f64>> = layers.map(|(_, layer)| layer.activation_var).collect();
            GuessChoice::new(&variances, reach.get(), lens.spec.with(|spec| spec.run.seed))
        });
        let curve = move |_: Option<&DepthCurve>| {
            store.state.with(|state| store.prediction.with(|p| DepthCurve::new(state, p, Quantity::Activation)))
        };
        Self { asks, guesses, reach, draft, touched, choice, curve: Memo::new(curve), lens }
    }

    /// What lies over the picture while the variance is hidden.
    pub fn over(self) -> AnyView {
        let style = format!("inset: {}px {}px {}px {}px", MARGIN.t, MARGIN.r, MARGIN.b, MARGIN.l);
        // The points stay while they are moved, so that the one that is moved by keys keeps the focus.
        let count = Memo::new(move |_| self.draft.with(|guess| guess.points().len()));
        let shown = move || match (self.asks.get(), self.choice.get()) {
            (false, _) => ().into_any(),
            (true, Some(choice)) => self.curves(choice, style.clone()),
            (true, None) => self.points(count.get(), style.clone()),
        };
        shown.into_any()
    }

    /// What stands below the picture: the question with its button, or what is said of the guess.
    pub fn foot(self) -> AnyView {
        let lens = self.lens;
        let view = move || {
            if self.asks.get() {
                let draws = self.choice.with(Option::is_none);
                let ask = lens.text(if draws { "guess.draw" } else { "guess.choose" });
                let reveal = move |_| lens.edit.run(Edit::Guess(Some(self.draft.get_untracked())));
                let button = draws.then(|| {
                    view! {
                        <button
                            type="button"
                            class="plain"
                            data-testid="predict-show"
                            disabled=move || !self.touched.get()
                            on:click=reveal
                        >
                            {lens.text("guess.show")}
                        </button>
                    }
                });
                return view! {
                    <div class="ask">
                        <p>{ask}</p>
                        {button}
                    </div>
                }
                .into_any();
            }
            if self.guesses.with(|[current, _]| current.is_none()) {
                return ().into_any();
            }
            view! {
                <div class="ask">
                    <p role="status" data-testid="predict-words">
                        {move || self.words()}
                    </p>
                    <button
                        type="button"
                        class="plain"
                        data-testid="predict-again"
                        on:click=move |_| lens.edit.run(Edit::Guess(None))
                    >
                        {lens.text("guess.again")}
                    </button>
                </div>
            }
            .into_any()
        };
        view.into_any()
    }

    /// How the guess compares with what was measured at step 0.
    fn words(self) -> String {
        let lang = self.lens.lang.get();
        let starts = self.curve.with(DepthCurve::starts);
        let gap = self.guesses.with(|[guess, _]| GuessGap::new(guess.as_ref()?, &starts, self.reach.get()));
        gap.map_or_else(|| lang.text("guess.waiting").to_owned(), |gap| gap.words(lang))
    }

    /// The points to draw with, and the line through them.
    fn points(self, count: usize, style: String) -> AnyView {
        let board = NodeRef::<leptos::html::Div>::new();
        let place = move |layer: usize| self.curve.with(|curve| share_of_width(curve, layer));
        let height = move |value: f64| 0.5 - 0.5 * value / self.reach.get();
        let through = move |guess: &Guess| {
            let point =
                |(layer, value): &(usize, f64)| format!("{:.2},{:.2}", 100.0 * place(*layer), 100.0 * height(*value));
            guess.points().iter().map(point).collect::<Vec<_>>().join(" ")
        };
        let line = move || self.draft.with(through);
        let before = move || self.guesses.with(|[_, before]| before.as_ref().map(through).unwrap_or_default());
        // The point that is nearest along the depth follows the pointer, so that a curve can be drawn at one go.
        let follow = move |event: &PointerEvent| {
            let Some(board) = board.get_untracked() else { return };
            let area = board.get_bounding_client_rect();
            let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            let y = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
            let points = self.draft.with_untracked(|guess| guess.points().to_vec());
            let far = |layer: usize| (place(layer) - x).abs();
            let nearest = points.iter().enumerate().min_by(|(_, one), (_, other)| far(one.0).total_cmp(&far(other.0)));
            if let Some((index, _)) = nearest {
                self.set(index, (1.0 - 2.0 * y) * self.reach.get_untracked());
            }
        };
        let begin = move |event: PointerEvent| {
            // A finger that does not begin on a point scrolls the page.
            let role = event_target::<Element>(&event).get_attribute("role");
            let is_on_point = role.is_some_and(|role| role == "slider");
            if event.button() != 0 || event.pointer_type() == "touch" && !is_on_point {
                return;
            }
            if let Some(board) = board.get_untracked() {
                board.set_pointer_capture(event.pointer_id()).ok();
            }
            follow(&event);
        };
        let go_on = move |event: PointerEvent| {
            let holds = board.get_untracked().is_some_and(|board| board.has_pointer_capture(event.pointer_id()));
            if holds {
                follow(&event);
            }
        };
        let handles = (0..count).map(|index| self.handle(index, place, height)).collect_view();
        view! {
            <div
                class="guess"
                style=style
                role="group"
                aria-label=self.lens.text("guess.draw")
                data-testid="predict"
                node_ref=board
                on:pointerdown=begin
                on:pointermove=go_on
            >
                <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                    <polyline class="before" points=before />
                    <polyline points=line />
                </svg>
                {handles}
            </div>
        }
        .into_any()
    }

    /// A point, which is a slider for keys and screen readers.
    fn handle(
        self,
        index: usize,
        place: impl Fn(usize) -> f64 + Copy + Send + Sync + 'static,
        height: impl Fn(f64) -> f64 + Copy + Send + Sync + 'static,
    ) -> AnyView {
        let lens = self.lens;
        let point = move || self.draft.with(|guess| guess.points().get(index).copied().unwrap_or((1, 0.0)));
        let name = move || {
            let (number, _) = point();
            let layer = self.curve.with(|curve| {
                curve.points.iter().map(|point| point.layer).find(|layer| layer.number() == Some(number))
            });
            lens.lang.get().fill("guess.point", &[("layer", &lens.lang.get().layer(layer.unwrap_or(LayerId::Output)))])
        };
        let key = move |event: KeyboardEvent| {
            let reach = self.reach.get_untracked();
            let step = if reach > 10.0 { 1.0 } else { 0.25 };
            let (_, value) = untrack(point);
            let value = match event.key().as_str() {
                "ArrowUp" | "ArrowRight" => value + step,
                "ArrowDown" | "ArrowLeft" => value - step,
                "PageUp" => value + 4.0 * step,
                "PageDown" => value - 4.0 * step,
                "Home" => -reach,
                "End" => reach,
                _ => return,
            };
            event.prevent_default();
            self.set(index, value);
        };
        view! {
            <div
                role="slider"
                tabindex="0"
                data-testid=format!("predict-{}", index + 1)
                aria-label=name
                aria-orientation="vertical"
                aria-valuemin=move || -self.reach.get()
                aria-valuemax=move || self.reach.get()
                aria-valuenow=move || format!("{:.2}", point().1)
                aria-valuetext=move || show(libm::pow(10.0, point().1))
                style=move || {
                    let (layer, value) = point();
                    format!("left: {:.2}%; top: {:.2}%", 100.0 * place(layer), 100.0 * height(value))
                }
                on:keydown=key
            ></div>
        }
        .into_any()
    }

    fn set(self, index: usize, value: f64) {
        let reach = self.reach.get_untracked();
        self.draft.update(|guess| guess.set(index, value, reach));
        self.touched.set(true);
    }

    /// Four curves as small pictures, all on one scale.
    fn curves(self, choice: GuessChoice, style: String) -> AnyView {
        let lens = self.lens;
        let values = choice.curves.iter().flat_map(|(_, curve)| curve.points().iter().map(|(_, value)| *value));
        let (low, high) = values.fold((0.0f64, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        let buttons = choice.curves.into_iter().enumerate().map(|(index, (shape, curve))| {
            let last = curve.points().len().saturating_sub(1).max(1) as f64;
            let point = |(place, (_, value)): (usize, &(usize, f64))| {
                format!("{:.1},{:.1}", 100.0 * place as f64 / last, 100.0 * (high - value) / (high - low))
            };
            let points = curve.points().iter().enumerate().map(point).collect::<Vec<_>>().join(" ");
            view! {
                <button
                    type="button"
                    data-testid=format!("predict-{}", index + 1)
                    on:click=move |_| lens.edit.run(Edit::Guess(Some(curve.clone())))
                >
                    <svg viewBox="-4 -8 108 116" preserveAspectRatio="none" aria-hidden="true">
                        <polyline points=points />
                    </svg>
                    {lens.words(format!("guess.{}", shape.id()))}
                </button>
            }
        });
        view! {
            <div
                class="guess curves"
                style=style
                role="group"
                aria-label=lens.text("guess.choose")
                data-testid="predict"
            >
                {buttons.collect_view()}
            </div>
        }
        .into_any()
    }
}
