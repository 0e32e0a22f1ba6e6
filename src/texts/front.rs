//! What the lab's page shows before its program comes: the question and theory's line of the lab as it opens, drawn here,
//! so that the first picture waits for nothing but the page; of a prepared lab they are in a small file of their own, which
//! `static/early.js` fetches while the program is on its way. The style sheets go into the page, because a browser paints
//! nothing before it has them all.

use std::fs;
use std::path::Path;

use init_lab::lab::catalog::{self, Experiment};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::lab::question::question;
use init_lab::lab::spec::Spec;
use init_lab::lab::view::Chart;

use crate::table::Failure;

/// Finishes the lab's page in the site's folder. Done twice, it changes nothing more.
pub(crate) fn finish(site: &Path) -> Result<(), Failure> {
    let path = site.join("index.html");
    let Ok(page) = fs::read_to_string(&path) else { return Ok(()) };
    let page = asked_early(&with_styles(site, &page)?)?;
    let spec = Lab::default().spec;
    let page = filled(&page, "question", &asked(&spec))?;
    let page = filled(&page, "picture", &picture(&spec))?;
    let page = filled(&page, "prepared", &prepared(site)?)?;
    Ok(fs::write(path, page)?)
}

/// Writes the first picture of each prepared lab that has one, as `first/<id>.html`, and returns the list of them.
fn prepared(site: &Path) -> Result<String, Failure> {
    fs::create_dir_all(site.join("first"))?;
    let mut ids = Vec::new();
    for Experiment { id, link, .. } in catalog::all() {
        let (Lab { spec, view, .. }, _) = Lab::from_link(link);
        // What a student is to predict is not shown before.
        if view.predict.is_some() || !view.measured_charts(&spec).contains(&Chart::Variance) {
            continue;
        }
        let text = format!("<h1>{}</h1><section>{}</section>", asked(&spec), picture(&spec));
        fs::write(site.join(format!("first/{id}.html")), text)?;
        ids.push(*id);
    }
    Ok(format!(r#"<template id="prepared" data-ids="{}"></template>"#, ids.join(" ")))
}

/// The question of a network, in both languages.
fn asked(spec: &Spec) -> String {
    in_both(|lang| {
        let [before, sigma, after] = question(spec, lang);
        format!("{before}<b>{sigma}</b>{after}")
    })
}

/// The page with what stands between two marks replaced.
pub(crate) fn filled(page: &str, name: &str, text: &str) -> Result<String, Failure> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let parts = page.split_once(&open).and_then(|(head, rest)| Some((head, rest.split_once(&close)?.1)));
    let (head, tail) = parts.ok_or(format!("there is no {open}"))?;
    Ok(format!("{head}{open}{text}{close}{tail}"))
}

/// A text in both languages, of which the style sheet shows the reader's.
fn in_both(text: impl Fn(Lang) -> String) -> String {
    let one = |lang: Lang| format!(r#"<span lang="{}">{}</span>"#, lang.id(), text(lang));
    [Lang::En, Lang::Vi].map(one).concat()
}

/// The page with what its program is made of asked for before any script is waited for, but after the scripts, which the first
/// picture needs. Trunk puts it at the end of the head.
fn asked_early(page: &str) -> Result<String, Failure> {
    const FIRST_SCRIPT: &str = r#"<script src="site.js">"#;
    let wasm = taken(page, r#"<link rel="preload" href="./page-"#)?;
    let rest = page.replacen(&wasm, "", 1);
    let module = taken(&rest, r#"<link rel="modulepreload" href="./page-"#)?;
    let rest = rest.replacen(&module, "", 1);
    // What `scripts/split.sh` puts between the two parts of the program, unless this was done before.
    let between = module.replacen(".js", "-split.js", 1);
    let modules = if rest.contains(&between) { module } else { format!("{module}{between}") };
    let at = rest.find(FIRST_SCRIPT).ok_or("the lab's page has no first script")?;
    let (head, tail) = rest.split_at(at);
    let (scripts, body) = tail.split_once("</head>").ok_or("the lab's page has no head")?;
    Ok(format!("{}\n  {wasm}\n  {scripts}{modules}</head>{body}", head.trim_end()))
}

/// The element of a page that begins so.
fn taken(page: &str, begin: &str) -> Result<String, Failure> {
    let from = page.find(begin).ok_or(format!("the lab's page has no {begin}"))?;
    let length = page[from..].find('>').ok_or(format!("{begin} does not end"))?;
    Ok(page[from..=from + length].to_owned())
}

/// The page with its style sheets in it, which saves the way to the server and back that a sheet of its own takes.
fn with_styles(site: &Path, page: &str) -> Result<String, Failure> {
    const LINK: &str = r#"<link rel="stylesheet" href="./"#;
    let (sheets, rest): (Vec<&str>, Vec<&str>) = page.lines().partition(|line| line.trim_start().starts_with(LINK));
    let names = sheets.iter().filter_map(|line| line.trim_start().strip_prefix(LINK)?.split('"').next());
    let names: Vec<&str> = names.collect();
    let Some(at) = page.lines().position(|line| sheets.first() == Some(&line)) else { return Ok(page.to_owned()) };
    let all = names.iter().map(|name| fs::read_to_string(site.join(name))).collect::<Result<Vec<_>, _>>()?.concat();
    names.iter().try_for_each(|name| fs::remove_file(site.join(name)))?;
    let style = format!("<style>\n{all}</style>");
    let lines: Vec<&str> =
        rest[..at].iter().copied().chain([style.as_str()]).chain(rest[at..].iter().copied()).collect();
    Ok(lines.join("\n") + "\n")
}

/// The chart of the variance of a network that is not trained yet, with theory's line alone, in the colours of the style
/// sheet.
fn picture(spec: &Spec) -> String {
    let prediction = predict(spec);
    let logs: Vec<f64> = prediction
        .layers
        .iter()
        .filter_map(|layer| layer.activation_var)
        .map(f64::log10)
        .filter(|log| log.is_finite())
        .collect();
    let (low, high) = logs.iter().fold((0.0_f64, 0.0_f64), |(low, high), log| (low.min(*log), high.max(*log)));
    let margin = 0.06 * (high - low);
    let (low, high) = (low - margin, high + margin);
    let share = |log: f64| 100.0 * (high - log) / (high - low);
    // As wide as the axis of the chart: a little room beside the first and the last layer.
    let place = |at: usize| 100.0 * (at as f64 + 0.6) / (logs.len() as f64 + 0.2);
    let points: Vec<String> =
        logs.iter().enumerate().map(|(at, log)| format!("{:.2},{:.2}", place(at), share(*log))).collect();
    let stride = ((high - low) / 6.0).floor().max(1.0) as usize;
    let ticks: Vec<i32> = (low.ceil() as i32..=0).rev().step_by(stride).collect();
    let grid: String = ticks
        .iter()
        .map(|log| format!(r#"<line x1="0" x2="100" y1="{0:.2}" y2="{0:.2}"/>"#, share(f64::from(*log))))
        .collect();
    let label = |log: &i32| match log {
        0 => format!(r#"<span style="top:{:.2}%">1</span>"#, share(0.0)),
        log => format!(r#"<span style="top:{:.2}%">10<sup>{log}</sup></span>"#, share(f64::from(*log))),
    };
    let labels: String = ticks.iter().map(label).collect();
    let title = in_both(|lang| lang.text("chart.variance-title").to_owned());
    let named = [Lang::En, Lang::Vi].map(|lang| lang.text("chart.variance-title")).join(" / ");
    format!(
        r#"<header><h2>{title}</h2></header><div class="picture"><div class="first-picture" role="img" aria-label="{named}"><svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><g>{grid}</g><polyline points="{}"/></svg><div aria-hidden="true">{labels}</div></div></div>"#,
        points.join(" ")
    )
}
