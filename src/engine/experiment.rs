//! From the file of an experiment to the job that carries it out.

use burn::tensor::Device;

use super::device::{Devices, OpenGpu};
use super::job::Job;
use super::job::cost::Costs;
use super::job::estimate::Estimate;
use super::job::overflow::Overflows;
use super::job::study::{Study, fitting, largest_of};
use super::job::watch::Watch;
use crate::lab::protocol::{Device as Kind, DeviceReport};
use crate::lab::spec::DeviceChoice;
use crate::study::experiment::read;
use crate::study::file::{File, Refusal, VerdictKind};
use crate::study::plan::StudyPlan;
use crate::study::protocol::StudyEvent;

/// Reads an experiment and chooses its device. Answers what is told when it begins, and its job; a watched one
/// goes on from its checkpoint, if there is one.
///
/// # Errors
///
/// Why the file is no experiment, is too large for a browser, or has nothing to do with the checkpoint.
pub(super) async fn begin<G: OpenGpu>(
    devices: &mut Devices<G>,
    run: u32,
    text: String,
    checkpoint: Option<&[u8]>,
) -> Result<(StudyEvent, Box<dyn Job>), Refusal> {
    let plan = fitting(read(&text)?)?;
    let (device, report) = choose(devices, &plan).await;
    let File { title, note, verdict, .. } = plan.file.clone();
    let job: Box<dyn Job> = match verdict {
        VerdictKind::Cost => {
            let mut all = vec![(device, report.device.id())];
            // The CPU for comparison, wherever there is anything else.
            if report.device != Kind::Cpu {
                all.push((devices.cpu().clone(), Kind::Cpu.id()));
            }
            Box::new(Costs::new(run, plan, all))
        }
        VerdictKind::Watch => {
            let mut watch = Watch::new(run, text, plan, device);
            checkpoint.map_or(Ok(()), |checkpoint| watch.take_up(checkpoint))?;
            Box::new(watch)
        }
        VerdictKind::Overflow => Box::new(Overflows::new(run, plan)),
        _ => Box::new(Study::new(run, plan, device)),
    };
    Ok((StudyEvent::Begun { run, title, note, device: report }, job))
}

/// The job that estimates how long the experiment of a file would take; there is none for a file that is no experiment, or
/// is one that is not over after a certain work.
pub(super) async fn estimate<G: OpenGpu>(devices: &mut Devices<G>, run: u32, text: &str) -> Option<Estimate> {
    let plan = read(text).and_then(fitting).ok()?;
    if matches!(plan.file.verdict, VerdictKind::Cost | VerdictKind::Watch | VerdictKind::Overflow) {
        return None;
    }
    let (device, _) = choose(devices, &plan).await;
    Some(Estimate::new(run, plan, device))
}

/// The device of an experiment.
async fn choose<G: OpenGpu>(devices: &mut Devices<G>, plan: &StudyPlan) -> (Device, DeviceReport) {
    // Infinite numbers are the CPU's: shaders may take it that there are none.
    let wish =
        if plan.file.verdict == VerdictKind::Overflow { DeviceChoice::Cpu } else { plan.networks[0].spec.run.device };
    devices.choose(wish, largest_of(plan)).await
}
