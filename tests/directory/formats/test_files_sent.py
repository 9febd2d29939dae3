"""Files as people send them, well meant or not: what each is taken for, and how it is refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats import limits
from bot.directory.formats.columns import COLUMNS
from bot.directory.formats.explained import explained
from bot.directory.formats.flat import read_flat, write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.source import read_any
from bot.directory.formats.tabular import read_zip, write_tabular, write_zip
from bot.directory.formats.unzipped import unzipped
from bot.directory.formats.workbook import read_workbook, write_workbook
from bot.directory.hsds.check import check
from bot.directory.hsds.package import EMPTY, Package
from tests.directory.formats.packages import TODAY
from tests.directory.formats.sheets import CENTRE, package, sheet, told

DIRECTORY = package(CENTRE)
KNOWN = {
    "a sheet": ("x.csv", write_flat(DIRECTORY)),
    "a sheet under another name": ("phones.csv", write_flat(DIRECTORY)),
    "a package": ("x.zip", write_zip(DIRECTORY)),
    "a package without a name": ("", write_zip(DIRECTORY)),
    "a workbook": ("x.xlsx", write_workbook(DIRECTORY)),
    "a workbook with the wrong name": ("x.zip", write_workbook(DIRECTORY)),
    "a tree": ("x.json", write_json(DIRECTORY)),
    "a tree under a wrong name": ("x.csv", b"\xef\xbb\xbf \n" + write_json(DIRECTORY)),
}


@pytest.mark.parametrize(("name", "data"), KNOWN.values(), ids=KNOWN)
def test_a_file_is_what_it_holds(name: str, data: bytes) -> None:
    checked = check(read_any(name, data, EMPTY).raws, TODAY)
    assert not checked.problems and checked.package.digest == DIRECTORY.digest


@pytest.mark.parametrize("name", ["phones.csv", "PHONES.CSV", "export-3.csv"])
def test_one_table_by_itself(name: str) -> None:
    (raw,) = read_any(name, write_tabular(DIRECTORY)["phones.csv"], DIRECTORY).raws
    assert raw.table == "phone" and raw.where == "phones.csv, row 2"


def zipped(files: Mapping[str, bytes], *again: tuple[str, bytes]) -> bytes:
    """A zip as others pack it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in [*files.items(), *again]:
            opened.writestr(name, data)
    return out.getvalue()


GOOD = write_tabular(DIRECTORY)
OTHER = {
    "nothing": (b"", "It is empty"),
    "a PDF": (b"%PDF-1.7", "It is a PDF"),
    "an old workbook, or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1", "old workbook .* or has a password"),
    "a workbook of LibreOffice": (zipped({"mimetype": b"x", "content.xml": b"<x/>"}), r"\.ods"),
    "a letter": (b"Dear all,\n\nplease add us.\n", "names no columns of ours"),
    "a sheet in the old columns": (b"id,org_name,route\nx,y,yes\n", "id is code now; route is do_not_route now"),
    "half a zip": (write_zip(DIRECTORY)[:300], "no whole zip"),
    "a zip of pictures": (zipped({"a.png": b"x"}), "no table of HSDS"),
    "two tables of one name": (zipped({"a/phones.csv": b"id\n", "b/phones.csv": b"id\n"}), "both for phone"),
    "a path that leads out": (zipped({"../../etc/phones.csv": b"id\n"}), "lies outside"),
    "a path from the root": (zipped({"/etc/phones.csv": b"id\n"}), "lies outside"),
    "a drive": (zipped({"c:\\phones.csv": b"id\n"}), "lies outside"),
    "too many files": (zipped({f"{number}.csv": b"" for number in range(limits.MOST_FILES + 1)}), "It holds 201 files"),
    "a header twice": (zipped({"phones.csv": b"id,number,Number\n"}), "The column 'number' is there twice"),
    "a table without ids": (zipped({"phones.csv": b"number\n"}), "It has no column id"),
    "a row of 10,000 cells": (b"code," + b"x," * 10_000, "10002 cells|columns that we do not know"),
    "letters of two bytes without a mark": ("code,city\n".encode("utf-16-le"), "encoding that we do not know"),
    "an open quote": (b'code,city\nab,"Chicago\n', "cannot be told apart"),
    "a cell of 10 MB": (b"code,city\nab," + b"x" * 10_000_000, "cannot be told apart .*field limit"),
}


