"""How far the words of a release have come: what is written, what somebody has read, what a lawyer has approved. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.flow import Group
from bot.language import Language
from bot.scripts.approval import approved_flows
from bot.scripts.checks.translations import state_in
from bot.scripts.release import Release
from bot.wording.state import State

_ORDER = (None, State.STALE, State.DRAFT, State.REVIEWED)


class Progress(Struct, frozen=True):
    """How many sentences of the flows one language has, by state. ``missing`` are those that nobody has written."""

    language: Language
    drafts: int
    reviewed: int
    stale: int
    missing: int


def progress(release: Release) -> tuple[Progress, ...]:
    """Each language. English counts its sentences in the flows as drafts until somebody has reviewed them in the catalog."""
    return tuple(_of(release, language) for language in Language)


def _of(release: Release, language: Language) -> Progress:
    catalog = release.catalogs[language]
    counts = dict.fromkeys(State, 0)
    missing = 0
    for flow in release.script.flows.values():
        for sentence in flow.sentences:
            entry = catalog.entry(sentence.key)
            if entry is not None and entry.text.strip():
                counts[state_in(release, sentence, entry, language)] += 1
            elif language is Language.EN:
                counts[State.DRAFT] += 1
            else:
                missing += 1
    return Progress(language, counts[State.DRAFT], counts[State.REVIEWED], counts[State.STALE], missing)


def state_of_flow(release: Release, flow: str, language: Language) -> State | None:
    """The state of the weakest sentence of an answer in a language; None where one is not written. ``KeyError``: no such flow."""
    states: list[State | None] = []
    for sentence in release.script.flows[flow].sentences:
        entry = release.catalogs[language].entry(sentence.key)
        if entry is not None and entry.text.strip():
            states.append(state_in(release, sentence, entry, language))
        else:
            states.append(State.DRAFT if language is Language.EN else None)
    return min(states, key=_ORDER.index, default=None)


def approvals(release: Release) -> tuple[int, int]:
    """How many rights flows a lawyer or accredited representative has approved as they stand, and how many there are."""
    rights = [flow for flow in release.script.flows.values() if flow.group is Group.RIGHTS]
    return len(approved_flows(release)), len(rights)
