//! Links: every knob goes there and back, and no hash can make the lab fail.

use init_lab::lab::catalog;
use init_lab::lab::effect::{Effect, is_ignored, resolved};
use init_lab::lab::knob::{Change, KNOBS, Kind, Knob};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::{Lab, prepared};
use init_lab::lab::notice::Notice;
use init_lab::lab::spec::{DeviceChoice, KINDS, Model, Norm, Scheme, Spec};
use init_lab::lab::state::State;
use init_lab::lab::view::{Chart, View};
use init_lab::science::seed::Stream;

use crate::languages;
use std::fs;
use std::path::Path;

#[test]
fn the_default_lab_is_the_bare_link() {
    assert_eq!(Lab::default().link(), "#v=1");
    for hash in ["", "#", "#v=1", "v=1"] {
        assert_eq!(Lab::from_link(hash), (Lab::default(), Vec::new()), "{hash:?}");
    }
}

#[test]
fn every_value_of_every_knob_goes_there_and_back() {
    for kind in KINDS {
        let base = Lab { spec: Spec::of_kind(kind).expect("a kind"), ..Lab::default() };
        for knob in KNOBS {
            for text in samples(knob, &base.spec) {
                let mut lab = base.clone();
                knob.write(&mut lab.spec, &text).unwrap_or_else(|notice| panic!("{}={text}: {notice:?}", knob.id));
                lab.spec.settle();
                let link = lab.link();
                assert_eq!(Lab::from_link(&link), (lab.clone(), Vec::new()), "{}={text} as {link}", knob.id);
                assert_seen_again(&lab);
            }
        }
    }
}

/// A lab's address makes the same network and the same view again, and leaves nothing to be said of its keys.
#[track_caller]
fn assert_seen_again(lab: &Lab) {
    let address = lab.address();
    let (again, notices) = Lab::default().open(&address);
    assert!(notices.iter().all(|notice| notice.key == "memory"), "{address}: {notices:?}");
    assert_eq!(Effect::lasting(&again.spec), Effect::lasting(&lab.spec), "{address}");
    assert_eq!((again.experiment, &again.view, again.address()), (lab.experiment, &lab.view, address));
}

#[test]
fn the_view_goes_there_and_back() {
    let link = "#v=1&lang=vi&theme=dark&embed=1&autoplay=1&show=std,variance&hide=optimizer,loss&lock=depth";
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, []);
    assert_eq!(lab.view.lang, Some(Lang::Vi));
    assert_eq!(lab.link(), link);
}

#[test]
fn experiments_are_a_base_for_differences() {
    for experiment in catalog::all() {
        let (lab, notices) = Lab::from_link(&format!("#v=1&x={}", experiment.id));
        assert_eq!((lab.spec.clone(), notices), (prepared(experiment), Vec::new()), "{}", experiment.id);
        assert_eq!(lab.link(), format!("#v=1&x={}", experiment.id));
        let (changed, _) = lab.apply("seed=77&std=0.33");
        assert_eq!(Lab::from_link(&changed.link()), (changed.clone(), Vec::new()));
        assert_seen_again(&changed);
    }
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let (one, _) = Lab::from_link("depth=2&heads=2&width=32&model=gpt&x=e3");
    let (other, _) = Lab::from_link("x=e3&model=gpt&width=32&heads=2&depth=2");
    assert_eq!(one, other);
    assert_eq!((one.spec.network.model, one.spec.network.depth, one.spec.network.width), (Model::Gpt, 2, 32));
}

/// Links as they come out of editors, mail programs and previews (WordPress/gutenberg#40166).
#[test]
fn links_that_were_bent_are_understood() {
    let link = "#v=1&act=tanh&init=formula&formula=1%2Bsqrt(2/fan_in)&std=0.1";
    let straight = Lab::from_link(link);
    assert_eq!(straight.1, []);
    let encoded = |text: &str, signs: &str| -> String {
        text.chars()
            .map(|sign| if signs.contains(sign) { format!("%{:02X}", u32::from(sign)) } else { sign.into() })
            .collect()
    };
    let whole = encoded(link, "#&=%+()/");
    let bent = [
        link.replace('&', "&amp;"),
        link.replace('&', "&amp;amp;"),
        link.replace('#', "?"),
        whole.clone(),
        whole.to_lowercase(),
        format!("#{}", encoded(&link[1..], "&=%")),
        format!("#{}", encoded(&link[1..], "&%")),
        encoded(&whole, "%"),
        encoded(&encoded(&whole, "%"), "%"),
        link.replace('#', "#utm_source=a&utm_medium=b&") + "&fbclid=x&gclid=y&_gl=1*z",
    ];
    for text in bent {
        assert_eq!(Lab::from_link(&text), straight, "{text}");
        assert_eq!(Lab::default().open(&text).1, Lab::default().open(link).1, "{text}");
    }
}

