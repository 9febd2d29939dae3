"""What stands in a cell before and after an import, in the words of the page: the codes of the tables, days, and lists of records.

What somebody wrote stays as it is: only columns whose cells are codes are said in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from babel.dates import get_day_names

from bot.console.directory_cells import day_cell_words
from bot.console.directory_words import (
    AREA_WORDS,
    HOW_SAID,
    TYPE_WORDS,
    WHO_WORDS,
    countries,
    language_words,
)
from bot.console.kinds import kind_words
from bot.console.words import Phrase, page_language, phrase, words
from bot.directory.hsds.tables import AREAS, HOW_VERIFIED, PHONE_TYPES
from bot.directory.importing.records import NOTHING

_YES, _NO = phrase("directory.yes", "yes"), phrase("directory.no", "no")
_CODES: dict[str, dict[str, Phrase]] = {
    "kind": {
        "member": phrase("import.kind-member", "member of the network"),
        "partner": phrase("import.kind-partner", "partner"),
        "government": phrase("import.kind-government", "government office"),
        "consulate": phrase("import.kind-consulate", "consulate"),
        "directory": phrase("import.kind-directory", "another directory"),
        "hotline": phrase("import.kind-hotline", "hotline"),
        "network": phrase("import.kind-network", "network"),
        # Of those whom a place does not take.
        "do not route": phrase("import.not-routed", "families are not sent there"),
        **WHO_WORDS,
    },
    "member": {
        "yes": _YES,
        "likely": phrase("import.member-likely", "probably"),
        "unverified": phrase("import.member-unverified", "not known for sure"),
        "no": _NO,
        "network": phrase("import.kind-network", "network"),
    },
    "source seen": {"yes": _YES, "repository": phrase("import.seen-repository", "only in a collection"), "no": _NO},
    "status": {
        "active": phrase("directory.state-active", "Active"),
        "inactive": phrase("directory.state-paused", "Paused"),
        "temporarily closed": phrase("import.status-for-now", "Closed for now"),
        "defunct": phrase("directory.state-closed", "Closed"),
    },
    "geo precision": {
        "street": phrase("import.precision-street", "the street"),
        "zip": phrase("import.precision-zip", "the ZIP"),
        "city": phrase("import.precision-city", "the town"),
    },
    "type": {code: TYPE_WORDS[code] for code in PHONE_TYPES},
    "verified how": {code: HOW_SAID[code] for code in HOW_VERIFIED},
    "sensitive": {"yes": _YES, "no": _NO},
    "whatsapp": {"yes": _YES, "no": _NO},
    "location type": {
        "physical": phrase("import.door", "a door to go to"),
        "postal": phrase("import.letters", "only letters"),
        "virtual": phrase("import.virtual", "only by phone or internet"),
    },
}
_CODES["address type"] = _CODES["location type"]
_CODES["membership"] = _CODES["member"]
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_CONFIRMED = re.compile(r"\(confirmed (?P<day>[\d-]+) by (?P<by>.*)\)$")


def cell_value(column: str, cell: str) -> str:
    """A cell of that column. ``column`` as the lines of a preview call it: ``source seen``."""
    if cell == NOTHING:
        return words("import.nothing", "nothing")
    if told := _CODES.get(column, {}).get(cell):
        return words(told)
    if column == "country":
        return countries().get(cell, cell)
    return _days(cell) if _DAY.fullmatch(cell) else cell


def list_value(label: str, told: str) -> str:
    """The records of a list, ``label`` being what the lines call it: ``hours``, ``languages``, ``area``."""
    if told == NOTHING:
        return words("import.nothing", "nothing")
    say = _RECORDS.get(label)
    return "; ".join(map(say, told.split("; "))) if say else _days(told)


def record_value(told: str) -> str:
    """A record in one line, with the codes and days in it."""
    if found := _CONFIRMED.search(told):
        said = words("import.record-confirmed", "(confirmed on %(day)s by %(by)s)", day=_days(found["day"]), by=found["by"])
        told = told[: found.start()] + said
    elif told.endswith("(not confirmed)"):
        told = told.removesuffix("(not confirmed)") + words("import.record-unconfirmed", "(not confirmed)")
    return _until(_days(told))


def confirmation_value(told: str) -> str:
    """Day, person and way of a confirmation."""
    if told == NOTHING:
        return words("import.nothing", "nothing")
    for code in sorted(HOW_SAID, key=len, reverse=True):
        if f" {code}" in told:
            told = told.replace(f" {code}", f" {words(HOW_SAID[code])}", 1)
            break
    return _days(told)


def _days(told: str) -> str:
    return _DAY.sub(lambda found: day_cell_words(found[0]), told)


def _until(told: str) -> str:
    told = told.replace(" to nobody knows when", words("import.until-unknown", ", nobody knows until when"))
    return re.sub(r"(\d{4}) to (?=\d)", lambda found: f"{found[1]} {words('import.to', 'to')} ", told)


def _hours(record: str) -> str:
    names = get_day_names("abbreviated", locale=page_language())
    record = re.sub(r"\b(MO|TU|WE|TH|FR|SA|SU)\b", lambda found: names[_WEEKDAYS[found[0]]], record)
    for english, told in (
        ("holidays closed", words("import.holidays-closed", "closed on public holidays")),
        ("holidays yes", words("import.holidays-open", "open on public holidays")),
    ):
        record = record.replace(english, told)
    record = re.sub(r"\bfrom (?=\d{4}-)", words("import.from", "from") + " ", record)
    return _days(re.sub(r"\buntil (?=\d{4}-)", words("import.until", "until") + " ", record))


def _language(record: str) -> str:
    code, _, note = record.partition(" ")
    return " ".join(filter(None, (language_words(code), note)))


def _help(record: str) -> str:
    for code, said in kind_words(words).items():
        name = code.replace("_", " ")
        if record == name or record.startswith(f"{name} "):
            return said + record[len(name) :]
    return record


def _area(record: str) -> str:
    area, _, rest = record.partition(" ")
    said = [words(AREA_WORDS[area]) if area in AREAS else area, *(countries().get(part, part) for part in rest.split())]
    return ", ".join(filter(None, said))


def _where(record: str) -> str:
    what, at, place = record.rpartition(" at ")
    return words("import.at", "%(what)s at %(place)s", what=what, place=place) if at else record


def exclusion_value(told: str) -> str:
    """Whom a place takes: its code in words, and why that is known."""
    code, bracket, rest = told.partition(" (")
    known = _CODES["kind"].get(code)
    return f"{words(known) if known else code}{bracket}{rest}"


_RECORDS: dict[str, Callable[[str], str]] = {
    "hours": _hours,
    "languages": _language,
    "help": _help,
    "area": _area,
    "where": _where,
}
