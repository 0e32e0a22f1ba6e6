//! Writes `docs/calibration.md`.

use std::fmt::Write;

use super::draw::STEPS;
use super::trial::{Learned, Trial};
use crate::lab::diagnosis::Verdict;

/// The number of rows in the list of what went wrong.
const WORST: usize = 20;

/// The text of the whole page.
pub fn page(trials: &[Trial]) -> String {
    let (tuned, held_out): (Vec<&Trial>, Vec<&Trial>) = trials.iter().partition(|trial| trial.number % 2 == 0);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{}", head(trials.len()));
    for (title, half) in [("The half that reports", &held_out), ("The half the rules were tuned on", &tuned)] {
        let counted: Vec<&Trial> = half.iter().copied().filter(|trial| trial.is_possible()).collect();
        let left_out = half.len() - counted.len();
        let _ = write!(
            text,
            "\n## {title}\n\n{left_out} of {} are not counted.\n\n{}\n{}",
            half.len(),
            confusion(&counted),
            shares(&counted)
        );
    }
    let _ = write!(text, "\n## The worst {WORST}\n\n{}", worst(trials));
    for (title, half) in [("the half that reports", &held_out), ("the other", &tuned)] {
        let _ = write!(text, "\n## The button's fix, {title}\n\n{}", fixes(half));
    }
    let _ = write!(text, "\n## Fixes that did not help\n\n{}", failures(trials));
    text
}

fn head(count: usize) -> String {
    format!(
        "# What the verdict is worth\n\n\
        Written by `make calibrate` (`COUNT={count}`); do not edit.\n\n\
        {count} networks were drawn by their number over all knobs: perceptrons (1–40 layers of 16–96 units, digits \
        and spirals) and small GPTs (1–6 blocks of 16–32 numbers), every scheme, activation, norm, position, skip, \
        optimizer, bias, dropout, clipping and decay (`src/calibration/draw.rs`). Each was trained for {STEPS} steps at \
        four learning rates, and the best of them counts. The verdict is that of step 0.\n\n\
        How much a network learned is the share of the way from the best answer that ignores the input (ln 10, ln 3, \
        or the entropy of the text's characters) to the loss of a reference network (three layers of 64 ReLUs under \
        Kaiming; two blocks of 32 under GPT-2's start) that was trained by the same rule on as large batches for as \
        long, with the same decay and dropout, also at the best of four rates. Where this reference itself comes less than a tenth below the best answer that \
        ignores the input, so many steps with this batch, optimizer, decay and dropout teach no network anything: \
        networks of this kind are not counted. Losses are the mean of the last tenth of the steps. *Well* is at least half of the way, *not* \
        less than a tenth.\n\n\
        Rules and fixes were tuned on networks with even numbers and on six hundred more, with numbers from 600 on; those \
        with odd numbers below that report. They are not untouched: their tables were seen while earlier rules changed, and \
        a few changes of the fix followed failures in them. The present rules and fixes were found without them, but for one: \
        that linear layers draw straight borders was left unsaid until a network of theirs failed. \
        `hindered` names something that holds a network back without saying that it will not learn (decay, dropout, \
        a signal that all inputs share, layers that need different rates, or that are all linear): it is counted with neither those that hold \
        nor those that fail. The aim was 2 % for either kind \
        of error.\n"
    )
}

fn confusion(trials: &[&Trial]) -> String {
    let mut text = String::from("| verdict | learned well | learned some | did not learn |\n|---|---:|---:|---:|\n");
    for verdict in Verdict::ALL {
        let of = |learned| trials.iter().filter(|t| t.verdict == verdict && t.learned() == learned).count();
        let row = [Learned::Well, Learned::Some, Learned::Not].map(of);
        if row != [0; 3] {
            let _ = writeln!(text, "| `{}` | {} | {} | {} |", verdict.id(), row[0], row[1], row[2]);
        }
    }
    text
}

