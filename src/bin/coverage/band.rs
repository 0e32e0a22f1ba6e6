//! Counts how often theory's band for a GPT holds what its networks show.

use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::science::data::chars::chars;
use init_lab::science::layer::LayerId;

use crate::transformer::observe;

/// How many networks each setting has.
const SEEDS: u64 = 20;

/// The settings that are tried: widths from 16 to 64, and every kind of start, norm and block.
pub(crate) const SETTINGS: [&str; 27] = [
    "width=64",
    "width=64&std=0.0693",
    "width=32&depth=8&std=0.1",
    "width=16&heads=2&std=0.14",
    "width=64&init=xavier-normal",
    "width=16&heads=2&init=xavier-uniform",
    "width=64&init=kaiming-normal",
    "width=32&init=kaiming-normal&act=relu&norm=rms",
    "width=48&init=pytorch",
    "width=64&init=orthogonal",
    "width=32&init=small&depth=6",
    "width=64&init=wang&depth=6",
    "width=64&init=mup",
    "width=32&init=depth-scaled&std=0.1&depth=6",
    "width=64&init=lecun-normal&tied=off",
    "width=64&init=normal&std=0.09&pos=post",
    "width=32&init=deepnorm&pos=post&depth=6",
    "width=64&init=normal&std=0.09&dropout=0.2",
    "width=64&init=normal&std=0.0693&init.q=normal&std.q=0.3&init.k=normal&std.k=0.3",
    "width=64&init=normal&std=0.0693&attention=none",
    "width=64&init=xavier-normal&residual=off&depth=3",
    "width=64&block=llama&init=llama&std=0.06",
    "width=32&block=llama&init=xavier-normal&depth=6",
    "width=64&init=layer-scale&std=0.1",
    "width=32&init=xavier-normal&depth=8",
    "width=48&init=normal&std=0.08&depth=8",
    "width=64&init=gpt2&std=0.0693&depth=8",
];

/// How many networks of a setting lie in the band at each layer, before φ and in the stream.
pub(crate) struct Covered {
    /// The link's differences from a GPT of four blocks, four heads, 32 characters and eight texts.
    pub(crate) setting: &'static str,
    /// The number of networks that were drawn.
    pub(crate) networks: u64,
    /// The counts by layer, from the embedding over the blocks to the head; there is none where theory has no band.
    pub(crate) inside: Vec<[Option<u64>; 2]>,
}

/// The share of the networks of these settings that lie in the band, at one layer or at all of them.
pub(crate) fn share(all: &[Covered], layer: Option<LayerId>) -> Option<f64> {
    let (mut inside, mut whole) = (0, 0);
    for covered in all {
        let last = covered.inside.len() - 1;
        for (l, counts) in covered.inside.iter().enumerate() {
            let here = match l {
                0 => LayerId::Embedding,
                l if l == last => LayerId::Head,
                l => LayerId::Block(l),
            };
            // Both numbers of a head are those of its logits, so they are counted once.
            let counts = counts.iter().skip(usize::from(l == last)).flatten();
            for count in counts.filter(|_| layer.is_none_or(|layer| layer == here)) {
                inside += count;
                whole += covered.networks;
            }
        }
    }
    (whole > 0).then(|| inside as f64 / whole as f64)
}

/// The table of all settings and layers, as Markdown.
pub(crate) fn report() -> String {
    let all: Vec<Covered> = (0..SETTINGS.len()).map(|index| covered(index, SEEDS)).collect();
    let percent = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let mut text = String::from("| layer | in the band |\n|---|---|\n");
    let layers = [LayerId::Embedding].into_iter().chain((1..=8).map(LayerId::Block)).chain([LayerId::Head]);
    for layer in layers {
        text += &format!("| {layer} | {} |\n", percent(share(&all, Some(layer))));
    }
    text += &format!("| all | {} |\n\n| setting | in the band |\n|---|---|\n", percent(share(&all, None)));
    for covered in all.chunks(1) {
        text += &format!("| `{}` | {} |\n", covered[0].setting, percent(share(covered, None)));
    }
    text
}

/// Counts a setting's networks, which have seeds of their own.
pub(crate) fn covered(index: usize, networks: u64) -> Covered {
    let setting = SETTINGS[index];
    let spec = |seed: u64| Lab::from_link(&format!("model=gpt&context=32&seed={seed}&{setting}")).0.spec;
    let theory = predict(&spec(1)).layers;
    let text = chars();
    let seeds = (1..=networks).map(|seed| 1000 * index as u64 + seed);
    let runs: Vec<Vec<[f64; 2]>> = seeds.map(|seed| observe(&spec(seed), &text)).collect();
    let inside = theory.iter().enumerate().map(|(l, layer)| {
        let count = |predicted: Option<f64>, spread: f64, i: usize| {
            // The page's band reaches two standard deviations to either side of the median.
            let off =
                |run: &Vec<[f64; 2]>| libm::log(run[l][i] / predicted.unwrap_or(f64::NAN)) + 0.5 * spread * spread;
            predicted.map(|_| runs.iter().filter(|run| off(run).abs() <= 2.0 * spread).count() as u64)
        };
        [
            count(layer.preactivation_var, layer.preactivation_spread, 0),
            count(layer.activation_var, layer.activation_spread, 1),
        ]
    });
    Covered { setting, networks, inside: inside.collect() }
}
