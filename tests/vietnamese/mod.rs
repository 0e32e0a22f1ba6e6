//! Everything that a Vietnamese reader reads, line by line.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect()
}

/// What a Vietnamese reader reads, as pairs of a file and a line: texts, pages, cards, and the notes of experiments.
pub(crate) fn vietnamese() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = ["static/lang/vi.toml", "www/schemes/vi.html"].map(|path| root.join(path));
    let whole = own.into_iter().chain(files("www/lessons/vi")).chain(files("examples/mkdocs/docs/vi"));
    let both = files("static/studies").into_iter().chain(files("static/experiments"));
    let is_vietnamese = |line: &str| line.starts_with("vi =");
    let lines = |path: PathBuf, keep: fn(&str) -> bool| {
        let text = fs::read_to_string(&path).expect("a text");
        let name = path.display().to_string();
        text.lines().filter(|line| keep(line)).map(|line| (name.clone(), line.to_owned())).collect::<Vec<_>>()
    };
    whole.flat_map(|path| lines(path, |_| true)).chain(both.flat_map(|path| lines(path, is_vietnamese))).collect()
}
