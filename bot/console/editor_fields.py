"""What may be inserted into a text: who we are, numbers, sites and organizations of the directory, the place of the person. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from bot.console.spans import Words
from bot.directory.fold import fold
from bot.directory.hotline import Hotline
from bot.directory.organizations import NAME, PHONE
from bot.engine.flow import Flow, Group
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.scripts.approval import fact_names
from bot.scripts.checks.figures import figures_of
from bot.scripts.fact import READ, read_fields
from bot.scripts.release import Release

_LONGEST_SAYS = 80
MOST_IN_A_GROUP = 150
"""In one list. Others are found by their words."""


class FieldGroup(Struct, frozen=True):
    """Fields that belong together: name and what each stands for."""

    title: str
    names: tuple[tuple[str, str], ...]


def field_groups(
    release: Release, flow: Flow, language: Language, words: Words, asked: str = ""
) -> tuple[FieldGroup, ...]:
    """What may stand in this flow, with ``asked`` only what has these words. In danger only lines that can help at once."""
    every = (_fitting(group, fold(asked).split()) for group in _groups(release, flow, language, words))
    return tuple(group for group in every if group.names)


def _fitting(group: FieldGroup, asked: list[str]) -> FieldGroup:
    """The fields of a group that have all these words, or their beginnings within a word."""
    names = (each for each in group.names if all(word in fold(" ".join(each)) for word in asked))
    return FieldGroup(group.title, tuple(islice(names, MOST_IN_A_GROUP)))


def _groups(release: Release, flow: Flow, language: Language, words: Words) -> tuple[FieldGroup, ...]:
    lines = [line for line in release.hotlines.values() if line.for_emergencies or flow.group is not Group.URGENT]
    groups = (
        FieldGroup(words("field.ours", "Who we are, and the place"), tuple(_own(flow, words))),
        FieldGroup(
            words("field.numbers", "Numbers to call or write"),
            _named((line for line in lines if line.kind != "site"), language),
        ),
        FieldGroup(words("field.sites", "Sites"), _named((line for line in lines if line.kind == "site"), language)),
        FieldGroup(words("field.names", "Names of organizations"), tuple(_organizations(release, NAME, language))),
        # Nobody there waits for emergencies.
        FieldGroup(
            words("field.phones", "Numbers of organizations"),
            () if flow.group is Group.URGENT else tuple(_organizations(release, PHONE, language)),
        ),
    )
    facts = FieldGroup(
        words("field.facts", "Days on which the sources of its facts were read"), tuple(_facts(release, flow))
    )
    figures = FieldGroup(words("field.figures", "Figures of its facts"), tuple(_figures(release, flow)))
    return (*groups, figures, facts)


def _own(flow: Flow, words: Words) -> Iterator[tuple[str, str]]:
    yield "owner", words("field.owner", "the organization that runs this service")
    if flow.group is not Group.URGENT:
        yield "place", words("field.place", "the place that the person wrote")
    yield "area_line", words("field.area-line", "the rapid response line of the person's area")
    yield "carrier_keeps", words("field.carrier-keeps", "how long the phone company keeps messages")
    yield "example", words("field.example", "an example of how to write a place")
    if flow.name == NOTICES:
        for name in ("topic", "day", "source", "hours", "hotline", "languages"):
            yield name, words("field.of-notice", "filled in by the bot in this sentence")
    if flow.name in (NOTICES, "human"):
        yield "desk_organization", words("field.desk-organization", "the organization whose staff answer")
        yield "desk_hours", words("field.desk-hours", "the hours of the staff")
        yield "desk_back", words("field.desk-back", "when the staff are back")
        yield "desk_wait", words("field.desk-wait", "how long people wait now")


def _facts(release: Release, flow: Flow) -> Iterator[tuple[str, str]]:
    """Of the facts that the flow leans on, those whose source somebody has read."""
    days = read_fields(release.facts)
    for name in fact_names(flow):
        if day := days.get(f"{READ}{name}"):
            yield f"{READ}{name}", f"{day}: {release.facts[name].says[:_LONGEST_SAYS]}"


def _figures(release: Release, flow: Flow) -> Iterator[tuple[str, str]]:
    """Of the facts that the flow leans on: the number first, then what the fact says of it."""
    for figure in figures_of(release, flow):
        yield figure.field, f"{figure.value}: {release.facts[figure.fact].says[:_LONGEST_SAYS]}"


def _organizations(release: Release, kind: str, language: Language) -> Iterator[tuple[str, str]]:
    """Those that families can be told of, by name."""
    every = (each for each in release.directory.organizations.by_code.values() if each.services)
    for each in sorted(every, key=lambda each: each.called(language).casefold()):
        phone = next((phone.text for service in each.services for phone in service.phones), "")
        if kind == NAME:
            yield each.field(), each.called(language)
        elif phone:
            yield each.field(PHONE), f"{each.called(language)}: {phone}"


def _named(lines: Iterator[Hotline], language: Language) -> tuple[tuple[str, str], ...]:
    found = (
        (line.id, f"{line.purpose_en if language is Language.EN else line.purpose_es}: {line.text}") for line in lines
    )
    return tuple(sorted(found, key=lambda each: each[1].casefold()))
