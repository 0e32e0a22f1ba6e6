//! The lab's text for a perceptron: the next character from the few before it, as in Karpathy's makemore.

use super::super::seed::Stream;
use super::ExampleTable;
use super::chars::chars;
use super::likeness::{KINDS, Length, Likeness, Profile};

/// How many characters stand before the one that is predicted: makemore's `block_size`.
pub const BEFORE: usize = 3;

/// The number of examples for training, and of those that are held out.
const SIZES: [usize; 2] = [8000, 1000];

/// 8000 places of the training part of the text and 1000 of the part that is held out: the class is the character there,
/// and the inputs are the [`BEFORE`] characters before it, which are of the same part. The places are drawn from the
/// stream `ngrams` of seed 0, some of them twice, and never change, so that results of different seeds are about the same
/// examples.
///
/// Each of them is one-hot over the V characters of the vocabulary, and its one is √V, so that the mean square of the
/// inputs is BEFORE·(√V)²/(BEFORE·V) = 1 in every row, as it is in other tables over all rows. The columns are not
/// standardized: divided by its deviation, the one of a character that is met once in 8000 places would be forty times
/// as large as that of a space.
pub fn ngrams() -> ExampleTable {
    let text = chars();
    let classes = text.vocabulary.len();
    let mut stream = Stream::new(0, "ngrams");
    let parts = [0..text.train, text.train..text.tokens.len()];
    let mut places = Vec::with_capacity(SIZES[0] + SIZES[1]);
    for (part, size) in parts.into_iter().zip(SIZES) {
        places.extend((0..size).map(|_| part.start + BEFORE + stream.below(part.len() - BEFORE)));
    }
    let (features, one) = (BEFORE * classes, libm::sqrt(classes as f64) as f32);
    let mut inputs = vec![0.0; places.len() * features];
    for (row, place) in inputs.chunks_exact_mut(features).zip(&places) {
        let before = &text.tokens[place - BEFORE..*place];
        before.iter().zip(row.chunks_exact_mut(classes)).for_each(|(token, hot)| hot[usize::from(*token)] = one);
    }
    let labels = places.iter().map(|place| u32::from(text.tokens[*place])).collect();
    ExampleTable { inputs, labels, features, classes, train: SIZES[0] }
}

/// The number of pairs of rows with 0 to 3 equal characters: of one class, and of different ones.
type Counts = [[u32; KINDS]; 2];

/// The number of training rows, and those of their pairs; a test counts them.
const ALL: (usize, Counts) =
    (SIZES[0], [[1_768_176, 466_254, 78_298, 24_814], [24_052_855, 5_073_069, 496_782, 35_752]]);
/// The same of the first half of the classes.
const HALF: (usize, Counts) = (1833, [[890_233, 181_796, 23_631, 11_890], [483_601, 79_084, 7377, 1416]]);

/// What theory needs to know about the training rows, or about those of the first half of the classes: counted once, and
/// written down here.
pub(super) fn written(half: bool) -> Profile {
    let (examples, counts) = if half { HALF } else { ALL };
    of_counts(examples, counts)
}

/// The profile of rows as [`ngrams`] makes them: all have one length, and the cosine of two is the share of places with
/// the same character. So there are [`KINDS`] cosines, and the most similar pairs, which are often of different classes,
/// stay apart.
pub fn profile(table: &ExampleTable) -> Profile {
    let hot = |row: &[f32]| {
        let mut places = row.iter().enumerate().filter(|(_, x)| **x != 0.0).map(|(at, _)| at);
        std::array::from_fn(|_| places.next().unwrap_or_default())
    };
    let rows: Vec<[usize; BEFORE]> = table.inputs.chunks_exact(table.features).take(table.train).map(hot).collect();
    let mut counts = Counts::default();
    for (i, row) in rows.iter().enumerate() {
        for (j, other) in rows[..i].iter().enumerate() {
            let same = row.iter().zip(other).filter(|(a, b)| a == b).count();
            counts[usize::from(table.labels[i] != table.labels[j])][same] += 1;
        }
    }
    of_counts(rows.len(), counts)
}

fn of_counts(examples: usize, counts: Counts) -> Profile {
    let whole: u32 = counts.iter().flatten().sum();
    let kind = |(at, count): (usize, &u32)| Likeness {
        share: f64::from(*count) / f64::from(whole),
        same_class: at < KINDS,
        correlation: (at % KINDS) as f64 / BEFORE as f64,
        lengths: [0, 0],
    };
    Profile {
        examples,
        lengths: vec![Length { share: 1.0, square: 1.0 }],
        pairs: counts.iter().flatten().enumerate().map(kind).collect(),
        // BEFORE equal numbers among BEFORE·V: n·Σx⁴/(Σx²)² = V.
        peak: 75.0,
    }
}
