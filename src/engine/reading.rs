//! The slice's single read: the device answers once, with everything.
//!
//! What is kept or looked at may be larger than a join; it is read in parts.

use burn::tensor::Tensor;

use super::part;
use crate::lab::protocol::Failure;

/// Reads all numbers of these tensors, in order. Fails when the device is lost.
pub(super) async fn read(parts: Vec<Tensor<1>>) -> Result<Vec<f32>, Failure> {
    let mut numbers = Vec::new();
    for range in part::parts(parts.iter().map(|tensor| tensor.dims()[0]), part::JOINED) {
        let data = part::join(&parts[range], 0).into_data_async().await;
        let data = data.map_err(|error| Failure::DeviceLost(error.to_string()))?;
        numbers.extend(data.try_into_vec::<f32>().map_err(|error| Failure::Panic(format!("{error:?}")))?);
    }
    Ok(numbers)
}
