//! Makes sentences of findings, and words of outcomes, in the reader's language.

use std::borrow::Cow;

use crate::desk::site::DeskSite;
use crate::study::finding::StudyFinding;
use crate::study::forest::{Forest, ForestOutcome};

/// A finding as a sentence.
pub(super) fn sentence(site: DeskSite, finding: &StudyFinding) -> String {
    // A measure has the same name here as everywhere on the page.
    let value = |(place, value): (&Cow<'static, str>, &String)| {
        let name = (place == "measure").then(|| site.say(value));
        (place.clone().into_owned(), name.unwrap_or_else(|| value.clone()))
    };
    let values: Vec<(String, String)> = finding.values.iter().map(value).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(place, value)| (place.as_str(), value.as_str())).collect();
    let text = site.tell(&finding.key, &values);
    // Where all networks are of one kind, the sentence begins with an empty name, which is left out.
    text.strip_prefix(": ").unwrap_or(&text).trim().to_owned()
}

/// What an outcome is called: the side that wins, or a sign and a word.
pub(super) fn state(site: DeskSite, forest: &Forest, outcome: ForestOutcome) -> String {
    match (outcome, &forest.sides[..]) {
        (ForestOutcome::First, [first, _]) => first.clone(),
        (ForestOutcome::Second, [_, second]) => second.clone(),
        _ => site.say(&format!("outcome-{}", outcome.id())),
    }
}
