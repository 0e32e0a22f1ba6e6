//! The table of operations: what each reads, and the shape of what it writes.
//!
//! A line of the table is all that the compiler needs to be told: it becomes a method of the backend
//! extension [`Fused`], forwards to the function of the same name in `cpu` and in `gpu`, tells Burn's
//! fusion the shapes of outputs that are not computed yet, and is a function of tensors.

// The extension's macro writes items without documentation. A single output stands in parentheses, where
// several are a tuple. Functions have as many arguments as tensors. Not all of them are seen outside: the
// parent wraps those that can do without a tensor.
#![allow(missing_docs, unused_parens, unreachable_pub, clippy::too_many_arguments)]

#[cfg(feature = "gpu")]
use burn::backend::fusion::custom::TensorSpec;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
#[cfg(feature = "gpu")]
use burn_cubecl::CubeBackend;

#[cfg(feature = "gpu")]
use super::gpu;
use super::{Bounds, Epilogue, Heads, NormBackward, Step, cpu};
use crate::lab::spec::Activation;

/// A backend's tensor of f32, of so many axes; the number is for readers, because primitives know theirs.
type FloatTensor<B, const AXES: usize> = burn::backend::tensor::FloatTensor<B>;

/// `name(input: axes, …; option: type) -> (output: axes = shape, …);` where in a shape an input's name
/// stands for its dimensions.
macro_rules! operations {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident($($input:ident: $axes:tt),* $(; $option:ident: $kind:tt)?)
            -> ($($output:ident: $out:tt = $shape:expr),*);
    )*) => {
        #[backend_extension(Flex, Cube: cfg(feature = "gpu"), Fusion: cfg(feature = "gpu"))]
        pub(super) trait Fused: Backend {
            $(
                $(#[doc = $doc])*
                #[fusion(meta = |$($input,)* $($option)?| {
                    $(let _ = $option;)?
                    #[allow(unused_variables)]
                    let ($($input,)*) = ($($input.shape.dims::<$axes>(),)*);
                    ($(spec($shape)),*)
                })]
                fn $name($($input: FloatTensor<Self, $axes>,)* $($option: $kind)?)
                    -> ($(FloatTensor<Self, $out>),*);
            )*
        }

        impl Fused for Flex {
            $(
                fn $name($($input: FloatTensor<Self, $axes>,)* $($option: $kind)?)
                    -> ($(FloatTensor<Self, $out>),*) {
                    let [$($output),*] = cpu::$name([$($input),*] $(, $option)?);
                    ($($output),*)
                }
            )*
        }

        #[cfg(feature = "gpu")]
        impl Fused for CubeBackend {
            $(
                fn $name($($input: FloatTensor<Self, $axes>,)* $($option: $kind)?)
                    -> ($(FloatTensor<Self, $out>),*) {
                    let [$($output),*] = gpu::$name([$($input),*] $(, $option)?);
                    ($($output),*)
                }
            )*
        }

        $(
            $(#[doc = $doc])*
            pub fn $name($($input: Tensor<$axes>,)* $($option: $kind)?) -> ($(Tensor<$out>),*) {
                let ($($output),*) = Dispatch::$name($($input.into_dispatch(),)* $($option)?);
                ($(Tensor::from_dispatch($output)),*)
            }
        )*
    };
}

operations! {
    /// z = x·W + b, y = φ(z) and φ'(z), from x `[R, N, in]`, W `[R, in, out]` and b `[R, 1, out]`.
    dense(x: 3, w: 3, b: 3; epilogue: Epilogue) -> (
        z: 3 = [w[0], x[1], w[2]],
        y: 3 = [w[0], x[1], w[2]],
        derivative: 3 = [w[0], x[1], w[2]]
    );

    /// x̄, W̄ and b̄, from ȳ `[R, N, out]` and φ'(z).
    dense_back(x: 3, w: 3, dy: 3, derivative: 3; epilogue: Epilogue) -> (
        dx: 3 = [w[0], x[1], x[2]],
        dw: 3 = w,
        db: 3 = [w[0], 1, w[2]]
    );

    /// W̄ and b̄ alone, where nobody asks for x̄.
    dense_back_weights(x: 3, dy: 3, derivative: 3; epilogue: Epilogue) -> (
        dw: 3 = [dy[0], x[2], dy[2]],
        db: 3 = [dy[0], 1, dy[2]]
    );

    /// φ(x) and φ'(x), from x `[R, N, n]`.
    activate(x: 3; activation: Activation) -> (y: 3 = x, derivative: 3 = x);

    /// y = (x − μ)/s⊙g + b, with μ and 1/s of each row, from x `[R, N, d]`, g and b `[R, 1, d]`; RMSNorm, which
    /// does not center, has neither μ nor b.
    normalize(x: 3, gain: 3, shift: 3; centers: bool) -> (
        y: 3 = x,
        mean: 3 = [x[0], x[1], 1],
        inverse: 3 = [x[0], x[1], 1]
    );

    /// x̄, ḡ and b̄, from what `normalize` read and wrote, ȳ, and the gradient that x has from elsewhere.
    normalize_back(x: 3, gain: 3, mean: 3, inverse: 3, dy: 3, elsewhere: 3; norm: NormBackward) -> (
        dx: 3 = x,
        dgain: 3 = [x[0], 1, x[2]],
        dshift: 3 = [x[0], 1, x[2]]
    );

    /// What the heads read, and the softmax A, from q, k and v side by side, `[R, B·T, 3d]`.
    attend(qkv: 3; heads: Heads) -> (
        output: 3 = [qkv[0], qkv[1], qkv[2] / 3],
        weights: 4 = [qkv[0] * qkv[1] / heads.time, heads.count, heads.time, heads.time]
    );

    /// q̄, k̄ and v̄ side by side, from the gradient of what the heads read.
    attend_back(qkv: 3, weights: 4, dy: 3; heads: Heads) -> (dqkv: 3 = qkv);

    /// The mean cross-entropy of each replica and z̄, from logits z `[R, N, C]` and one-hot targets.
    cross_entropy(logits: 3, targets: 3) -> (loss: 1 = [logits[0]], gradient: 3 = logits);

    /// How many numbers lie in each column of a histogram, from K tensors x `[K, N]` and the scales `[K, 5]` of each.
    /// They are counted in parts, which are still to be added up.
    histogram(x: 2, scales: 2; bounds: Bounds) -> (
        counts: 3 = [x[0], x[1].div_ceil(super::HISTOGRAM_PART), super::COLUMNS]
    );

    /// Three tensors after a step of SGD, each with a step of its own: one launch instead of three.
    sgd_three(w1: 3, g1: 3, w2: 3, g2: 3, w3: 3, g3: 3, rates: 1; steps: [Step; 3]) -> (
        new1: 3 = w1,
        new2: 3 = w2,
        new3: 3 = w3
    );

    /// w and v after a step of momentum.
    momentum(w: 3, g: 3, v: 3, rates: 1; step: Step) -> (new_w: 3 = w, new_v: 3 = v);

    /// w, m and v after a step of Adam or AdamW.
    adam(w: 3, g: 3, m: 3, v: 3, rates: 1; step: Step) -> (new_w: 3 = w, new_m: 3 = m, new_v: 3 = v);
}

/// All outputs are f32, as all inputs are.
#[cfg(feature = "gpu")]
fn spec<const AXES: usize>(dims: [usize; AXES]) -> TensorSpec {
    TensorSpec::new(dims.into(), burn::tensor::DType::F32)
}
