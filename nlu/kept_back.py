"""Sentences that people wrote and volunteers judged, kept back from the training: whether a new model is better is seen on them.

Every fifth, by the hash of its words, so that no later export moves one to the other side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sentences import Sentence, folded, read_table

FOLDER = "kept_back"
_EVERY = 5


def is_kept_back(text: str) -> bool:
    """Whether this sentence measures and is never learned."""
    return int.from_bytes(hashlib.sha256(folded(text).encode()).digest()[:8], "big") % _EVERY == 0


def read_kept_back(project: Path) -> list[Sentence]:
    """All of them."""
    return [
        Sentence(row["text"], row["intent"], path.stem, f"{FOLDER}/{path.name}")
        for path in sorted((project / FOLDER).glob("*.tsv"))
        for row in read_table(path)
    ]


def table(sentences: Iterable[Sentence]) -> str:
    """The file of one language, in the order that it is given."""
    return "intent\ttext\n" + "".join(f"{each.intent}\t{each.text}\n" for each in sentences)
