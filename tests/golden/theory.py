#!/usr/bin/env python3
"""Writes theory.json: Gaussian averages of the activations, by adaptive quadrature, and the phases that follow.

    mean    E[phi(u)]       second  E[phi(u)^2]       slope  E[phi'(u)^2]       fourth  E[phi(u)^4],    u ~ N(0, q)
    kernel  E[phi(u) phi(v)],    u, v ~ N(0, 1),    E[u v] = c

    phase   where q <- w V(q) + b and the correlation map come to rest, and the slopes there,    w = sigma_w^2, b = sigma_b^2
    critical   sigma_w(sigma_b) on the line w D(q*) = 1;    half_stable   where d(w V + b)/dq = 1 as well

Every average that has a closed form is checked against it before anything is written.
"""
import math

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq, fsolve
from scipy.special import erf, expit, ndtr, ndtri

from golden import digits, write

LEAK = 0.01
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
VARIANCES = [1e-6, 1e-3, 0.1, 0.3072, 1.0, 2.5, 10.0, 1e3]
CORRELATIONS = [0.0, 0.3, 0.9, 0.999]
PROBABILITIES = [
    1e-300, 1e-16, 1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.02425, 0.1, 0.25, 0.4, 0.5,
    0.6, 0.75, 0.9, 0.975, 0.97575, 0.99, 0.999, 0.999999, 0.999999999,
]
POINTS = [-37.0, -10.0, -5.0, -3.0, -2.0, -1.0, -0.5, -0.1, -1e-3, 0.0, 1e-3, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0]

TAIL = 13.0  # what lies beyond weighs less than 1e-37
TOLERANCE = 1e-10
SIGNIFICANT = 11


def density(z):
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def sech2(x):
    return 0.0 if abs(x) > 350 else 1 / math.cosh(x) ** 2


# name: (phi, its derivative)
ACTIVATIONS = {
    "linear": (lambda x: x, lambda x: 1.0),
    "relu": (lambda x: max(x, 0.0), lambda x: float(x > 0)),
    "leaky-relu": (lambda x: x if x > 0 else LEAK * x, lambda x: 1.0 if x > 0 else LEAK),
    "gelu": (lambda x: x * ndtr(x), lambda x: ndtr(x) + x * density(x)),
    "silu": (lambda x: x * expit(x), lambda x: expit(x) * (1 + x * expit(-x))),
    "tanh": (math.tanh, sech2),
    "sigmoid": (expit, lambda x: expit(x) * expit(-x)),
    "relu-squared": (lambda x: max(x, 0.0) ** 2, lambda x: 2 * max(x, 0.0)),
    "elu": (lambda x: x if x > 0 else math.expm1(x), lambda x: 1.0 if x > 0 else math.exp(x)),
    "selu": (
        lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * math.expm1(x)),
        lambda x: SELU_SCALE * (1.0 if x > 0 else SELU_ALPHA * math.exp(x)),
    ),
    "mish": (lambda x: x * math.tanh(softplus(x)), lambda x: mish_slope(x)),
    "softplus": (lambda x: softplus(x), expit),
    "erf": (erf, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x)),
    "sin": (math.sin, math.cos),
}


def softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def mish_slope(x):
    t = math.tanh(softplus(x))
    return t + x * expit(x) * (1 - t * t)


def average(f, q):
    """E[f(sqrt(q) z)]. Both signs of z together, so that what is odd cancels exactly; never across a kink."""
    s = math.sqrt(q)
    scales = [x for k in (0.1, 0.5, 1, 2, 4, 8, 16, 40) for x in (k, k / s) if 1e-6 < x < TAIL]
    return panels(lambda z: (f(s * z) + f(-s * z)) * density(z), [0.0, *sorted(set(scales)), TAIL])


def kernel(phi, c):
    """v = c u + sqrt(1 - c^2) z. The kink of phi(v) is a seam of the inner integral."""
    s = math.sqrt(1 - c * c)

    def inner(u):
        seams = sorted({-TAIL, -3.0, 0.0, 3.0, TAIL} | ({-c * u / s} if abs(c * u / s) < TAIL else set()))
        return panels(lambda z: phi(c * u + s * z) * density(z), seams)

    near = [k * s for k in (1.0, 3.0, 9.0)]
    seams = sorted({-TAIL, -4.0, 0.0, 4.0, TAIL} | {sign * x for x in near if x < 4 for sign in (-1, 1)})
    return panels(lambda u: phi(u) * density(u) * inner(u), seams)


