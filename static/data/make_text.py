#!/usr/bin/env python3
"""Writes text.txt, the English that the GPT learns: Jane Austen, Persuasion (1818).

Source: Debian's package r-cran-janeaustenr (1.0.0-1), which packs the CRAN package
janeaustenr by Julia Silge. The novel is in the public domain.

    apt-get download r-cran-janeaustenr
    python3 make_text.py r-cran-janeaustenr_*.deb

Only the standard library is needed: a .deb is an `ar` archive around a tar file,
and R keeps a character vector as lengths and bytes.

Normalisation, in this order:
  1. The title page, the line "(End of volume one.)" and the closing "Finis" go.
     What is left begins with "Chapter 1" and is the whole novel.
  2. Paragraphs are the blocks between blank lines. Within one, the printer's line
     breaks become single spaces (none after a hyphen or dash, where the word or the
     sentence runs on), and so do runs of spaces.
  3. One paragraph a line, so that a newline means "new paragraph" and nothing else.
No character is replaced by another. The result is plain ASCII.
"""
import io
import gzip
import re
import struct
import sys
import tarfile
import zlib
from pathlib import Path

FOLDER = "./usr/lib/R/site-library/janeaustenr/data/"
NOVEL = "persuasion"
CHARSXP, INTSXP, STRSXP = 9, 13, 16


def main(package):
    text = normalise(novel(files(Path(package).read_bytes())))
    check(text)
    target = Path(__file__).with_name("text.txt")
    target.write_bytes(text.encode("ascii"))
    print(f"{target.name}: {len(text)} bytes, {len(set(text))} distinct characters")


def normalise(lines):
    lines = [line.rstrip() for line in lines]
    first, last = lines.index("Chapter 1"), lines.index("Finis")
    body = "\n".join(line for line in lines[first:last] if line != "(End of volume one.)")
    paragraphs = re.split(r"\n\s*\n", body.strip())
    return "\n".join(unwrap(paragraph) for paragraph in paragraphs if paragraph.strip()) + "\n"


def unwrap(paragraph):
    paragraph = re.sub(r"-\n\s*", "-", paragraph)
    return re.sub(r"\s+", " ", paragraph).strip()


def check(text):
    assert text.startswith("Chapter 1\n") and text.isascii()
    assert len(text) >= 200_000 and len(set(text)) <= 80
    assert "gutenberg" not in text.lower()


def files(deb):
    """The R data files in a Debian package."""
    assert deb[:8] == b"!<arch>\n", "not a .deb"
    at = 8
    while at < len(deb):
        name, size = deb[at : at + 16].decode().strip(), int(deb[at + 48 : at + 58])
        if name.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(deb[at + 60 : at + 60 + size])) as tar:
                return {end: tar.extractfile(FOLDER + "Rdata." + end).read() for end in ("rdb", "rdx")}
        at += 60 + size + size % 2
    raise ValueError("no data.tar in the package")


def novel(data):
    """The lines of the novel: the index gives its place in the database."""
    index = gzip.decompress(data["rdx"])
    places = [struct.unpack(">II", found) for found in re.findall(struct.pack(">II", INTSXP, 2) + rb"(.{8})", index, re.S)]
    names = strings(index[index.index(struct.pack(">I", STRSXP)) :])
    offset, length = places[names.index(NOVEL)]
    block = zlib.decompress(data["rdb"][offset + 4 : offset + length])  # four bytes of length come first
    return strings(block[block.index(struct.pack(">I", STRSXP)) :])


def strings(packed):
    """An R character vector: type, count, then type, length and bytes of each."""
    (count,) = struct.unpack(">I", packed[4:8])
    at, found = 8, []
    for _ in range(count):
        kind, length = struct.unpack(">Ii", packed[at : at + 8])
        assert kind & 0xFF == CHARSXP and length >= 0
        found.append(packed[at + 8 : at + 8 + length].decode("ascii"))
        at += 8 + length
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
