//! What the engine is doing, on which device, and how far it is.

use leptos::prelude::*;

use super::Lens;
use crate::lab::number::show;
use crate::lab::protocol::{Device, DeviceReport, Progress, Why};
use crate::lab::state::{Engine, Phase, State};
use crate::lab::text::Lang;

/// The lines below the buttons.
#[component]
pub fn Status(
    /// The page's state.
    state: RwSignal<State>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let shown = lens.shows("status");
    let doing = Memo::new(move |_| state.with(|state| doing(state)));
    let text = move || {
        let (key, step) = doing.get();
        lens.lang.get().fill(key, &[("step", &step.to_string())])
    };
    let busy = Memo::new(move |_| state.with(|state| match state.engine {
        Engine::Loading => true,
        Engine::Ready => state.progress.is_some() || state.phase == Phase::Waiting,
        Engine::Dead => false,
    }));
    let report = Memo::new(move |_| state.with(|state| state.device.clone()));
    let numbers = Memo::new(move |_| state.with(|state| numbers(state, lens.lang.get())));
    view! {
        <Show when=move || shown.get()>
            <div class="status" data-testid="status" class:busy=move || busy.get()>
                <p class="doing" role="status">
                    <i aria-hidden="true"></i>
                    {text}
                </p>
                <p class="device">
                    <span data-testid="device" data-device=move || report.with(|r| r.as_ref().map(|r| r.device.id()))>
                        {move || report.with(|report| device(report.as_ref(), lens.lang.get()))}
                    </span>
                </p>
                <p class="reason">{move || report.with(|report| reason(report.as_ref(), lens.lang.get()))}</p>
                <dl>
                    {move || {
                        numbers
                            .get()
                            .into_iter()
                            .map(|(name, value)| view! {
                                <div><dt>{lens.text(name)}</dt><dd data-testid=name.replace('.', "-")>{value}</dd></div>
                            })
                            .collect_view()
                    }}
                </dl>
            </div>
        </Show>
    }
}

/// The key of what is going on, and the step it is at.
fn doing(state: &State) -> (&'static str, u64) {
    let step = state.frame.as_ref().map_or(0, |frame| frame.step);
    let key = match (state.engine, state.progress, &state.phase) {
        (Engine::Loading, ..) => "status.loading",
        (Engine::Dead, ..) => "status.dead",
        (_, Some(Progress::StartingWebGpu), _) => "status.starting-webgpu",
        (_, Some(Progress::Building), _) => "status.building",
        (_, _, Phase::Waiting) => "status.measuring",
        (_, _, Phase::Running) => return ("status.running", 0),
        (_, _, Phase::Paused) if step == 0 => "status.ready",
        (_, _, Phase::Paused) => "status.paused",
        (_, _, Phase::Finished(Why::Done | Why::Stopped)) => "status.done",
        (_, _, Phase::Finished(Why::Diverged { step, .. })) => return ("status.diverged", *step),
    };
    (key, step)
}

fn device(report: Option<&DeviceReport>, lang: Lang) -> String {
    let Some(report) = report else { return lang.text("status.no-device").to_owned() };
    let key = match (report.device, report.software) {
        (Device::Cpu, _) => "device.cpu",
        (Device::WebGpu, false) => "device.webgpu",
        (Device::WebGpu, true) => "device.software",
    };
    lang.fill(key, &[("adapter", &report.adapter)])
}

fn reason(report: Option<&DeviceReport>, lang: Lang) -> Option<String> {
    let reason = report?.reason?;
    let name = serde_json::to_value(reason).ok()?;
    Some(lang.text(&format!("reason.{}", name.as_str()?)).to_owned())
}

fn numbers(state: &State, lang: Lang) -> Vec<(&'static str, String)> {
    let frame = state.shown();
    let mut numbers = vec![("status.step", frame.map_or("–".to_owned(), |frame| frame.step.to_string()))];
    if let Some(frame) = frame {
        if frame.step > 0 && frame.step_ms.is_finite() {
            numbers.push(("status.speed", format!("{} ms", show(crate::lab::number::round_to(frame.step_ms, 2)))));
        }
        if let Some(accuracy) = frame.accuracy {
            numbers.push(("status.accuracy", format!("{:.0} %", 100.0 * accuracy.0)));
        }
    }
    if let Some(shape) = &state.shape {
        numbers.push(("status.parameters", thousands(shape.parameters, lang)));
    }
    numbers
}

/// 330378 as 330 378, with the space that both languages understand.
fn thousands(number: usize, _lang: Lang) -> String {
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
