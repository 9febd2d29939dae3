"""Every number that an answer may name: which may be sent, which line works where, and that each row is whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.directory.errors import DirectoryFileError
from bot.directory.hotline import COLUMNS, MODES, Hotline, load_hotlines
from bot.directory.hours import Open, state
from bot.directory.place import Level, Place
from bot.directory.places import Places
from bot.frozen import replace
from bot.wording.gsm7 import fold_for_sms, non_gsm

# What the flows name. A number that disappears from the file would take its sentence with it.
USED = """emergency_911 crisis_988 orr orr_text orr_mx orr_gt orr_sv orr_hn eoir acis locator ice_line doj_list doj_roster
legal_directory dv trafficking whd osha cdm_us cdm_mx consulate_mx consulate_hn consulate_sv gt_returnees gt_police
gt_fire mx_911 mx_lifeline hn_911 sv_911 la_network co_rapid cielo ftc""".split()


@pytest.mark.parametrize("name", USED)
def test_a_number_that_answers_use_is_there(hotlines: Mapping[str, Hotline], name: str) -> None:
    assert hotlines[name].text


@pytest.mark.parametrize("name", ["emergency_911", "crisis_988", "gt_police", "gt_fire", "locator", "acis"])
def test_what_is_certain_may_always_be_sent(hotlines: Mapping[str, Hotline], name: str) -> None:
    assert hotlines[name].sendable(False)


@pytest.mark.parametrize(
    "name", ["orr", "eoir", "dv", "la_network", "legal_directory", "gt_prosecutor", "sv_police", "mx_911"]
)
def test_what_nobody_confirmed_waits(hotlines: Mapping[str, Hotline], name: str) -> None:
    line = hotlines[name]
    assert not line.sendable(False)
    assert line.sendable(True)
    assert replace(line, verified_on=date(2026, 12, 1), verified_by="Ana Example").sendable(False)


def test_nothing_is_confirmed_before_somebody_confirms_it(hotlines: Mapping[str, Hotline]) -> None:
    assert [line.id for line in hotlines.values() if line.verified_on or line.verified_by] == []


def test_what_no_source_shows_stays_empty(hotlines: Mapping[str, Hotline]) -> None:
    """Hours, languages and calls from abroad: where a source showed them, and where somebody has called."""
    called = {line.id for line in hotlines.values() if line.verified_on}
    hours = {line.id for line in hotlines.values() if line.schedule}
    languages = {line.id for line in hotlines.values() if line.languages}
    abroad = {line.id for line in hotlines.values() if line.from_abroad is not None}
    assert hours - called <= {"orr", "eoir", "dv", "consulate_mx"}
    assert languages - called <= {"crisis_988", "eoir"}
    assert abroad - called <= {"consulate_sv"}
    assert state(hotlines["orr"].schedule, datetime(2026, 12, 25, 3, tzinfo=UTC)) == Open()


def test_every_line_says_briefly_what_it_is_for(hotlines: Mapping[str, Hotline]) -> None:
    for line in hotlines.values():
        for text in (line.purpose_es, line.purpose_en):
            assert len(text) <= 70 and not non_gsm(fold_for_sms(text)), f"{line.id}: {text}"
        assert bool(line.modes) is (line.kind != "site"), line.id
        assert set(line.modes) <= set(MODES)


def test_the_call_center_for_children_says_what_it_may_not_do(hotlines: Mapping[str, Hotline]) -> None:
    for name in ("orr", "orr_mx", "orr_gt", "orr_sv", "orr_hn"):
        assert "May not say where a child is" in hotlines[name].does_not
    assert hotlines["orr"].modes == ("calls", "whatsapp")


def test_only_what_was_read_has_a_day_of_reading(hotlines: Mapping[str, Hotline]) -> None:
    for line in hotlines.values():
        assert (line.checked is not None) == (line.evidence == "seen"), line.id


def test_the_raid_line_that_nobody_could_verify_is_left_out(hotlines: Mapping[str, Hotline]) -> None:
    assert not [line.id for line in hotlines.values() if "844-363-1423" in line.text]


COUNTY = {"area": "Cook County, IL", "zips": "602;60804", "lat": "41.8636", "lon": "-87.7754", "radius_km": "45"}
COVERED = [
    ("a country", {}, "60629", True),
    ("the same country, another state", {}, "Fresno", True),
    ("another country", {}, "Tijuana", False),
    ("a state", {"area": "IL"}, "Springfield, Illinois", True),
    ("all of the state", {"area": "IL"}, "Illinois", True),
    ("another state", {"area": "IL"}, "Gary, Indiana", False),
    ("a ZIP of the list", {"area": "IL", "zips": "60629;602"}, "60629", True),
    ("a ZIP that begins so", {"area": "IL", "zips": "60629;602"}, "60201", True),
    ("a ZIP that does not", {"area": "IL", "zips": "60629;602"}, "60630", False),
    ("a town, and nobody knows which of its ZIPs", {"area": "IL", "zips": "60629;602"}, "Evanston, Illinois", False),
    ("a county, by ZIP", COUNTY, "60804", True),
    ("a county, and a ZIP near its middle that is not its own", COUNTY, "60126", False),
    ("a county, by town", COUNTY, "Cicero, Illinois", True),
    ("a county, and a town far off", COUNTY, "Springfield, Illinois", False),
    ("a county, and its whole state", COUNTY, "Illinois", False),
    ("a county, and a town of another state in its circle", COUNTY, "Whiting, Indiana", False),
    ("a circle", {"area": "IL", "lat": "41.85", "lon": "-87.65", "radius_km": "30"}, "Cicero, Illinois", True),
    ("beyond it", {"area": "IL", "lat": "41.85", "lon": "-87.65", "radius_km": "30"}, "Aurora, Illinois", False),
    ("a department", {"country": "GT", "area": "Quetzaltenango"}, "Cantel", True),
    ("another department", {"country": "GT", "area": "Quetzaltenango"}, "Momostenango", False),
]


@pytest.mark.parametrize(("area", "where", "covered"), [row[1:] for row in COVERED], ids=[row[0] for row in COVERED])
def test_where_a_line_works(tmp_path: Path, places: Places, area: dict[str, str], where: str, covered: bool) -> None:
    place = places.find(where).found
    assert place is not None
    assert load_hotlines(written(tmp_path, GOOD | area))["orr"].covers(place) is covered


def test_a_county_is_the_list_that_its_command_prints(tmp_path: Path, places: Places) -> None:
    from directory.county_zips import county_area

    zips, latitude, longitude, radius = county_area("Cook County", "IL")
    cells = {"zips": zips, "lat": str(latitude), "lon": str(longitude), "radius_km": str(radius)}
    line = load_hotlines(written(tmp_path, GOOD | {"area": "Cook County, IL"} | cells))["orr"]
    for zip_code, inside in {"60629": True, "60201": True, "60804": True, "60540": False, "46394": False}.items():
        place = places.by_zip(zip_code)
        assert place and line.covers(place) is inside, zip_code
    assert line.covers(Place("Orland Park", "IL", "US", 41.63, -87.85))
    assert not line.covers(Place("Illinois", "IL", "US", 41.85, -87.65, level=Level.REGION))
    with pytest.raises(KeyError, match="Cook, IL"):
        county_area("Cook", "IL")


GOOD = {
    "id": "orr",
    "text": "1-800-203-7001",
    "kind": "hotline",
    "topic": "children",
    "country": "US",
    "area": "national",
    "purpose_es": "Buscar a un niño",
    "purpose_en": "Find a child",
    "source": "https://example.org",
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
    ("half a circle", {"area": "IL", "lat": "34"}, "Fill in all three or none"),
    ("a latitude off the globe", {"lat": "134", "lon": "0", "radius_km": "5"}, "from -90 to 90"),
    ("no source", {"source": ""}, "source is empty"),
    ("nothing that it is for", {"purpose_en": ""}, "purpose_en is empty"),
    ("hours in words", {"hours": "24 horas"}, "'24' is no day"),
    ("hours without a zone", {"hours": "Mo-Fr 09:00-17:00"}, "'' is not a time zone"),
    ("a zone that is none", {"hours": "24/7", "timezone": "Chicago"}, "'Chicago' is not a time zone"),
    ("a zone that is none, without hours", {"timezone": "CST"}, "'CST' is not a time zone"),
    ("an unknown mode", {"modes": "calls;fax"}, "modes has 'fax'"),
    ("a call from abroad, perhaps", {"from_abroad": "maybe"}, "from_abroad is 'maybe'"),
    ("from a country, but not from abroad", {"from_countries": "CA"}, "from_abroad is not yes"),
    ("from a country by name", {"from_abroad": "yes", "from_countries": "Canada"}, "the two letters of a country"),
    ("a language by name", {"languages": "es;English"}, "the code of a language"),
    ("perhaps for emergencies", {"emergencies": "maybe"}, "emergencies is 'maybe'"),
    ("a raid line that is not for emergencies", {"topic": "area_line", "emergencies": "no"}, "when agents are there"),
    ("a call by nobody", {"verified_on": "2026-12-01"}, "Fill in verified_on and verified_by"),
    ("a call at no time", {"verified_by": "Ana Example"}, "Fill in verified_on and verified_by"),
    ("ZIPs of the whole country", {"zips": "606"}, "ZIPs lie in a state"),
    ("ZIPs elsewhere", {"country": "GT", "area": "Quetzaltenango", "zips": "09001"}, "ZIPs lie in a state"),
    ("a beginning of two digits", {"area": "IL", "zips": "60"}, "three to five digits"),
    ("a county that nobody can find", {"area": "Cook County, IL"}, "python -m directory.county_zips"),
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
    assert (line.schedule, line.from_abroad, line.modes, line.for_emergencies) == (None, None, (), True)
    more = {
        "from_abroad": "yes",
        "from_countries": "CA;GT",
        "modes": "calls;texts",
        "emergencies": "no",
        "hours": "24/7",
    }
    line = load_hotlines(written(tmp_path, GOOD | more))["orr"]
    assert (line.from_abroad, line.from_countries, line.modes) == (True, ("CA", "GT"), ("calls", "texts"))
    assert not line.for_emergencies and line.schedule
