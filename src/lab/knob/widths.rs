//! Reads and writes the list of widths, such as `512-256-128`.
//!
//! Courses write a network with its inputs and its classes, as 784-512-256-10. A list that begins with the number of
//! inputs of the data, or with the 784 of MNIST, and ends with the number of its classes is taken as such: both ends
//! follow the data, and what stands between them are the hidden layers.

use super::{Access, Kind, Knob, KnobPlace, KnobSetting};
use crate::lab::notice::Notice;
use crate::lab::spec::{Model, Spec, data_shape};
use crate::science::widths::{MOST_LAYERS, Widths};

/// The number of pixels of a digit of MNIST, with which most courses let their networks begin.
const MNIST: usize = 784;
/// The fewest units of a layer, as of the knob `width`.
const LEAST_UNITS: usize = 2;

/// A list whose own ends look like those of a whole network is written as a whole network, so that it can be read.
pub(super) const WIDTHS: Access = (
    Kind::Widths,
    |spec| {
        let list: Vec<usize> = spec.network.widths.iter().collect();
        match list.is_empty() {
            true => KnobSetting::Auto,
            false if is_whole(&list, spec) => {
                let shape = data_shape(spec);
                KnobSetting::Widths([vec![shape.features], list, vec![shape.classes]].concat())
            }
            false => KnobSetting::Widths(list),
        }
    },
    |spec, value| {
        spec.network.widths = match value {
            KnobSetting::Widths(list) => Widths::new(list),
            _ => Widths::NONE,
        };
    },
);

/// Returns a knob of which all layers have the same: turning it ends their being of different widths.
pub(super) const fn of_all_layers(knob: Knob) -> Knob {
    Knob {
        counts: |spec| spec.widths().is_empty(),
        implies: |spec| spec.network.widths = Widths::NONE,
        place: KnobPlace::Open,
        ..knob
    }
}

/// The numbers of a list, if it is one: whole numbers with hyphens or commas between them.
pub(super) fn read(text: &str) -> Option<KnobSetting> {
    if text == "auto" {
        return Some(KnobSetting::Auto);
    }
    let number = |part: &str| {
        let part = part.trim();
        let is_whole = !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
        // What no number type holds is as much out of range as any other large number.
        is_whole.then(|| part.parse::<u32>().map_or(usize::MAX, |units| units as usize))
    };
    text.split(['-', '–', ',']).map(number).collect::<Option<Vec<_>>>().map(KnobSetting::Widths)
}

/// Takes the ends off a list that describes a whole network, and moves what is left into range. Returns what was
/// changed.
pub(super) fn fit(spec: &Spec, list: &mut Vec<usize>) -> Option<Notice> {
    let text = |list: &[usize]| KnobSetting::Widths(list.to_vec()).text();
    let asked = text(list);
    let is_whole = is_whole(list, spec);
    if is_whole {
        list.pop();
        list.remove(0);
    }
    let inner = list.clone();
    let most = spec.network.max_width();
    list.truncate(MOST_LAYERS);
    list.iter_mut().for_each(|units| *units = (*units).clamp(LEAST_UNITS, most));
    let shape = data_shape(spec);
    if is_whole {
        return Some(Notice::whole_network(&asked, [shape.features, shape.classes], &text(list)));
    }
    (inner != *list).then(|| Notice::widths_range(&asked, [LEAST_UNITS, most, MOST_LAYERS]))
}

/// Whether a list has the ends of a whole network for the data of a spec.
fn is_whole(list: &[usize], spec: &Spec) -> bool {
    let shape = data_shape(spec);
    let is_input = |units: usize| units == shape.features || units == MNIST;
    let ends = list.first().zip(list.last());
    spec.network.model == Model::Mlp
        && list.len() > 2
        && ends.is_some_and(|(first, last)| is_input(*first) && *last == shape.classes)
}
