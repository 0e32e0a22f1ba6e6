//! The pictures of the pages of schemes: what theory expects in the lab that a card opens. They are drawn by the build, so
//! that none can be out of date.

use std::fs;
use std::path::Path;

use init_lab::lab::gallery::{DepthSketch, SKETCH};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;

use crate::table::Failure;

/// Puts a picture below the name of each card, in both languages. Done twice, it changes nothing more.
pub(crate) fn finish(site: &Path) -> Result<(), Failure> {
    for lang in Lang::ALL {
        let path = site.join(format!("schemes/{}.html", lang.id()));
        let Ok(page) = fs::read_to_string(&path) else { continue };
        if page.contains("class=\"sketch ") {
            continue;
        }
        let (head, cards) = page.split_once("<article").ok_or("the page of schemes has no card")?;
        let cards = cards.split("<article").map(|card| drawn(card, *lang)).collect::<Result<Vec<_>, _>>()?;
        fs::write(&path, format!("{head}<article{}", cards.join("<article")))?;
    }
    Ok(())
}

fn drawn(card: &str, lang: Lang) -> Result<String, Failure> {
    let link = card.split_once("href=\"../#").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
    let link = link.ok_or("a card of a scheme has no link")?.replace("&amp;", "&");
    let picture = picture(&DepthSketch::new(&Lab::from_link(&link).0.spec), lang);
    let (name, rest) = card.split_once("</h3>\n").ok_or("a card of a scheme has no name")?;
    Ok(format!("{name}</h3>\n  {picture}\n{rest}"))
}

fn picture(sketch: &DepthSketch, lang: Lang) -> String {
    let [width, height] = SKETCH;
    let zone = sketch.zone.map_or("other", |zone| zone.id());
    let label = lang.text(&format!("cards.{zone}")).to_owned();
    let note = match (sketch.dead, sketch.variance.is_empty()) {
        (true, _) => "= 0",
        (false, true) => lang.text("cards.silent"),
        (false, false) => "",
    };
    let note = match note {
        "" => String::new(),
        words => format!(r#"<text x="{}" y="{}">{words}</text>"#, width / 2.0, height - 10.0),
    };
    format!(
        r#"<svg class="sketch {zone}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}"><path class="level" d="M0 {}H{width}"/><path class="gradient" d="{}"/><path class="variance" d="{}"/>{note}</svg>"#,
        height / 2.0,
        sketch.gradient,
        sketch.variance
    )
}
