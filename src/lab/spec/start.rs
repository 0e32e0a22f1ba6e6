//! How a spec's matrices start: the model's scheme, and what single kinds of matrices do differently.

use serde::{Deserialize, Serialize};

use super::{Cut, Fan, Init, Model, Plan, Role, Scheme, Spec, WriteScale};
use crate::science::formula::Formula;

/// The formula that stands in the box before anybody writes there: Kaiming's.
pub const FORMULA: &str = "gain / sqrt(fan_in)";

/// How the weights of a network start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartSpec {
    /// How the weights are drawn.
    pub scheme: Scheme,
    /// σ of the schemes that take one; the value itself for `constant`.
    pub std: f64,
    /// Gain of the schemes that take one; `None` is the scheme's own for the activation.
    pub gain: Option<f64>,
    /// Which fan Kaiming's formula divides by.
    pub fan: Fan,
    /// Where a normal distribution ends, for the schemes that can be cut; `None` is the scheme's own.
    pub cut: Option<Cut>,
    /// The share of zeros of `sparse`.
    pub sparsity: f64,
    /// The expression of `formula`.
    pub formula: String,
    /// What writes into the residual stream starts smaller by this (GPT).
    pub writes: WriteScale,
    /// Matrices with a start of their own, in the order of [`Role::OF_GPT`].
    pub roles: [RoleStart; Role::OF_GPT.len()],
    /// Standard deviation of the biases; `None` is the scheme's own (zeros, but PyTorch's bound for `pytorch`).
    pub bias: Option<f64>,
}

/// What one kind of matrix of a transformer does differently from the model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleStart {
    /// Its own scheme; `None` follows from the rest: [`Spec::scheme_of`].
    pub scheme: Option<Scheme>,
    /// Its own σ, for schemes that take one; `None` is the model's.
    pub std: Option<f64>,
    /// Its own gain, for schemes that take one; `None` is the model's where it has the model's scheme,
    /// else the scheme's own.
    pub gain: Option<f64>,
    /// Its own formula; `None` is the model's.
    pub formula: Option<String>,
}

impl Spec {
    /// The initialization with its gain filled in.
    pub fn init(&self) -> Init {
        let StartSpec { scheme, std, gain, fan, cut, sparsity, ref formula, .. } = self.start;
        Init {
            scheme,
            std,
            gain: gain.unwrap_or_else(|| scheme.default_gain(self.phi())),
            fan,
            cut: cut.unwrap_or(scheme.default_cut()),
            sparsity,
            formula: read(scheme, formula),
        }
    }

    /// The gain that follows the activation, where the model's scheme takes one and nobody set it.
    pub fn followed_gain(&self) -> Option<f64> {
        let follows = self.start.gain.is_none() && self.start.scheme.follows_activation();
        follows.then(|| self.start.scheme.default_gain(self.phi()))
    }

    /// How all its matrices start.
    pub fn plan(&self) -> Plan {
        let roles = match self.network.model {
            Model::Mlp => Vec::new(),
            Model::Gpt => {
                let differs = |(role, own): (&Role, &RoleStart)| (*own != RoleStart::default()).then_some(*role);
                let differing = Role::OF_GPT.iter().zip(&self.start.roles).filter_map(differs);
                differing.map(|role| (role, self.init_of(role))).collect()
            }
        };
        Plan { roles, writes: self.start.writes, init: self.init() }
    }

    /// The scheme of a kind of matrix.
    ///
    /// Who gives a formula wants that formula, and who gives a σ wants that σ: it means the model's
    /// scheme with that σ, or where the model's takes none there, a normal (uniform) distribution in
    /// place of a normal (uniform) scheme.
    pub fn scheme_of(&self, role: Role) -> Scheme {
        let Some(own) = self.own(role) else { return self.start.scheme };
        match own.scheme {
            Some(scheme) => scheme,
            None if own.formula.is_some() => Scheme::Formula,
            None if own.std.is_some() && !self.start.scheme.uses_std_at(role) => self.start.scheme.with_own_std(role),
            None => self.start.scheme,
        }
    }

    /// Whether any matrix of this network has such a scheme.
    pub(crate) fn any_scheme(&self, fits: impl Fn(Scheme) -> bool) -> bool {
        match self.network.model {
            Model::Mlp => fits(self.start.scheme),
            Model::Gpt => {
                let net = self.architecture();
                Role::OF_GPT.iter().any(|role| net.has(*role) && fits(self.scheme_of(*role)))
            }
        }
    }

    /// The initialization of a kind of matrix, before what is done to those that write into the stream.
    pub fn init_of(&self, role: Role) -> Init {
        let Some(own) = self.own(role) else { return self.init() };
        let scheme = self.scheme_of(role);
        // The model's gain is the model's scheme's: another's means something else.
        let gain = own.gain.or(self.start.gain.filter(|_| own.scheme.is_none() && scheme == self.start.scheme));
        Init {
            scheme,
            std: own.std.unwrap_or(self.start.std),
            gain: gain.unwrap_or_else(|| scheme.default_gain(self.phi())),
            fan: self.start.fan,
            cut: self.start.cut.unwrap_or(scheme.default_cut()),
            sparsity: self.start.sparsity,
            formula: read(scheme, own.formula.as_ref().unwrap_or(&self.start.formula)),
        }
    }

    /// What a kind of matrix has of its own, to be changed.
    pub(crate) fn own_mut(&mut self, role: Role) -> Option<&mut RoleStart> {
        let index = Role::OF_GPT.iter().position(|known| *known == role)?;
        Some(&mut self.start.roles[index])
    }

    fn own(&self, role: Role) -> Option<&RoleStart> {
        let index = Role::OF_GPT.iter().position(|known| *known == role)?;
        (self.network.model == Model::Gpt).then(|| &self.start.roles[index])
    }
}

/// The knob takes no formula that does not parse. Read only where it is used: a drag asks often.
fn read(scheme: Scheme, formula: &str) -> Option<Formula> {
    (scheme == Scheme::Formula).then(|| Formula::parse(formula).ok()).flatten()
}
