//! How a matrix starts, in Python: the lines that draw it, with the formula of its σ. They say what
//! [`crate::science::init`] computes; a test holds the two together for every scheme.

use crate::lab::spec::{Cut, Fan, Init, Plan, Role, Scheme, WriteScale};

/// 0.87963, the standard deviation of a standard normal distribution that is cut at ±2.
const CUT_AT_TWO: &str = "0.87962566103423978";

/// What the sizes of a network are called in the code.
#[derive(Clone, Copy, Debug)]
pub(super) struct SizeNames {
    /// The width, n or d; empty where each layer has its own.
    pub(super) width: &'static str,
    /// The number of attention heads.
    pub(super) heads: &'static str,
}

/// The lines that draw the matrix `w`, and those that draw its biases `b`, if it has any.
pub(super) fn drawn(plan: &Plan, role: Role, names: SizeNames, bias: Option<Option<f64>>) -> Vec<String> {
    let init = plan.init_of(role);
    // Where layers differ in width, that of a layer is read off its matrix.
    let own = if role.is_last() { "fan_in" } else { "fan_out" };
    let names = SizeNames { width: if names.width.is_empty() { own } else { names.width }, ..names };
    let mut lines = weights(init, plan.scaling(role), role, names);
    match bias {
        None => {}
        Some(Some(std)) => lines.push(format!("init.normal_(b, std={std:?})")),
        Some(None) if init.scheme == Scheme::Pytorch => {
            lines.push("init.uniform_(b, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))".to_owned());
        }
        Some(None) => lines.push("init.zeros_(b)".to_owned()),
    }
    if lines.iter().any(|line| line.contains("fan_")) {
        lines.insert(0, "fan_out, fan_in = w.shape".to_owned());
    }
    lines
}

fn weights(init: &Init, scaling: WriteScale, role: Role, names: SizeNames) -> Vec<String> {
    let factor = match scaling {
        WriteScale::Zero => return vec!["init.zeros_(w)".to_owned()],
        WriteScale::Scheme | WriteScale::None => "",
        WriteScale::Root => " / math.sqrt(2 * L)",
        WriteScale::Layer => " / math.sqrt(2 * l)",
    };
    let line = match init.scheme {
        Scheme::Zeros => "init.zeros_(w)".to_owned(),
        Scheme::Fixup if role.writes() || role == Role::Head => "init.zeros_(w)".to_owned(),
        Scheme::Constant => format!("init.constant_(w, {:?}{factor})", init.std),
        Scheme::Identity if factor.is_empty() => "init.eye_(w)".to_owned(),
        Scheme::Identity => return vec!["init.eye_(w)".to_owned(), format!("w.mul_(1{factor})")],
        Scheme::Orthogonal => format!("init.orthogonal_(w, gain={:?}{factor})", init.gain),
        Scheme::Lsuv => "init.orthogonal_(w)".to_owned(),
        Scheme::Sparse => format!("init.sparse_(w, sparsity={:?}, std={:?}{factor})", init.sparsity, init.std),
        scheme => {
            let std = format!("{}{factor}", sigma(init, role, names));
            return by_law(init, scheme, role, std);
        }
    };
    vec![line]
}

/// The lines of the schemes whose entries are drawn one by one.
fn by_law(init: &Init, scheme: Scheme, role: Role, std: String) -> Vec<String> {
    let is_uniform = scheme.is_uniform() && !(scheme == Scheme::Pytorch && role.is_table());
    let cut = match init.cut {
        _ if scheme == Scheme::Llama && role == Role::Head => Cut::Three,
        _ if !scheme.uses_cut() => Cut::None,
        cut => cut,
    };
    if is_uniform {
        let bound = format!("bound = math.sqrt(3) * {std}");
        return vec![bound, "init.uniform_(w, -bound, bound)".to_owned()];
    }
    let [std, bound] = match cut {
        Cut::None => return vec![format!("init.normal_(w, std={std})")],
        Cut::Corrected => [format!("{std} / {CUT_AT_TWO}"), "2 * std".to_owned()],
        Cut::Raw => [std, "2 * std".to_owned()],
        Cut::Three => [std, "3 * std".to_owned()],
        // PyTorch takes its bounds as values.
        Cut::Absolute => [std, "2".to_owned()],
    };
    vec![format!("std = {std}"), format!("init.trunc_normal_(w, std=std, a=-{bound}, b={bound})")]
}

