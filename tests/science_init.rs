//! Initialization schemes: moments within their sampling error, bounds, orthogonality, paired
//! draws, orientation, and golden bits.

use init_lab::science::activation::Activation;
use init_lab::science::formula::Formula;
use init_lab::science::init::{Fan, Init, Scheme};
use init_lab::science::seed::{Stream, fnv1a};
use init_lab::science::site::{Fans, Role, Site};

const WIDE: Fans = Fans { fan_in: 96, fan_out: 160 };

fn init(scheme: Scheme, std: f64, gain: f64) -> Init {
    Init { std, gain, ..Init::new(scheme) }
}

/// A hidden matrix of a perceptron of 6 layers.
fn hidden(fans: Fans) -> Site {
    Site { role: Role::Hidden, fans, layer: 2, depth: 6, width: fans.fan_out, heads: 1 }
}

/// A token embedding of so many rows.
fn embedding(rows: usize, d: usize) -> Site {
    Site { role: Role::Token, fans: Fans { fan_in: d, fan_out: rows }, layer: 0, depth: 6, width: d, heads: 1 }
}

fn stream() -> Stream {
    Stream::new(11, "weights")
}

/// A 96×160 matrix of the scheme (std 0.3, gain √2) has mean 0 and this standard deviation, within
/// four standard errors, and no entry beyond the bound.
#[track_caller]
fn check(scheme: Scheme, std: f64, bound: f64) {
    let init = init(scheme, 0.3, 2_f64.sqrt());
    assert!((init.std_at(&hidden(WIDE)) - std).abs() < 1e-12, "{scheme:?}");
    assert!((init.second_moment(&hidden(WIDE)) - std * std).abs() < 1e-12);
    let w = init.matrix(&hidden(WIDE), 1.0, &mut stream());
    let n = (WIDE.fan_in * WIDE.fan_out) as f64;
    assert_eq!(w.len() as f64, n);
    let mean = w.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    let variance = w.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / n;
    assert!(mean.abs() <= 4.0 * std / n.sqrt(), "{scheme:?}: mean {mean}");
    let error = 4.0 * std * std * (2.0 / n).sqrt();
    assert!((variance - std * std).abs() <= error, "{scheme:?}: {variance}");
    let widest = w.iter().fold(0.0, |m: f32, x| m.max(x.abs()));
    assert!(f64::from(widest) <= bound, "{scheme:?}: widest {widest}");
    if bound.is_finite() {
        assert!(f64::from(widest) >= 0.999 * bound, "{scheme:?}: {widest}");
        let error = 4.0 * std * std * (0.8 / n).sqrt();
        assert!((variance - std * std).abs() <= error, "{scheme:?}: {variance}");
    }
}

#[test]
fn moments_and_bounds() {
    let infinite = f64::INFINITY;
    let xavier = (2.0 * 2.0 / 256_f64).sqrt();
    let kaiming = (2.0 / 96_f64).sqrt();
    check(Scheme::Normal, 0.3, infinite);
    check(Scheme::Uniform, 0.3, 0.3 * 3_f64.sqrt());
    check(Scheme::XavierNormal, xavier, infinite);
    check(Scheme::XavierUniform, xavier, (2.0 * 6.0 / 256_f64).sqrt());
    check(Scheme::KaimingNormal, kaiming, infinite);
    check(Scheme::KaimingUniform, kaiming, (2.0 * 3.0 / 96_f64).sqrt());
    check(Scheme::Pytorch, 1.0 / 288_f64.sqrt(), 1.0 / 96_f64.sqrt());
    check(Scheme::Gpt2, 0.3, infinite);
    check(Scheme::Orthogonal, (2.0 / 160_f64).sqrt(), infinite);
    check(Scheme::Zeros, 0.0, infinite);
}

#[test]
fn constant_is_constant() {
    let init = init(Scheme::Constant, 0.3, 1.0);
    assert_eq!(init.std_at(&hidden(WIDE)), 0.0);
    assert!((init.second_moment(&hidden(WIDE)) - 0.09).abs() < 1e-12);
    assert!(init.matrix(&hidden(WIDE), 1.0, &mut stream()).iter().all(|&w| w == 0.3));
}

#[test]
fn fan_modes() {
    let std = |fan| {
        let base = init(Scheme::KaimingNormal, 0.0, 1.0);
        Init { fan, ..base }.std_at(&hidden(WIDE))
    };
    assert!((std(Fan::In) - 1.0 / 96_f64.sqrt()).abs() < 1e-15);
    assert!((std(Fan::Out) - 1.0 / 160_f64.sqrt()).abs() < 1e-15);
    assert!((std(Fan::Avg) - 1.0 / 128_f64.sqrt()).abs() < 1e-15);
}

