//! What a teacher pastes into a page: one lab, in the words of each kind of page.

use super::link::Lab;
use crate::science::choice::choices;

choices! {
    /// A text to paste.
    pub enum Snippet {
        /// The address of the lab, in a tab of its own.
        Link "link",
        /// A frame in HTML.
        Html "html",
        /// A frame in Markdown that may hold HTML.
        Markdown "markdown",
        /// A link in Markdown that may not.
        MarkdownLink "markdown-link",
        /// The element `<init-lab>`.
        Element "element",
        /// A cell of a notebook.
        Jupyter "jupyter",
        /// A frame for the editors of learning platforms.
        Lms "lms",
    }
}

/// A lab in its place on a page.
pub struct Embedding<'a> {
    /// The address of the site, with a slash at its end.
    pub home: &'a str,
    /// What is shown. Whether it is embedded follows from the snippet.
    pub lab: &'a Lab,
    /// What a screen reader calls the frame.
    pub title: &'a str,
    /// In CSS pixels; none is the lab's own.
    pub height: Option<u32>,
    /// The lab's own height, in CSS pixels, where the text has to say one.
    pub usual_height: u32,
}

impl Snippet {
    /// The kind of page that it is for, by the first text that such a page can take: Markdown has two.
    pub fn kind(self) -> Self {
        if self == Self::MarkdownLink { Self::Markdown } else { self }
    }

    /// The text.
    pub fn text(self, embedding: &Embedding) -> String {
        let Embedding { home, lab, title, .. } = *embedding;
        match self {
            Self::Link => address(home, lab, false),
            Self::Html => frame(embedding, "style=\"border:0\""),
            // MDX takes a style only as an object, and this spelling as it is; editors of learning platforms may strip
            // styles. The div lets every Markdown leave what is in it alone.
            Self::Markdown => format!("<div>\n{}\n</div>", frame(embedding, "frameBorder=\"0\"")),
            Self::MarkdownLink => {
                let target = escaped(&address(home, lab, false), "()<>\\", |sign| format!("%{:02X}", u32::from(sign)));
                format!("[{}]({target})", markdown(title))
            }
            Self::Element => {
                format!("<script src=\"{}\"></script>\n{}", html(&format!("{home}embed.js")), element(embedding))
            }
            Self::Jupyter => format!(
                "from IPython.display import IFrame\n\nIFrame({}, width={}, height={},\n       extras=[{}])",
                python(&address(home, lab, true)),
                python("100%"),
                height(embedding),
                python(&format!("title=\"{}\"", html(title))),
            ),
            Self::Lms => frame(embedding, "frameborder=\"0\""),
        }
    }
}

/// The link that restores a lab, of which nothing needs quoting in HTML, Markdown or Python but `&`.
pub fn quoted_link(lab: &Lab) -> String {
    let quote = |text: &str| -> String {
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        text.replace('*', "%2A").replace("%2C", ",").replace("%2F", "/")
    };
    let entries: Vec<String> =
        lab.entries().iter().map(|(key, value)| format!("{}={}", quote(key), quote(value))).collect();
    format!("#{}", entries.join("&"))
}

/// The lab with or without what stands around it.
fn within(lab: &Lab, embed: bool) -> Lab {
    let mut lab = lab.clone();
    lab.view.embed = embed;
    lab
}

fn address(home: &str, lab: &Lab, embed: bool) -> String {
    format!("{home}{}", quoted_link(&within(lab, embed)))
}

fn height(embedding: &Embedding) -> u32 {
    embedding.height.unwrap_or(embedding.usual_height)
}

fn frame(embedding: &Embedding, border: &str) -> String {
    let (source, title) = (html(&address(embedding.home, embedding.lab, true)), html(embedding.title));
    let height = height(embedding);
    format!(
        "<iframe src=\"{source}\" title=\"{title}\" width=\"100%\" height=\"{height}\" {border} loading=\"lazy\"></iframe>"
    )
}

/// The element: a link's keys are its attributes, and its version is that of `embed.js`.
fn element(embedding: &Embedding) -> String {
    let mut attributes = within(embedding.lab, false).entries();
    attributes.retain(|(key, _)| *key != "v");
    attributes.push(("title", embedding.title.to_owned()));
    attributes.extend(embedding.height.map(|height| ("height", height.to_string())));
    let text = |(key, value): &(&str, String)| match *key {
        "autoplay" => " autoplay".to_owned(),
        "x" => format!(" experiment=\"{}\"", html(value)),
        key => format!(" {key}=\"{}\"", html(value)),
    };
    format!("<init-lab{}></init-lab>", attributes.iter().map(text).collect::<String>())
}

/// Text with some of its signs written otherwise.
fn escaped(text: &str, signs: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(|sign| if signs.contains(sign) { write(sign) } else { sign.to_string() }).collect()
}

/// Text as the value of an attribute; braces and the like are nothing special there.
fn html(text: &str) -> String {
    let entity = |sign| match sign {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => "&quot;",
    };
    escaped(text, "&<>\"", |sign| entity(sign).to_owned())
}

/// Text in Markdown. Not every kind of it takes a backslash before the signs that become entities.
fn markdown(text: &str) -> String {
    let text = escaped(text, "\\`*_{}[]", |sign| format!("\\{sign}"));
    escaped(&text, "&<>|~$", |sign| format!("&#{};", u32::from(sign)))
}

/// A string literal of Python.
fn python(text: &str) -> String {
    format!("\"{}\"", escaped(text, "\\\"", |sign| format!("\\{sign}")))
}
