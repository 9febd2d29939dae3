"""The shipped sheet as the conversation searches it, and sheets that are refused with the row to mend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.directory.directory import Directory
from bot.directory.errors import DirectoryError
from bot.directory.hotline import Hotline
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import SERVICES
from bot.directory.nearest import NearestResult, nearest
from bot.directory.place import COUNTRY_NAMES, Level, Place
from bot.directory.places import Places
from bot.directory.seed import load_seed
from bot.directory.service_at_location import ServiceAtLocation

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
ANSWERS = [
    ("60629", "legal", "latinos_progresando"),
    ("60660", "after_school", "centro_romero"),
    ("Los Angeles", "health", "clinica_romero"),
    ("Los Angeles", "interpreters", "cielo"),
    ("Xela", "community", "entremundos"),
    ("84119", "legal", "comunidades_unidas"),
    ("Springfield, MA", "legal", "mira_coalition"),
    ("Houston", "workers_rights", "cdm"),
]


def codes(seed: Package, result: NearestResult) -> list[str]:
    found = (seed.get("organization", each.service.organization_id) for each in result.found)
    return [each["code"] for each in found if each]


@pytest.mark.parametrize(("where", "kind", "first"), ANSWERS, ids=[f"{row[1]} in {row[0]}" for row in ANSWERS])
def test_it_answers(seed: Package, directory: Directory, places: Places, where: str, kind: str, first: str) -> None:
    place = places.find(where).found
    assert place is not None
    assert codes(seed, nearest(directory, place, kind, now=NOW, unconfirmed=True))[0] == first


def everything(directory: Directory, unconfirmed: bool = False) -> list[ServiceAtLocation]:
    return [
        each.service
        for country in COUNTRY_NAMES
        for level in (Level.TOWN, Level.COUNTRY)
        for service in directory.services
        for kind in SERVICES
        for each in nearest(
            directory,
            Place("", service.state, country, service.latitude or 0, service.longitude or 0, level=level),
            kind,
            now=NOW,
            limit=100,
            government=True,
            unconfirmed=unconfirmed,
        ).found
    ]


def test_who_is_not_to_be_routed_to_is_never_shown(seed: Package, directory: Directory) -> None:
    shown = {
        seed.tables["organization"][each.organization_id]["code"] for each in everything(directory, unconfirmed=True)
    }
    held_back = {row["organization_id"] for row in seed.rows("exclusion") if row["kind"] == "do not route"}
    assert "centro_romero" in shown and held_back
    assert not shown & {seed.tables["organization"][each]["code"] for each in held_back if each}
    assert not shown & {"network_office", "casa_yurumein"}


def test_in_production_nobody_is_shown_whom_nobody_has_confirmed(directory: Directory) -> None:
    assert not any(each.confirmed_on for each in directory.services)
    assert everything(directory) == []


def test_a_number_in_both_files_is_the_same(
    seed: Package, directory: Directory, hotlines: Mapping[str, Hotline]
) -> None:
    phones = {
        seed.tables["organization"][each.organization_id]["code"]: each.phones[0].text
        for each in directory.services
        if each.phones
    }
    assert phones["cielo"] == hotlines["cielo"].text
    assert "1-" + phones["cdm"] == hotlines["cdm_us"].text
    assert phones["recepcion_fag"] == "+502 " + hotlines["gt_returnees"].text


WRONG = [
    ("an unknown kind", "kind", "club", "kind"),
    ("an unknown help", "service_terms", "legal;magic", "magic"),
    ("no source", "source_url", "", "source_url"),
    ("a longitude off the globe", "lon", "-187.6", "from -180 to 180"),
    ("a status of our own", "status", "asleep", "status"),
]


def sheet(folder: Path, column: str, cell: str) -> Path:
    header = (
        "code,org_name,kind,description,service_terms,aa_member,aa_evidence,status,country,lat,lon,service_area,"
        "source_url,source_date,source_seen"
    ).split(",")
    good = dict(
        zip(
            header,
            "CODE,Centro,member,Helps.,legal,unverified,recalled,active,US,41.9,-87.6,local,https://example.org,2024,yes".split(
                ","
            ),
            strict=True,
        )
    )
    rows = [{**good, "code": "first"}, {**good, "code": "second", column: cell}]
    text = "\n".join([",".join(header), *(",".join(row.values()) for row in rows)])
    (folder / "organizations.csv").write_text(text + "\n", "utf-8")
    return folder


def test_a_good_sheet_is_read(tmp_path: Path) -> None:
    package = load_seed(sheet(tmp_path, "kind", "partner"), date(2026, 11, 24))
    assert {each.name for each in Directory.of_package(package).services} == {"Centro"}


@pytest.mark.parametrize(("column", "cell", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_row_is_named_with_its_place(tmp_path: Path, column: str, cell: str, told: str) -> None:
    with pytest.raises(DirectoryError) as error:
        load_seed(sheet(tmp_path, column, cell), date(2026, 11, 24))
    assert "organizations.csv, row 3" in str(error.value) and told in str(error.value)
    assert "row 2" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [None, "", "id,org_name\n", 'code,org_name\n"centro'],
    ids=["no file", "empty", "another header", "an open quote"],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "organizations.csv").write_text(text, "utf-8")
    with pytest.raises(DirectoryError, match=r"organizations\.csv"):
        load_seed(tmp_path, date(2026, 11, 24))
