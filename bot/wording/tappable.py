"""A reply whose menu can be tapped: the text without the lines of its menu, and those lines as WhatsApp's buttons take them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.engine.actions import Ask, Say
from bot.engine.flow import DURABLE_FLOWS, Flow, Group, Step
from bot.engine.walk import HUMAN
from bot.message import Line, Menu

LONGEST_BODY = 1024
"""Characters of the text beside buttons or a list (Twilio's documentation of twilio/quick-reply and twilio/list-picker)."""
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
"""So many buttons without Meta's approval, each of so many characters."""
MOST_ITEMS, LONGEST_ITEM, LONGEST_BESIDE = 10, 24, 72
"""The same of a list, each line of which may have a second, small one."""

_NEVER = DURABLE_FLOWS | {HUMAN}


class Writes(Protocol):
    """Whoever writes replies: bot/wording/render.py."""

    @property
    def open_list(self) -> str:
        """What stands on the button that opens a list."""

    def step(self, flow: str, step: str) -> tuple[Flow, Step]:
        """A step and its flow."""

    def without_lines(self, actions: Sequence[Any]) -> str:
        """What these say, without the lines of the menu."""

    def lines(self, flow: Flow, step: Step) -> tuple[Line, ...]:
        """The lines of the menu of a step."""


def menu_apart(writer: Writes, actions: Sequence[Any]) -> Menu | None:
    """The menu of a reply; None where it has none, where its lines are too long to be tapped, and where nothing may depend on
    buttons: in danger, while somebody is at the door, and on the way to a person.
    """
    asks = [action for action in actions if isinstance(action, Ask)]
    if len(asks) != 1:
        return None
    said = (writer.step(each.flow, each.step)[0] for each in actions if isinstance(each, Say | Ask))
    if any(flow.group is Group.URGENT or flow.name in _NEVER for flow in said):
        return None
    ask = asks[0]
    flow, step = writer.step(ask.flow, ask.step)
    # Beside a question for a place a choice is only an offer.
    lines = () if step.ask else writer.lines(flow, step)
    body = writer.without_lines(actions)
    if len(writer.open_list) > LONGEST_BUTTON or not body or len(body) > LONGEST_BODY or not _fit(lines):
        return None
    return Menu(ask.flow, ask.step, body, lines, writer.open_list)


def are_buttons(menu: Menu) -> bool:
    """Whether its lines are few and short enough for buttons, which a phone shows at once; else they are a list to open."""
    short = all(len(line.words) <= LONGEST_BUTTON and not line.spanish for line in menu.lines)
    return short and len(menu.lines) <= MOST_BUTTONS


def _fit(lines: Sequence[Line]) -> bool:
    """Whether they can be tapped. Two lines with the same words are refused by Meta, and would tell nobody apart."""
    short = all(len(line.words) <= LONGEST_ITEM and len(line.spanish) <= LONGEST_BESIDE for line in lines)
    return short and 1 <= len({line.words for line in lines}) == len(lines) <= MOST_ITEMS