def panels(f, seams):
    parts = [quad(f, a, b, epsabs=1e-300, epsrel=1e-13, limit=200, full_output=1)[0] for a, b in zip(seams, seams[1:])]
    return math.fsum(parts)


def check(what, found, exact):
    """Adaptive quadrature must agree with the closed form."""
    assert abs(found - exact) <= TOLERANCE * max(abs(exact), 1e-300) or found == exact, (what, found, exact)


def check_moments(name, q, mean, second, slope, fourth):
    a2, a4 = (1 + LEAK**2) / 2, (1 + LEAK**4) / 2
    exact = {
        "linear": (0.0, q, 1.0, 3 * q * q),
        "relu": (math.sqrt(q / (2 * math.pi)), q / 2, 0.5, 1.5 * q * q),
        "leaky-relu": ((1 - LEAK) * math.sqrt(q / (2 * math.pi)), a2 * q, a2, 3 * a4 * q * q),
        "gelu": (q / math.sqrt(2 * math.pi * (1 + q)), gelu_second(q), None, None),
        "tanh": (0.0, None, None, None),
        "sigmoid": (0.5, None, None, None),
        "relu-squared": (q / 2, 1.5 * q * q, 2 * q, 52.5 * q**4),
        "erf": (0.0, 2 / math.pi * math.asin(2 * q / (1 + 2 * q)), 4 / math.pi / math.sqrt(1 + 4 * q), None),
        "sin": (0.0, -math.expm1(-2 * q) / 2, (1 + math.exp(-2 * q)) / 2, None),
    }.get(name, (None,) * 4)
    for part, found, value in zip(("mean", "second", "slope", "fourth"), (mean, second, slope, fourth), exact):
        if value is not None:
            check((name, q, part), found, value)


def sin_fourth(q):
    """(3 - 4 exp(-2q) + exp(-8q)) / 8, which with u = 1 - exp(-2q) cancels nowhere."""
    u = -math.expm1(-2 * q)
    return u * u * (6 - 4 * u + u * u) / 8


def gelu_second(q):
    """E[u^2 cdf(u)^2]."""
    r = q / (1 + q)
    return q / 4 + q / (2 * math.pi) * (math.asin(r) + 2 * r / math.sqrt(1 + 2 * q))


def check_kernel(name, c, found):
    angle = math.acos(c)
    relu = (math.sin(angle) + (math.pi - angle) * c) / (2 * math.pi)
    exact = {
        "linear": c,
        "relu": relu,
        "leaky-relu": (1 - LEAK) ** 2 * relu + LEAK * c,
    }
    if name in exact:
        assert abs(found - exact[name]) <= TOLERANCE, (name, c, found, exact[name])


def moments(name):
    phi, derivative = ACTIVATIONS[name]
    for q in VARIANCES:
        if name == "sin":  # adaptive quadrature gets lost in the waves of q = 1000
            found = [0.0, -math.expm1(-2 * q) / 2, (1 + math.exp(-2 * q)) / 2, sin_fourth(q)]
            if q <= 10:
                for exact, f in zip(found[1:], (lambda x: phi(x) ** 2, lambda x: derivative(x) ** 2, lambda x: phi(x) ** 4)):
                    assert abs(average(f, q) - exact) < 1e-12 + 1e-8 * exact, (q, exact)
        else:
            found = [average(f, q) for f in (phi, lambda x: phi(x) ** 2, lambda x: derivative(x) ** 2, lambda x: phi(x) ** 4)]
        check_moments(name, q, *found)
        mean, second, slope, fourth = (digits(float(x), SIGNIFICANT) for x in found)
        yield {"q": q, "mean": mean, "second": second, "slope": slope, "fourth": fourth}


def kernels(name):
    for c in CORRELATIONS:
        found = float(kernel(ACTIVATIONS[name][0], c))
        check_kernel(name, c, found)
        yield {"c": c, "kernel": 0.0 if abs(found) < 1e-14 else digits(found, SIGNIFICANT)}


