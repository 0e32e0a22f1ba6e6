//! Numbers are written with a decimal point in both languages, as fields, links, axes, tables and code have them.

use crate::vietnamese::vietnamese;

/// Names of papers are written as their authors wrote them.
const QUOTED: [&str; 1] = ["Transformers to 1,000 Layers"];

/// A list such as `1, 2, 3` has spaces, so a comma between two digits is a decimal sign or stands between thousands.
fn has_comma_in_number(line: &str) -> bool {
    let is_number = |letters: &[char]| letters[0].is_ascii_digit() && letters[1] == ',' && letters[2].is_ascii_digit();
    let line = QUOTED.iter().fold(line.to_owned(), |line, quoted| line.replace(quoted, ""));
    line.chars().collect::<Vec<char>>().windows(3).any(is_number)
}

#[test]
fn no_comma_stands_in_a_number_in_vietnamese() {
    let lines = vietnamese();
    assert!(lines.iter().any(|(file, _)| file.ends_with("default.toml")), "notes of experiments are read");
    let wrong: Vec<_> = lines.iter().filter(|(_, line)| has_comma_in_number(line)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_decimal_comma_is_told_from_a_list() {
    assert!(has_comma_in_number("σ = 0,02"));
    assert!(!has_comma_in_number("0.02, 1/√(2L), 3"));
    assert!(!has_comma_in_number("Scaling Transformers to 1,000 Layers, 2022"));
}
