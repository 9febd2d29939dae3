"""Sheets as files: what spreadsheet programs do to them on the way out and back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scripts.errors import RowRefused, SheetError
from bot.scripts.sheets.cells import LARGEST, harmless, meant, needed, read, undamaged, undamaged_words, written

COLUMNS = ("key", "es", "correction")
ROW = {"key": "a.first.say", "es": "¿Qué día?", "correction": "Mañana, k'o"}
SHEET = written(COLUMNS, [ROW])


def rows(data: bytes) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read(data, COLUMNS).rows]


@pytest.mark.parametrize("text", ["=1+1", "+502 2222", "-no", "@here", "\t=1", "  =1", "＝1", "'=1", "''=1", "\r\n=1"])
def test_what_a_spreadsheet_would_calculate_is_written_as_text(text: str) -> None:
    cell = harmless(text)
    assert cell.startswith("'") and meant(cell) == text


@pytest.mark.parametrize("text", ["No abra.", "'utz", "k'o", "1", "", "a=b", "$orr"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text == meant(text)


@given(
    st.text(
        st.one_of(
            st.sampled_from("'=+-@ \t\n\r\",;ñ¿ʼ＝"), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
        )
    )
)
def test_every_text_comes_back_and_no_cell_begins_a_formula(text: str) -> None:
    data = written(("key", "es"), [{"key": "k", "es": text}])
    (_, raw) = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]
    assert not raw.lstrip().startswith(("=", "+", "-", "@")) and not raw.startswith(("\t", "\r", "\n"))
    assert meant(raw) == text
    (row,) = read(data, ("key", "es")).rows
    assert row["es"] == text.strip()


def as_text(separator: str = ",", encoding: str = "utf-8", ends: str = "\r\n", quote: int = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=ends, quoting=quote).writerows([COLUMNS, tuple(ROW.values())])
    return out.getvalue().encode(encoding)


SAVED = {
    "as it went out": SHEET,
    "LibreOffice: without a byte order mark": as_text(),
    "LibreOffice: every cell in quotes": as_text(quote=csv.QUOTE_ALL),
    "Excel in Spain: semicolons": as_text(";"),
    "Excel, Unicode text: tabs and UTF-16": as_text("\t", "utf-16"),
    "Excel, plain CSV: cp1252": as_text(encoding="cp1252"),
    "Unix line ends": as_text(ends="\n"),
    "a line that tells Excel the separator": b"sep=;\r\n" + as_text(";"),
    "empty lines": as_text().replace(b"\r\n", b"\r\n,,\r\n\r\n"),
    "capitals in the header": as_text().replace(b"correction", b" Correction ", 1),
    "another order": written(("correction", "key", "es"), [ROW]),
    "a column of somebody's own": written((*COLUMNS, "mine"), [ROW | {"mine": ""}]),
}


@pytest.mark.parametrize("name", SAVED)
def test_however_it_was_saved_it_is_read(name: str) -> None:
    (row,) = read(SAVED[name], COLUMNS).rows
    assert {column: row[column] for column in COLUMNS} == ROW


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    data = written(COLUMNS, [{"key": "a", "es": "two\nlines"}, {}, {"key": "b"}])
    assert [row.place for row in read(data, COLUMNS).rows] == ["row 2", "row 4"]
    assert [row.place for row in read(data, COLUMNS, "es.csv").rows] == ["row 2 of es.csv", "row 4 of es.csv"]


def test_what_stands_beyond_the_last_column_is_not_lost() -> None:
    (row,) = read(as_text().rstrip() + b",slipped", COLUMNS).rows
    assert row.beyond == "slipped" and row.filled(())


REFUSED = {
    "nothing": (b"", "empty"),
    "only blank cells": (b",,,\r\n,,", "empty"),
    "a workbook": (b"PK\x03\x04" + bytes(100), "a workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(100), "a workbook"),
    "a PDF": (b"%PDF-1.7\n", "a PDF"),
    "zeros": (b"key,es\0,correction\r\n", "an encoding that we do not know"),
    "a quote that nobody closed": (b'key,es,correction\r\na,"b,c\r\n', "cannot be told apart"),
    "a column twice": (b"key,es,correction,correction\r\n", "'correction' is there twice"),
    "a huge file": (b"x" * (LARGEST + 1), "far too large"),
    "a huge cell": (b"key,es,correction\r\n" + b"x" * 200_000, "cannot be told apart"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_sheet_is_refused_in_words(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(SheetError, match=said):
        read(data, COLUMNS)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(SheetError, match="lacks correction; it has key, es"):
        needed(read(written(("key", "es"), [ROW]), COLUMNS), COLUMNS)


DAMAGED = {
    "UTF-8 opened as cp1252": ("MaÃ±ana", False),
    "a letter replaced": ("Ma\ufffdana", False),
    "apostrophes that cp1252 lacks": ("k?o xib?ib?al", False),
    "one at the end of a word": ("pa ja?", True),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_letters_that_were_lost_are_noticed(name: str) -> None:
    text, doubted = DAMAGED[name]
    with pytest.raises(RowRefused, match="CSV UTF-8"):
        undamaged_words(text, doubted)


@pytest.mark.parametrize(("text", "doubted"), [("¿Mañana? Sí. Kʼo jaʼ", False), ("pa ja?", False), ("ñ Ã", True)])
def test_whole_texts_are_left_alone(text: str, doubted: bool) -> None:
    assert undamaged_words(text, doubted) == undamaged(text) == text


def test_a_narrow_encoding_is_told() -> None:
    assert read(SAVED["Excel, plain CSV: cp1252"], COLUMNS).narrow
    assert not read(SHEET, COLUMNS).narrow


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = read(data, COLUMNS)
    except SheetError as error:
        assert str(error)
    else:
        assert all(row.place.startswith("row ") for row in table.rows)


def test_cells_of_a_row_are_stripped() -> None:
    assert rows(written(COLUMNS, [{"key": " a ", "es": "\tx\n"}]))[0]["key"] == "a"
