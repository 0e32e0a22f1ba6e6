//! What is joined on a device goes in parts: fewer launches, but no buffer that a device refuses.
//!
//! WebGPU promises every network buffers of 128 MiB as a kernel's argument, and many devices have no
//! more. What does not fit is not refused: browsers log it, and the numbers are zeros. Launches are
//! saved long before that, so a join stays far below the promise on every device.

use std::ops::Range;

use burn::tensor::Tensor;

/// A join has at most so many numbers, which are 16 MiB.
pub const JOINED: usize = 4 << 20;

/// Ranges of neighbours whose sizes add up to no more than `most`; what is larger by itself is a range of its own.
pub fn parts(sizes: impl IntoIterator<Item = usize>, most: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut sum = 0;
    for (index, size) in sizes.into_iter().enumerate() {
        match parts.last_mut() {
            Some(part) if sum + size <= most => {
                part.end = index + 1;
                sum += size;
            }
            _ => {
                parts.push(index..index + 1);
                sum = size;
            }
        }
    }
    parts
}

/// The tensors side by side along an axis; a single one is not copied.
pub(super) fn join<const D: usize>(tensors: &[Tensor<D>], axis: usize) -> Tensor<D> {
    match tensors {
        [tensor] => tensor.clone(),
        _ => Tensor::cat(tensors.to_vec(), axis),
    }
}
