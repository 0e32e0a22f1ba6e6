//! The data sets: shapes, splits, and the scale that makes the theory's q₀ equal 1.

use std::collections::BTreeSet;
use std::f64::consts::TAU;

use init_lab::science::data::chars::{chars, small};
use init_lab::science::data::circles::circles;
use init_lab::science::data::digits::{digits, images};
use init_lab::science::data::likeness::{Profile, profile};
use init_lab::science::data::ngram::{self, ngrams};
use init_lab::science::data::spirals::spirals;
use init_lab::science::data::ten::picture;
use init_lab::science::data::xor::xor;
use init_lab::science::data::{Dataset, ExampleTable, Text};
use init_lab::science::seed::Stream;

/// The table has this shape, sound labels, and unit mean square over its training rows.
#[track_caller]
fn check(table: &ExampleTable, rows: usize, features: usize, classes: usize, train: usize) {
    assert_eq!(table.inputs.len(), rows * features);
    assert_eq!(table.labels.len(), rows);
    assert_eq!([table.features, table.classes, table.train], [features, classes, train]);
    for class in 0..classes as u32 {
        assert!(table.labels[..train].contains(&class));
        assert!(table.labels[train..].contains(&class));
    }
    assert!(table.labels.iter().all(|&label| (label as usize) < classes));
    let square = |x: &f32| f64::from(*x) * f64::from(*x);
    let mean = table.inputs[..train * features].iter().map(square).sum::<f64>() / (train * features) as f64;
    assert!((mean - 1.0).abs() < 1e-6, "mean square {mean}");
}

#[test]
fn tables() {
    check(&digits(), 1797, 64, 10, 1437);
    check(&spirals(0), 750, 2, 3, 600);
    check(&spirals(u64::MAX), 750, 2, 3, 600);
    for seed in [0, u64::MAX] {
        check(&circles(seed), 750, 2, 2, 600);
        check(&xor(seed), 750, 2, 2, 600);
    }
}

/// Each point with its class, in the units of the data.
fn points(table: &ExampleTable) -> impl Iterator<Item = ([f64; 2], u32)> {
    table.inputs.chunks_exact(2).map(|row| [f64::from(row[0]), f64::from(row[1])]).zip(table.labels.iter().copied())
}

/// A circle between the two rings tells all but a few points apart, and no straight line more than three in four.
#[test]
fn circles_are_one_inside_the_other() {
    let table = circles(3);
    // Of rings of radius ½ and 1 the mean square of a coordinate is 5/16, noise apart.
    let unit = (5.0 / 16.0 + 0.08_f64.powi(2)).sqrt();
    let outside = |[x, y]: [f64; 2]| u32::from(unit * x.hypot(y) > 0.75);
    let wrong = points(&table).filter(|(point, class)| outside(*point) != *class).count();
    assert!(wrong < 8, "{wrong}");
    let straight = |[x, y]: [f64; 2], angle: f64, at: f64| u32::from(x * angle.cos() + y * angle.sin() > at);
    let right =
        |angle: f64, at: f64| points(&table).filter(|(point, class)| straight(*point, angle, at) == *class).count();
    let lines = (0..36).flat_map(|turn| (-15..15).map(move |at| (f64::from(turn) / 36.0 * TAU, f64::from(at) / 10.0)));
    let best = lines.map(|(angle, at)| right(angle, at)).max().expect("lines");
    assert!((375..563).contains(&best), "{best}");
}

/// What the verdict says of linear layers: the best straight borders are hardly better than an answer that ignores the point.
#[test]
fn no_straight_borders_separate_the_points_of_a_plane() {
    let planes = Dataset::ALL.iter().filter(|data| data.is_planar());
    for (data, seed) in planes.flat_map(|data| [0, 1, 2].map(|seed| (data, seed))) {
        let table = data.points(seed).expect("a plane");
        let loss = straight_loss(&table);
        let guessing = (table.classes as f64).ln();
        assert!((0.85 * guessing..guessing + 1e-3).contains(&loss), "{data:?} {seed}: {loss} of {guessing}");
    }
}

