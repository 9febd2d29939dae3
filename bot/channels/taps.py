"""Buttons and lists of WhatsApp that were tapped: which line of which menu they say they are.

The id of a button is ``p1:flow.step.digit``: the version, and the line as it stands in flows/. An id of another form, as Meta's
templates have that somebody made by hand, is a tap of which only its words are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.message import Tap

_IDS = ("ButtonPayload", "ListId")
WORDS = ("ButtonText", "ListTitle")
_OURS = re.compile(r"p1:([a-z][a-z0-9_]{0,63})\.([a-z][a-z0-9_]{0,63})\.([0-9])", re.ASCII)


def id_of(flow: str, step: str, digit: int) -> str:
    """The id of a button of ours."""
    return f"p1:{flow}.{step}.{digit}"


def read_tap(form: Mapping[str, str]) -> Tap | None:
    """The tap in this form; None where nothing was tapped. Nothing in it is believed: whoever reads it compares it with the flows."""
    if not any([(form.get(name) or "").strip() for name in (*_IDS, *WORDS)]):
        return None
    found = next((found for name in _IDS if (found := _OURS.fullmatch((form.get(name) or "").strip()))), None)
    return Tap(found[1], found[2], int(found[3])) if found else Tap()
