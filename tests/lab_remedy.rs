//! The fix that the verdict offers is chosen by what theory expects of this very network.

use crate::languages;
use init_lab::lab::diagnosis::Verdict;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::sigma;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::remedy::outlook::Outlook;
use init_lab::lab::remedy::{Remedy, remedy};
use init_lab::lab::spec::{Activation, Model, Norm, Scheme, Spec, TrainingSpec};
use init_lab::lab::state::{Edit, State};
use init_lab::science::layer::LayerId;

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

fn offered(spec: &Spec) -> Remedy {
    remedy(spec, Verdict::Vanishing, None).expect("a remedy")
}

/// The spec as the button leaves it, and what theory expects then.
fn mended(link: &str) -> (Spec, Outlook) {
    let spec = spec(link);
    let (mended, notices) = offered(&spec).apply(&spec);
    assert_eq!(notices, [], "{link}");
    let outlook = Outlook::of(&mended);
    (mended, outlook)
}

/// Where a formula will do, one is offered, and not what looks at the data.
#[test]
fn a_plain_network_gets_the_formula_of_its_activation() {
    for (link, scheme) in [
        ("", Scheme::KaimingNormal),
        ("std=0.3", Scheme::KaimingNormal),
        ("depth=20&width=64&batch=16&std=0.02", Scheme::KaimingNormal),
        ("init=uniform&std=0.02", Scheme::KaimingUniform),
    ] {
        assert_eq!(mended(link).0.start.scheme, scheme, "{link}");
    }
}

/// Xavier, which was offered for its name, leaves a gradient of 2.6·10⁻¹² at depth 20.
#[test]
fn a_sigmoid_gets_a_gradient_that_arrives() {
    let xavier = Outlook::of(&spec("act=sigmoid&init=xavier-normal"));
    assert!((1e-12..1e-11).contains(&xavier.backward), "{}", xavier.backward);
    for link in ["act=sigmoid", "act=sigmoid&init=xavier-normal", "act=sigmoid&depth=50&width=256"] {
        let (_, after) = mended(link);
        assert!((0.1..10.0).contains(&after.backward), "{link}: {}", after.backward);
        assert!(after.is_good(), "{link}: {}", after.cost());
    }
}

/// Kaiming, which was offered for its name, multiplies the variance by some 10⁸ where there are skips.
#[test]
fn skips_get_branches_that_do_not_add_up() {
    let kaiming = Outlook::of(&spec("residual=on&init=kaiming-normal"));
    assert!(kaiming.forward > 1e8, "{}", kaiming.forward);
    for link in
        ["residual=on&init=kaiming-normal", "residual=on&std=1", "residual=on&init=pytorch&std=1&depth=100&act=gelu"]
    {
        let (spec, after) = mended(link);
        let normed = spec.network.norm != Norm::None;
        assert!(normed || (0.01..100.0).contains(&after.forward), "{link}: {}", after.forward);
        assert!(after.first_loss.is_some_and(|loss| loss < 4.0), "{link}: {:?}", after.first_loss);
    }
}

/// No σ holds ReLU² through twenty layers: q ↦ 1.5·σ_w²·q² has no fixed point that draws near.
#[test]
fn squared_relu_gets_something_that_holds_it() {
    for link in ["act=relu-squared", "act=relu-squared&init=kaiming-normal", "act=relu-squared&residual=on&std=0.3"] {
        let (spec, after) = mended(link);
        assert!(
            spec.network.norm != Norm::None || matches!(spec.start.scheme, Scheme::Lsuv | Scheme::ReZero),
            "{link}: {spec:?}"
        );
        assert!(after.spread < 3.0 && after.uneven < 1e3, "{link}: {} {}", after.spread, after.uneven);
    }
}

/// σ = 0.02 is a number of GPT-2's width, not a start.
#[test]
fn a_transformer_gets_a_sigma_for_its_width() {
    let scaled = [32, 64, 128, 256].map(|width: usize| {
        let (spec, _) = mended(&format!("model=gpt&width={width}&init=zeros"));
        assert_eq!(spec.network.width, width);
        sigma(&spec).hidden * (width as f64).sqrt()
    });
    let least = scaled.iter().copied().fold(f64::INFINITY, f64::min);
    let most = scaled.iter().copied().fold(0.0, f64::max);
    assert!(most < 1.5 * least && least > 0.2 && most < 1.6, "{scaled:?}");
}

