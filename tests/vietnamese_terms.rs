//! The Vietnamese texts use one word for one thing, that of `docs/vietnamese.md`.

use crate::vietnamese::vietnamese;

/// A row of the glossary: the English term, the word that is chosen, and those that are not.
struct Term {
    english: String,
    chosen: String,
    others: Vec<String>,
}

fn glossary() -> Vec<Term> {
    let text = include_str!("../docs/vietnamese.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| English"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [english, chosen, others] = cells[..] else { panic!("{row}") };
        let others = others.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
        Term { english: english.to_owned(), chosen: chosen.to_lowercase(), others }
    })
    .collect()
}

/// Whether a word, or several, stand in a line by themselves and not as a part of another word.
fn says(line: &str, words: &str) -> bool {
    let is_edge = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    line.match_indices(words)
        .any(|(at, _)| is_edge(line[..at].chars().next_back()) && is_edge(line[at + words.len()..].chars().next()))
}

#[test]
fn one_word_for_one_thing() {
    let lines: Vec<(String, String)> =
        vietnamese().into_iter().map(|(file, line)| (file, line.to_lowercase())).collect();
    let terms = glossary();
    assert!(terms.len() > 20, "{} terms", terms.len());
    for Term { english, chosen, others } in terms {
        assert!(lines.iter().any(|(_, line)| says(line, &chosen)), "nothing says “{chosen}” for {english}");
        for other in others {
            let found: Vec<_> = lines.iter().filter(|(_, line)| says(line, &other)).collect();
            assert!(found.is_empty(), "“{other}” where “{chosen}” is meant: {found:#?}");
        }
    }
}

#[test]
fn a_word_is_told_from_a_part_of_one() {
    assert!(says("lan truyền (hoá) xong", "hoá"));
    assert!(!says("p hoán vị", "hoá"));
    assert!(says("bộ tối ưu", "bộ tối ưu"));
}
