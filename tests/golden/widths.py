#!/usr/bin/env python3
"""Writes widths.json: variances and gradients by layer of perceptrons whose layers differ in width, by recursion.

    forward    q_l = n_(l-1) E[w_l^2] E[h_(l-1)^2],  E[h_0^2] = 1,  h = phi(z),  z ~ N(0, q)
    backward   E[delta_l^2] = n_(l+1) E[w_(l+1)^2] E[delta_(l+1)^2] E[phi'(z_l)^2]
    gradient   E[(dL/dW_l)^2] = E[delta_l^2] E[h_(l-1)^2]  for one example, relative to the largest

sigma is written out for each scheme here, from the two sides of each matrix. Before anything is written, a hundred
networks are drawn in NumPy for each case, passed forward and backward, and compared with it.
"""
import math

import numpy as np

from golden import digits, write

WIDTHS = [512, 256, 128, 64]
FEATURES, CLASSES = 64, 10
NETWORKS = 100

SIGMA = {
    "kaiming-in": lambda n_in, n_out, gain: gain / math.sqrt(n_in),
    "kaiming-out": lambda n_in, n_out, gain: gain / math.sqrt(n_out),
    "xavier": lambda n_in, n_out, gain: math.sqrt(2 / (n_in + n_out)),
    "orthogonal": lambda n_in, n_out, gain: 1 / math.sqrt(max(n_in, n_out)),
    "normal": lambda n_in, n_out, gain: 0.05,
}
PHI = {
    "linear": (lambda z: z, np.ones_like, 1.0),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float), math.sqrt(2)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2, 5 / 3),
}


def mean(f, q):
    """E[f(z)], z ~ N(0, q), by the trapezoidal rule, whose two ends are nothing here."""
    u = np.linspace(-12, 12, 200_000)  # none of them at 0, where relu bends
    values = f(math.sqrt(q) * u) * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    return float(np.sum(values) * (u[1] - u[0]))


def recursion(sigma, act, sizes):
    phi, slope, gain = PHI[act]
    pairs = list(zip(sizes, sizes[1:]))
    seconds = [sigma(*pair, gain) ** 2 for pair in pairs]
    squares, variances, outputs = [1.0], [], []
    for (n_in, _), second in zip(pairs, seconds):
        q = n_in * second * squares[-1]
        variances.append(q)
        squares.append(mean(lambda z: phi(z) ** 2, q))
        outputs.append(squares[-1] - mean(phi, q) ** 2)
    outputs[-1] = variances[-1]  # the logits have no activation
    delta, gradients = 1.0, []
    for layer in reversed(range(len(pairs))):
        if layer + 1 < len(pairs):
            delta *= pairs[layer + 1][1] * seconds[layer + 1] * mean(lambda z: slope(z) ** 2, variances[layer])
        gradients.append(math.sqrt(delta * squares[layer]))
    gradients = [gradient / max(gradients) for gradient in reversed(gradients)]
    return variances, outputs, gradients


def weights(name, sigma, n_in, n_out, gain, random):
    if name == "orthogonal":
        q, r = np.linalg.qr(random.standard_normal((max(n_in, n_out), min(n_in, n_out))))
        q = q * np.sign(np.diag(r))
        return q if n_in >= n_out else q.T
    return sigma(n_in, n_out, gain) * random.standard_normal((n_in, n_out))


def sampled(name, act, sizes):
    """The means over networks of the variances and of the squares of gradients, with one example each."""
    phi, slope, gain = PHI[act]
    random = np.random.default_rng(1)
    squares, gradients = np.zeros(len(sizes) - 1), np.zeros(len(sizes) - 1)
    for _ in range(NETWORKS):
        matrices = [weights(name, SIGMA[name], *pair, gain, random) for pair in zip(sizes, sizes[1:])]
        h = random.standard_normal(sizes[0])
        h *= math.sqrt(sizes[0]) / np.linalg.norm(h)
        read, sums = [], []
        for layer, matrix in enumerate(matrices):
            read.append(h)
            sums.append(h @ matrix)
            squares[layer] += np.mean(sums[-1] ** 2) / NETWORKS
            h = phi(sums[-1])
        delta = random.standard_normal(sizes[-1])
        for layer in reversed(range(len(matrices))):
            if layer + 1 < len(matrices):
                delta = (matrices[layer + 1] @ delta) * slope(sums[layer])
            gradients[layer] += np.mean(delta**2) * np.mean(read[layer] ** 2) / NETWORKS
    return squares, np.sqrt(gradients / gradients.max())


def main():
    cases = []
    for name, sigma in SIGMA.items():
        for act in PHI:
            sizes = [FEATURES, *WIDTHS, CLASSES]
            variances, outputs, gradients = recursion(sigma, act, sizes)
            squares, measured = sampled(name, act, sizes)
            assert np.allclose(np.log(squares), np.log(variances), atol=0.25), (name, act, squares, variances)
            assert np.allclose(np.log(measured), np.log(gradients), atol=0.25), (name, act, measured, gradients)
            cases.append({
                "scheme": name,
                "activation": act,
                "preactivation": [digits(x, 8) for x in variances],
                "activation_var": [digits(x, 8) for x in outputs],
                "gradient": [digits(x, 8) for x in gradients],
            })
    write("widths.json", {"widths": WIDTHS, "features": FEATURES, "classes": CLASSES, "cases": cases})


if __name__ == "__main__":
    main()
