//! Applies the rules between knobs: an impossible combination is changed to a possible one, and a notice says why.

use std::mem::replace;

use super::{Adapt, BlockStyle, Dataset, FORMULA, Model, Norm, NormPosition, Role, Scheme, Spec, Widths};
use crate::lab::notice::Notice;
use crate::lab::number::show;
use crate::science::lsuv::room;
use crate::science::site::Site;

/// The smallest clipping norm other than 0, which turns clipping off: a much smaller one would prevent training.
const LEAST_CLIP: f64 = 0.01;
/// The fewest training examples, because one alone has one class.
const LEAST_EXAMPLES: usize = 2;
/// The smallest batch for batch norm, because a single example has no variance.
const LEAST_BATCH: usize = 2;

impl Spec {
    /// Makes the knobs fit each other, and returns a notice for each change.
    ///
    /// Each knob is within its own range already; only the rules between knobs are applied here.
    pub fn settle(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        self.settle_widths(&mut notices);
        self.settle_sizes(&mut notices);
        if self.is_toy() {
            return notices;
        }
        if !self.datasets().contains(&self.run.data) {
            let data = self.datasets()[0];
            notices.push(Notice::data(self.run.data.id(), self.network.model.id(), data.id()));
            self.run.data = data;
        }
        if (1..LEAST_EXAMPLES).contains(&self.run.examples) {
            notices.push(Notice::clamped("examples", self.run.examples, LEAST_EXAMPLES));
            self.run.examples = LEAST_EXAMPLES;
        }
        self.settle_norm(&mut notices);
        self.settle_memory(&mut notices);
        self.settle_scheme(&mut notices);
        self.settle_formula(&mut notices);
        self.settle_adapt(&mut notices);
        if self.training.clip > 0.0 && self.training.clip < LEAST_CLIP {
            notices.push(Notice::clamped("clip", show(self.training.clip), show(LEAST_CLIP)));
            self.training.clip = LEAST_CLIP;
        }
        notices
    }

    /// Makes depth and width those of layers that differ in width. Such layers cannot be skipped, because a sum has terms
    /// of one length, and layers that do not differ are a depth and a width.
    pub(super) fn settle_widths(&mut self, notices: &mut Vec<Notice>) {
        let widths = self.widths();
        let Some(largest) = widths.iter().max() else { return };
        (self.network.depth, self.network.width) = (widths.len(), largest);
        if widths.iter().all(|units| units == largest) {
            notices.push(Notice::equal_widths(&widths.to_string(), widths.len(), largest));
            self.network.widths = Widths::NONE;
        } else if self.network.residual {
            notices.push(Notice::widths("widths-residual", &widths.to_string()));
            self.network.residual = false;
        }
    }

    fn settle_sizes(&mut self, notices: &mut Vec<Notice>) {
        let (max_depth, max_width, max_context) = (self.max_depth(), self.max_width(), self.max_context());
        let network = &mut self.network;
        if network.depth > max_depth {
            notices.push(Notice::clamped("depth", network.depth, max_depth));
            network.depth = max_depth;
        }
        if network.width > max_width {
            notices.push(Notice::clamped("width", network.width, max_width));
            network.width = max_width;
        }
        if network.context > max_context {
            notices.push(Notice::clamped("context", network.context, max_context));
            network.context = max_context;
        }
        if network.model == Model::Mlp {
            return;
        }
        // The number of heads becomes the largest divisor of d_model that is not above the requested one; 1 always
        // divides it.
        let (width, wish) = (network.width, network.heads);
        let fitting = |part: usize| (1..=wish).rev().find(|heads| width.is_multiple_of(part * heads));
        if !width.is_multiple_of(wish) {
            let heads = fitting(1).unwrap_or(1);
            notices.push(Notice::heads(wish, width, heads));
            network.heads = heads;
        }
        if network.block == BlockStyle::Llama && !network.head_width().is_multiple_of(2) {
            // Rotary positions rotate pairs of numbers, so the head width must be even.
            match fitting(2) {
                Some(heads) => {
                    notices.push(Notice::rope_heads(network.head_width(), heads));
                    network.heads = heads;
                }
                None => {
                    notices.push(Notice::rope_width(width));
                    network.block = BlockStyle::Gpt2;
                }
            }
        }
    }

