//! The package for learning platforms: what is in it, and that any title comes through.

use std::io::Read;

use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::package::ScormPackage;
use init_lab::lab::snippet::Embedding;
use miniz_oxide::inflate::decompress_to_vec;
use rawzip::ZipArchive;

use crate::languages;

const GOAL: &str = "depth=6&init=normal&std=0.02&goal=variance-ratio<2;only=std";

fn packed(link: &str, title: &str, lang: Lang) -> Option<ScormPackage> {
    lang.learn(languages::texts(lang));
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, []);
    let home = "https://example.org/lab/";
    ScormPackage::of(&Embedding { home, lab: &lab, title, height: None, usual_height: 640 }, lang)
}

/// The files of a package, read by the zip's directory, with sizes and check sums compared.
fn unpacked(package: &ScormPackage) -> Vec<(String, String)> {
    let archive = ZipArchive::from_slice(&package.bytes).expect("a zip");
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().expect("an entry") {
        let name = entry.file_path().try_normalize().expect("a plain path").as_ref().to_owned();
        let local = archive.get_entry(entry.wayfinder()).expect("its bytes");
        let plain = decompress_to_vec(local.data()).expect("deflated");
        let mut text = String::new();
        local.verifying_reader(plain.as_slice()).read_to_string(&mut text).expect("its check sum");
        files.push((name, text));
    }
    files
}

#[test]
fn a_package_has_what_its_manifest_lists() {
    let package = packed(GOAL, "Find σ", Lang::En).expect("there is a challenge");
    assert!(package.name.starts_with("init-lab-own-") && package.name.ends_with(".zip"), "{}", package.name);
    let files = unpacked(&package);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["imsmanifest.xml", "index.html", "report.js"]);
    let manifest = &files[0].1;
    for listed in [r#"<file href="index.html"/>"#, r#"<file href="report.js"/>"#, "<title>Find σ</title>"] {
        assert!(manifest.contains(listed), "{manifest}");
    }
    let page = &files[1].1;
    assert!(page.contains("https://example.org/lab/#v=1&amp;"), "{page}");
    assert!(page.contains("embed=1") && page.contains("goal=variance-ratio%3C2"), "{page}");
    assert!(page.contains(r#"<html lang="en">"#) && page.contains("no learning platform"), "{page}");
    let places = ["name", "title", "lang", "height", "frame", "link", "alone", "refused", "missing"];
    for place in places.map(|name| format!("{{{name}}}")) {
        assert!(!manifest.contains(&place) && !page.contains(&place), "{place} was not filled");
    }
}

#[test]
fn its_page_speaks_the_language_that_is_asked_for() {
    let package = packed(GOAL, "A", Lang::Vi).expect("there is a challenge");
    let (_, page) = &unpacked(&package)[1];
    assert!(page.contains(r#"<html lang="vi">"#) && page.contains("hệ thống học tập"), "{page}");
}

#[test]
fn a_prepared_challenge_has_its_own_name() {
    let package = packed("x=find-sigma", "A", Lang::En).expect("there is a challenge");
    assert_eq!(package.name, "init-lab-find-sigma.zip");
}

#[test]
fn signs_that_mean_something_come_through() {
    let package = packed(GOAL, "{link} \"Q\" & <b>'K'</b>\u{1} {title", Lang::En).expect("there is a challenge");
    let title = "{link} &quot;Q&quot; &amp; &lt;b&gt;'K'&lt;/b&gt; {title";
    for (name, text) in &unpacked(&package)[..2] {
        assert!(text.contains(&format!("<title>{title}</title>")), "{name}: {text}");
        assert!(!text.contains('\u{1}'));
    }
}

#[test]
fn without_a_challenge_there_is_none() {
    assert!(packed("depth=3", "A", Lang::En).is_none());
}
