"""Make ordinary_swedish.txt.gz anew from two Debian packages (needs apt and dpkg-deb): run it with python.

One text a line, in the order of the sources: sentences of a book in the public domain (people, society, law, music,
money, quarrels) and of a handbook that says "du" to its reader. See README.md for sources and licences.
"""

from __future__ import annotations

import gzip
import html
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE / "ordinary_swedish.txt.gz"
PACKAGES = ("cfi-sv", "gnome-user-docs")
BLOCKS = re.compile(
    r"(?i)</?(?:p|h\d|li|td|tr|th|dd|dt|br|div|title|desc|item|note|section|cmd|screen|code|steps|list)\b[^>]*>"
)
ENDS = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÅÄÖ\"”»–(])")
SHORTEST, LONGEST = 25, 600


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=folder, check=True)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder / "out"], check=True)
        texts = list(dict.fromkeys([*_book(folder / "out"), *_handbook(folder / "out")]))
    left_out = set((HERE / "ordinary_left_out.txt").read_text("utf-8").splitlines())
    kept = [text for text in texts if text not in left_out]
    with OUT.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write("".join(f"{text}\n" for text in kept).encode("utf-8"))
    print(f"{len(kept)} texts, {len(texts) - len(kept)} left out, {OUT.stat().st_size:,} bytes")


def _book(out: Path) -> Iterator[str]:
    page = (out / "usr/share/doc/cfi-sv/cfi.html").read_text("utf-8")
    yield from _sentences(re.sub(r"(?s)<(head|script|style).*?</\1>", "", page))


def _handbook(out: Path) -> Iterator[str]:
    for path in sorted((out / "usr/share/help/sv/gnome-help").glob("*.page")):
        page = re.sub(r"(?s)<!--.*?-->|<info>.*?</info>|<mal:credit.*?</mal:credit>", "", path.read_text("utf-8"))
        yield from _sentences(page)


def _sentences(page: str) -> Iterator[str]:
    for block in BLOCKS.split(page):
        words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", block))).strip()
        for text in ENDS.split(words):
            if SHORTEST <= len(text) <= LONGEST and " " in text:
                yield text


if __name__ == "__main__":
    main()