#[test]
fn what_cannot_be_taken_is_named() {
    let cases = [
        ("depth=500", "clamped"),
        ("std=-1", "clamped"),
        ("lr=1e400", "clamped"),
        ("lr=inf", "bad-value"),
        ("depth=2.5", "clamped"),
        ("std=NaN", "bad-value"),
        ("std=abc", "bad-value"),
        ("init=kaming", "bad-value"),
        ("init=wang", "needs-blocks"),
        ("model=gpt&init=lsuv", "lsuv-gpt"),
        ("init=lsuv&bias=2", "lsuv-bias"),
        ("init=lsuv&bias=1", "lsuv-bias"),
        ("init=rezero", "needs-residual"),
        ("model=gpt&init=deepnorm", "needs-post-norm"),
        ("model=gpt&block=llama&width=36&heads=12", "rope-heads"),
        ("model=gpt&block=llama&width=35&heads=7", "rope-width"),
        ("formula=sqrt(2/fan_im)", "formula"),
        ("init=formula&formula=1-layer", "formula-value"),
        ("model=rnn", "bad-value"),
        ("x=nothing", "bad-value"),
        ("seed=-3", "bad-value"),
        ("show=everything", "bad-value"),
        ("lang=fr", "bad-value"),
        ("colour=red", "unknown-key"),
        ("v=2", "version"),
        ("model=gpt&data=digits", "data"),
        ("model=gpt&adapt=lora", "lora-gpt"),
        ("adapt=tokens", "tokens-mlp"),
        ("adapt=lora&width=16&rank=32", "clamped"),
        ("clip=0.001", "clamped"),
        ("model=gpt&pos=inner", "inner-gpt"),
        ("model=gpt&norm=batch", "batch-norm-gpt"),
        ("norm=batch&batch=1", "batch-norm-one"),
        ("model=gpt&width=50&heads=4", "heads"),
    ];
    for (hash, key) in cases {
        let (_, notices) = Lab::from_link(hash);
        let keys: Vec<&str> = notices.iter().map(|notice| notice.key).collect();
        assert_eq!(keys, [key], "{hash}");
        for lang in Lang::ALL {
            lang.learn(languages::texts(*lang));
            let text = lang.notice(&notices[0]);
            assert!(!text.starts_with("notice.") && !text.contains('{'), "{hash}: {text}");
        }
    }
}

#[test]
fn a_model_brings_its_defaults_and_keeps_seed_and_device() {
    let (lab, _) = Lab::from_link("seed=9&device=cpu&std=0.3");
    let (lab, _) = lab.apply("model=gpt");
    let mut expected = Spec::gpt();
    (expected.run.seed, expected.run.device) = (9, DeviceChoice::Cpu);
    assert_eq!(lab.spec, expected);
    // Naming the model that is there already resets nothing.
    let (again, _) = lab.apply("model=gpt&std=0.5");
    expected.start.std = 0.5;
    assert_eq!(again.spec, expected);
}

#[test]
fn gains_and_biases_can_go_back_to_auto() {
    let (lab, _) = Lab::from_link("init=kaiming-normal&gain=3&bias=0.5");
    assert_eq!((lab.spec.start.gain, lab.spec.start.bias), (Some(3.0), Some(0.5)));
    let (lab, notices) = lab.apply("gain=auto&bias=auto");
    assert_eq!((lab.spec.start.gain, lab.spec.start.bias, notices), (None, None, Vec::new()));
}

