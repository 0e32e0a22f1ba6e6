#!/usr/bin/env python3
"""Writes singular.json: singular values of matrices without storage, by Jacobi's rotations with 40 digits."""
import struct
import sys
from decimal import Decimal, getcontext

from golden import digits, value, write

getcontext().prec = 40
SIGNIFICANT = 12


def single(x):
    """x rounded to f32, as the lab's weights are."""
    return struct.unpack("f", struct.pack("f", x))[0]


def singular_values(matrix):
    """Hestenes' method: rotate pairs of rows until all are orthogonal; their lengths are the singular values."""
    rows = [[Decimal(x) for x in row] for row in matrix]
    if len(rows) > len(rows[0]):
        rows = [list(column) for column in zip(*rows)]
    small = Decimal(10) ** -30
    dot = lambda a, b: sum((x * y for x, y in zip(a, b)), Decimal(0))
    for _ in range(60):
        worst = Decimal(0)
        for i in range(len(rows)):
            for j in range(i + 1, len(rows)):
                a, b, c = dot(rows[i], rows[i]), dot(rows[j], rows[j]), dot(rows[i], rows[j])
                if c == 0 or c * c <= small * a * b:
                    continue
                worst = max(worst, c * c / (a * b))
                zeta = (b - a) / (2 * c)
                t = (1 if zeta >= 0 else -1) / (abs(zeta) + (1 + zeta * zeta).sqrt())
                cosine = 1 / (1 + t * t).sqrt()
                sine = cosine * t
                rows[i], rows[j] = (
                    [cosine * x - sine * y for x, y in zip(rows[i], rows[j])],
                    [sine * x + cosine * y for x, y in zip(rows[i], rows[j])],
                )
        if worst == 0:
            break
    else:
        sys.exit("Jacobi's rotations have not converged")
    return sorted((float(dot(row, row).sqrt()) for row in rows), reverse=True)


def case(stream, rows, columns, scale):
    entries = [[single(scale * value(stream, i * columns + j)) for j in range(columns)] for i in range(rows)]
    found = [digits(x, SIGNIFICANT) for x in singular_values(entries)]
    return dict(stream=stream, rows=rows, columns=columns, scale=scale, values=found)


CASES = [(1, 12, 12, 1.0), (2, 6, 17, 0.02), (3, 17, 6, 3.0), (4, 1, 9, 1.0), (5, 16, 16, 1e-30), (6, 8, 8, 1e30)]

if __name__ == "__main__":
    write("singular.json", [case(*numbers) for numbers in CASES])
