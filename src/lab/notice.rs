//! What the lab tells a person about input that it could not take as it was.

/// A message by the key of its translation, with the values that its text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The key, below `notice.` in the language files.
    pub key: &'static str,
    /// The values for the text's `{name}` places.
    pub values: Vec<(&'static str, String)>,
}

impl Notice {
    fn new(key: &'static str, values: &[(&'static str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| (*name, shorten(value))).collect();
        Self { key, values }
    }

    /// A number outside its range was moved to the nearest bound.
    pub fn clamped(knob: &str, asked: impl ToString, used: impl ToString) -> Self {
        let (asked, used) = (asked.to_string(), used.to_string());
        Self::new("clamped", &[("knob", knob), ("asked", &asked), ("used", &used)])
    }

    /// A teacher lets the knob be moved between two numbers, and it was moved to the nearer one.
    pub(crate) fn bounded(knob: &str, asked: String, used: String, [least, most]: [String; 2]) -> Self {
        Self::new(
            "range.kept",
            &[("knob", knob), ("asked", &asked), ("used", &used), ("least", &least), ("most", &most)],
        )
    }

    /// The text is no range of the knob, or reaches beyond what the knob takes; `key` says which.
    pub(crate) fn bounds(key: &'static str, knob: &str, text: &str, [least, most]: [String; 2]) -> Self {
        Self::new(key, &[("knob", knob), ("asked", text), ("least", &least), ("most", &most)])
    }

    /// The heads do not divide d_model.
    pub fn heads(asked: usize, width: usize, used: usize) -> Self {
        let (asked, width, used) = (asked.to_string(), width.to_string(), used.to_string());
        Self::new("heads", &[("asked", &asked), ("width", &width), ("used", &used)])
    }

    /// The list describes a whole network, whose ends follow the data.
    pub(crate) fn whole_network(asked: &str, [inputs, classes]: [usize; 2], used: &str) -> Self {
        let (inputs, classes) = (inputs.to_string(), classes.to_string());
        Self::new("widths-ends", &[("asked", asked), ("inputs", &inputs), ("classes", &classes), ("used", used)])
    }

    /// The list has a layer that is too narrow or too wide, or too many layers.
    pub(crate) fn widths_range(asked: &str, [least, most, layers]: [usize; 3]) -> Self {
        let [least, most, layers] = [least, most, layers].map(|number| number.to_string());
        Self::new("widths-range", &[("asked", asked), ("least", &least), ("most", &most), ("layers", &layers)])
    }

    /// The layers of the list do not differ, so that a depth and a width say the same.
    pub(crate) fn equal_widths(widths: &str, depth: usize, width: usize) -> Self {
        let (depth, width) = (depth.to_string(), width.to_string());
        Self::new("widths-equal", &[("widths", widths), ("depth", &depth), ("width", &width)])
    }

    /// Something does not go with layers of these widths; `key` says what.
    pub(crate) fn widths(key: &'static str, widths: &str) -> Self {
        Self::new(key, &[("widths", widths)])
    }

    /// The dataset does not suit the model.
    pub fn data(asked: &str, model: &str, used: &str) -> Self {
        Self::new("data", &[("asked", asked), ("model", model), ("used", used)])
    }

    /// The scheme cannot be had with the rest; `key` says why, `used` what is used instead.
    pub fn scheme(key: &'static str, scheme: &str, used: &str) -> Self {
        Self::new(key, &[("scheme", scheme), ("used", used)])
    }

    /// Biases of this σ leave LSUV no variance to give to the weights.
    pub(crate) fn no_room(scheme: &str, bias: &str) -> Self {
        Self::new("lsuv-bias", &[("scheme", scheme), ("bias", bias)])
    }

    /// Rotary positions want an even head width; fewer heads give one.
    pub(crate) fn rope_heads(head_width: usize, used: usize) -> Self {
        Self::new("rope-heads", &[("width", &head_width.to_string()), ("used", &used.to_string())])
    }

    /// Rotary positions want an even head width, which an odd d_model never gives.
    pub(crate) fn rope_width(width: usize) -> Self {
        Self::new("rope-width", &[("width", &width.to_string())])
    }

    /// The text is no formula; `at` is the place where reading stopped.
    pub fn formula(text: &str, at: usize, problem: &'static str) -> Self {
        Self::new("formula", &[("formula", &marked(text, at)), ("problem", problem)])
    }

    /// The typed text is no value of the knob; `at` is the place where it is wrong, if it is one place.
    pub(crate) fn typed(knob: &str, text: &str, at: Option<usize>, problem: &'static str) -> Self {
        let (key, text) = match at {
            Some(at) => ("typed", marked(text, at)),
            None => ("typed-value", text.to_owned()),
        };
        Self::new(key, &[("knob", knob), ("formula", &text), ("problem", problem)])
    }

    /// The formula gives no σ for one of the matrices.
    pub(crate) fn formula_value(text: &str, matrix: &str, value: &str) -> Self {
        Self::new("formula-value", &[("formula", text), ("matrix", matrix), ("value", value)])
    }

    /// The model cannot be adapted in this way; `key` says why.
    pub fn adapt(key: &'static str) -> Self {
        Self::new(key, &[])
    }

    /// The norm cannot stand there; `key` says why, and what is done instead.
    pub fn norm(key: &'static str) -> Self {
        Self::new(key, &[])
    }

    /// So many numbers, times the networks of a sweep, are more than a browser's memory holds.
    pub(crate) fn sweep_size(numbers: usize) -> Self {
        Self::new("sweep-size", &[("numbers", &numbers.to_string())])
    }

    /// No more runs can be pinned.
    pub(crate) fn pins(most: usize) -> Self {
        Self::new("pins", &[("most", &most.to_string())])
    }

    /// The network takes so much memory.
    pub fn memory(size: &str) -> Self {
        Self::new("memory", &[("size", size)])
    }

    /// The network is larger than a tab can hold; the knob was moved.
    pub(crate) fn too_large(knob: &str, asked: usize, used: usize, size: &str) -> Self {
        let (asked, used) = (asked.to_string(), used.to_string());
        Self::new("too-large", &[("knob", knob), ("asked", &asked), ("used", &used), ("size", size)])
    }

    /// The key changes nothing in the network that it is given for; `reason` is a key below `idle.`.
    pub(crate) fn no_effect(knob: &str, value: &str, reason: &'static str, scheme: &str) -> Self {
        Self::new("no-effect", &[("knob", knob), ("value", value), ("reason", reason), ("scheme", scheme)])
    }

    /// The link has a key that the lab does not know.
    pub(crate) fn unknown_key(key: &str) -> Self {
        Self::new("unknown-key", &[("key", key)])
    }

    /// The knob does not take the value; the old one stays.
    pub(crate) fn bad_value(key: &str, value: &str) -> Self {
        Self::new("bad-value", &[("key", key), ("value", value)])
    }

    /// A reader's file cannot be learned; `kind` says why.
    pub(crate) fn own(kind: &'static str, line: usize, column: usize, word: &str, count: usize, bound: usize) -> Self {
        let [line, column, count, bound] = [line, column, count, bound].map(|number| number.to_string());
        let values =
            [("own", kind), ("line", &line), ("column", &column), ("word", word), ("count", &count), ("bound", &bound)];
        Self::new("own", &values)
    }

    /// The goal cannot be read; `problem` is a key below `goal-error.`.
    pub(crate) fn goal(part: &str, problem: &'static str) -> Self {
        Self::new("goal", &[("part", part), ("fault", problem)])
    }

    /// The link is of another version of the format.
    pub fn version(version: &str) -> Self {
        Self::new("version", &[("version", version)])
    }

    /// The link is longer than any lab's; the rest was not read.
    pub(crate) fn too_long() -> Self {
        Self::new("too-long", &[])
    }
}

/// Marks the place behind the first `at` characters, and keeps what stands around it of a long text.
fn marked(text: &str, at: usize) -> String {
    /// So many characters before the mark let the ones around it be seen in a notice.
    const BEFORE: usize = 24;
    let skipped = at.saturating_sub(BEFORE);
    let start = if skipped > 0 { "…" } else { "" };
    let before: String = text.chars().take(at).skip(skipped).collect();
    let after: String = text.chars().skip(at).collect();
    format!("{start}{before}▸{after}")
}

/// Hostile links can hold megabytes; a notice shows the start of a value.
fn shorten(value: &str) -> String {
    const MOST: usize = 40;
    if value.chars().count() <= MOST {
        return value.to_owned();
    }
    value.chars().take(MOST).chain(['…']).collect()
}
