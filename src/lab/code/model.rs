//! The network, in Python: an `nn.Module` with the lines that this network needs and no others.

use super::lines::CodeLines;
use crate::lab::spec::{Activation, AttentionScale, BlockStyle, Model, Norm, Spec};
use crate::science::architecture::Architecture;
use crate::science::junction::Gate;
use crate::science::norm::EPSILON;

/// The classes of the network.
pub(super) fn model(spec: &Spec) -> String {
    let net = spec.architecture();
    let mut code = CodeLines::default();
    if net.norm == Norm::Rms {
        rms_norm(&mut code);
    }
    match net.model {
        Model::Mlp => perceptron(&net, &mut code),
        Model::Gpt => transformer(&net, &mut code),
    }
    code.text()
}

fn rms_norm(code: &mut CodeLines) {
    code.block("class RMSNorm(nn.Module):", |code| {
        code.block("def __init__(self, size):", |code| {
            code.add("super().__init__()");
            code.add("self.gain = nn.Parameter(torch.ones(size))");
        });
        code.add("");
        code.block("def forward(self, x):", |code| {
            code.add(format!("return x * (x.square().mean(-1, keepdim=True) + {EPSILON:?}).rsqrt() * self.gain"));
        });
    });
    code.add("").add("");
}

/// A norm over so many units.
fn norm(net: &Architecture, size: &str) -> String {
    match net.norm {
        Norm::None => "nn.Identity()".to_owned(),
        Norm::Layer => format!("nn.LayerNorm({size})"),
        Norm::Rms => format!("RMSNorm({size})"),
        Norm::Batch => format!("nn.BatchNorm1d({size})"),
    }
}

/// φ of an expression.
fn phi(activation: Activation, z: &str) -> String {
    if let Some(slope) = activation.leak() {
        return format!("F.leaky_relu({z}, {slope:?})");
    }
    match activation {
        Activation::Linear => z.to_owned(),
        Activation::Tanh | Activation::Sigmoid | Activation::Erf | Activation::Sin => {
            format!("torch.{}({z})", activation.id())
        }
        Activation::ReluSquared => format!("F.relu({z}) ** 2"),
        activation => format!("F.{}({z})", activation.id()),
    }
}

/// A gate of a branch, as a parameter.
fn gate(net: &Architecture, size: &str) -> Option<String> {
    let gate = net.junction.gate.filter(|_| net.residual)?;
    Some(match gate {
        Gate::Scalar(start) => format!("nn.Parameter(torch.full((1,), {start:?}))"),
        Gate::Vector(start) => format!("nn.Parameter(torch.full(({size},), {start:?}))"),
    })
}

/// Where a branch meets the stream h.
fn joined(net: &Architecture, gate: &str, branch: &str) -> String {
    if !net.residual {
        return branch.to_owned();
    }
    let skip = match net.junction.skip {
        1.0 => "h".to_owned(),
        skip => format!("{skip:?} * h"),
    };
    let gate = if net.junction.gate.is_some() { format!("{gate} * ") } else { String::new() };
    format!("{skip} + {gate}{branch}")
}

fn dropped(net: &Architecture, x: String) -> String {
    if net.dropout > 0.0 { format!("self.drop({x})") } else { x }
}

