//! Goals: their language, what counts as reached, and the completion code.

use init_lab::lab::attempt::CheckOutcome;
use init_lab::lab::clue::clues;
use init_lab::lab::completion::{ClaimProblem, RunClaim, check_digits, code, crc32};
use init_lab::lab::diagnosis::Verdict;
use init_lab::lab::goal::{Goal, GoalProblem, GoalRange, GoalTime};
use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::message;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, Event, Why};
use init_lab::lab::roster::{MOST_CODES, Roster, RosterEdit};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::statement::Statement;
use init_lab::science::layer::LayerId;

use crate::languages;

fn goal(text: &str) -> Goal {
    Goal::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

/// A measurement of three hidden layers: the variance of the last is `ratio` times that of the first.
fn frame(run: u32, step: u64, ratio: f64, val_loss: Option<f64>) -> Frame {
    let layer = |number: usize, variance: f64| LayerMetric {
        activation_var: Some(Number(variance)),
        gradient_rms: Some(Number(0.5)),
        ..LayerMetric::unmeasured(LayerId::Hidden(number))
    };
    Frame {
        run,
        step,
        loss: Number(2.0),
        val_loss: val_loss.map(Number),
        accuracy: None,
        losses: vec![Number(2.0)],
        layers: vec![layer(1, 1.0), layer(2, 1.0), layer(3, ratio)],
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        heads: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        step_ms: 1.0,
    }
}

/// A lab whose engine is there and has measured the start.
fn measured(link: &str, ratio: f64) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state.apply(Event::Ready);
    state.apply(Event::Frame(frame(state.run, 0, ratio, Some(2.3))));
    state
}

fn knob(id: &str, text: &str) -> Edit {
    let knob = Knob::find(id).expect("a knob");
    Edit::Knob(knob, knob.parse(text).expect("a value"))
}

#[test]
fn a_goal_goes_there_and_back() {
    let text = "valLoss<1.9@300;gradient-ratio<2;variance=0.5..2;accuracy>0.9@=100;keep=lr,network;only=std,lr,network";
    let read = goal(text);
    assert_eq!(read.text(), text);
    assert_eq!((read.conditions[0].range, read.conditions[0].time), (GoalRange::Below(1.9), GoalTime::By(300)));
    assert_eq!(read.conditions[3].time, GoalTime::At(100));
    assert_eq!(read.last_step(), Some(100));
    assert_eq!(
        goal(" valLoss <= 1.9 @ 300 ; variance ≥ 1e-3; keep = lr ").text(),
        "valLoss<1.9@300;variance>0.001;keep=lr"
    );
}

#[test]
fn what_is_wrong_with_a_goal_is_said_in_every_language() {
    use GoalProblem::{Empty, Ends, Knob, Long, Metric, Number, Sign, Step};
    let long = "loss<1;".repeat(20);
    let cases = [
        ("keep=lr", Empty),
        ("loss", Sign),
        ("beauty<1", Metric),
        ("loss<much", Number),
        ("loss<NaN", Number),
        ("loss=1", Ends),
        ("loss=2..1", Ends),
        ("loss<1@soon", Step),
        ("loss<1@-3", Step),
        ("loss<1;keep=luck", Knob),
        (long.as_str(), Long),
    ];
    for (text, problem) in cases {
        assert_eq!(Goal::parse(text).err().map(|fault| fault.problem), Some(problem), "{text}");
        let (lab, notices) = Lab::from_link(&format!("goal={text}&depth=5"));
        assert_eq!((lab.spec.network.depth, lab.task), (5, None), "{text}");
        assert_eq!(notices.len(), 1, "{text}: {notices:?}");
        for lang in Lang::ALL {
            lang.learn(languages::texts(*lang));
            let said = lang.notice(&notices[0]);
            assert!(!said.contains("goal-error.") && !said.contains('{'), "{said}");
        }
    }
    for problem in GoalProblem::ALL {
        assert!(cases.iter().any(|(_, shown)| shown == problem), "{problem:?}");
    }
}

