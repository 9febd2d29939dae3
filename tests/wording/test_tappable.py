"""Which replies have a menu that can be tapped, and what stands on it, in the texts that go out."""

from __future__ import annotations

import time

import pytest

from bot import content
from bot.engine.actions import Ask, Say
from bot.engine.flow import DURABLE_FLOWS, Group
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, Line, Menu, Reply
from bot.scripts.menus import menus_of
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import from_environment
from bot.wording.tappable import are_buttons

SETTINGS = replace(from_environment({"ENVIRONMENT": "test"}), whatsapp_buttons=True)


@pytest.fixture(scope="module")
def release() -> Release:
    return content.load()


def reply(release: Release, language: Language, channel: Channel, flow: str, step: str = "first") -> Reply:
    writer = renderer(release, SETTINGS, Session(language=language), channel, time.time())
    return writer.reply([Say(flow, step), Ask(flow, step)])


@pytest.mark.parametrize("language", Language)
def test_body_and_lines_together_say_what_the_text_says(release: Release, language: Language) -> None:
    said = reply(release, language, Channel.WHATSAPP, "menu")
    assert said.menu is not None
    lines = [f"{each.words} / {each.spanish}" if each.spanish else each.words for each in said.menu.lines]
    assert sorted(said.texts[0].splitlines()) == sorted([*said.menu.body.splitlines(), *lines])
    assert not any(line in said.menu.body for line in lines)


def test_kiche_stands_on_the_line_and_its_spanish_under_it(release: Release) -> None:
    menu = reply(release, Language.QUC, Channel.WHATSAPP, "menu").menu
    assert menu is not None and Line(2, "2 xkichap jun winaq", "detuvieron a alguien") in menu.lines
    assert not are_buttons(menu), "a button has no second line"


def test_sms_has_no_buttons_and_no_installation_has_them_that_did_not_turn_them_on(release: Release) -> None:
    assert reply(release, Language.ES, Channel.SMS, "menu").menu is None
    off = replace(SETTINGS, whatsapp_buttons=False)
    writer = renderer(release, off, Session(language=Language.ES), Channel.WHATSAPP, time.time())
    assert writer.reply([Say("menu", "first"), Ask("menu", "first")]).menu is None
    assert menus_of(release, off, time.time()) == {}


def test_danger_the_door_and_the_way_to_a_person_have_none(release: Release) -> None:
    urgent = {flow.name for flow in release.script.flows.values() if flow.group is Group.URGENT}
    found = {menu.flow for menu in menus_of(release, SETTINGS, time.time())}
    assert urgent and len(found) > 40
    assert not found & (urgent | DURABLE_FLOWS | {"human"})


@pytest.mark.parametrize(
    ("lines", "buttons"),
    [
        (["1 sí", "2 no"], True),
        (["1 " + "a" * 18], True),
        (["1 " + "a" * 19], False),
        (["1 a", "2 b", "3 c", "4 d"], False),
    ],
    ids=["two", "just short enough", "too long", "too many"],
)
def test_few_short_lines_are_buttons(lines: list[str], buttons: bool) -> None:
    menu = Menu("f", "s", "¿?", tuple(Line(n, words) for n, words in enumerate(lines, 1)), "Ver las opciones")
    assert are_buttons(menu) is buttons
