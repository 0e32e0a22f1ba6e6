//! What a teacher can choose of an embedded lab, and the links that say it.

use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::selection::{Item, ItemFlag, Section, choose, set_flag};
use init_lab::lab::snippet::Snippet;
use init_lab::lab::spec::{Model, Scheme, Spec};
use init_lab::lab::view::{PARTS, View};
use init_lab::science::seed::Stream;

use crate::languages;

const PARTS_SHOWN: [&str; 7] = ["question", "diagnosis", "status", "play", "step", "reset", "reseed"];

/// A lab in another page.
fn embedded(link: &str) -> Lab {
    Lab::from_link(&format!("{link}&embed=1")).0
}

fn ids(items: &[Item]) -> Vec<&'static str> {
    items.iter().map(|item| item.id()).collect()
}

/// Those of the items that have a flag.
fn having(flag: ItemFlag, items: &[Item], view: &View) -> Vec<Item> {
    items.iter().copied().filter(|item| item.has(flag, view)).collect()
}

/// What of a network is listed and does not stand in the list, in words.
#[track_caller]
fn assert_differs(link: &str, plain: &str, more: &[&str], fewer: &[&str]) {
    let listed = |link| ids(&Item::all(&embedded(link).spec));
    let (one, other) = (listed(link), listed(plain));
    let without = |all: &[&'static str], some: &[&str]| -> Vec<&str> {
        all.iter().copied().filter(|id| !some.contains(id)).collect()
    };
    assert_eq!((without(&one, &other), without(&other, &one)), (more.to_vec(), fewer.to_vec()), "{link}");
}

