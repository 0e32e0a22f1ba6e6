//! `make calibrate`: trains the networks of the calibration and writes its page.
//!
//! `calibrate FOLDER COUNT PAGE` trains networks 0..COUNT, keeps in FOLDER what was trained, and writes the page when
//! all are done. If it is ended early, the next call goes on from there.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use init_lab::calibration::ledger::Ledger;
use init_lab::calibration::page::page;
use init_lab::calibration::trial::Trial;
use init_lab::engine::clock::now_ms;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, count, target] = &arguments[..] else { return usage() };
    let Ok(count) = count.parse() else { return usage() };
    let written = run(Path::new(folder), count).and_then(|trials| std::fs::write(target, page(&trials)));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("calibrate FOLDER COUNT PAGE");
    ExitCode::FAILURE
}

/// Runs all networks, as many at a time as there are cores.
fn run(folder: &Path, count: u64) -> io::Result<Vec<Trial>> {
    std::fs::create_dir_all(folder)?;
    let ledger = Ledger::open(&folder.join("courses.tsv"))?;
    let (next, done) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let begun = now_ms();
    let work = || -> io::Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(());
            }
            let trial = Trial::run(number, &ledger)?;
            let mut done = done.lock().map_err(|_| gone())?;
            done.push(trial);
            let spent = (now_ms() - begun) / 60_000.0;
            let left = spent / done.len() as f64 * (count as f64 - done.len() as f64);
            eprintln!("{} of {count} networks, {spent:.1} min, some {left:.0} min left", done.len());
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| gone())?)
    })?;
    let mut trials = done.into_inner().map_err(|_| gone())?;
    trials.sort_by_key(|trial| trial.number);
    Ok(trials)
}

fn gone() -> io::Error {
    io::Error::other("a thread gave up")
}
