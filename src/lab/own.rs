//! A reader's own data as the lab knows it: what the worker found in a file, what theory needs of it, and which file is
//! in use. A link says only `data=own`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::spec::{DataShape, Model, OwnShape, OwnSource};
use crate::science::data::ExampleTable;
use crate::science::data::likeness::{Profile, profile};
use crate::science::data::own::{MOST_BYTES, OwnFault, OwnFaultKind, read_table, read_text};

/// How many names are told of columns and of classes.
const NAMES: usize = 12;
/// For how many multiplications pairs of rows are compared; a second's work.
const COMPARED: usize = 200_000_000;
/// The most rows whose pairs are compared. The digits have about as many.
const MOST_COMPARED: usize = 1500;

/// What the worker found in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnReport {
    /// The same bytes have the same mark.
    pub mark: u32,
    /// The number of training examples, or of characters.
    pub examples: usize,
    /// The number of held-out examples, or of characters.
    pub held_out: usize,
    /// The number of inputs; 0 for a text.
    pub features: usize,
    /// The number of classes, or of distinct characters.
    pub classes: usize,
    /// Σ p² of the characters; 0 for a table.
    pub coincidence: f64,
    /// The loss of knowing only how common each character is; of a table ln(classes), as theory has it.
    pub entropy: f64,
    /// The names of the first columns, where the file has names.
    pub columns: Vec<String>,
    /// The names of the first classes.
    pub labels: Vec<String>,
    /// The profile of the training rows ([`Profile::numbers`]), and that of the first half of the classes.
    pub profiles: [Vec<f64>; 2],
}

impl From<&OwnReport> for OwnShape {
    fn from(report: &OwnReport) -> Self {
        let &OwnReport { mark, examples, held_out, features, classes, coincidence, entropy, .. } = report;
        let examples = if features > 0 { examples } else { 0 };
        Self {
            mark,
            data: DataShape { examples, features, classes, coincidence, entropy },
            held_out,
            profiles: [0, 1].map(|part| Arc::new(Profile::from_numbers(&report.profiles[part]))),
            source: OwnSource::Elsewhere,
        }
    }
}

/// Reads a file for a model: what there is to tell of it, and what a spec has to know, with the data itself.
///
/// # Errors
///
/// What is wrong with it.
pub fn read_own(model: Model, bytes: &[u8]) -> Result<(OwnReport, OwnShape), OwnFault> {
    match model {
        Model::Mlp => {
            let own = read_table(bytes)?;
            let table = own.table;
            let report = OwnReport {
                mark: own.mark,
                examples: table.train,
                held_out: table.labels.len() - table.train,
                features: table.features,
                classes: table.classes,
                coincidence: 0.0,
                entropy: libm::log(table.classes as f64),
                columns: own.columns.into_iter().take(NAMES).collect(),
                labels: own.labels.into_iter().take(NAMES).collect(),
                profiles: [compared(&table).numbers(), compared(&table.first_half()).numbers()],
            };
            let shape = OwnShape { source: OwnSource::Table(Arc::new(table)), ..OwnShape::from(&report) };
            Ok((report, shape))
        }
        Model::Gpt => {
            let own = read_text(bytes)?;
            let text = own.text;
            let report = OwnReport {
                mark: own.mark,
                examples: text.train,
                held_out: text.tokens.len() - text.train,
                features: 0,
                classes: text.vocabulary.len(),
                coincidence: text.coincidence(),
                entropy: text.entropy(),
                columns: Vec::new(),
                labels: Vec::new(),
                profiles: Default::default(),
            };
            let shape = OwnShape { source: OwnSource::Text(Arc::new(text)), ..OwnShape::from(&report) };
            Ok((report, shape))
        }
    }
}

/// The profile of a table, of whose rows so many are compared as take a second; they are in a random order.
fn compared(table: &ExampleTable) -> Profile {
    let rows = ((COMPARED / table.features.max(1)) as f64).sqrt() as usize;
    let found = profile(&table.clone().first(rows.min(MOST_COMPARED)));
    Profile { examples: table.train, ..found }
}

/// A file that a reader chose.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
    /// What the worker found in it; none before it was read.
    pub report: Option<OwnReport>,
}

/// What is done with a reader's own data.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnEdit {
    /// Read this file for a model, and learn it if it can be read.
    Offer(Model, OwnFile),
    /// Take up what this browser kept, if it is still what is asked for.
    Recall(Model, Option<OwnFile>),
    /// A file is larger than can be read; this is its size in bytes.
    TooLarge(usize),
    /// Forget the file of a model.
    Forget(Model),
}

impl OwnFile {
    /// A file that nobody has read.
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        Self { name, bytes: bytes.into(), report: None }
    }
}

/// That a file of this size is too large, if it is.
pub fn too_large(bytes: usize) -> Option<OwnFault> {
    let fault = || OwnFault::counted(OwnFaultKind::Large, bytes / 1_000_000, MOST_BYTES / 1_000_000);
    (bytes > MOST_BYTES).then(fault)
}

impl From<&OwnFault> for Notice {
    fn from(fault: &OwnFault) -> Self {
        Self::own(fault.kind.id(), fault.line, fault.column, &fault.word, fault.count, fault.bound)
    }
}
