//! The completion code of a challenge: a line that says which run reached the goal, so that anybody can make that run
//! again.
//!
//! It is plain text that survives being copied, typed and put into a link:
//! `find-sigma;std=0.158;@0;1.32;K3TX9QZ`. Its parts are the challenge, each knob that was turned, the step and the
//! numbers that the goal asks for, and check digits, which find a slip of the hand. Nothing in it is secret: it proves a
//! run, not who made it.

use std::sync::Arc;

use super::catalog;
use super::goal::Goal;
use super::lang::Lang;
use super::link::{Lab, changed, differences};
use super::number::round_to;
use super::spec::Spec;
use super::task::{Reached, Task};
use crate::science::choice::choices;
use crate::science::decimal;

/// How far the numbers of a run that is made again may be from those of its code, as a share: a GPU adds up in another
/// order than the CPU.
pub const TOLERANCE: f64 = 0.01;

/// How many digits of a number a code has.
const DIGITS: usize = 5;

/// Crockford's base 32: no letter in it looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a completion code says.
#[derive(Clone, Debug, PartialEq)]
pub struct RunClaim {
    /// The prepared lab that has the challenge, if it is one.
    pub experiment: Option<&'static str>,
    /// The challenge.
    pub task: Arc<Task>,
    /// The network and its training that reached it.
    pub spec: Spec,
    /// The step at which it did.
    pub step: u64,
    /// The numbers of the goal's conditions, in their order.
    pub values: Vec<f64>,
}

choices! {
    /// Why a text is no completion code of this challenge.
    pub enum ClaimProblem {
        /// It does not have the parts of one.
        Form "form",
        /// The check digits are not those of the text.
        Digits "digits",
        /// It is of a challenge that is not this one.
        Challenge "challenge",
        /// A knob or its value does not exist.
        Change "change",
        /// A knob was turned that the goal asks to leave.
        Kept "kept",
        /// Its numbers do not reach the goal.
        Goal "goal",
    }
}

/// A problem, and the part of the code that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFault {
    /// What is wrong.
    pub problem: ClaimProblem,
    /// Where: for a knob its id.
    pub part: String,
}

fn fault(problem: ClaimProblem, part: &str) -> ClaimFault {
    ClaimFault { problem, part: part.to_owned() }
}

/// Returns the name of a challenge: that of the prepared lab that has it, or else one that follows from goal and start.
pub fn challenge(task: &Task) -> String {
    let has_it = |lab: &&catalog::Experiment| prepared(lab.id).as_deref() == Some(task);
    match catalog::all().iter().find(has_it) {
        Some(lab) => lab.id.to_owned(),
        None => {
            let start = Lab { spec: task.start.clone(), ..Lab::default() };
            format!("own-{}", check_digits(&format!("{};{}", task.goal.text(), start.link())))
        }
    }
}

/// The challenge of a prepared lab, if it has one.
pub fn prepared(id: &str) -> Option<Arc<Task>> {
    let lab = catalog::find(id)?;
    lab.link.contains("goal=").then(|| Lab::from_link(lab.link).0.task)?
}

/// Returns the code of a run that reached its goal.
pub fn code(reached: &Reached) -> String {
    let Reached { task, spec, step, values, .. } = reached;
    let changes = differences(spec, &task.start).into_iter().filter(|(key, _)| *key != "device");
    let changes = changes.map(|(key, value)| format!("{key}={value}"));
    let values: Vec<String> = values.iter().map(|value| round_to(*value, DIGITS).to_string()).collect();
    let last = [format!("@{step}"), values.join(",")];
    let text = std::iter::once(challenge(task)).chain(changes).chain(last).collect::<Vec<_>>().join(";");
    let digits = check_digits(&text);
    format!("{text};{digits}")
}

