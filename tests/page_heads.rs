//! In what order the pages of the site ask for their files: a policy in a page keeps the browser from looking ahead while it
//! waits for a script, and then each file would wait for the one before it.

use std::fs;
use std::path::{Path, PathBuf};

/// Every page that is copied to the site, and the lab's.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let html = files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    html.chain(folders.iter().flat_map(|folder| pages(folder))).collect()
}

/// The places at which a text has this word.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(word).map(|(at, _)| (at, text[at..].lines().next().unwrap_or_default()))
}

#[test]
fn nothing_that_the_first_view_needs_waits_for_a_script() {
    let mut scripts = 0;
    for path in pages(Path::new("www")).into_iter().chain([PathBuf::from("index.html")]) {
        let text = fs::read_to_string(&path).expect("a page");
        let path = path.display();
        let blocking = places(&text, "<script ")
            .filter(|(_, line)| !["async", "defer", "module"].iter().any(|word| line.contains(word)));
        let blocking: Vec<(usize, &str)> = blocking.collect();
        let Some((first, _)) = blocking.first() else { continue };
        for (at, line) in
            places(&text, "<link ").filter(|(_, line)| line.contains("stylesheet") || line.contains("rel=\"css\""))
        {
            assert!(at < *first, "{path}: {line} waits for a script");
        }
        for (at, line) in &blocking[1..] {
            let file = line.split('"').nth(1).expect("a file");
            let preload = format!("<link rel=\"preload\" href=\"{file}\" as=\"script\">");
            let early = text.find(&preload).is_some_and(|preload| preload < *first);
            assert!(early, "{path}: {line} at {at} waits for another script");
        }
        scripts += blocking.len();
    }
    assert!(scripts > 20, "{scripts}");
}
