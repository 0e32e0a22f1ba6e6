#!/usr/bin/env python3
"""Writes train.json: 20 steps of training by PyTorch, for the Rust engine to repeat.

Nothing random is stored. Weights and batches come from `value(k, i)` in golden.py, which
both sides compute. What every field means, and the conventions to match, is in README.md.

The losses are computed in float64. Each case is run in float32 too, and the largest relative
difference between the two curves is stored, so that a tolerance can be judged.
"""
import math

import torch
import torch.nn.functional as F

from golden import choice, digits, value, write

STEPS = 20
EPS = 1e-5  # of all norms
MOMENTUM = 0.1  # of BatchNorm's running averages
PASSES = STEPS + 1  # that they have seen in the end
LEAK = 0.01

INPUTS, HIDDEN, WIDTH, CLASSES, ROWS = 8, 4, 16, 5, 12
VOCABULARY, D, HEADS, TIME, BLOCKS, TEXTS = 11, 16, 2, 8, 2, 3
GATED = 48  # 8d/3, up to the next multiple of 8

ACTIVATIONS = {
    "relu": F.relu,
    "leaky-relu": lambda z: F.leaky_relu(z, LEAK),
    "gelu": F.gelu,  # exact: z * cdf(z)
    "silu": F.silu,
    "tanh": torch.tanh,
}


# The cases: what they are made of, and the optimizer.

def mlp(name, activation, optimizer, norm="none", place="none", residual=False):
    return {
        "name": name, "model": "mlp", "activation": activation,
        "norm": norm, "place": place, "residual": residual, "optimizer": optimizer,
        "inputs": INPUTS, "hidden": HIDDEN, "width": WIDTH, "classes": CLASSES, "batch": ROWS,
        "tensors": mlp_tensors(norm, place),
    }


def lora(name, activation, optimizer, rank):
    """Hidden matrices frozen under an adapter each, all else frozen too."""
    case = mlp(name, activation, optimizer)
    return {**case, "rank": rank, "tensors": case["tensors"] + adapter_tensors(rank)}


def gpt(name, optimizer, norm, place):
    return {
        "name": name, "model": "gpt", "activation": "gelu",
        "norm": norm, "place": place, "residual": True, "optimizer": optimizer,
        "vocabulary": VOCABULARY, "width": D, "heads": HEADS, "context": TIME, "blocks": BLOCKS, "batch": TEXTS,
        "tensors": gpt_tensors(norm, place),
    }


def llama(name, optimizer):
    """RMSNorm, SwiGLU, rotary positions, no biases, a head of its own."""
    case = gpt(name, optimizer, "rms", "pre")
    return {**case, "activation": "silu", "block": "llama", "tied": False, "tensors": llama_tensors()}


def sgd(rate, momentum=0.0, decay=0.0):
    return {"kind": "momentum" if momentum else "sgd", "rate": rate, "momentum": momentum, "decay": decay}


