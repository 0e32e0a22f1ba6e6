//! Writes down the profiles of the data sets for `science::data::likeness`: `coverage profiles` prints that file.

use init_lab::science::data::ExampleTable;
use init_lab::science::data::digits::digits;
use init_lab::science::data::likeness::{KINDS, profile};
use init_lab::science::data::spirals::spirals;

/// The text of the file.
pub(crate) fn written() -> String {
    let mut text = String::from(
        "//! Profiles of the data sets, made by `cargo run --release --bin coverage profiles`; a test compares them\n\
         //! with the rows.\n\nuse super::Written;\n",
    );
    for (name, of, table) in [
        ("DIGITS", "The digits.", digits()),
        ("DIGITS_HALF", "The digits 0 to 4.", digits().first_half()),
        ("SPIRALS", "The spirals of seed 0.", spirals(0)),
        ("SPIRALS_HALF", "Two of them.", spirals(0).first_half()),
    ] {
        text += &format!("\n/// {of}\npub(in super::super) const {name}: Written = {}", constant(&table));
    }
    text
}

fn constant(table: &ExampleTable) -> String {
    let profile = profile(table);
    let mut text =
        format!("Written {{\n    examples: {},\n    peak: {:.5},\n    lengths: [\n", profile.examples, profile.peak);
    for length in &profile.lengths {
        text += &format!("        [{:.6}, {:.6}],\n", length.share, length.square);
    }
    text += "    ],\n    pairs: [\n";
    for two in profile.pairs.chunks_exact(2 * KINDS) {
        let share = |kinds: std::ops::Range<usize>| two[kinds].iter().map(|kind| kind.share).sum::<f64>();
        text += &format!("        [{:.6}, {:.6}", share(0..KINDS), share(KINDS..2 * KINDS));
        for kind in two {
            text += &format!(", {:.5}", kind.correlation);
        }
        text += "],\n";
    }
    text + "    ],\n};\n"
}
