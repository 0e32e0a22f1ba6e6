"""What the generators of golden numbers share: numbers without storage, and a readable JSON."""
import json
from pathlib import Path

WORD = 2**32


def value(k, i):
    """Entry i of stream k, in (-1, 1): the same 32-bit integer hash on both sides, then one division in f64."""
    u = (i * 2654435761 + k * 40503 + 12345) % WORD
    u ^= u >> 16
    u = u * 2246822519 % WORD
    u ^= u >> 13
    u = u * 3266489917 % WORD
    u ^= u >> 16
    return 2 * (u + 0.5) / WORD - 1


def choice(k, i, n):
    """Entry i of stream k as a whole number in 0..n."""
    return int((value(k, i) + 1) / 2 * n)


def digits(x, n):
    """x to n significant digits: as many as every machine agrees on."""
    return float(f"{x:.{n - 1}e}")


def write(name, data):
    path = Path(__file__).with_name(name)
    path.write_text(layout(data) + "\n")
    print(f"{name}: {path.stat().st_size} bytes")


def layout(data, margin=""):
    """JSON with what fits in a line on one line."""
    line = json.dumps(data)
    if len(margin) + len(line) <= 120 or not isinstance(data, (dict, list)):
        return line
    deeper = margin + "  "
    if isinstance(data, dict):
        parts = [f"{json.dumps(key)}: {layout(part, deeper)}" for key, part in data.items()]
    else:
        parts = [layout(part, deeper) for part in data]
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{margin}{closing}"
