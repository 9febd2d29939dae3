"""What a language waits for: texts that are missing, that others left behind, of which somebody is not sure; and how far it is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from bot.engine.flow import Flow
from bot.language import Language
from bot.scripts.context import Context, contexts
from bot.wording.catalog import Catalog, Entry
from bot.wording.state import State


class Want(StrEnum):
    """Why somebody who speaks the language is asked. DRAFT: it stands there, and nobody has read it."""

    MISSING = "missing"
    STALE = "stale"
    UNSURE = "unsure"
    DRAFT = "draft"


_GRAVEST = (Want.UNSURE, Want.STALE, Want.MISSING, Want.DRAFT)
_HEARD = ("say", "child", "minimum")
# What goes out and may be wrong comes before what is not there: then the Spanish goes out alone.
TO_DO = (Want.MISSING, Want.STALE, Want.UNSURE)
"""What is written or looked at; reading drafts is work of its own."""


class Wanted(Struct, frozen=True):
    """A text that is waited for. ``read``: how often its answer was read in the last weeks, 0 for a small number."""

    key: str
    flow: str
    want: Want
    urgent: bool
    read: int
    text: str
    spanish: str


class Progress(Struct, frozen=True):
    """How many texts there are, how many are written and up to date, and how many of these somebody has read; also of the urgent."""

    all: int = 0
    done: int = 0
    read: int = 0
    urgent: int = 0
    urgent_done: int = 0
    urgent_read: int = 0


class Standing(Struct, frozen=True):
    """The answers as they are being written: flows and words with what is open of them. ``locked``: flows that somebody reviews."""

    flows: Mapping[str, Flow]
    catalogs: Mapping[Language, Catalog]
    urgent: Collection[str]
    locked: Collection[str] = ()


def queue(
    standing: Standing,
    language: Language,
    reads: Mapping[str, int],
    doubts: Mapping[str, int],
    wants: Collection[Want] = TO_DO,
    me: int = 0,
) -> tuple[Wanted, ...]:
    """What is waited for, as it is needed: urgent answers first; then what may be wrong, main words, and what is read most.

    ``doubts``: by key, who is not sure of it; what ``me`` doubted comes last to her, for somebody else may know.
    """
    found = []
    for at, (key, context) in enumerate(contexts(standing.flows).items()):
        want, name = _want(standing, language, context, doubts), context.flow.name
        if want in wants and want is not None and name not in standing.locked:
            text, spanish = (_written(standing, each, key) for each in (language, Language.ES))
            each = Wanted(key, name, want, name in standing.urgent, reads.get(name, 0), text, spanish)
            order = (doubts.get(key) == me, not each.urgent, _GRAVEST.index(want), _rank(key), -each.read, at)
            found.append((order, each))
    return tuple(each for _, each in sorted(found, key=lambda placed: placed[0]))


def progress(standing: Standing, language: Language, doubts: Mapping[str, int]) -> Progress:
    """How far the language is. What somebody doubts is never counted as done."""
    counts = dict.fromkeys(("all", "done", "read", "urgent", "urgent_done", "urgent_read"), 0)
    for context in contexts(standing.flows).values():
        want = _want(standing, language, context, doubts)
        urgent = context.flow.name in standing.urgent
        for name, holds in (("all", True), ("done", want not in TO_DO), ("read", want is None)):
            counts[name] += holds
            counts["urgent" if name == "all" else f"urgent_{name}"] += holds and urgent
    return Progress(**counts)


def _rank(key: str) -> int:
    """What is heard first of an answer comes first: its words, then its menu, then what only stands in for them or is added."""
    part = key.rsplit(".", 1)[-1]
    return 0 if part in _HEARD else 2 if part == "durable" or ".also." in key else 1


def _written(standing: Standing, language: Language, key: str) -> str:
    entry = standing.catalogs[language].entry(key)
    return entry.text if entry else ""


def _want(standing: Standing, language: Language, context: Context, doubts: Mapping[str, int]) -> Want | None:
    key = context.sentence.key
    entry = standing.catalogs[language].entry(key) or Entry(key, context.sentence.english)
    if not entry.text and language is not Language.EN:
        return Want.MISSING
    if key in doubts:
        return Want.UNSURE
    if entry.text and entry.state is State.STALE:
        return Want.STALE
    return None if entry.state is State.REVIEWED else Want.DRAFT