/// WᵀW or WWᵀ, whichever is the identity.
#[track_caller]
fn check_orthogonal(fan_in: usize, fan_out: usize, gain: f64) {
    let fans = Fans { fan_in, fan_out };
    let w = init(Scheme::Orthogonal, 0.0, gain).matrix(&hidden(fans), 1.0, &mut stream());
    let entry = |i: usize, j: usize| f64::from(w[i * fan_out + j]);
    let short = fan_in.min(fan_out);
    for a in 0..short {
        for b in 0..=a {
            let product: f64 = if fan_in >= fan_out {
                (0..fan_in).map(|i| entry(i, a) * entry(i, b)).sum()
            } else {
                (0..fan_out).map(|j| entry(a, j) * entry(b, j)).sum()
            };
            let expected = if a == b { gain * gain } else { 0.0 };
            assert!((product - expected).abs() < 1e-5, "{fan_in}×{fan_out}: {a} {b}");
        }
    }
}

#[test]
fn orthogonal_is_orthogonal() {
    check_orthogonal(1, 1, 1.0);
    check_orthogonal(1, 5, 1.0);
    check_orthogonal(5, 1, 1.0);
    check_orthogonal(7, 7, 2.0);
    check_orthogonal(64, 64, 2_f64.sqrt());
    check_orthogonal(96, 40, 1.0);
    check_orthogonal(40, 96, 1.0);
}

#[test]
fn orthogonal_has_no_preferred_sign() {
    // The sign fix makes Q uniform: its trace has mean 0 and variance 1. Without it, it does not.
    let fans = Fans { fan_in: 8, fan_out: 8 };
    let mut stream = stream();
    let traces = (0..400).map(|_| {
        let w = init(Scheme::Orthogonal, 0.0, 1.0).matrix(&hidden(fans), 1.0, &mut stream);
        (0..8).map(|i| f64::from(w[i * 9])).sum::<f64>()
    });
    let traces: Vec<f64> = traces.collect();
    let mean = traces.iter().sum::<f64>() / 400.0;
    let variance = traces.iter().map(|t| t * t).sum::<f64>() / 400.0;
    assert!(mean.abs() < 4.0 / 20.0, "{mean}");
    assert!((variance - 1.0).abs() < 4.0 * (2.0_f64 / 400.0).sqrt(), "{variance}");
}

#[test]
fn only_the_scale_changes() {
    let draw = |scheme, std, gain| init(scheme, std, gain).matrix(&hidden(WIDE), 1.0, &mut stream());
    let small = draw(Scheme::Normal, 0.01, 1.0);
    let same = |other: Vec<f32>, factor: f64| {
        let pairs = small.iter().zip(&other);
        pairs.map(|(a, b)| (f64::from(*a), f64::from(*b))).all(|(a, b)| (a * factor - b).abs() <= 1e-6 * b.abs())
    };
    assert!(same(draw(Scheme::Normal, 0.5, 1.0), 50.0));
    assert!(same(draw(Scheme::Gpt2, 0.5, 1.0), 50.0));
    let xavier = (2.0 / 256_f64).sqrt();
    assert!(same(draw(Scheme::XavierNormal, 0.0, 3.0), 300.0 * xavier));
    assert!(same(draw(Scheme::KaimingNormal, 0.0, 1.0), 100.0 / 96_f64.sqrt()));
    // Uniform kinds rise and fall with the normal ones: they are functions of the same u.
    let uniform = draw(Scheme::Uniform, 0.01, 1.0);
    let signs = small.iter().zip(&uniform);
    assert!(signs.into_iter().all(|(a, b)| (*a > 0.0) == (*b > 0.0)));
    // A scaled matrix is the matrix, scaled.
    let scaled = init(Scheme::Normal, 0.01, 1.0).matrix(&hidden(WIDE), 0.25, &mut stream());
    assert!(same(scaled, 0.25));
}

#[test]
fn every_scheme_takes_as_many_draws() {
    let after = |scheme| {
        let mut stream = stream();
        let init = init(scheme, 0.1, 1.0);
        init.matrix(&hidden(WIDE), 1.0, &mut stream);
        init.matrix(&embedding(13, 7), 1.0, &mut stream);
        init.bias(WIDE, None, &mut stream);
        stream.next_u64()
    };
    // `sparse` draws its zeros after its numbers.
    for &scheme in Scheme::ALL.iter().filter(|scheme| **scheme != Scheme::Sparse) {
        assert_eq!(after(scheme), after(Scheme::Normal), "{scheme:?}");
    }
}

