"""Every flow, walked as families can walk it; and what a walk must notice, each broken once in a world of five flows."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import content
from bot.cli_documents import WALK_PAGE
from bot.directory.directory import Directory
from bot.directory.nearest import nearest
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts import walk_checks
from bot.scripts.first_messages import LONELY_ZIP, ZIP
from bot.scripts.walk import Walk, walk
from bot.scripts.walk_report import walk_page
from bot.scripts.walker import WALKED_AT, Walker, listener
from bot.settings import REPOSITORY, Settings, from_environment
from bot.wording.catalog import Catalog

# Each test reads the whole content anew, or walks all of it.
pytestmark = pytest.mark.slow

RELEASE = content.load()
SHOWING_ALL = from_environment({"ENVIRONMENT": "test"})
PRODUCTION = replace(SHOWING_ALL, require_approval=True, send_unconfirmed_numbers=False)
LISTEN = listener(RELEASE)


# Once somebody has called them: before that nobody is sent to an organization in production.
CALLED = replace(
    RELEASE,
    directory=Directory.of(
        replace(
            each,
            assured_on=datetime.fromtimestamp(WALKED_AT, UTC).date(),
            phones=tuple(
                replace(phone, verified_on=datetime.fromtimestamp(WALKED_AT, UTC).date()) for phone in each.phones
            ),
        )
        for each in RELEASE.directory.services
    ),
)


@functools.cache
def walked(language: Language, channel: Channel, settings: Settings = SHOWING_ALL) -> Walk:
    return walk(Walker(CALLED if settings is PRODUCTION else RELEASE, settings, language, channel, LISTEN))


ALL = [(language, channel, SHOWING_ALL) for language in Language for channel in Channel]


@pytest.mark.parametrize(
    ("language", "channel", "settings"),
    [*ALL, (Language.ES, Channel.SMS, PRODUCTION)],
    ids=[*(f"{language}-{channel}" for language, channel, _ in ALL), "es-sms-before-any-approval"],
)
def test_every_step_and_every_answer_on_the_way(language: Language, channel: Channel, settings: Settings) -> None:
    assert walk_checks.faults(walked(language, channel, settings)) == []


@pytest.mark.always
def test_the_page_of_the_walk_is_up_to_date() -> None:
    written = (REPOSITORY / WALK_PAGE).read_text("utf-8")
    assert walk_page({one: walked(one, Channel.SMS) for one in Language}) == written, f"{WALK_PAGE}: run make docs"


def test_the_places_of_the_walk_are_what_they_stand_for() -> None:
    for code, near in ((ZIP, True), (LONELY_ZIP, False)):
        place = RELEASE.places.by_zip(code)
        assert place is not None
        now = datetime.fromtimestamp(WALKED_AT, UTC)
        result = nearest(RELEASE.directory, place, "legal", now=now, unconfirmed=True)
        assert bool(result.found) is near, f"{code}: choose another ZIP"


def choices(*flows: str) -> dict[int, dict[str, str]]:
    return {number: {"label": flow, "flow": flow} for number, flow in enumerate(flows, 1)}


WORLD: dict[str, dict[str, Any]] = {
    "menu": {"say": "What do you need?", "choices": choices("door", "near", "danger_now")},
    "greet": {"say": "Hello.", "choices": choices("menu", "door")},
    "human": {"say": "A person.", "escalate": "asked", "end": True},
    "door": {"say": "Do not open.", "choices": choices("menu")},
    "near": {"say": "Where?", "ask": "place", "go": "list"},
    "danger_now": {"say": "Call someone.", "choices": choices("menu")},
}
GROUPS = {"door": Group.RIGHTS, "near": Group.SERVICES, "danger_now": Group.URGENT}
NEAR_LIST = {
    "services": "legal",
    "none": "Nobody near $place.",
    "choices": {1: {"label": "another place", "go": "first"}},
}
# What the engine starts by itself or by a word, and what it needs by name.
BY_ENGINE = ("lost_place", "not_understood", "voice_note", "other_language", "area_notices")
NEEDED = ("services_near", "thank")


def world(**steps: dict[str, Any]) -> Walk:
    """A walk through five flows in English by SMS. ``door__first={...}`` replaces a step or adds one."""
    bodies: dict[str, dict[str, Any]] = {name: {"first": dict(step)} for name, step in WORLD.items()}
    bodies |= {name: {"first": {"say": f"This is {name}.", "flow": "menu"}} for name in (*BY_ENGINE, *NEEDED)}
    bodies["not_understood"]["second"] = {"say": "Once more.", "flow": "menu"}
    bodies["near"]["list"] = dict(NEAR_LIST)
    for where, step in steps.items():
        flow, _, name = where.partition("__")
        bodies.setdefault(flow, {})[name] = step
    flows = {name: made(name, body) for name, body in bodies.items()}
    script = Script.of({**flows, "notices": RELEASE.script.flows["notices"]})
    empty = {language: Catalog.of([], language) for language in Language}
    release = replace(RELEASE, script=script, catalogs=empty)
    return walk(Walker(release, SHOWING_ALL, Language.EN, Channel.SMS))


def made(name: str, steps: dict[str, Any]) -> Any:
    intents = [] if name in BY_ENGINE else [name]
    group = GROUPS.get(name, Group.CONVERSATION)
    return read_flow(
        {"name": name, "title": name, "intents": intents, "steps": steps}, f"flows/{group}/{name}.yml", group
    )


def corridor(flow: str, rooms: int, end: str) -> dict[str, dict[str, Any]]:
    """So many menus one behind the other, each with one line, and another flow behind the last."""
    names = ["first", *(f"room_{number}" for number in range(2, rooms + 1))]
    ways = [*({"label": "on", "go": name} for name in names[1:]), {"label": "on", "flow": end}]
    return {f"{flow}__{name}": {"say": "On.", "choices": {1: way}} for name, way in zip(names, ways, strict=True)}


BROKEN: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "a step that only its own choice leads to": (
        {"door__lost": {"say": "Lost.", "choices": {1: {"label": "again", "go": "lost"}}}},
        "door.lost (en, sms): no first message and no choice leads here",
    ),
    "a choice that leads to where it stands": (
        {"door__first": {"say": "Do not open.", "choices": {1: {"label": "again", "go": "first"}}}},
        "door (en, sms), after (door) > 1: this answer leads to where it was given",
    ),
    "a letter that makes an SMS dear": (
        {"door__first": {"say": "Do not open \u2713.", "choices": choices("menu")}},
        "door (en, sms), after (door): not GSM-7: \u2713",
    ),
    "a dollar": (
        {"door__first": {"say": "Pay $$5.", "choices": choices("menu")}},
        "door (en, sms), after (door): a field was not filled: '$5.",
    ),
    "words that go when a field is missing": (
        {"door__first": {"say": "Ask $nobody.", "end": True}},
        "after (door): the reply is empty",
    ),
    "a number that nothing waits for": (
        {"door__first": {"say": "7 days are enough.", "choices": choices("menu")}},
        "door (en, sms), after (door): the reply shows 7, which is not understood then",
    ),
    "a menu that does not wait where it begins": (
        {"menu__first": {"say": "Menu.", "go": "second"}, "menu__second": WORLD["menu"]},
        "and then 9 again and again: it never leads to the menu",
    ),
    "a flow that hello never leads to": (
        {
            "greet__first": {"say": "Hello.", "choices": choices("menu")},
            "menu__first": {"say": "Menu.", "choices": choices("near", "danger_now")},
            "danger_now__first": {"say": "Call.", "end": True},
        },
        "door (en, sms): from hello it is reached never; 6 at most",
    ),
    "a flow behind seven menus": (
        {**corridor("menu", 6, "door"), "greet__first": {"say": "Hello.", "choices": choices("menu")}},
        "door (en, sms): from hello it is reached only with message 8 ((greet) > 1 > 1 > 1 > 1 > 1 > 1 > 1); 6 at most",
    ),
    "five menus, and no person at 0": (
        {**corridor("menu", 5, "door"), "human__first": {"say": "Nobody is here.", "flow": "menu"}},
        "help is more than 3 messages away",
    ),
}  # fmt: skip


def test_the_small_world_has_no_fault() -> None:
    assert walk_checks.faults(world()) == []


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_walk_notices(name: str) -> None:
    steps, expected = BROKEN[name]
    found = walk_checks.faults(world(**steps))
    assert any(expected in fault for fault in found), found


def test_what_it_costs_until_help_and_until_somebody_near() -> None:
    here = world()
    page = walk_page({language: here for language in Language})
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in page.splitlines() if row.startswith("| ")}
    # One text for what to do at the door; organizations three menus and a ZIP further.
    door, near = rows["door"].split(" | "), rows["near"].split(" | ")
    assert door[1] == "1" and near[1] == "2"
    assert "| near | 2 | " in page and "(near) > 60629 |" in page
    assert door[5] == "4", "(door) > 1 menu > 2 who > 60629"
