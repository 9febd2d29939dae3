"""A menu as Twilio's Content API holds it: buttons, or a list to open. Pure.

The name of a content is made of all that it says, so that a text which has changed in any way never goes out as it was.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.channels.taps import id_of
from bot.language import Language
from bot.message import Line, Menu
from bot.wording.tappable import are_buttons

_CODES = {Language.ES: "es", Language.EN: "en", Language.QUC: "es"}
"""Twilio's codes of languages; K'iche' has none, and goes out with Spanish beside it."""


def types_of(menu: Menu) -> dict[str, Any]:
    """The ``types`` of the content."""
    if are_buttons(menu):
        actions = [{"type": "QUICK_REPLY", "title": line.words, "id": _id(menu, line)} for line in menu.lines]
        return {"twilio/quick-reply": {"body": menu.body, "actions": actions}}
    items = [_item(menu, line) for line in menu.lines]
    return {"twilio/list-picker": {"body": menu.body, "button": menu.open, "items": items}}


def _item(menu: Menu, line: Line) -> dict[str, str]:
    beside = {"description": line.spanish} if line.spanish else {}
    return {"item": line.words, "id": _id(menu, line), **beside}


def _id(menu: Menu, line: Line) -> str:
    return id_of(menu.flow, menu.step, line.digit)


def prefix_of(base_url: str) -> str:
    """How the names of the contents of this installation begin: another one may share the account."""
    return f"puente-menu-{hashlib.sha256(base_url.encode()).hexdigest()[:8]}-"


def name_of(menu: Menu, base_url: str) -> str:
    """The friendly name of the content of this menu."""
    said = json.dumps(types_of(menu), sort_keys=True)
    return prefix_of(base_url) + hashlib.sha256(said.encode()).hexdigest()[:24]


def request_of(menu: Menu, language: Language, base_url: str) -> dict[str, Any]:
    """What makes the content: the body of ``POST /v1/Content`` (Twilio's Content API)."""
    return {"friendly_name": name_of(menu, base_url), "language": _CODES[language], "types": types_of(menu)}
