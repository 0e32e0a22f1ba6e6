//! The operations that only the CPU has: there a tensor is reduced where it lies, one by one.
//!
//! On a GPU tensors of one shape are joined and reduced together by Burn's own operations, because launches cost more
//! than passes over memory do.

// The extension's macro writes items without documentation.
#![allow(missing_docs, unreachable_pub)]

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Device, Tensor};

use super::cpu;

#[backend_extension(Flex)]
trait Summaries: Backend {
    fn size(x: FloatTensor<Self>) -> FloatTensor<Self>;
    fn spread(x: FloatTensor<Self>) -> FloatTensor<Self>;
    fn spread_in_texts(x: FloatTensor<Self>, time: usize) -> FloatTensor<Self>;
}

impl Summaries for Flex {
    fn size(x: FloatTensor<Self>) -> FloatTensor<Self> {
        cpu::size(x)
    }

    fn spread(x: FloatTensor<Self>) -> FloatTensor<Self> {
        cpu::spread(x)
    }

    fn spread_in_texts(x: FloatTensor<Self>, time: usize) -> FloatTensor<Self> {
        cpu::spread_in_texts(x, time)
    }
}

/// Whether a tensor lies on the CPU, where it can be summarized, and is computed when it is asked for.
pub fn is_on_cpu<const D: usize>(tensor: &Tensor<D>) -> bool {
    tensor.device() == Device::flex()
}

/// max|x| and the means of x̃ = x/max|x| and of its square, `[3, R]`, of R tensors x `[R, rows, columns]`.
pub fn size(x: Tensor<3>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::size(x.into_dispatch()))
}

/// The same, and the mean squares of what tells rows and columns of x̃ apart, `[5, R]`; in texts of more than one row
/// also of what tells the rows of a text apart, `[6, R]`.
pub fn spread(x: Tensor<3>, time: usize) -> Tensor<2> {
    let x = x.into_dispatch();
    Tensor::from_dispatch(if time > 1 { Dispatch::spread_in_texts(x, time) } else { Dispatch::spread(x) })
}