/// Addresses encode `<` and `>`, and some encode all signs.
#[test]
fn a_goal_is_understood_however_an_address_writes_it() {
    let plain = Lab::from_link("#v=1&goal=valLoss<1.9@300;keep=lr").0.task;
    assert!(plain.is_some());
    for link in ["#v=1&goal=valLoss%3C1.9@300;keep=lr", "#v=1&goal=valLoss%3C1.9%40300%3Bkeep%3Dlr"] {
        assert_eq!(Lab::from_link(link), (Lab::from_link("#v=1&goal=valLoss<1.9@300;keep=lr").0, Vec::new()), "{link}");
    }
}

#[test]
fn words_follow_from_the_rule() {
    let read = goal("valLoss<1.9@300;gradient-ratio<2;dead<0.2;keep=lr,network");
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        let said = format!("{} {}", lang.goal(&read), lang.freedom(&read));
        for part in ["1.9", "300", "×2", "20 %", &lang.label("lr"), lang.text("group.network")] {
            assert!(said.contains(part), "{said} lacks {part}");
        }
        assert!(!said.contains("goal.") && !said.contains('{'), "{said}");
        assert_eq!(lang.freedom(&goal("loss<1")), "");
    }
}

#[test]
fn the_start_of_a_challenge_stays_in_the_link() {
    let mut state = measured("depth=6&goal=loss<1;keep=lr", 1.0);
    let task = state.lab.task.clone();
    state.edit(knob("lr", "0.5"));
    state.edit(knob("depth", "9"));
    let link = state.lab.link();
    assert!(link.contains("goal=loss<1;keep=lr") && link.contains("from=depth=6;lr=0.01"), "{link}");
    assert_eq!(Lab::from_link(&link).0, state.lab);
    assert_eq!(Lab::from_link(&state.lab.address()).0.task, task);
    // A prepared challenge is told by its name.
    let lab = Lab::from_link("x=find-sigma&std=0.1").0;
    assert_eq!(lab.link(), "#v=1&x=find-sigma&std=0.1");
    assert_eq!(lab.task.map(|task| task.start.start.std), Some(0.02));
    let none = Lab::from_link("x=find-sigma&goal=").0;
    assert_eq!((none.task.clone(), Lab::from_link(&none.link()).0), (None, none));
}

#[test]
fn a_goal_holds_in_one_frame_or_not_at_all() {
    let mut state = measured("goal=variance-ratio<2;valLoss<1.9", 1.5);
    let run = state.run;
    assert_eq!(state.attempt.reached, None, "the loss is too large");
    assert!(state.seeks());
    state.apply(Event::Frame(frame(run, 10, 5.0, Some(1.5))));
    state.apply(Event::Frame(frame(run, 20, 1.5, None)));
    assert_eq!(state.attempt.reached, None, "never both at once");
    state.apply(Event::Frame(frame(run, 30, 0.6, Some(1.5))));
    state.apply(Event::Frame(frame(run, 40, 9.0, Some(1.5))));
    let reached = state.attempt.reached.clone().expect("reached, and stays so");
    assert_eq!((reached.step, reached.values), (30, vec![1.0 / 0.6, 1.5]));
    state.edit(Edit::Reset);
    assert_eq!(state.attempt.reached, None, "a new run is asked anew");
    assert!(!state.seeks(), "it was reached");
    let task = state.lab.task.clone().expect("a task");
    assert_eq!(state.attempt.last(&task).map(|reached| reached.step), Some(30), "the code stays to be copied");
    state.edit(Edit::Set("goal=loss<1".into()));
    let task = state.lab.task.clone().expect("a task");
    assert_eq!(state.attempt.last(&task), None, "of another challenge it says nothing");
}

