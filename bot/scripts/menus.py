"""All menus of a release that can be tapped, as they go out to somebody of whom nothing is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bot.engine.actions import Action, Ask, Say
from bot.engine.flow import Group
from bot.engine.walk import MENU
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, Menu
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.render import NOTICES

_FIRST = Group.CONVERSATION


def menus_of(release: Release, settings: Settings, now: float) -> dict[Menu, Language]:
    """Each menu and the language in which it is written, those first that most people meet. ``now`` is in seconds since 1970.

    What a menu says to somebody of whom more is known (her town, where she was before) is not among them: it has no buttons.
    """
    found: dict[Menu, Language] = {}
    sessions = ((language, Session(language=language)) for language in Language)
    writers = [
        (language, renderer(release, settings, session, Channel.WHATSAPP, now)) for language, session in sessions
    ]
    for flow in sorted(release.script.flows.values(), key=lambda flow: (flow.name != MENU, flow.group is not _FIRST)):
        for step, (language, writer) in product(flow.steps.values(), writers):
            for actions in _said(flow.name, step.name):
                menu = writer.reply(actions).menu
                if menu is not None:
                    found.setdefault(menu, language)
    return found


def _said(flow: str, step: str) -> Iterator[list[Action]]:
    """The step as it goes out at the beginning of a talk, to somebody new, and in the middle, from where a way leads back."""
    said, ask = Say(flow, step), Ask(flow, step)
    yield [said, ask]
    yield [said, ask, Say(NOTICES, "welcome_line")]
    yield [said, replace(ask, back=True)]
