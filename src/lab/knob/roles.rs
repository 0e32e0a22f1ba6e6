//! The knobs of single kinds of matrices: each kind has a scheme and a σ of its own, or follows.

use super::{Access, Change, Group, Kind, Knob, Parsed, Range};
use crate::lab::spec::{Role, Scheme, Spec};

/// The choice of a matrix that follows the model.
pub const MODEL: &str = "model";

/// What a matrix can be started with: to follow the model, or what [`Scheme::fits_one_matrix`].
pub const ROLE_SCHEMES: &[&str] = &[
    MODEL,
    "zeros",
    "constant",
    "normal",
    "uniform",
    "truncated-normal",
    "xavier-normal",
    "xavier-uniform",
    "kaiming-normal",
    "kaiming-uniform",
    "pytorch",
    "lecun-normal",
    "lecun-uniform",
    "orthogonal",
    "identity",
    "sparse",
    "small",
];

const STD: Kind =
    Kind::Range(Range { min: 1e-6, max: 100.0, from: 1e-3, to: 3.0, log: true, whole: false, auto: true, unit: "" });

fn at(spec: &Spec, index: usize) -> bool {
    spec.has(Role::OF_GPT[index])
}

/// The two rows of the matrix with this index in [`Role::OF_GPT`].
pub(super) const fn rows<const I: usize>(scheme: &'static str, std: &'static str) -> [Knob; 2] {
    let own: Access = (
        Kind::Choice(ROLE_SCHEMES),
        |spec| spec.roles[I].scheme.map_or(MODEL, Scheme::id).to_owned(),
        |spec, value| {
            if let Parsed::Choice(id) = value {
                spec.roles[I].scheme = Scheme::from_id(id);
            }
        },
    );
    let size: Access = (
        STD,
        |spec| spec.roles[I].std.unwrap_or(spec.std).to_string(),
        |spec, value| match value {
            Parsed::Number(std) => spec.roles[I].std = Some(std),
            Parsed::Auto => spec.roles[I].std = None,
            _ => {}
        },
    );
    [
        Knob {
            id: scheme,
            group: Group::Matrices,
            kind: own.0,
            change: Change::Restart,
            rare: false,
            read: own.1,
            write: own.2,
            applies: |spec| at(spec, I),
            follows: |_| false,
        },
        Knob {
            id: std,
            group: Group::Matrices,
            kind: size.0,
            change: Change::Restart,
            rare: false,
            read: size.1,
            write: size.2,
            applies: |spec| at(spec, I) && spec.roles[I].scheme.is_some_and(Scheme::uses_std),
            follows: |spec| spec.roles[I].std.is_none(),
        },
    ]
}