def adam(kind, rate, decay=0.0):
    return {"kind": kind, "rate": rate, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decay": decay}


def paced(optimizer, warmup, schedule):
    """The rate rises over `warmup` steps, then falls to a tenth at the last."""
    return {**optimizer, "warmup": warmup, "schedule": schedule}


def clipped(optimizer, norm):
    return {**optimizer, "clip": norm}


def cases():
    return [
        mlp("mlp-sgd", "relu", sgd(0.1)),
        mlp("mlp-momentum", "tanh", sgd(0.05, momentum=0.9)),
        mlp("mlp-adam", "gelu", adam("adam", 1e-2)),
        mlp("mlp-adamw", "silu", adam("adamw", 1e-2, decay=0.1), "layer", "pre", residual=True),
        mlp("mlp-sgd-post-rms", "relu", sgd(0.1), "rms", "post", residual=True),
        mlp("mlp-sgd-l2", "leaky-relu", sgd(0.1, decay=0.05)),
        gpt("gpt-adamw", adam("adamw", 3e-3, decay=0.1), "layer", "pre"),
        gpt("gpt-sgd-post", sgd(0.1), "layer", "post"),
        gpt("gpt-adam-rms", adam("adam", 3e-3), "rms", "pre"),
        llama("llama-adamw", adam("adamw", 3e-3, decay=0.1)),
        lora("mlp-lora", "tanh", adam("adamw", 1e-2, decay=0.1), 3),
        {**gpt("gpt-deepnorm", sgd(0.05), "layer", "post"), "skip": (2 * BLOCKS) ** 0.25},
        gpt("gpt-cosine-clip", clipped(paced(adam("adamw", 3e-3, decay=0.1), 5, "cosine"), 1.7), "layer", "pre"),
        mlp("mlp-linear", "tanh", paced(sgd(0.2, momentum=0.9), 4, "linear")),
        mlp("mlp-clip", "relu", clipped(sgd(0.1), 1.2)),
        lora("mlp-lora-clip", "tanh", clipped(sgd(0.5), 0.4), 3),
        mlp("mlp-inner-layer", "relu", adam("adam", 1e-2), "layer", "inner", residual=True),
        mlp("mlp-inner-rms", "gelu", sgd(0.1, momentum=0.9), "rms", "inner"),
        mlp("mlp-batch-inner", "relu", sgd(0.1), "batch", "inner"),
        mlp("mlp-batch-pre", "silu", adam("adamw", 1e-2, decay=0.1), "batch", "pre", residual=True),
        mlp("mlp-batch-post", "tanh", clipped(sgd(0.2), 1.0), "batch", "post", residual=True),
    ]


# The tensors, in order. The place in the list is the stream: entry = center + bound * value(place, i).

def tensor(name, shape, bound=0.0, center=0.0):
    return {"name": name, "shape": shape, "center": center, "bound": bound}


def norm_tensors(name, norm, n):
    gain = [tensor(f"{name}.gain", [n], center=1.0)]
    return gain + ([tensor(f"{name}.bias", [n])] if norm in ("layer", "batch") else [])


def linear_tensors(name, n_in, n_out, weight, bias):
    return [tensor(f"{name}.weight", [n_in, n_out], weight), tensor(f"{name}.bias", [n_out], bias)]


def mlp_tensors(norm, place):
    tensors = []
    for l in range(1, HIDDEN + 1):
        n_in, name = (INPUTS if l == 1 else WIDTH), f"hidden.{l}"
        if place == "pre" and l >= 2:
            tensors += norm_tensors(f"{name}.norm", norm, n_in)
        tensors += linear_tensors(name, n_in, WIDTH, round(math.sqrt(6 / n_in), 4), 0.1)
        if place in ("inner", "post"):
            tensors += norm_tensors(f"{name}.norm", norm, WIDTH)
    if place == "pre":
        tensors += norm_tensors("output.norm", norm, WIDTH)
    return tensors + linear_tensors("output", WIDTH, CLASSES, round(math.sqrt(6 / WIDTH), 4), 0.1)


def adapter_tensors(rank):
    """A as kaiming_uniform_(a=sqrt(5)) would bound it, B zero."""
    tensors = []
    for l in range(1, HIDDEN + 1):
        n_in = INPUTS if l == 1 else WIDTH
        tensors += [tensor(f"hidden.{l}.a", [n_in, rank], round(math.sqrt(1 / n_in), 4))]
        tensors += [tensor(f"hidden.{l}.b", [rank, WIDTH])]
    return tensors


def gpt_tensors(norm, place):
    tensors = [
        tensor("embedding.token", [VOCABULARY, D], 0.3),
        tensor("embedding.position", [TIME, D], 0.3),
    ]
    for b in range(1, BLOCKS + 1):
        name = f"block.{b}"
        tensors += norm_tensors(f"{name}.norm1", norm, D)
        tensors += linear_tensors(f"{name}.qkv", D, 3 * D, 0.15, 0.05)
        tensors += linear_tensors(f"{name}.out", D, D, 0.15, 0.05)
        tensors += norm_tensors(f"{name}.norm2", norm, D)
        tensors += linear_tensors(f"{name}.mlp-in", D, 4 * D, 0.15, 0.05)
        tensors += linear_tensors(f"{name}.mlp-out", 4 * D, D, 0.15, 0.05)
    return tensors + (norm_tensors("final.norm", norm, D) if place == "pre" else [])


def llama_tensors():
    matrix = lambda name, n_in, n_out: tensor(f"{name}.weight", [n_in, n_out], 0.15)
    tensors = [tensor("embedding.token", [VOCABULARY, D], 0.3)]
    for b in range(1, BLOCKS + 1):
        name = f"block.{b}"
        tensors += norm_tensors(f"{name}.norm1", "rms", D)
        tensors += [matrix(f"{name}.qkv", D, 3 * D), matrix(f"{name}.out", D, D)]
        tensors += norm_tensors(f"{name}.norm2", "rms", D)
        tensors += [matrix(f"{name}.mlp-in", D, GATED), matrix(f"{name}.mlp-up", D, GATED)]
        tensors += [matrix(f"{name}.mlp-out", GATED, D)]
    return tensors + norm_tensors("final.norm", "rms", D) + [matrix("head", D, VOCABULARY)]


# Numbers from the hash. Everything is rounded to float32 first, also for the run in float64.

def filled(shape, k, bound=1.0, center=0.0):
    flat = [center + bound * value(k, i) for i in range(math.prod(shape))]
    return torch.tensor(flat, dtype=torch.float64).to(torch.float32).reshape(shape)


def mlp_batch(step, dtype):
    x = filled([ROWS, INPUTS], 1000 + step).to(dtype)
    return x, torch.tensor([choice(2000 + step, row, CLASSES) for row in range(ROWS)])


def gpt_batch(step, dtype):
    tokens = [choice(3000 + step, j, VOCABULARY) for j in range(TEXTS * (TIME + 1))]
    tokens = torch.tensor(tokens).reshape(TEXTS, TIME + 1)
    return tokens[:, :-1], tokens[:, 1:]


# The models.

def normed(x, case, w, name):
    """layer: (x - mean) / sqrt(var + eps) * gain + bias, var biased.   rms: x / sqrt(mean(x^2) + eps) * gain."""
    if case["norm"] == "batch":
        return batch_normed(x, case, w, name)
    if case["norm"] == "layer":
        x = x - x.mean(-1, keepdim=True)
    x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + EPS) * w[f"{name}.gain"]
    return x + w[f"{name}.bias"] if case["norm"] == "layer" else x


