"""Lines that somebody of the network has called, or given another number, from the console: flows/called.yml, part of a release. Pure.

directory/hotlines.csv comes with the repository and says what a line is. That it was called is known first where volunteers
work, so it stands beside it: it holds only for the very number that was called.
Another number holds only in the place of the very one that stood in the file, and nobody has confirmed it until somebody calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from bot.directory.hotline import Hotline
from bot.frozen import replace
from bot.scripts.change_yaml import tree, written
from bot.scripts.due import CALL_AGAIN_AFTER
from bot.scripts.errors import ScriptsError

FILE = "flows/called.yml"
_HEAD = (
    "# Which lines of directory/hotlines.csv somebody of the network has called, as the console writes it. It holds only for\n"
    "# the number that stands here too. right: false = a publisher took the word back, until somebody calls again.\n"
    "# was: = the number of the file, in whose place a publisher wrote this one.\n"
)
_EMERGENCY = "emergency"


class CalledError(ScriptsError):
    """A line of called.yml that says nothing, or half of something."""


class Called(Struct, frozen=True):
    """That a line was called. ``text``: the number or site as it was then; ``right``: it is what we say it is.

    ``was``: the number or site of the file, where a publisher wrote ``text`` in its place.
    """

    id: str
    text: str
    day: date
    by: str
    right: bool
    was: str = ""


def read_called(value: Any) -> dict[str, Called]:
    """The lines of called.yml, by id. Raises ``CalledError``."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CalledError(f"{FILE}: not a mapping of lines")
    return {str(id): _called(str(id), body) for id, body in value.items()}


def _called(id: str, body: Any) -> Called:
    try:
        called = Called(id, str(body["text"]), body["day"], str(body["by"]).strip(), body["right"], str(body.get("was", "")))
    except (KeyError, TypeError, AttributeError) as error:
        raise CalledError(f"{FILE}, line {id}: {error} is missing. A line has text, day, by, right") from None
    if not isinstance(called.day, date) or not isinstance(called.right, bool) or not called.by:
        raise CalledError(f"{FILE}, line {id}: day is a day such as 2026-12-01, by a name, right true or false")
    return called


def with_called(hotlines: Mapping[str, Hotline], called: Mapping[str, Called]) -> dict[str, Hotline]:
    """The lines with what was said of them last: a call that is older than the one in the file of the lines says nothing more."""
    return {id: _said(line, called[id]) if id in called else line for id, line in hotlines.items()}


def _said(line: Hotline, called: Called) -> Hotline:
    if called.was and called.was == line.text:
        line = replace(line, text=called.text, verified_on=None, verified_by="")
    if called.text != line.text or (line.verified_on and line.verified_on > called.day):
        return line
    if not called.right:
        return replace(line, verified_on=None, verified_by="")
    return replace(line, verified_on=called.day, verified_by=called.by)


def called_now(text: str, line: Hotline, day: date, by: str, right: bool) -> str:
    """The file with one more word; ``text`` is empty where there is no file yet. Nothing else of it is touched."""
    value = tree(text or f"{_HEAD}{line.id}: {{}}\n")
    value[line.id] = _entry(line.text, day, by, right, _was(value, line))
    return written(value)


def number_now(text: str, line: Hotline, number: str, day: date, by: str) -> str:
    """The file with another number or site for this line, which nobody has called yet."""
    value = tree(text or f"{_HEAD}{line.id}: {{}}\n")
    was = _was(value, line) or line.text
    value[line.id] = _entry(number, day, by, False, "" if was == number else was)
    return written(value)


def _was(value: Mapping[str, Any], line: Hotline) -> str:
    """The number of the file that this one stands in place of; empty where it is the file's own."""
    known = value.get(line.id) or {}
    return str(known.get("was", "")) if known.get("text") == line.text else ""


def _entry(text: str, day: date, by: str, right: bool, was: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"text": text, "day": day, "by": by, "right": right}
    return {**entry, "was": was} if was else entry


def lines_due(hotlines: Mapping[str, Hotline], today: date) -> tuple[Hotline, ...]:
    """Lines and sites that nobody has tried for 90 days, or ever; those that were never tried first.

    No emergency number: nobody calls one to try it, and what runs it is read by who looks after the files.
    """
    stale = [line for line in hotlines.values() if line.kind != _EMERGENCY and _is_stale(line, today)]
    return tuple(sorted(stale, key=lambda line: (line.verified_on or date.min, line.id)))


def _is_stale(line: Hotline, today: date) -> bool:
    return line.verified_on is None or today - line.verified_on > CALL_AGAIN_AFTER
