"""Messages as numbers: TF-IDF of the characters inside words, of words as they sound, and of what the words stand for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from components.concepts import Concepts
from components.text import bare, masked, normalise, skeleton, sound

CHARACTER_VIEWS: Mapping[str, Callable[[str], str]] = {"written": lambda text: text, "skeleton": skeleton, "bare": bare}
WORDS, CONCEPTS = "words", "concepts"


def word_grams(normalised: str) -> list[str]:
    """Words as they sound, each with the next one and with the one after that.

    >>> word_grams("no quiero abogado")
    ['no', 'kiero', 'abogao', 'no kiero', 'kiero abogao', 'no _ abogao']
    """
    words = sound(normalised)
    return [
        *words,
        *(f"{a} {b}" for a, b in zip(words, words[1:], strict=False)),
        *(f"{a} _ {b}" for a, b in zip(words, words[2:], strict=False)),
    ]


@dataclass(frozen=True)
class Block:
    """One kind of n-gram and its weight. ``shortest`` and ``longest`` are for blocks of characters."""

    name: str
    weight: float
    shortest: int = 1
    longest: int = 1
    fewest_texts: int = 2

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> list[Block]:
        """The blocks that a component's configuration asks for, in a fixed order."""
        shortest, longest = config["characters"]
        return [
            cls(name, weight, shortest, longest, config["fewest_texts"])
            for name, weight in sorted(config["weights"].items())
            if weight
        ]

    def vectorizer(self, concepts: Concepts, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
        """Counts these n-grams; texts come normalised."""
        common = {
            "min_df": self.fewest_texts if vocabulary is None else 1,
            "sublinear_tf": True,
            "lowercase": False,
            "dtype": np.float64,
            "vocabulary": vocabulary,
        }
        if self.name == WORDS:
            return TfidfVectorizer(analyzer=word_grams, **common)
        if self.name == CONCEPTS:
            return TfidfVectorizer(analyzer=concepts.grams, **common)
        view = CHARACTER_VIEWS[self.name]
        return TfidfVectorizer(
            analyzer="char_wb", preprocessor=view, ngram_range=(self.shortest, self.longest), **common
        )


@dataclass(frozen=True)
class _Counted:
    """A fitted block, for one text at a time: how it is taken apart, which column each n-gram is, and what it weighs."""

    analyze: Callable[[str], Sequence[str]]
    numbers: Mapping[str, int]
    idf: np.ndarray
    start: int
    weight: float

    def row(self, written: str) -> tuple[np.ndarray, np.ndarray]:
        """The columns that are not nothing, and their values."""
        counts = Counter(self.numbers[gram] for gram in self.analyze(written) if gram in self.numbers)
        columns = np.fromiter(counts.keys(), np.intp, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * self.idf[columns - self.start]
        length = np.sqrt(values @ values)
        return columns, values * (self.weight / length) if length else values


class Features:
    """Fitted blocks. Kept as JSON (the n-grams) and npz (their weights): a model holds nothing that could run."""

    def __init__(self, blocks: Sequence[Block], fitted: Sequence[TfidfVectorizer], concepts: Concepts) -> None:
        self._blocks = tuple(blocks)
        self._fitted = tuple(fitted)
        self._concepts = concepts
        self._counted: list[_Counted] = []
        for block, each in zip(self._blocks, self._fitted, strict=True):
            grams = each.get_feature_names_out()
            start = sum(len(counted.numbers) for counted in self._counted)
            numbers = {gram: start + at for at, gram in enumerate(grams)}
            self._counted.append(_Counted(each.build_analyzer(), numbers, each.idf_, start, block.weight))

    @classmethod
    def fit(cls, blocks: Sequence[Block], concepts: Concepts, texts: Iterable[str]) -> tuple[Features, csr_matrix]:
        """Learns which n-grams there are, and how telling each one is; the second is ``of`` these same texts."""
        written = [masked(normalise(text)) for text in texts]
        fitted = [block.vectorizer(concepts) for block in blocks]
        parts = [each.fit_transform(written) * block.weight for block, each in zip(blocks, fitted, strict=True)]
        return cls(blocks, fitted, concepts), hstack(parts, format="csr")

    def of(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text."""
        written = [masked(normalise(text)) for text in texts]
        parts = [
            fitted.transform(written) * block.weight for block, fitted in zip(self._blocks, self._fitted, strict=True)
        ]
        return hstack(parts, format="csr")

    def one(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The row of one text as ``of`` would make it: which columns, and their values. A tenth of the time."""
        written = masked(normalise(text))
        rows = [counted.row(written) for counted in self._counted]
        return np.concatenate([at for at, _ in rows]), np.concatenate([values for _, values in rows])

    def save(self, folder: Path) -> None:
        """Writes everything but the blocks, which stand in the configuration."""
        names = [block.name for block in self._blocks]
        grams = {name: fitted.get_feature_names_out().tolist() for name, fitted in zip(names, self._fitted, strict=True)}
        (folder / "ngrams.json").write_text(json.dumps(grams, ensure_ascii=False), "utf-8")
        (folder / "concepts.json").write_text(json.dumps(self._concepts.lexicon, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / "idf.npz", **{name: fitted.idf_ for name, fitted in zip(names, self._fitted, strict=True)}
        )

    @classmethod
    def load(cls, blocks: Sequence[Block], folder: Path) -> Features:
        """What ``save`` wrote."""
        grams = json.loads((folder / "ngrams.json").read_text("utf-8"))
        concepts = Concepts(json.loads((folder / "concepts.json").read_text("utf-8")))
        fitted = []
        with np.load(folder / "idf.npz", allow_pickle=False) as idf:
            for block in blocks:
                vectorizer = block.vectorizer(concepts, grams[block.name])
                vectorizer.idf_ = idf[block.name]
                fitted.append(vectorizer)
        return cls(blocks, fitted, concepts)
