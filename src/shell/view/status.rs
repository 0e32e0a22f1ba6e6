//! Says what the engine is doing, on which device, and how far it is.

use leptos::prelude::*;

use super::Lens;
use super::show::Show;
use crate::lab::lang::Lang;
use crate::lab::number::{round_to, show};
use crate::lab::protocol::{Device, DeviceReason, Progress, Why};
use crate::lab::state::{EngineState, Phase, State};

/// The lines of status, which stand below the buttons.
#[component]
pub fn Status(state: RwSignal<State>, lens: Lens) -> impl IntoView {
    let shown = lens.shows("status");
    let words = move |read: ReadStatus| Memo::new(move |_| state.with(|state| read(state, lens.lang.get())));
    let (doing, device, reason) = (words(doing), words(device), words(reason));
    let is = move |read: fn(&State) -> bool| Memo::new(move |_| state.with(read));
    let (busy, dead) = (is(busy), is(|state| state.engine == EngineState::Dead));
    let blown = is(has_blown_up);
    let weights = move || state.with(|state| state.shape.as_ref().map(|shape| shape.fingerprint.clone()));
    let kind = move || state.with(|state| state.device.as_ref().map(|report| report.device.id()));
    let number = move |(name, read): (&'static str, ReadStatus)| {
        let value = words(read);
        view! {
            <div hidden=move || value.with(String::is_empty)>
                <dt>{lens.text(name)}</dt>
                <dd data-testid=name.replace('.', "-")>{move || value.get()}</dd>
            </div>
        }
    };
    view! {
        <Show when=move || shown.get()>
            <div
                class="status"
                data-testid="status"
                data-weights=weights
                class:busy=move || busy.get()
                class:dead=move || dead.get()
                class:blown=move || blown.get()
            >
                <p class="doing" role="status">
                    <i aria-hidden="true"></i>
                    {move || doing.get()}
                </p>
                <p class="device">
                    <span data-testid="device" data-device=kind>
                        {move || device.get()}
                    </span>
                </p>
                <p class="reason">{move || reason.get()}</p>
                <dl>{NUMBERS.map(number).into_iter().collect_view()}</dl>
            </div>
        </Show>
    }
}

/// The step and the accuracy in a line, beside the buttons of a phone, where the lines of status are out of sight. Screen
/// readers have those.
pub fn brief_status(state: RwSignal<State>, lens: Lens) -> AnyView {
    let words = Memo::new(move |_| {
        let lang = lens.lang.get();
        state.with(|state| {
            if state.is_toy() {
                return String::new();
            }
            let told = [NUMBERS[0], NUMBERS[2]].map(|(name, read)| (lang.text(name), read(state, lang)));
            let told = told.iter().filter(|(_, value)| !value.is_empty());
            told.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" · ")
        })
    });
    view! {
        <p class="brief" aria-hidden="true">
            {move || words.get()}
        </p>
    }
    .into_any()
}

/// Reads a text off the state, in a language.
type ReadStatus = fn(&State, Lang) -> String;

/// What is counted and timed, each by the key of its name. A text is empty where there is nothing to say yet.
const NUMBERS: [(&str, ReadStatus); 4] = [
    ("status.step", |state, _| state.frame.as_ref().map_or(0, |frame| frame.step).to_string()),
    ("status.speed", |state, _| {
        let frame = state.shown().filter(|frame| frame.step_ms > 0.0);
        frame.map_or(String::new(), |frame| format!("{} ms", show(round_to(frame.step_ms, 2))))
    }),
    ("status.accuracy", |state, _| {
        // A network that blew up answers nothing: what it got right before would be about another one.
        let accuracy = state.record.last_accuracy().filter(|_| !has_blown_up(state));
        accuracy.map_or(String::new(), |share| format!("{:.0} %", 100.0 * share))
    }),
    ("status.parameters", |state, _| state.shape.as_ref().map_or(String::new(), |shape| thousands(shape.parameters))),
];

fn has_blown_up(state: &State) -> bool {
    matches!(state.phase, Phase::Finished(Why::Diverged { .. }))
}

fn busy(state: &State) -> bool {
    match state.engine {
        EngineState::Loading => true,
        EngineState::Ready => state.progress.is_some() || state.phase == Phase::Waiting,
        EngineState::Resting | EngineState::Dead => false,
    }
}

fn doing(state: &State, lang: Lang) -> String {
    let (key, number) = activity(state);
    let number = number.to_string();
    lang.fill(key, &[("step", &number), ("percent", &number)])
}

/// The key of what the engine is doing, and the step or the percentage that it is at.
fn activity(state: &State) -> (&'static str, u64) {
    let step = state.frame.as_ref().map_or(0, |frame| frame.step);
    let key = match (state.engine, state.progress, &state.phase) {
        (EngineState::Loading, ..) => "status.loading",
        (EngineState::Dead, ..) => "status.dead",
        (_, Some(Progress::StartingWebGpu), _) => "status.starting-webgpu",
        (_, Some(Progress::Comparing), _) => "status.comparing",
        (_, Some(Progress::Building), _) => "status.building",
        (_, Some(Progress::Drawing(percent)), _) => return ("status.drawing", percent.into()),
        (_, _, Phase::Waiting) => "status.measuring",
        (_, _, Phase::Running) => return ("status.running", 0),
        (_, _, Phase::Paused) if step == 0 => "status.ready",
        (_, _, Phase::Paused) => "status.paused",
        (_, _, Phase::Finished(Why::Done | Why::Stopped)) => "status.done",
        (_, _, Phase::Finished(Why::Diverged { step, .. })) => return ("status.diverged", *step),
    };
    (key, step)
}

fn device(state: &State, lang: Lang) -> String {
    let Some(report) = &state.device else { return lang.text("status.no-device").to_owned() };
    let key = match (report.device, report.software) {
        (Device::Cpu, _) => "device.cpu",
        (Device::WebGpu, false) => "device.webgpu",
        (Device::WebGpu, true) => "device.software",
    };
    lang.fill(key, &[("adapter", &report.adapter)])
}

/// Says why the run is on this device; the text is empty where that needs no explanation.
fn reason(state: &State, lang: Lang) -> String {
    let key = match state.device.as_ref().and_then(|report| report.reason) {
        None => return String::new(),
        Some(DeviceReason::Asked) => "reason.asked",
        Some(DeviceReason::NoWebGpu) => "reason.no-web-gpu",
        Some(DeviceReason::NoAnswer) => "reason.no-answer",
        Some(DeviceReason::SoftwareOnly) => "reason.software-only",
        Some(DeviceReason::NoTimestampQuery) => "reason.no-timestamp-query",
        Some(DeviceReason::NoDevice) => "reason.no-device",
        Some(DeviceReason::WrongNumbers) => "reason.wrong-numbers",
        Some(DeviceReason::Died) => "reason.died",
        Some(DeviceReason::TooLarge) => "reason.too-large",
        Some(DeviceReason::CpuFaster) => "reason.cpu-faster",
        Some(DeviceReason::GpuFaster) => "reason.gpu-faster",
    };
    lang.text(key).to_owned()
}

/// Writes 330378 as 330 378: a thin space separates thousands in both languages, a comma or a point only in one.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
