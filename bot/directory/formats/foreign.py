"""What other publishers write in HSDS, made into what our tables hold; nothing is made up, and what is left out is told. Pure.

An organization of another publisher has none of our columns. It becomes a partner of which nothing is known: membership
``unverified``, evidence ``imported, nothing known``, no source that anybody has seen. Nobody is sent to it by that alone: its services
have none of our kinds of help until somebody gives them one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.directory.formats.languages import CODES as LANGUAGE_CODES
from bot.directory.formats.numbers import understood
from bot.directory.formats.read import Read
from bot.directory.hsds.check import Raw
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import BY_NAME, LINKED, TAXONOMY
from bot.frozen import replace

Cells = Mapping[str, str]

_FIRST_COUNTRY = "US"
_PHONE_TYPES = {
    "tty": "textphone",
    "tdd": "textphone",
    "sms": "text",
    "mobile": "cell",
    "main": "voice",
    "hotline": "voice",
    "toll free": "voice",
    "toll-free": "voice",
}
_PLACED = ("address", "location", "service_at_location", "service")
_NOT_PHONES = ("video", "pager")
_EXTENSION = re.compile(r"(?:extension|ext|x)?[\s.:#]*(\d{1,8})", re.IGNORECASE)
_NOT_WEEKLY = ("bymonth", "bymonthday", "byyearday", "byweekno", "count", "until")


def adapted(raws: Sequence[Raw], notes: Sequence[str], current: Package, name: str) -> Read:
    """The rows of a package as our tables want them. ``name`` is that of the file."""
    work = _Work(raws, current, name)
    kept = tuple(work.all())
    told = [f"{count} {what}" for what, count in sorted(work.told.items())]
    return Read(kept, notes=(*notes, *told, *_without_kind(kept, current)))


class _Work:
    def __init__(self, raws: Sequence[Raw], current: Package, name: str) -> None:
        self.raws, self.current, self.name = raws, current, name
        self.told: Counter[str] = Counter()
        self.ids = {(raw.table, _key(raw.cells.get("id", ""))): raw.cells for raw in raws}
        stored = {(table, row["id"]): row for table in _PLACED for row in current.rows(table)}
        self.countries = _Countries({**stored, **self.ids})
        self.left_out: set[tuple[str, str]] = set()

    def all(self) -> Iterator[Raw]:
        # Languages and attributes may hang on a phone or a schedule that is left out, so those come first.
        last = ("language", "attribute")
        for raw in sorted(self.raws, key=lambda raw: raw.table in last):
            made = _ADAPT.get(raw.table, _as_it_is)(self, raw)
            if made:
                yield made
            else:
                self.left_out.add((raw.table, _key(raw.cells.get("id", ""))))

    def note(self, what: str) -> None:
        """Counts something that is told at the end."""
        self.told[what] += 1

    def is_known(self, raw: Raw) -> bool:
        """Whether the directory has the record already: then what the file does not say stays."""
        return self.current.get(raw.table, _key(raw.cells.get("id", ""))) is not None


def _as_it_is(work: _Work, raw: Raw) -> Raw:
    return raw


def _key(identifier: str) -> str:
    """An id by which rows find each other, however it is written."""
    plain = identifier.strip().lower()
    if len(plain) == 32:
        return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"
    return plain


def _with(raw: Raw, cells: Cells) -> Raw:
    return replace(raw, cells={**raw.cells, **cells})


def _organization(work: _Work, raw: Raw) -> Raw:
    stored = work.current.get("organization", _key(raw.cells.get("id", "")))
    needed = [column.name for column in BY_NAME["organization"].columns if column.ours and column.required]
    missing = [name for name in needed if name not in raw.cells]
    if not missing:
        return raw
    if stored:
        return _with(raw, {name: stored[name] for name in missing})
    work.note("organizations came without our columns: taken as partners of which nothing is known")
    nothing = {
        "kind": "partner",
        "member": "unverified",
        "member_evidence": "imported, nothing known",
        "source": raw.cells.get("website", "").strip() or f"the file {work.name}",
        "source_date": "n.d.",
        "source_seen": "no",
    }
    return _with(raw, {name: nothing[name] for name in missing})


def _phone(work: _Work, raw: Raw) -> Raw | None:
    owners = BY_NAME["phone"].belongs_to
    if raw.cells.get("contact_id", "").strip() and not any(raw.cells.get(name, "").strip() for name in owners):
        work.note("phones of persons (contacts) are left out")
        return None
    kind = raw.cells.get("type", "").strip().casefold()
    if kind in _NOT_PHONES:
        work.note("phones for video or pagers are left out")
        return None
    country = work.countries.of(raw.cells) or _FIRST_COUNTRY
    number, extension = understood(raw.cells.get("number", ""), country)
    cells = {"number": number}
    if kind in _PHONE_TYPES:
        cells["type"] = _PHONE_TYPES[kind]
    said = raw.cells.get("extension", "").strip()
    if found := _EXTENSION.fullmatch(said):
        cells["extension"] = found.group(1)
    elif extension and not said:
        cells["extension"] = extension
    return _with(raw, cells)


def _schedule(work: _Work, raw: Raw) -> Raw | None:
    cells = raw.cells
    odd = any(cells.get(name, "").strip() for name in _NOT_WEEKLY) or cells.get("interval", "").strip() not in ("", "1")
    freq = cells.get("freq", "").strip().upper()
    if odd or freq in ("MONTHLY", "YEARLY", "DAILY") or re.search(r"\d", cells.get("byday", "")):
        work.note("schedules that are not of every week are left out")
        return None
    return raw


def _language(work: _Work, raw: Raw) -> Raw | None:
    phone = _key(raw.cells.get("phone_id", ""))
    if phone and ("phone", phone) in work.left_out:
        return None
    code = raw.cells.get("code", "").strip()
    if code:
        # en-US and spa are what others write for en and es.
        short = code.casefold().partition("-")[0]
        return _with(raw, {"code": LANGUAGE_CODES.get(short, short)})
    named = raw.cells.get("name", "").strip().casefold()
    if named in LANGUAGE_CODES:
        return _with(raw, {"code": LANGUAGE_CODES[named]})
    return raw


def _service_area(work: _Work, raw: Raw) -> Raw:
    if work.is_known(raw):
        stored = work.current.get("service_area", _key(raw.cells.get("id", ""))) or {}
        return _with(raw, {name: stored[name] for name in ("area", "country") if name not in raw.cells})
    cells = {}
    if "area" not in raw.cells:
        work.note("areas of services say no size that we know: taken as local")
        cells["area"] = "local"
    if "country" not in raw.cells:
        cells["country"] = work.countries.of(raw.cells) or _FIRST_COUNTRY
    return _with(raw, cells)


def _attribute(work: _Work, raw: Raw) -> Raw | None:
    entity = raw.cells.get("link_entity", "").strip()
    link = _key(raw.cells.get("link_id", ""))
    if not entity:
        entity = next((table for table in LINKED if (table, link) in work.ids), "")
        raw = _with(raw, {"link_entity": entity}) if entity else raw
    if (entity and entity not in LINKED) or (entity, link) in work.left_out:
        work.note("attributes of what we do not keep are left out")
        return None
    return raw


_ADAPT = {
    "organization": _organization,
    "phone": _phone,
    "schedule": _schedule,
    "language": _language,
    "service_area": _service_area,
    "attribute": _attribute,
}


class _Countries:
    """In which country a record is: that of the address of what it belongs to."""

    _UP = ("location", "service_at_location", "service", "organization")

    def __init__(self, ids: Mapping[tuple[str, str], Cells]) -> None:
        self._of: dict[tuple[str, str], str] = {}
        for (table, _), cells in ids.items():
            if table == "address":
                self._tell("location", cells, cells.get("country", "").strip().upper())
        for upward in ("location", "service_at_location", "service"):
            for (table, identifier), cells in ids.items():
                if table == upward:
                    country = self._of.get((table, identifier)) or self._of.get(
                        ("location", _owner("location", cells)), ""
                    )
                    for above in ("service", "organization"):
                        self._tell(above, cells, country)
                    if country:
                        self._of.setdefault((table, identifier), country)
        for (table, identifier), cells in ids.items():
            if table == "service" and (country := self._of.get(("organization", _owner("organization", cells)), "")):
                self._of.setdefault((table, identifier), country)

    def _tell(self, above: str, cells: Cells, country: str) -> None:
        if country and (owner := _owner(above, cells)):
            self._of.setdefault((above, owner), country)

    def of(self, cells: Cells) -> str:
        """The country, as far as addresses tell it."""
        return next((found for above in self._UP if (found := self._of.get((above, _owner(above, cells))))), "")


def _owner(table: str, cells: Cells) -> str:
    return _key(cells.get(f"{table}_id", ""))


def _without_kind(raws: Sequence[Raw], current: Package) -> Iterator[str]:
    """How many services nobody will be sent to, because they have no kind of help of ours."""
    terms = {
        _key(raw.cells.get("id", "")): raw.cells.get("taxonomy", "") for raw in raws if raw.table == "taxonomy_term"
    }
    terms |= {row["id"]: row["taxonomy"] for row in current.rows("taxonomy_term")}
    told = {
        _key(raw.cells.get("link_id", ""))
        for raw in raws
        if raw.table == "attribute" and terms.get(_key(raw.cells.get("taxonomy_term_id", ""))) == TAXONOMY
    }
    told |= {row["link_id"] for row in current.rows("attribute") if terms.get(row["taxonomy_term_id"]) == TAXONOMY}
    count = sum(raw.table == "service" and _key(raw.cells.get("id", "")) not in told for raw in raws)
    if count:
        yield f"{count} services have none of our kinds of help, so families are not sent to them yet"
