//! How long the examples of a table are, and how similar two of them are, from which the theory of a batch starts.

mod written;

use super::ExampleTable;
pub(super) use written::{CIRCLES, CIRCLES_HALF, DIGITS, DIGITS_HALF, SPIRALS, SPIRALS_HALF, XOR, XOR_HALF};

/// A group of examples with about the same length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// The share of examples; all lengths together have 1.
    pub share: f64,
    /// The mean square of the numbers of such an example, |x|²/n.
    pub square: f64,
}

/// A kind of pairs of examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The share of pairs of this kind; all kinds together have 1.
    pub share: f64,
    /// Whether both carry the same label.
    pub same_class: bool,
    /// The cosine x·x'/(|x|·|x'|), averaged over the pairs of this kind.
    pub correlation: f64,
    /// The lengths of the two examples, as indices into [`Profile::lengths`].
    pub lengths: [usize; 2],
}

/// What theory needs to know about the training rows of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The number of examples; 0 stands for infinitely many.
    pub examples: usize,
    /// Their lengths, in increasing order.
    pub lengths: Vec<Length>,
    /// Their pairs. Where there are none, examples count as independent.
    pub pairs: Vec<Likeness>,
    /// n·Σᵢ xᵢ⁴/(Σᵢ xᵢ²)², averaged over examples. It is 3 for normal numbers, and n where one number is all.
    pub peak: f64,
}

impl Profile {
    /// The same examples as if all had one length, with the same mean square.
    pub(crate) fn of_one_length(&self) -> Self {
        let pairs = self.pairs.iter().map(|kind| Likeness { lengths: [0, 0], ..*kind }).collect();
        let square = self.lengths.iter().map(|length| length.share * length.square).sum();
        Self { lengths: vec![Length { share: 1.0, square }], pairs, ..*self }
    }

    /// The mean correlation of the most similar quarter of the pairs with one label; 0 where there are no pairs.
    pub fn likest(&self) -> f64 {
        let (mut sum, mut all) = (0.0, 0.0);
        // The kinds of two lengths and one label stand from the least similar to the most similar.
        for kinds in self.pairs.chunks(KINDS).filter(|kinds| kinds[0].same_class) {
            let mut left = kinds.iter().map(|kind| kind.share).sum::<f64>() / 4.0;
            for kind in kinds.iter().rev() {
                let share = kind.share.min(left);
                (sum, all, left) = (sum + share * kind.correlation, all + share, left - share);
            }
        }
        if all > 0.0 { sum / all } else { 0.0 }
    }
}

impl Profile {
    /// What [`profile`] found, as a list of numbers of a fixed order.
    pub fn numbers(&self) -> Vec<f64> {
        let lengths = self.lengths.iter().flat_map(|length| [length.share, length.square]);
        let pairs = self.pairs.iter().flat_map(|kind| [kind.share, kind.correlation]);
        [self.examples as f64, self.peak].into_iter().chain(lengths).chain(pairs).collect()
    }

    /// Reads what [`Self::numbers`] wrote; of anything else nothing is known.
    pub fn from_numbers(numbers: &[f64]) -> Self {
        if numbers.len() != 2 + 2 * LENGTHS + 4 * KINDS * TWO {
            return Self::default();
        }
        let (head, rest) = numbers.split_at(2);
        let (lengths, pairs) = rest.split_at(2 * LENGTHS);
        let length = |pair: &[f64]| Length { share: pair[0], square: pair[1] };
        let kind = |(at, pair): (usize, &[f64])| Likeness {
            share: pair[0],
            same_class: (at / KINDS).is_multiple_of(2),
            correlation: pair[1],
            lengths: apart(at / (2 * KINDS)),
        };
        Self {
            examples: head[0] as usize,
            peak: head[1],
            lengths: lengths.chunks_exact(2).map(length).collect(),
            pairs: pairs.chunks_exact(2).enumerate().map(kind).collect(),
        }
    }
}

/// How many lengths are told apart.
const LENGTHS: usize = 6;

/// The borders between the lengths, as shares of the rows. The few longest rows are a group of their own, because they
/// dominate whatever grows faster than the square of an input.
const BORDERS: [f64; LENGTHS + 1] = [0.0, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0];

/// How many cosines are told apart for two lengths, with the same label, and as many with different labels.
pub const KINDS: usize = 4;

/// The number of pairs of two lengths, in the order (0, 0), (0, 1), …, (5, 5).
const TWO: usize = LENGTHS * (LENGTHS + 1) / 2;

