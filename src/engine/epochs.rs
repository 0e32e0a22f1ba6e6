//! Which rows of a table a step sees: each epoch goes through all of them in an order of its own.

use crate::science::seed::Stream;

/// The batches of a table, for networks of these seeds.
pub(super) struct Epochs<'a> {
    seeds: &'a [u64],
    /// The rows of a batch.
    size: usize,
    train: usize,
    /// The epoch whose orders these are, one for each seed.
    epoch: Option<u64>,
    orders: Vec<Vec<u32>>,
}

impl<'a> Epochs<'a> {
    /// Batches of so many rows, or of all where there are fewer.
    pub(super) fn new(seeds: &'a [u64], batch: usize, train: usize) -> Self {
        Self { seeds, size: batch.min(train), train, epoch: None, orders: Vec::new() }
    }

    /// The rows of a step, seed after seed. Steps that follow each other share their orders.
    pub(super) fn rows(&mut self, step: u64) -> Vec<i32> {
        let an_epoch = (self.train / self.size) as u64;
        let (epoch, index) = (step / an_epoch, (step % an_epoch) as usize);
        if self.epoch != Some(epoch) {
            self.epoch = Some(epoch);
            self.orders = self.seeds.iter().map(|seed| order(*seed, self.train, epoch)).collect();
        }
        let part = index * self.size..(index + 1) * self.size;
        self.orders.iter().flat_map(|order| &order[part.clone()]).map(|row| *row as i32).collect()
    }
}

fn order(seed: u64, train: usize, epoch: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..train as u32).collect();
    Stream::new(seed, &format!("batches/epoch.{epoch}")).shuffle(&mut order);
    order
}
