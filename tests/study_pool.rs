//! Who trains what, where several workers train one experiment.
#![cfg(feature = "study")]
use std::collections::BTreeMap;

use init_lab::study::pool::{PoolTask, WorkerPool, helpers};
use init_lab::study::protocol::{StudyCommand, StudyEvent};
use init_lab::study::report::{Reporter, StudyReport};
use init_lab::study::share::GroupShare;

fn update(seconds_left: Option<f64>, over: bool) -> StudyEvent {
    let report = StudyReport { run: 1, seconds_left, over, ..StudyReport::default() };
    StudyEvent::Update(Box::new(Reporter::default().update(report)))
}

fn lent(group: usize) -> StudyEvent {
    StudyEvent::Lent { run: 1, group }
}

fn train(group: usize) -> StudyCommand {
    StudyCommand::Train { run: 1, text: "a file".to_owned(), group }
}

fn shared(group: usize, over: bool) -> StudyEvent {
    share(group, over, false)
}

fn share(group: usize, over: bool, is_ending: bool) -> StudyEvent {
    let record = serde_json::from_str(r#"{ "losses": [], "end": null }"#).expect("a record");
    let records = if over { vec![record] } else { Vec::new() };
    StudyEvent::Shared(GroupShare { run: 1, group, steps: 5, spent_ms: 100.0, is_ending, records })
}

fn begun(helpers: usize) -> WorkerPool {
    let mut pool = WorkerPool::new(helpers);
    assert_eq!(pool.begin(1, "a file"), []);
    pool
}

#[test]
fn a_machine_has_as_many_workers_as_there_is_room_for() {
    let workers = |cores, memory, handheld| 1 + helpers(cores, memory, handheld);
    assert_eq!([1, 2, 3, 4, 8, 64].map(|cores| workers(cores, Some(8.0), false)), [1, 2, 2, 3, 7, 16]);
    assert_eq!(workers(8, Some(4.0), false), 2, "little memory");
    assert_eq!(workers(8, Some(2.0), false), 1);
    assert_eq!(workers(6, None, true), 2, "a tablet does not say how much it has");
    assert_eq!(workers(8, None, false), 7, "nor do some browsers on a desk");
    assert_eq!(helpers(0, None, false), 0);
}

#[test]
fn nobody_is_started_for_a_moment_s_work() {
    let mut pool = begun(2);
    assert_eq!(pool.hear(&update(None, false)), []);
    assert_eq!(pool.hear(&update(Some(1.0), false)), []);
    let ask = PoolTask::Lead(StudyCommand::Lend(1));
    assert_eq!(pool.hear(&update(Some(20.0), false)), [ask.clone(), ask]);
    assert_eq!(pool.hear(&update(Some(19.0), false)), [], "they ask once");
}

#[test]
fn a_helper_is_started_for_a_group_and_asks_for_the_next() {
    let mut pool = begun(1);
    pool.hear(&update(Some(20.0), false));
    assert_eq!(pool.hear(&lent(4)), [PoolTask::Start(0)]);
    assert_eq!(pool.workers(), 1, "it is not there yet");
    assert_eq!(pool.ready(0), [PoolTask::Helper(0, train(4))]);
    assert_eq!(pool.workers(), 2);
    let StudyEvent::Shared(part) = shared(4, false) else { unreachable!() };
    assert_eq!(pool.hear_helper(0, shared(4, false)), [PoolTask::Lead(StudyCommand::Take(part))]);
    let StudyEvent::Shared(whole) = shared(4, true) else { unreachable!() };
    let tasks = [PoolTask::Lead(StudyCommand::Take(whole)), PoolTask::Lead(StudyCommand::Lend(1))];
    assert_eq!(pool.hear_helper(0, shared(4, true)), tasks);
    assert_eq!(pool.hear(&lent(7)), [PoolTask::Helper(0, train(7))]);
    assert_eq!(pool.hear_helper(0, shared(4, true)), [], "a late word about another group");
    assert_eq!(pool.hear(&update(None, true)), [PoolTask::End(0)], "over");
    assert_eq!(pool.workers(), 1);
}

/// The lead answers between its own slices, for which nobody waits.
#[test]
fn a_helper_whose_group_is_ending_asks_for_the_next_before_it_is_done() {
    let mut pool = begun(1);
    pool.hear(&update(Some(20.0), false));
    pool.hear(&lent(4));
    pool.ready(0);
    let lend = PoolTask::Lead(StudyCommand::Lend(1));
    assert_eq!(pool.hear_helper(0, share(4, false, true)).last(), Some(&lend));
    assert_eq!(pool.hear_helper(0, share(4, false, true)).len(), 1, "once");
    assert_eq!(pool.hear(&lent(5)), [], "it has something to do");
    assert_eq!(pool.hear_helper(0, shared(4, true))[1..], [PoolTask::Helper(0, train(5))], "at once");
    // The lead may answer later than that.
    assert_eq!(pool.hear_helper(0, share(5, false, true)).last(), Some(&lend));
    assert_eq!(pool.hear_helper(0, shared(5, true)).len(), 1, "it asked already");
    assert_eq!(pool.hear(&lent(6)), [PoolTask::Helper(0, train(6))]);
    // One that dies has two groups to give back.
    pool.hear_helper(0, share(6, false, true));
    pool.hear(&lent(7));
    let redo = |group| PoolTask::Lead(StudyCommand::Redo { run: 1, group });
    assert_eq!(pool.die(0), [PoolTask::End(0), redo(6), redo(7), lend]);
}

#[test]
fn what_takes_one_worker_long_is_divided_among_all() {
    let pool = WorkerPool::new(3);
    assert_eq!(pool.together(40.0), 10.0);
    assert_eq!(pool.together(2.0), 2.0, "no helper is started for so little");
}

#[test]
fn helpers_wait_while_the_experiment_does() {
    let mut pool = begun(2);
    pool.hear(&update(Some(20.0), false));
    pool.hear(&lent(1));
    pool.ready(0);
    pool.hear(&lent(2));
    assert_eq!(pool.hold(true), [PoolTask::Helper(0, StudyCommand::Hold(true))]);
    let late = [PoolTask::Helper(1, train(2)), PoolTask::Helper(1, StudyCommand::Hold(true))];
    assert_eq!(pool.ready(1), late, "one that comes late waits too");
    let all = [0, 1].map(|helper| PoolTask::Helper(helper, StudyCommand::Hold(false)));
    assert_eq!(pool.hold(false), all);
    assert_eq!(pool.stop(), [PoolTask::End(0), PoolTask::End(1)]);
    assert_eq!(pool.hold(true), [], "nothing is trained");
}

#[test]
fn the_group_of_one_that_dies_goes_back_and_it_is_replaced_at_most_twice() {
    let mut pool = begun(1);
    pool.hear(&update(Some(20.0), false));
    for death in 1..=3 {
        assert_eq!(pool.hear(&lent(death)), [PoolTask::Start(0)]);
        pool.ready(0);
        let mut tasks = vec![PoolTask::End(0), PoolTask::Lead(StudyCommand::Redo { run: 1, group: death })];
        if death < 3 {
            tasks.push(PoolTask::Lead(StudyCommand::Lend(1)));
        }
        assert_eq!(pool.die(0), tasks);
    }
    assert_eq!(pool.hear(&lent(9)), [PoolTask::Lead(StudyCommand::Redo { run: 1, group: 9 })]);
}

#[test]
fn an_experiment_takes_the_place_of_another() {
    let mut pool = begun(1);
    pool.hear(&update(Some(20.0), false));
    pool.hear(&lent(0));
    pool.ready(0);
    assert_eq!(pool.begin(2, "another"), [PoolTask::End(0)]);
    assert_eq!(pool.hear(&lent(3)), [], "that was of the first");
    assert_eq!(pool.hear_helper(0, shared(0, true)), []);
}

/// How long groups take with so many workers, where each takes so long alone; a lead that trains between messages.
fn simulated(durations: &[f64], helpers: usize) -> f64 {
    const START: f64 = 1.0;
    let mut pool = begun(helpers);
    let mut waiting: Vec<usize> = (0..durations.len()).rev().collect();
    // When each worker will have done what it does; the lead is the last.
    let mut ends: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    let mut asks = pool.hear(&update(Some(100.0), false)).len();
    let lead = helpers;
    let mut now = 0.0;
    loop {
        if !ends.contains_key(&lead)
            && let Some(group) = waiting.pop()
        {
            ends.insert(lead, (now + durations[group], group));
        }
        while asks > 0
            && let Some(group) = waiting.pop()
        {
            asks -= 1;
            for task in pool.hear(&lent(group)) {
                match task {
                    PoolTask::Start(index) => {
                        assert_eq!(pool.ready(index), [PoolTask::Helper(index, train(group))]);
                        ends.insert(index, (now + START + durations[group], group));
                    }
                    PoolTask::Helper(index, _) => drop(ends.insert(index, (now + durations[group], group))),
                    other => panic!("{other:?}"),
                }
            }
        }
        let Some((worker, (end, group))) = ends.iter().map(|(a, b)| (*a, *b)).min_by(|a, b| a.1.0.total_cmp(&b.1.0))
        else {
            return now;
        };
        now = end;
        ends.remove(&worker);
        if worker != lead {
            asks += pool.hear_helper(worker, shared(group, true)).len() - 1;
        }
    }
}

#[test]
fn eight_workers_are_nearly_eight_times_as_fast() {
    // Groups of very different length, as those of other widths and depths are, none longer than a 24th of all.
    let durations: Vec<f64> = (0..60).map(|index| 2.0 + f64::from(index * 7 % 13)).collect();
    let alone = simulated(&durations, 0);
    let sum: f64 = durations.iter().sum();
    assert!((alone - sum).abs() < 1e-9);
    let gains = [1, 7].map(|helpers| alone / simulated(&durations, helpers));
    assert!(gains[0] > 1.9, "two workers: {gains:?}");
    assert!(gains[1] > 6.4, "eight workers: {gains:?}");
}
