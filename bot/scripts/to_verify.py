"""``docs/to-verify.md``: what nobody has verified yet, from the data and from a list of what stands in no table. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from bot.directory.hotline import Hotline
from bot.directory.service_at_location import ServiceAtLocation
from bot.scripts.due import what_to_check
from bot.scripts.errors import ScriptsError
from bot.scripts.fact import Fact

PAGE = "docs/to-verify.md"
ITEMS = "docs/to-verify.yml"
SECTIONS = ("moves", "words")
_HEAD = f"""\
# To verify

Written by `make docs` from `flows/facts.yml`, `directory/hotlines.csv`, `directory/organizations.csv` and `{ITEMS}`. Do not edit it:
edit those. An entry leaves this page when the data says that somebody has looked: a fact gets `evidence: seen` and the day in `checked`,
a number gets `verified_on` and `verified_by`, an item of `{ITEMS}` is taken out.
`flask --app webhook content due` lists what falls due next, in the order of its dates.
"""
_FACTS = ("fact", "check whether", "ask or read", "believed until")
_LINES = ("field", "number or site", "for", "check", "ask", "where it was read")
_MOVES = ("last state that was read", "check", "ask", "where it was read")
_WORDS = ("words", "check", "ask")
_PHONES = """\
## Phones of organizations

{} phones in `directory/organizations.csv` have been confirmed by nobody. Ask each organization; the day, the
person and how go into `phone_verified_on`, `phone_verified_by` and `phone_verified_how`.
"""
_NOT_READ = re.compile(r"not read: (.+)", re.DOTALL)
_NO_SOURCE = re.compile(r"no page was read.*")


class Item(Struct, frozen=True):
    """Something to verify that stands in no table. ``ask`` is whom; ``source`` is where its last state was read, empty for none."""

    what: str
    check: str
    ask: str
    source: str = ""


def read_items(value: Any) -> dict[str, tuple[Item, ...]]:
    """The items of docs/to-verify.yml by section. ``ScriptsError`` names the item and the mend."""
    if not isinstance(value, Mapping) or set(value) != set(SECTIONS):
        raise ScriptsError(f"{ITEMS}: its sections are {' and '.join(SECTIONS)}. Write these and no others")
    return {section: tuple(_items(section, value[section])) for section in SECTIONS}


def _items(section: str, value: Any) -> Iterator[Item]:
    for number, body in enumerate(value or (), 1):
        names = (
            set(body) if isinstance(body, Mapping) and all(isinstance(each, str) for each in body.values()) else set()
        )
        if names - {"source"} != {"what", "check", "ask"}:
            raise ScriptsError(
                f"{ITEMS}, {section}, item {number}: it has the texts what, check, ask and perhaps source. Correct it"
            )
        yield Item(**body)


def page(
    facts: Mapping[str, Fact],
    hotlines: Mapping[str, Hotline],
    services: Iterable[ServiceAtLocation],
    items: Mapping[str, Sequence[Item]],
) -> str:
    """The whole page. It names no day of its own, so that it changes only when the data does."""
    recalled = [fact for fact in facts.values() if fact.evidence == "recalled"]
    unverified = [line for line in hotlines.values() if line.verified_on is None]
    numbers = [line for line in unverified if line.kind != "site"]
    sites = [line for line in unverified if line.kind == "site"]
    phones = {phone.id: phone for each in services for phone in each.phones}
    unconfirmed = sum(1 for phone in phones.values() if phone.verified_on is None)
    return "\n".join(
        [
            _HEAD,
            _section("Facts of which nobody has read a source", _FACTS, map(_fact_cells, recalled)),
            _section("Numbers that nobody of the network has confirmed", _LINES, map(_line_cells, numbers)),
            _section("Sites that nobody of the network has opened", _LINES, map(_line_cells, sites)),
            _PHONES.format(unconfirmed),
            _section("What courts and agencies are changing", _MOVES, map(_move_cells, items["moves"])),
            _section("Words that lean on no source", _WORDS, map(_word_cells, items["words"])),
        ]
    )


def _section(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    table = [columns, ["---"] * len(columns), *cells]
    return "\n".join([f"## {title} ({len(cells)})\n", *(f"| {' | '.join(row)} |" for row in table), ""])


def _fact_cells(fact: Fact) -> tuple[str, ...]:
    return f"`{fact.name}`", fact.says, whom_to_ask(fact.source), f"{fact.valid_until}"


def _line_cells(line: Hotline) -> tuple[str, ...]:
    whom = line.run_by or whom_to_ask(line.source)
    return f"`{line.id}`", line.text, line.purpose_en, what_to_check(line), whom, line.source


def _move_cells(item: Item) -> tuple[str, ...]:
    return item.what, item.check, item.ask, item.source


def _word_cells(item: Item) -> tuple[str, ...]:
    return item.what, item.check, item.ask


def whom_to_ask(source: str) -> str:
    """Who answers for a source: the owner of its site, or the page that is still to be read."""
    named = _NOT_READ.fullmatch(source)
    rest = named[1] if named else source
    hosts = [urlsplit(part).hostname for part in rest.split(" ; ")]
    if found := [host.removeprefix("www.") for host in hosts if host]:
        return f"the owner of {' or '.join(found)}"
    return rest if named and not _NO_SOURCE.match(rest) else "no source is named: find one"
