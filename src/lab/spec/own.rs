//! What a spec knows of the reader's own data. It is in no link and no message: the worker fills it in for itself.

use std::sync::Arc;

use super::{DataShape, Model};
use crate::science::data::likeness::Profile;
use crate::science::data::{ExampleTable, Text};

/// Where the data itself is.
#[derive(Clone, Debug, Default)]
pub enum OwnSource {
    /// In the worker.
    #[default]
    Elsewhere,
    /// Here.
    Table(Arc<ExampleTable>),
    /// Here.
    Text(Arc<Text>),
}

/// What a spec knows of the reader's data. Two are equal if they are of the same file.
#[derive(Clone, Debug)]
pub struct OwnShape {
    /// The same bytes have the same mark.
    pub mark: u32,
    /// Its sizes.
    pub data: DataShape,
    /// How many examples or characters are held out.
    pub held_out: usize,
    /// What theory needs to know of the rows, and of those of the first half of the classes.
    pub profiles: [Arc<Profile>; 2],
    /// The data itself, where this is the worker.
    pub source: OwnSource,
}

impl PartialEq for OwnShape {
    fn eq(&self, other: &Self) -> bool {
        (self.mark, self.data) == (other.mark, other.data)
    }
}

impl OwnShape {
    /// The table itself, where this is the worker.
    pub fn table(&self) -> Option<&ExampleTable> {
        if let OwnSource::Table(table) = &self.source { Some(table) } else { None }
    }

    /// The text itself, where this is the worker.
    pub fn text(&self) -> Option<&Text> {
        if let OwnSource::Text(text) = &self.source { Some(text) } else { None }
    }
}

/// The reader's data by model: a table for a perceptron, a text for a GPT.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnShapes {
    /// The table.
    pub table: Option<OwnShape>,
    /// The text.
    pub text: Option<OwnShape>,
}

impl OwnShapes {
    /// That of a model.
    pub fn of(&self, model: Model) -> Option<&OwnShape> {
        match model {
            Model::Mlp => self.table.as_ref(),
            Model::Gpt => self.text.as_ref(),
        }
    }

    /// Sets that of a model.
    pub fn set(&mut self, model: Model, shape: Option<OwnShape>) {
        match model {
            Model::Mlp => self.table = shape,
            Model::Gpt => self.text = shape,
        }
    }

    /// That of a model alone.
    pub fn only(&self, model: Model) -> Self {
        let mut only = Self::default();
        only.set(model, self.of(model).cloned());
        only
    }
}