# Smooth activations over an even grid, whose error is far below rounding: step 0.02 against poles at pi/2 / sqrt(q).
GRID = np.arange(-600, 601) * 0.02
WEIGHTS = 0.02 * np.exp(-GRID * GRID / 2) / math.sqrt(2 * math.pi)
SMOOTH = {
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "erf": (erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
    "sigmoid": (expit, lambda x: expit(x) * expit(-x)),
    "gelu": (lambda x: x * ndtr(x), lambda x: ndtr(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
    "silu": (lambda x: x * expit(x), lambda x: expit(x) * (1 + x * expit(-x))),
}
PHASES = [
    ("tanh", 0.5, 0.05), ("tanh", 0.9, 0.05), ("tanh", 1.0, 0.05), ("tanh", 1.5, 0.05), ("tanh", 5 / 3, 0.0),
    ("tanh", 2.0, 0.05), ("tanh", 4.0, 0.3), ("tanh", 1.5**0.5, 0.05), ("tanh", 2**0.5, 0.0), ("tanh", 1.7603**0.5, 0.05**0.5),
    ("sigmoid", 1.0, 0.0), ("erf", 1.5, 0.1), ("gelu", 1.2, 0.3), ("silu", 1.2, 0.3),
]
CRITICAL = {"tanh": [0.01, 0.05, 0.1, 0.2, 0.3, 0.5], "erf": [0.05, 0.1, 0.3, 0.5]}


def on_grid(f, q):
    return float(np.sum(WEIGHTS * f(math.sqrt(q) * GRID)))


def second_of(name, q):
    return on_grid(lambda x: SMOOTH[name][0](x) ** 2, q)


def slope_of(name, q):
    return on_grid(lambda x: SMOOTH[name][1](x) ** 2, q)


def growth_of(name, q):
    """V'(q) = E phi phi' z / sqrt(q)."""
    phi, derivative = SMOOTH[name]
    return float(np.sum(WEIGHTS * phi(math.sqrt(q) * GRID) * derivative(math.sqrt(q) * GRID) * GRID)) / math.sqrt(q)


def plane(f, q, c):
    """E f(u) f(v) for u, v ~ N(0, q) with correlation c."""
    u, w = GRID[::4], 4 * WEIGHTS[::4]
    v = c * u[:, None] + math.sqrt(max(1 - c * c, 0)) * u[None, :]
    return float(w @ (f(math.sqrt(q) * u)[:, None] * f(math.sqrt(q) * v)) @ w)


def phase(name, sigma_w, sigma_b):
    w, b = sigma_w**2, sigma_b**2
    phi, derivative = SMOOTH[name]
    q = 1.0
    for _ in range(3000):
        q = w * second_of(name, q) + b
    q = brentq(lambda q: w * second_of(name, q) + b - q, q * 0.99, q * 1.01, xtol=1e-15, rtol=1e-14)
    chi = w * slope_of(name, q)
    correlation = lambda c: (w * plane(phi, q, c) + b) / q
    c = 1.0 if chi <= 1 else (0.0 if abs(correlation(0.0)) < 1e-14 else brentq(lambda c: correlation(c) - c, 0, 0.99, xtol=1e-13))
    found = {"q": q, "chi": chi, "chi_q": w * growth_of(name, q), "c": c, "chi_c": w * plane(derivative, q, c)}
    return {"activation": name, "sigma_w": sigma_w, "sigma_b": sigma_b} | {k: digits(float(v), 10) for k, v in found.items()}


def critical(name, sigma_b):
    bias = lambda q: q - second_of(name, q) / slope_of(name, q)
    q = brentq(lambda q: bias(q) - sigma_b**2, 1e-8, 20.0, xtol=1e-15, rtol=1e-14)
    return {"activation": name, "sigma_b": sigma_b, "sigma_w": digits(slope_of(name, q) ** -0.5, 10), "q": digits(q, 10)}


def half_stable(name, start):
    q = float(fsolve(lambda q: growth_of(name, q[0]) - slope_of(name, q[0]), [start], xtol=1e-14)[0])
    w = 1 / slope_of(name, q)
    return {"activation": name, "w": digits(w, 10), "b": digits(q - w * second_of(name, q), 9), "q": digits(q, 10)}


def main():
    write("theory.json", {
        "generator": "tests/golden/theory.py",
        "leak": LEAK,
        "moments": {name: list(moments(name)) for name in ACTIVATIONS},
        "kernels": {name: list(kernels(name)) for name in ACTIVATIONS},
        "phase": [phase(*row) for row in PHASES],
        "critical": [critical(name, bias) for name, biases in CRITICAL.items() for bias in biases],
        "half_stable": [half_stable("gelu", 3.5), half_stable("silu", 14.3)],
        "normal_quantile": [[p, float(ndtri(p))] for p in PROBABILITIES],
        "normal_cdf": [[x, float(ndtr(x))] for x in POINTS],
        "erf": [[x, float(erf(x))] for x in POINTS if abs(x) <= 5],
    })


if __name__ == "__main__":
    main()
