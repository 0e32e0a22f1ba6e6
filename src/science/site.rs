//! Where in a network a weight matrix stands: what a scheme may look at.

use super::choice::choices;

choices! {
    /// What a weight matrix is for.
    pub enum Role {
        /// A hidden layer of a perceptron.
        Hidden "hidden",
        /// A perceptron's last matrix.
        Output "output",
        /// The token embedding, `[V, d]`.
        Token "token",
        /// The position embedding, `[T, d]`.
        Position "position",
        /// Queries.
        Query "q",
        /// Keys.
        Key "k",
        /// Values.
        Value "v",
        /// Attention's way back into the residual stream.
        AttentionOut "out",
        /// The first matrix of a block's MLP; its gate in a LLaMA block.
        MlpIn "mlp-in",
        /// What the gate of a LLaMA block multiplies.
        MlpUp "mlp-up",
        /// The MLP's way back into the residual stream.
        MlpOut "mlp-out",
        /// An untied head.
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

    /// Whether it is a lookup table: one row an entry, read one at a time.
    pub fn is_table(self) -> bool {
        matches!(self, Self::Token | Self::Position)
    }

    /// Whether it maps to classes or characters.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Output | Self::Head)
    }
}

/// The two sides of a weight matrix: how many numbers a unit reads, how many units read a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// n_in, the length of the layer's input.
    pub fan_in: usize,
    /// n_out, the length of its output.
    pub fan_out: usize,
}

/// One matrix of a network, and the network's sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// What it is for.
    pub role: Role,
    /// Of an embedding as `torch.nn.init` reads them off its `[rows, d]`: fan_in = d, fan_out = rows.
    pub fans: Fans,
    /// l: the hidden layer or block, from 1; L + 1 for what comes after the last, 0 for embeddings.
    pub layer: usize,
    /// L: hidden layers or blocks.
    pub depth: usize,
    /// Hidden units or d_model.
    pub width: usize,
    /// Attention heads; 1 in a perceptron.
    pub heads: usize,
}
