"""A linear model of labels, and how far its scores can be believed. Kept as plain numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

_OTHERS = -1
_CLOSE_ENOUGH = 1e-2
_COLDEST, _HOTTEST = 0.5, 20.0


@dataclass(frozen=True)
class _Task:
    """What is to be learned: the labels as numbers from 0 to ``kinds``."""

    features: csr_matrix
    numbers: np.ndarray
    kinds: int
    looseness: float
    seed: int

    def learn(self, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A row of weights, and an offset, for each of these labels against all others."""
        balance = {int(at): len(self.numbers) / (self.kinds * np.sum(self.numbers == at)) for at in mine}
        others = np.where(np.isin(self.numbers, mine), self.numbers, _OTHERS)
        learned = LinearSVC(C=self.looseness, tol=_CLOSE_ENOUGH, class_weight=balance, random_state=self.seed)
        learned.fit(self.features, others)
        if len(learned.classes_) == 2:  # sklearn keeps one row for two labels: that of the second, which is ours
            return learned.coef_, learned.intercept_
        ours = learned.classes_ != _OTHERS
        return learned.coef_[ours], learned.intercept_[ours]


class LinearModel:
    """``weights`` has a row per feature and a column per label; ``bias`` a number per label.

    ``sharpness`` turns scores into probabilities, one number for each language and one for all (the key ``""``).
    """

    def __init__(
        self, labels: Sequence[str], weights: np.ndarray, bias: np.ndarray, sharpness: Mapping[str, float] | None = None
    ) -> None:
        self.labels = tuple(labels)
        self._weights = weights
        self._bias = bias
        self.sharpness = dict(sharpness or {"": 1.0})

    @classmethod
    def fit(cls, features: csr_matrix, labels: Sequence[str], looseness: float, seed: int) -> LinearModel:
        """Learns the labels, each against all others (support vector machines). At least two labels are needed.

        The looser (sklearn's C), the closer to the training texts. Labels with few texts count as much as those with many.
        """
        names, numbers = np.unique(labels, return_inverse=True)
        task = _Task(features, numbers, len(names), looseness, seed)
        weights = np.empty((features.shape[1], len(names)), dtype=np.float32)
        bias = np.empty(len(names))
        # Each label is learned by itself, so two halves at a time give what one after the other would. In processes: the
        # solver's dice are one for all threads, and their order would change what is learned.
        halves = [np.arange(start, len(names), 2) for start in range(2)]
        with ProcessPoolExecutor(len(halves), mp_context=get_context("spawn")) as pool:
            for mine, (rows, offsets) in zip(halves, pool.map(task.learn, halves), strict=True):
                weights[:, mine], bias[mine] = rows.T, offsets
        return cls(names.tolist(), weights, bias)

    def calibrated(
        self, features: csr_matrix, labels: Sequence[str], languages: Sequence[str], fewest: int
    ) -> LinearModel:
        """The same model, as sure of itself as it was right on these texts, which it has not learned from.

        A language with fewer than ``fewest`` texts goes by what holds for all of them.
        """
        known = [at for at, label in enumerate(labels) if label in self.labels]
        if not known:
            return self
        scores = np.asarray(features[known] @ self._weights + self._bias)
        truth = np.array([self.labels.index(labels[at]) for at in known])
        spoken = np.array([languages[at] for at in known])
        sharpness = {"": _sharpness(scores, truth)}
        for language in sorted(set(spoken)):
            mine = spoken == language
            if mine.sum() >= fewest:
                sharpness[language] = _sharpness(scores[mine], truth[mine])
        return LinearModel(self.labels, self._weights, self._bias, sharpness)

    def ranking(self, columns: np.ndarray, values: np.ndarray, language: str, longest: int) -> list[dict[str, object]]:
        """For one text (``Features.one``) the likeliest labels with their probability, as Rasa writes a ranking."""
        scores = values @ self._weights[columns] + self._bias
        [row] = _softmax(scores[np.newaxis] * self.sharpness.get(language, self.sharpness[""]))
        best = np.argsort(-row, kind="stable")[:longest]
        return [{"name": self.labels[at], "confidence": float(row[at])} for at in best]


    def save(self, folder: Path) -> None:
        """Writes the model."""
        (folder / "labels.json").write_text(json.dumps({"labels": self.labels, "sharpness": self.sharpness}), "utf-8")
        np.savez_compressed(folder / "linear.npz", weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """What ``save`` wrote."""
        known = json.loads((folder / "labels.json").read_text("utf-8"))
        with np.load(folder / "linear.npz", allow_pickle=False) as numbers:
            return cls(known["labels"], numbers["weights"], numbers["bias"], known["sharpness"])


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor under which these labels are the least surprising (temperature scaling, Guo et al. 2017)."""

    def surprise(factor: float) -> float:
        likely = _softmax(scores * factor)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(minimize_scalar(surprise, bounds=(_COLDEST, _HOTTEST), method="bounded").x)
