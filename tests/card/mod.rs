//! The cards of the schemes' pages, `www/schemes`.
// Each test file uses other parts.
#![allow(dead_code)]

use init_lab::lab::lang::Lang;

/// One article of a page, still HTML.
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) html: String,
}

impl Card {
    /// What stands between the tag that opens so and the next `end`; `None` unless there is one such tag.
    pub(crate) fn part(&self, opening: &str, end: &str) -> Option<&str> {
        let mut found = self.html.split(opening).skip(1);
        let rest = found.next()?;
        found.next().is_none().then(|| rest.split(end).next())?
    }

    pub(crate) fn formula(&self) -> &str {
        self.part("<math display=\"block\" class=\"formula\">", "</math>").unwrap_or_default()
    }

    pub(crate) fn pytorch(&self) -> &str {
        self.part("<pre class=\"pytorch\"><code>", "</code></pre>").unwrap_or_default()
    }

    pub(crate) fn try_link(&self) -> String {
        let link = self.part("<a class=\"try\" href=\"../#", "\"").unwrap_or_default();
        link.replace("&amp;", "&")
    }
}

pub(crate) fn page(lang: &Lang) -> String {
    let path = format!("{}/www/schemes/{}.html", env!("CARGO_MANIFEST_DIR"), lang.id());
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn cards(lang: &Lang) -> Vec<Card> {
    let page = page(lang);
    let parts = page.split("<article id=\"").skip(1).map(|rest| {
        let (id, rest) = rest.split_once("\">").expect("an id");
        let (html, _) = rest.split_once("</article>").expect("an end");
        Card { id: id.to_owned(), html: html.to_owned() }
    });
    parts.collect()
}
