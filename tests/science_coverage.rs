//! The band that the page draws for a GPT holds what its networks show, on the lab's own text. `make coverage`
//! has every setting; here are some, with fewer networks.
#![allow(missing_docs)]

#[path = "../src/bin/coverage/band.rs"]
#[allow(dead_code, unreachable_pub)]
mod band;
#[path = "../src/bin/coverage/cover.rs"]
#[allow(dead_code, unreachable_pub)]
mod cover;
#[path = "../src/bin/coverage/perceptron.rs"]
#[allow(dead_code, unreachable_pub)]
mod perceptron;
#[path = "../src/bin/coverage/transformer.rs"]
#[allow(dead_code, unreachable_pub)]
mod transformer;

use band::{Covered, SETTINGS, covered, share};
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
