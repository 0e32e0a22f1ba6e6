//! Defines the knobs of single kinds of matrices. Each kind has a scheme, a σ, a gain and a formula, which follow the
//! model until they are set.

use super::{Access, Change, Group, Kind, Knob, KnobSetting, Range, row};
use crate::lab::spec::{Role, RoleStart, Scheme, Spec, first_sigma};

/// The choice for a matrix that follows the model.
pub const MODEL: &str = "model";

/// The ids that a matrix's scheme can have: to follow the model, or a scheme for which [`Scheme::fits_one_matrix`]
/// holds.
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
    "formula",
];

/// The number of knobs for each kind of matrix.
const KNOBS_EACH: usize = 4;

/// The knobs of all kinds of matrices of a transformer, in the order of [`Role::OF_GPT`].
pub(super) const ROLES: [Knob; KNOBS_EACH * Role::OF_GPT.len()] = {
    let each = [
        rows::<0>(["init.token", "std.token", "gain.token", "formula.token"]),
        rows::<1>(["init.position", "std.position", "gain.position", "formula.position"]),
        rows::<2>(["init.q", "std.q", "gain.q", "formula.q"]),
        rows::<3>(["init.k", "std.k", "gain.k", "formula.k"]),
        rows::<4>(["init.v", "std.v", "gain.v", "formula.v"]),
        rows::<5>(["init.out", "std.out", "gain.out", "formula.out"]),
        rows::<6>(["init.mlp-in", "std.mlp-in", "gain.mlp-in", "formula.mlp-in"]),
        rows::<7>(["init.mlp-up", "std.mlp-up", "gain.mlp-up", "formula.mlp-up"]),
        rows::<8>(["init.mlp-out", "std.mlp-out", "gain.mlp-out", "formula.mlp-out"]),
        rows::<9>(["init.head", "std.head", "gain.head", "formula.head"]),
    ];
    let mut all = [each[0][0]; KNOBS_EACH * Role::OF_GPT.len()];
    all.copy_from_slice(each.as_flattened());
    all
};

const fn positive(min: f64, max: f64, from: f64, to: f64) -> Kind {
    Kind::Range(Range { min, max, from, to, log: true, whole: false, auto: true, unit: "" })
}

fn at<const I: usize>(spec: &Spec) -> bool {
    spec.architecture().has(Role::OF_GPT[I])
}

fn scheme<const I: usize>(spec: &Spec) -> Scheme {
    spec.scheme_of(Role::OF_GPT[I])
}

/// Returns the rows of the matrix with index `I` in [`Role::OF_GPT`]. A σ or a formula decides the scheme of a matrix
/// that has none of its own ([`Spec::scheme_of`]), so σ applies unless the matrix has its own scheme that takes none.
const fn rows<const I: usize>([init, std, gain, formula]: [&'static str; KNOBS_EACH]) -> [Knob; KNOBS_EACH] {
    [
        Knob { implies: forget::<I>, ..own(init, own_scheme::<I>(), at::<I>) },
        Knob {
            follows: |spec| spec.start.roles[I].std.is_none(),
            ..own(std, own_std::<I>(), |spec| {
                at::<I>(spec) && (spec.start.roles[I].scheme.is_none() || scheme::<I>(spec).uses_std())
            })
        },
        Knob {
            follows: |spec| spec.start.roles[I].gain.is_none(),
            ..own(gain, own_gain::<I>(), |spec| at::<I>(spec) && scheme::<I>(spec).uses_gain())
        },
        Knob {
            follows: |spec| spec.start.roles[I].formula.is_none(),
            ..own(formula, own_formula::<I>(), |spec| at::<I>(spec) && scheme::<I>(spec) == Scheme::Formula)
        },
    ]
}

const fn own(id: &'static str, access: Access, applies: fn(&Spec) -> bool) -> Knob {
    row(id, Group::Matrices, Change::Restart, access, applies)
}

/// Drops the gain, which means something else for another scheme; and if the matrix follows the model, drops all of its
/// own settings.
fn forget<const I: usize>(spec: &mut Spec) {
    let own = &mut spec.start.roles[I];
    own.gain = None;
    if own.scheme.is_none() {
        *own = RoleStart::default();
    }
}

const fn own_scheme<const I: usize>() -> Access {
    (
        Kind::Choice(ROLE_SCHEMES),
        |spec| KnobSetting::Choice(spec.start.roles[I].scheme.map_or(MODEL, Scheme::id)),
        |spec, value| {
            if let KnobSetting::Choice(id) = value {
                spec.start.roles[I].scheme = Scheme::from_id(id);
            }
        },
    )
}

/// A σ that nobody set is read as the σ that the matrix has; for `gpt2` and similar schemes as the σ before it is
/// divided.
const fn own_std<const I: usize>() -> Access {
    (
        positive(1e-6, 100.0, 1e-3, 3.0),
        |spec| {
            let follows = scheme::<I>(spec).uses_std_at(Role::OF_GPT[I]);
            let actual = || first_sigma(spec, Role::OF_GPT[I]);
            let std = spec.start.roles[I].std;
            KnobSetting::Number(std.unwrap_or_else(|| if follows { spec.start.std } else { actual() }))
        },
        |spec, value| match value {
            KnobSetting::Number(std) => spec.start.roles[I].std = Some(std),
            KnobSetting::Auto => spec.start.roles[I].std = None,
            _ => {}
        },
    )
}

const fn own_gain<const I: usize>() -> Access {
    (
        positive(1e-3, 1e3, 0.1, 10.0),
        |spec| {
            let gain = spec.start.roles[I].gain;
            KnobSetting::Number(gain.unwrap_or_else(|| spec.init_of(Role::OF_GPT[I]).gain))
        },
        |spec, value| match value {
            KnobSetting::Number(gain) => spec.start.roles[I].gain = Some(gain),
            KnobSetting::Auto => spec.start.roles[I].gain = None,
            _ => {}
        },
    )
}

const fn own_formula<const I: usize>() -> Access {
    (
        Kind::Formula,
        |spec| KnobSetting::Formula(spec.start.roles[I].formula.as_ref().unwrap_or(&spec.start.formula).clone()),
        |spec, value| match value {
            KnobSetting::Formula(text) => spec.start.roles[I].formula = Some(text),
            KnobSetting::Auto => spec.start.roles[I].formula = None,
            _ => {}
        },
    )
}
