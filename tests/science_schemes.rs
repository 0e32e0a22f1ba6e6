//! Every scheme's σ and bound against PyTorch: `golden/schemes.json`, whose numbers are of the lines on
//! the cards, executed.

use init_lab::science::init::{Cut, Init, Scheme};
use init_lab::science::junction::Gate;
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::site::{Fans, Role, Site};
use serde_json::Value;

const FANS: Fans = Fans { fan_in: 48, fan_out: 80 };

/// What a case of the file is in the lab.
fn case(golden: &Value, at: usize, scheme: Scheme) -> (Plan, Site) {
    let given = &golden["given"];
    let is = |key: &str| given[key].as_bool() == Some(true);
    let role = match scheme {
        // The last two of its cases are the embedding and the head.
        Scheme::Llama if at == 2 => Role::Token,
        Scheme::Llama if at == 3 => Role::Head,
        _ if is("writes_stream") => Role::AttentionOut,
        _ if is("is_w3") => Role::MlpUp,
        _ if is("is_output") => Role::Head,
        _ if is("last_of_branch") => Role::MlpOut,
        _ if is("value_out_or_mlp") => Role::Value,
        _ => Role::Query,
    };
    let gain = match scheme {
        Scheme::KaimingNormal | Scheme::KaimingUniform | Scheme::Fixup => 2_f64.sqrt(),
        Scheme::XavierNormal | Scheme::XavierUniform | Scheme::Orthogonal | Scheme::Mup => 1.5,
        _ => 1.0,
    };
    let cut = [Cut::Corrected, Cut::Raw, Cut::Absolute][at.min(2)];
    let formula = init_lab::science::formula::Formula::parse("sqrt(2 / fan_in)").ok();
    let std = given["std"].as_f64().unwrap_or(0.02);
    let init = Init { std, gain, cut, formula, ..Init::new(scheme) };
    let depth = given["L"].as_u64().unwrap_or(12) as usize;
    (Plan::new(init), Site { role, fans: FANS, layer: 3, depth, width: 64, heads: 4 })
}

#[test]
fn every_scheme_is_pytorchs() {
    let golden: Value = serde_json::from_str(include_str!("golden/schemes.json")).expect("golden file");
    let cases = golden["cases"].as_array().expect("cases");
    let mut seen: Vec<Scheme> = Vec::new();
    let mut wrong = Vec::new();
    for golden in cases {
        // Adapters and new tokens are no schemes of the lab; LSUV's σ is of one measurement.
        let Some(scheme) = Scheme::from_id(golden["scheme"].as_str().expect("scheme")) else { continue };
        let at = seen.iter().filter(|other| **other == scheme).count();
        seen.push(scheme);
        if scheme == Scheme::Lsuv {
            continue;
        }
        let (plan, site) = case(golden, at, scheme);
        let expected = golden["formula"]["std"].as_f64().expect("std");
        let std = plan.std_at(&site);
        if (std - expected).abs() > 1e-12 * expected.max(1e-12) {
            wrong.push(format!("{scheme:?} {at}: σ {std} against {expected}"));
        }
        let weights = plan.matrix(&site, &mut Stream::new(5, "weights"));
        let largest = weights.iter().fold(0.0_f64, |most, w| most.max(f64::from(w.abs())));
        if let Some(bound) = golden["formula"]["bound"].as_f64()
            && largest > bound * (1.0 + 1e-6)
        {
            wrong.push(format!("{scheme:?} {at}: {largest} is beyond {bound}"));
        }
        let n = weights.len() as f64;
        let mean = weights.iter().map(|w| f64::from(*w)).sum::<f64>() / n;
        let expected_mean = golden["formula"]["mean"].as_f64().unwrap_or(0.0);
        let square = weights.iter().map(|w| (f64::from(*w) - expected_mean).powi(2)).sum::<f64>() / n;
        // Zeros and a few large numbers vary more than a normal distribution does: E w⁴ = 3σ⁴/(1 − zeros).
        let kurtosis = if scheme == Scheme::Sparse { 30.0 } else { 3.0 };
        if (square - std * std).abs() > 5.0 * std * std * (kurtosis / n).sqrt() + 1e-12 {
            wrong.push(format!("{scheme:?} {at}: variance {square} against {}", std * std));
        }
        if (mean - expected_mean).abs() > 5.0 * std / n.sqrt() + 1e-9 {
            wrong.push(format!("{scheme:?} {at}: mean {mean} against {expected_mean}"));
        }
        let junction = scheme.junction(site.depth);
        let gate = junction.gate;
        for (key, found) in
            [("alpha", matches!(gate, Some(Gate::Scalar(_)))), ("gamma", matches!(gate, Some(Gate::Vector(_))))]
        {
            if let Some(start) = golden["formula"][key].as_f64() {
                assert!(found && junction.gate_square() == start * start, "{scheme:?} {gate:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for scheme in Scheme::ALL {
        assert!(seen.contains(scheme), "{scheme:?} is not in the file");
    }
}