    /// Gives a norm what it needs: batch norm a batch of two or more, and a transformer a norm and a position that it
    /// supports.
    fn settle_norm(&mut self, notices: &mut Vec<Notice>) {
        if self.network.model == Model::Gpt && self.network.position == NormPosition::Inner {
            notices.push(Notice::norm("inner-gpt"));
            self.network.position = NormPosition::Pre;
        }
        if self.network.model == Model::Gpt && self.network.norm == Norm::Batch {
            notices.push(Notice::norm("batch-norm-gpt"));
            self.network.norm = Norm::Layer;
        }
        if self.network.norm == Norm::Batch && self.training.batch < LEAST_BATCH {
            notices.push(Notice::norm("batch-norm-one"));
            self.training.batch = LEAST_BATCH;
        }
    }

    fn settle_scheme(&mut self, notices: &mut Vec<Notice>) {
        let scheme = self.start.scheme;
        let replaced = match (self.network.model, scheme) {
            (Model::Mlp, scheme) if scheme.needs_blocks() => Some(("needs-blocks", Scheme::Normal)),
            (Model::Mlp, scheme) if scheme.needs_residual() && !self.widths().is_empty() => {
                Some(("needs-one-width", Scheme::Normal))
            }
            (Model::Gpt, Scheme::Lsuv) => Some(("lsuv-gpt", Scheme::Orthogonal)),
            _ => None,
        };
        if let Some((key, instead)) = replaced {
            notices.push(Notice::scheme(key, scheme.id(), instead.id()));
            self.start.scheme = instead;
            return;
        }
        if scheme.needs_residual() && !self.network.residual {
            notices.push(Notice::scheme("needs-residual", scheme.id(), ""));
            self.network.residual = true;
        }
        if let Some(bias) = self.start.bias.filter(|bias| scheme == Scheme::Lsuv && room(bias * bias).is_none()) {
            notices.push(Notice::no_room(scheme.id(), &show(bias)));
        }
        if scheme == Scheme::DeepNorm
            && (self.network.norm == Norm::None || self.network.position != NormPosition::Post)
        {
            notices.push(Notice::scheme("needs-post-norm", scheme.id(), ""));
            self.network.position = NormPosition::Post;
            if self.network.norm == Norm::None {
                self.network.norm = Norm::Layer;
            }
        }
    }

    fn settle_adapt(&mut self, notices: &mut Vec<Notice>) {
        let refused = match (self.adapt.kind, self.network.model) {
            (Adapt::Lora, Model::Gpt) => Some("lora-gpt"),
            (Adapt::Tokens, Model::Mlp) => Some("tokens-mlp"),
            // Which characters come later is known of the lab's own text.
            (Adapt::Tokens, Model::Gpt) if self.run.data == Dataset::Own => Some("tokens-own"),
            _ => None,
        };
        if let Some(key) = refused {
            notices.push(Notice::adapt(key));
            self.adapt.kind = Adapt::Off;
        }
        let smallest = self.widths().iter().min().unwrap_or(self.network.width);
        if self.adapt.kind == Adapt::Lora && self.adapt.rank > smallest {
            // A product of two matrices has no rank above their smaller side.
            notices.push(Notice::clamped("rank", self.adapt.rank, smallest));
            self.adapt.rank = smallest;
        }
    }

    /// Replaces each formula that gives some matrix a σ that is negative or not finite.
    fn settle_formula(&mut self, notices: &mut Vec<Notice>) {
        // Each round replaces one formula, a matrix's own or the model's, until only the default formula is left.
        for _ in 0..=Role::OF_GPT.len() {
            let Some((site, value)) = self.wrong_formula() else { return };
            let formula = match self.own_mut(site.role).filter(|own| own.formula.is_some()) {
                Some(own) => own.formula.replace(FORMULA.to_owned()).unwrap_or_default(),
                None => replace(&mut self.start.formula, FORMULA.to_owned()),
            };
            notices.push(Notice::formula_value(&formula, &site.id().to_string(), &show(value)));
        }
    }

    /// Returns the first matrix whose formula gives no valid σ, with the value that it gives.
    fn wrong_formula(&self) -> Option<(Site, f64)> {
        if !self.any_scheme(|scheme| scheme == Scheme::Formula) {
            return None;
        }
        let plan = self.plan();
        self.architecture().matrices().into_iter().find_map(|site| {
            let init = plan.init_of(site.role);
            let value = init.formula.as_ref()?.value(&init.names(&site));
            (!value.is_finite() || value < 0.0).then_some((site, value))
        })
    }
}
