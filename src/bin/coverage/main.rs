//! How well theory covers what networks show: `make coverage`.

mod perceptron;

use init_lab::lab::link::Lab;

fn main() {
    for seed in 1..=20 {
        let (lab, _) = Lab::from_link(&format!("init=kaiming-normal&seed={seed}"));
        let seen = perceptron::observe(&lab.spec);
        println!("{seed}: {:?}", seen.last());
    }
}