/// The two numbers that matter, and what other than the start kept networks from learning.
fn shares(trials: &[&Trial]) -> String {
    let missed = |trial: &&&Trial| trial.learned() == Learned::Not;
    let fine = || trials.iter().filter(|trial| !trial.verdict.wants_remedy());
    let hindered = trials.iter().filter(|trial| trial.verdict == Verdict::Hindered);
    let (held, idle) = (hindered.clone().count(), hindered.filter(missed).count());
    let faults = || trials.iter().filter(|trial| trial.verdict.is_fault());
    let alarms = faults().filter(|trial| trial.learned() == Learned::Well).count();
    let decayed = |trial: &&&Trial| trial.spec.training.wd > 0.0;
    let masked = |trial: &&&Trial| trial.spec.training.wd == 0.0 && trial.spec.training.dropout > 0.0;
    let free = || fine().filter(|trial| !decayed(trial) && !masked(trial));
    format!(
        "- Said to hold, and did not learn: {}. Of those that did not, {} have weight decay and {} more dropout; without \
        either it is {}.\n\
        - Said to fail, and learned well: {}.\n\
        - Said to be held back, and did not learn: {}.\n",
        share(fine().filter(missed).count(), fine().count()),
        fine().filter(missed).filter(decayed).count(),
        fine().filter(missed).filter(masked).count(),
        share(free().filter(missed).count(), free().count()),
        share(alarms, faults().count()),
        share(idle, held)
    )
}

fn share(part: usize, whole: usize) -> String {
    format!("{part} of {whole} ({:.1} %)", 100.0 * part as f64 / whole.max(1) as f64)
}

/// The networks about which the verdict was most wrong, as a table.
fn worst(trials: &[Trial]) -> String {
    let counted = trials.iter().filter(|trial| trial.is_possible());
    let wrong = |trial: &Trial| {
        let progress = if trial.progress.is_finite() { trial.progress.clamp(0.0, 1.0) } else { 0.0 };
        if trial.verdict.is_fault() { progress } else { 1.0 - progress }
    };
    let mut all: Vec<&Trial> = counted.collect();
    all.sort_by(|a, b| wrong(b).total_cmp(&wrong(a)));
    let mut text = String::from("| number | verdict | share of the way | loss | link |\n|---:|---|---:|---:|---|\n");
    for Trial { number, verdict, progress, loss, link, .. } in all.into_iter().take(WORST) {
        let _ = writeln!(text, "| {number} | `{}` | {progress:.2} | {loss:.3} | `{link}` |", verdict.id());
    }
    text
}

/// What applying the fix did to networks that the verdict says will fail, and to those that it says are held back.
fn fixes(trials: &[&Trial]) -> String {
    let (held, failing): (Vec<&Trial>, Vec<&Trial>) = trials
        .iter()
        .copied()
        .filter(|trial| trial.verdict.wants_remedy())
        .partition(|trial| trial.verdict == Verdict::Hindered);
    [("said to fail", failing), ("held back", held)].map(|(kind, trials)| pressed(kind, &trials)).concat()
}

fn pressed(kind: &str, trials: &[&Trial]) -> String {
    let pressed: Vec<_> = trials.iter().filter_map(|trial| Some((trial.loss, trial.fixed.as_ref()?))).collect();
    let count = pressed.len();
    let helped = pressed.iter().filter(|(before, fixed)| fixed.helped(*before)).count();
    let harmed = pressed.iter().filter(|(before, fixed)| fixed.harmed(*before)).count();
    format!(
        "- Of networks {kind}, one was offered to {}. It came to a lower loss after {STEPS} steps than the network as \
        it was, at its best rate, in {}, and diverged where the network as it was did not in {}.\n",
        share(count, trials.len()),
        share(helped, count),
        share(harmed, count)
    )
}

fn failures(trials: &[Trial]) -> String {
    let mut text = String::from("| number | verdict | loss before | after | link after |\n|---:|---|---:|---:|---|\n");
    let failed = |trial: &&Trial| trial.fixed.as_ref().is_some_and(|fixed| !fixed.helped(trial.loss));
    for trial in trials.iter().filter(failed).take(WORST) {
        if let Some(fixed) = &trial.fixed {
            let Trial { number, verdict, loss, .. } = trial;
            let _ =
                writeln!(text, "| {number} | `{}` | {loss:.3} | {:.3} | `{}` |", verdict.id(), fixed.loss, fixed.link);
        }
    }
    text
}
