"""What the form of an organization brings, and what is wrong with it in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from werkzeug.datastructures import MultiDict

from bot.console.words import page_language, words
from bot.directory.errors import ScheduleError
from bot.directory.hours import parse_schedule
from bot.escalation.organization import DeskOrganization
from bot.frozen import replace
from bot.language import Language

DRAFT = DeskOrganization("", "")
_ZONES = ("America/", "Pacific/Honolulu", "Pacific/Guam", "Pacific/Pago_Pago")


@cache
def zones() -> tuple[str, ...]:
    """Time zones of places in which the network works. Asked of the disk at the first page that lets somebody choose."""
    return tuple(sorted(zone for zone in available_timezones() if zone.startswith(_ZONES)))


def organization_of(form: MultiDict[str, str], before: DeskOrganization) -> DeskOrganization:
    """The organization as the form has it; its id stays what it was."""
    count = form.get("urgent_a_day", "").strip()
    return replace(
        before,
        id=before.id or form.get("id", "").strip()[:33],
        name=form.get("name", "").strip()[:81],
        hours=" ".join(form.get("hours", "").split())[:201],
        zone=form.get("zone", ""),
        languages=_parts(form.getlist("language")),
        states=_parts(form.get("states", "").replace(";", ",").split(",")),
        topics=_parts(form.getlist("topic")),
        is_default="is_default" in form,
        active="active" in form,
        debrief=form.get("debrief", "").strip()[:201],
        urgent_a_day=int(count) if re.fullmatch(r"\d{1,3}", count) else 0 if not count else -1,
    )


def problems(made: DeskOrganization) -> dict[str, str]:
    """What is wrong, by the field of the form."""
    found = {}
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made.id) or len(made.id) > 32:
        found["id"] = words("organizations.no-id", "Small letters and digits with hyphens, such as centro-del-sol.")
    if not 0 < len(made.name) <= 80:
        found["name"] = words("organizations.no-name", "Write the name: families read it.")
    try:
        parse_schedule(made.hours, made.zone)
    except ScheduleError:
        found["hours"] = words(
            "organizations.no-hours", "These hours cannot be read. Write them as in Mo-Fr 09:00-17:00; Sa 10:00-14:00."
        )
    if any(not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", each) for each in made.states):
        found["states"] = words("organizations.no-states", "Countries or their states, such as US-IL, US-WI, GT.")
    if made.urgent_a_day < 0:
        found["urgent_a_day"] = words("organizations.no-number", "Write a number; 0 for no such line.")
    return found


def topic_titles(release: Any) -> Mapping[str, str]:
    """The topics that a person may be asked for about, by their plain names in the language of the page."""
    catalog = release.catalogs.get(Language(page_language()))
    titles = {}
    for name, flow in release.script.flows.items():
        if flow.intents:
            entry = catalog.entry(flow.title.key) if catalog else None
            titles[name] = (entry.text if entry else "") or flow.title.english
    return dict(sorted(titles.items(), key=lambda pair: pair[1].casefold()))


def _parts(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