def batch_normed(x, case, w, name):
    """PyTorch's own, with its running averages: from 0 and 1, a tenth of each batch, the variance over n - 1."""
    running = case["running"].setdefault(name, [torch.zeros_like(x[0]), torch.ones_like(x[0])])
    if case["training"]:
        return F.batch_norm(x, *running, w[f"{name}.gain"], w[f"{name}.bias"], True, MOMENTUM, EPS)
    # Without what they started from, whose weight is 0.9^passes.
    left = (1 - MOMENTUM) ** PASSES
    mean, var = running[0] / (1 - left), (running[1] - left) / (1 - left)
    return F.batch_norm(x, mean, var, w[f"{name}.gain"], w[f"{name}.bias"], False, MOMENTUM, EPS)


def linear(x, w, name):
    product = x @ w[f"{name}.weight"]
    if f"{name}.a" in w:
        product = product + (x @ w[f"{name}.a"]) @ w[f"{name}.b"]
    return product + w[f"{name}.bias"] if f"{name}.bias" in w else product


def mlp_logits(case, w, x):
    """z_l = in_l W_l + b_l,  in_l = norm(h_{l-1}) if pre and l >= 2,  h_l = [h_{l-1} +] phi(z_l),  normed if post;
    inner: phi(norm(z_l))."""
    phi = ACTIVATIONS[case["activation"]]
    h = x
    for l in range(1, HIDDEN + 1):
        name = f"hidden.{l}"
        into = normed(h, case, w, f"{name}.norm") if case["place"] == "pre" and l >= 2 else h
        z = linear(into, w, name)
        z = normed(z, case, w, f"{name}.norm") if case["place"] == "inner" else z
        out = phi(z)
        h = h + out if case["residual"] and l >= 2 else out
        h = normed(h, case, w, f"{name}.norm") if case["place"] == "post" else h
    h = normed(h, case, w, "output.norm") if case["place"] == "pre" else h
    return linear(h, w, "output")  # [batch, classes]


def gpt_logits(case, w, tokens):
    x = w["embedding.token"][tokens]  # [batch, time, d]
    if "embedding.position" in w:
        x = x + w["embedding.position"]
    skip = case.get("skip", 1.0)
    for b in range(1, BLOCKS + 1):
        for branch, norm in ((attention, f"block.{b}.norm1"), (feed_forward, f"block.{b}.norm2")):
            if case["place"] == "pre":
                x = x + branch(normed(x, case, w, norm), w, f"block.{b}")
            else:
                x = normed(skip * x + branch(x, w, f"block.{b}"), case, w, norm)
    x = normed(x, case, w, "final.norm") if case["place"] == "pre" else x
    head = w["head.weight"] if "head.weight" in w else w["embedding.token"].T
    return x @ head  # [batch, time, vocabulary]


