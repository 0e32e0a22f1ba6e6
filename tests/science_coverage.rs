//! The band that the page draws for a GPT holds what its networks show, on the lab's own text. `make coverage`
//! has every setting; here are some, with fewer networks.

use crate::band::{Covered, SETTINGS, covered, share};
use init_lab::science::layer::LayerId;

const NETWORKS: u64 = 12;

#[test]
fn the_band_of_a_transformer() {
    let all: Vec<Covered> = (0..SETTINGS.len()).step_by(3).map(|index| covered(index, NETWORKS)).collect();
    let whole = share(&all, None).expect("layers");
    println!("{whole:.3} of all");
    // Eight settings of some twelve numbers, which hang together within a network.
    assert!((0.9..0.99).contains(&whole), "{whole}");
    let blocks = (1..=3).map(LayerId::Block);
    for layer in [LayerId::Embedding].into_iter().chain(blocks).chain([LayerId::Head]) {
        let here = share(&all, Some(layer)).expect("a layer");
        println!("{here:.3} at {layer}");
        assert!(here > 0.86, "{layer}: {here}");
    }
}
