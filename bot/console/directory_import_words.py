"""What an import would change, as phrases that have their Spanish: a pattern of the English line, and the sentence with its values.

The lines are made in bot/directory/importing and bot/directory/formats, which speak English. Names and numbers stay as they are; cells
with codes are said in words (directory_import_values.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.console.directory_import_values import (
    cell_value,
    confirmation_value,
    exclusion_value,
    list_value,
    record_value,
)
from bot.console.directory_words import field_words
from bot.console.words import Phrase, phrase, words

_P = re.compile

LINES: tuple[tuple[re.Pattern[str], Phrase], ...] = (
    # Consequences for families (consequences.py).
    (_P("goes with all its services"), phrase("import.goes-whole", "goes with all its services")),
    (
        _P(r"its membership is not sure any more: yes -> (?P<now>.*)"),
        phrase("import.member", "its membership is not sure any more: yes -> %(now)s"),
    ),
    (
        _P(r"nobody has seen its source any more: source_seen yes -> (?P<now>.*)"),
        phrase("import.source", "nobody has seen its source any more"),
    ),
    (
        _P(r"(?P<what>.*) is active again: (?P<was>[\w ]*) -> (?P<now>[\w ]*)"),
        phrase("import.active", "%(what)s is offered again: %(was)s -> %(now)s"),
    ),
    (
        _P(r"(?P<what>.*) is not offered any more: (?P<was>[\w ]*) -> (?P<now>[\w ]*)"),
        phrase("import.inactive", "%(what)s is not offered any more: %(was)s -> %(now)s"),
    ),
    (
        _P(r"the confirmed phone (?P<phone>.*) goes"),
        phrase("import.phone-goes", "the confirmed phone %(phone)s goes"),
    ),
    (
        _P(r"the phone (?P<phone>.*) is not confirmed: the confirmation of (?P<day>[\d-]+) was of (?P<was>.*)"),
        phrase("import.phone-new", "the phone %(phone)s is not confirmed: on %(day)s it was %(was)s"),
    ),
    (
        _P(r"the phone (?P<phone>.*) is not confirmed any more \(it was on (?P<day>[\d-]+)\)"),
        phrase("import.phone-unconfirmed", "the phone %(phone)s is not confirmed any more (it was on %(day)s)"),
    ),
    (
        _P(r"the confirmation of (?P<what>.*) goes back from (?P<was>[\d-]+) to (?P<now>[\d-]+)"),
        phrase("import.confirmed-back", "the confirmation of %(what)s goes back from %(was)s to %(now)s"),
    ),
    (
        _P(r"the address goes: the confirmation of (?P<day>[\d-]+) was of (?P<was>.*)"),
        phrase("import.address-goes", "the address goes: on %(day)s %(was)s was confirmed"),
    ),
    (
        _P(r"the address is (?P<now>.*) now: the confirmation of (?P<day>[\d-]+) was of (?P<was>.*)"),
        phrase("import.address", "the address is %(now)s now: on %(day)s %(was)s was confirmed"),
    ),
    (
        _P(r"does not hold any more: closed (?P<what>.*)"),
        phrase("import.reopened", "does not hold any more: closed %(what)s"),
    ),
    (_P(r"does not hold any more: (?P<what>.*)"), phrase("import.lifted", "does not hold any more: %(what)s")),
    (
        _P(r"holds from now on: closed (?P<what>.*)"),
        phrase("import.closed", "holds from now on: closed %(what)s"),
    ),
    (_P(r"holds from now on: (?P<what>.*)"), phrase("import.barred", "holds from now on: %(what)s")),
    (
        _P(r"closed (?P<was>.*) becomes (?P<now>.*)"),
        phrase("import.closed-becomes", "closed %(was)s becomes %(now)s"),
    ),
    # Changes of one organization, line by line (described.py). What comes before "goes" at the end is the name of a service.
    (
        _P(r"new: (?P<table>\w+) (?P<what>.*)"),
        phrase("import.new-record", "new: %(table)s %(what)s"),
    ),
    (
        _P(r"goes: (?P<table>\w+) (?P<what>.*)"),
        phrase("import.record-goes", "goes: %(table)s %(what)s"),
    ),
    (
        _P(r"(?P<table>\w+) (?P<what>.*), confirmed: (?P<was>.*) -> (?P<now>.*)"),
        phrase("import.confirmed", "%(table)s %(what)s, confirmed: %(was)s -> %(now)s"),
    ),
    (
        _P(r"(?P<table>hours|languages|help|area|cost|documents|where) of (?P<what>.*): in other records, with the same words"),
        phrase("import.same-of", "%(table)s of %(what)s: in other records, with the same words"),
    ),
    (
        _P(r"(?P<table>hours|languages|help|area|cost|documents|where): in other records, with the same words"),
        phrase("import.same", "%(table)s: in other records, with the same words"),
    ),
    (
        _P(r"(?P<table>hours|languages|help|area|cost|documents|where) of (?P<what>.*?): (?P<was>.*) -> (?P<now>.*)"),
        phrase("import.list-of", "%(table)s of %(what)s: %(was)s -> %(now)s"),
    ),
    (
        _P(r"(?P<table>hours|languages|help|area|cost|documents|where|phone): (?P<was>.*) -> (?P<now>.*)"),
        phrase("import.list", "%(table)s: %(was)s -> %(now)s"),
    ),
    (
        _P(
            r"(?P<table>service|place|address|phone|exclusion|closed|term) (?P<what>.*), (?P<column>[a-z0-9 ]+): (?P<was>.*)"
            r" -> (?P<now>.*)"
        ),
        phrase("import.cell-of", "%(table)s %(what)s, %(column)s: %(was)s -> %(now)s"),
    ),
    (
        _P(
            r"(?P<table>service|place|address|phone|exclusion|closed|term), (?P<column>[a-z0-9 ]+): (?P<was>.*) -> (?P<now>.*)"
        ),
        phrase("import.cell-nameless", "%(table)s, %(column)s: %(was)s -> %(now)s"),
    ),
    (
        _P(r"(?P<column>[a-z0-9 ]+): (?P<was>.*) -> (?P<now>.*)"),
        phrase("import.cell", "%(column)s: %(was)s -> %(now)s"),
    ),
    (_P(r"(?P<what>.*) goes"), phrase("import.goes", "%(what)s goes")),
    # Notes on the file (flat.py, made.py, foreign.py, json_tree.py).
    (
        _P(r"(?P<file>.*) was read in the encoding of Windows, which lacks letters; UTF-8 is safer\."),
        phrase("import.windows", "%(file)s was read in the encoding of Windows, which lacks letters; UTF-8 is safer."),
    ),
    (
        _P(r"(?P<at>.*): the confirmation of (?P<phone>.*) went with that number\."),
        phrase("import.confirmation-went", "%(at)s: the confirmation of %(phone)s went with that number."),
    ),
    (_P(r"(?P<what>'.*'): (?P<n>\d+) left out"), phrase("import.left-out", "%(what)s: %(n)s left out")),
    (
        _P(r"(?P<n>\d+) services have none of our kinds of help, so families are not sent to them yet"),
        phrase(
            "import.no-kind", "%(n)s services have none of our kinds of help, so families are not sent to them yet"
        ),
    ),
)  # fmt: skip

TABLES = {
    "organization": phrase("import.table-organization", "organization"),
    "service": phrase("import.table-service", "service"),
    "place": phrase("import.table-place", "place"),
    "address": phrase("import.table-address", "address"),
    "phone": phrase("import.table-phone", "phone"),
    "exclusion": phrase("import.table-exclusion", "who cannot go"),
    "closed": phrase("import.table-closed", "closed"),
    "term": phrase("import.table-term", "term"),
    "hours": phrase("import.table-hours", "hours"),
    "languages": phrase("import.table-languages", "languages"),
    "help": phrase("import.table-help", "help"),
    "area": phrase("import.table-area", "area"),
    "cost": phrase("import.table-cost", "cost"),
    "documents": phrase("import.table-documents", "documents"),
    "where": phrase("import.table-where", "where"),
    "its service": phrase("import.its-service", "its service"),
}
"""What the lines call the tables of a directory."""


_COLUMNS = {
    "name": "org_name",
    "member": "aa_member",
    "name es": "org_name_es",
    "name quc": "org_name_quc",
    "website": "url",
    "address 1": "address",
    "state province": "state",
    "source": "source_url",
    "description es": "service_description_es",
    "description quc": "service_description_quc",
}
"""Columns that a form calls otherwise than the tables do."""
_OF_RECORDS = {
    "type": phrase("import.column-type", "what for"),
    "whatsapp": phrase("import.column-whatsapp", "WhatsApp"),
    "description": phrase("import.column-description", "description"),
    "extension": phrase("import.column-extension", "extension"),
    "location type": phrase("import.column-door", "kind of place"),
    "address type": phrase("import.column-door", "kind of place"),
    "geo precision": phrase("import.column-precision", "what the point on the map is"),
    "reason": phrase("import.column-reason", "why"),
    "starts": phrase("import.column-starts", "from"),
    "ends": phrase("import.column-ends", "until"),
}
"""Columns of records that a form has no name for."""


def import_words(line: str) -> str:
    """A line of a preview in the words of the page; as it stands where it has none."""
    for pattern, told in LINES:
        if found := pattern.fullmatch(line):
            cells = found.groupdict()
            return words(told, **{name: _named(told.key, name, cells) for name in cells})
    return line


def _named(line: str, name: str, cells: Mapping[str, str]) -> str:
    value = cells[name]
    if name in ("table", "what") and value in TABLES:
        return words(TABLES[value])
    match name:
        case "column" if value in _OF_RECORDS:
            return words(_OF_RECORDS[value])
        case "column":
            return field_words(_COLUMNS.get(value, value.replace(" ", "_")))
        case "was" | "now" if line in _CELLS:
            return cell_value(_CELLS[line] or cells["column"], value)
        case "was" | "now" if line in ("import.list", "import.list-of"):
            return list_value(cells["table"], value)
        case "was" | "now" if line == "import.confirmed":
            return confirmation_value(value)
        case "what" if line in ("import.barred", "import.lifted") or cells.get("table") == "exclusion":
            return exclusion_value(value)
        case "was" | "now" | "day" | "what":
            return record_value(value)
    return value


_CELLS = {
    "import.member": "member",
    "import.active": "status",
    "import.inactive": "status",
    "import.cell": "",
    "import.cell-of": "",
    "import.cell-nameless": "",
}
"""Lines with a cell before and after, and the column of which it is; empty where the line names it."""
