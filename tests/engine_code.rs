//! The files for a notebook, run with PyTorch: the same first weights, variances and losses as the engine's.

use crate::driven::{Engine, frames};
use crate::packed::packed;
use crate::python::Python;
use init_lab::lab::code::{CodeFile, LOSSES, MeasuredNumbers, SitePieces};
use init_lab::lab::link::Lab;
use init_lab::lab::protocol::Command;
use init_lab::lab::record::RunRecord;
use init_lab::lab::spec::{Activation, Cut, Dataset, Model, Scheme, Spec};

/// The smallest networks in which everything has its place.
const MLP: &str = "v=1&depth=6&width=24&batch=16";
const UNEVEN: &str = "v=1&widths=24-40-16-12&batch=16";
const GPT: &str = "v=1&model=gpt&depth=2&width=16&heads=2&context=12&batch=4";

/// What else is set, for one of each kind: schemes, activations, norms and where they stand, skips and gates, optimizers,
/// schedules, clipping, decay, dropout, data, blocks, and what single matrices have of their own.
const SETTINGS: [(&str, &str); 36] = [
    (MLP, ""),
    (MLP, "init=kaiming-normal&opt=adam&lr=0.003"),
    (MLP, "init=xavier-uniform&act=tanh&opt=momentum&wd=0.01&data=spirals"),
    (MLP, "init=kaiming-normal&opt=adam&lr=0.003&data=circles"),
    (MLP, "init=kaiming-uniform&act=gelu&batch=512&data=xor"),
    (MLP, "init=kaiming-normal&opt=adam&lr=0.003&examples=50"),
    (MLP, "init=xavier-normal&act=tanh&lr=0.1&data=chars"),
    (MLP, "adapt=lora&adapt-at=30&init=kaiming-normal&opt=adam&lr=0.003&examples=1000&data=chars"),
    (MLP, "init=orthogonal&act=leaky-relu&slope=0.2&clip=0.5&lr=0.1"),
    (MLP, "init=kaiming-normal&norm=batch&pos=inner&lr=0.1"),
    (MLP, "init=kaiming-uniform&fan=avg&norm=layer&pos=post&residual=on&act=gelu&opt=adamw&wd=0.1&lr=0.003"),
    (MLP, "init=pytorch&norm=rms&pos=pre&residual=on&act=silu&warmup=10&schedule=cosine&steps=60&lr=0.1"),
    (MLP, "init=lsuv&act=mish&bias=0.1&opt=adam&lr=0.003"),
    (MLP, "init=mup&width=48&opt=adam&wd=0.01&decay=matrices&lr=0.003&schedule=linear&steps=100"),
    (MLP, "init=mup&width=48&lr=0.05"),
    (MLP, "init=rezero&act=erf&residual=on&lr=0.1"),
    (MLP, "init=layer-scale&std=0.1&act=elu&residual=on&dropout=0.2&lr=0.1"),
    (MLP, "init=formula&formula=sqrt(2/(fan_in%2Bfan_out))*layer^0.1&act=selu&bias=0.05"),
    (MLP, "init=sparse&std=0.5&sparsity=0.5&act=softplus&lr=0.001"),
    (MLP, "adapt=lora&adapt-at=30&init=kaiming-normal&opt=adam&lr=0.003"),
    (UNEVEN, ""),
    (UNEVEN, "init=kaiming-normal&fan=avg&norm=layer&pos=pre&opt=adam&lr=0.003"),
    (UNEVEN, "init=small&act=tanh&norm=batch&pos=inner&dropout=0.2&lr=0.1"),
    (UNEVEN, "init=mup&opt=adam&wd=0.01&decay=matrices&lr=0.003"),
    (UNEVEN, "init=lsuv&norm=rms&pos=post&lr=0.05"),
    (GPT, ""),
    (GPT, "init=normal&std=0.1&norm=none&opt=sgd&lr=0.1"),
    (GPT, "block=llama&norm=rms&act=silu&tied=off&init=llama&lr=0.003"),
    (GPT, "init=deepnorm&opt=adam&warmup=20&lr=0.003&clip=1"),
    (GPT, "init=t-fixup&norm=none&lr=0.003&decay=matrices"),
    (GPT, "init=wang&attention=none&act=relu&residual=off&norm=layer&pos=post"),
    (GPT, "init=mup&width=32&tied=off&lr=0.01"),
    (GPT, "init=mup&width=32&block=llama&norm=rms&opt=momentum&wd=0.01&lr=0.01"),
    (GPT, "init=fixup&norm=none&writes=scheme&dropout=0.1&lr=0.003"),
    (GPT, "adapt=tokens&adapt-at=40&init=xavier-normal&cut=three"),
    (GPT, "init=gpt2&init.q=orthogonal&std.mlp-out=0.3&formula.token=1/sqrt(width)&writes=layer&lr=0.003"),
];

/// What the site has beside the page.
fn pieces(data: Dataset) -> SitePieces {
    let data = match data {
        Dataset::Digits => packed(include_bytes!("../static/data/digits.bin")),
        Dataset::Chars => packed(include_bytes!("../static/data/text.txt")),
        Dataset::Spirals | Dataset::Circles | Dataset::Xor | Dataset::Own => String::new(),
    };
    SitePieces { program: include_str!("../static/code/lab.py").to_owned(), data }
}

