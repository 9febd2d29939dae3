"""What is written is read back as it was, in every form; and nothing that anybody sends raises anything but our own errors."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.flat import read_flat, write_flat
from bot.directory.formats.json_tree import read_json, write_json
from bot.directory.formats.read import Read
from bot.directory.formats.source import read_any
from bot.directory.formats.tabular import read_tabular, read_zip, write_tabular, write_zip
from bot.directory.formats.told import HELD
from bot.directory.formats.workbook import read_workbook, write_workbook
from bot.directory.hsds.changes import changes
from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.package import EMPTY, Package
from bot.directory.hsds.tables import SERVICES
from tests.directory.formats.packages import TODAY, directories, settled
from tests.directory.formats.sheets import CENTRE, package, sheet

pytestmark = pytest.mark.slow
SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def same(read: Read, directory: Package) -> None:
    """The file says what the directory says."""
    checked = check(read.raws, TODAY)
    assert [*read.problems, *checked.problems] == []
    assert changes(directory, checked.package, keep_missing=False) == ()
    assert checked.package.digest == directory.digest
    assert read.gone == ()


@SLOWLY
@given(directories())
def test_any_directory_comes_back_from_a_package(directory: Package) -> None:
    files = write_tabular(directory)
    same(read_tabular(files, EMPTY, "package"), directory)
    same(read_tabular({f"folder/{name}": data for name, data in files.items()}, directory, "package"), directory)
    assert write_zip(directory) == write_zip(directory)
    same(read_any("directory.zip", write_zip(directory), EMPTY), directory)


@SLOWLY
@given(directories())
def test_any_directory_comes_back_from_json(directory: Package) -> None:
    assert write_json(directory) == write_json(directory)
    same(read_any("directory.json", write_json(directory), EMPTY), directory)


def simple(directory: Package) -> Package:
    """The same without what no sheet has a column for."""
    kinds = {"location": {"location_type": "physical"}, "address": {"address_type": "physical"}}
    raws = [
        Raw(table, row["id"], {**{name: row[name] for name in HELD[table]}, **kinds.get(table, {})})
        for table, rows in directory.tables.items()
        for row in rows.values()
    ]
    return settled(raws)


@SLOWLY
@given(directories(most=2), st.booleans())
def test_a_directory_that_a_sheet_can_say_comes_back_and_another_is_refused(directory: Package, simply: bool) -> None:
    directory = simple(directory) if simply else directory
    try:
        written = write_flat(directory)
    except DirectoryFormatError as error:
        event("refused")
        assert "A sheet cannot say everything" in str(error)
        return
    event(f"written with {min(4, sum(map(len, directory.tables.values())))} records or more")
    read = read_flat(written, directory)
    checked = check(read.raws, TODAY)
    assert [*read.problems, *checked.problems] == []
    made = changes(directory, checked.package, keep_missing=False)
    # The kinds of help come along with every sheet.
    assert [each for each in made if (each.table, each.old) != ("taxonomy_term", None)] == []
    assert read.gone == ()


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="|;ÂÃâ"), min_size=1, max_size=8
)
_hours = st.sampled_from(
    [
        "",
        "24/7",
        "Mo-Fr 09:00-17:00",
        "Mo,We 09:00-12:00,14:00-18:00; Sa 20:00-02:00; PH off",
        "08:00-20:00; PH 10:00-12:00",
    ]
)


@st.composite
def flat_rows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows that are right: several organizations, services and places, with everything that a sheet holds."""
    rows = []
    for number in range(draw(st.integers(1, 5))):
        own = f"row_{number}"
        group = draw(st.sampled_from([own, "shared"]))
        row = {
            **CENTRE,
            "code": own,
            "org_name": f"Centre {group}",
            "service_name": draw(_words),
            "hours": draw(_hours),
        }
        row |= {"organization": group, "service_terms": ";".join(draw(st.sets(st.sampled_from(SERVICES), max_size=3)))}
        row |= {"hours_es": draw(st.one_of(st.just(""), _words)), "alert": draw(st.one_of(st.just(""), _words))}
        row |= {"exclusions": f"women only: {draw(_words)}" if draw(st.booleans()) else "", "address_2": draw(_words)}
        row |= {"phone2": draw(st.sampled_from(["", "7761-2179"])), "documents": draw(st.one_of(st.just(""), _words))}
        row["country"], row["state"] = ("GT", "") if row["phone2"] else ("US", "IL")
        rows.append(row)
    return rows


@SLOWLY
@given(flat_rows())
def test_sheets_come_back_as_csv_and_as_a_workbook(rows: list[dict[str, str]]) -> None:
    directory = package(*rows)
    same(read_flat(write_flat(directory), EMPTY), directory)
    same(read_flat(write_flat(directory), directory), directory)


@settings(SLOWLY, max_examples=15)
@given(flat_rows())
def test_workbooks_come_back(rows: list[dict[str, str]]) -> None:
    directory = package(*rows)
    same(read_workbook(write_workbook(directory), EMPTY), directory)


def _tried(name: str, data: bytes, current: Package = EMPTY) -> None:
    """Reads whatever it is; anything but our own errors is a failure of the test."""
    try:
        read = read_any(name, data, current)
    except DirectoryFormatError:
        return
    check(read.raws, TODAY)


DIRECTORY = package(CENTRE)
FILES = {
    "sheet.csv": write_flat(DIRECTORY),
    "package.zip": write_zip(DIRECTORY),
    "tree.json": write_json(DIRECTORY),
    "book.xlsx": write_workbook(DIRECTORY),
    "phones.csv": write_tabular(DIRECTORY)["phones.csv"],
}


@SLOWLY
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=300))
def test_any_bytes_are_harmless(name: str, data: bytes) -> None:
    _tried(name, data)
    _tried(name, FILES[name][:40] + data)


@settings(SLOWLY, max_examples=200)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 100_000), st.binary(min_size=1, max_size=6), st.booleans())
def test_a_file_with_a_few_bytes_wrong_is_harmless(name: str, at: int, data: bytes, cut: bool) -> None:
    whole = FILES[name]
    at %= len(whole)
    _tried(name, whole[:at] + data + (b"" if cut else whole[at + len(data) :]), DIRECTORY)


@SLOWLY
@given(
    st.dictionaries(
        st.sampled_from([*CENTRE, "phone2", "documents", "exclusions", "organization", "service"]), st.text(max_size=30)
    )
)
def test_any_cells_are_harmless_in_a_sheet(cells: dict[str, str]) -> None:
    _tried("sheet.csv", sheet({**CENTRE, **cells}), DIRECTORY)


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "services", "phones", "organization", "location", "contents", "name", "x"]), inner
        ),
    ),
    max_leaves=12,
)


@SLOWLY
@given(_json)
def test_any_json_is_harmless(content: object) -> None:
    _tried("tree.json", json.dumps(content).encode())


@SLOWLY
@given(
    st.dictionaries(st.sampled_from(["phones.csv", "a/services.csv", "datapackage.json", "x"]), st.binary(max_size=80))
)
def test_any_files_in_a_zip_are_harmless(files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    _tried("package.zip", out.getvalue())


def test_csv_is_what_other_programs_read() -> None:
    text = write_tabular(DIRECTORY)["phones.csv"].decode()
    (phone,) = csv.DictReader(io.StringIO(text))
    assert phone["number"] == "+17735085300"
    same(read_zip(write_zip(DIRECTORY), EMPTY, "package.zip"), DIRECTORY)
    same(read_json(write_json(DIRECTORY), DIRECTORY, "tree.json"), DIRECTORY)
