//! Controls set values, links and fields write text: both come to the same, in every row of the table.

use init_lab::lab::knob::{KNOBS, Kind, Knob, KnobSetting};
use init_lab::lab::link::Lab;
use init_lab::lab::notice::Notice;
use init_lab::lab::spec::{Scheme, Spec};
use init_lab::lab::state::{Edit, State};

const LINKS: [&str; 9] = [
    "",
    "init=kaiming-normal&act=tanh",
    "init=formula&data=spirals&norm=batch&seed=18446744073709551615",
    "model=gpt",
    "model=gpt&block=llama&attention=none&adapt=tokens&steps=12345",
    "model=chain&std=0.5",
    "model=weight&zero-grad=off&w-start=-2",
    "model=scores",
    "model=gpt&init.q=formula&gain.v=3&std.k=0.003&init.v=kaiming-normal",
];

/// Values within and beyond what each knob takes.
fn settings(knob: &Knob) -> Vec<KnobSetting> {
    match knob.kind {
        Kind::Choice(ids) => ids.iter().map(|id| KnobSetting::Choice(id)).collect(),
        Kind::Switch => [true, false].map(KnobSetting::Switch).to_vec(),
        Kind::Seed => [0, u64::MAX].map(KnobSetting::Seed).to_vec(),
        Kind::Widths => [vec![], vec![64, 32], vec![0, 9999], vec![784, 64, 32, 10]]
            .map(KnobSetting::Widths)
            .into_iter()
            .chain([KnobSetting::Auto])
            .collect(),
        Kind::Formula => ["0.02", "1 / sqrt(fan_in)", "1 / sqrt(", "-1"]
            .map(|text| KnobSetting::Formula(text.to_owned()))
            .into_iter()
            .chain([KnobSetting::Auto])
            .collect(),
        Kind::Range(range) => {
            let numbers = [range.min, range.max, range.from, range.to, 0.123, 7.5, 900.0, 2e9, -1.0, f64::NAN];
            let auto = range.auto.then_some(KnobSetting::Auto);
            numbers.into_iter().map(KnobSetting::Number).chain(auto).collect()
        }
    }
}

/// A slider cannot leave its range, and a link is taken as far as it goes; what a hand types and cannot mean is told.
fn is_refused_by_hand(knob: &Knob, setting: &KnobSetting) -> bool {
    let (Kind::Range(range), KnobSetting::Number(number)) = (knob.kind, setting) else { return false };
    number.is_nan() || *number < 0.0 && range.min >= 0.0
}

#[test]
fn a_control_does_what_its_text_does() {
    for link in LINKS {
        let state = State::open(link);
        for knob in KNOBS {
            for setting in settings(knob) {
                let (mut set, mut typed) = (state.clone(), state.clone());
                let reaction = set.edit(Edit::Knob(knob, setting.clone()));
                let text = setting.clone().text();
                if is_refused_by_hand(knob, &setting) {
                    typed.edit(Edit::Typed(knob, text.clone()));
                    assert_eq!((&typed.lab, typed.notices.len()), (&state.lab, 1), "{link} {knob:?}={text}");
                    continue;
                }
                assert_eq!(typed.edit(Edit::Typed(knob, text.clone())), reaction, "{link} {knob:?}={text}");
                assert_eq!(typed, set, "{link} {knob:?}={text}");
            }
        }
    }
}

#[test]
fn what_is_read_is_what_its_text_means() {
    for link in LINKS {
        let (lab, notices) = Lab::from_link(link);
        assert_eq!(notices, [], "{link}");
        for knob in KNOBS {
            assert_eq!(knob.parse(&knob.read(&lab.spec)), Ok(knob.get(&lab.spec)), "{link} {knob:?}");
            assert_eq!(knob.parse(&knob.link_value(&lab.spec)), Ok(knob.stored(&lab.spec)), "{link} {knob:?}");
            let mut spec = lab.spec.clone();
            assert_eq!(knob.set(&mut spec, knob.stored(&lab.spec)), Ok(None), "{link} {knob:?}");
            assert_eq!(spec, lab.spec, "{link} {knob:?}");
        }
    }
}

#[test]
fn a_value_of_another_form_is_refused() {
    let forms = [
        KnobSetting::Choice("sideways"),
        KnobSetting::Switch(true),
        KnobSetting::Number(0.5),
        KnobSetting::Auto,
        KnobSetting::Seed(7),
        KnobSetting::Widths(vec![9, 8]),
        KnobSetting::Formula("0.5".to_owned()),
    ];
    for link in LINKS {
        let spec = Lab::from_link(link).0.spec;
        for knob in KNOBS {
            for setting in &forms {
                let fits = match (knob.kind, setting) {
                    (Kind::Switch, KnobSetting::Switch(_)) | (Kind::Seed, KnobSetting::Seed(_)) => true,
                    (Kind::Widths, KnobSetting::Widths(_) | KnobSetting::Auto) => true,
                    (Kind::Formula, KnobSetting::Formula(_) | KnobSetting::Auto) => true,
                    (Kind::Range(range), KnobSetting::Auto) => range.auto,
                    (Kind::Range(_), KnobSetting::Number(_)) => true,
                    _ => false,
                };
                let mut set = spec.clone();
                assert_eq!(knob.set(&mut set, setting.clone()).is_ok(), fits, "{link} {knob:?} {setting:?}");
                assert!(fits || set == spec, "{link} {knob:?} {setting:?}");
            }
        }
    }
}

#[test]
fn numbers_are_kept_in_range_and_formulas_are_read_however_they_come() {
    let mut spec = Spec::mlp();
    let find = |id: &str| Knob::find(id).expect("a knob");
    let set = |spec: &mut Spec, id: &str, setting: KnobSetting| find(id).set(spec, setting);
    let clamped = Notice::clamped("depth", "400", "100");
    assert_eq!(set(&mut spec, "depth", KnobSetting::Number(400.0)), Ok(Some(clamped)));
    assert_eq!(spec.network.depth, 100);
    let none = set(&mut spec, "std", KnobSetting::Number(f64::NAN));
    assert_eq!(none.map_err(|notice| notice.key), Err("bad-value"));
    let broken = set(&mut spec, "formula", KnobSetting::Formula("2 /".to_owned()));
    assert_eq!(broken.map_err(|notice| notice.key), Err("formula"));
    assert_eq!((spec.start.std, &spec.start.formula), (0.02, &Spec::mlp().start.formula));
}

/// A link that names a scheme and a σ means both; a hand on the slider means that σ.
#[test]
fn only_a_hand_on_the_control_implies_more() {
    let std = Knob::find("std").expect("a knob");
    let mut state = State::open("init=kaiming-uniform");
    state.edit(Edit::Knob(std, KnobSetting::Number(0.3)));
    assert_eq!((state.spec().start.scheme, state.spec().start.std), (Scheme::Uniform, 0.3));
    let mut spec = Lab::from_link("init=kaiming-uniform").0.spec;
    assert_eq!(std.write(&mut spec, "0.3"), Ok(None));
    assert_eq!((spec.start.scheme, spec.start.std), (Scheme::KaimingUniform, 0.3));
}
