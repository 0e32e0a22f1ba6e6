#!/usr/bin/env python3
"""Writes statistics.json: paired comparisons and rank correlations by SciPy, and the sign-flip permutation test by counting."""
import itertools

import numpy as np
from scipy import stats

from golden import digits, write

SIGNIFICANT = 12


def compare(first, second):
    first, second = np.array(first), np.array(second)
    d = second - first
    n = len(d)
    t, p = stats.ttest_rel(second, first)
    mean, std = d.mean(), d.std(ddof=1)
    low, high = stats.t.interval(0.95, n - 1, loc=mean, scale=std / np.sqrt(n))
    signs = np.array(list(itertools.product([1, -1], repeat=n)))
    far = np.abs(signs @ d) >= abs(d.sum()) * (1 - 1e-12)
    numbers = dict(mean=mean, std=std, t=t, p=p, low=low, high=high, effect=mean / std, permutation=far.mean())
    return dict(first=first.tolist(), second=second.tolist(), **{k: digits(v, SIGNIFICANT) for k, v in numbers.items()})


rng = np.random.default_rng(7)
cases = []
for n, shift, spread in [(2, 0.3, 1.0), (3, 0.0, 0.1), (10, 0.0, 1.0), (10, -0.8, 0.5), (10, 3.0, 0.2), (16, 0.05, 0.1)]:
    first = np.round(rng.normal(1.0, 0.5, n), 4)
    second = np.round(first + shift + rng.normal(0.0, spread, n), 4)
    cases.append(compare(first.tolist(), second.tolist()))


def ranked(values):
    rho, p = stats.spearmanr(np.arange(len(values)), values)
    return dict(values=values, rho=digits(rho, SIGNIFICANT), p=digits(p, SIGNIFICANT))


lists = [np.round(rng.normal(0.0, 1.0, n) - slope * np.arange(n), 3).tolist() for n, slope in [(3, 0.0), (12, 0.0), (12, 0.4)]]
write("statistics.json", dict(paired=cases, ranked=[ranked(values) for values in [*lists, [3.0, 1.0, 2.0, 2.0, 1.0]]]))
