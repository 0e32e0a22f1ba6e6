//! The first weights, in Python: `initialize`, which goes through the same list of matrices as theory and engine.

use super::lines::CodeLines;
use super::sigma::{SizeNames, drawn};
use crate::lab::spec::{Model, Role, Scheme, Spec};
use crate::science::lsuv::room;

/// The function `initialize(net)`, and with LSUV the function `lsuv(net, x)` that follows it.
pub(super) fn start(spec: &Spec, names: SizeNames) -> String {
    let mut code = CodeLines::default();
    code.add("@torch.no_grad()");
    code.block("def initialize(net):", |code| match spec.network.model {
        Model::Mlp => mlp(spec, names, code),
        Model::Gpt => gpt(spec, names, code),
    });
    if spec.start.scheme == Scheme::Lsuv && spec.start.bias.is_none_or(|bias| room(bias * bias).is_some()) {
        lsuv(spec, &mut code);
    }
    code.text()
}

fn lines_of(spec: &Spec, names: SizeNames, role: Role) -> Vec<String> {
    let has_bias = spec.architecture().has_biases() && !role.is_table() && role != Role::Head;
    drawn(&spec.plan(), role, names, has_bias.then_some(spec.start.bias))
}

fn mlp(spec: &Spec, names: SizeNames, code: &mut CodeLines) {
    let [hidden, output] = [Role::Hidden, Role::Output].map(|role| lines_of(spec, names, role));
    let counts = hidden.iter().any(|line| counts_layers(line));
    if hidden == output && !counts {
        code.block("for linear in [*(layer.linear for layer in net.hidden), net.output]:", |code| {
            code.add("w, b = linear.weight, linear.bias");
            code.add_all(&hidden);
        });
        return;
    }
    let head = if counts { "for l, layer in enumerate(net.hidden, start=1):" } else { "for layer in net.hidden:" };
    code.block(head, |code| {
        code.add("w, b = layer.linear.weight, layer.linear.bias");
        code.add_all(&hidden);
    });
    code.add("w, b = net.output.weight, net.output.bias");
    code.add_all(&output);
}

fn gpt(spec: &Spec, names: SizeNames, code: &mut CodeLines) {
    let net = spec.architecture();
    let roles = |kind: fn(Role) -> bool| Role::OF_GPT.into_iter().filter(move |role| net.has(*role) && kind(*role));
    let groups = |kind| grouped(roles(kind).map(|role| (role, lines_of(spec, names, role))).collect());
    for (roles, lines) in groups(Role::is_table) {
        matrices("net", &roles, &lines, code);
    }
    let inside = groups(|role| !role.is_table() && !role.is_last());
    let counts = inside.iter().flat_map(|(_, lines)| lines).any(|line| counts_layers(line));
    let head = if counts { "for l, block in enumerate(net.blocks, start=1):" } else { "for block in net.blocks:" };
    code.block(head, |code| {
        for (roles, lines) in inside {
            matrices("block", &roles, &lines, code);
        }
    });
    for (roles, lines) in groups(Role::is_last) {
        matrices("net", &roles, &lines, code);
    }
}

/// Matrices that start alike, and how.
type Alike = (Vec<Role>, Vec<String>);

/// The matrices that start alike together, in the order of the first of each.
fn grouped(all: Vec<(Role, Vec<String>)>) -> Vec<Alike> {
    let mut groups: Vec<Alike> = Vec::new();
    for (role, lines) in all {
        match groups.iter_mut().find(|(_, known)| *known == lines) {
            Some((roles, _)) => roles.push(role),
            None => groups.push((vec![role], lines)),
        }
    }
    groups
}

/// The lines for some matrices of a module.
fn matrices(of: &str, roles: &[Role], lines: &[String], code: &mut CodeLines) {
    let biased = lines.iter().any(|line| line.contains("(b"));
    let take = |linear: &str| {
        if biased { format!("w, b = {linear}.weight, {linear}.bias") } else { format!("w = {linear}.weight") }
    };
    let members: Vec<String> = roles.iter().map(|role| format!("{of}.{}", member(*role))).collect();
    if let [one] = &members[..] {
        code.add(take(one));
        code.add_all(lines);
        return;
    }
    let each = if roles.iter().all(|role| role.is_table()) { "table" } else { "linear" };
    code.block(format!("for {each} in ({}):", members.join(", ")), |code| {
        code.add(take(each));
        code.add_all(lines);
    });
}

/// What a matrix is called in the module that has it.
fn member(role: Role) -> String {
    role.id().replace('-', "_")
}

/// Whether a line needs the number of the layer.
fn counts_layers(line: &str) -> bool {
    line.split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|word| word == "l")
}

fn lsuv(spec: &Spec, code: &mut CodeLines) {
    let has_biases = spec.start.bias.is_some_and(|bias| bias != 0.0);
    code.add("").add("").add("@torch.no_grad()");
    code.block("def lsuv(net, x):", |code| {
        code.add(
            "\"\"\"Scales each matrix so that what it makes of a batch has variance 1 (Mishkin & Matas 2015).\"\"\"",
        );
        code.add("net.double()");
        code.block("for linear in [*(layer.linear for layer in net.hidden), net.output]:", |code| {
            code.add("made = []");
            code.add("hook = linear.register_forward_hook(lambda _, __, z: made.append(z))");
            code.add("net(x.double())");
            code.add("hook.remove()");
            code.add("z = made[0]");
            code.add("var = z.var(unbiased=False).item()");
            code.block("if abs(var - 1) < 0.01 or not 0 < var < math.inf:", |code| {
                code.add("continue");
            });
            if has_biases {
                // Var(z) = s²·F + 2s·C + B, with the biases' own part B.
                code.add("b = linear.bias.expand_as(z)");
                code.add("of_b = linear.bias.var(unbiased=False).item()");
                code.add("mixed = ((z - z.mean()) * (b - b.mean())).mean().item() - of_b");
                code.add("fed = var - 2 * mixed - of_b");
                let room = spec.start.bias.map_or(1.0, |bias| 1.0 - bias * bias);
                code.block("if of_b < 1:", |code| {
                    code.add("scale = (math.sqrt(mixed**2 + fed * (1 - of_b)) - mixed) / fed");
                });
                code.block("else:", |code| {
                    code.add(format!("scale = math.sqrt({room:?} / fed)"));
                });
            } else {
                code.add("scale = 1 / math.sqrt(var)");
            }
            code.add("linear.weight.copy_((linear.weight * scale).float())");
        });
        code.add("net.float()");
    });
}
