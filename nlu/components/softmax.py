"""A linear model whose answers are probabilities: multinomial logistic regression, kept as plain numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression


class Softmax:
    """``weights`` has a row per feature and a column per label; ``bias`` a number per label."""

    def __init__(self, labels: Sequence[str], weights: np.ndarray, bias: np.ndarray) -> None:
        self.labels = tuple(labels)
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, features: csr_matrix, labels: Sequence[str], looseness: float, seed: int) -> Softmax:
        """Learns the labels. The looser (sklearn's C), the closer to the training texts and the surer of itself.

        Labels with few texts count as much as those with many. At least two labels are needed.
        """
        learned = LogisticRegression(
            C=looseness, class_weight="balanced", multi_class="multinomial", max_iter=400, random_state=seed
        ).fit(features, labels)
        weights, bias = learned.coef_, learned.intercept_
        if len(learned.classes_) == 2:  # sklearn keeps one row for two labels
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        return cls(learned.classes_.tolist(), np.ascontiguousarray(weights.T, dtype=np.float32), bias)

    def ranking(self, features: csr_matrix, longest: int) -> list[list[dict[str, object]]]:
        """For each row the likeliest labels with their probability, as Rasa writes a ranking."""
        rankings = []
        for row in self.probabilities(features):
            best = np.argsort(-row, kind="stable")[:longest]
            rankings.append([{"name": self.labels[i], "confidence": float(row[i])} for i in best])
        return rankings

    def probabilities(self, features: csr_matrix) -> np.ndarray:
        """A row per text, a column per label."""
        scores = features @ self._weights + self._bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def save(self, folder: Path) -> None:
        """Writes the model."""
        (folder / "labels.json").write_text(json.dumps(self.labels), "utf-8")
        np.savez_compressed(folder / "softmax.npz", weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> Softmax:
        """What ``save`` wrote."""
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
        with np.load(folder / "softmax.npz", allow_pickle=False) as numbers:
            return cls(labels, numbers["weights"], numbers["bias"])
