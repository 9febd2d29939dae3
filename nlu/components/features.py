"""Messages as numbers: TF-IDF of the characters inside words, over two views of the text, and of whole words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from components.text import normalise, skeleton

_VIEWS: Mapping[str, Callable[[str], str]] = {"written": lambda text: text, "skeleton": skeleton}


@dataclass(frozen=True)
class Block:
    """One kind of n-gram: of which view, of characters inside words or of whole words, how long, and its weight."""

    name: str
    view: str
    analyzer: str
    shortest: int
    longest: int
    weight: float
    fewest_texts: int = 1

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> list[Block]:
        """The blocks that a component's configuration asks for; a weight of 0 leaves one out."""
        shortest, longest = config["characters"]
        fewest = config["fewest_texts"]
        blocks = [
            cls("written", "written", "char_wb", shortest, longest, config["written_weight"], fewest),
            cls("skeleton", "skeleton", "char_wb", shortest, longest, config["skeleton_weight"], fewest),
            cls("words", "written", "word", 1, 2, config["words_weight"], fewest),
        ]
        return [block for block in blocks if block.weight]

    def vectorizer(self, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
        """Counts these n-grams; texts come normalised."""
        return TfidfVectorizer(
            analyzer=self.analyzer,
            ngram_range=(self.shortest, self.longest),
            # One letter words count too, and a word ends where the spaces are: the apostrophe belongs to it.
            token_pattern=r"\S+",  # noqa: S106 - sklearn's name for a pattern of words
            min_df=self.fewest_texts if vocabulary is None else 1,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float64,
            vocabulary=vocabulary,
        )


class Features:
    """Fitted blocks. Kept as JSON (the n-grams) and npz (their weights): a model holds nothing that could run."""

    def __init__(self, blocks: Sequence[Block], fitted: Sequence[TfidfVectorizer]) -> None:
        self._blocks = tuple(blocks)
        self._fitted = tuple(fitted)

    @classmethod
    def fit(cls, blocks: Sequence[Block], texts: Iterable[str]) -> Features:
        """Learns which n-grams there are, and how telling each one is."""
        written = [normalise(text) for text in texts]
        return cls(blocks, [block.vectorizer().fit(map(_VIEWS[block.view], written)) for block in blocks])

    def of(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text."""
        written = [normalise(text) for text in texts]
        parts = [
            fitted.transform(map(_VIEWS[block.view], written)) * block.weight
            for block, fitted in zip(self._blocks, self._fitted, strict=True)
        ]
        return hstack(parts, format="csr")

    def save(self, folder: Path) -> None:
        """Writes everything but the blocks, which stand in the configuration."""
        names = [block.name for block in self._blocks]
        grams = {name: fitted.get_feature_names_out().tolist() for name, fitted in zip(names, self._fitted, strict=True)}
        (folder / "ngrams.json").write_text(json.dumps(grams, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / "idf.npz", **{name: fitted.idf_ for name, fitted in zip(names, self._fitted, strict=True)}
        )

    @classmethod
    def load(cls, blocks: Sequence[Block], folder: Path) -> Features:
        """What ``save`` wrote."""
        grams = json.loads((folder / "ngrams.json").read_text("utf-8"))
        fitted = []
        with np.load(folder / "idf.npz", allow_pickle=False) as idf:
            for block in blocks:
                vectorizer = block.vectorizer(grams[block.name])
                vectorizer.idf_ = idf[block.name]
                fitted.append(vectorizer)
        return cls(blocks, fitted)