fn perceptron(net: &Architecture, code: &mut CodeLines) {
    let features = net.features;
    // Layers of one width read as many numbers as they have units.
    let is_uneven = !net.widths.is_empty();
    let [read, last] = if is_uneven { ["widths[l - 2]", "widths[-1]"] } else { ["n", "n"] };
    code.block("class Layer(nn.Module):", |code| {
        code.block("def __init__(self, l):", |code| {
            code.add("super().__init__()");
            code.add_if(net.residual || net.pre_norm(), "self.is_first = l == 1");
            code.add_if(is_uneven, "n = widths[l - 1]");
            code.add(format!("self.linear = nn.Linear({features} if l == 1 else {read}, n)"));
            let before = norm(net, read);
            code.add_if(net.pre_norm(), format!("self.norm = nn.Identity() if l == 1 else {before}"));
            code.add_if(net.inner_norm() || net.post_norm(), format!("self.norm = {}", norm(net, "n")));
            code.add_if(net.dropout > 0.0, format!("self.drop = Dropout({:?})", net.dropout));
            if let Some(gate) = gate(net, "n") {
                code.block("if l > 1:", |code| {
                    code.add(format!("self.gate = {gate}"));
                });
            }
        });
        code.add("");
        code.block("def forward(self, h):", |code| {
            code.add(if net.pre_norm() { "z = self.linear(self.norm(h))" } else { "z = self.linear(h)" });
            let z = if net.inner_norm() { "self.norm(z)" } else { "z" };
            let a = dropped(net, phi(net.activation, z));
            let (before, after) = if net.post_norm() { ("self.norm(", ")") } else { ("", "") };
            if !net.residual {
                code.add(format!("return {before}{a}{after}"));
                return;
            }
            code.add(format!("a = {a}"));
            let sum = joined(net, "self.gate", "a");
            code.add(format!("return {before}a if self.is_first else {sum}{after}"));
        });
    });
    code.add("").add("");
    code.block("class Net(nn.Module):", |code| {
        code.block("def __init__(self):", |code| {
            code.add("super().__init__()");
            code.add("self.hidden = nn.ModuleList(Layer(l) for l in range(1, L + 1))");
            code.add_if(net.pre_norm(), format!("self.norm = {}", norm(net, last)));
            code.add(format!("self.output = nn.Linear({last}, {})", net.classes));
        });
        code.add("");
        code.block("def forward(self, h):", |code| {
            code.block("for layer in self.hidden:", |code| {
                code.add("h = layer(h)");
            });
            code.add(if net.pre_norm() { "return self.output(self.norm(h))" } else { "return self.output(h)" });
        });
    });
}

fn transformer(net: &Architecture, code: &mut CodeLines) {
    let is_llama = net.block == BlockStyle::Llama;
    if is_llama {
        rotary(code);
    }
    code.block("class Block(nn.Module):", |code| {
        code.block("def __init__(self):", |code| block_members(net, code));
        code.add("");
        code.block("def attention(self, x):", |code| attention(net, code));
        code.add("");
        code.block("def mlp(self, x):", |code| {
            let inner = phi(net.activation, "self.mlp_in(x)");
            let inner = match (is_llama, inner.contains("**") || net.activation == Activation::Linear) {
                (true, true) => format!("({inner}) * self.mlp_up(x)"),
                (true, false) => format!("{inner} * self.mlp_up(x)"),
                (false, _) => inner,
            };
            code.add(format!("return {}", dropped(net, format!("self.mlp_out({inner})"))));
        });
        code.add("");
        code.block("def forward(self, h):", |code| {
            for (part, gate, norm) in [("attention", "self.attention_gate", "norm1"), ("mlp", "self.mlp_gate", "norm2")]
            {
                let read = if net.pre_norm() { format!("self.{norm}(h)") } else { "h".to_owned() };
                let sum = joined(net, gate, &format!("self.{part}({read})"));
                code.add(if net.post_norm() { format!("h = self.{norm}({sum})") } else { format!("h = {sum}") });
            }
            code.add("return h");
        });
    });
    code.add("").add("");
    code.block("class Net(nn.Module):", |code| whole_transformer(net, code));
}

