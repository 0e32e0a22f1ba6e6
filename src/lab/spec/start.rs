//! Describes how the matrices of a spec are initialized: the model's scheme, and what single kinds of matrices do
//! differently.

use serde::{Deserialize, Serialize};

use super::{Cut, Fan, Init, Model, Plan, Role, Scheme, Spec, WriteScale};
use crate::science::formula::Formula;

/// The formula in the text field before anybody changes it, which is Kaiming's.
pub const FORMULA: &str = "gain / sqrt(fan_in)";

/// How the weights of a network are initialized.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartSpec {
    /// The scheme from which the weights are drawn.
    pub scheme: Scheme,
    /// σ for the schemes that take one, or the value itself for `constant`.
    pub std: f64,
    /// The gain for the schemes that take one. `None` means the gain that the scheme has for the activation.
    pub gain: Option<f64>,
    /// Which fan Kaiming's formula divides by.
    pub fan: Fan,
    /// Where a normal distribution is truncated, for the schemes that allow it. `None` means the scheme's own cut.
    pub cut: Option<Cut>,
    /// The fraction of zeros in a matrix of the scheme `sparse`.
    pub sparsity: f64,
    /// The expression of the scheme `formula`.
    pub formula: String,
    /// The factor by which matrices that write into the residual stream start smaller (GPT).
    pub writes: WriteScale,
    /// The initialization that each kind of matrix has of its own, in the order of [`Role::OF_GPT`].
    pub roles: [RoleStart; Role::OF_GPT.len()],
    /// The standard deviation of the biases. `None` means the scheme's own: zeros, except for the bound of `pytorch`.
    pub bias: Option<f64>,
}

/// What one kind of matrix in a transformer does differently from the model; `None` means that nothing was set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleStart {
    /// The matrix's own scheme. With `None` it follows from the other fields, as [`Spec::scheme_of`] says.
    pub scheme: Option<Scheme>,
    /// The matrix's own σ, for schemes that take one. `None` means the model's σ.
    pub std: Option<f64>,
    /// The matrix's own gain, for schemes that take one. `None` means the model's gain if the matrix has the model's
    /// scheme, and otherwise the scheme's own.
    pub gain: Option<f64>,
    /// The matrix's own formula. `None` means the model's formula.
    pub formula: Option<String>,
}

impl Spec {
    /// Returns the model's initialization, with the gain, the cut and the formula filled in.
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

    /// Returns the gain that follows from the activation, if the model's scheme takes one and nobody set it.
    pub fn followed_gain(&self) -> Option<f64> {
        let follows = self.start.gain.is_none() && self.start.scheme.follows_activation();
        follows.then(|| self.start.scheme.default_gain(self.phi()))
    }

    /// Returns how all matrices of the network are initialized.
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

    /// Returns the scheme of a kind of matrix.
    ///
    /// A matrix with its own formula uses that formula. A matrix with its own σ keeps the model's scheme if that takes
    /// a σ there; otherwise it is drawn with this σ from a normal distribution, or from a uniform one if the model's
    /// scheme is uniform.
    pub fn scheme_of(&self, role: Role) -> Scheme {
        let Some(own) = self.own(role) else { return self.start.scheme };
        match own.scheme {
            Some(scheme) => scheme,
            None if own.formula.is_some() => Scheme::Formula,
            None if own.std.is_some() && !self.start.scheme.uses_std_at(role) => self.start.scheme.with_own_std(role),
            None => self.start.scheme,
        }
    }

    /// Returns whether any matrix of this network has a scheme that satisfies `fits`.
    pub(crate) fn any_scheme(&self, fits: impl Fn(Scheme) -> bool) -> bool {
        match self.network.model {
            Model::Mlp => fits(self.start.scheme),
            Model::Gpt => {
                let net = self.architecture();
                Role::OF_GPT.iter().any(|role| net.has(*role) && fits(self.scheme_of(*role)))
            }
        }
    }

    /// Returns the initialization of a kind of matrix, before the scaling of those that write into the residual stream.
    pub fn init_of(&self, role: Role) -> Init {
        let Some(own) = self.own(role) else { return self.init() };
        let scheme = self.scheme_of(role);
        // The model's gain is meant for the model's scheme; for another scheme the same number means something else.
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

    /// Returns the initialization that a kind of matrix has of its own, to be changed.
    pub(crate) fn own_mut(&mut self, role: Role) -> Option<&mut RoleStart> {
        let index = Role::OF_GPT.iter().position(|known| *known == role)?;
        Some(&mut self.start.roles[index])
    }

    fn own(&self, role: Role) -> Option<&RoleStart> {
        let index = Role::OF_GPT.iter().position(|known| *known == role)?;
        (self.network.model == Model::Gpt).then(|| &self.start.roles[index])
    }
}

/// Parses the formula, which the knob has validated. Other schemes skip this, because dragging a slider asks for it
/// often.
fn read(scheme: Scheme, formula: &str) -> Option<Formula> {
    (scheme == Scheme::Formula).then(|| Formula::parse(formula).ok()).flatten()
}
