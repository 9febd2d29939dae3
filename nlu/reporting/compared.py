"""Two models on the same messages: how many each understands, what got better and worse, which danger is missed now. Counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporting.judged import Judged, Topics

NAMES = {"es": "Spanish", "en": "English", "quc": "K'iche'"}


@dataclass(frozen=True, slots=True)
class Row:
    """Messages of one language: how many there are, how many were and are answered with the right flow, how many changed."""

    language: str
    of: int
    before: int
    after: int
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Fallen:
    """An urgent intent of which fewer messages are heard as danger than before."""

    language: str
    intent: str
    of: int
    before: int
    after: int

    def __str__(self) -> str:
        language = NAMES.get(self.language, self.language)
        return f"{self.intent} in {language}: heard {self.after} of {self.of}, was {self.before}"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a new model does to families. ``urgent``: of all languages, messages about danger that are heard as danger."""

    rows: tuple[Row, ...]
    urgent: Row
    fallen: tuple[Fallen, ...]


def compared(before: Sequence[Judged], after: Sequence[Judged], topics: Topics) -> Compared:
    """The same messages in the same order, judged with each model. Urgent phrases are left aside: they are no model's."""
    pairs = list(zip(before, after, strict=True))
    languages = dict.fromkeys(each.language for each in before)
    urgent = [(old, new) for old, new in pairs if old.intent in topics.urgent]
    return Compared(
        tuple(
            _row(language, [(_right(old, topics), _right(new, topics)) for old, new in pairs if old.language == language])
            for language in languages
        ),
        _row("", [(_alarmed(old, topics), _alarmed(new, topics)) for old, new in urgent]),
        tuple(_fallen(urgent, topics)),
    )


def _row(language: str, pairs: Sequence[tuple[bool, bool]]) -> Row:
    counts = Counter(pairs)
    better, worse, both = counts[False, True], counts[True, False], counts[True, True]
    return Row(language, len(pairs), both + worse, both + better, better, worse)


def _fallen(pairs: Sequence[tuple[Judged, Judged]], topics: Topics) -> Iterator[Fallen]:
    groups: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for old, new in pairs:
        groups.setdefault((old.language, old.intent), []).append((_alarmed(old, topics), _alarmed(new, topics)))
    for (language, intent), heard in groups.items():
        row = _row(language, heard)
        if row.after < row.before:
            yield Fallen(language, intent, row.of, row.before, row.after)


def _right(each: Judged, topics: Topics) -> bool:
    flow = each.without_phrases.flow
    return flow is not None and flow == topics.flows.get(each.intent)


def _alarmed(each: Judged, topics: Topics) -> bool:
    return each.without_phrases.flow in topics.urgent_flows


def table(found: Compared, kept_back: int) -> str:
    """The figures, for the terminal. ``kept_back``: how many of the messages people wrote."""
    total = sum(row.of for row in found.rows)
    lines = [
        f"On {total} messages that no model learns from (nlu/data/calibration, and {kept_back} of nlu/kept_back):",
        f"{'':10}{'right before':>14}{'after':>12}{'better':>8}{'worse':>7}",
    ]
    for row in (*found.rows, found.urgent):
        name = NAMES.get(row.language, "danger")
        lines.append(
            f"{name:10}{f'{row.before} of {row.of}':>14}{f'{row.after} of {row.of}':>12}{row.better:>8}{row.worse:>7}"
        )
    return "\n".join(lines)
