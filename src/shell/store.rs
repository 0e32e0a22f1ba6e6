//! The loop between the state, the worker and the page.
//!
//! A gesture is an [`Edit`]; the state answers with commands for the worker. What the worker reports
//! is folded into the state once per animation frame. Everything shown is derived from the state by
//! memos, which also keep a view from being told of changes that are not its own.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::Pen;
use super::browser;
use super::embed::Embed;
use super::worker::{Engine, TrainingEngine};
use crate::lab::curve::DepthCurve;
use crate::lab::gap::Gap;
use crate::lab::knob::{Knob, KnobSetting};
use crate::lab::lang::Lang;
use crate::lab::link::Lab;
use crate::lab::notice::Notice;
use crate::lab::prediction::{Prediction, predict};
use crate::lab::protocol::{Command, Event};
use crate::lab::spec::Spec;
use crate::lab::state::{Edit, EngineState, LaterEdits, Reaction, State};
use crate::lab::view::{Theme, View};
use crate::port::page::WorkerProgram;
use crate::shell::effect::effect;

/// How long no edit must come before a slider counts as let go.
const SETTLE: Duration = Duration::from_millis(150);

/// What the store and the first view call, and whose code comes later.
#[derive(Clone, Copy)]
pub struct LateCode {
    /// Carries out the edits that only what comes later asks for, and those of what was typed.
    pub edits: LaterEdits,
    /// Reads what was typed for a knob.
    pub read: fn(&str, &Knob, &Spec) -> Result<KnobSetting, Notice>,
    /// Finds which dots of a curve are missing because they are 0, and why. It judges as the verdict does. Before
    /// something is measured no dot is missing.
    pub gap: fn(&DepthCurve, &State) -> Option<Gap>,
}

/// Handles on the state of the lab and on what is derived from it.
#[derive(Clone, Copy)]
pub struct Store {
    /// The state, which views read and never write.
    pub state: RwSignal<State>,
    /// The lab, which is what a link restores.
    pub lab: Memo<Lab>,
    /// The network and its training.
    pub spec: Memo<Spec>,
    /// What of the lab is shown, and how.
    pub view: Memo<View>,
    /// The language that the page is in; its texts are there.
    pub lang: RwSignal<Lang>,
    /// The colours that the reader chose on this site, which hold where a link asks for none. An embedded lab does not
    /// know them.
    pub own_theme: RwSignal<Option<Theme>>,
    /// Whether the page is dark.
    pub dark: Memo<bool>,
    /// The curves of theory, which follow a slider in the same frame.
    pub prediction: Memo<Prediction>,
    /// Whether the code that comes later came or, with `false`, could not be fetched.
    pub late: RwSignal<Option<bool>>,
    /// The page, to which belongs what begins later and lasts.
    pub page: StoredValue<Owner>,
    /// What of that code is called here.
    pub code: StoredValue<Option<LateCode>>,
    /// The edits that wait for it.
    waiting: StoredValue<Vec<Edit>>,
    /// How large the entries of a product of matrices are, as far as it is multiplied (a small lab).
    pub chain: RwSignal<Vec<f64>>,
    engine: StoredValue<Option<Rc<dyn TrainingEngine>>, LocalStorage>,
    embed: StoredValue<Embed, LocalStorage>,
    settle: StoredValue<Option<TimeoutHandle>>,
    /// The language that was asked for last. Texts of one that was asked for earlier may come after its own.
    wanted: StoredValue<Lang>,
}

impl Store {
    /// Opens the lab of the address bar, in a language whose texts are there. `own` is the reader's language, which the page is in where the link names none.
    pub fn open(first: Lang, own: Lang) -> Self {
        let state = RwSignal::new(State::open(&browser::hash()));
        let lab = Memo::new(move |_| state.with(|state| state.lab.clone()));
        let spec = Memo::new(move |_| lab.with(|lab| lab.spec.clone()));
        let view = Memo::new(move |_| lab.with(|lab| lab.view.clone()));
        let own_theme = RwSignal::new(browser::kept_theme());
        let system_dark = browser::media("(prefers-color-scheme: dark)");
        let store = Self {
            state,
            lab,
            spec,
            view,
            lang: RwSignal::new(first),
            own_theme,
            dark: Memo::new(move |_| match view.with(|view| view.theme) {
                Theme::Auto => own_theme.get().map_or_else(|| system_dark.get(), |theme| theme == Theme::Dark),
                Theme::Light => false,
                Theme::Dark => true,
            }),
            prediction: Memo::new(move |_| spec.with(predict)),
            late: RwSignal::new(None),
            page: StoredValue::new(Owner::current().unwrap_or_default()),
            code: StoredValue::new(None),
            waiting: StoredValue::new(Vec::new()),
            chain: RwSignal::new(Vec::new()),
            engine: StoredValue::new_local(None),
            embed: StoredValue::new_local(Embed::wait()),
            settle: StoredValue::new(None),
            wanted: StoredValue::new(first),
        };
        store.follow_address();
        let wanted = Memo::new(move |_| view.with(|view| view.lang.unwrap_or(own)));
        effect(move || store.speak(wanted.get()));
        store
    }

    /// Starts the worker, unless the page shows a small lab, which needs none. Until then the state waits for it.
    pub fn start_engine(self) {
        let engine = Engine::new(WorkerProgram::Fitting, move |events| self.fold(events));
        self.engine.set_value(Some(Rc::new(engine)));
        self.keep_engine();
    }

