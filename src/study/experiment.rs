//! Makes a plan that can be carried out of the text of a file, or says why there is none.

use super::file::{File, Refusal};
use super::plan::StudyPlan;
use super::{chart, difference, verdict};

/// Reads, expands and checks a file. What the lab would refuse or change is refused by name.
pub fn read(text: &str) -> Result<StudyPlan, Refusal> {
    let plan = StudyPlan::new(File::read(text)?)?;
    chart::check(&plan)?;
    verdict::check(&plan)?;
    difference::check(&plan)?;
    Ok(plan)
}
