//! The bar on top is the same on every page of the site, whoever writes it.

use std::collections::BTreeMap;
use std::fs;

use init_lab::lab::lang::Lang;

const PARTS: [&str; 5] = ["lab", "lessons", "experiments", "schemes", "embed"];

/// The texts below `[nav]` of a language.
fn texts(lang: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(format!("static/lang/{lang}.toml")).expect("texts");
    let file: toml::Table = text.parse().expect("TOML");
    let nav = file["nav"].as_table().expect("[nav]");
    nav.iter().map(|(key, text)| (key.clone(), text.as_str().expect("a text").to_owned())).collect()
}

/// The pages in plain HTML, each with its language, the way up to the site's root, and the part that it belongs to.
fn pages() -> Vec<(String, &'static str, &'static str, &'static str)> {
    let mut pages = Vec::new();
    for lang in Lang::IDS.iter().copied() {
        for lesson in
            ["index", "variance", "transformer", "training", "scaling", "optimizers", "recipe", "forgive", "adapt"]
        {
            pages.push((format!("www/lessons/{lang}/{lesson}.html"), lang, "../../", "lessons"));
        }
        pages.push((format!("www/schemes/{lang}.html"), lang, "../", "schemes"));
    }
    pages
}

#[test]
fn every_page_leads_to_every_part_in_its_own_language() {
    for (path, lang, up, here) in pages() {
        let (page, texts) = (fs::read_to_string(&path).unwrap(), texts(lang));
        let nav = page.split("<nav class=\"site\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let nav = nav.unwrap_or_else(|| panic!("{path} has no way to the parts of the site"));
        assert!(nav.starts_with(&format!(" aria-label=\"{}\">", texts["site"])), "{path}");
        let links: Vec<&str> = nav.lines().filter(|line| line.contains("<a ")).collect();
        assert_eq!(links.len(), PARTS.len(), "{path}");
        for (part, link) in PARTS.iter().zip(links) {
            assert!(link.ends_with(&format!(">{}</a>", texts[*part])), "{path}: {link}");
            assert_eq!(link.contains("aria-current"), *part == here, "{path}: {link}");
            let href = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            let file = href.split(['#', '?']).next().unwrap();
            let folder = path.rsplit_once('/').unwrap().0;
            let is_there = match *part {
                "lab" => file == up,
                _ => fs::exists(format!("{folder}/{file}")).unwrap(),
            };
            assert!(is_there, "{path}: {href} leads nowhere");
            let own = ["lab", "experiments", "embed"].contains(part);
            assert!(!own || href.ends_with(&format!("lang={lang}")), "{path}: {href} forgets the language");
        }
        assert!(page.contains(&format!("<a class=\"skip\" href=\"#main\">{}</a>", texts["skip"])), "{path}");
        assert!(page.contains(&format!("data-colours aria-label=\"{}\"", texts["colours"])), "{path}");
        assert!(page.contains("<main id=\"main\""), "{path} has nothing to skip to");
        // Before there is anything to draw, so that a dark page never flashes.
        let script = page.find(&format!("<script src=\"{up}site.js\"></script>")).expect("no site.js");
        assert!(page.find("<body").is_some_and(|body| script < body), "{path}");
    }
}

#[test]
fn every_page_of_a_program_keeps_what_the_reader_chose() {
    for page in ["index.html", "www/experiments.html", "www/studio.html"] {
        assert!(fs::read_to_string(page).unwrap().contains("<script src=\"site.js\"></script>"), "{page}");
    }
    let script = fs::read_to_string("static/site.js").unwrap();
    let browser = fs::read_to_string("src/shell/browser.rs").unwrap();
    for key in ["theme", "lab"] {
        assert!(script.contains(&format!("kept('{key}')")), "{key}");
        assert!(browser.contains(&format!("\"init-lab/{key}\"")), "{key}");
    }
}
