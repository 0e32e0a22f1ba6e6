#!/usr/bin/env python3
"""Writes digits.bin, the 8x8 digits that the MLP learns.

Source: "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak,
UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, CC BY 4.0.
scikit-learn carries its test part (1797 images) in every wheel as
`sklearn/datasets/data/digits.csv.gz`; that file is what is read here.

    pip download --no-deps scikit-learn
    python3 make_digits.py scikit_learn-*.whl        # or the digits.csv.gz itself

Format: 1797 rows of 65 bytes in the original order. A row is 64 pixels
(8 rows of 8, each 0..16) and then the label (0..9). No header.
"""
import gzip
import sys
import zipfile
from pathlib import Path

MEMBER = "sklearn/datasets/data/digits.csv.gz"
ROWS, PIXELS = 1797, 64


def main(source):
    rows = [[int(cell) for cell in line.split(",")] for line in csv(source).splitlines()]
    check(rows)
    target = Path(__file__).with_name("digits.bin")
    target.write_bytes(b"".join(bytes(row) for row in rows))
    print(f"{target.name}: {len(rows)} rows, {target.stat().st_size} bytes")


def csv(source):
    if zipfile.is_zipfile(source):
        packed = zipfile.ZipFile(source).read(MEMBER)
    else:
        packed = Path(source).read_bytes()
    return gzip.decompress(packed).decode("ascii")


def check(rows):
    assert len(rows) == ROWS, f"{len(rows)} rows, not {ROWS}"
    for row in rows:
        assert len(row) == PIXELS + 1
        assert all(0 <= pixel <= 16 for pixel in row[:PIXELS])
        assert 0 <= row[PIXELS] <= 9


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
