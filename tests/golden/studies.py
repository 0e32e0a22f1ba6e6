#!/usr/bin/env python3
"""Writes statistics.json: paired comparisons and rank correlations by SciPy, Holm's by statsmodels, permutation tests by counting."""
import itertools

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from golden import digits, write

SIGNIFICANT = 12


def rounded(numbers):
    return {key: digits(value, SIGNIFICANT) for key, value in numbers.items()}


def flips(d):
    """Of all sign patterns, the share whose sum lies at least as far from zero."""
    far = patterns = 0
    for half in itertools.product([1, -1], repeat=max(len(d) - 12, 0)):
        signs = np.array(list(itertools.product([1, -1], repeat=min(len(d), 12))))
        sums = signs @ d[: signs.shape[1]] + np.dot(half, d[signs.shape[1]:])
        far += (np.abs(sums) >= abs(d.sum()) * (1 - 1e-12)).sum()
        patterns += len(signs)
    return far / patterns


def compare(first, second):
    d = np.array(second) - np.array(first)
    n = len(d)
    t, p = stats.ttest_rel(second, first)
    mean, std = d.mean(), d.std(ddof=1)
    low, high = stats.t.interval(0.95, n - 1, loc=mean, scale=std / np.sqrt(n))
    return rounded(dict(mean=mean, std=std, t=t, p=p, low=low, high=high, effect=mean / std, permutation=flips(d)))


def case(first, second):
    return dict(first=first, second=second, **compare(first, second))


def lost(first, second, worst):
    """None is a number that was lost: `worst` times infinity."""
    one, other = (np.array([worst * np.inf if x is None else x for x in side]) for side in (first, second))
    d = np.array([0.0 if a == b else b - a for a, b in zip(one, other)])
    signed = np.sign(d) * stats.rankdata(np.abs(d))
    if len(set(np.abs(d))) == len(d) and 0 not in d:
        assert abs(stats.wilcoxon(d, method="exact").pvalue - flips(signed)) < 1e-12
    both = [(a, b) for a, b in zip(first, second) if a is not None and b is not None]
    means = compare(*zip(*both)) if len(both) > 1 else {}
    means.pop("permutation", None)
    known = dict(direction=signed.sum(), permutation=flips(signed))
    return dict(first=first, second=second, worst=worst, finite=len(both), **rounded(known), **means)


def ranked(values):
    rho, p = stats.spearmanr(np.arange(len(values)), values)
    if len(values) <= 8:
        places, ranks = np.arange(len(values)) - (len(values) - 1) / 2, stats.rankdata(values)
        sums = np.abs(np.array(list(itertools.permutations(ranks))) @ places)
        p = (sums >= abs(ranks @ places) * (1 - 1e-12)).mean()
    return dict(values=values, **rounded(dict(rho=rho, p=p)))


rng = np.random.default_rng(7)
cases = []
for n, shift, spread in [(2, 0.3, 1.0), (3, 0.0, 0.1), (10, 0.0, 1.0), (10, -0.8, 0.5), (10, 3.0, 0.2), (16, 0.05, 0.1)]:
    first = np.round(rng.normal(1.0, 0.5, n), 4)
    second = np.round(first + shift + rng.normal(0.0, spread, n), 4)
    cases.append(case(first.tolist(), second.tolist()))

lists = [np.round(rng.normal(0.0, 1.0, n) - slope * np.arange(n), 3).tolist() for n, slope in [(3, 0.0), (12, 0.0), (12, 0.4)]]
lists += [[3.0, 1.0, 2.0, 2.0, 1.0], [1.0, 2.0, 3.0], [4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 5.0, 4.0]]
lists += [np.round(rng.normal(0.0, 1.0, n) - 0.3 * np.arange(n), 3).tolist() for n in (6, 7, 8, 9, 24)]

# Too many to count in the page, where patterns are drawn; here they are counted all the same.
many = []
for n, shift in [(17, 0.1), (20, 0.0), (20, 0.4)]:
    first = np.round(rng.normal(1.0, 0.5, n), 4)
    second = np.round(first + shift + rng.normal(0.0, 0.5, n), 4)
    many.append(case(first.tolist(), second.tolist()))

losses = [
    ([1.0, 2.0, None, 1.5], [1.5, 2.7, 2.0, 1.9], 1),
    ([1.0, 2.0, None, 1.5], [1.5, 2.7, 2.0, 1.9], -1),
    ([None] * 8, [0.5, 0.4, 0.6, 0.7, 0.5, 0.3, 0.2, 0.9], 1),
    ([1.0, None, None, 0.9, 1.2, 1.3], [0.8, None, 1.1, 0.7, None, 1.3], 1),
    ([0.3, 0.2, 0.4, 0.35, 0.25, 0.28, 0.5], [0.9, 0.85, None, 0.7, 0.95, 0.8, 0.99], -1),
]

groups = [rng.uniform(0.0, 0.2, n).round(4).tolist() for n in (1, 3, 18)] + [[0.01, 0.04, 0.03, 0.005], [0.03, 0.02, 0.02, 0.9]]
corrected = [dict(p=p, holm=[digits(x, SIGNIFICANT) for x in multipletests(p, method="holm")[1]]) for p in groups]

write("statistics.json", dict(
    paired=cases, many=many, lost=[lost(*parts) for parts in losses], holm=corrected, ranked=[ranked(values) for values in lists],
))