#[test]
fn embeddings_and_biases() {
    let pytorch = init(Scheme::Pytorch, 0.0, 1.0);
    assert_eq!(pytorch.second_moment(&embedding(65, 64)), 1.0);
    let table = pytorch.matrix(&embedding(300, 64), 1.0, &mut stream());
    let square = table.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / table.len() as f64;
    assert!((square - 1.0).abs() < 4.0 * (2.0 / 19_200_f64).sqrt());
    // nn.Embedding(65, 64).weight is [65, 64]: kaiming's fan_in is 64.
    let kaiming = init(Scheme::KaimingNormal, 0.0, 1.0);
    assert!((kaiming.second_moment(&embedding(65, 64)) - 1.0 / 64.0).abs() < 1e-15);
    // Orthonormal columns of a [65, 8] table.
    let table = init(Scheme::Orthogonal, 0.0, 1.0).matrix(&embedding(65, 8), 1.0, &mut stream());
    let first: f64 = table.chunks(8).map(|row| f64::from(row[0]).powi(2)).sum();
    let cross: f64 = table.chunks(8).map(|row| f64::from(row[0] * row[1])).sum();
    assert!((first - 1.0).abs() < 1e-5 && cross.abs() < 1e-5);

    let zero = kaiming.bias(WIDE, None, &mut stream());
    assert!(zero.len() == 160 && zero.iter().all(|&b| b == 0.0));
    assert_eq!(kaiming.bias_var(WIDE, None), 0.0);
    let uniform = pytorch.bias(WIDE, None, &mut stream());
    let bound = 1.0 / 96_f32.sqrt();
    assert!(uniform.iter().all(|b| b.abs() <= bound) && uniform[0] != 0.0);
    assert!((pytorch.bias_var(WIDE, None) - 1.0 / 288.0).abs() < 1e-15);
    assert!((pytorch.bias_var(WIDE, Some(0.5)) - 0.25).abs() < 1e-15);
    let normal = pytorch.bias(WIDE, Some(0.5), &mut stream());
    assert!(normal.iter().any(|b| b.abs() > bound));
}

#[test]
fn default_gains_are_pytorchs() {
    let gain = |scheme: Scheme| scheme.default_gain(Activation::Tanh);
    assert_eq!(gain(Scheme::KaimingNormal), 5.0 / 3.0);
    assert_eq!(gain(Scheme::KaimingUniform), 5.0 / 3.0);
    assert_eq!(gain(Scheme::XavierNormal), 1.0);
    assert_eq!(gain(Scheme::Orthogonal), 1.0);
}

/// The bits of 24×40 weights of seed 1 never change: links and recorded results rely on them.
#[test]
fn golden_bits() {
    let fans = Fans { fan_in: 24, fan_out: 40 };
    let hashes: Vec<String> = Scheme::ALL
        .iter()
        .map(|&scheme| {
            let formula = Formula::parse("gain * sqrt(2 / fan_in)").ok();
            let init = Init { formula, ..init(scheme, 0.05, 1.25) };
            let weights = init.matrix(&hidden(fans), 1.0, &mut Stream::new(1, "weights"));
            format!("{} {:016x}", scheme.id(), fnv1a(weights.iter().flat_map(|weight| weight.to_le_bytes())))
        })
        .collect();
    assert_eq!(hashes.join("\n"), GOLDEN.trim());
}

const GOLDEN: &str = "
zeros ad1806b01441cf25
constant 70b9ca1ece104ba5
normal 0baab156fb2ad77f
uniform 4620d99b3456fab0
truncated-normal 397c7d39897263bc
xavier-normal 0632bdaf808776b7
xavier-uniform 26587d7ce84ff386
kaiming-normal 24c3b6be4f27da95
kaiming-uniform 25ef06318751dbe1
pytorch 69ed21d3131b3e76
lecun-normal dfd76f495d3c24c4
lecun-uniform 4ac29317cfb4b7c2
orthogonal 61b34bbc920a274d
identity d535fccffd302d65
sparse 814d67e9e6cbb48b
gpt2 0baab156fb2ad77f
depth-scaled 7af2d006e909c284
small 2fe7047a22832f8e
wang 2fe7047a22832f8e
llama 0baab156fb2ad77f
mup 24c3b6be4f27da95
fixup f81043aab39e99de
t-fixup 0632bdaf808776b7
rezero 0632bdaf808776b7
layer-scale 0baab156fb2ad77f
deepnorm 0632bdaf808776b7
lsuv 614b9c7a88431438
formula dff1fd39098e4ec5
";
