//! Links and messages that outsiders wrote down still mean what they meant.
//!
//! `tests/golden/recorded.json` was written by an earlier version of the lab. It is not made again when
//! something changes: what differs is a promise broken, and docs/contract.md says which may be. Links are
//! added by running the ignored test, which leaves what stands there alone.

use std::collections::BTreeMap;
use std::fs;

use init_lab::lab::catalog::all;
use init_lab::lab::knob::{KNOBS, Kind};
use init_lab::lab::link::Lab;
use init_lab::lab::message::{Asked, Request, ready};
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Device, DeviceReport};
use init_lab::lab::spec::{Model, Spec};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::view::{Chart, PARTS};
use init_lab::science::seed::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/recorded.json");

#[derive(Default, Serialize, Deserialize)]
struct Recorded {
    /// The knobs of each model's own network.
    models: BTreeMap<String, BTreeMap<String, Value>>,
    links: Vec<RecordedLink>,
    transcripts: Vec<Transcript>,
}

/// What a link opens.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RecordedLink {
    link: String,
    /// The link that restores everything, and the one that the address bar shows.
    restores: String,
    address: String,
    /// The keys of the notices that a person gets.
    notices: Vec<String>,
    /// The knobs as `initlab:ready` tells them, where they differ from the model's own.
    spec: BTreeMap<String, Value>,
    /// Theory's variance of the first, the middle and the last layer's output, to six digits.
    variances: Vec<Option<String>>,
}

/// What an embedding page asks, and the lab's link after each.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Transcript {
    opens: String,
    steps: Vec<(Value, String)>,
}

fn opened(link: &str) -> RecordedLink {
    let (lab, notices) = Lab::default().open(link);
    let base = knobs(&Spec::default_for(lab.spec.network.model));
    let spec = knobs(&lab.spec).into_iter().filter(|(key, value)| key == "model" || base.get(key) != Some(value));
    let layers = predict(&lab.spec).layers;
    let last = layers.len() - 1;
    let digits = |value: f64| format!("{value:.5e}");
    RecordedLink {
        link: link.to_owned(),
        restores: lab.link(),
        address: lab.address(),
        notices: notices.iter().map(|notice| notice.key.to_owned()).collect(),
        spec: spec.collect(),
        variances: [0, last / 2, last].map(|at| layers[at].activation_var.map(digits)).to_vec(),
    }
}

fn knobs(spec: &Spec) -> BTreeMap<String, Value> {
    let device = DeviceReport { device: Device::Cpu, adapter: String::new(), software: false, reason: None };
    let told = serde_json::to_value(ready(&device, spec)).expect("a message");
    serde_json::from_value(told["spec"].clone()).expect("knobs by name")
}

/// The knobs that links leave out are the models' own, and these too stay what they were.
#[test]
fn a_bare_link_is_the_model_s_own_network() {
    let of = |model: &str| Recorded::from_file().models[model].clone();
    for model in Model::ALL {
        assert_eq!(knobs(&Spec::default_for(*model)), of(model.id()));
    }
}

fn played(opens: &str, asked: Vec<Value>) -> Transcript {
    let mut state = State::open(opens);
    let steps = asked.into_iter().map(|message| {
        let read = serde_json::from_value::<Asked>(message.clone()).ok().and_then(Request::read);
        let edit = match read {
            Some(Request::Set(link)) => Some(Edit::Set(link)),
            Some(Request::Play) => Some(Edit::Play),
            Some(Request::Pause) => Some(Edit::Pause),
            Some(Request::Step(steps)) => Some(Edit::Step(steps)),
            Some(Request::Reset) => Some(Edit::Reset),
            Some(Request::Get) | None => None,
        };
        if let Some(edit) = edit {
            state.edit(edit);
        }
        (message, state.lab.link())
    });
    let steps = steps.collect();
    Transcript { opens: opens.to_owned(), steps }
}

impl Recorded {
    fn from_file() -> Self {
        serde_json::from_str(&fs::read_to_string(FILE).expect("the record")).expect("JSON")
    }
}

#[test]
fn links_of_before_open_what_they_opened() {
    let Recorded { links, .. } = Recorded::from_file();
    assert!(links.len() >= 200, "{} links", links.len());
    let others: Vec<String> = links
        .iter()
        .filter_map(|before| {
            let now = opened(&before.link);
            (now != *before).then(|| format!("{}\n  was {before:?}\n  is  {now:?}", before.link))
        })
        .collect();
    assert!(others.is_empty(), "{} of {} links:\n{}", others.len(), links.len(), others.join("\n"));
}

#[test]
fn messages_of_before_do_what_they_did() {
    let Recorded { transcripts, .. } = Recorded::from_file();
    assert!(transcripts.len() >= 20, "{} transcripts", transcripts.len());
    for before in transcripts {
        let asked = before.steps.iter().map(|(message, _)| message.clone()).collect();
        assert_eq!(played(&before.opens, asked), before);
    }
}

