//! How alike two examples of a table are: the theory of a batch's gradient starts here.

use super::Table;

/// A kind of pair of examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The share of pairs of this kind; all kinds together have 1.
    pub share: f64,
    /// Whether both carry the same label.
    pub same_class: bool,
    /// x·x'/(|x|·|x'|), averaged over the pairs of this kind.
    pub correlation: f64,
}

/// Kinds of pairs with the same label, and as many with different ones.
pub const KINDS: usize = 4;

/// The pairs of training rows in 2·[`KINDS`] kinds: those with the same label from the least alike
/// quarter to the most, then those with different labels.
///
/// One number for each half would do for the digits, but points in a plane point in all directions,
/// and what follows is not linear in the correlation.
pub fn likeness(table: &Table) -> Vec<Likeness> {
    let rows: Vec<&[f32]> = table.inputs.chunks_exact(table.features).take(table.train).collect();
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>();
    let lengths: Vec<f64> = rows.iter().map(|row| dot(row, row).sqrt()).collect();
    let mut found = [Vec::new(), Vec::new()];
    for i in 0..rows.len() {
        for j in 0..i {
            let lengths = lengths[i] * lengths[j];
            let cosine = if lengths > 0.0 { dot(rows[i], rows[j]) / lengths } else { 0.0 };
            found[usize::from(table.labels[i] != table.labels[j])].push(cosine);
        }
    }
    let all = found.iter().map(Vec::len).sum::<usize>() as f64;
    let mut kinds = Vec::with_capacity(2 * KINDS);
    for (mut cosines, same_class) in found.into_iter().zip([true, false]) {
        cosines.sort_by(f64::total_cmp);
        for kind in 0..KINDS {
            let part = &cosines[kind * cosines.len() / KINDS..(kind + 1) * cosines.len() / KINDS];
            let count = part.len() as f64;
            let correlation = part.iter().sum::<f64>() / count.max(1.0);
            kinds.push(Likeness { share: count / all.max(1.0), same_class, correlation });
        }
    }
    kinds
}

/// A written-down result: the share of pairs with the same label, and the correlations.
pub(super) const fn kinds(same: f64, alike: [f64; KINDS], apart: [f64; KINDS]) -> [Likeness; 2 * KINDS] {
    let mut kinds = [Likeness { share: 0.0, same_class: true, correlation: 0.0 }; 2 * KINDS];
    let mut i = 0;
    while i < KINDS {
        kinds[i] = Likeness { share: same / KINDS as f64, same_class: true, correlation: alike[i] };
        let share = (1.0 - same) / KINDS as f64;
        kinds[KINDS + i] = Likeness { share, same_class: false, correlation: apart[i] };
        i += 1;
    }
    kinds
}
