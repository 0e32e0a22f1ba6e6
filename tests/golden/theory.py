#!/usr/bin/env python3
"""Writes theory.json: Gaussian averages of the activations, by adaptive quadrature.

    mean    E[phi(u)]       second  E[phi(u)^2]       slope  E[phi'(u)^2]       fourth  E[phi(u)^4],    u ~ N(0, q)
    kernel  E[phi(u) phi(v)],    u, v ~ N(0, 1),    E[u v] = c

Every average that has a closed form is checked against it before anything is written.
"""
import math

from scipy.integrate import quad
from scipy.special import erf, expit, ndtr, ndtri

from golden import digits, write

LEAK = 0.01
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
}


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
    }.get(name, (None,) * 4)
    for part, found, value in zip(("mean", "second", "slope", "fourth"), (mean, second, slope, fourth), exact):
        if value is not None:
            check((name, q, part), found, value)


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
        found = [average(f, q) for f in (phi, lambda x: phi(x) ** 2, lambda x: derivative(x) ** 2, lambda x: phi(x) ** 4)]
        check_moments(name, q, *found)
        mean, second, slope, fourth = (digits(float(x), SIGNIFICANT) for x in found)
        yield {"q": q, "mean": mean, "second": second, "slope": slope, "fourth": fourth}


def kernels(name):
    for c in CORRELATIONS:
        found = float(kernel(ACTIVATIONS[name][0], c))
        check_kernel(name, c, found)
        yield {"c": c, "kernel": 0.0 if abs(found) < 1e-14 else digits(found, SIGNIFICANT)}


def main():
    write("theory.json", {
        "generator": "tests/golden/theory.py",
        "leak": LEAK,
        "moments": {name: list(moments(name)) for name in ACTIVATIONS},
        "kernels": {name: list(kernels(name)) for name in ACTIVATIONS},
        "normal_quantile": [[p, float(ndtri(p))] for p in PROBABILITIES],
        "normal_cdf": [[x, float(ndtr(x))] for x in POINTS],
        "erf": [[x, float(erf(x))] for x in POINTS if abs(x) <= 5],
    })


if __name__ == "__main__":
    main()