#[test]
fn what_was_to_be_left_and_what_cannot_be_repeated_does_not_count() {
    let mut state = measured("goal=variance-ratio<2;keep=lr,optimizer", 9.0);
    state.edit(knob("lr", "0.5"));
    state.apply(Event::Frame(frame(state.run, 1, 1.0, None)));
    assert_eq!(state.attempt.reached, None);
    let task = state.lab.task.clone().expect("a task");
    assert_eq!(task.breaches(state.spec()).iter().map(|knob| knob.id).collect::<Vec<_>>(), ["lr"]);
    // A knob that plays no part is free to lie where it was left.
    let mut state = measured("init=normal&goal=variance-ratio<2;only=std", 9.0);
    let mut spec = state.spec().clone();
    Knob::find("gain").expect("a knob").set(&mut spec, KnobSetting::Number(3.0)).expect("a gain");
    assert_eq!(state.lab.task.as_ref().map(|task| task.breaches(&spec)), Some(Vec::new()));
    // A rate that is turned on the way cannot be repeated.
    state = measured("goal=variance-ratio<2@50", 9.0);
    state.edit(Edit::Play);
    state.apply(Event::Frame(frame(state.run, 10, 9.0, None)));
    state.edit(knob("lr", "0.5"));
    state.apply(Event::Frame(frame(state.run, 20, 1.0, None)));
    assert_eq!(state.attempt.reached, None);
}

#[test]
fn training_stops_for_a_moment_at_the_step_of_a_goal() {
    let mut state = measured("goal=valLoss<1.9@=300", 9.0);
    let run = state.run;
    assert_eq!(state.edit(Edit::Play).commands, [Command::Step(300)]);
    state.apply(Event::Frame(frame(run, 120, 9.0, Some(1.0))));
    assert_eq!(state.attempt.reached, None, "step 300 is asked for");
    state.edit(Edit::Pause);
    state.apply(Event::Paused { run, step: 120 });
    assert!(!state.running());
    assert_eq!(state.edit(Edit::Play).commands, [Command::Step(180)]);
    state.apply(Event::Frame(frame(run, 300, 9.0, Some(1.0))));
    assert_eq!(state.apply(Event::Paused { run, step: 300 }), [Command::Resume], "and goes on");
    assert!(state.running());
    assert_eq!(state.attempt.reached.as_ref().map(|reached| reached.step), Some(300));
    // Steps that are asked for on the way are made at once.
    let mut state = measured("goal=valLoss<1.9@300", 9.0);
    state.edit(Edit::Play);
    assert_eq!(state.edit(Edit::Step(3)).commands, [Command::Step(3)]);
    let mut late = measured("goal=valLoss<1.9@300", 9.0);
    late.apply(Event::Frame(frame(late.run, 400, 9.0, Some(1.0))));
    assert_eq!((late.attempt.reached.clone(), late.edit(Edit::Play).commands), (None, vec![Command::Resume]));
}

/// The check value of the catalogue of CRCs for CRC-32/ISO-HDLC.
#[test]
fn check_digits_are_those_of_crc_32() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(check_digits("123456789"), "35Z8E96");
}

fn solved() -> (State, String) {
    let mut state = measured("x=find-sigma", 1e-9);
    state.edit(knob("std", "0.15"));
    state.apply(Event::Frame(frame(state.run, 0, 1.25, None)));
    let text = code(state.attempt.reached.as_ref().expect("reached"));
    (state, text)
}

fn refused(text: &str) -> Option<ClaimProblem> {
    RunClaim::read(text, &Lab::default()).err().map(|fault| fault.problem)
}

/// A text with the check digits that it should have.
fn sealed(text: &str) -> String {
    format!("{text};{}", check_digits(text))
}

#[test]
fn a_code_says_which_run_it_was() {
    let (state, text) = solved();
    assert_eq!(text, sealed("find-sigma;std=0.15;@0;1.25"));
    let claim = RunClaim::read(&text, &Lab::default()).expect("a code");
    assert_eq!((claim.experiment, &claim.spec), (Some("find-sigma"), state.spec()));
    assert_eq!((claim.step, claim.values.as_slice()), (0, &[1.25][..]));
    // As people type and mail programs break it.
    let (body, digits) = text.rsplit_once(';').expect("digits");
    let bent = format!("  {} ; {}\n", body.replace(";@", ";\n@"), digits.to_lowercase().replace('0', "o"));
    assert_eq!(RunClaim::read(&bent, &Lab::default()).as_ref(), Ok(&claim));
}