/// The spec of a link, which names nothing that there is not.
fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert!(notices.iter().all(|notice| !["unknown-key", "invalid"].contains(&notice.key)), "{link}: {notices:?}");
    lab.spec
}

/// What the lab remembers of a run of so many steps.
fn recorded(link: &str, steps: u64) -> (Spec, RunRecord) {
    let spec = spec(link);
    let mut record = RunRecord::new(spec.clone());
    let mut engine = Engine::new();
    let mut events = engine.send([Command::Start { run: 1, spec: spec.clone() }]);
    if steps > 0 {
        events.extend(engine.send([Command::Step(steps)]));
    }
    frames(&events).into_iter().for_each(|frame| record.take(frame));
    (spec, record)
}

/// The file of a lab that has made so many steps.
fn file(link: &str, steps: u64) -> CodeFile {
    let (spec, record) = recorded(link, steps);
    let numbers = MeasuredNumbers::of(&record, &spec);
    assert_eq!(numbers.variances.len(), spec.architecture().layers().len(), "{link}");
    let until = spec.adapt.step().map_or(LOSSES, |at| LOSSES.min(at as usize));
    assert_eq!(numbers.losses.len(), until.min(steps as usize + 1), "{link}");
    CodeFile::new(&spec, &numbers, "A network of the lab", link, &pieces(spec.run.data))
}

/// Runs files, and expects each to end with this word.
fn expect(word: &str, files: &[(String, CodeFile)]) {
    let scripts: Vec<String> = files.iter().map(|(_, file)| file.script()).collect();
    let said = Python::with_torch().run(&scripts);
    assert_eq!(said.len(), files.len());
    let wrong = files.iter().zip(&said).filter(|(_, said)| said.lines().last() != Some(word));
    let wrong: Vec<String> = wrong.map(|((link, _), said)| format!("{link}:\n{said}")).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n\n"));
}

#[test]
fn fifty_steps_in_pytorch_are_the_labs() {
    let files: Vec<_> = SETTINGS
        .iter()
        .map(|(base, more)| {
            let link = format!("{base}&{more}");
            let file = file(&link, LOSSES as u64);
            (link, file)
        })
        .collect();
    expect("same", &files);
}

#[test]
fn every_scheme_and_activation_starts_as_in_the_lab() {
    let fits = |scheme: &&Scheme, model: Model| match model {
        Model::Mlp => !scheme.needs_blocks(),
        Model::Gpt => **scheme != Scheme::Lsuv,
    };
    let of = |base: &str, model: Model, more: &str| {
        let residual = |scheme: &Scheme| if scheme.needs_residual() { "&residual=on" } else { "" };
        let norm = |scheme: &Scheme| if *scheme == Scheme::DeepNorm { "&norm=layer&pos=post" } else { "" };
        let schemes = Scheme::ALL.iter().filter(|scheme| fits(scheme, model));
        let link = |scheme: &Scheme| format!("{base}&init={}{}{}{more}", scheme.id(), residual(scheme), norm(scheme));
        schemes.map(link).collect::<Vec<String>>()
    };
    let mut links = of(MLP, Model::Mlp, "&std=0.3&bias=0.1");
    links.extend(of(GPT, Model::Gpt, "&std=0.3"));
    links.extend(of(GPT, Model::Gpt, "&std=0.3&block=llama&tied=off&writes=layer"));
    links.extend(Activation::ALL.iter().map(|phi| format!("{MLP}&init=kaiming-normal&act={}", phi.id())));
    links.extend(Cut::IDS.iter().map(|cut| format!("{MLP}&init=truncated-normal&std=1.5&cut={cut}")));
    let files: Vec<_> = links.into_iter().map(|link| (link.clone(), file(&link, 0))).collect();
    expect("same", &files);
}

#[test]
fn the_notebook_says_the_same_in_a_kernel() {
    let said = Python::with_torch().run_notebook(&file(GPT, LOSSES as u64).notebook());
    assert_eq!(said.concat().lines().last(), Some("same"), "{said:?}");
}

#[test]
fn a_run_that_diverges_is_compared_up_to_there() {
    let link = format!("{MLP}&init=kaiming-normal&act=relu-squared&lr=0.5&residual=on");
    let (spec, record) = recorded(&link, LOSSES as u64);
    let numbers = MeasuredNumbers::of(&record, &spec);
    assert!((1..LOSSES).contains(&numbers.losses.len()), "{:?}", numbers.losses);
    let file = CodeFile::new(&spec, &numbers, "A network that diverges", &link, &pieces(Dataset::Digits));
    expect("same", &[(link, file)]);
}

#[test]
fn what_was_not_measured_is_not_compared() {
    let spec = spec(MLP);
    let file = CodeFile::new(&spec, &MeasuredNumbers::default(), "A network", MLP, &pieces(Dataset::Digits));
    expect("nothing to compare: the lab had not measured anything yet", &[(MLP.to_owned(), file)]);
}

#[test]
fn another_network_is_not_said_to_be_the_same() {
    let (_, record) = recorded(MLP, 3);
    let other = spec(&format!("{MLP}&lr=0.5&init=kaiming-normal"));
    let numbers = MeasuredNumbers::of(&record, &record.spec);
    let file = CodeFile::new(&other, &numbers, "Another network", "", &pieces(Dataset::Digits));
    expect("different", &[("another start".to_owned(), file)]);
}
