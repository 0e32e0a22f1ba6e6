//! A reader's own data: what can be read and what cannot, and that the lab goes on either way.

use crate::languages::texts;
use crate::owned::{flowers, lines};
use init_lab::lab::effect::Effect;
use init_lab::lab::forecast::{first_loss, guessing};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::notice::Notice;
use init_lab::lab::own::{OwnEdit, OwnFile, read_own};
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spec::{Dataset, Model, Spec, data_shape};
use init_lab::lab::state::{Edit, State};
use init_lab::science::data::likeness::{Profile, profile};
use init_lab::science::data::own::{
    LEAST_CHARACTERS, MOST_BYTES, OwnFault, OwnFaultKind, OwnTable, read_table, read_text,
};

fn table(text: &str) -> OwnTable {
    read_table(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}\n{text}"))
}

fn fault(bytes: impl AsRef<[u8]>) -> OwnFault {
    read_table(bytes.as_ref()).expect_err("a fault")
}

#[test]
fn separators_decimal_commas_names_quotes_and_ends_of_lines_make_no_difference() {
    let plain = table(&flowers());
    assert_eq!((plain.table.features, plain.table.classes, plain.table.train), (2, 3, 48));
    assert_eq!(plain.labels, ["iris", "rose", "tulip"]);
    assert_eq!(plain.columns, ["height", "weight"]);
    let nameless = flowers().split_once('\n').expect("lines").1.to_owned();
    let sixteen = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        ["\u{feff}", text].concat().encode_utf16().flat_map(bytes).collect()
    };
    let others: [Vec<u8>; 9] = [
        flowers().replace(',', ";").into(),
        flowers().replace(',', ";").replace('.', ",").into(),
        flowers().replace(',', "\t").into(),
        flowers().replace('\n', "\r\n").into(),
        format!("\u{feff}{}\n\n", flowers()).into(),
        flowers().replace("rose", "\"rose\"").replace(',', " , ").into(),
        nameless.into(),
        sixteen(&flowers(), u16::to_le_bytes),
        sixteen(&flowers(), u16::to_be_bytes),
    ];
    for bytes in others {
        let other = read_table(&bytes).expect("a table");
        assert_eq!((other.table, other.labels), (plain.table.clone(), plain.labels.clone()));
    }
    // A quote can hold what separates, quotes and ends of lines.
    let quoted = table(&flowers().replace("rose", "\"a \"\"rose\"\",\nred\""));
    assert_eq!(quoted.labels, ["a \"rose\",\nred", "iris", "tulip"]);
}

#[test]
fn the_class_is_the_last_column_or_the_only_one_with_words() {
    let first: String = flowers()
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{},{},{}\n", cells[2], cells[0], cells[1])
        })
        .collect();
    assert_eq!(table(&first).table, table(&flowers()).table);
    // Numbers name classes too, in their order and not in that of their signs.
    let numbered = flowers().replace("iris", "10").replace("rose", "9").replace("tulip", "-1");
    assert_eq!(table(&numbered).labels, ["-1", "9", "10"]);
}

/// The theory takes it that the mean square of an input is 1; a column that never changes says nothing.
#[test]
fn inputs_are_standardized_as_those_of_the_digits() {
    let text: String = flowers()
        .lines()
        .map(|line| format!("{},{line}\n", if line.starts_with('h') { "same" } else { "7" }))
        .collect();
    let own = table(&text).table;
    assert_eq!(own.features, 3);
    let train = &own.inputs[..own.train * 3];
    let square = train.iter().map(|x| f64::from(x * x)).sum::<f64>() / train.len() as f64;
    assert!((square - 1.0).abs() < 1e-5, "{square}");
    for column in 0..3 {
        let mean = train.iter().skip(column).step_by(3).sum::<f32>() / own.train as f32;
        assert!(mean.abs() < 1e-5, "{mean}");
    }
    assert!(own.inputs.iter().step_by(3).all(|x| *x == 0.0));
    // Each class is met and judged.
    for class in 0..3 {
        assert_eq!(own.labels[..own.train].iter().filter(|label| **label == class).count(), 16);
    }
    assert_eq!(own.labels.len() - own.train, 12);
    // What theory starts from comes from these rows, and outlives a message.
    let (report, shape) = read_own(Model::Mlp, text.as_bytes()).expect("a table");
    let found = profile(&own);
    assert_eq!(Profile::from_numbers(&report.profiles[0]), found);
    assert_eq!(*shape.profiles[0], found);
    let mean: f64 = found.lengths.iter().map(|length| length.share * length.square).sum();
    assert!((mean - 1.0).abs() < 1e-5, "{mean}");
}

