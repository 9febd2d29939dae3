"""What stands around the field in which an answer is written: its parts, published answers, organizations, templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from bot.console.canned import Canned, Shelf
from bot.console.desk import desk
from bot.console.kinds import kind_words
from bot.console.near import KINDS, Near, Neighbourhood
from bot.console.parts import Parts, parts
from bot.console.template_view import Approved, TemplateView, template_views
from bot.console.words import page_language, words
from bot.engine.place import from_token
from bot.escalation.escalation import Escalated
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.store.desk_posting import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is writing, as a form brought it. ``wanted`` is what she looks for among the answers.

    ``kind`` and ``place``: of the organizations that she looks for. ``trouble``: why it was not sent. ``newer``: how many
    messages of the family came meanwhile. ``opened``: which list stands open. ``template``: its sid and its values.
    """

    text: str = field(default="", repr=False)
    seen_up_to: int | None = None
    wanted: str = ""
    kind: str = ""
    place: str = ""
    trouble: str = ""
    newer: int = 0
    opened: str = ""
    note: str = field(default="", repr=False)
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def with_line(self, line: str) -> Draft:
        """The text with a line more, or several."""
        return replace(self, text=f"{self.text.rstrip()}\n{line}".strip() if self.text.strip() else line)


class Composer(Struct, frozen=True):
    """``place``: where ``near`` was looked for, empty for the place that the person said; ``unknown_place``: nobody knows it."""

    parts: Parts
    answers: Sequence[Canned]
    near: Sequence[Near]
    kinds: dict[str, str]
    kind: str
    place: str
    unknown_place: bool
    templates: Sequence[TemplateView]
    longest: int = LONGEST_TEXT


def composer(escalated: Escalated, language: Language, draft: Draft, templates: Sequence[Approved] = ()) -> Composer:
    """For this conversation and what is being written. ``templates`` are those that the person may get."""
    where = neighbourhood(escalated, language)
    place = where.place(draft.place, escalated.about.place)
    kind = draft.kind if draft.kind in KINDS else ""
    return Composer(
        parts=parts(draft.text, Channel(escalated.channel), desk().settings.sms_price, LONGEST_TEXT),
        answers=shelf(escalated, language).find(draft.wanted, escalated.about.topic),
        near=where.of(place, kind) if place and kind else (),
        kinds=kind_words(words),
        kind=kind,
        place=draft.place,
        unknown_place=place is None and bool(draft.place.strip() or from_token(escalated.about.place) is None),
        templates=template_views(templates, draft.template, draft.values),
    )


def shelf(escalated: Escalated, language: Language) -> Shelf:
    """The published answers as they are for this family."""
    return Shelf(
        release=desk().puente.conversation.release(),
        settings=desk().settings,
        language=language,
        place=escalated.about.place,
        channel=Channel(escalated.channel),
        now=desk().clock(),
        staff=Language(page_language()),
    )


def neighbourhood(escalated: Escalated, language: Language) -> Neighbourhood:
    """Who is near this family."""
    release = desk().puente.conversation.release()
    return Neighbourhood(release, desk().settings, language, Channel(escalated.channel), desk().clock())


def inserted(escalated: Escalated, language: Language, draft: Draft, wanted: str) -> Draft:
    """The draft with an answer (``answer:flow.step``) or an organization (``near:id``) at its end; as it is for anything else."""
    what, _, name = wanted.partition(":")
    if what == "answer":
        answer = shelf(escalated, language).of(name)
        return draft.with_line(answer.text) if answer else draft
    where = neighbourhood(escalated, language)
    place = where.place(draft.place, escalated.about.place)
    if what != "near" or place is None or draft.kind not in KINDS:
        return draft
    line = next((each.line for each in where.of(place, draft.kind) if each.id == name), None)
    return draft.with_line(line) if line else draft
