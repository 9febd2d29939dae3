"""The versions of an answer among the releases: which release changed it, and how two of them differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.language import Language
from bot.scripts.change_answer import ORDER
from bot.scripts.change_applied import texts_of_flow
from bot.scripts.change_words import Piece, pieces
from bot.scripts.context import contexts
from bot.scripts.release import Release


class Publication(Struct, frozen=True):
    """What is to be known of a release for this: what it changed, and which one it brings back (None: none)."""

    number: int
    flows: frozenset[str]
    again: int | None


class Parted(Struct, frozen=True):
    """A text that two versions have otherwise. Empty where one of them has none."""

    key: str
    where: str
    language: Language
    before: str
    after: str
    pieces: tuple[Piece, ...]


def changed_by(publications: Iterable[Publication]) -> dict[int, frozenset[str]]:
    """The answers that each release changed; bringing one back changes all that came between."""
    changed: dict[int, frozenset[str]] = {}
    for each in sorted(publications, key=lambda each: each.number):
        flows = set(each.flows)
        if each.again is not None:
            flows |= {flow for number in range(each.again + 1, each.number) for flow in changed.get(number, ())}
        changed[each.number] = frozenset(flows)
    return changed


def parted(before: Release, after: Release, flow: str) -> tuple[Parted, ...]:
    """The texts of an answer that differ between two releases, in reading order, es, en, quc."""
    return tuple(_parted(before, after, flow))


def _parted(before: Release, after: Release, flow: str) -> Iterator[Parted]:
    old, new = (_texts(each, flow) for each in (before, after))
    places = {**contexts(before.script.flows, (flow,)), **contexts(after.script.flows, (flow,))}
    for key in dict.fromkeys((*new, *old)):
        for language in ORDER:
            was, now = (texts.get(key, {}).get(language, "") for texts in (old, new))
            if was != now:
                yield Parted(key, places[key].where, language, was, now, pieces(was, now))


def _texts(release: Release, flow: str) -> Mapping[str, Mapping[Language, str]]:
    return texts_of_flow(release, flow) if flow in release.script.flows else {}
