#!/usr/bin/env python3
"""Writes schemes.json: what the lines of PyTorch on the schemes' cards draw, beside what their formulas say.

The lines are read out of www/schemes/en.html and executed as they stand, on a matrix of 48 inputs
and 80 outputs. A line that asks what a matrix is for (`writes_stream`, …) is executed for both
answers. Nothing is written unless every standard deviation agrees with its formula.
"""
import math
import re
from html import unescape
from pathlib import Path

import torch
from torch import nn
from torch.nn import init

from golden import digits, write

PAGE = Path(__file__).parents[2] / "www" / "schemes" / "en.html"
FAN_IN, FAN_OUT = 48, 80
RANK, OLD, NEW = 4, 100, 3
DRAWS = 500  # matrices a case; 1.92 million numbers
SIGMAS = 6.0  # how many standard errors a measured number may be off

# What stands in the lines. fan_in and fan_out are the matrix's own.
SETTING = {
    "std": 0.02,
    "c": 0.02,
    "gain": 1.5,
    "sparsity": 0.9,
    "d": 64,
    "L": 12,
    "l": 3,
    "n_in": FAN_IN,
    "n_out": FAN_OUT,
    "new": NEW,
}
STD, C, GAIN, SPARSITY, D, L, LAYER = (SETTING[key] for key in ("std", "c", "gain", "sparsity", "d", "L", "l"))
XAVIER = math.sqrt(2 / (FAN_IN + FAN_OUT))
SMALL = math.sqrt(2 / (5 * D))


def cut(at):
    """Standard deviation of N(0, 1) cut at ±at."""
    density = math.exp(-at * at / 2) / math.sqrt(2 * math.pi)
    return math.sqrt(1 - 2 * at * density / math.erf(at / math.sqrt(2)))


TWO, THREE = cut(2), cut(3)
EYE = min(FAN_IN, FAN_OUT) / (FAN_IN * FAN_OUT)  # mean of the identity's entries, and of their squares
KEPT = 1 - math.ceil(SPARSITY * FAN_OUT) / FAN_OUT  # PyTorch rounds the number of zeros up

# card, which of its lines, what differs from SETTING, std by the formula, and what else is exact
CASES = [
    ("zeros", 0, {}, 0.0, {}),
    ("constant", 0, {}, 0.0, {"mean": C}),
    ("normal", 0, {}, STD, {}),
    ("uniform", 0, {}, STD, {"bound": STD * math.sqrt(3)}),
    ("truncated-normal", "corrected", {}, STD, {"bound": 2 * STD / TWO}),
    ("truncated-normal", "raw", {}, TWO * STD, {"bound": 2 * STD}),
    ("truncated-normal", "absolute", {}, STD, {"bound": 2.0}),
    ("truncated-normal", "absolute", {"std": 1.0}, TWO, {"bound": 2.0}),
    ("truncated-normal", "absolute", {"std": 2.0}, 2 * cut(1), {"bound": 2.0}),
    ("xavier-normal", 0, {}, GAIN * XAVIER, {}),
    ("xavier-uniform", 0, {}, GAIN * XAVIER, {"bound": GAIN * XAVIER * math.sqrt(3)}),
    ("kaiming-normal", 0, {}, math.sqrt(2 / FAN_IN), {}),
    ("kaiming-uniform", 0, {}, math.sqrt(2 / FAN_IN), {"bound": math.sqrt(6 / FAN_IN)}),
    ("pytorch", 0, {}, 1 / math.sqrt(3 * FAN_IN), {"bound": 1 / math.sqrt(FAN_IN)}),
    ("lecun-normal", 0, {}, 1 / math.sqrt(FAN_IN), {}),
    ("lecun-uniform", 0, {}, 1 / math.sqrt(FAN_IN), {"bound": math.sqrt(3 / FAN_IN)}),
    ("orthogonal", 0, {}, GAIN / math.sqrt(max(FAN_IN, FAN_OUT)), {"bound": GAIN}),
    ("identity", 0, {}, math.sqrt(EYE - EYE**2), {"mean": EYE}),
    ("sparse", 0, {}, STD * math.sqrt(KEPT), {}),
    ("gpt2", 0, {"writes_stream": False}, STD, {}),
    ("gpt2", 0, {"writes_stream": True}, STD / math.sqrt(2 * L), {}),
    ("depth-scaled", 0, {"writes_stream": False}, STD, {}),
    ("depth-scaled", 0, {"writes_stream": True}, STD / math.sqrt(2 * LAYER), {}),
    ("small", 0, {}, SMALL, {}),
    ("wang", 0, {"writes_stream": False}, SMALL, {}),
    ("wang", 0, {"writes_stream": True}, 2 / (L * math.sqrt(D)), {}),
    ("llama", 0, {"writes_stream": False, "is_w3": False}, STD, {}),
    ("llama", 0, {"writes_stream": False, "is_w3": True}, STD / math.sqrt(2 * LAYER), {}),
    ("llama", "embedding", {}, 1.0, {}),
    ("llama", "head", {}, THREE / math.sqrt(D), {"bound": 3 / math.sqrt(D)}),
    ("mup", 0, {"is_output": False}, GAIN / math.sqrt(FAN_IN), {}),
    ("mup", 0, {"is_output": True}, 1 / FAN_IN, {}),
    ("fixup", 0, {"last_of_branch": False}, math.sqrt(2 / FAN_IN) / math.sqrt(2 * L), {}),
    ("fixup", 0, {"last_of_branch": True}, 0.0, {}),
    ("t-fixup", 0, {"value_out_or_mlp": False}, XAVIER, {}),
    ("t-fixup", 0, {"value_out_or_mlp": True}, XAVIER * (9 * L) ** -0.25, {}),
    ("rezero", 0, {}, XAVIER, {"alpha": 0.0}),
    ("layer-scale", 0, {}, STD, {"gamma": 0.1}),
    ("layer-scale", 0, {"L": 18}, STD, {"gamma": 0.1}),
    ("layer-scale", 0, {"L": 24}, STD, {"gamma": 1e-5}),
    ("layer-scale", 0, {"L": 25}, STD, {"gamma": 1e-6}),
    ("deepnorm", 0, {"value_out_or_mlp": False}, XAVIER, {}),
    ("deepnorm", 0, {"value_out_or_mlp": True}, XAVIER * (8 * L) ** -0.25, {}),
    # One step is the whole of it here: the batch has mean square 1, and Q keeps lengths.
    ("lsuv", 0, {}, 1 / math.sqrt(FAN_IN), {}),
    ("formula", 0, {}, math.sqrt(2 / FAN_IN), {}),
    ("lora", 0, {"measure": "A"}, 1 / math.sqrt(3 * FAN_IN), {"bound": 1 / math.sqrt(FAN_IN)}),
    ("lora", 0, {"measure": "B"}, 0.0, {}),
    # The mean of 100 rows of N(0, 1); the new rows are one and the same.
    ("new-tokens", 0, {"measure": "E"}, 1 / math.sqrt(OLD), {}),
]


