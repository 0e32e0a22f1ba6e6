//! Counts how many of the networks that are really drawn lie in the bands that the page draws: `make coverage`.
//!
//! Each setting is drawn twenty times, run on the lab's own data in plain f64, and compared with what
//! theory said of it before. The table goes to `docs/coverage.md`.

mod band;
mod cover;
mod perceptron;
mod profiles;
mod settings;
mod transformer;

use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;

use cover::{Cover, Layers, Seen};

/// How many networks each setting has.
const SEEDS: u64 = 20;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("profiles") => print!("{}", profiles::written()),
        Some("layers") => {
            let link = std::env::args().nth(2).unwrap_or_default();
            print!("{}", cover::layers(&link, &networks(&link)));
        }
        Some("gpt") => print!("{}", band::report()),
        _ => print!("{}", table()),
    }
}

/// Draws a setting's networks, each with what theory says about it.
fn networks(link: &str) -> Vec<Cover> {
    // Each setting has its own seeds. With the same ones, unusual draws would be unusual in every row.
    let place = settings::PERCEPTRONS.iter().position(|setting| *setting == link).unwrap_or(0) as u64;
    let network = |seed: u64| {
        let (lab, notices) = Lab::from_link(&format!("{link}&seed={seed}"));
        assert!(notices.is_empty(), "{link}: {notices:?}");
        let prediction = predict(&lab.spec);
        let seen: Vec<Seen> = perceptron::observe(&lab.spec);
        Cover { prediction, seen }
    };
    (1000 * place + 1..=1000 * place + SEEDS).map(network).collect()
}

fn table() -> String {
    let half = settings::PERCEPTRONS.len().div_ceil(2);
    let work = |links: &[&str]| {
        let mut layers = Layers::default();
        let row = |link: &&str| {
            let networks = networks(link);
            layers.add(&networks);
            cover::row(link, &networks)
        };
        let rows: Vec<String> = links.iter().map(row).collect();
        (rows, layers)
    };
    let (first, second) = settings::PERCEPTRONS.split_at(half);
    let [(mut rows, layers), (more, others)] = std::thread::scope(|scope| {
        let other = scope.spawn(|| work(second));
        [work(first), other.join().unwrap_or_default()]
    });
    rows.extend(more);
    let layers = layers.joined(&others).table();
    format!("{layers}\n{}{}{}", cover::HEAD, rows.concat(), cover::sum(&rows))
}
