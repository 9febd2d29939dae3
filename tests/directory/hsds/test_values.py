"""What each kind of value takes, in which form it is kept, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.hsds import values
from bot.directory.hsds.tables import TABLES
from bot.directory.hsds.values import Value, ValueRefused

UUID = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
TAKEN: list[tuple[Value, str, str]] = [
    (values.text(), "two  words\tand a\nline", "two words and a line"),
    (values.text(), "Nu\u0301n\u0303ez", "N\u00fa\u00f1ez"),
    (
        values.text(),
        "K'iche' k\u02bciche\u02bc \u00e3o \u00c2ngela S\u00c3O",
        "K'iche' k\u02bciche\u02bc \u00e3o \u00c2ngela S\u00c3O",
    ),
    (values.one_of("US", "local"), "LOCAL", "local"),
    (values.number(-90, 90), "41.99090", "41.9909"),
    (values.number(-90, 90), "-0", "0"),
    (values.number(0, 120), "62.0", "62"),
    (values.identifier, UUID.upper(), UUID),
    (values.identifier, UUID.replace("-", ""), UUID),
    (values.time_of_day, "09:00:00", "09:00"),
    (values.time_of_day, "9:00", "09:00"),
    (values.time_of_day, "09:00-05:00", "09:00"),
    (values.time_of_day, "09:00:00Z", "09:00"),
    (values.time_of_day, "24:00", "24:00"),
    (values.days_of_week, "tu, MO", "MO,TU"),
    (values.url, "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
    (values.sources, "https://example.org ; a call", "https://example.org ; a call"),
    (values.e164, "+1 (312) 555-0100", "+13125550100"),
    (values.e164, "+502 7761-2179", "+50277612179"),
    (values.e164, "+52 962 625 0187", "+529626250187"),
    (values.country, "gt", "GT"),
    (values.language, "QUC", "quc"),
    (values.languages, "es; en;es", "es;en"),
    (values.zone, "America/Chicago", "America/Chicago"),
    (values.day, "2026-02-28", "2026-02-28"),
    (values.email, "info@example.org", "info@example.org"),
    (values.digits, "0012", "0012"),
]
REFUSED: list[tuple[Value, str, str]] = [
    (values.text(10), "far too long a text", "19 characters"),
    (values.text(), "x" * 10_000_000, "10000000 characters"),
    (values.text(), "a\u202eb", r"U\+202E"),
    (values.text(), "a\u200bb", r"U\+200B"),
    (values.text(), "a\0b", r"U\+0000"),
    (values.text(), "a\ud800", r"U\+D800"),
    (values.text(), "Juti\ufffdapa", "A letter was lost"),
    (values.text(), "N\u00c3\u00ba\u00c3\u00b1ez", "Accents became other signs"),
    (values.text(), "K\u00e2\u20ac\u2122iche", "Accents became other signs"),
    (values.one_of("US"), "FR", "'FR'"),
    (values.number(0, 10), "nan", "number from 0 to 10"),
    (values.number(0, 10), "inf", "number from 0 to 10"),
    (values.number(0, 10), "ten", "number from 0 to 10"),
    (values.identifier, "12", "a UUID"),
    (values.code, "Centro Romero", "small letters"),
    (values.code, "a", "2 to 64"),
    (values.day, "2026-02-30", "a day as"),
    (values.day, "20260228", "a day as"),
    (values.day, "1/2/2026", "a day as"),
    (values.time_of_day, "25:00", "a time as"),
    (values.time_of_day, "9am", "a time as"),
    (values.days_of_week, "1MO", "days as"),
    (values.url, "javascript:alert(1)", "begins with https"),
    (values.url, "data:text/html,x", "begins with https"),
    (values.url, "https://a.org/\"onclick=x", "begins with https"),
    (values.url, "https://a.org@evil.org", "begins with https"),
    (values.url, "//evil.org", "begins with https"),
    (values.sources, "javascript:alert(1)", "Name the page"),
    (values.sources, "https://example.org ;  DATA:text/html,x ; y", "Name the page"),
    (values.sources, "ftp://example.org", "begins with https"),
    (values.e164, "773-508-5300", "whole number with its country"),
    (values.e164, "+1508530", "whole number with its country"),
    (values.e164, "+15085300", "whole number with its country"),
    (values.e164, "+50277612", "whole number with its country"),
    (values.e164, "+999123456789", "whole number with its country"),
    (values.country, "FR", "US, MX"),
    (values.language, "Spanish", "ISO 639"),
    (values.zone, "Chicago", "IANA"),
    (values.zone, "../../etc/passwd", "IANA"),
    (values.email, "not a mail", "an address"),
    (values.digits, "12a", "digits"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "cell", "kept"), TAKEN, ids=[each[1][:20] for each in TAKEN])
def test_a_value_has_one_written_form(value: Value, cell: str, kept: str) -> None:
    assert value(cell) == kept
    assert value(kept) == kept


@pytest.mark.parametrize(("value", "cell", "words"), REFUSED, ids=[ascii(each[1][:20]) for each in REFUSED])
def test_what_is_no_such_value_is_refused_with_a_mend(value: Value, cell: str, words: str) -> None:
    with pytest.raises(ValueRefused, match=words) as refused:
        value(cell)
    assert refused.value.mend.endswith(".") and len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


@given(st.text(min_size=1))
def test_any_cell_is_kept_in_one_form_or_refused(cell: str) -> None:
    for column in {column.value: column for table in TABLES for column in table.columns}.values():
        try:
            kept = column.value(cell.strip() or "x")
        except ValueRefused:
            continue
        if kept:
            assert column.value(kept) == kept