impl RunClaim {
    /// Reads a completion code. A challenge that no prepared lab has is looked for in `lab`.
    pub fn read(text: &str, lab: &Lab) -> Result<Self, ClaimFault> {
        let text: String = text.chars().filter(|sign| !matches!(sign, '\n' | '\r' | '\t')).collect();
        let parts: Vec<&str> = text.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
        let [name, changes @ .., step, values, digits] = parts.as_slice() else {
            return Err(fault(ClaimProblem::Form, &text));
        };
        let step = step.strip_prefix('@').and_then(|step| step.parse().ok());
        let step: u64 = step.ok_or_else(|| fault(ClaimProblem::Form, &text))?;
        let without = parts[..parts.len() - 1].join(";");
        if plain(digits) != check_digits(&without) {
            return Err(fault(ClaimProblem::Digits, digits));
        }
        let own = lab.task.as_ref().filter(|task| challenge(task) == *name).cloned();
        let task = prepared(name).or(own).ok_or_else(|| fault(ClaimProblem::Challenge, name))?;
        let (mut spec, notices) = changed(&changes.join(";"), &task.start);
        if let Some(notice) = notices.first() {
            let part = notice.values.first().map_or(*name, |(_, value)| value);
            return Err(fault(ClaimProblem::Change, part));
        }
        spec.run.device = lab.spec.run.device;
        if let Some(knob) = task.breaches(&spec).first() {
            return Err(fault(ClaimProblem::Kept, knob.id));
        }
        let read = |text: &str| decimal::read(text.trim()).ok_or_else(|| fault(ClaimProblem::Form, text));
        let numbers = values.split(',').map(read).collect::<Result<Vec<f64>, ClaimFault>>()?;
        if !admits(&task.goal, step, &numbers) {
            return Err(fault(ClaimProblem::Goal, values));
        }
        Ok(Self { experiment: catalog::find(name).map(|lab| lab.id), task, spec, step, values: numbers })
    }
}

impl Lang {
    /// Says why a text is no completion code.
    pub fn claim_fault(self, fault: &ClaimFault) -> String {
        let part = if fault.problem == ClaimProblem::Kept { self.label(&fault.part) } else { fault.part.clone() };
        self.tell(&format!("claim.{}", fault.problem.id()), &[("part", part)])
    }
}

/// Whether numbers of a step reach a goal. They are rounded, so what lies on a bound counts.
fn admits(goal: &Goal, step: u64, values: &[f64]) -> bool {
    let holds = |value: f64, at: usize| {
        let near = [1.0, 1.0 - 1e-4, 1.0 + 1e-4].map(|factor| value * factor);
        near.into_iter().any(|value| goal.conditions[at].range.holds(value))
    };
    let counts = goal.conditions.iter().all(|condition| condition.time.admits(step));
    counts && values.len() == goal.conditions.len() && values.iter().enumerate().all(|(at, value)| holds(*value, at))
}

/// Whether two lists of numbers are the same within [`TOLERANCE`].
pub fn agree(one: &[f64], other: &[f64]) -> bool {
    let is_near = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs());
    one.len() == other.len() && one.iter().zip(other).all(is_near)
}

/// The check digits of a text: its CRC-32 in Crockford's base 32.
pub fn check_digits(text: &str) -> String {
    let sum = crc32(text.as_bytes());
    let digit = |at: u32| char::from(ALPHABET[(u64::from(sum) >> (5 * at)) as usize & 31]);
    (0..7).rev().map(digit).collect()
}

/// CRC-32 as in Ethernet, gzip and PNG (ISO 3309): the polynomial 0x04C11DB7, bits reversed, ones before and after.
pub fn crc32(bytes: &[u8]) -> u32 {
    let bit = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), bit))
}

/// Check digits as they were typed, in the alphabet: O is read as 0, I and L as 1, and small letters as capitals.
fn plain(digits: &str) -> String {
    let letters = digits.chars().filter(|sign| !matches!(sign, '-' | ' ')).map(|sign| sign.to_ascii_uppercase());
    letters
        .map(|sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        })
        .collect()
}