/// The training rows in [`LENGTHS`] lengths, and their pairs: for each two lengths those with the same label, from the
/// least similar quarter to the most similar, and then those with different labels.
///
/// A single length would do for ReLU, which treats all lengths alike. But an activation that saturates, or is a
/// parabola near 0, treats the digits' longest image, with 37 times the mean square, differently from the median one,
/// with 0.73 times. A single cosine would do for the digits, but points in a plane lie in all directions, and what
/// follows is not linear in the cosine.
pub fn profile(table: &ExampleTable) -> Profile {
    let rows: Vec<&[f32]> = table.inputs.chunks_exact(table.features).take(table.train).collect();
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let squares: Vec<f64> = rows.iter().map(|row| dot(row, row)).collect();
    let (lengths, of) = lengths(&squares, table.features);
    let mut found = vec![Vec::new(); 2 * TWO];
    for i in 0..rows.len() {
        for j in 0..i {
            let product = (squares[i] * squares[j]).sqrt();
            let cosine = if product > 0.0 { dot(rows[i], rows[j]) / product } else { 0.0 };
            let two = 2 * place(of[i], of[j]) + usize::from(table.labels[i] != table.labels[j]);
            found[two].push(cosine);
        }
    }
    let all = found.iter().map(Vec::len).sum::<usize>().max(1) as f64;
    let mut pairs = Vec::with_capacity(2 * KINDS * TWO);
    for (two, mut cosines) in found.into_iter().enumerate() {
        cosines = ascending(&cosines).into_iter().map(|at| cosines[at]).collect();
        for kind in 0..KINDS {
            let part = &cosines[kind * cosines.len() / KINDS..(kind + 1) * cosines.len() / KINDS];
            let count = part.len() as f64;
            let correlation = part.iter().sum::<f64>() / count.max(1.0);
            let lengths = apart(two / 2);
            pairs.push(Likeness { share: count / all, same_class: two % 2 == 0, correlation, lengths });
        }
    }
    let fourth = |row: &&[f32]| row.iter().map(|x| f64::from(*x).powi(4)).sum::<f64>();
    let peaks = rows.iter().zip(&squares).filter(|(_, square)| **square > 0.0);
    let peak = peaks.map(|(row, square)| fourth(row) / (square * square)).sum::<f64>();
    let peak = peak * table.features as f64 / rows.len().max(1) as f64;
    Profile { examples: rows.len(), lengths, pairs, peak }
}

/// The places of numbers, from the smallest number up. All that is sorted for the first view is sorted here: the code of a
/// sort is large, and there would be another one for each type.
fn ascending(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    order
}

/// The lengths of rows with these mean squares, and for each row the index of its length.
fn lengths(squares: &[f64], features: usize) -> (Vec<Length>, Vec<usize>) {
    let count = squares.len();
    let order = ascending(squares);
    let border = |i: usize| (BORDERS[i] * count as f64).round() as usize;
    let mut of = vec![0; count];
    let of_part = |index: usize| {
        let part = &order[border(index)..border(index + 1)];
        part.iter().for_each(|row| of[*row] = index);
        let sum: f64 = part.iter().map(|row| squares[*row]).sum();
        let share = part.len() as f64 / count.max(1) as f64;
        Length { share, square: sum / (part.len().max(1) * features) as f64 }
    };
    ((0..LENGTHS).map(of_part).collect(), of)
}

/// The index of two lengths among the pairs of lengths.
fn place(a: usize, b: usize) -> usize {
    let (low, high) = (a.min(b), a.max(b));
    low * LENGTHS - low * low.saturating_sub(1) / 2 + high - low
}

/// The two lengths of such an index.
fn apart(at: usize) -> [usize; 2] {
    let of = |low: usize| (low..LENGTHS).map(move |high| [low, high]);
    (0..LENGTHS).flat_map(of).nth(at).unwrap_or([0, 0])
}

/// A profile as it is written down: for each two lengths the share of pairs with the same label, that of pairs with
/// different ones, and the cosines. Its numbers are kept in millionths, which they were written in: the page has all of
/// them, and whole numbers of 32 bits are a third of the download that those of 64 bits are.
pub(super) struct WrittenRows {
    examples: usize,
    peak: f64,
    lengths: [[i32; 2]; LENGTHS],
    pairs: [[i32; 2 + 2 * KINDS]; TWO],
}

/// Numbers in millionths.
const fn in_millionths<const N: usize, const M: usize>(numbers: [[f64; N]; M]) -> [[i32; N]; M] {
    let mut whole = [[0; N]; M];
    let mut at = 0;
    while at < N * M {
        // A cast cuts off, so what is halfway or beyond is moved past the next whole number.
        let number = 1e6 * numbers[at / N][at % N];
        whole[at / N][at % N] = (number + if number < 0.0 { -0.5 } else { 0.5 }) as i32;
        at += 1;
    }
    whole
}

impl WrittenRows {
    const fn of(examples: usize, peak: f64, lengths: [[f64; 2]; LENGTHS], pairs: [[f64; 2 + 2 * KINDS]; TWO]) -> Self {
        Self { examples, peak, lengths: in_millionths(lengths), pairs: in_millionths(pairs) }
    }

    pub(super) fn profile(&self) -> Profile {
        // The quotient is the number that was written, to the bit.
        let number = |millionths: i32| f64::from(millionths) / 1e6;
        let lengths = self.lengths.map(|length| length.map(number));
        let whole: f64 = lengths.iter().map(|[share, _]| share).sum();
        let lengths = lengths.iter().map(|&[share, square]| Length { share: share / whole, square }).collect();
        let of = |(at, row): (usize, &[i32; 2 + 2 * KINDS])| {
            let row = row.map(number);
            let (shares, cosines) = row.split_at(2);
            let kind = |kind: usize| Likeness {
                share: shares[kind / KINDS] / KINDS as f64,
                same_class: kind < KINDS,
                correlation: cosines[kind],
                lengths: apart(at),
            };
            (0..2 * KINDS).map(kind).collect::<Vec<_>>()
        };
        let mut pairs: Vec<Likeness> = self.pairs.iter().enumerate().flat_map(of).collect();
        // Shares of six digits do not add up to 1, and where all signals are alike the remainder would pass for a
        // signal.
        let whole: f64 = pairs.iter().map(|kind| kind.share).sum();
        pairs.iter_mut().for_each(|kind| kind.share /= whole);
        Profile { examples: self.examples, lengths, pairs, peak: self.peak }
    }
}
