"""Organizations as they are shipped, and rows that are refused with the line to mend."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.directory.distance import distance_km
from bot.directory.errors import DirectoryError, DirectoryFileError
from bot.directory.hotline import Hotline
from bot.directory.organization import COLUMNS, Organization, load_organizations
from bot.directory.places import Places

GOOD = {
    "id": "centro",
    "org_name": "Centro",
    "kind": "member",
    "description": "Helps.",
    "service_terms": "legal;health",
    "aa_member": "unverified",
    "aa_evidence": "recalled",
    "status": "active",
    "route": "yes",
    "country": "US",
    "lat": "41.9",
    "lon": "-87.6",
    "phone_e164": "+17735085300",
    "phone_kind": "voice",
    "phone_status": "unconfirmed",
    "languages": "es;en;quc",
    "service_area": "local",
    "source_url": "https://example.org",
    "source_date": "2024",
}
NO_PHONE = {"phone_e164": "", "phone_kind": "", "phone_status": "none"}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    (folder / "organizations.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


WRONG = [
    ("no name", {"org_name": ""}, "org_name is empty"),
    ("an unknown kind", {"kind": "club"}, "kind is 'club'"),
    ("an unknown service", {"service_terms": "legal;magic"}, "service_terms has 'magic'"),
    ("no source", {"source_url": ""}, "source_url is empty"),
    ("a phone as people write it", {"phone_e164": "773-508-5300"}, "is not in E.164"),
    ("a phone that is none", {"phone_status": "none"}, "Make the two agree"),
    ("confirmed by nobody", {"phone_status": "confirmed"}, "after the call"),
    ("unconfirmed with a day", {"assured_date": "2026-11-01", "assured_by": "Ana"}, "after the call"),
    ("neither phone nor address", NO_PHONE, "neither a phone nor an address"),
    ("no service though routed", {"service_terms": ""}, "No service is named"),
    ("no point though local", {"lat": "", "lon": ""}, "no point on the map"),
    ("not routed without a reason", {"route": "no"}, "route_reason is empty"),
    ("a longitude off the globe", {"lon": "-187.6"}, "from -180 to 180"),
]


@pytest.mark.parametrize(("changes", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    with pytest.raises(DirectoryFileError) as error:
        load_organizations(written(tmp_path, GOOD | {"id": "first"}, GOOD | changes))
    assert str(error.value).startswith("organizations.csv, line 3: ")
    assert told in str(error.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(DirectoryFileError, match="line 3: The id 'centro' stands twice"):
        load_organizations(written(tmp_path, GOOD, GOOD))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("", "line 1: The header"),
        ("id,org_name\n", "line 1: The header"),
        (",".join(COLUMNS) + "\ncentro,Centro\n", "line 2: It has 2 cells"),
        (",".join(COLUMNS) + '\n"centro', "cannot be read"),
    ],
    ids=["no file", "an empty file", "another header", "a short row", "an open quote"],
)
def test_a_file_that_is_no_sheet_is_named(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / "organizations.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DirectoryError, match=told):
        load_organizations(tmp_path)


def test_a_confirmed_phone_has_its_day_and_person(tmp_path: Path) -> None:
    call = {"phone_status": "confirmed", "assured_date": "2026-11-20", "assured_by": "Ana López"}
    (organization,) = load_organizations(written(tmp_path, GOOD | call))
    assert organization.phone_confirmed
    assert organization.assured_on == date(2026, 11, 20)
    assert organization.can_be_reached(require_confirmed_phone=True)


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    (organization,) = load_organizations(written(tmp_path, GOOD))
    assert organization.services == ("legal", "health")
    assert organization.languages == ("es", "en", "quc")
    assert organization.name_es == "Centro"
    assert not organization.phone_confirmed
    assert organization.address_text == ""


PHONES = [("+17735085300", "773-508-5300"), ("+50277612179", "+502 7761-2179"), ("+525512345678", "+525512345678")]


@pytest.mark.parametrize(("phone", "text"), [*PHONES, ("", "")])
def test_a_phone_is_written_as_people_dial_it(organizations: tuple[Organization, ...], phone: str, text: str) -> None:
    assert replace(organizations[0], phone=phone).phone_text == text


def test_nobody_has_confirmed_a_shipped_phone(organizations: tuple[Organization, ...]) -> None:
    assert [each.id for each in organizations if each.assured_on or each.assured_by] == []


def test_every_shipped_row_tells_where_it_comes_from_and_why_it_is_not_shown(
    organizations: tuple[Organization, ...],
) -> None:
    assert len(organizations) == 64
    for each in organizations:
        assert each.source and each.source_date, each.id
        assert each.route or each.route_reason, each.id
        assert not (each.route and each.route_reason), each.id


def test_recalled_help_is_not_tagged(organizations: tuple[Organization, ...]) -> None:
    tags = {each.id: set(each.services) for each in organizations}
    for recalled_only in ("afsc_florida", "voces", "la_72"):
        assert tags[recalled_only] == set()
    for legal_was_recalled in ("crecen_houston", "el_rescate"):
        assert "legal" not in tags[legal_was_recalled]


def test_a_shipped_point_lies_in_its_country_and_near_its_town(
    places: Places, organizations: tuple[Organization, ...]
) -> None:
    for each in organizations:
        if each.latitude is None or each.longitude is None:
            continue
        match = places.find(f"{each.city}, {each.state}" if each.state else each.city)
        assert match.found is not None, each.id
        assert match.found.country == each.country, each.id
        away = distance_km(each.latitude, each.longitude, match.found.latitude, match.found.longitude)
        assert away < 25, f"{each.id}: {away:.0f} km from {match.found.label}"


def test_a_number_in_both_files_is_the_same(
    organizations: tuple[Organization, ...], hotlines: Mapping[str, Hotline]
) -> None:
    phones = {each.id: each.phone_text for each in organizations}
    assert phones["cielo"] == hotlines["cielo"].text
    assert "1-" + phones["cdm"] == hotlines["cdm_us"].text
    assert phones["recepcion_fag"] == "+502 " + hotlines["gt_returnees"].text