/// The loss of a softmax regression that was trained by gradient descent, which has one minimum.
fn straight_loss(table: &ExampleTable) -> f64 {
    let mut weights = vec![[0.0; 3]; table.classes];
    let mut loss = 0.0;
    for _ in 0..2000 {
        let mut gradient = vec![[0.0; 3]; table.classes];
        loss = 0.0;
        for ([x, y], class) in points(table) {
            let row = [x, y, 1.0];
            let logit = |w: &[f64; 3]| w.iter().zip(row).map(|(w, x)| w * x).sum::<f64>();
            let powers: Vec<f64> = weights.iter().map(|w| logit(w).exp()).collect();
            let whole: f64 = powers.iter().sum();
            loss -= (powers[class as usize] / whole).ln() / table.labels.len() as f64;
            for (k, (slope, power)) in gradient.iter_mut().zip(&powers).enumerate() {
                let miss = power / whole - f64::from(u8::from(k == class as usize));
                slope.iter_mut().zip(row).for_each(|(g, x)| *g += miss * x / table.labels.len() as f64);
            }
        }
        for (w, g) in weights.iter_mut().flatten().zip(gradient.iter().flatten()) {
            *w -= 0.5 * g;
        }
    }
    loss
}

/// The sign of x·y is the class of each point, and each of the four squares has as many.
#[test]
fn xor_is_the_sign_of_the_product() {
    let table = xor(3);
    assert!(points(&table).all(|([x, y], class)| class == u32::from(x * y < 0.0)));
    for (x_side, y_side) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let count = points(&table).take(600).filter(|([x, y], _)| x * x_side > 0.0 && y * y_side > 0.0).count();
        assert_eq!(count, 150);
    }
}

/// The page shows the digits that the worker asks the network about: the first held-out one of each class.
#[test]
fn the_ten_pictures_are_the_first_held_out_digits() {
    let (table, all) = (digits(), images());
    let rows = table.first_held_out();
    assert_eq!(rows.iter().map(|row| table.labels[*row]).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| (table.train..table.labels.len()).contains(row)));
    let sign = |level: &u8| char::from_digit(u32::from(*level), 17).expect("a level");
    let line = |row: &usize| -> String { all[*row].iter().map(sign).collect() };
    let text: String = rows.iter().map(|row| line(row) + "\n").collect();
    assert_eq!(include_str!("../static/data/ten.txt"), text, "static/data/ten.txt should be\n{text}");
    for (digit, row) in rows.iter().enumerate() {
        assert_eq!(picture(digit), all[*row].iter().map(|level| f64::from(*level) / 16.0).collect::<Vec<_>>());
    }
}

#[test]
fn points_follow_their_seed() {
    let planes: Vec<&Dataset> = Dataset::ALL.iter().filter(|data| data.is_planar()).collect();
    assert_eq!(planes.len(), 3);
    for data in planes {
        assert_eq!(data.points(1), data.points(1));
        assert_ne!(data.points(1), data.points(2));
    }
}

#[test]
fn digits_are_standardized_pixel_by_pixel() {
    let table = digits();
    let mut constant = 0;
    let mut scale = None;
    for pixel in 0..64 {
        let rows = table.inputs.chunks_exact(64).take(table.train);
        let values: Vec<f64> = rows.map(|row| f64::from(row[pixel])).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 1e-6);
        if variance == 0.0 {
            constant += 1;
        } else {
            let first = *scale.get_or_insert(variance);
            assert!((variance / first - 1.0).abs() < 1e-5);
        }
    }
    assert!(constant < 8, "{constant} pixels never change");
}

#[test]
fn text() {
    let text = chars();
    assert!(text.tokens.len() > 200_000);
    assert!(text.vocabulary.len() <= 96);
    assert!(text.vocabulary.is_sorted());
    assert_eq!(text.train, text.tokens.len() * 9 / 10);
    let top = text.tokens.iter().max().copied();
    assert_eq!(top, Some(text.vocabulary.len() as u8 - 1));
    // English prose: 0.06 to 0.08, with the spaces.
    let coincidence = text.coincidence();
    assert!((0.05..0.1).contains(&coincidence), "{coincidence}");
}

#[test]
fn ids() {
    assert_eq!(Dataset::IDS, ["digits", "spirals", "circles", "xor", "chars", "own"]);
    for &dataset in Dataset::ALL {
        assert_eq!(Dataset::from_id(dataset.id()), Some(dataset));
        let json = serde_json::to_string(&dataset).expect("a choice is a string");
        assert_eq!(json, format!("\"{}\"", dataset.id()));
    }
    assert_eq!(Dataset::from_id("mnist"), None);
}