    /// Begins to hear what the page around asks for, and to tell it what becomes of the lab.
    pub fn start_embed(self) {
        let edit = Callback::new(move |edits| self.edit_all(edits));
        self.embed.with_value(|embed| embed.start(self.state, self.lab, self.prediction, edit));
    }

    /// Tells the page around that a small lab is ready, which waits for no worker.
    pub fn tell_ready(self) {
        self.embed.with_value(|embed| self.spec.with_untracked(|spec| embed.tell_ready(spec)));
    }

    /// Changes the page to a language as soon as its texts are there, unless another was asked for since. Without a
    /// network the page stays as it is.
    fn speak(self, wanted: Lang) {
        self.wanted.set_value(wanted);
        if wanted.is_learned() {
            self.lang.set(wanted);
            return;
        }
        spawn_local(async move {
            match browser::fetch_json(&format!("lang/{}.page.json", wanted.id())).await {
                Ok(texts) => {
                    wanted.learn(browser::texts(&texts));
                    if self.wanted.get_value() == wanted {
                        self.lang.set(wanted);
                    }
                }
                Err(error) => web_sys::console::warn_1(&error),
            }
        });
    }

    /// Does what a person asks.
    pub fn edit(self, edit: Edit) {
        self.edit_all(vec![edit]);
    }

    /// Does what an embedding page asks, maybe much of it, and shows what comes of it once.
    pub fn edit_all(self, mut edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        let code = self.code.get_value();
        if code.is_none() {
            let later = edits.extract_if(.., |edit| edit.comes_later()).collect::<Vec<_>>();
            self.waiting.update_value(|waiting| waiting.extend(later));
        }
        let rest = code.map_or(nothing as LaterEdits, |code| code.edits);
        let all = |state: &mut State| {
            edits.into_iter().fold(Reaction::default(), |all, edit| all.then(state.edit_with(edit, rest)))
        };
        let Some(reaction) = self.state.try_update(all) else { return };
        self.post(&reaction.commands);
        self.keep_engine();
        if reaction.settle {
            let timer = set_timeout_with_handle(move || self.edit(Edit::Settled), SETTLE).ok();
            let before = self.settle.try_update_value(|settle| std::mem::replace(settle, timer));
            if let Some(Some(before)) = before {
                before.clear();
            }
        }
    }

    /// Takes in the code that comes later, and does what has waited for it.
    pub fn take_in(self, code: LateCode) {
        self.code.set_value(Some(code));
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        waiting.into_iter().for_each(|edit| self.edit(edit));
    }

    /// A callback that does an edit, for views, which hold no store.
    pub fn editor(self) -> Callback<Edit> {
        Callback::new(move |edit| self.edit(edit))
    }

    /// Takes in what the worker said since the last frame.
    fn fold(self, events: Vec<Event>) {
        let mut died = false;
        let mut told = Vec::new();
        // This is read before the state is lent out; what the worker says does not change what theory says.
        let prediction = self.prediction.read_untracked();
        let lang = self.lang.get_untracked();
        let commands = self.state.try_update(|state| {
            let mut commands = Vec::new();
            for event in events {
                died = matches!(event, Event::Failed(_));
                told.extend(self.embed.with_value(|embed| embed.report(state, &event, &prediction, lang)));
                commands.extend(state.apply(event));
                if died {
                    break;
                }
            }
            commands
        });
        drop(prediction);
        if died {
            self.with_engine(|engine| engine.end());
        }
        self.keep_engine();
        self.post(&commands.unwrap_or_default());
        self.embed.with_value(|embed| told.iter().for_each(|message| embed.post(message)));
    }

    /// Starts a worker if the state waits for one and none is alive, and ends it where the state needs none.
    fn keep_engine(self) {
        let (state, is_toy) = self.state.with_untracked(|state| (state.engine, state.is_toy()));
        self.with_engine(|engine| match (state, engine.lives()) {
            (EngineState::Loading, false) if !is_toy => engine.start(),
            (EngineState::Resting, true) => engine.end(),
            _ => {}
        });
    }

    fn post(self, commands: &[Command]) {
        self.with_engine(|engine| engine.post(commands));
    }

    fn with_engine(self, run: impl FnOnce(&dyn TrainingEngine)) {
        // The handle is cloned, because the worker's first message could come back here while the value is lent out.
        if let Some(engine) = self.engine.get_value() {
            run(&*engine);
        }
    }

    /// Keeps the address bar and the lab the same, both ways.
    fn follow_address(self) {
        let link = Memo::new(move |_| self.lab.with(Lab::address));
        let pen = StoredValue::new_local(Pen::default());
        let write = move || {
            let write = move || {
                let link = link.get_untracked();
                browser::replace_hash(&link);
                browser::keep_lab(&link);
            };
            pen.update_value(|pen| pen.soon(write));
        };
        effect(move || {
            link.track();
            write();
        });
        // This hears only of changes that the reader makes, because an address that is replaced makes no event. The
        // address in the event counts, not the one in the bar: the lab may have written its own over it since.
        let _listener = window_event_listener(leptos::ev::hashchange, move |event| {
            self.edit(Edit::Open(browser::hash_of(&event.new_url())));
            // If the lab stayed the same, keys that the address does not need still have to be removed from it.
            write();
        });
    }
}

/// What becomes of an edit whose code is not there: it waits, so that none comes here.
fn nothing(_: &mut State, _: Edit) -> Reaction {
    Reaction::default()
}
