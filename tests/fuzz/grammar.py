"""What a session may be after a turn, written down from the design and from flows/ as they stand on the disk.

Nothing of ``bot`` is imported: what is wrong there must not be wrong here too. A session is what lies in Redis, a JSON object:

    session   = { "v": 2, "u": unix seconds } and of the rest what is not empty
    "l"       language: es, en or quc
    "a"       where the bot waits: a step of flows/ that waits for something
    "b"       the release with which it asked, and the mark of that step: there exactly where "a" is
    "t"       the way back: at most five steps of flows/
    "r"       a step of flows/
    "o"       what was offered, at most eight: flows, places, or "#" and the code of a record
    "p"       a place: country;ZIP;town;state;latitude;longitude;kind
    "s"       organizations shown, three at a time
    "i"       at most three codes of records, "g" at most six
    "d"       true: the numbers of "a" never went out
    "e", "k"  true; "y" true once she has had an answer
    "q"       the code of a language
    "w"       who writes: c, r or a
    "m"       times not understood in a row
    "f"       the meter: seven whole numbers, whether we asked, three moments

It is at most 600 bytes, no words of a person are in it, and a number that she may send next was on the last menu that she got.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.frozen import replace

FLOWS = Path(__file__).resolve().parent.parent.parent / "flows"
LARGEST = 600
"""Bytes of a session."""
LONGEST_MESSAGE = 1_600
"""Characters of one message that Twilio takes."""
WAITS = ("choices", "yes_no", "ask", "helped")
KEYS = frozenset("vulabdtropsiegwmyfkq")
MOST_TRAIL, MOST_OFFERED, MOST_LISTED, MOST_FLAGGED = 5, 8, 3, 6

_CODE = re.compile(r"[0-9a-f]{8}")
_PLACE = re.compile(
    r"[A-Z]{2};[A-Z0-9 -]{0,10};[^;\n]{1,80};[^;\n]{0,60};-?\d{1,2}\.\d\d;-?\d{1,3}\.\d\d;(zip|town|region|country)"
)
_LINE = re.compile(r"^(\d) \S", re.MULTILINE)
# What a template leaves when nobody filled it.
_UNFILLED = re.compile(r"\$\{?[a-z_]+|%\([a-z_]+\)s|\{[a-z_]+\}")


@cache
def steps() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The steps of every flow, as they are written."""
    found = {}
    for path in sorted(FLOWS.glob("*/*.yml")):
        flow = YAML(typ="safe").load(path.read_text("utf-8"))
        found[flow["name"]] = flow["steps"]
    return found


def step(spot: Any) -> Mapping[str, Any] | None:
    """The step at this spot of a session; None for one that is not in flows/."""
    if not (isinstance(spot, list) and len(spot) == 2 and all(isinstance(name, str) for name in spot)):
        return None
    return steps().get(spot[0], {}).get(spot[1])


def numbers(text: str) -> frozenset[int]:
    """The numbers that a reply offers: the lines that begin with one."""
    return frozenset(int(found) for found in _LINE.findall(text))


