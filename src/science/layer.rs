//! Identifies the layer and the matrix that a number belongs to. The identity is a value; its name, `hidden.3` or
//! `block.2.q`, is written and read only where it leaves the program: in messages, tables and random streams.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::site::{Role, Site};

/// A layer as it stands in tables and messages. The order is from input to output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum LayerId {
    /// A transformer's embeddings.
    Embedding,
    /// A perceptron's hidden layer, from 1.
    Hidden(usize),
    /// A transformer's block, from 1.
    Block(usize),
    /// A perceptron's last layer.
    Output,
    /// A transformer's last layer, tied or not.
    Head,
}

impl LayerId {
    /// The layer without its number, as the first word of its name and as a key of texts.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Embedding => "embedding",
            Self::Hidden(_) => "hidden",
            Self::Block(_) => "block",
            Self::Output => "output",
            Self::Head => "head",
        }
    }

    /// Its number among the hidden layers or blocks, from 1; there is none for the layers before and after them.
    pub fn number(self) -> Option<usize> {
        match self {
            Self::Hidden(number) | Self::Block(number) => Some(number),
            Self::Embedding | Self::Output | Self::Head => None,
        }
    }

    /// The matrix whose product is the layer's z: in a block the first of the MLP, for embeddings that of tokens.
    pub fn matrix(self) -> MatrixId {
        let role = match self {
            Self::Block(_) => Role::MlpIn,
            Self::Embedding => Role::Token,
            Self::Hidden(_) => Role::Hidden,
            Self::Output => Role::Output,
            Self::Head => Role::Head,
        };
        MatrixId { layer: self, role }
    }

    /// The role of its matrix, where it has only one.
    fn only_role(self) -> Option<Role> {
        match self {
            Self::Hidden(_) => Some(Role::Hidden),
            Self::Output => Some(Role::Output),
            Self::Head => Some(Role::Head),
            Self::Embedding | Self::Block(_) => None,
        }
    }

    /// The layer with this name.
    fn parse(name: &str) -> Option<Self> {
        let numbered = |kind: &str| name.strip_prefix(kind)?.strip_prefix('.')?.parse().ok();
        let ends = [Self::Embedding, Self::Output, Self::Head];
        let end = ends.into_iter().find(|end| end.kind() == name);
        end.or_else(|| numbered("hidden").map(Self::Hidden)).or_else(|| numbered("block").map(Self::Block))
    }
}

impl fmt::Display for LayerId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.kind())?;
        self.number().map_or(Ok(()), |number| write!(f, ".{number}"))
    }
}

impl From<LayerId> for String {
    fn from(layer: LayerId) -> Self {
        layer.to_string()
    }
}

impl TryFrom<String> for LayerId {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name).ok_or("no layer has this name")
    }
}

/// A weight matrix, as its layer and its role in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct MatrixId {
    /// The layer of the matrix.
    pub layer: LayerId,
    /// The role of the matrix.
    pub role: Role,
}

impl MatrixId {
    /// The matrix with this name, which is that of its layer, followed by its role where the layer has several
    /// matrices.
    fn parse(name: &str) -> Option<Self> {
        let of = |layer, role| Self { layer, role };
        match LayerId::parse(name) {
            Some(layer) => Some(of(layer, layer.only_role()?)),
            None => {
                let (layer, role) = name.rsplit_once('.')?;
                Some(of(LayerId::parse(layer)?, Role::from_id(role)?))
            }
        }
    }
}

impl Site {
    /// The id of the matrix at this site.
    pub fn id(&self) -> MatrixId {
        let layer = match self.role {
            Role::Hidden => LayerId::Hidden(self.layer),
            Role::Output => LayerId::Output,
            Role::Head => LayerId::Head,
            Role::Token | Role::Position => LayerId::Embedding,
            _ => LayerId::Block(self.layer),
        };
        MatrixId { layer, role: self.role }
    }
}

impl fmt::Display for MatrixId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.layer.fmt(f)?;
        if self.layer.only_role().is_some() {
            return Ok(());
        }
        f.write_str(".")?;
        f.write_str(self.role.id())
    }
}

impl From<MatrixId> for String {
    fn from(matrix: MatrixId) -> Self {
        matrix.to_string()
    }
}

impl TryFrom<String> for MatrixId {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name).ok_or("no matrix has this name")
    }
}