def attention(x, w, block):
    batch, time, d = x.shape
    heads = lambda t: t.reshape(batch, time, HEADS, d // HEADS).transpose(1, 2)  # [batch, heads, time, d/heads]
    q, k, v = map(heads, linear(x, w, f"{block}.qkv").split(d, dim=-1))
    if "embedding.position" not in w:
        q, k = rotated(q), rotated(k)
    scores = q @ k.transpose(-2, -1) / math.sqrt(d // HEADS)  # [batch, heads, time, time]
    future = torch.ones(time, time, dtype=torch.bool).triu(1)
    shares = scores.masked_fill(future, -math.inf).softmax(-1)
    return linear((shares @ v).transpose(1, 2).reshape(batch, time, d), w, f"{block}.out")


def rotated(x):
    """The pair (x_i, x_{i + n/2}) of position t as a complex number, turned by t * 10000^(-2i/n)."""
    time, n = x.shape[-2:]
    angle = torch.arange(time)[:, None].double() * 10000.0 ** (-2.0 * torch.arange(n // 2).double() / n)
    turned = torch.complex(x[..., : n // 2].double(), x[..., n // 2 :].double()) * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([turned.real, turned.imag], -1).to(x.dtype)


def feed_forward(x, w, block):
    if f"{block}.mlp-up.weight" in w:
        return linear(F.silu(linear(x, w, f"{block}.mlp-in")) * linear(x, w, f"{block}.mlp-up"), w, f"{block}.mlp-out")
    return linear(F.gelu(linear(x, w, f"{block}.mlp-in")), w, f"{block}.mlp-out")


# The run.

def run(case, dtype):
    """The loss before each update and after the last, the gradient norms of step 0, and with BatchNorm the
    loss on another batch by the running averages."""
    case = {**case, "running": {}, "training": True}
    batch, logits = (mlp_batch, mlp_logits) if case["model"] == "mlp" else (gpt_batch, gpt_logits)
    w = {
        t["name"]: filled(t["shape"], k, t["bound"], t["center"]).to(dtype).requires_grad_(learns(case, t))
        for k, t in enumerate(case["tensors"])
    }
    optimizer = build(case["optimizer"], [t for t in w.values() if t.requires_grad])
    schedule = scheduler(case["optimizer"], optimizer)
    losses, gradients = [], None
    for step in range(STEPS + 1):
        x, targets = batch(step, dtype)
        loss = F.cross_entropy(logits(case, w, x).flatten(0, -2), targets.flatten())
        losses.append(loss.item())
        if step < STEPS:
            optimizer.zero_grad()
            loss.backward()
            gradients = gradients or [t.grad.norm().item() if t.requires_grad else 0.0 for t in w.values()]
            if "clip" in case["optimizer"]:
                learning = [t for t in w.values() if t.requires_grad]
                torch.nn.utils.clip_grad_norm_(learning, case["optimizer"]["clip"])
            optimizer.step()
            schedule.step()
    case["training"] = False
    x, targets = batch(PASSES, dtype)
    held_out = F.cross_entropy(logits(case, w, x).flatten(0, -2), targets.flatten()).item()
    return losses, gradients, held_out if case["running"] else None


def learns(case, t):
    return "rank" not in case or t["name"].endswith((".a", ".b"))


def build(o, parameters):
    if o["kind"] in ("sgd", "momentum"):
        return torch.optim.SGD(parameters, lr=o["rate"], momentum=o["momentum"], weight_decay=o["decay"])
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[o["kind"]]
    return kind(parameters, lr=o["rate"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"], weight_decay=o["decay"])


def scheduler(o, optimizer):
    """PyTorch's own: step t of STEPS has t/warmup of the rate, then it falls to a tenth of it."""
    warmup = o.get("warmup", 1)
    left = STEPS - warmup
    warm = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / warmup, total_iters=warmup - 1)
    fall = {
        "constant": lambda: torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0),
        "linear": lambda: torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, left),
        "cosine": lambda: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, left, 0.1 * o["rate"]),
    }[o.get("schedule", "constant")]()
    return torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, fall], [warmup - 1])


def golden(case):
    losses, gradients, held_out = run(case, torch.float64)
    rough, *_ = run(case, torch.float32)
    difference = max(abs(a - b) / a for a, b in zip(losses, rough))
    for t, gradient in zip(case["tensors"], gradients):
        t["gradient"] = digits(gradient, 9)
    print(f"{case['name']:18} {losses[0]:.6f} -> {losses[-1]:.6f}   float32 differs by {difference:.1e}")
    return {
        **case,
        "loss": [digits(loss, 12) for loss in losses[:STEPS]],
        "loss_after": digits(losses[STEPS], 12),
        "float32_difference": digits(difference, 2),
        **({"held_out": digits(held_out, 12)} if held_out else {}),
    }


def main():
    torch.set_num_threads(1)
    samples = [[k, i, value(k, i)] for k, i in ((0, 0), (0, 1), (1, 0), (7, 255), (1000, 3), (2019, 11), (3005, 26))]
    batches = {
        "mlp_inputs": [round(value(1000, i), 9) for i in range(INPUTS)],
        "mlp_labels": mlp_batch(0, torch.float64)[1].tolist(),
        "gpt_inputs": gpt_batch(0, None)[0].tolist(),
        "gpt_targets": gpt_batch(0, None)[1].tolist(),
    }
    write("train.json", {
        "generator": "tests/golden/train.py",
        "steps": STEPS,
        "norm_epsilon": EPS,
        "leak": LEAK,
        "value": samples,
        "first_batch": batches,
        "cases": [golden(case) for case in cases()],
    })


if __name__ == "__main__":
    main()