@pytest.mark.parametrize(("data", "words"), OTHER.values(), ids=OTHER)
def test_what_is_nothing_of_ours_says_why(data: bytes, words: str) -> None:
    with pytest.raises(DirectoryFormatError, match=words) as refused:
        read_any("sent", data, EMPTY)
    assert refused.value.mend and len(str(refused.value)) < 1500


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_in_a_zip() -> None:
    with pytest.raises(DirectoryFormatError, match="two files with the name 'phones.csv'"):
        read_any("sent", zipped({"phones.csv": b"id\n"}, ("phones.csv", b"id\nx\n")), EMPTY)


def test_a_zip_that_unpacks_to_more_than_fits() -> None:
    bomb = zipped({"phones.csv": b"\0" * (limits.LARGEST_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(DirectoryFormatError, match="Unpacked it would have 200 MB"):
        read_any("sent", bomb, EMPTY)


def test_a_zip_that_lies_about_its_sizes() -> None:
    whole = bytearray(zipped({"phones.csv": b"id\n" * 100_000}))
    at = whole.index(b"PK\x01\x02") + 24
    whole[at : at + 4] = (3).to_bytes(4, "little")
    with pytest.raises(DirectoryFormatError, match="cannot be unpacked"):
        unzipped(bytes(whole), "sent")


def test_a_zip_with_a_password() -> None:
    whole = bytearray(zipped({"phones.csv": b"id\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + offset] |= 1
    with pytest.raises(DirectoryFormatError, match="password"):
        read_any("sent", bytes(whole), EMPTY)


def test_a_million_rows() -> None:
    with pytest.raises(DirectoryFormatError, match=f"more than {limits.MOST_ROWS} rows"):
        read_flat(b"code,city\n" + b"ab,Chicago\n" * 1_000_000, EMPTY)


def test_more_records_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.directory.formats.tabular.MOST_RECORDS", 2)
    with pytest.raises(DirectoryFormatError, match="more than 2 rows"):
        read_zip(zipped({"phones.csv": b"id\n" + b"x\n" * 3}), EMPTY, "sent")


def test_blank_rows_are_no_rows_and_the_count_is_that_of_the_spreadsheet() -> None:
    data = sheet(CENTRE).replace(b"\r\n", b"\r\n\r\n,,,\r\n", 1) + sheet({**CENTRE, "code": "!"}).partition(b"\r\n")[2]
    _, _, problems = told(data)
    assert len(problems) == 1 and problems[0].startswith("sheet.csv, row 5, code")


def test_a_package_whose_row_has_a_cell_too_many() -> None:
    read = read_zip(zipped({"phones.csv": b"id,number\nx,y,z\n"}), EMPTY, "sent")
    assert [str(each)[:22] for each in read.problems] == ["phones.csv, row 2: It "]
    assert read.raws == ()


def test_a_package_from_an_old_computer() -> None:
    data = {
        **GOOD,
        "organizations.csv": GOOD["organizations.csv"]
        .replace(b"Legal help", "Núñez".encode())
        .decode()
        .encode("cp1252"),
    }
    read = read_zip(zipped({f"a folder/{name}": each for name, each in data.items()}), EMPTY, "sent")
    assert any("encoding of Windows" in note for note in read.notes)
    assert "Núñez" in str(check(read.raws, TODAY).package.tables["organization"])


# -- workbooks


def book(
    rows: list[list[object]], title: str = "directory", more: Mapping[str, list[list[object]]] | None = None
) -> bytes:
    """A workbook as a person makes it."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, lines in {**(more or {}), title: rows}.items():
        page = made.create_sheet(name)
        for line in lines:
            page.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def row_of(cells: Mapping[str, object]) -> list[list[object]]:
    """A header and one row."""
    whole = {**CENTRE, **cells}
    return [list(whole), list(whole.values())]


def one(data: bytes, table: str) -> dict[str, str]:
    """The one record of a table that a workbook makes."""
    read = read_workbook(data, EMPTY)
    checked = check(read.raws, TODAY)
    assert [*read.problems, *checked.problems] == []
    (record,) = checked.package.rows(table)
    return dict(record)


CELLS: list[tuple[str, object, str, str, str]] = [
    ("postal_code", 60660, "address", "postal_code", "60660"),
    ("postal_code", 60660.0, "address", "postal_code", "60660"),
    ("phone", 17735085300, "phone", "number", "+17735085300"),
    ("phone", 17735085300.0, "phone", "number", "+17735085300"),
    ("minimum_age", 18.5, "service", "minimum_age", "18.5"),
    ("lat", 41.9909, "location", "latitude", "41.9909"),
    ("needs_appointment", True, "service", "needs_appointment", "yes"),
    ("assured_date", datetime(2026, 1, 31), "service", "assured_date", "2026-01-31"),
    ("assured_date", date(2026, 1, 31), "service", "assured_date", "2026-01-31"),
    ("city", "=1+1", "address", "city", "=1+1"),
    ("city", "'=1+1", "address", "city", "=1+1"),
    ("cost", time(9, 30), "service", "fees_description", "09:30"),
]


@pytest.mark.parametrize(
    ("column", "value", "table", "name", "kept"), CELLS, ids=[f"{each[0]} {each[1]!r}" for each in CELLS]
)
def test_what_a_spreadsheet_makes_of_a_cell_is_taken_back(
    column: str, value: object, table: str, name: str, kept: str
) -> None:
    extra = {"assured_by": "M. Lopez"} if column == "assured_date" else {}
    assert one(book(row_of({**extra, column: value})), table)[name] == kept


def test_all_cells_are_text_and_none_is_a_formula() -> None:
    directory = package({**CENTRE, "description": "'=HYPERLINK(1)", "city": "''=x"})
    made = load_workbook(io.BytesIO(write_workbook(directory)))
    page = made["directory"]
    kinds = {cell.data_type for line in page.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s"}
    values = {page.cell(1, number).value: page.cell(2, number) for number in range(1, page.max_column + 1)}
    assert (values["description"].value, values["description"].number_format) == ("=HYPERLINK(1)", "@")
    assert values["phone"].value == "+17735085300" and values["postal_code"].value == "60660"
    assert page.freeze_panes == "B2"
    assert {page.column_dimensions[each].width >= 8 for each in "ABC"} == {True}
    assert one(write_workbook(directory), "address")["city"] == "'=x"


def test_the_sheet_of_columns_explains_each_in_two_languages() -> None:
    page = load_workbook(io.BytesIO(write_workbook(DIRECTORY)))["columns"]
    lines = [tuple(cell.value for cell in line) for line in page.iter_rows(min_row=2)]
    assert [line[0] for line in lines] == list(COLUMNS)
    assert all(explained(str(line[0])) == line[1:] and line[1] != line[2] for line in lines)


def test_hidden_rows_and_sheets_are_read_like_others() -> None:
    made = load_workbook(io.BytesIO(write_workbook(package(CENTRE, {**CENTRE, "code": "another"}))))
    made["directory"].row_dimensions[3].hidden = True
    made["directory"].sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    assert len(_taken(out.getvalue()).tables["organization"]) == 2


def _taken(data: bytes) -> Package:
    return check(read_workbook(data, EMPTY).raws, TODAY).package


def test_merged_cells_lose_no_row_silently() -> None:
    made = load_workbook(io.BytesIO(write_workbook(package(CENTRE, {**CENTRE, "code": "another"}))))
    made["directory"].merge_cells("A2:A3")
    out = io.BytesIO()
    made.save(out)
    (problem,) = read_workbook(out.getvalue(), EMPTY).problems
    assert str(problem).startswith("directory.xlsx, row 3, code: It is empty.")


def test_other_sheets_are_told_and_any_title_will_do() -> None:
    data = book(row_of({}), "Hoja1", {"Notes": [["call Ana"]], "Empty": []})
    read = read_workbook(data, EMPTY)
    assert read.notes == ("The sheet 'Notes' was left out",)
    assert len(_taken(data).tables["organization"]) == 1


def test_a_workbook_without_our_columns() -> None:
    with pytest.raises(DirectoryFormatError, match="No sheet of it has the column code"):
        read_any("sent.xlsx", book([["name"], ["Casa"]], "Hoja1"), EMPTY)


def _with(name: str, data: bytes, book_data: bytes) -> bytes:
    files = unzipped(book_data, "book")
    return zipped({**files, name: data})


def test_macros_are_left_out() -> None:
    data = _with("xl/vbaProject.bin", b"macro", write_workbook(DIRECTORY))
    assert read_any("sent.xlsm", data, EMPTY).notes == ("The macros of the workbook were left out",)


def _as_excel(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook with its texts in a table of their own, as Excel writes them."""
    files = unzipped(data, "book")
    texts: list[str] = []

    def _shared(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'<c r="{found[1]}" t="s"><v>{len(texts) - 1}</v></c>'

    cell = r'<c r="(\w+)" t="inlineStr"><is><t>([^<]*)</t></is></c>'
    page = re.sub(cell, _shared, files["xl/worksheets/sheet1.xml"].decode())
    kinds = files["[Content_Types].xml"].decode()
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{office}.sharedStrings+xml" /></Types>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = "".join(f"<si><t>{each}</t></si>" for each in texts)
    return files | {
        "xl/worksheets/sheet1.xml": page.encode(),
        "[Content_Types].xml": kinds.replace("</Types>", more).encode(),
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{table}</sst>'.encode(),
    }


def test_a_workbook_as_excel_writes_it() -> None:
    files = _as_excel(book(row_of({})))
    assert files["xl/sharedStrings.xml"].count(b"<si>") == 2 * len(CENTRE)
    assert _taken(zipped(files)).digest == DIRECTORY.digest


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'], ids=["bomb", "file"]
)
def test_xml_that_blows_up_or_reads_files_is_refused(part: str, entity: str) -> None:
    evil = f'<?xml version="1.0"?><!DOCTYPE x [{entity}]><sst><si><t>&a;</t></si></sst>'.encode()
    with pytest.raises(DirectoryFormatError, match="cannot be read as a workbook"):
        read_any("sent.xlsx", zipped({**_as_excel(book(row_of({}))), part: evil}), EMPTY)


def test_a_workbook_that_unpacks_to_more_than_fits() -> None:
    data = _with("xl/sharedStrings.xml", b"x" * (limits.LARGEST_SHEET + 1), write_workbook(DIRECTORY))
    with pytest.raises(DirectoryFormatError, match="Unpacked it would have 100 MB"):
        read_any("sent.xlsx", data, EMPTY)


def test_a_size_that_the_sheet_claims_wrongly_loses_no_rows() -> None:
    files = unzipped(book([*row_of({}), *row_of({"code": "another"})[1:]]), "book")
    page = files["xl/worksheets/sheet1.xml"].decode()
    at = page.index("<dimension")
    page = page[:at] + '<dimension ref="A1:B1"/>' + page[page.index("/>", at) + 2 :]
    assert len(_taken(zipped({**files, "xl/worksheets/sheet1.xml": page.encode()})).tables["organization"]) == 2


def test_a_row_number_beyond_all_rows_is_refused_at_once() -> None:
    files = unzipped(book(row_of({})), "book")
    page = files["xl/worksheets/sheet1.xml"].replace(b'<row r="2">', b'<row r="9999999999">')
    page = re.sub(rb' r="([A-Z]+)2"', b"", page)
    with pytest.raises(DirectoryFormatError, match="cannot be read as a workbook"):
        read_any("sent.xlsx", zipped({**files, "xl/worksheets/sheet1.xml": page}), EMPTY)


def test_a_sheet_of_semicolons_with_a_sep_line() -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([list(CENTRE), list(CENTRE.values())])
    _, checked, problems = told(b"sep=;\r\n" + out.getvalue().encode("utf-8"))
    assert problems == [] and checked.package.digest == DIRECTORY.digest
