//! The tables are whole: knobs, texts, prepared labs, and numbers as they travel.

use std::collections::BTreeSet;

use init_lab::lab::catalog::all;
use init_lab::lab::knob::{Group, KNOBS, Kind, MODEL, ROLE_SCHEMES};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::message::{Message, PreviewCommand, PreviewMeasurement, PreviewReport, Request, resize, state};
use init_lab::lab::metric::Frame;
use init_lab::lab::number::{Number, round_to, show};
use init_lab::lab::prediction::predict;
use init_lab::lab::spec::{Model, Role, Scheme, Spec, data_shape, first_shape};
use init_lab::lab::view::Chart;
use init_lab::science::data::chars::{chars, small};

use crate::languages;

#[test]
fn every_knob_has_a_label_a_unit_and_its_choices_in_every_language() {
    let mut missing = Vec::new();
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        let mut need = |key: String| {
            if !texts.contains_key(&key) {
                missing.push(format!("{}: {key}", lang.id()));
            }
        };
        for group in Group::ALL {
            need(format!("group.{}", group.id()));
        }
        for knob in KNOBS {
            // The knobs of single matrices share their words.
            let shared = knob.id.split_once('.');
            match shared {
                Some((kind, role)) => [format!("knob-of.{kind}"), format!("role.{role}")].map(&mut need),
                None => [format!("knob.{}", knob.id), format!("hint.{}", knob.id)].map(&mut need),
            };
            match knob.kind {
                Kind::Choice(_) if shared.is_some() => need("option.role.model".to_owned()),
                Kind::Choice(ids) => ids.iter().for_each(|id| need(format!("option.{}.{id}", knob.id))),
                Kind::Range(range) if !range.unit.is_empty() => need(format!("unit.{}", range.unit)),
                _ => {}
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_chart_has_a_title_a_hint_and_a_note_on_how_to_read_it() {
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        for (chart, part) in Chart::ALL.iter().flat_map(|chart| ["title", "hint", "read"].map(|part| (chart, part))) {
            let key = format!("chart.{}-{part}", chart.id());
            assert!(texts.contains_key(&key), "{}: {key}", lang.id());
        }
    }
}

#[test]
fn the_languages_say_the_same() {
    let english = languages::texts(Lang::En);
    assert!(english.len() > 100, "{} keys", english.len());
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        assert!(texts.keys().eq(english.keys()), "{}", lang.id());
        for (key, text) in &texts {
            assert_eq!(places(text), places(&english[key]), "{} {key}", lang.id());
            assert!(!text.trim().is_empty(), "{} {key}", lang.id());
        }
    }
}

#[test]
fn a_matrix_can_have_every_scheme_that_fits_one() {
    let fitting = Scheme::ALL.iter().filter(|scheme| scheme.fits_one_matrix()).map(|scheme| scheme.id());
    assert_eq!(ROLE_SCHEMES, [MODEL].into_iter().chain(fitting).collect::<Vec<_>>());
    let rows: Vec<&str> = KNOBS.iter().filter(|knob| knob.group == Group::Matrices).map(|knob| knob.id).collect();
    let rows_of = |role: &Role| ["init", "std", "gain", "formula"].map(|kind| format!("{kind}.{}", role.id()));
    let roles = Role::OF_GPT.iter().flat_map(rows_of);
    assert_eq!(rows, roles.collect::<Vec<_>>());
}

#[test]
fn knob_ids_are_unique_and_starts_are_inside_their_ranges() {
    let ids: BTreeSet<&str> = KNOBS.iter().map(|knob| knob.id).collect();
    assert_eq!(ids.len(), KNOBS.len());
    for model in Model::ALL {
        let spec = Spec::default_for(*model);
        assert_eq!(spec.clone().settle(), [], "{model:?}");
        for knob in KNOBS {
            if let Some(range) = knob.range(&spec) {
                let value = knob.number(&spec);
                assert!((range.min..=range.max).contains(&value), "{}: {value}", knob.id);
                assert!(range.min <= range.from && range.from < range.to && range.to <= range.max, "{}", knob.id);
                assert!(!range.log || range.from > 0.0, "{}", knob.id);
            }
        }
    }
}

#[test]
fn every_prepared_lab_parses_and_is_in_the_list() {
    for experiment in all() {
        let (_, notices) = Lab::from_link(experiment.link);
        assert_eq!(notices, [], "{}", experiment.id);
        for lang in Lang::ALL {
            let texts = languages::texts(*lang);
            let is_there =
                |name: &str| texts.get(&format!("lab.{}.{name}", experiment.id)).is_some_and(|t| !t.is_empty());
            assert!(is_there("title") && is_there("note"), "{} {lang:?}", experiment.id);
        }
    }
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static/experiments")).expect("folder").count();
    assert_eq!(files, all().len(), "a file is not in static/order.toml");
}

#[test]
fn the_page_knows_the_data_without_loading_it() {
    use init_lab::lab::spec::Dataset::{self, Chars};
    let shape = |mut spec: Spec, data: Dataset| {
        spec.run.data = data;
        data_shape(&spec)
    };
    let tables = Dataset::ALL.iter().filter_map(|data| Some((*data, data.table(3)?)));
    for (data, table) in tables {
        let shape = shape(Spec::mlp(), data);
        let sizes = (shape.examples, shape.features, shape.classes);
        assert_eq!(sizes, (table.train, table.features, table.classes), "{data:?}");
        let share = |class| {
            table.labels[..table.train].iter().filter(|label| **label == class).count() as f64 / table.train as f64
        };
        let shares = (0..table.classes as u32).map(share).filter(|share| *share > 0.0);
        let entropy: f64 = shares.map(|share| -share * share.ln()).sum();
        // The classes of all but a text are equally common, or nearly.
        assert!((shape.entropy - entropy).abs() < if data == Chars { 1e-9 } else { 1e-3 }, "{data:?} {entropy}");
    }
    let text = chars();
    let written = shape(Spec::gpt(), Chars);
    assert_eq!((written.examples, written.classes), (0, text.vocabulary.len()));
    assert!((written.coincidence - text.coincidence()).abs() < 1e-9);
    assert!((written.entropy - text.entropy()).abs() < 1e-9);
    assert!(text.tokens.len() > 200_000);
    let before = small(false);
    let (lab, _) = Lab::from_link("model=gpt&adapt=tokens");
    let shape = first_shape(&lab.spec);
    assert_eq!(shape.classes, before.vocabulary.len());
    assert!((shape.coincidence - before.coincidence()).abs() < 1e-9);
    assert!((shape.entropy - before.entropy()).abs() < 1e-9);
}

#[test]
fn predictions_have_a_row_a_layer_for_every_model_and_scheme() {
    for model in Model::ALL {
        for scheme in Scheme::ALL {
            let mut spec = Spec::default_for(*model);
            spec.start.scheme = *scheme;
            let prediction = predict(&spec);
            assert_eq!(prediction.layers.len(), spec.architecture().layers().len(), "{model:?} {scheme:?}");
            for layer in &prediction.layers {
                let numbers = [layer.preactivation_var, layer.activation_var, layer.gradient];
                assert!(numbers.iter().flatten().all(|n| !n.is_nan() && *n >= 0.0), "{model:?} {scheme:?} {layer:?}");
            }
        }
    }
}

#[test]
fn numbers_survive_json_whatever_they_are() {
    for (value, json) in [(1.5, "1.5"), (f64::INFINITY, "\"Infinity\""), (f64::NEG_INFINITY, "\"-Infinity\"")] {
        assert_eq!(serde_json::to_string(&Number(value)).expect("json"), json);
        assert_eq!(serde_json::from_str::<Number>(json).expect("number"), Number(value));
    }
    assert!(serde_json::from_str::<Number>("\"NaN\"").expect("number").0.is_nan());
    assert!(serde_json::from_str::<Number>("\"nan\"").is_err());
    let json = r#"{"run":1,"step":2,"loss":"NaN","valLoss":null,"accuracy":0.5,"losses":[1,"NaN"],"layers":[],"weights":[],"stepMs":1.0}"#;
    let frame: Frame = serde_json::from_str(json).expect("frame");
    assert!(frame.loss.0.is_nan() && frame.losses[1].0.is_nan());
}

#[test]
fn numbers_are_shown_as_a_person_writes_them() {
    for (value, text) in [
        (0.02, "0.02"),
        (0.125, "0.125"),
        (1.0, "1"),
        (128.0, "128"),
        (12345.0, "12345"),
        (1.234e-7, "1.23·10⁻⁷"),
        (3.4e38, "3.4·10³⁸"),
        (f64::INFINITY, "∞"),
        (f64::NAN, "NaN"),
        (0.0, "0"),
    ] {
        assert_eq!(show(value), text);
    }
    assert_eq!(round_to(0.050_123, 3), 0.0501);
}

#[test]
fn messages_of_any_other_form_are_ignored() {
    let good = [
        (r#"{"v":1,"type":"initlab:set","link":"std=0.1"}"#, Request::Set("std=0.1".into())),
        (r#"{"v":1,"type":"initlab:step"}"#, Request::Step(1)),
        (r#"{"v":1,"type":"initlab:step","n":20}"#, Request::Step(20)),
        (r#"{"v":1,"type":"initlab:step","n":1e300}"#, Request::Step(1_000_000)),
        (r#"{"v":1,"type":"initlab:play","extra":[1]}"#, Request::Play),
    ];
    for (json, request) in good {
        assert_eq!(parse(json), Some(request), "{json}");
    }
    let bad = [
        "",
        "null",
        "[]",
        "7",
        "\"initlab:play\"",
        "{}",
        r#"{"type":"initlab:play"}"#,
        r#"{"v":2,"type":"initlab:play"}"#,
        r#"{"v":"1","type":"initlab:play"}"#,
        r#"{"v":1,"type":"play"}"#,
        r#"{"v":1,"type":["initlab:play"]}"#,
        r#"{"v":1,"type":"initlab:set"}"#,
        r#"{"v":1,"type":"initlab:set","link":{}}"#,
        r#"{"v":1,"type":"initlab:set","link":null}"#,
        r#"{"v":1,"type":"initlab:step","n":null}"#,
        r#"{"v":1,"type":"initlab:step","n":0}"#,
        r#"{"v":1,"type":"initlab:step","n":-4}"#,
        r#"{"v":1,"type":"initlab:step","n":"9"}"#,
        r#"{"v":1,"type":"initlab:step","n":1.5}"#,
    ];
    for json in bad {
        assert_eq!(parse(json), None, "{json}");
    }
}

#[test]
fn a_preview_is_heard_and_told_in_the_words_of_the_contract() {
    for (command, request) in [
        (PreviewCommand::PLAY, Request::Play),
        (PreviewCommand::PAUSE, Request::Pause),
        (PreviewCommand::GET, Request::Get),
    ] {
        assert_eq!(parse(&serde_json::to_string(&command).expect("json")), Some(request));
    }
    let heard = |json: &str| PreviewReport::read(serde_json::from_str(json).ok()?);
    let json = |message: Message| serde_json::to_string(&message).expect("json");
    let link = "#v=1&depth=3";
    assert_eq!(heard(&json(state(link.to_owned(), true))), Some(PreviewReport::Link(link.to_owned())));
    assert_eq!(heard(&serde_json::to_string(&resize(431.5)).expect("json")), Some(PreviewReport::Height(431.5)));
    for json in [
        "null",
        "7",
        r##"{"type":"initlab:state","link":"#v=1"}"##,
        r##"{"v":2,"type":"initlab:state","link":"#v=1"}"##,
        r#"{"v":1,"type":"initlab:state","link":7}"#,
        r#"{"v":1,"type":"initlab:state","running":true}"#,
        r#"{"v":1,"type":"initlab:resize"}"#,
        r#"{"v":1,"type":"initlab:resize","height":"9"}"#,
        r##"{"v":1,"type":"initlab:frame","link":"#v=1","height":9}"##,
    ] {
        assert_eq!(heard(json), None, "{json}");
    }
    let measured = |json: &str| PreviewMeasurement::read(serde_json::from_str(json).ok()?);
    let frame =
        r#"{"v":1,"type":"initlab:frame","run":1,"step":7,"layers":[{"name":"hidden.1","activationVar":"NaN"}]}"#;
    let told = measured(frame).expect("a measurement");
    assert_eq!((told.step, told.layers.len(), told.layers[0].name.as_str()), (7, 1, "hidden.1"));
    for json in [
        frame.replace("\"v\":1", "\"v\":2"),
        frame.replace("frame", "state"),
        frame.replace(":7", ":-7"),
        frame.replace("[{", "{").replace("}]", "}"),
        "null".to_owned(),
    ] {
        assert_eq!(measured(&json), None, "{json}");
    }
}

fn parse(json: &str) -> Option<Request> {
    Request::read(serde_json::from_str(json).ok()?)
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}