/// No start lets linear layers bend a border, so that an activation function is offered, and weights that suit it.
#[test]
fn linear_layers_get_an_activation_where_straight_borders_do_not_do() {
    for link in
        ["data=xor&act=linear&init=xavier-normal&depth=3&width=16", "data=spirals&act=linear&norm=layer&depth=20"]
    {
        let spec = spec(link);
        let remedy = remedy(&spec, Verdict::Hindered, Some(&frame(1.0))).expect("a remedy");
        let (after, notices) = remedy.apply(&spec);
        assert_eq!(notices, [], "{link}");
        assert_eq!(after.network.activation, Activation::Relu, "{link}");
        assert!(remedy.label.iter().any(|part| part.key == "activation"), "{link}: {:?}", remedy.label);
    }
    let digits = spec("act=linear&depth=3");
    let other = remedy(&digits, Verdict::Hindered, Some(&frame(1.0)));
    assert!(other.is_none_or(|remedy| remedy.apply(&digits).0.network.activation == Activation::Linear));
}

#[test]
fn what_is_offered_is_another_network_with_a_better_outlook() {
    use Activation::{Gelu, Relu, ReluSquared, Sigmoid, Tanh};
    let frames = [(1.0, Norm::None, false), (0.02, Norm::None, true), (0.2, Norm::Rms, false)];
    let mut offers = 0;
    for model in [Model::Mlp, Model::Gpt] {
        let mut base = Spec::default_for(model);
        (base.network.depth, base.network.width, base.network.heads) = (4, 32, 4);
        for (index, scheme) in base.schemes().enumerate() {
            let (std, norm, residual) = frames[index % 3];
            for activation in [Relu, Tanh, Sigmoid, ReluSquared, Gelu] {
                let mut spec = base.clone();
                (spec.start.scheme, spec.start.std) = (scheme, std);
                (spec.network.activation, spec.network.norm, spec.network.residual) = (activation, norm, residual);
                spec.settle();
                let Some(remedy) = remedy(&spec, Verdict::Exploding, None) else { continue };
                offers += 1;
                let (after, notices) = remedy.apply(&spec);
                assert_eq!(notices, [], "{:?}", remedy.edits);
                assert_ne!(after, spec, "{:?}", remedy.edits);
                let only_rate = at_rate(spec.training.lr, &after) == spec;
                assert!(only_rate || Outlook::of(&after).cost() < Outlook::of(&spec).cost(), "{:?}", remedy.edits);
                assert!(!remedy.label.is_empty(), "{:?}", remedy.edits);
            }
        }
    }
    assert!(offers > 150, "{offers}");
}

fn at_rate(lr: f64, spec: &Spec) -> Spec {
    Spec { training: TrainingSpec { lr, ..spec.training }, ..spec.clone() }
}

#[test]
fn what_is_no_fault_is_not_mended() {
    for verdict in [Verdict::Waiting, Verdict::Steady, Verdict::Normed, Verdict::Closed] {
        assert_eq!(remedy(&Spec::mlp(), verdict, None), None, "{verdict:?}");
    }
}

/// A good start that blew up later had too large a rate, and keeps its start.
#[test]
fn a_late_divergence_of_a_good_start_gets_a_smaller_rate_only() {
    let spec = spec("init=kaiming-normal&depth=5&lr=3");
    let start = frame(2.5);
    let remedy = remedy(&spec, Verdict::Diverged, Some(&start)).expect("a remedy");
    let (after, _) = remedy.apply(&spec);
    assert_eq!(at_rate(spec.training.lr, &after), spec);
    assert!(after.training.lr <= spec.training.lr / 10.0, "{}", after.training.lr);
}

#[test]
fn buttons_speak_both_languages() {
    for lang in [Lang::En, Lang::Vi] {
        lang.learn(languages::texts(lang));
    }
    for link in [
        "std=1",
        "act=sigmoid&bias=1",
        "act=relu-squared&lr=10",
        "residual=on&init=kaiming-normal",
        "model=gpt&init=zeros&init.q=normal&attention=none&norm=none",
        "model=gpt&init=zeros&residual=off&norm=none",
        "act=tanh&std=0.5&norm=layer&pos=post",
        "init=kaiming-normal&gain=3",
    ] {
        let remedy = offered(&spec(link));
        for lang in [Lang::En, Lang::Vi] {
            for text in [lang.remedy(&remedy.label), lang.part(&remedy.effect)] {
                assert!(
                    !text.contains('{') && !text.contains("remedy.") && !text.contains("option."),
                    "{link}: {text}"
                );
            }
        }
    }
}

fn frame(loss: f64) -> Frame {
    Frame {
        run: 1,
        step: 0,
        loss: Number(loss),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(loss)],
        layers: vec![LayerMetric::unmeasured(LayerId::Hidden(1))],
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }
}

/// However many knobs it turns, it is one new run.
#[test]
fn a_pressed_fix_is_one_restart() {
    let mut state = State::open("act=sigmoid&bias=1");
    state.apply(Event::Ready);
    let run = state.run;
    let remedy = offered(state.spec());
    assert!(remedy.edits.len() > 3, "{:?}", remedy.edits);
    let (mended, _) = remedy.apply(state.spec());
    let reaction = state.edit(Edit::Remedy(remedy.edits));
    assert_eq!(reaction.commands, [Command::Start { run: run + 1, spec: mended }]);
}
