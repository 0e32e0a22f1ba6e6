//! Where a run broke, and that a run which learns has not broken.

use init_lab::lab::breakdown::breakdown;
use init_lab::lab::metric::Frame;
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Pass, Why};
use init_lab::lab::record::{RunRecord, StoredRun};
use init_lab::lab::spec::Spec;
use init_lab::science::layer::LayerId;

/// A run with a measurement at every step, whose two layers have the same gradient.
fn run(losses: &[f64], gradients: &[f64]) -> RunRecord {
    let mut record = RunRecord::new(Spec::mlp());
    for ((step, loss), gradient) in losses.iter().enumerate().zip(gradients) {
        let layer = |number: usize, gradient: f64| {
            serde_json::json!({ "name": format!("hidden.{number}"), "preactivationVar": 1.0, "activationVar": 1.0,
                "gradientRms": gradient, "signalShare": null, "positionShare": null, "unitDiversity": null,
                "branchShare": null, "slopeSquare": null, "attentionPeak": null, "deadUnits": null, "saturatedShare": null })
        };
        let loss = serde_json::to_value(Number(*loss)).expect("a number");
        let json = serde_json::json!({
            "run": 1, "step": step, "loss": loss, "valLoss": null, "accuracy": null, "losses": [loss],
            "layers": [layer(1, 0.1), layer(2, *gradient)], "weights": [], "stepMs": 1.0,
        });
        record.take(&serde_json::from_value::<Frame>(json).expect("a frame"));
    }
    record
}

#[test]
fn a_network_that_learns_has_not_broken() {
    // It begins far above its lowest loss, and single batches are much worse than the best one.
    let losses = [3.4, 2.5, 1.2, 0.3, 1.1, 0.2, 0.9, 0.05, 0.4];
    assert_eq!(breakdown(&run(&losses, &[0.1; 9]), None), None);
    assert_eq!(breakdown(&run(&losses, &[0.1; 9]), Some(&Why::Done)), None);
    // A loss that is large from the beginning has not risen.
    assert_eq!(breakdown(&run(&[97.0, 95.0, 96.0], &[0.1; 3]), None), None);
}

#[test]
fn what_came_back_down_has_not_broken() {
    assert_eq!(breakdown(&run(&[2.3, 0.5, 40.0, 3.0, 0.5], &[0.1; 5]), None), None);
}

#[test]
fn a_loss_that_rose_and_stayed_has_a_first_step() {
    let found = breakdown(&run(&[2.3, 0.5, 0.4, 40.0, 30.0], &[0.1; 5]), None).expect("it broke");
    assert_eq!(found.step, 3);
    assert_eq!(found.sentences.last().expect("a sentence").key, "broke-rise");
}

#[test]
fn a_divergence_is_led_back_to_the_first_leap() {
    let end = Why::Diverged { step: 4, layer: Some(LayerId::Hidden(2)), pass: Pass::Forward };
    let found = breakdown(&run(&[2.3, 2.2, 2.2, 2.4, f64::NAN], &[0.1, 0.1, 4.0, 9.0, 9.0]), Some(&end));
    let found = found.expect("it broke");
    let keys: Vec<&str> = found.sentences.iter().map(|sentence| sentence.key).collect();
    assert_eq!((found.step, keys), (2, vec!["broke-gradient", "broke-layer"]));
}

/// A frame that tells the losses of so many steps, up to its own.
fn slice(step: u64, count: u64, loss: impl Fn(u64) -> f64) -> Frame {
    let losses: Vec<Number> = (step + 1 - count..=step).map(|step| Number(loss(step))).collect();
    let json = serde_json::json!({
        "run": 1, "step": step, "loss": losses.last(), "valLoss": null, "accuracy": null, "losses": losses,
        "layers": [], "weights": [], "stepMs": 1.0,
    });
    serde_json::from_value(json).expect("a frame")
}

/// A run that goes on for long after its loss rose still knows the step, and the steps around one by one; its history
/// stays bounded, however often it rises.
#[test]
fn where_a_long_run_broke_stays_known_to_the_step() {
    const BROKE: u64 = 1013;
    let loss = |step: u64| if step < BROKE { 0.5 } else { 40.0 };
    let mut record = RunRecord::new(Spec::mlp());
    record.take(&slice(0, 1, |_| 2.3));
    for step in (10..=1020).step_by(10) {
        record.take(&slice(step, 10, loss));
    }
    let trail = |first: u64| -> Vec<Frame> { (first..first + 36).map(|step| slice(step, 1, loss)).collect() };
    record.fill(&trail(982));
    for step in (1030..200_000).step_by(10) {
        record.take(&slice(step, 10, loss));
    }
    let end = Some(&Why::Done);
    assert_eq!(breakdown(&record, end).expect("it broke").step, BROKE);
    let has = |record: &RunRecord, step: u64| record.history.frames().any(|frame| frame.step == step);
    assert!((982..1018).all(|step| has(&record, step)));
    assert!(record.history.len() <= 330, "{}", record.history.len());
    // As it was before that step it had not broken, and after it it had.
    assert_eq!(breakdown(&record.until(1010), None), None);
    assert_eq!(breakdown(&record.until(1016), None).expect("it broke").step, BROKE);
    // A browser keeps these frames too.
    let kept = RunRecord::from(StoredRun::new(&record, 0.0));
    assert!((982..1018).all(|step| has(&kept, step)));
    for first in (200_000..400_000).step_by(10_000) {
        (first..first + 10_000).step_by(10).for_each(|step| record.take(&slice(step, 10, loss)));
        record.fill(&trail(first + 9_951));
    }
    assert!(record.history.len() <= 330, "{}", record.history.len());
}
