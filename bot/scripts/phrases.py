"""Sentences that the model may learn from: what a volunteer says of one, how two are known as the same, what stands in nlu/data. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from rapidfuzz import fuzz, process

from bot.escalation.scrub import GAP
from bot.intents.folding import bare

OUT_OF_SCOPE = "out_of_scope"
"""The topic under which the model learns what is about nothing of ours."""
LONGEST_FOLD = 320
LONGEST_PHRASE = 600
"""As much of a message as the model reads."""
_ALIKE = 82.0
"""Percent of letters in order from which on a sentence of another topic is shown as much like this one."""
_SHORTEST_ALIKE = 12
_WORD_LETTERS = re.compile(r"\s+")


class Verdict(StrEnum):
    """What a volunteer said of a sentence. There is none for personal data: such a sentence is not kept at all."""

    WAITING = "waiting"
    RIGHT = "right"
    OTHER = "other"
    NONE = "none"


class Learned(Struct, frozen=True):
    """A sentence of nlu/data, the topic under which the model learns it, and its fold."""

    language: str
    topic: str
    text: str
    folded: str


def without_gaps(text: str) -> str:
    """As the model may learn it: where a name or a number was taken out, nothing stands. Nobody sends three stars."""
    return _WORD_LETTERS.sub(" ", text.replace(GAP, " ")).strip()


def fold(text: str) -> str:
    """Two sentences with the same fold are one: capitals, accents, marks, apostrophes and gaps do not count."""
    return bare(without_gaps(text))[:LONGEST_FOLD]


def read_learned(language: str, content: str) -> Iterator[Learned]:
    """The sentences of a file of nlu/data, whose form nlu/lint.py holds. Line by line: there are twenty thousand of them."""
    topic = ""
    for line in content.splitlines():
        if line.startswith("- intent: "):
            topic = line.removeprefix("- intent: ").strip()
        elif line.startswith("    - ") and topic:
            text = line.removeprefix("    - ").strip()
            yield Learned(language, topic, text, fold(text))


class Alike(Struct, frozen=True):
    """A sentence of another topic that is much like one: both cannot be right for long. ``same``: it is the very one."""

    learned: Learned
    same: bool


def alike(text: str, topic: str, learned: Iterable[Learned]) -> Alike | None:
    """What the model learns under another topic than this and that is nearly this sentence; None where there is nothing."""
    key = fold(text)
    others = [each for each in learned if each.topic != topic]
    folds = [each.folded for each in others]
    if key in folds:
        return Alike(others[folds.index(key)], same=True)
    if len(key) < _SHORTEST_ALIKE:
        return None
    found = process.extractOne(key, folds, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return Alike(others[found[2]], same=False) if found else None


class Thin(Struct, frozen=True):
    """A topic with few sentences in a language; from ``enough`` on it gets better."""

    topic: str
    language: str
    count: int
    enough: int


ENOUGH = {"es": 70, "en": 70, "quc": 15}
ENOUGH_URGENT = {"es": 140, "en": 140, "quc": 15}
"""Fewer sentences make a topic thin. In Spanish and English as nlu/lint.py asks; in K'iche' every one of a speaker counts."""


def thin(counts: Mapping[tuple[str, str], int], urgent: Iterable[str], topics: Iterable[str]) -> tuple[Thin, ...]:
    """The topics that are thin, the thinnest first. ``counts``: of topic and language."""
    dangerous = frozenset(urgent)
    found = [
        Thin(topic, language, counts.get((topic, language), 0), enough)
        for topic in topics
        for language, enough in (ENOUGH_URGENT if topic in dangerous else ENOUGH).items()
        if counts.get((topic, language), 0) < enough
    ]
    return tuple(sorted(found, key=lambda each: (each.count / each.enough, each.topic, each.language)))
