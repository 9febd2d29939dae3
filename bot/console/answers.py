"""The list of all answers: searched in three languages, filtered, with how far each language is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from msgspec import Struct

from bot.console.access import allow, viewer
from bot.console.answers_found import (
    ALL,
    ASKED,
    DONE,
    DRAFT,
    IN_REVIEW,
    LACKS,
    LATELY,
    MINE,
    MISSING,
    PUBLISHED,
    REVIEW,
    STALE,
    STATES,
    TABS,
    UNREAD,
    Asked,
    Entry,
    Standing,
    Written,
    bars,
    matches,
    ordered,
    written,
)
from bot.console.answers_standing import standings
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published, read
from bot.console.editor_view import ORDER
from bot.console.languages import LANGUAGES
from bot.console.words import Phrase, page_language, phrase
from bot.engine.flow import Group
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.release import Release
from bot.store.counts import SMALL
from bot.store.topic_reads import reads

TOPICS: Mapping[str, Phrase] = {
    Group.URGENT: phrase("topic.urgent", "In danger"),
    Group.RIGHTS: phrase("topic.rights", "Rights"),
    Group.SERVICES: phrase("topic.services", "Services"),
    Group.CONVERSATION: phrase("topic.conversation", "What the bot says by itself"),
}
STATE_WORDS: Mapping[str, Phrase] = {
    PUBLISHED: phrase("change.published", "Published"),
    DRAFT: phrase("change.draft", "Draft"),
    IN_REVIEW: phrase("change.in-review", "In review"),
    ASKED: phrase("change.asked", "Changes asked for"),
}
_TAB_WORDS = {
    ALL: phrase("answers.tab-all", "All"),
    MINE: phrase("answers.tab-mine", "My drafts"),
    REVIEW: phrase("answers.tab-review", "In review"),
    LATELY: phrase("answers.tab-lately", "Published lately"),
}
_LACK_WORDS = {
    MISSING: phrase("answers.lack-missing", "texts are missing"),
    STALE: phrase("answers.lack-stale", "to look at: another language changed"),
    UNREAD: phrase("answers.lack-unread", "not reviewed"),
}
_TOLD = {
    MISSING: phrase("answers.missing", "%(n)s missing"),
    STALE: phrase("answers.stale", "look at %(n)s"),
    UNREAD: phrase("answers.unread", "%(n)s not reviewed"),
    DONE: phrase("answers.done", "complete"),
}
_MARKS = {MISSING: "urgent", STALE: "soon", UNREAD: "note", DONE: "good"}
# Beside the shapes that urgent and soon have already.
_SIGNS = {MISSING: "", STALE: "", UNREAD: "○", DONE: "✓"}
_LONGEST_WORDS = 80


class Tab(Struct, frozen=True):
    """One tab with how many answers it holds."""

    name: str
    words: Phrase
    count: int
    address: str


@console.get("/answers")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def answers() -> str:
    """Every answer that fits what is asked for."""
    release, asked = published(), _asked(request.args)
    index, standing = (*index_of(release), *_begun(release)), standings()
    me, now = viewer().user, desk().clock()
    found = [each for each in index if matches(each, standing.get(each.flow, Standing()), asked, me, now)]
    counts = reads(desk().engine, now)
    return render_template(
        "answers.html",
        asked=asked,
        entries=ordered([_entry(each, standing, counts) for each in found], asked.words),
        bars=bars(index),
        tabs=_tabs(index, standing, asked, me, now),
        topics=TOPICS,
        states=STATE_WORDS,
        lacks=_LACK_WORDS,
        told=_TOLD,
        marks=_MARKS,
        signs=_SIGNS,
        languages=[(language.value, LANGUAGES[language.value]) for language in ORDER],
        names=LANGUAGES,
    )


def _begun(release: Release) -> Iterator[Written]:
    """New answers that nobody has published: their draft is all there is of them."""
    for opened in desk().changes.all():
        reading = read(opened.flow) if opened.flow not in release.script.flows else None
        if reading is not None:
            yield written(reading.release, reading.flow)


def _asked(args: Mapping[str, str]) -> Asked:
    def one_of(name: str, known: Sequence[str], otherwise: str = "") -> str:
        return args.get(name, "") if args.get(name, "") in known else otherwise

    return Asked(
        args.get("q", "").strip()[:_LONGEST_WORDS],
        one_of("topic", tuple(Group)),
        one_of("state", STATES),
        one_of("language", tuple(Language)),
        one_of("lack", LACKS),
        bool(args.get("mine")),
        one_of("tab", TABS, ALL),
    )


def _entry(each: Written, standing: Mapping[str, Standing], counts: Mapping[str, int]) -> Entry:
    title, read = each.titles[Language(page_language())], counts.get(each.flow, 0)
    return Entry(
        each,
        standing.get(each.flow, Standing()),
        title[:1].upper() + title[1:],
        read if read >= SMALL else None,
    )


def _tabs(
    index: Sequence[Written], standing: Mapping[str, Standing], asked: Asked, me: int, now: float
) -> Sequence[Tab]:
    def count(tab: str) -> int:
        bare = Asked(tab=tab)
        return sum(matches(each, standing.get(each.flow, Standing()), bare, me, now) for each in index)

    def address(tab: str) -> str:
        kept: dict[str, Any] = {"q": asked.words, "topic": asked.topic, "language": asked.language, "lack": asked.lack}
        kept = {name: value for name, value in kept.items() if value} | ({} if tab == ALL else {"tab": tab})
        return url_for("console.answers", **kept)

    return [Tab(tab, _TAB_WORDS[tab], count(tab), address(tab)) for tab in TABS]


_INDEX: dict[str, tuple[Written, ...]] = {}


def index_of(release: Release) -> tuple[Written, ...]:
    """Every answer of this release, read once: a release never changes."""
    if release.digest not in _INDEX:
        found = tuple(written(release, flow) for flow in release.script.flows.values())
        # Of two releases at once the older is asked for no more.
        _INDEX.clear()
        _INDEX[release.digest] = found
    return _INDEX[release.digest]
