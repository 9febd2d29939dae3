"""What each answer costs: segments of every step in every language, with the longest values that really occur. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.directory.hotline import AREA_LINE
from bot.engine.actions import Ask, Say
from bot.engine.flow import Flow, Group, Step
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.settings import Settings
from bot.wording.fields import fields_of, longest_area_line, shown
from bot.wording.gsm7 import non_gsm, segments
from bot.wording.render import Renderer
from bot.wording.voice import Voice

LONGEST = {Language.ES: 4, Language.EN: 4, Language.QUC: 6}
LONGEST_URGENT_FIRST = {Language.ES: 2, Language.EN: 2, Language.QUC: 3}
# As long as the names that really occur: a town with its state, an organization's name.
LONGEST_PLACE = "92879 (Corona de Tucson, CA)"
LONGEST_OWNER = "una red de organizaciones comunitarias"
_NO_PLACE_NO_HOUR = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Length:
    """One step in one language as an SMS."""

    flow: str
    step: str
    language: Language
    text: str
    segments: int
    limit: int
    foreign: tuple[str, ...]

    @property
    def too_long(self) -> bool:
        """Whether it costs more than it may, or holds a letter that makes the whole SMS dearer."""
        return self.segments > self.limit or bool(self.foreign)


def lengths(release: Release, settings: Settings) -> Iterator[Length]:
    """Every step that says something, in every language, all its sentences with it."""
    numbers = (shown(line, settings) for line in release.hotlines.values() if line.topic == AREA_LINE)
    shorter = {"area_line": max(numbers, key=len, default="")}
    for language in Language:
        fields = fields_of(release.hotlines, settings, None, language, _NO_PLACE_NO_HOUR)
        fields |= {
            "place": LONGEST_PLACE,
            "owner": settings.service_owner or LONGEST_OWNER,
            "topic": "",
            "day": "23/11/2026",
            "area_line": longest_area_line(release.hotlines, settings, language),
            "source": LONGEST_OWNER,
            "hours": "24",
        }
        fields["topic"] = "plan de la familia si me detienen"
        voice = Voice(release.catalogs, language, frozenset(), fields, shorter=shorter)
        renderer = Renderer(release.script, voice, Channel.SMS)
        for flow in release.script.flows.values():
            for step in flow.steps.values():
                if step.say:
                    yield _length(renderer, flow, step, language)


def _length(renderer: Renderer, flow: Flow, step: Step, language: Language) -> Length:
    actions: list[Say | Ask] = [Say(flow.name, step.name)]
    if step.waits and flow.name != NOTICES:
        actions.append(Ask(flow.name, step.name))
    text = "\n".join(renderer.reply(actions).texts)
    return Length(flow.name, step.name, language, text, segments(text), limit_of(flow, step, language), non_gsm(text))


def limit_of(flow: Flow, step: Step, language: Language) -> int:
    """The most segments that this step may cost in this language, its menu with it; in K'iche' the Spanish too."""
    first = flow.group is Group.URGENT and step is flow.first and bool(flow.intents)
    return (LONGEST_URGENT_FIRST if first else LONGEST)[language]
