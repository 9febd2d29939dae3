"""What the translation desk works with, from the stores: the answers as they are being written, and what a language waits for."""

from __future__ import annotations

from collections.abc import Collection

from flask import abort

from bot.console.access import person, viewer
from bot.console.desk import desk
from bot.console.editor_read import published, read
from bot.console.tasks_found import is_urgent
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.speaker_queue import TO_DO, Standing, Want, Wanted, queue
from bot.store.topic_reads import reads
from bot.wording.catalog import Catalog


def language_of(code: str) -> Language:
    """The language of that code; 404 for any other word."""
    return Language(code) if code in Language._value2member_map_ else abort(404)


def own_language() -> Language:
    """The one that she most likely comes for: K'iche' where she speaks or looks after it, else what she looks after."""
    mine = person()
    if mine.speaker_of or Language.QUC in mine.works_in or not mine.works_in:
        return Language.QUC
    return mine.works_in[0]


def standing() -> Standing:
    """The answers with what is open of them. An answer that is to go is not worth anybody's work any more."""
    release = published()
    flows = dict(release.script.flows)
    entries = {language: dict(catalog.entries) for language, catalog in release.catalogs.items()}
    locked = set()
    for opened in desk().changes.all():
        if opened.draft.archived:
            flows.pop(opened.flow, None)
            continue
        if opened.stage is Stage.REVIEW:
            locked.add(opened.flow)
        reading = read(opened.flow)
        if reading is None:
            continue
        flows[opened.flow] = reading.flow
        for language, known in entries.items():
            mine = reading.release.catalogs[language].entries
            known.update({s.key: mine[s.key] for s in reading.flow.sentences if s.key in mine})
    catalogs = {language: Catalog(language, known) for language, known in entries.items()}
    return Standing(flows, catalogs, frozenset(filter(is_urgent, flows)), frozenset(locked))


def waiting(language: Language, wants: Collection[Want] = TO_DO, now: Standing | None = None) -> tuple[Wanted, ...]:
    """What she may do next in a language, in order."""
    doubts = desk().text_notes.unsure(viewer(), language)
    often = reads(desk().engine, desk().clock())
    return queue(now or standing(), language, often, doubts, wants, viewer().user)


def after(found: tuple[Wanted, ...], key: str) -> str | None:
    """The text behind that one, or the first where that was the last; None where there is no other."""
    keys = [each.key for each in found]
    others = [*keys[keys.index(key) + 1 :], *keys[: keys.index(key)]] if key in keys else keys
    return others[0] if others else None


def before(found: tuple[Wanted, ...], key: str) -> str | None:
    """The text in front of that one; None where it is the first."""
    keys = [each.key for each in found]
    at = keys.index(key) if key in keys else 0
    return keys[at - 1] if at > 0 else None
