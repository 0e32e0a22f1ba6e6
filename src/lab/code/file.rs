//! The file to download, as a Python script or as a notebook.

use std::fmt::Write;

use super::{IMPORTS, MeasuredNumbers, NetworkCode};
use crate::lab::spec::{Adapt, Model, Spec};
use crate::science::data::Dataset;

/// The parts of the file that are the same for every network, which the site has beside the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitePieces {
    /// `static/code/lab.py`: streams, dropout, data and comparison, each headed by `# %%` and its name.
    pub program: String,
    /// The data, compressed and in base64; empty for data that are made from the seed.
    pub data: String,
}

/// A file that builds a network with the lab's first weights, trains it with the lab's batches, and compares.
#[derive(Clone, Debug)]
pub struct CodeFile {
    /// What stands at the head: what the file does, in the reader's language.
    title: String,
    /// Its cells of code, in their order.
    cells: Vec<String>,
}

/// The most characters of data in a line.
const LINE: usize = 118;
/// What stands in the first cell for the imports that the file does without.
const STAND_INS: &str = "\n# What is called init here, and Dropout, does what torch.nn's does, but draws from the lab's own streams (below).\n";
/// The most characters of words in a line.
const WIDTH: usize = 88;

impl CodeFile {
    /// Makes the file of a spec. `title` says what it is, and `link` leads back to the lab.
    pub fn new(spec: &Spec, numbers: &MeasuredNumbers, title: &str, link: &str, pieces: &SitePieces) -> Self {
        let NetworkCode { model, start, training } = NetworkCode::new(spec);
        let piece = |name: &str| piece(&pieces.program, name);
        let mut cells =
            vec![format!("{IMPORTS}{STAND_INS}\n{model}"), start, training, lab(spec, numbers), piece("streams")];
        if spec.training.dropout > 0.0 {
            cells.push(piece("dropout"));
        }
        let data = piece("data");
        cells.push(match packed(&pieces.data) {
            None => data,
            Some(packed) => format!("{packed}\n\n{data}"),
        });
        cells.push(piece("check"));
        Self { title: format!("{title}\n\n{link}"), cells }
    }

    /// The script.
    pub fn script(&self) -> String {
        let cells: Vec<String> = self.cells.iter().map(|cell| cell.trim_end().to_owned()).collect();
        let title = wrapped(&self.title.replace('\\', "/").replace('"', "'"));
        format!("\"\"\"{title}\n\"\"\"\n{}\n", cells.join("\n\n\n# %%\n"))
    }

    /// The notebook, in version 4 of its format.
    pub fn notebook(&self) -> String {
        let mut cells = vec![cell("markdown", &self.title, "")];
        let code = r#""execution_count":null,"outputs":[],"#;
        cells.extend(self.cells.iter().map(|text| cell("code", text.trim_end(), code)));
        format!(
            r#"{{"cells":[{}],"metadata":{{"kernelspec":{{"display_name":"Python 3","language":"python","name":"python3"}},"language_info":{{"name":"python"}}}},"nbformat":4,"nbformat_minor":4}}"#,
            cells.join(",")
        )
    }
}

/// Text in lines of a width that can be read. A word that is longer stays whole.
fn wrapped(text: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn cell(kind: &str, text: &str, more: &str) -> String {
    format!(r#"{{"cell_type":"{kind}",{more}"metadata":{{}},"source":{}}}"#, json(text))
}

/// Text as a string of JSON.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign if sign < ' ' => {
                // Writing to a string cannot fail.
                write!(quoted, "\\u{:04x}", u32::from(sign)).ok();
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

/// A part of the site's program by its name.
fn piece(program: &str, name: &str) -> String {
    let parts = program.split("# %% ").find_map(|part| part.strip_prefix(name)?.strip_prefix('\n'));
    parts.unwrap_or_default().trim().to_owned()
}

/// The packed data as a Python string over many lines.
fn packed(data: &str) -> Option<String> {
    let data = data.trim();
    let lines: Vec<&str> = data.as_bytes().chunks(LINE).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    (!data.is_empty()).then(|| format!("# Compressed and in base64.\nPACKED = \"\"\"\n{}\n\"\"\"", lines.join("\n")))
}

/// What the lab sets, and what it measured.
fn lab(spec: &Spec, numbers: &MeasuredNumbers) -> String {
    let net = spec.architecture();
    let rows = spec.training.batch * if net.model == Model::Gpt { net.context } else { 1 };
    let is_small = spec.dataset() == Dataset::Chars && spec.adapt.kind == Adapt::Tokens;
    let number = |value: Option<f64>, key: &str| value.map(|value| format!("\"{key}\": {value:?}"));
    let layers = numbers.variances.iter().map(|(layer, before, behind)| {
        let both: Vec<String> = [number(*before, "z"), number(*behind, "h")].into_iter().flatten().collect();
        format!("        \"{layer}\": {{{}}},\n", both.join(", "))
    });
    let losses: Vec<String> = numbers.losses.iter().map(|loss| format!("{loss:?}")).collect();
    let losses: Vec<String> = losses.chunks(5).map(|row| format!("        {},\n", row.join(", "))).collect();
    format!(
        "# What is set in the lab, and what it measured: the variances at step 0, before the activation (z) and behind it\n\
         # (h), and the losses of the first steps.\n\
         LAB = {{\n    \"seed\": {},\n    \"data\": \"{}\",\n    \"labels\": {},\n    \"examples\": {},\n    \"small\": {},\n    \"batch\": {},\n    \
         \"context\": {},\n    \"masks\": {},\n    \"variances\": {{\n{}    }},\n    \"losses\": [\n{}    ],\n}}",
        spec.run.seed,
        spec.data_id(),
        // Before a network is adapted to all classes it learns the first half of them.
        if spec.adapt.kind == Adapt::Lora { net.classes.div_ceil(2) } else { net.classes },
        spec.examples().map_or("None".to_owned(), |few| few.to_string()),
        if is_small { "True" } else { "False" },
        spec.training.batch,
        net.context,
        // A window of the factors begins at one of 8192 multiples of 64.
        rows * net.width + 8192 * 64,
        layers.collect::<String>(),
        losses.concat(),
    )
}
