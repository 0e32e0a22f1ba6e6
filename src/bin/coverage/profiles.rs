//! Writes down the profiles of the data sets for `science::data::likeness`: `coverage profiles` prints that file.

use init_lab::science::data::likeness::{KINDS, profile};
use init_lab::science::data::{Dataset, ExampleTable};

/// The text of the file.
pub(crate) fn written() -> String {
    let mut text = String::from(
        "//! Profiles of the data sets, made by `cargo run --release --bin coverage profiles`; a test compares them\n\
         //! with the rows.\n\nuse super::WrittenRows;\n",
    );
    for (name, dataset, whole, half) in [
        ("DIGITS", Dataset::Digits, "The digits.", "The digits 0 to 4."),
        ("SPIRALS", Dataset::Spirals, "The spirals of seed 0.", "Two of them."),
        ("CIRCLES", Dataset::Circles, "The circles of seed 0.", "The inner one."),
        ("XOR", Dataset::Xor, "The squares of seed 0.", "The two on one diagonal."),
    ] {
        let Some(table) = dataset.table(0) else { continue };
        for (ending, of, table) in [("", whole, table.clone()), ("_HALF", half, table.first_half())] {
            let rows = constant(&table);
            text += &format!("\n/// {of}\npub(in super::super) const {name}{ending}: WrittenRows = {rows}");
        }
    }
    text
}

fn constant(table: &ExampleTable) -> String {
    let profile = profile(table);
    let mut text = format!("WrittenRows::of(\n    {},\n    {:.5},\n    [\n", profile.examples, profile.peak);
    for length in &profile.lengths {
        text += &format!("        [{:.6}, {:.6}],\n", length.share, length.square);
    }
    text += "    ],\n    [\n";
    for two in profile.pairs.chunks_exact(2 * KINDS) {
        let share = |kinds: std::ops::Range<usize>| two[kinds].iter().map(|kind| kind.share).sum::<f64>();
        text += &format!("        [{:.6}, {:.6}", share(0..KINDS), share(KINDS..2 * KINDS));
        for kind in two {
            text += &format!(", {:.5}", kind.correlation);
        }
        text += "],\n";
    }
    text + "    ],\n);\n"
}
