"""Learning one ground from examples: the only file that needs scikit-learn, run as a program of its own.

    python -m uppsikt.triage.learning < examples.json > model.json

In: {"texts": […], "labels": [true, …]}, the oldest first. Out: {"bias", "threshold", "values"}, the last one 65,536
numbers of 32 bits, little end first, in base64. The same examples give the same numbers.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from uppsikt.triage import weights

# The threshold is chosen on the newest fifth of the examples, by a model that has not seen them.
INNER = 0.8
THRESHOLDS = tuple(step / 100 for step in range(30, 96, 5))


def matrix(texts: Sequence[str]) -> csr_matrix:
    """The texts as rows of buckets."""
    rows, columns, values = [], [], []
    for place, text in enumerate(texts):
        for bucket, value in weights.counted(text).items():
            rows.append(place)
            columns.append(bucket)
            values.append(value)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), weights.BUCKETS), dtype=np.float64)


def fit(features: csr_matrix, labels: np.ndarray[Any, Any]) -> LogisticRegression:
    """A logistic regression in which the rarer answer weighs as much as the other."""
    model = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0, max_iter=300)
    return model.fit(features, labels)


def f1(said: np.ndarray[Any, Any], so: np.ndarray[Any, Any]) -> float:
    """Precision and recall in one number."""
    twice = 2 * int((said & so).sum())
    return twice / (twice + int((said != so).sum())) if twice else 0.0


def threshold_for(features: csr_matrix, labels: np.ndarray[Any, Any]) -> float:
    """From which probability on to say yes; one half where the newest examples cannot tell."""
    cut = int(len(labels) * INNER)
    old, new = labels[:cut], labels[cut:]
    if len(set(old)) < 2 or not new.any():  # noqa: PLR2004 one class teaches nothing
        return 0.5
    probable = fit(features[:cut], old).predict_proba(features[cut:])[:, 1]
    return max(THRESHOLDS, key=lambda limit: (f1(probable >= limit, new), -abs(limit - 0.5)))


def learn(texts: Sequence[str], labels: Sequence[bool]) -> dict[str, Any]:
    """The model's numbers. Raises ValueError where all labels are alike."""
    features, so = matrix(texts), np.array(labels, dtype=bool)
    threshold = threshold_for(features, so)
    model = fit(features, so)
    values = model.coef_[0].astype("<f4").tobytes()
    return {
        "bias": float(model.intercept_[0]),
        "threshold": threshold,
        "values": base64.b64encode(values).decode("ascii"),
    }


def main(source: TextIO, out: TextIO) -> None:
    """Read examples, write a model."""
    asked = json.load(source)
    json.dump(learn(asked["texts"], asked["labels"]), out)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