#[test]
fn streams() {
    let first = |seed, name| Stream::new(seed, name).next_u64();
    assert_eq!(first(1, "weights"), first(1, "weights"));
    assert_ne!(first(1, "weights"), first(2, "weights"));
    assert_ne!(first(1, "weights"), first(1, "batches"));

    let mut stream = Stream::new(7, "test");
    let draws: Vec<f64> = (0..40_000).map(|_| stream.uniform()).collect();
    assert!(draws.iter().all(|&u| 0.0 < u && u < 1.0));
    let mean = draws.iter().sum::<f64>() / 40_000.0;
    assert!((mean - 0.5).abs() < 4.0 / (12.0 * 40_000_f64).sqrt());

    let mut counts = [0_i32; 7];
    for _ in 0..70_000 {
        counts[stream.below(7)] += 1;
    }
    // 4 standard deviations of a binomial of 70,000 and 1/7.
    assert!(counts.iter().all(|count| (count - 10_000).abs() < 371));
    assert_eq!(stream.below(0), 0);
    assert_eq!(stream.below(1), 0);

    let mut order: Vec<u32> = (0..100).collect();
    stream.shuffle(&mut order);
    assert!(!order.is_sorted());
    order.sort_unstable();
    assert!(order.into_iter().eq(0..100));
}

/// What is written down about a table (`coverage profiles` prints it) is what its rows say.
#[track_caller]
fn check_profile(written: &Profile, found: &Profile, table: &ExampleTable, tolerance: f64) {
    let close = |written: f64, found: f64, tolerance: f64| (written - found).abs() < tolerance;
    assert_eq!([written.examples, written.lengths.len()], [found.examples, found.lengths.len()]);
    assert!(close(written.peak, found.peak, 100.0 * tolerance), "{} {}", written.peak, found.peak);
    for (written, found) in written.lengths.iter().zip(&found.lengths) {
        assert!(close(written.share, found.share, 1e-6), "{written:?} {found:?}");
        assert!(close(written.square, found.square, tolerance), "{written:?} {found:?}");
    }
    assert_eq!(written.pairs.len(), found.pairs.len());
    let one_pair = (2.0 / (table.train * (table.train - 1)) as f64).max(1e-5);
    for (written, found) in written.pairs.iter().zip(&found.pairs) {
        assert_eq!((written.same_class, written.lengths), (found.same_class, found.lengths));
        // A single pair more or less in a kind.
        assert!(close(written.share, found.share, one_pair.max(tolerance / 10.0)), "{written:?} {found:?}");
        // Of few pairs the mean cosine is a matter of the seed.
        let few = found.share < 1e-3 && tolerance > 1e-3;
        assert!(few || close(written.correlation, found.correlation, tolerance), "{written:?} {found:?}");
    }
    // What the kinds say of the whole is what the rows say: mean squares and mean products.
    let mean = |part: &dyn Fn(&Profile) -> f64| [part(written), part(found)];
    let [a, b] = mean(&|p| p.lengths.iter().map(|length| length.share * length.square).sum());
    assert!(close(a, b, 1e-5), "{a} {b}");
    assert!(close(written.pairs.iter().map(|kind| kind.share).sum(), 1.0, 1e-4));
}

#[test]
fn lengths_and_pairs_of_examples() {
    check_profile(Dataset::Digits.profile(), &profile(&digits()), &digits(), 1e-5);
    for data in Dataset::ALL.iter().filter(|data| data.is_planar()) {
        // Another seed has other points in the same places.
        for (seed, tolerance) in [(0, 1e-5), (1, 0.25)] {
            let table = data.points(seed).expect("points");
            check_profile(data.profile(), &profile(&table), &table, tolerance);
        }
    }
    check_profile(Dataset::Chars.profile(), &ngram::profile(&ngrams()), &ngrams(), 1e-6);
    // The digits are of very different lengths, and the mean is 1.
    let lengths = &Dataset::Digits.profile().lengths;
    assert!(lengths[0].square < 0.55 && lengths[5].square > 5.0, "{lengths:?}");
}

