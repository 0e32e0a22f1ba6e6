//! How much memory a network takes, against counts by hand; what is said of it, and what is made smaller.

use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::spec::Spec;
use init_lab::lab::spec::memory::{memory, parameters};
use init_lab::lab::state::{Edit, State};

use crate::languages;

fn spec(link: &str) -> Spec {
    Lab::from_link(link).0.spec
}

/// The notices of a link, by key and first values.
fn said(link: &str) -> Vec<String> {
    let notices = Lab::default().open(link).1;
    notices.iter().map(|notice| format!("{} {}", notice.key, notice.values[0].1)).collect()
}

#[test]
fn parameters_are_counted() {
    // 64·128 + 19·128² + 128·10, and 20·128 + 10 biases
    assert_eq!(parameters(&spec("")), 323_338);
    // A LayerNorm has a gain and a shift of 128 before each matrix but the first.
    assert_eq!(parameters(&spec("norm=layer")), 323_338 + 20 * 256);
    // (75 + 64)·64, four times 12·64² + 9·64 biases + 2 norms, the last norm
    assert_eq!(parameters(&spec("model=gpt")), 8_896 + 4 * (49_152 + 576 + 256) + 128);
    // No positions, no biases, RMSNorm, 176 units in the MLP, a head.
    let llama = 75 * 64 + 4 * (4 * 4_096 + 3 * 64 * 176 + 2 * 64) + 64 + 75 * 64;
    assert_eq!(parameters(&spec("model=gpt&block=llama")), llama);
}

#[test]
fn memory_is_that_of_weights_gradients_averages_and_activations() {
    let large = "width=1024&depth=100";
    // 64·1024 + 99·1024² + 1024·10 + 100·1024 + 10 = 103,987,210 numbers of 4 bytes; 64 examples keep three
    // numbers a unit and ten logits.
    let (numbers, kept) = (103_987_210.0, 64.0 * (100.0 * 1024.0 * 3.0 + 30.0));
    for (rule, tensors) in [("sgd", 2.0), ("momentum", 3.0), ("adam", 4.0), ("adamw", 4.0)] {
        let memory = memory(&spec(&format!("{large}&opt={rule}")));
        assert_eq!(memory.held, 4.0 * (numbers * tensors + kept), "{rule}");
        assert_eq!(memory.peak, memory.held + 4.0 * numbers * (tensors - 1.0), "{rule}");
    }
    assert_eq!(said(&format!("{large}&opt=adam")), ["memory 1.7 GB"]);
    assert_eq!(said(&format!("{large}&opt=sgd")), ["memory 911 MB"]);
    for small in ["", "model=gpt", "width=512&depth=30&opt=adam", "model=gpt&width=256&depth=6"] {
        assert_eq!(said(small), [""; 0], "{small}");
    }
}

#[test]
fn the_width_of_gpt_2_fits() {
    let gpt2 = spec("model=gpt&width=768&heads=12&depth=12");
    assert_eq!((gpt2.network.width, gpt2.network.heads, gpt2.network.depth), (768, 12, 12));
    // (75 + 64)·768 + 12·(12·768² + 13·768) + 2·768, a block's biases and norms being 9·768 + 4·768
    assert_eq!(parameters(&gpt2), 85_162_752);
    assert_eq!(said("model=gpt&width=768&heads=12&depth=12"), ["memory 1.8 GB"]);
    assert_eq!(said("model=gpt&width=5000"), ["clamped width", "memory 599 MB"]);
}

#[test]
fn what_no_tab_can_hold_is_made_smaller_and_said() {
    for link in [
        "model=gpt&width=768&heads=12&depth=24",
        "model=gpt&width=768&depth=24&context=256&batch=512&heads=32",
        "model=gpt&width=256&depth=24&context=256&batch=512",
        "width=1024&depth=100&batch=512&opt=adam&norm=layer&residual=on&dropout=0.1",
    ] {
        let (lab, notices) = Lab::from_link(link);
        assert!(notices.iter().any(|notice| notice.key == "too-large"), "{link}: {notices:?}");
        assert!(memory(&lab.spec).peak <= 3.5e9, "{link}: {:?}", memory(&lab.spec));
        let (mut more, mut deeper) = (lab.spec.clone(), lab.spec.clone());
        more.training.batch += 1;
        deeper.network.depth += 1;
        assert!(memory(&more).peak > 3.5e9 || memory(&deeper).peak > 3.5e9, "{link}: no smaller than it must be");
        for lang in Lang::ALL {
            lang.learn(languages::texts(*lang));
            for notice in &notices {
                assert!(!lang.notice(notice).contains(['{', '}']), "{}", lang.notice(notice));
            }
        }
        // What came out is taken as it stands.
        let again = Lab::default().open(&lab.address());
        assert_eq!(again.0.spec.network.depth, lab.spec.network.depth, "{link}");
        assert!(again.1.iter().all(|notice| notice.key == "memory"), "{:?}", again.1);
    }
}

#[test]
fn a_slider_says_it_before_the_network_is_built() {
    let mut state = State::open("opt=adam&width=1024");
    assert_eq!(state.notices, []);
    let depth = |layers| Edit::Knob(Knob::find("depth").expect("a knob"), KnobSetting::Number(layers));
    state.edit(depth(100.0));
    assert_eq!(state.notices.iter().map(|notice| notice.key).collect::<Vec<_>>(), ["memory"]);
    state.edit(depth(10.0));
    assert_eq!(state.notices, []);
    assert!(Knob::find("width").is_some_and(|knob| knob.range(&spec("model=gpt")).is_some_and(|r| r.max == 768.0)));
}
