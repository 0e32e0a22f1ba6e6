//! The numbers of units of hidden layers that differ in width.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest number of layers whose widths can be listed.
pub const MOST_LAYERS: usize = 100;

/// The number of units of each hidden layer of a perceptron, from the first to the last. An empty list means that all
/// layers have one width. It is copied with the sizes beside it, so it has room for every depth.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u16>", from = "Vec<u16>")]
pub struct Widths {
    layers: usize,
    units: [u16; MOST_LAYERS],
}

impl Widths {
    /// All layers have one width.
    pub const NONE: Self = Self { layers: 0, units: [0; MOST_LAYERS] };

    /// The list of these widths, of which the first [`MOST_LAYERS`] are taken.
    pub fn new(list: impl IntoIterator<Item = usize>) -> Self {
        let mut widths = Self::NONE;
        for (place, units) in widths.units.iter_mut().zip(list) {
            *place = u16::try_from(units).unwrap_or(u16::MAX);
            widths.layers += 1;
        }
        widths
    }

    /// The number of layers in the list.
    pub fn len(&self) -> usize {
        self.layers
    }

    /// Whether all layers have one width.
    pub fn is_empty(&self) -> bool {
        self.layers == 0
    }

    /// The widths, from the first layer to the last.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        self.units[..self.layers].iter().map(|units| usize::from(*units))
    }

    /// The list without the layers after so many.
    pub fn truncated(&self, layers: usize) -> Self {
        Self::new(self.iter().take(layers))
    }
}

impl Default for Widths {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Display for Widths {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (index, units) in self.iter().enumerate() {
            write!(f, "{}{units}", if index > 0 { "-" } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Widths {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "[{self}]")
    }
}

impl From<Widths> for Vec<u16> {
    fn from(widths: Widths) -> Self {
        widths.units[..widths.layers].to_vec()
    }
}

impl From<Vec<u16>> for Widths {
    fn from(list: Vec<u16>) -> Self {
        Self::new(list.into_iter().map(usize::from))
    }
}
