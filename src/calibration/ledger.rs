//! Keeps the trainings that were made in a file. What was trained once need not be trained again after an interruption,
//! or when only a rule of the verdict has changed.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use super::course::{TrainingCourse, train};
use crate::lab::link::Lab;
use crate::lab::spec::Spec;

/// The results of trainings, by the link of their network.
pub struct Ledger {
    known: Mutex<(HashMap<String, TrainingCourse>, File)>,
}

impl Ledger {
    /// Opens the ledger in this file, which is made if there is none. A line that cannot be read is left out, as the
    /// last one is if the program was ended while it wrote.
    pub fn open(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path).unwrap_or_default();
        let known = text.lines().filter_map(line).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            writeln!(file)?;
        }
        Ok(Self { known: Mutex::new((known, file)) })
    }

    /// The results for one network at several rates. Those that are not known yet are trained now, as one.
    pub fn courses(&self, specs: &[Spec]) -> io::Result<Vec<TrainingCourse>> {
        let links: Vec<String> = specs.iter().map(link).collect();
        if let Some(all) = self.known(&links)? {
            return Ok(all);
        }
        let courses = train(specs).ok_or_else(|| io::Error::other("the engine waited"))?;
        let mut known = self.known.lock().map_err(poisoned)?;
        for (link, course) in links.iter().zip(&courses) {
            writeln!(known.1, "{link}\t{}\t{}", course.loss, course.held_out)?;
            known.0.insert(link.clone(), *course);
        }
        Ok(courses)
    }

    fn known(&self, links: &[String]) -> io::Result<Option<Vec<TrainingCourse>>> {
        let known = self.known.lock().map_err(poisoned)?;
        Ok(links.iter().map(|link| known.0.get(link).copied()).collect())
    }
}

/// The link of a network, which is its key in the ledger.
pub fn link(spec: &Spec) -> String {
    Lab { spec: spec.clone(), ..Lab::default() }.link()
}

fn line(text: &str) -> Option<(String, TrainingCourse)> {
    let mut fields = text.split('\t');
    let link = fields.next()?.to_owned();
    let course = TrainingCourse { loss: fields.next()?.parse().ok()?, held_out: fields.next()?.parse().ok()? };
    Some((link, course))
}

fn poisoned<T>(_: T) -> io::Error {
    io::Error::other("another thread gave up")
}
