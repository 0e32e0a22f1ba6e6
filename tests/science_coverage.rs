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

const NETWORKS: u64 = 12;

#[test]
fn the_band_of_a_transformer() {
    let all: Vec<Covered> = (0..SETTINGS.len()).step_by(3).map(|index| covered(index, NETWORKS)).collect();
    let whole = share(&all, "").expect("layers");
    println!("{whole:.3} of all");
    // Eight settings of some twelve numbers, which hang together within a network.
    assert!((0.9..0.99).contains(&whole), "{whole}");
    for name in ["embedding", "block.1", "block.2", "block.3", "head"] {
        let here = share(&all, name).expect("a layer");
        println!("{here:.3} at {name}");
        assert!(here > 0.86, "{name}: {here}");
    }
}