fn block_members(net: &Architecture, code: &mut CodeLines) {
    let is_llama = net.block == BlockStyle::Llama;
    let linear = |n_in: &str, n_out: &str| {
        if is_llama { format!("nn.Linear({n_in}, {n_out}, bias=False)") } else { format!("nn.Linear({n_in}, {n_out})") }
    };
    let wide = if is_llama { net.block.hidden(net.width).to_string() } else { "4 * d".to_owned() };
    code.add("super().__init__()");
    if net.norm != Norm::None {
        let norm = norm(net, "d");
        code.add(format!("self.norm1, self.norm2 = {norm}, {norm}"));
    }
    code.add(format!("self.q, self.k, self.v, self.out = ({} for _ in range(4))", linear("d", "d")));
    code.add(format!("self.mlp_in = {}", linear("d", &wide)));
    code.add_if(is_llama, format!("self.mlp_up = {}", linear("d", &wide)));
    code.add(format!("self.mlp_out = {}", linear(&wide, "d")));
    if let Some(gate) = gate(net, "d") {
        code.add(format!("self.attention_gate = {gate}"));
        code.add(format!("self.mlp_gate = {gate}"));
    }
    code.add_if(net.dropout > 0.0, format!("self.drop = Dropout({:?})", net.dropout));
}

fn attention(net: &Architecture, code: &mut CodeLines) {
    code.add("apart = lambda z: z.unflatten(-1, (H, d // H)).transpose(1, 2)  # [batch, heads, time, d/heads]");
    code.add("q, k, v = apart(self.q(x)), apart(self.k(x)), apart(self.v(x))");
    code.add_if(net.block == BlockStyle::Llama, "q, k = rotated(q), rotated(k)");
    code.add(match net.attention {
        AttentionScale::Root => "scores = q @ k.transpose(-2, -1) / math.sqrt(d // H)",
        AttentionScale::Linear => "scores = q @ k.transpose(-2, -1) / (d // H)",
        AttentionScale::None => "scores = q @ k.transpose(-2, -1)",
    });
    code.add("future = torch.ones(T, T, dtype=torch.bool).triu(1)");
    code.add("weights = scores.masked_fill(future, -math.inf).softmax(-1)");
    let mixed = "self.out((weights @ v).transpose(1, 2).flatten(2))".to_owned();
    code.add(format!("return {}", dropped(net, mixed)));
}

fn rotary(code: &mut CodeLines) {
    code.block("def rotated(x):", |code| {
        code.add("\"\"\"Turns the pair (x_i, x_(i + n/2)) of position t by t * 10000^(-2i/n).\"\"\"");
        code.add("a, b = x.chunk(2, -1)");
        code.add("n = x.shape[-1]");
        code.add("angle = torch.arange(T)[:, None] * 10000.0 ** (-2.0 * torch.arange(n // 2).double() / n)");
        code.add("cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)");
        code.add("return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)");
    });
    code.add("").add("");
}

fn whole_transformer(net: &Architecture, code: &mut CodeLines) {
    let is_gpt2 = net.block == BlockStyle::Gpt2;
    code.block("def __init__(self):", |code| {
        code.add("super().__init__()");
        code.add("self.token = nn.Embedding(V, d)");
        code.add_if(is_gpt2, "self.position = nn.Embedding(T, d)");
        code.add("self.blocks = nn.ModuleList(Block() for _ in range(L))");
        code.add_if(net.pre_norm(), format!("self.norm = {}", norm(net, "d")));
        code.add_if(!net.tied, "self.head = nn.Linear(d, V, bias=False)");
        code.add_if(net.dropout > 0.0, format!("self.drop = Dropout({:?})", net.dropout));
    });
    code.add("");
    code.block("def forward(self, tokens):", |code| {
        let embedded = "self.token(tokens)".to_owned() + if is_gpt2 { " + self.position(torch.arange(T))" } else { "" };
        code.add(format!("h = {}", dropped(net, embedded)));
        code.block("for block in self.blocks:", |code| {
            code.add("h = block(h)");
        });
        code.add_if(net.pre_norm(), "h = self.norm(h)");
        let factor = if net.logit_scale() == 1.0 { "" } else { "64 / d * " };
        code.add(if net.tied {
            format!("return {factor}F.linear(h, self.token.weight)")
        } else {
            "return self.head(h)".to_owned()
        });
    });
}