#[test]
fn what_cannot_be_learned_is_named_with_its_place() {
    use OwnFaultKind::{
        Binary, Constant, Empty, Encoding, FewOfClass, FewRows, Infinite, Large, ManyClasses, ManyColumns, ManyNumbers,
        ManyRows, Missing, OneClass, OneColumn, Quote, Ragged, Word,
    };
    let with = |line: usize, text: &str| -> String {
        flowers()
            .lines()
            .enumerate()
            .map(|(at, old)| format!("{}\n", if at + 1 == line { text } else { old }))
            .collect()
    };
    let wide: String = (0..20).map(|row| format!("{}{row}\n", "1,".repeat(10_000))).collect();
    let long: String = (0..10_001).map(|row| format!("{row},a{}\n", row % 2)).collect();
    let heavy: String = (0..3000).map(|row| format!("{}{}\n", "1,".repeat(900), row % 2)).collect();
    let classes: String = (0..600).map(|row| format!("{row},{}\n", row % 120)).collect();
    let cases: Vec<(Vec<u8>, OwnFaultKind, usize, usize)> = vec![
        (vec![], Empty, 0, 0),
        (b" \r\n\n".to_vec(), Empty, 0, 0),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Binary, 0, 0),
        (b"1,a\n2,caf\xe9\n".to_vec(), Encoding, 2, 0),
        (vec![b'1'; MOST_BYTES + 1], Large, 0, 0),
        (b"1\n2\n3\n".to_vec(), OneColumn, 0, 0),
        (wide.into(), ManyColumns, 0, 0),
        (long.into(), ManyRows, 0, 0),
        (heavy.into(), ManyNumbers, 0, 0),
        (classes.into(), ManyClasses, 0, 2),
        (b"x,y\n1,a\n2,b\n".to_vec(), FewRows, 0, 0),
        (with(7, "1.0,2.0,3.0,rose").into(), Ragged, 7, 0),
        (with(7, "1.0,rose").into(), Ragged, 7, 0),
        (with(7, ",2.0,rose").into(), Missing, 7, 1),
        (with(7, "1.0,2.0,").into(), Missing, 7, 3),
        (with(7, "1.0,tall,rose").into(), Word, 7, 2),
        (with(7, "NaN,2.0,rose").into(), Infinite, 7, 1),
        (with(7, "1.0,inf,rose").into(), Infinite, 7, 2),
        (with(7, "1.0,1e400,rose").into(), Infinite, 7, 2),
        (with(7, "1.0,2.0,\"rose").into(), Quote, 7, 3),
        (with(7, "1.0,2.0,lily").into(), FewOfClass, 0, 0),
        (flowers().replace("rose", "iris").replace("tulip", "iris").into(), OneClass, 0, 3),
        ((0..20).map(|row| format!("1,2,{}\n", row % 2)).collect::<String>().into(), Constant, 0, 0),
    ];
    for (bytes, kind, line, column) in cases {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        let found = fault(&bytes);
        assert_eq!((found.kind, found.line, found.column), (kind, line, column), "{start}");
        for lang in [Lang::En, Lang::Vi] {
            lang.learn(texts(lang));
            let said = lang.notice(&Notice::from(&found));
            assert!(!said.contains(['{', '}']) && said.len() > 30 && !said.contains("own-fault"), "{said}");
            assert!(line == 0 || said.contains(&line.to_string()), "{said}");
        }
    }
    assert_eq!(fault(with(7, "1.0,tall,rose")).word, "tall");
}