#[test]
fn a_code_that_is_none_is_refused_with_the_reason() {
    let (_, text) = solved();
    assert_eq!(refused(""), Some(ClaimProblem::Form));
    assert_eq!(refused("find-sigma"), Some(ClaimProblem::Form));
    assert_eq!(refused(&text.replace("0.15", "0.16")), Some(ClaimProblem::Digits));
    assert_eq!(refused(&sealed("find-nothing;@0;1.25")), Some(ClaimProblem::Challenge));
    assert_eq!(refused(&sealed("vanish;@0;1.25")), Some(ClaimProblem::Challenge), "a lab without a challenge");
    assert_eq!(refused(&sealed("find-sigma;luck=7;@0;1.25")), Some(ClaimProblem::Change));
    assert_eq!(refused(&sealed("find-sigma;std=much;@0;1.25")), Some(ClaimProblem::Change));
    assert_eq!(refused(&sealed("find-sigma;depth=3;@0;1.25")), Some(ClaimProblem::Kept));
    assert_eq!(refused(&sealed("find-sigma;std=0.15;@0;2.5")), Some(ClaimProblem::Goal));
    assert_eq!(refused(&sealed("find-sigma;std=0.15;@0;1.25,1")), Some(ClaimProblem::Goal));
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        for problem in ClaimProblem::ALL {
            let key = format!("claim.{}", problem.id());
            assert_ne!(lang.text(&key), key);
        }
    }
}

#[test]
fn the_code_of_a_challenge_of_ones_own_is_of_that_link() {
    let link = "depth=3&goal=variance-ratio<2;keep=depth";
    let mut state = measured(link, 9.0);
    state.edit(knob("std", "0.3"));
    state.apply(Event::Frame(frame(state.run, 0, 1.25, None)));
    let text = code(state.attempt.reached.as_ref().expect("reached"));
    let lab = Lab::from_link(link).0;
    assert!(text.starts_with("own-") && RunClaim::read(&text, &lab).is_ok(), "{text}");
    assert_eq!(refused(&text), Some(ClaimProblem::Challenge));
    // The link that the student ends with is the same challenge.
    assert!(RunClaim::read(&text, &Lab::from_link(&state.lab.link()).0).is_ok());
}

/// What running a code again shows, if this is what comes out.
fn verified(ratio: f64) -> Option<CheckOutcome> {
    let claim = RunClaim::read(&solved().1, &Lab::default()).expect("a code");
    let mut teacher = measured("", 1.0);
    let commands = teacher.edit(Edit::Verify(Box::new(claim.clone()))).commands;
    let starts = |command: &Command| matches!(command, Command::Start { spec, .. } if *spec == claim.spec);
    assert!(commands.iter().any(starts), "a real run is made: {commands:?}");
    assert_eq!(teacher.attempt.check.as_ref().map(|check| check.outcome.clone()), Some(CheckOutcome::Running));
    teacher.apply(Event::Frame(frame(teacher.run, 0, ratio, None)));
    teacher.attempt.check.map(|check| check.outcome)
}

#[test]
fn a_code_is_confirmed_by_the_same_number_only() {
    assert_eq!(verified(1.25), Some(CheckOutcome::Confirmed(vec![1.25])));
    assert!(matches!(verified(1.259), Some(CheckOutcome::Confirmed(_))), "devices differ by less than a hundredth");
    assert_eq!(verified(1.3), Some(CheckOutcome::Different(vec![1.3])));
    assert!(matches!(verified(f64::NAN), Some(CheckOutcome::Different(_))));
}

#[test]
fn a_code_of_later_steps_asks_for_them_and_may_not_get_there() {
    let text = sealed("learn-300;init=kaiming-normal;@60;1.5");
    let claim = RunClaim::read(&text, &Lab::default()).expect("a code");
    let mut teacher = measured("", 1.0);
    let commands = teacher.edit(Edit::Verify(Box::new(claim))).commands;
    assert_eq!(commands.last(), Some(&Command::Step(60)));
    teacher.apply(Event::Frame(frame(teacher.run, 0, 1.0, Some(2.3))));
    teacher.apply(Event::Finished { run: teacher.run, step: 20, why: Why::Done });
    assert_eq!(teacher.attempt.check.map(|check| check.outcome), Some(CheckOutcome::Ended));
}