#[test]
fn biases_that_nobody_set_read_as_drawn_and_stay_out_of_the_link() {
    let bias = Knob::find("bias").expect("a knob");
    let read = |link: &str| {
        let lab = Lab::from_link(link).0;
        (bias.number(&lab.spec), lab.link().contains("bias"))
    };
    assert_eq!(read("init=pytorch&width=48"), (1.0 / 12.0, false));
    assert_eq!(read("init=pytorch&bias=0"), (0.0, true));
    assert_eq!(read("init=pytorch&bias=0.051"), (0.051, true));
    assert_eq!(read("init=kaiming-normal"), (0.0, false));
}

#[test]
fn show_names_a_knob_by_its_own_id_only() {
    let named =
        |id: &str| Knob::find(id).is_some_and(|knob| Lab::from_link("show=depth,optimizer").0.view.names_knob(knob));
    assert_eq!(["depth", "width", "lr"].map(named), [true, false, false]);
}

#[test]
fn hostile_hashes_do_no_harm() {
    let mut stream = Stream::new(1, "hostile");
    let pieces = [
        "std=",
        "depth=",
        "seed=",
        "%",
        "%zz",
        "%00",
        "&&",
        "=",
        "#",
        "é",
        "𝔘",
        "-",
        "1e999",
        "-1e-999",
        "NaN",
        "v=1",
        "model=gpt",
        "x=",
        "show=",
        ",,,",
        "<script>",
        "\"'",
        "18446744073709551616",
        "0x10",
        "\u{202e}",
        "+",
        "heads=",
        "width=",
        "context=",
        "9",
        ".",
        "null",
        "init=",
        "__proto__=",
        "lock=std,",
        "data=",
    ];
    for round in 0..2000 {
        let count = 1 + stream.below(30);
        let mut hash: String = (0..count).map(|_| pieces[stream.below(pieces.len())]).collect();
        if round % 10 == 0 {
            hash = hash.repeat(500);
        }
        let (lab, notices) = Lab::from_link(&hash);
        assert!(notices.len() <= 8, "{} notices", notices.len());
        assert_settled(&lab.spec, &hash);
        assert_eq!(Lab::from_link(&lab.link()), (lab.clone(), Vec::new()), "{hash:?}");
        assert_seen_again(&lab);
    }
}

fn assert_settled(spec: &Spec, hash: &str) {
    assert!((1..=spec.network.max_depth()).contains(&spec.network.depth), "{hash:?}");
    assert!((2..=spec.network.max_width()).contains(&spec.network.width), "{hash:?}");
    assert!(spec.network.model == Model::Mlp || spec.network.width.is_multiple_of(spec.network.heads), "{hash:?}");
    assert!(spec.datasets().contains(&spec.run.data), "{hash:?}");
    assert!(spec.schemes().any(|scheme| scheme == spec.start.scheme), "{hash:?}");
    assert!(spec.norms().any(|norm| norm == spec.network.norm), "{hash:?}");
    assert!(spec.norm_positions().any(|at| at == spec.network.position), "{hash:?}");
    assert!(spec.network.norm != Norm::Batch || spec.training.batch > 1, "{hash:?}");
    let stds = spec.architecture().matrices().into_iter().map(|site| spec.plan().std_at(&site));
    assert!(stds.into_iter().all(|std| std.is_finite() && std >= 0.0), "{hash:?}");
    assert!(spec.start.std.is_finite() && spec.training.lr.is_finite() && spec.init().gain.is_finite(), "{hash:?}");
}

fn samples(knob: &Knob, spec: &Spec) -> Vec<String> {
    match knob.kind {
        Kind::Choice(_) => knob.options(spec).iter().map(|id| (*id).to_owned()).collect(),
        Kind::Switch => vec!["on".into(), "off".into()],
        Kind::Seed => vec!["0".into(), "1".into(), u64::MAX.to_string()],
        Kind::Widths => vec!["auto".into(), "2-1024".into(), "64-32-10".into(), "512-256-128".into()],
        Kind::Formula => vec!["0.02".into(), "2^-fan_in + 1e-3 * max(layer, depth) / π".into()],
        Kind::Range(_) => {
            let range = knob.range(spec).expect("a range");
            let middle = if range.whole { libm::floor((range.min + range.max) / 2.0) } else { range.value_at(0.5) };
            vec![range.min.to_string(), range.max.to_string(), middle.to_string()]
        }
    }
}

#[test]
fn constants_keep_their_knob() {
    let (lab, _) = Lab::from_link("init=constant&std=0.05");
    assert_eq!((lab.spec.start.scheme, lab.spec.start.std), (Scheme::Constant, 0.05));
}

