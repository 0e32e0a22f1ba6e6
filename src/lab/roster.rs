//! Many completion codes at once, as a class hands them in: each line is read, the run of each code is made once more, and
//! a table says what came of it.
//!
//! A line is a code, with or without a name before it, as it comes out of a list or a spreadsheet. Lines that are no code
//! are told why and hold nothing up, and codes that are the same are run once.

use super::attempt::CheckOutcome;
use super::completion::{ClaimFault, RunClaim};
use super::lang::Lang;
use super::link::Lab;
use super::spreadsheet::{DecimalMark, Spreadsheet, SpreadsheetCell};

/// The most lines that are read, because each is a run.
pub const MOST_CODES: usize = 500;

/// What is done with many codes.
#[derive(Clone, Debug, PartialEq)]
pub enum RosterEdit {
    /// Read the lines of a text, and run what they say.
    Begin(String),
    /// Stop, and keep what has come out so far.
    Stop,
    /// Run the codes that are left.
    GoOn,
}

/// A line of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterRow {
    /// The name before the code, or nothing.
    pub name: String,
    /// The code as it was handed in.
    pub code: String,
    /// The number of its run in [`Roster::runs`], or why it is no code.
    pub run: Result<usize, ClaimFault>,
    /// The number of the first row with the same run, if that is another one.
    pub same_as: Option<usize>,
}

/// A run that some lines tell of.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterRun {
    /// What the code says.
    pub claim: RunClaim,
    /// What has come of it, once its turn has come.
    pub outcome: Option<CheckOutcome>,
}

/// The lines, and what is known of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster {
    /// The lines in their order.
    pub rows: Vec<RosterRow>,
    /// Their runs, each once, in the order in which they are made.
    pub runs: Vec<RosterRun>,
    /// How many lines were left out because there are too many.
    pub cut: usize,
    /// Whether it waits until the reader goes on.
    pub is_stopped: bool,
    /// How often it has changed, by which a view knows whether to look again.
    pub stamp: usize,
    now: Option<usize>,
}

impl Roster {
    /// Reads lines. A challenge that no prepared lab has is looked for in `lab`.
    pub fn read(text: &str, lab: &Lab) -> Self {
        let mut roster = Self::default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        roster.cut = lines.len().saturating_sub(MOST_CODES);
        for line in lines.into_iter().take(MOST_CODES) {
            let (name, code) = parts(line);
            let run = RunClaim::read(&code, lab).map(|claim| roster.number_of(claim));
            let same_as = roster.rows.iter().position(|row| run.is_ok() && row.run == run);
            roster.rows.push(RosterRow { name, code, run, same_as });
        }
        roster
    }

    fn number_of(&mut self, claim: RunClaim) -> usize {
        let known = self.runs.iter().position(|run| run.claim == claim);
        known.unwrap_or_else(|| {
            self.runs.push(RosterRun { claim, outcome: None });
            self.runs.len() - 1
        })
    }

    /// Returns what has come of a row's run, if it is a code.
    pub fn outcome(&self, row: &RosterRow) -> Option<&CheckOutcome> {
        self.runs.get(*row.run.as_ref().ok()?)?.outcome.as_ref()
    }

    /// Returns how many runs are over.
    pub fn done(&self) -> usize {
        self.runs.iter().filter(|run| run.outcome.as_ref().is_some_and(|is| *is != CheckOutcome::Running)).count()
    }

    /// Returns whether a run is being made.
    pub fn is_running(&self) -> bool {
        self.now.is_some()
    }

    /// Returns the next run to be made; there is none when all are over.
    pub(super) fn next(&self) -> Option<RunClaim> {
        self.runs.iter().find(|run| run.outcome.is_none()).map(|run| run.claim.clone())
    }

    /// Notes that the next run was begun.
    pub(super) fn begin(&mut self) {
        self.is_stopped = false;
        self.stamp += 1;
        self.now = self.runs.iter().position(|run| run.outcome.is_none());
        if let Some(run) = self.now.and_then(|now| self.runs.get_mut(now)) {
            run.outcome = Some(CheckOutcome::Running);
        }
    }

    /// Takes in what has come of the present run.
    pub(super) fn take(&mut self, outcome: CheckOutcome) {
        self.stamp += 1;
        if let Some(run) = self.now.take().and_then(|now| self.runs.get_mut(now)) {
            run.outcome = Some(outcome);
        }
    }