def faults_of_session(session: Any) -> list[str]:
    """What is wrong with a session by itself."""
    if not isinstance(session, dict):
        return ["a session is no JSON object"]
    wrong = [f"a key that no session has: {key!r}" for key in session if key not in KEYS]
    wrong += [f"no {key!r}" for key in "vu" if key not in session]
    size = len(json.dumps(session, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        wrong.append(f"{size} bytes")
    for key, allowed in _ALLOWED.items():
        if key in session and not allowed(session[key]):
            wrong.append(f"{key!r} is {session[key]!r}")
    if ("a" in session) != ("b" in session):
        wrong.append("what the bot waits for and the release of that question come together")
    return wrong


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) < 1e12


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000


def _list_of(most: int, allowed: Any) -> Any:
    return lambda value: isinstance(value, list) and 0 < len(value) <= most and all(map(allowed, value))


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _is_place(value: Any) -> bool:
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


def _is_option(value: Any) -> bool:
    return isinstance(value, str) and (
        value in steps() or _is_place(value) or (value[:1] == "#" and _is_code(value[1:]))
    )


def _waits(value: Any) -> bool:
    found = step(value)
    return found is not None and any(each in found for each in WAITS)


def _is_meter(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 11 or not isinstance(value[7], bool):
        return False
    counts, moments = value[:7], value[8:]
    if not all(map(_is_number, (*counts, *moments))):
        return False
    return 0 <= counts[3] < 64 and all(isinstance(each, int) and each >= 0 for each in counts) and all(each >= 0 for each in moments)


_ALLOWED: Mapping[str, Any] = {
    "v": lambda value: value == 2,
    "u": lambda value: _is_number(value) and value > 0,
    "l": lambda value: value in ("es", "en", "quc"),
    "a": _waits,
    "b": lambda value: isinstance(value, list) and len(value) == 2 and bool(value[0]) and _is_code(value[1]),
    "t": _list_of(MOST_TRAIL, lambda value: step(value) is not None),
    "r": lambda value: step(value) is not None,
    "o": _list_of(MOST_OFFERED, _is_option),
    "p": _is_place,
    "s": lambda value: _is_count(value) and value % 3 == 0,
    "i": _list_of(MOST_LISTED, _is_code),
    "d": lambda value: value is True,
    "e": lambda value: value is True,
    "g": _list_of(MOST_FLAGGED, _is_code),
    "w": lambda value: value in ("c", "r", "a"),
    "m": _is_count,
    "k": lambda value: value is True,
    "q": lambda value: value in ("mam", "kek", "kjb", "ixl", "myn"),
    "y": lambda value: value is True,
    "f": _is_meter,
}


def wanted(session: Mapping[str, Any] | None) -> frozenset[int]:
    """The numbers that mean something of their own in this session, beside 0 and 9, which mean the same everywhere."""
    if session is None:
        return frozenset()
    if session.get("o"):
        return frozenset(range(1, len(session["o"]) + 1))
    found = step(session.get("a"))
    if found is None:
        return frozenset()
    if session.get("d"):
        # The words of HELP begin with "1 if you are in danger".
        return frozenset({1}) if session["a"] == ["notices", "help_word"] else frozenset()
    if "yes_no" in found or "helped" in found:
        return frozenset({1, 2})
    return frozenset(int(digit) for digit in found.get("choices", {}))


@dataclass(frozen=True)
class Menu:
    """The last menu that a person got: its numbers, and what the session then said of them."""

    numbers: frozenset[int] = frozenset()
    offered: tuple[str, ...] = ()
    at: tuple[str, ...] = ()

    def after(self, session: Mapping[str, Any] | None, reply: str) -> Menu:
        """The last menu once this reply has come; one without numbers of its own leaves the former one standing."""
        shown = numbers(reply) - {0, 9}
        if not shown or session is None:
            return self
        new = Menu(shown, tuple(session.get("o", ())), tuple(session.get("a", ())))
        # A menu that comes again, shorter: what it said before still stands.
        same = (new.offered, new.at) == (self.offered, self.at)
        return replace(new, numbers=shown | self.numbers) if same else new


def faults_of_menu(menu: Menu, session: Mapping[str, Any] | None) -> list[str]:
    """What a number would do that was not on the last menu. ``menu``: the last one, this turn's reply included."""
    means = wanted(session)
    if not means or session is None:
        return []
    here = tuple(session.get("o", ())), tuple(session.get("a", ()))
    if not means <= menu.numbers:
        return [f"numbers {sorted(means - menu.numbers)} mean something and were not on the last menu: {here}"]
    # Where something is offered, the step behind it says nothing.
    there = menu.offered, (here[1] if menu.offered else menu.at)
    if (here[0], here[1]) != there:
        return [f"the last menu was {menu.offered or menu.at}, the numbers are those of {here[0] or here[1]}"]
    return []


def faults_of_words(texts: Sequence[str]) -> list[str]:
    """What must be in no reply."""
    wrong = []
    for text in texts:
        wrong += [f"nobody filled {found}" for found in _UNFILLED.findall(text)]
        if not text.strip():
            wrong.append("an empty message")
        if any(not (each.isprintable() or each in "\n\u200d") for each in text):
            wrong.append("control characters")
    return wrong
