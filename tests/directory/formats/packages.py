"""Directories out of nothing for the tests: any rows that the checks let pass, in every table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hypothesis import strategies as st

from bot.directory.hsds import tables
from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.package import Package, made_id
from bot.directory.hsds.tables import TABLES, Column, Table

TODAY = date(2026, 11, 26)
# Everything that spreadsheets, CSV, JSON and XML are known to take for something else.
_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12),
    st.sampled_from(
        [
            "=1+1",
            "+1",
            "-5",
            "@a",
            "'=x",
            "''",
            "'",
            'say "no"',
            "a, b; c",
            "a | b",
            "Núñez",
            "K'iche'",
            "kʼicheʼ",
            "0012",
            "1e5",
            "TRUE",
            "null",
            "NaN",
            "<b>&amp;</b>",
            "\uff1d1",
            "_x0041_",
            "2026-01-01",
            "id",
            "#REF!",
            "日本語",
            "😀",
        ]
    ),
)
_DAYS = st.sampled_from(["2025-01-31", "2026-02-28", "2026-11-26"])
_LINKS = st.sampled_from(["https://example.org", "http://example.org/a?b=c&d=e#f", "https://example.org/%20"])
_LANGUAGES = st.sampled_from(["es", "en", "quc", "mam"])
_YES_NO = st.sampled_from(["yes", "no"])
_PHONES = st.sampled_from(["+17735085300", "+13125550100", "+50277612179", "+529626250187"])
_AGES = st.sampled_from(["0", "18", "62", "17.5"])
_BY_COLUMN: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(("website", "url", "uri"), _LINKS),
    **dict.fromkeys(
        ("assured_date", "last_modified", "verified_on", "valid_from", "valid_to", "starts", "ends"), _DAYS
    ),
    **dict.fromkeys(("minimum_age", "maximum_age"), _AGES),
    **dict.fromkeys(("needs_appointment", "whatsapp"), _YES_NO),
    **dict.fromkeys(("location_type", "address_type"), st.sampled_from(["physical", "postal", "virtual"])),
    "email": st.just("info@example.org"),
    "source": st.sampled_from(["a call", "https://example.org ; a paper", "=see"]),
    "verified_source": st.sampled_from(["https://example.org", "a card"]),
    "member": st.sampled_from(tables.MEMBERSHIP),
    "source_seen": st.sampled_from(tables.SEEN),
    "status": st.sampled_from(tables.STATUSES),
    "interpreters": st.sampled_from(["quc", "quc;mam"]),
    "timezone": st.sampled_from(["America/Chicago", "America/Guatemala"]),
    "latitude": st.sampled_from(["41.9909", "-3", "0", "1e-05"]),
    "longitude": st.sampled_from(["-87.6629", "90.5", "0"]),
    "geo_precision": st.sampled_from(tables.PRECISIONS),
    "country": st.sampled_from(["US", "MX", "GT"]),
    "number": _PHONES,
    "extension": st.sampled_from(["1", "0012"]),
    "type": st.sampled_from(tables.PHONE_TYPES),
    "verified_how": st.sampled_from(tables.HOW_VERIFIED),
    "freq": st.just("WEEKLY"),
    "byday": st.sampled_from(["MO", "MO,TU,WE,TH,FR", "SA,SU"]),
    "opens_at": st.sampled_from(["00:00", "09:00", "20:00"]),
    "closes_at": st.sampled_from(["02:00", "17:00", "24:00"]),
    "public_holidays": st.sampled_from(["yes", "closed"]),
    "area": st.sampled_from(tables.AREAS),
    "currency": st.sampled_from(["USD", "GTQ"]),
    "amount": st.sampled_from(["0", "12.5"]),
    "link_entity": st.sampled_from(tables.LINKED),
    "code": st.from_regex(r"[a-z][a-z0-9_]{1,9}", fullmatch=True),
}
_BY_BOTH = {
    ("organization", "kind"): st.sampled_from(tables.KINDS),
    ("exclusion", "kind"): st.sampled_from(tables.EXCLUSIONS),
    ("language", "code"): _LANGUAGES,
}


@st.composite
def directories(draw: st.DrawFn, most: int = 3) -> Package:
    """Any directory: every table has up to so many rows, which refer to each other in every way that the checks allow."""
    ids: dict[str, list[str]] = {}
    raws: list[Raw] = []
    for table in TABLES:
        ids[table.name] = [made_id(table.name, str(number)) for number in range(draw(st.integers(0, most)))]
    for table in TABLES:
        for identifier in ids[table.name]:
            raws.append(Raw(table.name, identifier, {**draw(_cells(table, ids)), "id": identifier}))
    return settled(raws)


def _cells(table: Table, ids: dict[str, list[str]]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({column.name: _cell(table, column, ids) for column in table.columns})


def _cell(table: Table, column: Column, ids: dict[str, list[str]]) -> st.SearchStrategy[str]:
    if column.name == "link_id":
        filled = st.sampled_from([each for some in ids.values() for each in some] or [""])
    elif column.refers:
        filled = st.sampled_from(ids[column.refers] or [""])
    else:
        filled = _BY_BOTH.get((table.name, column.name), _BY_COLUMN.get(column.name, _TEXTS))
    return filled if column.required else st.one_of(st.just(""), filled)


def settled(raws: Iterable[Raw]) -> Package:
    """What is left when every row in which something is wrong has gone, and what refers to it."""
    checked = check(raws, TODAY)
    while checked.problems:
        rows = [(name, row) for name, some in checked.package.tables.items() for row in some.values()]
        checked = check([Raw(name, row["id"], row) for name, row in rows], TODAY)
    return checked.package