#[test]
fn every_lab_of_the_sites_pages_is_taken_without_a_word() {
    let mut links = Vec::new();
    for folder in ["www/lessons/en", "www/lessons/vi", "www/schemes", "www"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect(folder) {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|end| end == "html") {
                let text = fs::read_to_string(&path).expect("a page").replace("&amp;", "&");
                links.extend(text.split("#v=1&").skip(1).map(|rest| rest.split('"').next().unwrap_or("").to_owned()));
                links.extend(text.split("<init-lab ").skip(1).map(link_of));
            }
        }
    }
    assert!(links.len() > 70, "{}", links.len());
    for link in links {
        let notices = Lab::default().open(&link).1;
        assert!(notices.iter().all(|notice| notice.key == "memory"), "{link}: {notices:?}");
    }
}

/// The keys among an element's attributes, as a link.
fn link_of(element: &str) -> String {
    let inside = element.split('>').next().unwrap_or("");
    let pairs = inside.split('"').collect::<Vec<_>>();
    let key = |text: &str| text.trim().trim_end_matches('=').to_owned();
    let own = |key: &str| matches!(key, "id" | "title" | "height" | "together" | "style" | "class" | "autoplay");
    let pairs = pairs.chunks_exact(2).map(|pair| (key(pair[0]), pair[1])).filter(|(key, _)| !own(key));
    pairs
        .map(|(key, value)| format!("{}={value}", if key == "experiment" { "x" } else { &key }))
        .collect::<Vec<_>>()
        .join("&")
}

/// The knobs that a link's notices say do nothing.
fn idle(link: &str) -> Vec<String> {
    let (_, notices) = Lab::default().open(link);
    let named = |notice: &Notice| (notice.key == "no-effect").then(|| notice.values[0].1.clone());
    notices.iter().filter_map(named).collect()
}

#[test]
fn a_key_that_no_network_asks_for_is_named() {
    let bases = ["", "model=gpt", "model=gpt&block=llama", "init=kaiming-normal", "model=gpt&init=xavier-uniform"];
    let mut said = 0;
    for link in bases {
        let base = Lab::from_link(link).0;
        for knob in KNOBS.iter().filter(|knob| knob.change == Change::Restart) {
            for text in samples(knob, &base.spec) {
                let asked = format!("{link}&{}={}", knob.id, text.replace('+', "%2B"));
                let (lab, _) = Lab::from_link(&asked);
                let differs = resolved(knob, &lab.spec) != resolved(knob, &base.spec);
                if differs && is_ignored(knob, &lab.spec) {
                    assert_eq!(idle(&asked), [knob.id], "{asked}");
                    said += 1;
                } else if !differs {
                    assert_eq!(idle(&asked), [""; 0], "{asked}");
                }
            }
        }
    }
    assert!(said > 200, "{said}");
}

