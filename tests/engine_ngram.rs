//! Perceptrons that predict the next character of the text from the three before it.

use crate::driven::{Engine, frames, losses, start};
use crate::weighed::{plain_pass, weights};
use init_lab::lab::protocol::{Command, Event};
use init_lab::science::data::ngram::ngrams;
use init_lab::science::seed::Stream;

const CHARS: &str = "data=chars&depth=1&width=48&init=kaiming-normal&act=tanh&opt=adam&lr=0.003&device=cpu";

/// The first loss is that of a pass in f64 over the places that the batch's stream names.
#[test]
fn the_first_batch_is_of_the_places_that_its_stream_names() {
    let mut engine = Engine::new();
    let events = engine.send([start(1, &format!("{CHARS}&batch=16"))]);
    let Some(Event::Started { shape, .. }) = events.iter().find(|event| matches!(event, Event::Started { .. })) else {
        panic!("{events:?}")
    };
    // 225·48 + 48 and 48·75 + 75.
    assert_eq!((shape.examples, shape.held_out, shape.classes, shape.parameters), (8000, 1000, 75, 14_523));
    let table = ngrams();
    let mut order: Vec<u32> = (0..8000).collect();
    Stream::new(3, "batches/epoch.0").shuffle(&mut order);
    let row = |at: usize| table.inputs[at * 225..(at + 1) * 225].iter().map(|x| f64::from(*x)).collect();
    let rows = order[..16].iter().map(|at| row(*at as usize)).collect();
    let outputs = plain_pass(rows, &weights(&engine), f64::tanh, false);
    let logits = outputs.last().expect("layers");
    let loss = |(logits, at): (&Vec<f64>, &u32)| {
        let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
        sum.ln() - logits[table.labels[*at as usize] as usize]
    };
    let mean = logits.iter().zip(&order).map(loss).sum::<f64>() / 16.0;
    assert!((losses(&events)[0] - mean).abs() < 1e-5, "{} {mean}", losses(&events)[0]);
}

/// It begins near guessing among 75 characters, and learns more than how common each of them is, also of places that it
/// has not seen.
#[test]
fn it_learns_more_than_how_common_characters_are() {
    let small = format!("{CHARS}&init=formula&formula=gain/sqrt(fan_in)*0.1^(layer-1)");
    let mut engine = Engine::new();
    let events = engine.send([start(1, &small.replace("&init=kaiming-normal", "")), Command::Step(400)]);
    let first = losses(&events)[0];
    assert!((first - 75_f64.ln()).abs() < 0.05, "{first}");
    let last = (*frames(&events).last().expect("a frame")).clone();
    let held_out = last.val_loss.expect("measured").0;
    assert!(held_out < 3.015 - 0.3, "{held_out}");
    assert!(last.accuracy.expect("measured").0 > 0.25, "{:?}", last.accuracy);
}

/// A GPT reads the same text as before, and either may follow the other on one device.
#[test]
fn the_text_of_a_gpt_is_another_data_set() {
    let mut engine = Engine::new();
    let gpt = "model=gpt&depth=1&width=16&heads=2&context=16&batch=4&device=cpu";
    let alone = losses(&Engine::new().send([start(1, gpt)]));
    engine.send([start(1, CHARS)]);
    assert_eq!(losses(&engine.send([start(2, gpt)])), alone);
    let events = engine.send([start(3, CHARS)]);
    assert_eq!(losses(&events), losses(&Engine::new().send([start(1, CHARS)])));
}
