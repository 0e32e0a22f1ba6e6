//! What is told of a challenge that was reached to a host that keeps learning records: a statement of xAPI. It names no
//! person, because the lab knows none; the host adds the actor.
//! <https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md>

use std::collections::BTreeMap;

use serde::Serialize;

use super::completion::code;
use super::lang::Lang;
use super::link::Lab;
use super::state::State;
use super::view::View;

const COMPLETED: &str = "http://adlnet.gov/expapi/verbs/completed";
const ASSESSMENT: &str = "http://adlnet.gov/expapi/activities/assessment";

/// A text by its language.
type LanguageMap = BTreeMap<&'static str, String>;

/// Somebody has completed a challenge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    verb: StatementVerb,
    object: StatementObject,
    result: StatementResult,
    context: StatementContext,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StatementVerb {
    id: &'static str,
    display: LanguageMap,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct StatementObject {
    object_type: &'static str,
    id: String,
    definition: ActivityDefinition,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ActivityDefinition {
    r#type: &'static str,
    name: LanguageMap,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StatementResult {
    completion: bool,
    success: bool,
    score: StatementScore,
    /// The completion code.
    response: String,
    /// The link of the run, below the address of the site.
    extensions: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StatementScore {
    scaled: f64,
    raw: f64,
    min: f64,
    max: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StatementContext {
    platform: &'static str,
    language: &'static str,
}

impl Statement {
    /// The statement about the present run, if it has reached its challenge. `home` is the address of the site, with a slash
    /// at its end, and `lang` the language of the page.
    pub fn of(state: &State, home: &str, lang: Lang) -> Option<Self> {
        let reached = state.attempt.reached.as_ref()?;
        let named = |lang: Lang, text: &str| BTreeMap::from([(lang.id(), text.to_owned())]);
        // The activity is the challenge as it was set, which is one address for everybody who is set it.
        let set = Lab {
            experiment: state.lab.experiment,
            spec: reached.task.start.clone(),
            task: Some(reached.task.clone()),
            ..Lab::default()
        };
        let run = Lab { view: View::default(), code: String::new(), ..state.lab.clone() };
        Some(Self {
            verb: StatementVerb { id: COMPLETED, display: named(Lang::En, "completed") },
            object: StatementObject {
                object_type: "Activity",
                id: format!("{home}{}", set.link()),
                definition: ActivityDefinition {
                    r#type: ASSESSMENT,
                    name: named(lang, &lang.goal(&reached.task.goal)),
                },
            },
            result: StatementResult {
                completion: true,
                success: true,
                score: StatementScore { scaled: 1.0, raw: 1.0, min: 0.0, max: 1.0 },
                response: code(reached),
                extensions: BTreeMap::from([(format!("{home}#run"), run.link())]),
            },
            context: StatementContext { platform: "Init Lab", language: lang.id() },
        })
    }
}
