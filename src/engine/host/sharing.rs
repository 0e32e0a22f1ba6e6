//! An experiment that several workers train: one has it, and lends groups of its networks to others, which each have a
//! host like this one. The page carries what they tell from one to the other.

use std::rc::Rc;

use super::Host;
use crate::engine::device::OpenGpu;
use crate::engine::job::Job;
use crate::engine::job::share::SharedGroup;
use crate::engine::job::study::fitting;
use crate::study::experiment::read;
use crate::study::protocol::{Outbound, StudyEvent};
use crate::study::share::GroupShare;

impl<G: OpenGpu> Host<G> {
    /// Names a group that another worker is to train, if there is one.
    pub(super) fn lend(&mut self, run: u32, emit: &mut impl FnMut(Outbound)) {
        if let Some(group) = self.jobs.study(run).and_then(|study| study.lend()) {
            emit(StudyEvent::Lent { run, group }.into());
        }
    }

    /// Takes in how far another worker is.
    pub(super) fn take(&mut self, share: &GroupShare, emit: &mut impl FnMut(Outbound)) {
        let Some(study) = self.jobs.study(share.run) else { return };
        if study.take(share) {
            let report = study.report();
            self.jobs.tell(report, emit);
            self.jobs.drop_ended();
        }
    }

    /// Trains a group for another worker, in place of whatever was under way.
    pub(super) fn train(&mut self, run: u32, text: &str, group: usize, emit: &mut impl FnMut(Outbound)) {
        if self.shared.as_ref().is_none_or(|(known, _)| known != text) {
            match read(text).and_then(fitting) {
                Ok(plan) => self.shared = Some((text.to_owned(), Rc::new(plan))),
                Err(why) => return emit(StudyEvent::Refused { run, why }.into()),
            }
        }
        if let Some((_, plan)) = &self.shared {
            let share = SharedGroup::new(run, Rc::clone(plan), group, self.devices.cpu().clone());
            self.jobs.begin(Box::new(share));
        }
    }
}
