//! The slice's single read: the device answers once, with everything.

use burn::tensor::Tensor;

use crate::lab::protocol::Failure;

/// All numbers of these tensors, in order.
pub(super) async fn read(parts: Vec<Tensor<1>>) -> Result<Vec<f32>, Failure> {
    let data = Tensor::cat(parts, 0).into_data_async().await;
    let data = data.map_err(|error| Failure::DeviceLost(error.to_string()))?;
    data.try_into_vec::<f32>().map_err(|error| Failure::Panic(format!("{error:?}")))
}
