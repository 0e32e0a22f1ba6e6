//! How well theory covers what networks show: `make coverage`.

mod band;
mod perceptron;
mod transformer;

use init_lab::lab::link::Lab;

fn main() {
    if std::env::args().nth(1).is_some_and(|model| model == "gpt") {
        print!("{}", band::report());
        return;
    }
    for seed in 1..=20 {
        let (lab, _) = Lab::from_link(&format!("init=kaiming-normal&seed={seed}"));
        let seen = perceptron::observe(&lab.spec);
        println!("{seed}: {:?}", seen.last());
    }
}
