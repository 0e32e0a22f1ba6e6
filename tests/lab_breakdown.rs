//! Where a run broke, and that a run which learns has not broken.

use init_lab::lab::breakdown::breakdown;
use init_lab::lab::metric::Frame;
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Pass, Why};
use init_lab::lab::record::RunRecord;
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
