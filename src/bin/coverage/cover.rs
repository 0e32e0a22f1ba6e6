//! Compares networks with their bands.

use init_lab::lab::prediction::Prediction;
use init_lab::science::theory::LayerPrediction;

/// What one layer of one network shows, in the definitions of `lab::metric`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// The variance of z over examples and units.
    pub(crate) preactivation: f64,
    /// The variance of h over examples and units.
    pub(crate) activation: f64,
    /// The root mean square of the entries of the batch's gradient.
    pub(crate) gradient: f64,
    /// The share of h that tells examples apart, Σᵢ Var_b h_bi / Σᵢ E_b h_bi².
    pub(crate) share: f64,
}

/// One network, and what theory predicted for it.
pub(crate) struct Cover {
    pub(crate) prediction: Prediction,
    pub(crate) seen: Vec<Seen>,
}

/// Half the width of a 95 % band, in standard deviations.
const BAND: f64 = 1.96;

/// The logarithm of a measured number, that of its band's middle, and the band's standard deviation.
type Placed = [f64; 3];

impl Cover {
    fn placed(&self, layer: usize) -> [Option<Placed>; 3] {
        let (theory, seen) = (&self.prediction.layers[layer], &self.seen[layer]);
        let place = |measured: f64, median: Option<f64>, spread: f64| {
            let known = spread > 0.0 && measured > 0.0;
            median.filter(|median| known && *median > 0.0).map(|median| [measured.ln(), median.ln(), spread])
        };
        let last = self.prediction.layers.len() - 1;
        let ratio = |theory: &LayerPrediction| Some(theory.gradient? / self.prediction.layers[last].gradient?);
        [
            place(seen.preactivation, theory.preactivation_median, theory.preactivation_spread),
            place(seen.activation, theory.activation_median, theory.activation_spread),
            place(seen.gradient / self.seen[last].gradient, ratio(theory), theory.gradient_spread),
        ]
    }
}

/// The shares, in per cent, of the measured numbers inside their bands over networks and layers: of z, h and gradients.
pub(crate) fn covered(networks: &[Cover]) -> [Option<f64>; 3] {
    let count = |which: usize| {
        let layers = 0..networks[0].seen.len();
        let places = layers.flat_map(|layer| networks.iter().filter_map(move |network| network.placed(layer)[which]));
        let (mut inside, mut all) = (0, 0);
        for [measured, middle, spread] in places {
            inside += usize::from((measured - middle).abs() <= BAND * spread);
            all += 1;
        }
        (all > 0).then(|| 100.0 * f64::from(inside as u32) / f64::from(all))
    };
    [0, 1, 2].map(count)
}

/// By layer, how many networks lie inside their bands, and how many there are: first for z, then for h.
#[derive(Default)]
pub(crate) struct Layers([[[usize; 2]; 2]; Self::NAMES.len()]);

impl Layers {
    const NAMES: [&'static str; 10] = ["1", "2", "3", "4", "5", "6", "7 to 10", "11 to 20", "21 to 40", "output"];

    fn place(layer: usize, last: usize) -> usize {
        match layer + 1 {
            _ if layer == last => 9,
            l @ 1..7 => l - 1,
            7..11 => 6,
            11..21 => 7,
            _ => 8,
        }
    }

    /// Adds the networks of a setting to the counts.
    pub(crate) fn add(&mut self, networks: &[Cover]) {
        let last = networks[0].seen.len() - 1;
        for layer in 0..=last {
            for network in networks {
                for (which, placed) in network.placed(layer).into_iter().take(2).enumerate() {
                    let Some([measured, middle, spread]) = placed else { continue };
                    let [inside, all] = &mut self.0[Self::place(layer, last)][which];
                    *inside += usize::from((measured - middle).abs() <= BAND * spread);
                    *all += 1;
                }
            }
        }
    }

    /// The sum of both counts.
    pub(crate) fn joined(mut self, other: &Self) -> Self {
        for (own, more) in
            self.0.as_flattened_mut().as_flattened_mut().iter_mut().zip(other.0.as_flattened().as_flattened())
        {
            *own += more;
        }
        self
    }

    /// The counts as a Markdown table, in per cent.
    pub(crate) fn table(&self) -> String {
        let percent = |[inside, all]: &[usize; 2]| match all {
            0 => "–".to_owned(),
            _ => format!("{:.1}", 100.0 * *inside as f64 / *all as f64),
        };
        let row = |(name, [z, h]): (&&str, &[[usize; 2]; 2])| format!("| {name} | {} | {} |\n", percent(z), percent(h));
        let rows: String = Self::NAMES.iter().zip(&self.0).map(row).collect();
        format!("| layer | z | h |\n|---|---|---|\n{rows}")
    }
}

/// The largest error of the predicted signal share, as a factor between it and the geometric mean measured.
pub(crate) fn share_error(networks: &[Cover]) -> f64 {
    let of = |layer: usize| {
        let theory = networks[0].prediction.layers[layer].signal_share.unwrap_or(f64::NAN).ln();
        let logs = networks.iter().map(|network| network.seen[layer].share.ln());
        (logs.sum::<f64>() / networks.len() as f64 - theory).abs()
    };
    (0..networks[0].seen.len()).map(of).fold(0.0, f64::max).exp()
}

/// The head of the table of all settings.
pub(crate) const HEAD: &str = "| setting | z | h | gradient | share, worst factor |\n|---|---|---|---|---|\n";

/// The table's row of one setting.
pub(crate) fn row(link: &str, networks: &[Cover]) -> String {
    let cell = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.0}"));
    let [z, h, g] = covered(networks).map(cell);
    format!(
        "| `{}` | {z} | {h} | {g} | {:.2} |\n",
        if link.is_empty() { "(default)" } else { link },
        share_error(networks)
    )
}

/// The table's last row: mean and range of each column.
pub(crate) fn sum(rows: &[String]) -> String {
    let column = |which: usize| {
        let values = rows.iter().filter_map(|row| row.split(" | ").nth(1 + which)?.trim().parse::<f64>().ok());
        let mut all: Vec<f64> = values.collect();
        all.sort_by(f64::total_cmp);
        let mean = all.iter().sum::<f64>() / all.len().max(1) as f64;
        format!("{mean:.1} ({:.0} to {:.0})", all.first().unwrap_or(&f64::NAN), all.last().unwrap_or(&f64::NAN))
    };
    format!("| **mean (range)** | {} | {} | {} | |\n", column(0), column(1), column(2))
}

/// The numbers of one setting, layer by layer.
pub(crate) fn layers(link: &str, networks: &[Cover]) -> String {
    let mut text = format!("{link}: ln of mean measured, middle, standard deviation measured, predicted\n");
    for layer in 0..networks[0].seen.len() {
        text += &networks[0].prediction.ids[layer].to_string();
        for which in 0..3 {
            let places: Vec<Placed> = networks.iter().filter_map(|network| network.placed(layer)[which]).collect();
            let n = places.len() as f64;
            let mean = |index: usize| places.iter().map(|place| place[index]).sum::<f64>() / n;
            let centre = mean(0);
            let deviation = (places.iter().map(|place| (place[0] - centre).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            text += &format!(" | {centre:8.3} {:8.3} {deviation:.3} {:.3}", mean(1), mean(2));
        }
        let theory = networks[0].prediction.layers[layer].signal_share.unwrap_or(f64::NAN);
        let share = networks.iter().map(|network| network.seen[layer].share.ln()).sum::<f64>() / networks.len() as f64;
        text += &format!(" | {:.3e} {theory:.3e}\n", share.exp());
    }
    text
}