#[test]
fn a_text_brings_its_own_characters() {
    let own = read_text(lines(400).as_bytes()).expect("a text");
    let text = own.text;
    assert_eq!(text.train, text.tokens.len() * 9 / 10);
    let back: String = text.tokens.iter().map(|token| text.vocabulary[usize::from(*token)]).collect();
    assert_eq!(back, lines(400));
    assert!(text.vocabulary.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(read_text(lines(400).replace('\n', "\r\n").as_bytes()).expect("a text").text, text);
    let short = read_text(b"abc").expect_err("too short");
    assert_eq!((short.kind, short.count, short.bound), (OwnFaultKind::ShortText, 3, LEAST_CHARACTERS));
    let many: String = ('一'..).take(LEAST_CHARACTERS).collect();
    assert_eq!(read_text(many.as_bytes()).expect_err("too many").kind, OwnFaultKind::ManyCharacters);
    assert_eq!(read_text(&[]).expect_err("nothing").kind, OwnFaultKind::Empty);
    assert_eq!(read_text(&[0; 5000]).expect_err("no text").kind, OwnFaultKind::Binary);
}

fn offer(model: Model, text: &str) -> Edit {
    Edit::Own(OwnEdit::Offer(model, OwnFile::new("mine.csv".to_owned(), text.as_bytes().to_vec())))
}

/// What the worker answers to these commands, as far as they are about the reader's data.
fn answered(state: &mut State, commands: Vec<Command>) -> Vec<Command> {
    let mut more = Vec::new();
    for command in commands {
        if let Command::TakeData { model, bytes } = command {
            let result = read_own(model, &bytes).map(|(report, _)| report);
            more.extend(state.apply(Event::Data { model, result }));
        }
    }
    more
}

fn started(commands: &[Command]) -> Vec<&Spec> {
    commands
        .iter()
        .filter_map(|command| if let Command::Start { spec, .. } = command { Some(spec) } else { None })
        .collect()
}

#[test]
fn a_file_that_is_chosen_is_learned_and_its_link_says_own_alone() {
    let mut state = State::open("v=1&depth=3");
    state.apply(Event::Ready);
    let commands = state.edit(offer(Model::Mlp, &flowers())).commands;
    let commands = answered(&mut state, commands);
    let [spec] = started(&commands)[..] else { panic!("{commands:?}") };
    assert_eq!(spec.run.data, Dataset::Own);
    let shape = data_shape(state.spec());
    assert_eq!((shape.examples, shape.features, shape.classes), (48, 2, 3));
    assert!((shape.entropy - 3_f64.ln()).abs() < 1e-12);
    assert_eq!(state.spec().architecture().features, 2);
    assert!(predict(state.spec()).layers.iter().all(|layer| layer.preactivation_var.is_some_and(f64::is_finite)));
    assert_eq!(state.lab.address(), "#v=1&depth=3&data=own");
    // Every gesture and link after that still knows the file.
    for edit in
        [Edit::Set("width=24".to_owned()), Edit::Reseed, Edit::Open("v=1&depth=4&data=own".to_owned()), Edit::Reset]
    {
        state.edit(edit);
        assert_eq!(data_shape(state.spec()).features, 2);
        assert!(state.lab.address().contains("data=own"), "{}", state.lab.address());
        assert_eq!(state.notices, []);
    }
    // A new worker is given it again, before the run.
    let commands = state.apply(Event::Ready);
    let place = |is: fn(&Command) -> bool| commands.iter().position(is).expect("a command");
    assert!(place(|c| matches!(c, Command::TakeData { .. })) < place(|c| matches!(c, Command::Start { .. })));
    let run = state.run;
    assert_eq!(answered(&mut state, commands), []);
    assert_eq!(state.run, run);
    // Forgotten, the link still asks for it, and the usual data stands in.
    state.edit(Edit::Own(OwnEdit::Forget(Model::Mlp)));
    assert!(state.spec().lacks_data());
    assert_eq!((state.spec().dataset(), data_shape(state.spec()).features), (Dataset::Digits, 64));
    assert!(state.lab.address().contains("data=own"));
}

#[test]
fn a_file_that_cannot_be_read_changes_nothing_but_the_notice() {
    let mut state = State::open("v=1&depth=3");
    state.apply(Event::Ready);
    let before = (state.lab.clone(), state.run, state.phase.clone());
    for text in ["", "1,2\n", "a"] {
        let commands = state.edit(offer(Model::Mlp, text)).commands;
        assert_eq!(answered(&mut state, commands), []);
        assert_eq!((state.lab.clone(), state.run, state.phase.clone()), before);
        assert_eq!(state.notices.len(), 1);
    }
    state.edit(Edit::Own(OwnEdit::TooLarge(100_000_000)));
    Lang::En.learn(texts(Lang::En));
    assert!(Lang::En.notice(&state.notices[0]).contains("100 MB"), "{}", Lang::En.notice(&state.notices[0]));
    // Nor is the file lost that was there.
    let commands = state.edit(offer(Model::Mlp, &flowers())).commands;
    answered(&mut state, commands);
    let commands = state.edit(offer(Model::Mlp, "1,2\n")).commands;
    answered(&mut state, commands);
    assert_eq!(data_shape(state.spec()).features, 2);
}

/// Somebody else's link names data that only they have.
#[test]
fn a_link_without_its_file_shows_the_usual_data() {
    for (link, data) in [("v=1&data=own", Dataset::Digits), ("v=1&model=gpt&data=own", Dataset::Chars)] {
        let (lab, notices) = Lab::default().open(link);
        assert_eq!(notices, []);
        assert!(lab.spec.lacks_data());
        assert_eq!(lab.spec.dataset(), data);
        assert_eq!(lab.address(), format!("#{link}"));
        predict(&lab.spec);
    }
    // Who has the file sees its run begin once, with the file.
    let mut state = State::open("v=1&data=own");
    let file = OwnFile::new("mine.csv".to_owned(), flowers().into_bytes());
    state.edit(Edit::Own(OwnEdit::Recall(Model::Mlp, Some(file))));
    let commands = state.apply(Event::Ready);
    assert!(started(&commands).is_empty(), "{commands:?}");
    let commands = answered(&mut state, commands);
    assert_eq!(started(&commands).len(), 1);
    assert_eq!(data_shape(state.spec()).features, 2);
}

#[test]
fn two_files_are_two_networks_and_one_is_one() {
    let with = |text: &str| {
        let mut state = State::open("v=1&data=own");
        state.apply(Event::Ready);
        let commands = state.edit(offer(Model::Mlp, text)).commands;
        answered(&mut state, commands);
        state.spec().clone()
    };
    let [one, same, other] = [flowers(), flowers(), flowers().replace("1.5", "1.6")].map(|text| with(&text));
    assert_eq!(Effect::of(&one), Effect::of(&same));
    assert_ne!(Effect::of(&one), Effect::of(&other));
    assert!(one.learns_like(&same) && !one.learns_like(&other));
    // Where other data is learned, the file plays no part.
    let digits = Spec { run: Spec::mlp().run, ..one };
    assert_eq!(Effect::of(&digits), Effect::of(&Spec::mlp()));
}

/// What the note of its prepared lab says: σ = 0.02 begins at guessing, and a larger σ far above it.
#[test]
fn the_prepared_lab_of_a_text_begins_at_guessing() {
    let first = |link: &str| {
        let spec = Lab::from_link(link).0.spec;
        first_loss(&spec, &predict(&spec)).expect("theory") - guessing(&spec)
    };
    assert!(first("x=own-text").abs() < 0.05, "{}", first("x=own-text"));
    assert!(first("x=own-text&std=0.5") > 3.0, "{}", first("x=own-text&std=0.5"));
}