/// Adds what is not recorded yet.
#[test]
#[ignore = "it writes the record"]
fn record() {
    let before = fs::read_to_string(FILE).ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut record: Recorded = before.unwrap_or_default();
    for model in Model::ALL {
        record.models.entry(model.id().to_owned()).or_insert_with(|| knobs(&Spec::default_for(*model)));
    }
    for link in prepared().into_iter().chain(odd()).chain((0..150).map(drawn)) {
        if record.links.iter().all(|known| known.link != link) {
            record.links.push(opened(&link));
        }
    }
    for number in 0..24 {
        let opens = drawn(number);
        if record.transcripts.iter().all(|known| known.opens != opens) {
            record.transcripts.push(played(&opens, messages(number)));
        }
    }
    fs::write(
        FILE,
        serde_json::to_string(&record)
            .expect("JSON")
            .replace("{\"link\"", "\n{\"link\"")
            .replace("{\"opens\"", "\n{\"opens\"")
            + "\n",
    )
    .expect("written");
}

fn prepared() -> Vec<String> {
    all()
        .iter()
        .flat_map(|lab| [format!("#v=1&x={}", lab.id), format!("#v=1&{}&embed=1&show=std,variance", lab.link)])
        .collect()
}

/// What people mistype, paste from elsewhere, or try.
fn odd() -> Vec<String> {
    [
        "",
        "#",
        "#v=1",
        "v=1&std=0.02",
        "#v=2&std=0.02",
        "#std=banana",
        "#std=1e400",
        "#std=-1",
        "#std=0",
        "#depth=0",
        "#depth=1000",
        "#depth=3.7",
        "#width=1",
        "#seed=18446744073709551615",
        "#seed=-1",
        "#model=lstm",
        "#x=nothing",
        "#x=llama&model=mlp",
        "#frobnicate=1&utm_source=mail",
        "#lang=vi&theme=dark&autoplay=1",
        "#lang=fr&theme=pink",
        "#embed=on&show=std,nothing,loss",
        "#show=start&hide=init&lock=std",
        "#init=formula&formula=sqrt(2/fan_in)",
        "#init=formula&formula=1/0",
        "#formula=%ED%A0%80",
        "#model=gpt&init.q=xavier-normal&gain.q=2",
        "#model=gpt&formula.mlp-out=0.02/sqrt(2*depth)",
        "#std.q=0.1",
        "#model=gpt&std.position=0.01",
        "#gain=2",
        "#init=kaiming-normal&gain=auto&fan=out",
        "#init=lsuv&bias=2",
        "#norm=batch&pos=inner",
        "#model=gpt&norm=batch",
        "#model=gpt&block=llama&tied=on",
        "#model=gpt&width=30&heads=4",
        "#adapt=lora&rank=4&adapt-at=10",
        "#model=gpt&adapt=tokens",
        "#std=0.1&std=0.2",
        "#act=tanh&init=kaiming-normal",
        "#data=text",
        "#model=gpt&data=digits",
        "#opt=sgd&wd=0.1&decay=matrices",
        "%",
        "&&&===",
        "#%00%ff",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A link by its number: a model, and a handful of knobs with values of theirs.
fn drawn(number: u64) -> String {
    let mut stream = Stream::new(number, "recorded");
    let mut link = format!("#v=1&model={}", if stream.uniform() < 0.5 { "mlp" } else { "gpt" });
    for knob in KNOBS.iter().filter(|knob| knob.id != "model") {
        if stream.uniform() > 0.14 {
            continue;
        }
        let place = stream.uniform();
        let value = match knob.kind {
            Kind::Choice(ids) => ids[(place * ids.len() as f64) as usize].to_owned(),
            Kind::Switch => (if place < 0.5 { "on" } else { "off" }).to_owned(),
            Kind::Seed => ((place * 1e6) as u64).to_string(),
            Kind::Widths => ["48-24", "auto", "784-32-16-10"][(place * 3.0) as usize].to_owned(),
            Kind::Formula => ["sqrt(2/fan_in)", "0.02", "1/sqrt(fan_in*layer)"][(place * 3.0) as usize].to_owned(),
            Kind::Range(range) => {
                let (low, high) = (range.from, range.to.min(96.0));
                let value = if range.log { low * (high / low).powf(place) } else { low + place * (high - low) };
                format!("{:.3}", if range.whole { value.round() } else { value })
            }
        };
        link += &format!("&{}={value}", knob.id);
    }
    if stream.uniform() < 0.3 {
        let names: Vec<&str> =
            Chart::ALL.iter().map(|chart| chart.id()).chain(PARTS).chain(["std", "network"]).collect();
        let name = |stream: &mut Stream| names[(stream.uniform() * names.len() as f64) as usize];
        link += &format!("&show={},{}&hide={}", name(&mut stream), name(&mut stream), name(&mut stream));
    }
    link
}

fn messages(number: u64) -> Vec<Value> {
    let set = |link: String| serde_json::json!({ "v": 1, "type": "initlab:set", "link": link });
    let plain = |kind: &str| serde_json::json!({ "v": 1, "type": format!("initlab:{kind}") });
    vec![
        plain("get"),
        set(drawn(1000 + number)),
        plain("play"),
        serde_json::json!({ "v": 1, "type": "initlab:step", "n": number }),
        set("std=0.05&depth=7".to_owned()),
        plain("pause"),
        set(format!("x={}", all()[number as usize % all().len()].id)),
        serde_json::json!({ "v": 2, "type": "initlab:set", "link": "std=9" }),
        set("lr=0.5&theme=dark".to_owned()),
        plain("reset"),
    ]
}