#[test]
fn the_page_around_hears_of_the_goal() {
    let (state, text) = solved();
    let told = serde_json::to_value(message::goal(&state)).expect("JSON");
    assert_eq!(
        told,
        serde_json::json!({
            "type": "initlab:goal", "v": 1, "goal": "variance-ratio<2;only=std", "run": state.run, "reached": true,
            "step": 0, "values": [1.25], "code": text,
        })
    );
    assert_eq!(message::goal(&State::open("")), None);
}

#[test]
fn a_learning_record_is_of_the_challenge_as_it_was_set_and_names_nobody() {
    let home = "https://example.org/lab/";
    Lang::En.learn(languages::texts(Lang::En));
    let (state, text) = solved();
    let told = serde_json::to_value(Statement::of(&state, home, Lang::En)).expect("JSON");
    let run = state.lab.link();
    let task = state.lab.task.clone().expect("a task");
    let id = format!("{home}#v=1&x=find-sigma");
    assert_eq!(run, "#v=1&x=find-sigma&std=0.15");
    assert_eq!(
        told,
        serde_json::json!({
            "verb": { "id": "http://adlnet.gov/expapi/verbs/completed", "display": { "en": "completed" } },
            "object": {
                "objectType": "Activity", "id": id,
                "definition": {
                    "type": "http://adlnet.gov/expapi/activities/assessment", "name": { "en": Lang::En.goal(&task.goal) },
                },
            },
            "result": {
                "completion": true, "success": true, "score": { "scaled": 1.0, "raw": 1.0, "min": 0.0, "max": 1.0 },
                "response": text, "extensions": { "https://example.org/lab/#run": run },
            },
            "context": { "platform": "Init Lab", "language": "en" },
        })
    );
    // The address of the activity opens the challenge from its start.
    let (again, notices) =
        Lab::from_link(told["object"]["id"].as_str().and_then(|id| id.split_once('#')).expect("an address").1);
    assert_eq!((again.task, notices), (Some(task), vec![]));
    assert_eq!(Statement::of(&State::open("goal=variance-ratio<2"), home, Lang::En), None, "nothing is reached yet");
}

#[test]
fn hints_name_a_knob_before_a_number_and_only_what_may_be_turned() {
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
        let lab = Lab::from_link("x=find-sigma").0;
        let task = lab.task.expect("a task");
        let remedy = init_lab::lab::remedy::remedy(&lab.spec, Verdict::Vanishing, None).expect("a remedy");
        let [first, second, third] = clues(&task, &lab.spec, Verdict::Vanishing, Some(&remedy), *lang);
        assert_eq!(first, lang.text("clue.vanishing"));
        assert!(second.contains(&lang.label("std")) && !second.contains("0."), "{second}");
        assert!(!second.contains(&lang.label("init")) && !second.contains(&lang.label("lr")), "{second}");
        assert!(third.contains("0.18"), "{third}");
        for verdict in Verdict::ALL {
            let told = clues(&task, &lab.spec, verdict, None, *lang);
            assert!(told.iter().all(|hint| !hint.contains("clue.") && !hint.contains('{')), "{told:?}");
        }
    }
}

/// Five lines as a class hands them in: a name and a code from a spreadsheet, the same run again, a wrong number, no code,
/// and one of another challenge without a name.
fn class_list() -> String {
    let an = solved().1;
    let binh = sealed("find-sigma;std=0.16;@0;1.9");
    let hoa = sealed("find-variance;std=0.158;@0;1.2,1.3");
    format!("An\t{an}\n\nNguyễn Bình, {binh}\r\n\"Chi\",\"{an}\"\nDung;what is this\n{hoa}\n")
}

fn results(roster: &Roster, lang: Lang) -> Vec<&'static str> {
    roster.rows.iter().map(|row| lang.roster_row(roster, row).result).collect()
}

