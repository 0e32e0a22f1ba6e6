//! What hosts that keep grades understand: SPLICE's protocol for activities in frames (Runestone, PreTeXt, OpenDSA), two
//! messages that need no server. <https://cssplice.org/slcp/iframe-protocol-specification.html>
//! And statements of xAPI, for those that ask for them.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::page::random_name;
use super::window::{Parent, on_message};
use crate::lab::statement::Statement;

const ASKS: &str = "SPLICE.getState";
const ANSWERS: &str = "SPLICE.getState.response";
const REPORTS: &str = "SPLICE.reportScoreAndState";
/// Asks for statements of xAPI, and carries one.
const RECORDS: &str = "initlab:xapi";

/// What is kept of an activity: enough to make its run again.
#[derive(Serialize)]
struct ActivityState<'a> {
    link: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct StateRequest<'a> {
    subject: &'static str,
    message_id: &'a str,
}

#[derive(Serialize)]
struct ScoreReport<'a> {
    subject: &'static str,
    message_id: &'a str,
    score: f64,
    state: ActivityState<'a>,
}

#[derive(Serialize)]
struct StatementMessage<'a> {
    v: u8,
    r#type: &'static str,
    statement: &'a Statement,
}

impl Parent {
    /// Calls `hear` whenever the host asks for statements of xAPI.
    pub fn on_wish_for_statements(&self, hear: impl Fn() + 'static) {
        let host = self.clone();
        on_message(move |message| {
            let data = message.data();
            let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
            if host.has_sent(&message) && field("v") == 1.0 && field("type") == RECORDS {
                hear();
            }
        });
    }

    /// Sends a statement of xAPI.
    pub fn post_statement(&self, statement: &Statement) {
        self.post_plain(&StatementMessage { v: 1, r#type: RECORDS, statement });
    }

    /// Reports that the activity was done (a score of 1), with the link and the completion code of the run that did it.
    pub fn report_done(&self, link: &str, code: &str) {
        let state = ActivityState { link, code };
        self.post_plain(&ScoreReport { subject: REPORTS, message_id: &random_name(), score: 1.0, state });
    }

    /// Asks for what was reported earlier. `hear` is told the link, once, if the host answers and has one.
    pub fn ask_for_link(&self, hear: impl Fn(String) + 'static) {
        let id = random_name();
        let asked = id.clone();
        let host = self.clone();
        on_message(move |message| {
            if !host.has_sent(&message) {
                return;
            }
            let data = message.data();
            let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
            let is_answer = field(&data, "subject") == ANSWERS && field(&data, "message_id") == asked.as_str();
            let link = is_answer.then(|| field(&field(&data, "state"), "link").as_string()).flatten();
            if let Some(link) = link.filter(|link| link.starts_with("#v=1")) {
                hear(link);
            }
        });
        self.post_plain(&StateRequest { subject: ASKS, message_id: &id });
    }
}