/// The first training rows, with all that are held out.
#[test]
fn first_rows() {
    for table in Dataset::ALL.iter().filter_map(|data| data.table(3)) {
        let (whole, few) = (table.clone(), table.first(50));
        let width = whole.features;
        assert_eq!((few.train, few.labels.len()), (50, 50 + whole.labels.len() - whole.train));
        assert_eq!(few.inputs[..50 * width], whole.inputs[..50 * width]);
        assert_eq!(few.inputs[50 * width..], whole.inputs[whole.train * width..]);
        assert_eq!(few.labels[..50], whole.labels[..50]);
        assert_eq!(few.labels[50..], whole.labels[whole.train..]);
        assert_eq!(whole.clone().first(usize::MAX), whole);
    }
}

/// What a network sees before it is adapted: half of the classes, and what theory is told of them.
#[test]
fn first_halves() {
    let tables = Dataset::ALL.iter().filter_map(|data| Some((*data, data.table(0)?)));
    for (dataset, table) in tables {
        let half = table.first_half();
        let classes = half.labels.iter().copied().max().expect("rows") as usize + 1;
        assert_eq!((classes, half.classes), (table.classes.div_ceil(2), table.classes));
        let of_half = |labels: &[u32]| labels.iter().filter(|label| (**label as usize) < classes).count();
        assert_eq!(half.labels.len(), of_half(&table.labels));
        assert_eq!(half.train, of_half(&table.labels[..table.train]));
        assert_eq!(half.inputs.len(), half.labels.len() * table.features);
        let found = if dataset == Dataset::Chars { ngram::profile(&half) } else { profile(&half) };
        check_profile(dataset.half(), &found, &half, 1e-5);
    }
}

/// Before its capital letters are tokens, the text has their small ones, in the same places.
#[test]
fn capitals_join_at_the_end_of_the_vocabulary() {
    let (before, after, plain) = (small(false), small(true), chars());
    let old = before.vocabulary.len();
    assert_eq!(after.vocabulary[..old], before.vocabulary);
    assert!(after.vocabulary[old..].iter().all(char::is_ascii_uppercase));
    assert_eq!(after.vocabulary.len(), plain.vocabulary.len());
    assert_eq!([before.train, after.train], [plain.train; 2]);
    let read = |text: &Text| text.tokens.iter().map(|token| text.vocabulary[usize::from(*token)]).collect::<String>();
    let whole = read(&plain);
    assert!(whole.is_ascii() && read(&after) == whole);
    assert_eq!(read(&before), whole.to_ascii_lowercase());
}

/// Each example is a place of the text: three characters and the next one, of the same part.
#[test]
fn ngrams_are_places_of_the_text() {
    let (table, text) = (ngrams(), chars());
    let classes = text.vocabulary.len();
    assert_eq!((table.features, table.classes, table.train, table.labels.len()), (3 * classes, classes, 8000, 9000));
    let four = |tokens: &[u8]| tokens.windows(4).map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
    let parts = [four(&text.tokens[..text.train]), four(&text.tokens[text.train..])];
    for (at, row) in table.inputs.chunks_exact(table.features).enumerate() {
        let hot = |one: &[f32]| {
            assert_eq!(one.iter().filter(|x| **x == 0.0).count(), classes - 1);
            one.iter().position(|x| (x - (classes as f32).sqrt()).abs() < 1e-5).expect("a one") as u8
        };
        let mut place: Vec<u8> = row.chunks_exact(classes).map(hot).collect();
        place.push(table.labels[at] as u8);
        assert!(parts[usize::from(at >= table.train)].contains(&place), "row {at}: {place:?}");
    }
    // They are spread over the text: a character is as common among them as there.
    for (class, sign) in text.vocabulary.iter().enumerate().filter(|(_, sign)| " etaon".contains(**sign)) {
        let [among, there] = [
            table.labels[..8000].iter().filter(|label| **label as usize == class).count() as f64 / 8000.0,
            text.tokens.iter().filter(|token| usize::from(**token) == class).count() as f64 / text.tokens.len() as f64,
        ];
        // Four standard deviations of a share of 8000.
        assert!((among - there).abs() < 4.0 * (there * (1.0 - there) / 8000.0).sqrt(), "{sign:?} {among} {there}");
    }
    // Nothing differs from seed to seed, so that two runs are about the same examples.
    assert_eq!(Dataset::Chars.table(1), Dataset::Chars.table(2));
}
