//! Writes what a teacher pastes into a page to embed a lab, for each kind of page.

use super::link::Lab;
use crate::science::choice::choices;

choices! {
    /// A kind of text that a teacher can paste.
    pub enum Snippet {
        /// The address of the lab, which opens as a page of its own.
        Link "link",
        /// An `<iframe>` for HTML pages.
        Html "html",
        /// An `<iframe>` for Markdown that may contain HTML.
        Markdown "markdown",
        /// A link for Markdown that may not contain HTML.
        MarkdownLink "markdown-link",
        /// The recorded picture as a link, for Markdown that keeps pictures and links alone, as GitHub's.
        Github "github",
        /// The custom element `<init-lab>` with its script.
        Element "element",
        /// The same, with the recorded picture in it for where no script runs.
        ElementPoster "element-poster",
        /// A cell of a Jupyter notebook.
        Jupyter "jupyter",
        /// An `<iframe>` for the editors of learning platforms.
        Lms "lms",
    }
}

/// A lab, and how it is embedded in a page.
pub struct Embedding<'a> {
    /// The address of the site, which ends in a slash.
    pub home: &'a str,
    /// The lab that is shown. Its own `embed` is ignored, because each kind of snippet sets it.
    pub lab: &'a Lab,
    /// The title of the frame for screen readers.
    pub title: &'a str,
    /// The height in CSS pixels, or `None` for the lab's own height.
    pub height: Option<u32>,
    /// The lab's own height in CSS pixels, which is used where the text must contain a height.
    pub usual_height: u32,
}

impl Snippet {
    /// Returns the first kind of snippet for the same kind of page: Markdown has three, and the element two.
    pub fn kind(self) -> Self {
        match self {
            Self::MarkdownLink | Self::Github => Self::Markdown,
            Self::ElementPoster => Self::Element,
            kind => kind,
        }
    }

    /// Returns whether the text has to say how high the lab is.
    pub fn has_height(self) -> bool {
        matches!(self, Self::Html | Self::Markdown | Self::Jupyter | Self::Lms)
    }

    /// Returns whether the text shows the recorded picture, which is to lie beside it.
    pub fn has_poster(self) -> bool {
        matches!(self, Self::Github | Self::ElementPoster)
    }

    /// Returns the text to paste.
    pub fn text(self, embedding: &Embedding) -> String {
        let Embedding { home, lab, title, .. } = *embedding;
        match self {
            Self::Link => address(home, lab, false),
            Self::Html => frame(embedding, "style=\"border:0\""),
            // MDX takes a style only as an object, but accepts this spelling of the border as it is; editors of
            // learning platforms may remove styles. The div keeps every Markdown dialect from changing what is inside
            // it.
            Self::Markdown => format!("<div>\n{}\n</div>", frame(embedding, "frameBorder=\"0\"")),
            Self::MarkdownLink => format!("[{}]({})", markdown(title), target(embedding)),
            Self::Github => format!("[![{}]({POSTER})]({})", markdown(title), target(embedding)),
            Self::Element => with_script(home, &element(embedding, &html(title))),
            Self::ElementPoster => {
                with_script(home, &element(embedding, &format!("<img src=\"{POSTER}\" alt=\"{}\">", html(title))))
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

/// The name of the recorded picture.
pub const POSTER: &str = "poster.svg";

/// Returns the link that restores a lab, escaped so that only `&` needs quoting in HTML, Markdown or Python.
pub fn quoted_link(lab: &Lab) -> String {
    let quote = |text: &str| -> String {
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        text.replace('*', "%2A").replace("%2C", ",").replace("%2F", "/")
    };
    let entries: Vec<String> =
        lab.entries().iter().map(|(key, value)| format!("{}={}", quote(key), quote(value))).collect();
    format!("#{}", entries.join("&"))
}

/// Returns the lab as an embedded one, or as a whole page.
fn within(lab: &Lab, embed: bool) -> Lab {
    let mut lab = lab.clone();
    lab.view.embed = embed;
    lab
}

/// Returns the address of the lab, as an embedded one or as a whole page.
pub(super) fn address(home: &str, lab: &Lab, embed: bool) -> String {
    format!("{home}{}", quoted_link(&within(lab, embed)))
}

/// Returns the height of a frame that cannot follow its lab, in CSS pixels.
pub(super) fn height(embedding: &Embedding) -> u32 {
    embedding.height.unwrap_or(embedding.usual_height)
}

fn frame(embedding: &Embedding, border: &str) -> String {
    let (source, title) = (html(&address(embedding.home, embedding.lab, true)), html(embedding.title));
    let height = height(embedding);
    format!(
        "<iframe src=\"{source}\" title=\"{title}\" width=\"100%\" height=\"{height}\" {border} loading=\"lazy\"></iframe>"
    )
}

/// The width from which on `embed.js` asks whether an attribute means pixels; in `link` it cannot be mistaken.
const PIXELS: u32 = 300;

/// Writes the element: the link's keys become attributes, except the version, which is that of `embed.js`. What is
/// inside is seen where no script runs: in print, in feeds, in notebooks that nobody trusts yet.
fn element(embedding: &Embedding, inside: &str) -> String {
    let Embedding { home, lab, title, height, .. } = *embedding;
    let mut attributes = within(lab, false).entries();
    attributes.retain(|(key, _)| *key != "v");
    attributes.push(("title", title.to_owned()));
    attributes.extend(height.map(|height| ("height", height.to_string())));
    let text = |(key, value): &(&str, String)| match *key {
        "autoplay" => " autoplay".to_owned(),
        "x" => format!(" experiment=\"{}\"", html(value)),
        "width" if value.parse().is_ok_and(|units: u32| units >= PIXELS) => {
            format!(" link=\"#v=1&amp;width={value}\"")
        }
        key => format!(" {key}=\"{}\"", html(value)),
    };
    format!(
        "<init-lab{}><a href=\"{}\">{}</a></init-lab>",
        attributes.iter().map(text).collect::<String>(),
        html(&address(home, lab, false)),
        inside
    )
}

fn with_script(home: &str, element: &str) -> String {
    format!("<script src=\"{}\"></script>\n{element}", html(&format!("{home}embed.js")))
}

/// The address of the whole lab as the target of a link in Markdown.
fn target(embedding: &Embedding) -> String {
    let address = address(embedding.home, embedding.lab, false);
    escaped(&address, "()<>\\", |sign| format!("%{:02X}", u32::from(sign)))
}

/// Returns the text with each character of `signs` replaced by what `write` makes of it.
fn escaped(text: &str, signs: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(|sign| if signs.contains(sign) { write(sign) } else { sign.to_string() }).collect()
}

/// Escapes text for the value of an HTML attribute, where braces and the like have no special meaning.
pub(super) fn html(text: &str) -> String {
    let entity = |sign| match sign {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => "&quot;",
    };
    escaped(text, "&<>\"", |sign| entity(sign).to_owned())
}

/// Escapes text for Markdown. Some characters become entities, because not every dialect takes a backslash before them.
fn markdown(text: &str) -> String {
    let text = escaped(text, "\\`*_{}[]", |sign| format!("\\{sign}"));
    escaped(&text, "&<>|~$", |sign| format!("&#{};", u32::from(sign)))
}

/// Writes text as a Python string literal.
fn python(text: &str) -> String {
    format!("\"{}\"", escaped(text, "\\\"", |sign| format!("\\{sign}")))
}
