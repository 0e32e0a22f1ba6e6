//! Tables, for those who compute on.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::lab::number::Number;

/// Numbers, and what they are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultTable {
    /// A key of the page's texts.
    pub id: Cow<'static, str>,
    /// Keys of the page's texts, or names of the file's own.
    pub columns: Vec<String>,
    /// Row by row.
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
