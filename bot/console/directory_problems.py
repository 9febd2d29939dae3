"""What is wrong with a form or a file of the directory, in the words of the page. The rules speak English (bot/directory/hsds)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.console.directory_problem_words import PROBLEMS
from bot.console.words import words
from bot.directory.confirming import ConfirmationRefused
from bot.directory.hsds.check import Problem
from bot.directory.importing.duplicates import Duplicate
from bot.directory.importing.owners import Owners


def errors_of(problems: Iterable[Problem]) -> dict[str, str]:
    """By the field of the form."""
    found: dict[str, str] = {}
    for each in problems:
        found.setdefault(each.column, f"{said(each.problem)} {said(each.mend)}")
    return found


def refused_words(refused: ConfirmationRefused) -> str:
    """Why it is no confirmation."""
    return f"{said(refused.problem)} {said(refused.mend)}"


def said(english: str) -> str:
    """The sentence in the words of the page; as it stands where it has none."""
    for pattern, phrase in PROBLEMS:
        if found := pattern.fullmatch(english):
            return words(phrase, **found.groupdict())
    return english


def same_words(each: Duplicate, owners: Owners) -> str:
    """A hint that two may be one."""
    rows = [owners.row("organization", id) for id in each.organizations]
    names = " / ".join(row["name"] for row in rows if row)
    return words(
        "directory.same",
        "Perhaps the same twice: %(names)s (%(why)s).",
        names=names,
        why="; ".join(map(_why, each.reasons)),
    )


_REASONS = re.compile(
    "the same phone (?P<phone>.*)|nearly the same name (?P<name>.*)|the same website (?P<site>.*)|the same address (?P<door>.*)"
)


def _why(reason: str) -> str:
    found = _REASONS.fullmatch(reason)
    if not found:
        return reason
    match found.lastgroup:
        case "phone":
            return words("directory.same-phone", "the same phone %(value)s", value=found["phone"])
        case "name":
            return words("directory.same-name", "nearly the same name")
        case "site":
            return words("directory.same-site", "the same website %(value)s", value=found["site"])
        case _:
            return words("directory.same-door", "the same address %(value)s", value=found["door"])


_ROW = re.compile(r"(?P<file>.*), (?:row|line) (?P<n>[\d,]+)")


def where_words(where: str) -> str:
    """Where in a file something stands."""
    found = _ROW.fullmatch(where)
    return words("directory.row", "%(file)s, row %(n)s", **found.groupdict()) if found else where