    /// Stops, so that the present run is one of those that are left.
    pub(super) fn stop(&mut self) {
        self.stamp += 1;
        self.is_stopped = true;
        if let Some(run) = self.now.take().and_then(|now| self.runs.get_mut(now)) {
            run.outcome = None;
        }
    }

    /// Returns the table as CSV, with a header. Names and sentences are in the reader's language, results are ids.
    pub fn csv(&self, lang: Lang) -> String {
        let header = ["line", "name", "challenge", "code", "claimed", "found", "result", "same_as", "why"];
        let rows = self.rows.iter().enumerate().map(|(at, row)| {
            let told = lang.roster_row(self, row);
            let same = row.same_as.map(|row| (row + 1).to_string()).unwrap_or_default();
            [
                (at + 1).to_string(),
                row.name.clone(),
                told.challenge,
                row.code.clone(),
                told.claimed,
                told.found,
                told.result.to_owned(),
                same,
                told.why,
            ]
        });
        let table = [header.map(str::to_owned)].into_iter().chain(rows);
        let table = Spreadsheet(table.map(|row| row.map(no_formula).map(SpreadsheetCell::Text).into()).collect());
        // Excel takes a file without this mark for one in an older code, in which names lose their letters.
        format!("\u{feff}{}", table.csv(DecimalMark::Point))
    }
}

/// Returns the name and the code of a line. A code begins with its challenge, which has no spaces and no commas, and a `;`
/// ends that; whatever stands before it is a name. A spreadsheet puts quotes around cells, and may have more of them.
fn parts(line: &str) -> (String, String) {
    let line = line.replace('"', "");
    let is_between = |sign: char| sign == ',' || sign.is_whitespace();
    let head = line.split(';').next().unwrap_or_default().trim_end();
    let start =
        head.char_indices().rev().find(|(_, sign)| is_between(*sign)).map_or(0, |(at, sign)| at + sign.len_utf8());
    let (name, code) = line.split_at(start);
    let code = code.split('\t').next().unwrap_or_default();
    let name = name.trim_matches(|sign: char| is_between(sign) || matches!(sign, ':' | '-'));
    (name.to_owned(), code.trim().to_owned())
}

/// Writes a cell so that no spreadsheet takes it for a formula.
fn no_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
}

/// A row in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterWords {
    /// The challenge by its title, or by its name if it is nobody's prepared lab.
    pub challenge: String,
    /// The numbers that the code says.
    pub claimed: String,
    /// The numbers that came out.
    pub found: String,
    /// One of `refused`, `waiting`, `running`, `confirmed`, `different`, `ended`, `left`.
    pub result: &'static str,
    /// The result as a sentence or a word.
    pub why: String,
}

impl Lang {
    /// Returns what is said of a row.
    pub fn roster_row(self, roster: &Roster, row: &RosterRow) -> RosterWords {
        let (claim, outcome) = match &row.run {
            Err(fault) => {
                let why = self.claim_fault(fault);
                let nothing = String::new;
                return RosterWords {
                    challenge: nothing(),
                    claimed: nothing(),
                    found: nothing(),
                    result: "refused",
                    why,
                };
            }
            Ok(run) => (&roster.runs[*run].claim, roster.outcome(row)),
        };
        let goal = &claim.task.goal;
        let result = match outcome {
            None if roster.is_stopped => "left",
            None => "waiting",
            Some(CheckOutcome::Running) => "running",
            Some(CheckOutcome::Confirmed(_)) => "confirmed",
            Some(CheckOutcome::Different(_)) => "different",
            Some(CheckOutcome::Ended) => "ended",
        };
        let found = match outcome {
            Some(CheckOutcome::Confirmed(found) | CheckOutcome::Different(found)) => self.goal_numbers(goal, found),
            _ => String::new(),
        };
        let said = self.tell(&format!("roster.{result}"), &[("step", claim.step.to_string())]);
        let own = row.code.split(';').next().unwrap_or_default();
        let same = row.same_as.map(|first| self.tell("roster.same", &[("line", (first + 1).to_string())]));
        RosterWords {
            challenge: claim.experiment.map_or_else(|| own.to_owned(), |id| self.experiment(id)),
            claimed: self.goal_numbers(goal, &claim.values),
            found,
            result,
            why: std::iter::once(said).chain(same).collect::<Vec<_>>().join(" "),
        }
    }
}
