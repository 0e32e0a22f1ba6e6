//! The place of a weight matrix in a network, which is all that a scheme may look at.

use super::choice::choices;

choices! {
    /// The role of a weight matrix.
    pub enum Role {
        /// The matrix of a perceptron's hidden layer.
        Hidden "hidden",
        /// A perceptron's last matrix.
        Output "output",
        /// The token embedding, `[V, d]`.
        Token "token",
        /// The position embedding, `[T, d]`.
        Position "position",
        /// The matrix of queries.
        Query "q",
        /// The matrix of keys.
        Key "k",
        /// The matrix of values.
        Value "v",
        /// The matrix by which attention writes into the residual stream.
        AttentionOut "out",
        /// The first matrix of a block's MLP, which is the gate in a LLaMA block.
        MlpIn "mlp-in",
        /// The matrix whose product the gate of a LLaMA block multiplies.
        MlpUp "mlp-up",
        /// The matrix by which the MLP writes into the residual stream.
        MlpOut "mlp-out",
        /// The matrix of an untied head.
        Head "head",
    }
}

impl Role {
    /// The matrices of a transformer that can have a scheme of their own.
    pub const OF_GPT: [Self; 10] = [
        Self::Token,
        Self::Position,
        Self::Query,
        Self::Key,
        Self::Value,
        Self::AttentionOut,
        Self::MlpIn,
        Self::MlpUp,
        Self::MlpOut,
        Self::Head,
    ];

    /// Whether its product is added to the residual stream.
    pub fn writes(self) -> bool {
        matches!(self, Self::AttentionOut | Self::MlpOut)
    }

    /// Whether it is a lookup table, which has a row for each entry and is read one row at a time.
    pub fn is_table(self) -> bool {
        matches!(self, Self::Token | Self::Position)
    }

    /// Whether it maps to classes or characters.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Output | Self::Head)
    }
}

/// The two sizes of a weight matrix: how many numbers a unit reads, and how many units read a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// The fan_in n_in, the length of the layer's input.
    pub fan_in: usize,
    /// The fan_out n_out, the length of its output.
    pub fan_out: usize,
}

/// A matrix of a network, and the network's sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// The role of the matrix.
    pub role: Role,
    /// The fans of the matrix. Those of an embedding are as `torch.nn.init` reads them off its `[rows, d]`: fan_in = d,
    /// fan_out = rows.
    pub fans: Fans,
    /// The layer l, the hidden layer or block from 1; L + 1 after the last one, and 0 for embeddings.
    pub layer: usize,
    /// The depth L, the number of hidden layers or blocks.
    pub depth: usize,
    /// The number of units of the hidden layer (of the last one, for the output), or d_model.
    pub width: usize,
    /// The number of attention heads, which is 1 in a perceptron.
    pub heads: usize,
}
