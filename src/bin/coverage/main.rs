//! How many of the networks that are really drawn lie in the bands that the page draws: `make coverage`.
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

use cover::{Cover, Seen};

/// Networks of a setting.
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

/// A setting's networks, and what theory says of each.
fn networks(link: &str) -> Vec<Cover> {
    // Seeds of its own: with the same ones, unusual draws would be unusual in every row.
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
    let mut rows = vec![String::new(); settings::PERCEPTRONS.len()];
    let half = rows.len().div_ceil(2);
    std::thread::scope(|scope| {
        for (rows, links) in rows.chunks_mut(half).zip(settings::PERCEPTRONS.chunks(half)) {
            scope.spawn(move || {
                rows.iter_mut().zip(links).for_each(|(row, link)| *row = cover::row(link, &networks(link)))
            });
        }
    });
    format!("{}{}{}", cover::HEAD, rows.concat(), cover::sum(&rows))
}
