//! The datasets that are on devices, so that a run takes over what the run before it used.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use crate::lab::spec::Spec;

/// The last dataset of each device.
#[derive(Default)]
pub(super) struct Datasets(Vec<(Device, Rc<Data>)>);

impl Datasets {
    /// The data of a spec on a device, uploaded unless it is there already. It takes the place of what was
    /// used on that device before.
    pub(super) fn load(&mut self, spec: &Spec, device: &Device) -> Rc<Data> {
        match self.0.iter().find(|(place, _)| place == device) {
            Some((_, data)) if data.fits(spec) => return Rc::clone(data),
            _ => self.0.retain(|(place, _)| place != device),
        }
        let data = Rc::new(Data::load(spec, device));
        self.0.push((device.clone(), Rc::clone(&data)));
        data
    }
}
