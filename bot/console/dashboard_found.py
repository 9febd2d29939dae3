"""Which weeks somebody asked for, and every card of them: the same for the page, its files and the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from bot.console import figures_answers, figures_asked, figures_places, figures_served
from bot.console.access import viewer
from bot.console.desk import desk
from bot.console.figures_scene import Scene, headline
from bot.console.figures_shown import Card
from bot.console.figures_words import week_words
from bot.console.kinds import kind_words
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.directory.coverage import Coverage
from bot.engine.flow import Group
from bot.figures.topics import topics
from bot.figures.weeks import OTHER, WEEK, Weeks
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.digest import Digest
from bot.scripts.release import Release
from bot.store.digest_week import what_waits
from bot.store.errors import DirectoryDamaged, SealBroken
from bot.store.weekly import spans, weekly

USUAL = 4
"""So many weeks are shown where nobody chose others."""
_NO_TOPICS = ("helped_yes", "helped_no")
"""Counts of answers to "did this help?"."""


class Found(Struct, frozen=True):
    """What the page shows. ``mondays``: all weeks that can be chosen, the newest first; without any there are no cards of families."""

    mondays: tuple[date, ...]
    first: date | None
    last: date | None
    weeks: str
    head: str
    families: tuple[Card, ...]
    answers: tuple[Card, ...]
    damaged: bool = False

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of them."""
        return (*self.families, *self.answers)


def found(args: Mapping[str, str]) -> Found:
    """The figures of the weeks that ``from`` and ``to`` (Mondays) name. Raises ``StoreDown``."""
    release: Release = desk().puente.release
    span = spans(desk().engine)
    if span is None:
        return Found((), None, None, "", "", (), _answers(release, ()))
    oldest, newest = span
    mondays = tuple(newest - WEEK * back for back in range((newest - oldest) // WEEK + 1))
    last = _chosen(args.get("to", ""), mondays) or newest
    first = _chosen(args.get("from", ""), mondays) or max(last - WEEK * (USUAL - 1), oldest)
    scene = _scene(release, weekly(desk().engine, min(first, last), max(first, last)))
    weeks = scene.weeks
    asked = [each.name for each in topics(weeks, scene.is_topic) if each.name != OTHER]
    return Found(
        mondays,
        weeks.first,
        weeks.last,
        week_words(weeks.first, weeks.last, scene.language),
        headline(scene),
        families(scene),
        _answers(release, asked),
        bool(weeks.damaged),
    )


def families(scene: Scene) -> tuple[Card, ...]:
    """Every card that is made of counts of families."""
    return (
        figures_asked.questions_card(scene),
        figures_served.service_card(scene),
        figures_asked.topics_card(scene),
        figures_asked.languages_card(scene),
        figures_places.places_card(scene),
        figures_places.gaps_card(scene),
        figures_served.waits_card(scene),
        figures_served.failures_card(scene),
        figures_served.costs_card(scene),
    )


def _answers(release: Release, asked: tuple[str, ...] | list[str]) -> tuple[Card, ...]:
    title = title_in(release, Language(page_language()), words)
    waiting = [each.changed for each in desk().changes.all() if each.stage is Stage.REVIEW]
    days = int(desk().clock() - min(waiting, default=desk().clock())) // 86_400
    review = figures_answers.Review(len(waiting), days)
    return (
        figures_answers.week_card(_waits(release), page_language(), words),
        figures_answers.translation_card(release, words),
        figures_answers.top_card(release, asked, title, words),
        figures_answers.review_card(release, review, desk().settings.require_approval, words),
    )


def _waits(release: Release) -> Digest:
    try:
        places = desk().directory.to_call(viewer())
    except (DirectoryDamaged, SealBroken):
        places = 0
    return what_waits(release.facts, release.hotlines, places, desk().engine, desk().clock())


def _scene(release: Release, weeks: Weeks) -> Scene:
    coverage = _coverage()
    return Scene(
        weeks=weeks,
        words=words,
        language=page_language(),
        topic=title_in(release, Language(page_language()), words),
        is_topic=lambda name: _is_topic(release, name),
        place=lambda state: _place(release, state),
        kinds=kind_words(words),
        cover=coverage.of if coverage else None,
        price=desk().settings.sms_price,
    )


def _coverage() -> Coverage | None:
    """None where somebody changed the directory in the database by hand: what it says is not believed, here either."""
    try:
        return desk().directory.covers(viewer())
    except (DirectoryDamaged, SealBroken):
        return None


def _is_topic(release: Release, name: str) -> bool:
    """What was asked for: not a greeting or the menu. A topic of an older release stays one."""
    flow = release.script.flows.get(name)
    return name not in _NO_TOPICS and not figures_asked.is_language(name) and (flow is None or flow.group is not Group.CONVERSATION)


def _place(release: Release, state: str) -> str:
    """US-IL is Illinois; what is no state that we know stays as it was counted."""
    country, _, name = state.partition("-")
    match = release.places.state(name, country).found if name else None
    return match.name if match and match.country == country and match.admin1 == name else state


def _chosen(said: str, mondays: tuple[date, ...]) -> date | None:
    return next((monday for monday in mondays if monday.isoformat() == said), None)
