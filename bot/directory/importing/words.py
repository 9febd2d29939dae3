"""A preview as a volunteer reads it: how much first, then what matters, then each thing; no line can play tricks on a terminal. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from bot.directory.hsds.package import Package, Row
from bot.directory.importing.consequences import NOT_CONFIRMED, NOT_OFFERED, OFFERED_AGAIN
from bot.directory.importing.described import described
from bot.directory.importing.owners import Owners
from bot.directory.importing.preview import Preview
from bot.directory.importing.records import phone_text
from bot.directory.importing.shown import short, shown

T = TypeVar("T")

WIDTH = 80
_MOST = {"problems": 25, "consequences": 20, "organizations": 15, "lines": 8, "duplicates": 5, "notes": 10}
"""How many of each are told without --all: together a few screenfuls, and no more."""
_HEADS = {
    OFFERED_AGAIN: "Families will be sent there, or sent there again",
    NOT_CONFIRMED: "Not confirmed any more",
    NOT_OFFERED: "Families will not be told of it any more",
}
_NO_ORGANIZATION = "The kinds of help (belongs to no organization)"


def lines(preview: Preview, *, everything: bool = False, width: int = WIDTH) -> Iterator[str]:
    """The lines to print, each at most ``width`` signs, or one word longer. ``everything``: nothing is cut (--all)."""
    for depth, line in _Page(preview, everything).lines():
        indent = "  " * depth
        safe = shown(line)
        yield from textwrap.wrap(
            safe,
            width,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]


Line = tuple[int, str]
"""How far it stands in, and what it says."""


class _Page:
    def __init__(self, preview: Preview, everything: bool) -> None:
        self._preview, self._everything = preview, everything
        self._before = Owners(preview.current, preview.new)
        self._after = Owners(preview.new, preview.current)

    def lines(self) -> Iterator[Line]:
        yield 0, counts(self._preview)
        if self._preview.unchanged:
            yield 0, f"{_number(self._preview.unchanged, 'record')} of the file stand there as they are."
        yield from self._problems()
        yield from self._consequences()
        yield from self._new()
        yield from self._gone()
        yield from self._changed()
        yield from self._duplicates()
        yield from self._notes()

    def _problems(self) -> Iterator[Line]:
        if self._preview.problems:
            yield from _head("Errors: nothing is stored until they are mended")
            yield from self._cut("problems", [str(each) for each in self._preview.problems])

    def _consequences(self) -> Iterator[Line]:
        for weight, head in _HEADS.items():
            told = [
                f"{self._name(each.organization)}: {each.words}"
                for each in self._preview.consequences
                if each.weight == weight
            ]
            if told:
                yield from _head(head)
                yield from self._cut("consequences", told)

    def _new(self) -> Iterator[Line]:
        if new := self._preview.new_organizations:
            yield from _head("New")
            chosen, rest = self._first("organizations", new)
            summary = _Summary(self._preview.new, self._after)
            for each in chosen:
                yield 1, summary.of(each)
            yield from rest

    def _gone(self) -> Iterator[Line]:
        if gone := self._preview.gone_organizations:
            yield from _head("Goes (--replace): the file does not have it")
            yield from self._cut("organizations", [self._name(each) for each in gone])

    def _changed(self) -> Iterator[Line]:
        changed = self._preview.changed_organizations
        terms = [""] if "" in self._preview.by_organization else []
        if changed or terms:
            yield from _head("Changed")
            chosen, rest = self._first("organizations", [*changed, *terms])
            for each in chosen:
                yield 1, self._name(each) if each else _NO_ORGANIZATION
                told = described(self._preview.by_organization[each], self._before, self._after)
                for depth, line in self._cut("lines", list(told)):
                    yield depth + 1, line
            yield from rest

    def _duplicates(self) -> Iterator[Line]:
        if found := self._preview.duplicates:
            yield from _head("Possible duplicates: hints for you to look at, they stop nothing")
            chosen, rest = self._first("duplicates", found)
            for each in chosen:
                yield 1, short(" / ".join(self._name(some) for some in each.organizations), 240)
                yield 2, short("; ".join(each.reasons), 240)
            yield from rest

    def _notes(self) -> Iterator[Line]:
        if self._preview.notes:
            yield from _head("Notes on the file")
            yield from self._cut("notes", self._preview.notes)

    def _cut(self, what: str, told: Sequence[str]) -> Iterator[Line]:
        chosen, rest = self._first(what, told)
        for each in chosen:
            yield 1, each
        yield from rest

    def _first(self, what: str, some: Sequence[T]) -> tuple[Sequence[T], list[Line]]:
        """Those that are told, and the line for the rest."""
        most = len(some) if self._everything else _MOST[what]
        # A line that says "1 more" takes the place of the one.
        if len(some) <= most + 1:
            return some, []
        return some[:most], [(1, f"... and {len(some) - most:,} more; --all shows all")]

    def _name(self, organization: str) -> str:
        row = self._after.row("organization", organization)
        return row["name"] if row else "an organization with an error"


class _Summary:
    """A new organization in a few words."""

    def __init__(self, package: Package, owners: Owners) -> None:
        self._package, self._owners = package, owners

    def of(self, organization: str) -> str:
        row = self._package.tables["organization"][organization]
        services = self._owners.hanging("service", ("organization", organization))
        parts = [*self._help(services), *self._phones(organization, services)]
        if not services:
            parts.insert(0, "no service")
        elif len(services) > 1:
            parts.insert(0, f"{len(services)} services")
        town = self._town(organization, services)
        return f"{row['name']}{f' ({town})' if town else ''}: {'; '.join(parts)}"

    def _help(self, services: Iterable[Row]) -> Iterator[str]:
        found = (
            self._owners.row("taxonomy_term", each["taxonomy_term_id"])
            for service in services
            for each in self._owners.hanging("attribute", ("service", service["id"]))
        )
        if kinds := sorted({term["name"] for term in found if term}):
            yield short(", ".join(kinds), 80)

    def _phones(self, organization: str, services: Iterable[Row]) -> Iterator[str]:
        found = [
            phone
            for above in dict.fromkeys(self._around(organization, services))
            for phone in self._owners.hanging("phone", above)
        ]
        for each in found[:1]:
            confirmed = f"confirmed {each['verified_on']}" if each["verified_on"] else "not confirmed"
            more = f" and {_number(len(found) - 1, 'other phone')}" if found[1:] else ""
            yield f"{phone_text(each)} ({confirmed}){more}"
        if not found:
            yield "no phone"

    def _town(self, organization: str, services: Iterable[Row]) -> str:
        for table, identifier in dict.fromkeys(self._around(organization, services)):
            if table == "location":
                for each in self._owners.hanging("address", (table, identifier)):
                    return ", ".join(filter(None, (each["city"], each["state_province"], each["country"])))
        return ""

    def _around(self, organization: str, services: Iterable[Row]) -> Iterator[tuple[str, str]]:
        """What a phone of the organization may hang on."""
        yield "organization", organization
        for location in self._owners.hanging("location", ("organization", organization)):
            yield "location", location["id"]
        for service in services:
            yield "service", service["id"]
            for each in self._owners.hanging("service_at_location", ("service", service["id"])):
                yield "service_at_location", each["id"]
                yield "location", each["location_id"]


def counts(preview: Preview) -> str:
    """The first line: ``12 new organizations, 3 changed, 0 errors, 2 possible duplicates.``"""
    parts = [
        _number(len(preview.new_organizations), "new organization"),
        f"{len(preview.changed_organizations):,} changed",
        _number(len(preview.problems), "error"),
        _number(len(preview.duplicates), "possible duplicate"),
    ]
    if preview.replace:
        parts.insert(2, f"{len(preview.gone_organizations):,} removed")
    return ", ".join(parts) + "."


def _head(text: str) -> Iterator[Line]:
    yield 0, ""
    yield 0, text


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