#[test]
fn lines_are_read_as_they_come_out_of_a_list() {
    let roster = Roster::read(&class_list(), &Lab::default());
    let names: Vec<&str> = roster.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["An", "Nguyễn Bình", "Chi", "", ""]);
    let problems: Vec<_> = roster.rows.iter().map(|row| row.run.as_ref().err().map(|fault| fault.problem)).collect();
    assert_eq!(problems, [None, None, None, Some(ClaimProblem::Form), None]);
    assert_eq!(roster.rows.iter().map(|row| row.same_as).collect::<Vec<_>>(), [None, None, Some(0), None, None]);
    assert_eq!(roster.runs.len(), 3, "the same run is made once");
    let long = format!("{}\n", solved().1).repeat(MOST_CODES + 7);
    let roster = Roster::read(&long, &Lab::default());
    assert_eq!((roster.rows.len(), roster.runs.len(), roster.cut), (MOST_CODES, 1, 7));
}

#[test]
fn many_codes_are_run_one_after_another_and_bad_lines_hold_nothing_up() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
    let mut teacher = measured("x=find-sigma", 1e-9);
    let commands = teacher.edit(Edit::Roster(RosterEdit::Begin(class_list()))).commands;
    assert!(matches!(commands.last(), Some(Command::Start { spec, .. }) if spec.start.std == 0.15), "{commands:?}");
    let now = |teacher: &State| results(&teacher.roster, Lang::En);
    assert_eq!(now(&teacher), ["running", "waiting", "running", "refused", "waiting"]);
    let next = teacher.apply(Event::Frame(frame(teacher.run, 0, 1.25, None)));
    assert!(matches!(next.last(), Some(Command::Start { spec, .. }) if spec.start.std == 0.16), "{next:?}");
    assert_eq!(now(&teacher), ["confirmed", "running", "confirmed", "refused", "waiting"]);
    // The run before says something late.
    teacher.apply(Event::Paused { run: teacher.run - 1, step: 0 });
    let next = teacher.apply(Event::Frame(frame(teacher.run, 0, 1.5, None)));
    assert!(matches!(next.last(), Some(Command::Start { spec, .. }) if spec.network.depth == 50), "{next:?}");
    let next = teacher.apply(Event::Frame(frame(teacher.run, 0, 1.2, None)));
    assert_eq!(next, []);
    assert_eq!(now(&teacher), ["confirmed", "different", "confirmed", "refused", "different"]);
    assert_eq!((teacher.roster.is_running(), teacher.roster.done()), (false, 3));

    for lang in Lang::ALL {
        let csv = teacher.roster.csv(*lang);
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 6, "{csv}");
        assert_eq!(lines[0], "line,name,challenge,code,claimed,found,result,same_as,why");
        assert!(lines[1].starts_with("1,An,") && lines[3].contains(",confirmed,1,"), "{csv}");
        assert!(lines[2].contains(",different,") && lines[4].contains(",refused,"), "{csv}");
        assert!(!csv.contains("roster.") && !csv.contains("claim.") && !csv.contains('{'), "{csv}");
    }
}

#[test]
fn many_codes_can_be_stopped_and_gone_on_with() {
    let mut teacher = measured("x=find-sigma", 1e-9);
    teacher.edit(Edit::Roster(RosterEdit::Begin(class_list())));
    assert_eq!(teacher.edit(Edit::Roster(RosterEdit::Stop)).commands, [Command::Pause]);
    assert_eq!(results(&teacher.roster, Lang::En), ["left", "left", "left", "refused", "left"]);
    assert_eq!(teacher.apply(Event::Frame(frame(teacher.run, 0, 1.25, None))), [], "what comes late begins nothing");
    teacher.edit(Edit::Roster(RosterEdit::GoOn));
    teacher.apply(Event::Frame(frame(teacher.run, 0, 1.25, None)));
    assert_eq!(results(&teacher.roster, Lang::En), ["confirmed", "running", "confirmed", "refused", "waiting"]);
    // Whoever turns a knob meanwhile wants to see something else.
    teacher.edit(knob("std", "0.3"));
    assert_eq!(results(&teacher.roster, Lang::En), ["confirmed", "left", "confirmed", "refused", "left"]);
    assert_eq!(teacher.spec().start.std, 0.3);
}