#[test]
fn the_plain_network_has_these_in_the_page_s_order() {
    let wanted = "init std bias model depth width widths act norm residual opt lr warmup schedule clip wd dropout batch steps \
                  adapt data examples seed device variance gradient signal-share loss digits digit-path updates histograms dead spectrum sharpness \
                  sweep phase correlation question \
                  diagnosis status code play step reset reseed";
    assert_eq!(ids(&Item::all(&Spec::mlp())), wanted.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn what_means_nothing_for_a_network_is_not_offered() {
    assert_differs("init=kaiming-normal", "", &["gain", "cut", "fan"], &[]);
    assert_differs("init=sparse", "", &["sparsity"], &[]);
    assert_differs("act=leaky-relu", "", &["slope"], &[]);
    assert_differs("wd=0.1", "", &["decay"], &[]);
    assert_differs("adapt=lora", "", &["adapt-at", "rank", "lora-start"], &[]);
    // Theory has no phases where a norm, a skip or a start without chance decides.
    assert_differs("norm=layer", "", &["pos"], &["phase", "correlation"]);
    assert_differs("residual=on", "", &[], &["phase", "correlation"]);
    assert_differs("init=constant", "", &[], &["phase", "correlation"]);
    assert_differs("model=gpt&init=constant", "model=gpt", &[], &["entropy"]);
    assert_differs("model=gpt&tied=off", "model=gpt", &["init.head", "std.head"], &[]);
    assert_differs("model=gpt&init.q=xavier-normal", "model=gpt", &["cut", "gain.q"], &["std.q"]);
    assert_differs("model=gpt&formula.k=1/fan_in", "model=gpt", &["formula", "cut", "gain.k", "formula.k"], &[]);
}

/// With everything asked for, what is offered is there and nothing else is; with nothing, nothing.
#[test]
fn what_is_offered_is_what_the_lab_can_show() {
    for model in Model::ALL {
        for scheme in Scheme::ALL {
            let mut spec = Spec::default_for(*model);
            spec.start.scheme = *scheme;
            spec.settle();
            let listed = Item::all(&spec);
            let view = View { embed: true, ..View::default() };
            let all = choose(&view, &listed, &listed, &[]);
            assert_eq!(ids(&having(ItemFlag::Show, &listed, &all)), ids(&listed), "{model:?} {scheme:?}");
            let none = choose(&view, &listed, &[], &[]);
            assert_eq!(ids(&having(ItemFlag::Show, &listed, &none)), [""; 0], "{model:?} {scheme:?}");
            for id in ["gain", "sparsity", "cut"] {
                let knob = init_lab::lab::knob::Knob::find(id).expect("a knob");
                assert_eq!(ids(&listed).contains(&id), knob.applies(&spec), "{model:?} {scheme:?} {id}");
            }
            let attention = ids(&listed).contains(&"entropy");
            assert_eq!(attention, *model == Model::Gpt && spec.plan().is_random(), "{model:?} {scheme:?}");
        }
    }
}

#[test]
fn every_item_has_one_place_and_its_sections_are_whole() {
    for model in Model::ALL {
        let listed = Item::all(&Spec::default_for(*model));
        let in_sections: Vec<&str> = Section::ALL
            .iter()
            .flat_map(|section| listed.iter().filter(|item| item.section() == *section))
            .map(|item| item.id())
            .collect();
        assert_eq!(in_sections.len(), listed.len(), "{model:?}");
        let parts: Vec<&str> =
            PARTS.into_iter().filter(|part| !["share", "theory", "pin", "goal"].contains(part)).collect();
        assert!(parts.iter().all(|part| in_sections.contains(part)), "{model:?}");
    }
    let locked: Vec<&str> = Section::ALL
        .iter()
        .filter(|section| section.flags().contains(&ItemFlag::Lock))
        .map(|section| section.id())
        .collect();
    assert_eq!(locked, ["start", "matrices", "network", "optimizer", "run", "buttons"]);
}

#[test]
fn everything_that_can_be_chosen_or_pasted_has_a_name_in_every_language() {
    let mut missing = Vec::new();
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        let keys = ItemFlag::IDS.iter().map(|id| (*id).to_owned());
        let snippets =
            Snippet::ALL.iter().flat_map(|snippet| [snippet.kind().id().to_owned(), format!("{}-note", snippet.id())]);
        let needed = keys.chain(snippets).map(|key| format!("studio.{key}"));
        missing.extend(needed.filter(|key| !texts.contains_key(key)));
        // A text that is missing is its key, and what is put together from none has its dots.
        lang.learn(texts);
        let sections = Section::ALL.map(|section| lang.section(section)).into_iter();
        let llama = Lab::from_link("model=gpt&block=llama&tied=off&init=formula&adapt=tokens").0.spec;
        let specs = [Spec::mlp(), Spec::gpt(), llama];
        let names = specs.iter().flat_map(Item::all).map(|item| lang.item(item)).chain(sections);
        missing.extend(names.filter(|name| name.contains(['.', '{']) || name.is_empty()));
    }
    assert_eq!(missing, [""; 0]);
}

/// A choice as its link, and that it means what was chosen.
#[track_caller]
fn said(from: &str, wanted: &[&str], locked: &[&str]) -> String {
    let mut lab = embedded(from);
    let listed = Item::all(&lab.spec);
    let named = |names: &[&str]| -> Vec<Item> {
        assert!(names.iter().all(|name| ids(&listed).contains(name)), "{names:?}");
        listed.iter().copied().filter(|item| names.contains(&item.id())).collect()
    };
    let (wanted, locked) = (named(wanted), named(locked));
    lab.view = choose(&lab.view, &listed, &wanted, &locked);
    assert_eq!(ids(&having(ItemFlag::Show, &listed, &lab.view)), ids(&wanted));
    let held = having(ItemFlag::Lock, &having(ItemFlag::Show, &listed, &lab.view), &lab.view);
    assert_eq!(ids(&held), ids(&locked));
    lab.view.embed = false;
    lab.link()
}

#[test]
fn choices_are_said_in_the_fewest_words() {
    let charts = ["variance", "gradient", "loss", "sweep"];
    let all = ids(&Item::all(&Spec::mlp()));
    let asked_for = [
        "phase",
        "correlation",
        "signal-share",
        "digits",
        "digit-path",
        "updates",
        "histograms",
        "dead",
        "spectrum",
        "sharpness",
        "code",
    ];
    let usual: Vec<&str> = all.into_iter().filter(|id| !asked_for.contains(id)).collect();
    let but = |away: &[&str]| -> Vec<&str> { usual.iter().copied().filter(|id| !away.contains(id)).collect() };
    let with = |parts: &[&[&'static str]]| [parts.concat(), PARTS_SHOWN.to_vec()].concat();
    let cases = [
        (usual.clone(), "#v=1"),
        (but(&["seed"]), "#v=1&hide=seed"),
        (with(&[&["std", "variance", "code"]]), "#v=1&show=std,variance,code"),
        (but(&["gradient", "loss"]), "#v=1&hide=gradient,loss"),
        (but(&["data", "examples", "seed", "device", "reseed"]), "#v=1&hide=run,reseed"),
        (with(&[&["std", "variance"]]), "#v=1&show=std,variance"),
        (with(&[&["std"], &charts]), "#v=1&show=std"),
        (with(&[&charts]), "#v=1&hide=start,network,optimizer,run"),
        (with(&[&["variance", "loss"]]), "#v=1&show=variance,loss"),
        (with(&[&["std"]]), "#v=1&show=std&hide=variance,gradient,loss,sweep"),
        (with(&[&charts, &["phase", "std"]]), "#v=1&show=std,variance,gradient,loss,sweep,phase"),
        (
            Vec::new(),
            "#v=1&hide=start,network,optimizer,run,variance,gradient,loss,sweep,question,diagnosis,status,play,step,\
             reset,reseed",
        ),
    ];
    for (wanted, link) in cases {
        assert_eq!(said("", &wanted, &[]), link);
    }
    assert_eq!(said("", &usual, &["seed", "play"]), "#v=1&lock=seed,play");
    assert_eq!(said("", &usual, &["data", "examples", "seed", "device"]), "#v=1&lock=run");
    // What means nothing for this network stays where a teacher had named it.
    let gpt = "show=std,heads,variance&hide=weights&lock=matrices";
    let wanted = with(&[&["std", "depth", "variance"]]);
    assert_eq!(said(gpt, &wanted, &[]), "#v=1&show=std,depth,variance,heads&hide=weights&lock=matrices");
}

#[test]
fn any_choice_goes_through_a_link_and_back() {
    let links =
        ["", "model=gpt", "model=gpt&block=llama&tied=off&show=phase,std&lock=act", "norm=layer&hide=weights,run"];
    let mut stream = Stream::new(1, "choices");
    for round in 0..400 {
        let mut lab = embedded(links[round % links.len()]);
        let listed = Item::all(&lab.spec);
        let share = stream.uniform();
        let mut some = || -> Vec<Item> { listed.iter().copied().filter(|_| stream.uniform() < share).collect() };
        let (wanted, locked) = (some(), some());
        lab.view = choose(&lab.view, &listed, &wanted, &locked);
        let (again, notices) = Lab::from_link(&lab.link());
        assert_eq!((&again, notices.as_slice()), (&lab, [].as_slice()));
        assert_eq!(ids(&having(ItemFlag::Show, &listed, &again.view)), ids(&wanted), "{}", lab.link());
        let held: Vec<&str> = ids(&having(ItemFlag::Lock, &wanted, &again.view));
        let both: Vec<&str> = wanted.iter().filter(|item| locked.contains(item)).map(|item| item.id()).collect();
        assert_eq!(held, both, "{}", lab.link());
    }
}

#[test]
fn a_flag_is_given_and_taken_alone() {
    let lab = embedded("show=std,depth,variance&lock=depth");
    let listed = Item::all(&lab.spec);
    let of = |ids: &[&str]| -> Vec<Item> { listed.iter().copied().filter(|item| ids.contains(&item.id())).collect() };
    let then = |ids: &[&str], flag, on| {
        let view = set_flag(&lab.view, &listed, &of(ids), flag, on);
        (view.show.join(","), view.hide.join(","), view.lock.join(","))
    };
    let text = |show: &str, hide: &str, lock: &str| (show.to_owned(), hide.to_owned(), lock.to_owned());
    assert_eq!(then(&["std"], ItemFlag::Lock, true), text("std,depth,variance", "", "std,depth"));
    assert_eq!(then(&["loss"], ItemFlag::Show, true), text("std,depth,variance,loss", "", "depth"));
    assert_eq!(
        then(&["data", "examples", "seed", "device"], ItemFlag::Show, true),
        text("std,depth,run,variance", "", "depth")
    );
    // What is not shown has no lock.
    assert_eq!(then(&["depth"], ItemFlag::Show, false), text("std,variance", "", ""));
    assert_eq!(then(&["loss"], ItemFlag::Lock, true), text("std,depth,variance", "", "depth"));
}