/// The scheme's σ before a cut, as a product.
fn sigma(init: &Init, role: Role, names: SizeNames) -> String {
    let width = names.width;
    let table = role.is_table();
    let by_gain = |rest: &str| if init.gain == 1.0 { rest.to_owned() } else { format!("{:?} * {rest}", init.gain) };
    let over = |root: &str| format!("{:?} / math.sqrt({root})", init.gain);
    let xavier = || by_gain("math.sqrt(2 / (fan_in + fan_out))");
    let carries = matches!(role, Role::Value | Role::AttentionOut | Role::MlpIn | Role::MlpUp | Role::MlpOut);
    let std = format!("{:?}", init.std);
    let small = || format!("math.sqrt(2 / (5 * {width}))");
    match init.scheme {
        // These have lines of their own.
        Scheme::Zeros | Scheme::Constant | Scheme::Identity | Scheme::Orthogonal | Scheme::Lsuv | Scheme::Sparse => std,
        Scheme::Normal | Scheme::Uniform | Scheme::TruncatedNormal | Scheme::Gpt2 | Scheme::LayerScale => std,
        Scheme::XavierNormal | Scheme::XavierUniform => xavier(),
        Scheme::KaimingNormal | Scheme::KaimingUniform => over(match init.fan {
            Fan::In => "fan_in",
            Fan::Out => "fan_out",
            Fan::Avg => "(fan_in + fan_out) / 2",
        }),
        Scheme::Pytorch if table => "1".to_owned(),
        Scheme::Pytorch => "1 / math.sqrt(3 * fan_in)".to_owned(),
        Scheme::LecunNormal | Scheme::LecunUniform => "1 / math.sqrt(fan_in)".to_owned(),
        Scheme::DepthScaled if role.writes() || role == Role::Hidden => format!("{std} / math.sqrt(2 * l)"),
        Scheme::DepthScaled => std,
        Scheme::Wang if role.writes() => format!("2 / (L * math.sqrt({width}))"),
        Scheme::Small | Scheme::Wang => small(),
        Scheme::Llama if table => "1".to_owned(),
        Scheme::Llama if role == Role::Head => format!("1 / math.sqrt({width})"),
        Scheme::Llama if role.writes() || role == Role::MlpUp => format!("{std} / math.sqrt(2 * l)"),
        Scheme::Llama => std,
        Scheme::Mup if table => "1 / math.sqrt(64)".to_owned(),
        Scheme::Mup if role.is_last() => "1 / fan_in".to_owned(),
        Scheme::Mup => over("fan_in"),
        Scheme::Fixup if !table => over("2 * L * fan_in"),
        Scheme::TFixup if table => format!("(9 * L) ** -0.25 / math.sqrt({width})"),
        Scheme::TFixup if carries => format!("(9 * L) ** -0.25 * {}", xavier()),
        Scheme::DeepNorm if carries => format!("(8 * L) ** -0.25 * {}", xavier()),
        Scheme::Fixup | Scheme::ReZero | Scheme::DeepNorm if table => format!("1 / math.sqrt({width})"),
        Scheme::Fixup | Scheme::TFixup | Scheme::ReZero | Scheme::DeepNorm => xavier(),
        Scheme::Formula => formula(init, role, names),
    }
}

/// The student's formula.
fn formula(init: &Init, role: Role, names: SizeNames) -> String {
    let layer = match role {
        role if role.is_table() => "1",
        role if role.is_last() => "(L + 1)",
        _ => "l",
    };
    let gain = format!("{:?}", init.gain);
    let written = ["fan_in", "fan_out", "L", layer, names.width, names.heads, &gain];
    init.formula.as_ref().map_or_else(|| "0".to_owned(), |formula| formula.python(&written))
}
