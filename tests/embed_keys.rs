//! The attributes that `<init-lab>` takes for keys of a link are those of the lab, no more and no less.

use std::collections::BTreeSet;
use std::fs;

use init_lab::lab::knob::KNOBS;
use init_lab::lab::link::Lab;

/// All texts that a pattern of alternatives, groups, optional groups and ranges of letters matches.
fn matches(pattern: &str) -> Vec<String> {
    let (all, rest) = alternatives(pattern);
    assert_eq!(rest, "", "{pattern}");
    all
}

fn alternatives(mut rest: &str) -> (Vec<String>, &str) {
    let mut all = Vec::new();
    loop {
        let mut ends = vec![String::new()];
        while let Some(sign) = rest.chars().next().filter(|sign| !"|)".contains(*sign)) {
            let (parts, after) = match sign {
                '(' => {
                    let (inside, after) = alternatives(&rest[1..]);
                    (inside, after.strip_prefix(')').expect("a group that ends"))
                }
                '[' => {
                    let letters: Vec<char> = rest[1..5].chars().collect();
                    assert_eq!((letters[1], letters[3]), ('-', ']'), "{rest}");
                    ((letters[0]..=letters[2]).map(String::from).collect(), &rest[5..])
                }
                '\\' => (vec![rest[1..2].to_owned()], &rest[2..]),
                _ => (vec![sign.to_string()], &rest[1..]),
            };
            let (parts, after) = match after.strip_prefix('?') {
                Some(after) => ([parts, vec![String::new()]].concat(), after),
                None => (parts, after),
            };
            ends = ends.iter().flat_map(|end| parts.iter().map(move |part| format!("{end}{part}"))).collect();
            rest = after;
        }
        all.extend(ends);
        match rest.strip_prefix('|') {
            Some(after) => rest = after,
            None => return (all, rest),
        }
    }
}

#[test]
fn a_pattern_is_read_as_browsers_read_it() {
    assert_eq!(matches(r"a|b(\.(x|y-z))?|[c-d]"), ["a", "b.x", "b.y-z", "b", "c", "d"]);
}

#[test]
fn the_element_knows_the_keys_of_the_lab_and_no_others() {
    let script = fs::read_to_string("www/embed.js").unwrap();
    let patterns = ["BASIC", "VIEW", "FLAG", "REST"].map(|name| {
        let line = script.split(&format!("const {name} = /^(")).nth(1).unwrap_or_else(|| panic!("no {name}"));
        line.split(")$/;").next().expect("an end")
    });
    let mut found: BTreeSet<String> = patterns.iter().flat_map(|pattern| matches(pattern)).collect();
    assert!(found.remove("link") && found.remove("experiment"));
    found.insert("x".to_owned());

    // Knobs have a table; what else stands in a link, the contract lists.
    let contract = fs::read_to_string("docs/contract.md").unwrap();
    let links = contract.split("## Link").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("links");
    let rows = links.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let mut keys: BTreeSet<String> = rows.flat_map(|row| row.split(['`', ' '])).map(str::to_owned).collect();
    keys.retain(|key| !key.is_empty() && !key.contains('<'));
    keys.extend(KNOBS.iter().map(|knob| knob.id.to_owned()));
    assert_eq!(found, keys);
    for key in keys {
        let (_, notices) = Lab::from_link(&format!("{key}="));
        assert!(notices.iter().all(|notice| notice.key != "unknown-key"), "{key}: {notices:?}");
    }
}
