"""The numbers of a local model, kept as bytes without code in them; and a text as such a model sees it. Plain Python.

A text is its sequences of two to five letters, each counted in one of 65,536 buckets. No list of sequences is kept, so
that nothing that anybody wrote can be read out of a model.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter
from dataclasses import dataclass
from math import exp, log, sqrt
from zlib import crc32

SHORTEST, LONGEST = 2, 5
BUCKETS = 1 << 16
# Of a longer text the beginning says what sort it is.
READ = 4_000
MAGIC = b"uppsikt-local-1\n"
HEAD = 4_096
# Beyond this exp overflows, and the answer is certain anyway.
STEEP = 500.0


class BadWeights(ValueError):
    """Bytes that are no model of ours."""


def counted(text: str) -> dict[int, float]:
    """The text's sequences by bucket, weighed so that length does not count: the squares add up to 1."""
    words = " ".join(text[:READ].lower().split())
    if not words:
        return {}
    padded = f" {words} "
    counts = Counter(
        crc32(padded[at : at + length].encode("utf-8", "replace")) % BUCKETS
        for length in range(SHORTEST, LONGEST + 1)
        for at in range(len(padded) - length + 1)
    )
    weighed = {bucket: 1 + log(count) for bucket, count in counts.items()}
    whole = sqrt(sum(value * value for value in weighed.values()))
    return {bucket: value / whole for bucket, value in weighed.items()}


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over buckets: `values` has BUCKETS numbers; from `threshold` on it says yes."""

    ground: str
    bias: float
    threshold: float
    values: array[float]

    def probability(self, text: str) -> float:
        """How likely it is, 0 to 1, that staff would say that the ground holds."""
        return self.of(counted(text))

    def of(self, features: dict[int, float]) -> float:
        """The same for a text that has been counted already; several models share one count."""
        values = self.values
        total = self.bias + sum(values[bucket] * value for bucket, value in features.items())
        return 1 / (1 + exp(-max(-STEEP, min(STEEP, total))))

    def write(self) -> bytes:
        """The bytes: a line that names the form, a line of JSON, then 32-bit numbers, little end first."""
        head = {"ground": self.ground, "bias": self.bias, "threshold": self.threshold, "buckets": len(self.values)}
        body = array("f", self.values)
        if sys.byteorder == "big":
            body.byteswap()
        return MAGIC + json.dumps(head).encode() + b"\n" + body.tobytes()


def read(body: bytes) -> Weights:
    """A model from its bytes. Raises BadWeights for anything else."""
    if not body.startswith(MAGIC):
        raise BadWeights("not a local model")
    line, _newline, rest = body[len(MAGIC) :].partition(b"\n")
    try:
        head = json.loads(line[:HEAD])
        ground, bias, threshold = str(head["ground"]), float(head["bias"]), float(head["threshold"])
        fits = head["buckets"] == BUCKETS and len(rest) == BUCKETS * 4
    except (ValueError, TypeError, KeyError) as error:
        raise BadWeights("a head that cannot be read") from error
    if not fits:
        raise BadWeights("not as many numbers as there are buckets")
    values = array("f")
    values.frombytes(rest)
    if sys.byteorder == "big":
        values.byteswap()
    if not all(value == value and abs(value) < float("inf") for value in (bias, threshold, *values)):  # noqa: PLR0124
        raise BadWeights("numbers that are none")
    return Weights(ground, bias, threshold, values)
