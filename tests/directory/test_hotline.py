"""Every number that an answer may name: which may be sent, which line works where, and that each row is whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.directory.errors import DirectoryFileError
from bot.directory.hotline import COLUMNS, Hotline, area_line, load_hotlines
from bot.directory.place import Place
from bot.directory.places import Places

# What the flows name. A number that disappears from the file would take its sentence with it.
USED = """emergency_911 crisis_988 orr orr_text orr_mx orr_gt orr_sv orr_hn eoir acis locator ice_line doj_list doj_roster
legal_directory dv trafficking whd osha cdm_us cdm_mx consulate_mx consulate_hn consulate_sv gt_returnees gt_police
gt_fire mx_911 mx_lifeline hn_911 sv_911 la_network co_rapid cielo ftc""".split()


@pytest.mark.parametrize("name", USED)
def test_a_number_that_answers_use_is_there(hotlines: Mapping[str, Hotline], name: str) -> None:
    assert hotlines[name].text


@pytest.mark.parametrize("name", ["emergency_911", "crisis_988", "gt_police", "gt_fire", "mx_911", "locator", "acis"])
def test_what_is_certain_may_always_be_sent(hotlines: Mapping[str, Hotline], name: str) -> None:
    assert hotlines[name].sendable(False)


@pytest.mark.parametrize("name", ["orr", "eoir", "dv", "la_network", "legal_directory", "gt_prosecutor", "sv_police"])
def test_what_nobody_confirmed_waits(hotlines: Mapping[str, Hotline], name: str) -> None:
    line = hotlines[name]
    assert not line.sendable(False)
    assert line.sendable(True)
    assert replace(line, confirmed_on=date(2026, 12, 1)).sendable(False)


def test_nothing_is_confirmed_before_somebody_confirms_it(hotlines: Mapping[str, Hotline]) -> None:
    assert [line.id for line in hotlines.values() if line.confirmed_on] == []


def test_only_what_was_read_has_a_day_of_reading(hotlines: Mapping[str, Hotline]) -> None:
    for line in hotlines.values():
        assert (line.checked is not None) == (line.evidence == "seen"), line.id


def test_the_raid_line_that_nobody_could_verify_is_left_out(hotlines: Mapping[str, Hotline]) -> None:
    assert not [line.id for line in hotlines.values() if "844-363-1423" in line.text]


AREAS = [
    ("a ZIP of Los Angeles", "90057", "la_network"),
    ("Long Beach", "Long Beach", "la_network"),
    ("Palmdale, inside the circle", "Palmdale", "la_network"),
    ("Fresno, in California and far", "Fresno", None),
    ("Denver", "Denver", "co_rapid"),
    ("all of Colorado", "Colorado", "co_rapid"),
    ("all of California: most of it is far", "California", None),
    ("Chicago", "Chicago", None),
    ("Tijuana, near and in another country", "Tijuana", None),
    ("Xela", "Xela", None),
]


@pytest.mark.parametrize(("where", "line"), [row[1:] for row in AREAS], ids=[row[0] for row in AREAS])
def test_the_line_of_an_area(places: Places, hotlines: Mapping[str, Hotline], where: str, line: str | None) -> None:
    place = places.find(where).found
    assert place is not None
    found = area_line(hotlines.values(), place)
    assert (found.id if found else None) == line


def test_of_two_lines_the_one_of_the_smaller_area_answers(hotlines: Mapping[str, Hotline]) -> None:
    whole_state = replace(hotlines["co_rapid"], id="ca", area="CA")
    whole_country = replace(hotlines["co_rapid"], id="us", area="national")
    los_angeles = Place("Los Angeles", "CA", "US", 34.05, -118.24)
    lines = [whole_country, whole_state, hotlines["la_network"]]
    assert area_line(lines, los_angeles) == lines[2]
    assert area_line(lines[:2], los_angeles) == whole_state
    assert area_line(lines[:1], los_angeles) == whole_country
    assert area_line(lines, Place("Tijuana", "CA", "MX", 34.05, -118.24)) is None


GOOD = {
    "id": "orr",
    "text": "1-800-203-7001",
    "kind": "hotline",
    "topic": "children",
    "country": "US",
    "area": "national",
    "source_url": "https://example.org",
    "evidence": "seen",
    "checked": "2026-11-23",
}
WRONG = [
    ("an id that is no field", {"id": "Orr!"}, "cannot be a field"),
    ("letters for a number", {"text": "call us"}, "does not look like a hotline"),
    ("a site with its https", {"kind": "site", "text": "https://ice.gov"}, "does not look like a site"),
    ("an unknown kind", {"kind": "phone"}, "Use one of: emergency, hotline, site"),
    ("an unknown country", {"country": "XX"}, "country is 'XX'"),
    ("seen without a day", {"checked": ""}, "Fill in checked"),
    ("recalled with a day", {"evidence": "recalled"}, "write recalled"),
    ("a day that is none", {"checked": "23/11/2026"}, "Write a day as 2026-01-31"),
    ("half a circle", {"lat": "34"}, "Fill in all three or none"),
    ("a latitude off the globe", {"lat": "134", "lon": "0", "radius_km": "5"}, "from -90 to 90"),
    ("no source", {"source_url": ""}, "source_url is empty"),
]


def written(folder: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    (folder / "hotlines.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("changes", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    with pytest.raises(DirectoryFileError) as error:
        load_hotlines(written(tmp_path, GOOD | {"id": "first"}, GOOD | changes))
    assert str(error.value).startswith("hotlines.csv, line 3: ")
    assert told in str(error.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(DirectoryFileError, match="line 3: The id 'orr' stands twice"):
        load_hotlines(written(tmp_path, GOOD, GOOD))


def test_a_good_row_is_read(tmp_path: Path) -> None:
    line = load_hotlines(written(tmp_path, GOOD))["orr"]
    assert (line.text, line.checked, line.radius_km) == ("1-800-203-7001", date(2026, 11, 23), None)
