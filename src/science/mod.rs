//! What is true: pure functions of numbers, with the equation above the code that computes it.
//!
//! This ring knows no browser, no Burn and no lab. All transcendental functions come from `libm`,
//! all randomness from [`seed`], so that the same arguments give the same bits natively and in
//! wasm.

pub mod activation;
pub mod adapt;
pub mod architecture;
mod attention;
mod averages;
mod block;
pub mod choice;
pub mod data;
pub mod decimal;
pub mod density;
mod draw;
pub mod eigenvector;
pub mod entropy;
pub mod equilibrium;
pub mod formula;
pub mod gauss;
pub mod gpt;
pub mod histogram;
pub mod init;
pub mod initial_loss;
pub mod junction;
pub mod kernel;
pub mod layer;
pub mod lsuv;
pub mod marchenko;
pub mod moments;
pub mod norm;
pub mod orthogonal;
#[cfg(feature = "study")]
pub mod overflow;
mod pair;
pub mod phase;
pub mod plan;
pub mod precision;
pub mod scheme;
pub mod seed;
pub mod shape;
pub mod sharpness;
pub mod singular;
pub mod site;
pub mod softmax;
mod stray;
pub mod stream;
mod table;
pub mod theory;
pub mod toy;
pub mod widths;
