#!/usr/bin/env python3
"""Writes weight.json: one weight under PyTorch's optimizers, with and without zero_grad, in numbers of 64 bits.

The loss is (w - target)^2, as in the courses' notebooks; the weight is kept at a few steps.
"""
import math

import torch

from golden import digits, write

STEPS = 150
KEPT = [0, 1, 2, 3, 10, 44, 75, 150]
CASES = [
    # start, target, rate, decay, zero_grad
    (0.0, math.pi, 0.01, 0.0, True),
    (0.0, math.pi, 0.01, 0.01, True),
    (2.0, 5.0, 0.05, 0.5, True),
    (0.0, math.pi, 0.1, 0.1, True),
    (0.0, math.pi, 0.9, 0.0, True),
    (0.0, math.pi, 0.01, 0.0, False),
    (-1.5, 0.25, 0.04, 0.2, False),
]
OPTIMIZERS = {
    "sgd": lambda w, lr, wd: torch.optim.SGD([w], lr=lr, weight_decay=wd),
    "momentum": lambda w, lr, wd: torch.optim.SGD([w], lr=lr, weight_decay=wd, momentum=0.9),
    "adam": lambda w, lr, wd: torch.optim.Adam([w], lr=lr, weight_decay=wd),
    "adamw": lambda w, lr, wd: torch.optim.AdamW([w], lr=lr, weight_decay=wd),
}


def course(name, start, target, lr, wd, zero_grad):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = OPTIMIZERS[name](w, lr, wd)
    weights = [w.item()]
    for _ in range(STEPS):
        if zero_grad:
            optimizer.zero_grad()
        ((w - target) ** 2).backward()
        optimizer.step()
        weights.append(w.item())
    return [digits(weights[step], 13) for step in KEPT]


cases = [
    {
        "start": start,
        "target": target,
        "lr": lr,
        "wd": wd,
        "zero_grad": zero_grad,
        "weights": {name: course(name, start, target, lr, wd, zero_grad) for name in OPTIMIZERS},
    }
    for start, target, lr, wd, zero_grad in CASES
]
write("weight.json", {"steps": KEPT, "cases": cases})
