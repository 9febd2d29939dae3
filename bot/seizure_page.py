"""The report of a seizure as a page for the terminal and as JSON. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import asdict

from bot.seizure import ALL_KEYS, IN_PROCESSES, NOT_HERE, WORDS, Figures, Holding, Place, Revealed, Words

WIDTH = 110
_FIGURES = {
    "numbers": "phone numbers that can be read, with the key store and the master key (people who asked for a person)",
    "texts": "texts of those conversations that can be read, with the same keys",
    "tried_on_disk": "phones whose code on the disk is found by trying every number, with DATA_DIR/keys (opt-outs, shared phones)",
    "tried_in_memory": "codes of people in memory that are found by trying every number (about a day)",
    "numbers_in_memory": "phone numbers that can be read in memory (people whose erasing is not finished)",
    "replies": "of the people in memory, those of whom our own answers stand in memory",
    "towns": "of the people in memory, those whose town or ZIP stands in memory",
}
_UNITS = {Place.TABLE: "rows", Place.KEY_STORE: "rows", Place.REDIS: "entries", Place.FILE: "files"}
_SOURCES = {"numbers": "SQL or the key store", "texts": "SQL or the key store", "tried_on_disk": "SQL"}


def page(found: Revealed) -> str:
    """The whole report."""
    parts = (*_head(found), *_sections(found), *_carrier(found), *_not_here(found))
    return "\n".join(parts)


def as_json(found: Revealed) -> dict[str, Any]:
    """The same for programs; null where a store did not answer."""
    return {
        "at": _day(found.at),
        "figures": asdict(found.figures),
        "not_known": list(found.down),
        "redis_saves_to_disk": found.saved_to_disk,
        "unknown": dict(found.unknown),
        "at_twilio": list(found.carrier),
        "holdings": [
            {
                "place": holding.place.value,
                "name": holding.name,
                "count": holding.count,
                "oldest": _day(holding.oldest),
                "newest": _day(holding.newest),
                **asdict(_words(holding)),
            }
            for holding in found.holdings
        ],
        "not_here": list(NOT_HERE),
    }


def _head(found: Revealed) -> Iterator[str]:
    yield f"What a seizure of this installation would reveal, {_day(found.at)} UTC"
    yield "(Not for families, and no legal advice. Counts only: no number, no code, no text stands here.)"
    yield ""
    for name in Figures.__struct_fields__:
        value = getattr(found.figures, name)
        told = f"{value:>7}" if value is not None else "not known"
        why = "" if value is not None else f": {_SOURCES.get(name, 'Redis')} does not answer"
        yield f"{told:>9}  {_FIGURES[name]}{why}"
    yield ""
    yield from _lines(
        f"Where it lies: {' '.join(found.where)} Backups, snapshots and swap: whoever runs the machine knows.", ""
    )
    for store in found.down:
        yield from _lines(
            f"NOT KNOWN: {store} does not answer. What it holds is not in this report, and is not nothing.", ""
        )
    for what, count in sorted(found.unknown.items()):
        yield from _lines(f"NOT KNOWN: {count} {what} are none of this program's. Somebody must look at them.", "")


def _sections(found: Revealed) -> Iterator[str]:
    yield from _section(
        found, "On the disk alone", "disk", "A copy of the disk, without the key files and without the master key."
    )
    yield from _section(
        found,
        "With the keys beside it",
        "keys",
        "What more is revealed to who has DATA_DIR/keys, or the key store and the master key, too.",
    )
    yield from _section(
        found, "In memory of the running machine", "memory", "A copy of the memory, or whoever controls the machine."
    )
    yield from _lines(ALL_KEYS, "  ")
    yield from _lines(IN_PROCESSES, "  ")
    if found.saved_to_disk is not False and "Redis" not in found.down:
        how = "writes what it holds to a disk" if found.saved_to_disk else "does not tell whether it writes to a disk"
        yield from _lines(f"ATTENTION: Redis {how}. Then all of this section belongs to 'On the disk alone' too.", "  ")


def _section(found: Revealed, title: str, reader: str, what: str) -> Iterator[str]:
    yield from ("", title, *_lines(what, "  "))
    there = [holding for holding in found.holdings if holding.count and getattr(_words(holding), reader)]
    for holding in there:
        yield f"  {_name(holding)}: {_count(holding)}"
        yield from _lines(getattr(_words(holding), reader), "      ")
        yield from _lines(f"Kept until: {_words(holding).until}.", "      ")
    empty = [_name(each) for each in found.holdings if not each.count and getattr(_words(each), reader)]
    if empty:
        yield from _lines(f"Empty: {', '.join(empty)}.", "  ")


def _carrier(found: Revealed) -> Iterator[str]:
    yield from ("", "At Twilio")
    for line in found.carrier:
        yield from _lines(line, "  ")
    yield from _lines(
        "The settings of this server hold the token of the account, and the API key if there is one: whoever takes them can read "
        "there what is left.",
        "  ",
    )
    yield from _lines("The carriers, WhatsApp and the phones keep what they keep; nobody here can tell how much.", "  ")


def _not_here(found: Revealed) -> Iterator[str]:
    yield from ("", "Not here")
    for line in NOT_HERE:
        yield from _lines(line, "  ")


def _name(holding: Holding) -> str:
    return f"{holding.place.value} {holding.name}"


def _count(holding: Holding) -> str:
    unit = _UNITS[holding.place]
    number = f"{holding.count} {unit if holding.count != 1 else 'entry' if unit == 'entries' else unit[:-1]}"
    if holding.oldest is None:
        return number
    return f"{number}, the oldest {_day(holding.oldest)}, the newest {_day(holding.newest)}"


def _words(holding: Holding) -> Words:
    return WORDS[holding.place][holding.name]


def _day(at: float | None) -> str | None:
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _lines(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