#[test]
fn what_changes_nothing_is_named_with_its_reason() {
    let cases = [
        ("init=kaiming-normal&std=0.3", "std", "std"),
        ("gain=2", "gain", "gain"),
        ("fan=out", "fan", "scheme"),
        ("model=gpt&init.q=xavier-normal&gain=2", "gain", "gain"),
        ("model=gpt&init.q=xavier-normal&std.q=0.3", "std.q", "own-scheme"),
        ("model=gpt&init.q=normal&gain.q=2", "gain.q", "own-scheme"),
        ("model=gpt&std.head=0.3", "std.head", "no-matrix"),
        ("model=gpt&gain.mlp-up=2", "gain.mlp-up", "no-matrix"),
        ("std.position=0.01", "std.position", "mlp"),
        ("heads=2", "heads", "mlp"),
        ("writes=sqrt", "writes", "mlp"),
        ("model=gpt&init=fixup&writes=sqrt", "writes", "same"),
        ("model=gpt&block=llama&bias=0.5", "bias", "llama"),
        ("pos=post", "pos", "no-norm"),
        ("depth=1&residual=on", "residual", "one-layer"),
        ("rank=8", "rank", "no-adapt"),
        ("model=gpt&adapt=tokens&rank=8", "rank", "other-adapt"),
        ("init=formula&formula=1/sqrt(fan_in)&gain=3", "gain", "same"),
    ];
    for (link, knob, reason) in cases {
        let (lab, notices) = Lab::default().open(link);
        let said: Vec<(&str, &str)> =
            notices.iter().map(|notice| (notice.values[0].1.as_str(), notice.values[2].1.as_str())).collect();
        assert_eq!(said, [(knob, reason)], "{link}");
        for lang in Lang::ALL {
            lang.learn(languages::texts(*lang));
            let text = lang.notice(&notices[0]);
            assert!(!text.contains("idle.") && !text.contains('{') && text.contains(&lang.label(knob)), "{text}");
        }
        assert!(!lab.address().contains(&format!("&{knob}=")), "{}", lab.address());
        assert_eq!(State::open(link).notices, notices, "{link}");
    }
    // What is drawn as asked is no news, nor is a default that is spelled out, nor a change of a set link.
    for link in [
        "model=gpt&std.position=0.01",
        "model=gpt&init.position=normal&std.position=0.02",
        "model=gpt&attention=sqrt&std.q=0.02",
        "model=gpt&init.q=xavier-normal&gain.q=2",
        "norm=layer&pos=post&residual=on",
        // To the network the same as before, but a layer's output is measured behind the norm.
        "norm=layer&pos=post",
        "init=xavier-normal&gain=1&wd=0&clip=0&rank=4",
        "x=vanish",
        // Live knobs can make these matter later.
        "adapt=lora&adapt-at=500&steps=200&rank=8",
        "warmup=24&steps=12&schedule=cosine",
        "opt=adam",
        "model=gpt&opt=adam&wd=0",
    ] {
        assert_eq!(Lab::default().open(link).1, [], "{link}");
    }
    let (kaiming, _) = Lab::from_link("init=kaiming-normal");
    assert_eq!(kaiming.open("std=0.3").1.len(), 1);
    assert_eq!(kaiming.open("std=0.3&init=normal").1, []);
}

#[test]
fn a_reader_chooses_and_orders_the_charts() {
    let lab = |link: &str| Lab::from_link(link).0;
    let (mlp, gpt) = (Spec::mlp(), Spec::gpt());
    let view = lab("v=1").view;
    let standard = view.measured_charts(&mlp);
    assert_eq!(standard, [Chart::Variance, Chart::Gradient, Chart::Share, Chart::Loss, Chart::Digits]);
    let without = View { charts: view.charts_with(&mlp, Chart::Gradient, false), ..view.clone() };
    assert_eq!(without.measured_charts(&mlp), [Chart::Variance, Chart::Share, Chart::Loss, Chart::Digits]);
    let moved = View { charts: without.charts_moved(&mlp, Chart::Loss, true), ..view.clone() };
    let link = Lab { view: moved.clone(), ..lab("v=1") }.link();
    assert_eq!(link, "#v=1&charts=variance,loss,signal-share,weights,digits,boundary");
    assert_eq!(lab(&link).view, moved);
    // What is the standard again needs no key, and the ends of the list cannot be moved beyond it.
    assert!(without.charts_moved(&mlp, Chart::Variance, true) == without.charts);
    let again = View { charts: view.charts_with(&gpt, Chart::Weights, false), ..view.clone() };
    assert_eq!(again.charts_with(&gpt, Chart::Weights, true), []);
    // The last chart stays, and a chart that means nothing for the model keeps its place for the other model.
    let one = lab("charts=loss").view;
    assert_eq!(one.charts_with(&mlp, Chart::Loss, false), [Chart::Loss]);
    let both = lab("model=gpt&charts=weights,loss").view;
    assert_eq!(both.measured_charts(&mlp), [Chart::Loss]);
    assert_eq!(both.measured_charts(&gpt), [Chart::Weights, Chart::Loss]);
    // What a teacher shows or hides counts, and other words are named.
    assert_eq!(lab("charts=loss,variance&hide=loss").view.measured_charts(&mlp), [Chart::Variance]);
    let shown = lab("charts=loss,variance&show=variance,gradient").view;
    assert_eq!(shown.measured_charts(&mlp), [Chart::Variance, Chart::Gradient]);
    let (_, notices) = Lab::from_link("charts=loss,phase,nonsense,loss");
    assert_eq!(notices.len(), 2, "{notices:?}");
}
