#!/usr/bin/env python3
"""Writes init.json: what torch.nn.init draws, measured, beside what its formulas say.

One matrix of 48 inputs and 80 outputs, so that fan_in and fan_out cannot be confused. PyTorch
keeps it as [out, in] = [80, 48]; the engine keeps it as [in, out]. Every measured number must
lie within its confidence of the formula, or nothing is written.
"""
import math

import torch
from torch import nn
from torch.nn import init

from golden import digits, write

FAN_IN, FAN_OUT = 48, 80
DRAWS = 2000  # matrices a scheme; 7.68 million numbers
LAYERS = 12
SIGMAS = 6.0  # how many standard errors a measured number may be off


def normal(std):
    return {"shape": "normal", "std": std, "bound": None, "excess_kurtosis": 0.0}


def uniform(bound):
    return {"shape": "uniform", "std": bound / math.sqrt(3), "bound": bound, "excess_kurtosis": -1.2}


def same(value):
    return {"shape": "constant", "std": 0.0, "bound": abs(value), "mean": value}


def orthogonal(gain):
    """Entries of a random orthogonal matrix: only their mean square is exact."""
    return {"shape": "orthogonal", "std": gain / math.sqrt(max(FAN_IN, FAN_OUT)), "bound": gain, "gain": gain}


def linear_default(w):
    """What nn.Linear does to its weight (PyTorch writes it as kaiming_uniform with a = sqrt(5))."""
    w.copy_(nn.Linear(FAN_IN, FAN_OUT).weight)


def linear_default_bias(w):
    w.copy_(torch.stack([nn.Linear(FAN_IN, FAN_OUT).bias for _ in range(FAN_IN)], dim=1))


RELU = math.sqrt(2.0)
BOTH = FAN_IN + FAN_OUT

# name, what PyTorch does, what the formula says
SCHEMES = [
    ("zeros", init.zeros_, same(0.0)),
    ("constant(0.02)", lambda w: init.constant_(w, 0.02), same(0.02)),
    ("normal(0.02)", lambda w: init.normal_(w, 0.0, 0.02), normal(0.02)),
    ("uniform(0.02)", lambda w: init.uniform_(w, -0.02 * 3**0.5, 0.02 * 3**0.5), uniform(0.02 * 3**0.5)),
    ("xavier-normal", init.xavier_normal_, normal(math.sqrt(2 / BOTH))),
    ("xavier-uniform", init.xavier_uniform_, uniform(math.sqrt(6 / BOTH))),
    ("xavier-normal, tanh", lambda w: init.xavier_normal_(w, init.calculate_gain("tanh")), normal(5 / 3 * math.sqrt(2 / BOTH))),
    ("kaiming-normal", lambda w: init.kaiming_normal_(w, nonlinearity="relu"), normal(RELU / math.sqrt(FAN_IN))),
    ("kaiming-uniform", lambda w: init.kaiming_uniform_(w, nonlinearity="relu"), uniform(RELU * math.sqrt(3 / FAN_IN))),
    (
        "kaiming-normal, fan_out",
        lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"),
        normal(RELU / math.sqrt(FAN_OUT)),
    ),
    (
        "kaiming-uniform, fan_out",
        lambda w: init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"),
        uniform(RELU * math.sqrt(3 / FAN_OUT)),
    ),
    ("pytorch", linear_default, uniform(1 / math.sqrt(FAN_IN))),
    ("pytorch, bias", linear_default_bias, uniform(1 / math.sqrt(FAN_IN))),
    ("orthogonal", init.orthogonal_, orthogonal(1.0)),
    ("orthogonal, relu", lambda w: init.orthogonal_(w, RELU), orthogonal(RELU)),
    ("gpt2", lambda w: init.normal_(w, 0.0, 0.02), normal(0.02)),
    (
        f"gpt2, residual, {LAYERS} layers",
        lambda w: init.normal_(w, 0.0, 0.02 / math.sqrt(2 * LAYERS)),
        normal(0.02 / math.sqrt(2 * LAYERS)),
    ),
]

GAINS = [("linear", None), ("relu", None), ("leaky_relu", 0.01), ("leaky_relu", math.sqrt(5)), ("tanh", None), ("sigmoid", None)]


def measured(fill):
    """Moments of many matrices at once; a draw is one matrix, because orthogonal entries depend on each other."""
    draws = torch.empty(DRAWS, FAN_OUT, FAN_IN)
    with torch.no_grad():
        for matrix in draws:
            fill(matrix)
    draws = draws.double()
    mean = draws.mean()
    centred = draws - mean
    std = centred.square().mean().sqrt()
    return {
        "mean": mean.item(),
        "std": std.item(),
        "largest": draws.abs().max().item(),
        "excess_kurtosis": (centred.pow(4).mean() / std**4 - 3).item() if std > 1e-9 else 0.0,
    }, torch.linalg.svdvals(draws[0])


def check(name, found, singular_values, law):
    n = DRAWS * FAN_IN * FAN_OUT
    std = law["std"]
    assert abs(found["mean"] - law.get("mean", 0.0)) <= SIGMAS * std / math.sqrt(n) + 1e-8, (name, found, law)
    assert abs(found["std"] - std) <= SIGMAS * std / math.sqrt(2 * n) + 1e-8, (name, found, law)
    if law["bound"] is not None:
        assert found["largest"] <= law["bound"] * (1 + 1e-6), (name, found, law)
    if law["shape"] == "uniform":
        assert found["largest"] >= law["bound"] * (1 - 1e-4), (name, found, law)
    if law["shape"] in ("normal", "uniform"):
        assert abs(found["excess_kurtosis"] - law["excess_kurtosis"]) <= SIGMAS * math.sqrt(24 / n), (name, found, law)
    if law["shape"] == "orthogonal":
        assert (singular_values - law["gain"]).abs().max() < 1e-5, (name, singular_values, law)


def scheme(seed, name, fill, law):
    torch.manual_seed(seed)
    found, singular_values = measured(fill)
    check(name, found, singular_values, law)
    found = {key: digits(part, 5) if abs(part) > 1e-12 else 0.0 for key, part in found.items()}
    return {"scheme": name, "formula": law, "measured": found}


def gain(name, slope):
    return {"activation": name, "slope": slope, "gain": float(init.calculate_gain(name, slope))}


def main():
    torch.set_num_threads(1)
    write("init.json", {
        "generator": "tests/golden/init.py",
        "fan_in": FAN_IN,
        "fan_out": FAN_OUT,
        "numbers_a_scheme": DRAWS * FAN_IN * FAN_OUT,
        "schemes": [scheme(seed, *row) for seed, row in enumerate(SCHEMES)],
        "gains": [gain(*row) for row in GAINS],
    })


if __name__ == "__main__":
    main()