def lines():
    """The lines of each card, by number and by the comment at their end."""
    found = {}
    for article in PAGE.read_text().split('<article id="')[1:]:
        name = article.split('"')[0]
        code = unescape(re.search(r'<pre class="pytorch"><code>(.*?)</code></pre>', article, re.S)[1])
        for number, line in enumerate(code.split("\n")):
            found[name, number] = line
            if "#" in line:
                found[name, line.split("#")[1].strip()] = line
    return found


def names(given):
    """Everything a line may name, fresh for each execution."""
    x = torch.randn(256, FAN_IN)
    x = (x - x.mean()) / x.std(unbiased=False)
    return {
        **SETTING,
        "math": math,
        "torch": torch,
        "nn": nn,
        "init": init,
        "w": nn.Parameter(torch.empty(FAN_OUT, FAN_IN)),
        "x": x,
        "A": nn.Parameter(torch.empty(RANK, FAN_IN)),
        "B": nn.Parameter(torch.empty(FAN_OUT, RANK)),
        "E": nn.Embedding(OLD + NEW, FAN_IN),
        **given,
    }


def drawn(line, given):
    """What the line leaves: the numbers of the tensor in question, and the names."""
    space = names(given)
    exec(line, space)
    if given.get("measure") == "E":
        rows = space["E"].weight.data[-NEW:]
        assert (rows == rows[0]).all() and torch.equal(rows[0], space["E"].weight.data[:-NEW].mean(0)), line
        return rows[0], space
    return space[given.get("measure", "w")].data, space


def check(case, found, law, count, fixed):
    """The same bounds as init.py's, but for what is not independent: LSUV's batch, and rows of a mean."""
    std = law["std"]
    error = std / math.sqrt(2 * count)
    if fixed:
        error = 0.0
    if case[0] == "lsuv":
        # A divisor a matrix, from a batch of 256: its own error, far above the entries'.
        error = std / math.sqrt(2 * 256 * DRAWS)
    assert abs(found["std"] - std) <= SIGMAS * error + 1e-8, (case, found, law)
    assert abs(found["mean"] - law.get("mean", 0.0)) <= SIGMAS * std / math.sqrt(count) + 1e-8, (case, found, law)
    if "bound" in law:
        # 0.8796 on the card has four digits.
        assert found["largest"] <= law["bound"] * (1 + 5e-5), (case, found, law)


def measure(line, case, law):
    draws = []
    for _ in range(DRAWS):
        tensor, space = drawn(line, case[2])
        draws.append(tensor.reshape(-1).clone())
        for name in ("alpha", "gamma"):
            if name in law:
                assert isinstance(space[name], nn.Parameter), line
                assert torch.allclose(space[name].data, torch.tensor(law[name])), (case, space[name])
    draws = torch.stack(draws).double()
    found = {
        "mean": draws.mean().item(),
        "std": draws.std(unbiased=False).item(),
        "largest": draws.abs().max().item(),
    }
    # Orthogonal matrices, the identity and constants have their mean square exactly.
    check(case, found, law, draws.numel(), case[0] in ("identity", "constant", "zeros"))
    return {key: digits(part, 5) if abs(part) > 1e-12 else 0.0 for key, part in found.items()}


def main():
    torch.set_num_threads(1)
    cards, unseen = lines(), {name for name, _ in lines()}
    rows = []
    for seed, case in enumerate(CASES):
        name, which, given, std, exact = case
        torch.manual_seed(seed)
        law = {"std": std, **exact}
        line = cards[name, which]
        unseen.discard(name)
        rows.append({
            "scheme": name,
            "line": line.split("#")[0].strip(),
            "given": given,
            "formula": law,
            "measured": measure(line, case, law),
        })
    assert not unseen, f"cards without a case: {sorted(unseen)}"
    executed = {row["line"] for row in rows}
    missed = {line for line in cards.values() if line.split("#")[0].strip() not in executed}
    assert not missed, f"lines never executed: {missed}"
    write("schemes.json", {
        "generator": "tests/golden/schemes.py",
        "fan_in": FAN_IN,
        "fan_out": FAN_OUT,
        "setting": SETTING,
        "matrices_a_case": DRAWS,
        "cases": rows,
    })


if __name__ == "__main__":
    main()
