//! Tables of numbers, for those who want to compute with them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::lab::number::Number;

/// A table of numbers, with the names of its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultTable {
    /// Which table it is, as a key of the page's texts.
    pub id: Cow<'static, str>,
    /// What the columns are called: keys of the page's texts, or names that the file gives.
    pub columns: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number; `null` where there is none yet. It stands before texts, because it is read before them: one that
    /// is not finite travels by name.
    Number(Option<Number>),
    /// A name, or a link.
    Text(String),
}

impl ResultTable {
    pub(super) fn new<T: Into<String>>(
        id: &'static str,
        columns: impl IntoIterator<Item = T>,
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        Self { id: id.into(), columns: columns.into_iter().map(Into::into).collect(), rows: rows.into_iter().collect() }
    }
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn number(value: impl Into<Option<f64>>) -> Self {
        Self::Number(value.into().map(Number))
    }
}
