"""The directory as it is shipped claims nothing that its sources do not show. Each rule is tried on a row that breaks it, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from bot.directory.distance import distance_km
from bot.directory.formats.flat import write_flat
from bot.directory.formats.sheet_rows import sheet_rows
from bot.directory.hsds.tables import EXCLUSIONS, KINDS, MEMBERSHIP, SEEN, SERVICES, STATUSES
from bot.directory.places import Places
from tests.directory.seeded import FOLDER, read_seed, returned

Row = dict[str, str]

LANGUAGES = frozenset("es en cab ht pt zh vi mam ixl kjb".split())
"""Those that a source names. A new code is entered here by whoever has seen it on a page."""
_FAR_KM = 30.0
_ZONES = {
    "America/New_York": "DC NY FL MA NC",
    "America/Chicago": "IL TX MN AL WI NE",
    "America/Denver": "UT CO",
    "America/Los_Angeles": "CA",
    "America/Mexico_City": "Chiapas Tabasco",
    "America/Guatemala": "GT",
    "America/Tegucigalpa": "HN",
    "America/El_Salvador": "SV",
    "America/Managua": "NI",
}
"""Zone by state, by country where the whole of it has one."""
_NAMED_A_MEMBER = ("member organization", "organizational member", "calls it a member", "among the network's members")
_ALL_TOLD = ("recalled only", "so nothing is tagged")
_WORDS_OF_KINDS = {
    "legal": "legal help is recalled",
    "health": "health is not tagged",
    "counseling": "counseling is not tagged",
    "basic_needs": "food and rent are recalled",
    "after_school": "only community is tagged",
    "children_youth": "only community is tagged",
}


@dataclass(frozen=True)
class Seed:
    rows: list[Row]
    places: Places


@pytest.fixture(scope="session")
def seed(places: Places) -> Seed:
    package, problems = read_seed()
    assert not problems
    return Seed([dict(row.cells) for row in sheet_rows(package)], places)


def _kinds(row: Row) -> list[str]:
    return [word for word in row["service_terms"].split(";") if word]


def vocabulary(seed: Seed) -> Iterator[str]:
    known = {"kind": KINDS, "aa_member": MEMBERSHIP, "status": ("", *STATUSES), "source_seen": SEEN}
    for row in seed.rows:
        yield from (
            f"{row['code']}: {name} is {row[name]!r}" for name, words in known.items() if row[name] not in words
        )
        yield from (f"{row['code']}: kind of help {kind!r}" for kind in _kinds(row) if kind not in SERVICES)


def tagged_though_recalled(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        told = f"{row['description']} {row['do_not_route']}".lower()
        if any(words in told for words in _ALL_TOLD) and _kinds(row):
            yield f"{row['code']}: nothing was seen, yet it is tagged {row['service_terms']}"
        yield from (
            f"{row['code']}: {kind} is tagged, yet its description says {words!r}"
            for kind, words in _WORDS_OF_KINDS.items()
            if kind in _kinds(row) and words in told
        )


def a_recalled_row_is_not_seen(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        # A list is found by its address; that nobody has read it does not make it help that was not seen.
        if row["source_seen"] == "no" and _kinds(row) and row["kind"] != "directory":
            yield f"{row['code']}: no page was read, yet it is tagged {row['service_terms']}"


def held_back_without_a_reason(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        if row["kind"] == "network" and not row["do_not_route"]:
            yield f"{row['code']}: families are sent to a network"
        elif not row["do_not_route"] and not (_kinds(row) and (row["phone"] or row["address"])):
            yield f"{row['code']}: families are sent there, but nobody knows with what or how to reach it"
        if 0 < len(row["do_not_route"]) < 10:
            yield f"{row['code']}: {row['do_not_route']!r} is no reason"


def exclusions(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        for part in filter(None, row["exclusions"].split(" | ")):
            kind, _, reason = part.partition(": ")
            if kind not in EXCLUSIONS or not reason or kind == "do not route":
                yield f"{row['code']}: exclusion {part!r}"
        if row["kind"] == "consulate" and "nationals only" not in row["exclusions"]:
            yield f"{row['code']}: a consulate is for its nationals"


def confirmed_by_nobody(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        for phone in ("phone", "phone2", "phone3"):
            given = [bool(row.get(f"{phone}_verified_{part}")) for part in ("on", "by", "how")]
            if any(given) and not (all(given) and row[phone]):
                yield f"{row['code']}: a verified {phone} has a day, a person and a way, and a number"
        if bool(row.get("assured_date")) != bool(row.get("assured_by")):
            yield f"{row['code']}: it is assured on a day by a person"


def membership_without_evidence(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        evidence = row["aa_evidence"]
        if not evidence:
            yield f"{row['code']}: aa_evidence is empty"
        if row["aa_member"] == "yes" and not any(words in evidence for words in _NAMED_A_MEMBER):
            yield f"{row['code']}: nothing in {evidence!r} calls it a member"
        if row["aa_member"] in ("yes", "likely") and "recalled" in evidence:
            yield f"{row['code']}: recalled, so its membership is unverified"


def without_a_source(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        yield from (
            f"{row['code']}: {name} is empty"
            for name in ("description", "source_url", "source_date", "source_seen")
            if not row[name]
        )


def languages(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        yield from (
            f"{row['code']}: language {code!r}" for code in row["languages"].split(";") if code not in LANGUAGES
        )


def points(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        if not (row["lat"] and row["city"]):
            if row["service_area"] == "local" or row["geo_precision"]:
                yield f"{row['code']}: it has no town or no point"
            continue
        yield from _point(row, seed.places)


def _point(row: Row, places: Places) -> Iterator[str]:
    where = f"{row['city']}, {row['state']}"
    town = places.find(where).found
    zipped = places.by_zip(row["postal_code"])
    if town is None or (town.country, town.admin1) != (row["country"], row["state"]):
        yield f"{row['code']}: there is no {where} in {row['country']}"
        return
    if row["postal_code"] and (zipped is None or zipped.admin1 != row["state"]):
        yield f"{row['code']}: the ZIP {row['postal_code']} does not lie in {row['state']}"
        return
    # "zip" claims a ZIP that was seen; without one the point is that of the town.
    nearest = zipped if row["geo_precision"] == "zip" else town
    if nearest is None:
        yield f"{row['code']}: its point is said to be that of a ZIP, but there is none"
        return
    far = distance_km(float(row["lat"]), float(row["lon"]), nearest.latitude, nearest.longitude)
    if far > (1.0 if row["geo_precision"] in ("zip", "city") else _FAR_KM):
        yield f"{row['code']}: its point is {far:.0f} km from {nearest.label}"


def one_number_one_row(seed: Seed) -> Iterator[str]:
    numbers = Counter(row["phone"] for row in seed.rows if row["phone"] and not row["do_not_route"])
    yield from (f"{number} stands {times} times" for number, times in numbers.items() if times > 1)
    yield from (
        f"{code} stands twice" for code, times in Counter(row["code"] for row in seed.rows).items() if times > 1
    )


def zones(seed: Seed) -> Iterator[str]:
    for row in seed.rows:
        zone, known = row["timezone"], _ZONES.get(row["timezone"], "").split()
        if not row["city"]:
            if zone:
                yield f"{row['code']}: it lies nowhere, yet has a zone"
        elif not {row["state"], row["country"]} & set(known) or not ZoneInfo(zone):
            yield f"{row['code']}: {zone!r} is not the zone of {row['state']}"


RULES: list[Callable[[Seed], Iterator[str]]] = [
    vocabulary,
    tagged_though_recalled,
    a_recalled_row_is_not_seen,
    held_back_without_a_reason,
    exclusions,
    confirmed_by_nobody,
    membership_without_evidence,
    without_a_source,
    languages,
    points,
    one_number_one_row,
    zones,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_shipped_row_breaks_a_rule(rule: Callable[[Seed], Iterator[str]], seed: Seed) -> None:
    assert list(rule(seed)) == []


BROKEN: list[tuple[str, Callable[[Seed], Iterator[str]], str, Row]] = [
    ("an unknown kind of help", vocabulary, "centro_romero", {"service_terms": "legal;magic"}),
    ("legal help that is recalled", tagged_though_recalled, "crecen_houston", {"service_terms": "legal;community"}),
    ("tagged though nothing was seen", tagged_though_recalled, "voces", {"service_terms": "community"}),
    ("health that is recalled", tagged_though_recalled, "casa_juan_diego", {"service_terms": "basic_needs;health"}),
    ("tagged though no page was read", a_recalled_row_is_not_seen, "la_72", {"service_terms": "legal"}),
    ("held back, no reason", held_back_without_a_reason, "fiel", {"do_not_route": ""}),
    ("a reason of one word", held_back_without_a_reason, "fiel", {"do_not_route": "yes"}),
    ("families sent to a network", held_back_without_a_reason, "network_office", {"do_not_route": ""}),
    ("an unknown exclusion", exclusions, "casa_juan_diego", {"exclusions": "nobody: on Mondays"}),
    ("an exclusion without its reason", exclusions, "casa_juan_diego", {"exclusions": "new arrivals only"}),
    ("a consulate for everybody", exclusions, "consulate_mx_los_angeles", {"exclusions": ""}),
    ("verified by nobody", confirmed_by_nobody, "centro_romero", {"phone_verified_on": "2026-11-20"}),
    (
        "verified without a way",
        confirmed_by_nobody,
        "salef",
        {"phone_verified_on": "2026-11-20", "phone_verified_by": "A"},
    ),
    ("assured by nobody", confirmed_by_nobody, "salva", {"assured_date": "2026-11-20"}),
    ("a member because it signed", membership_without_evidence, "flic", {"aa_member": "yes"}),
    ("likely though recalled", membership_without_evidence, "salef", {"aa_member": "likely"}),
    ("no evidence", membership_without_evidence, "salef", {"aa_evidence": ""}),
    ("no source", without_a_source, "salef", {"source_url": ""}),
    ("no date of the source", without_a_source, "salef", {"source_date": ""}),
    ("a language that no source names", languages, "centro_romero", {"languages": "es;en;quc"}),
    ("a state that has no such town", points, "centro_romero", {"state": "WI"}),
    ("a ZIP of another state", points, "centro_romero", {"postal_code": "53201"}),
    ("a point in the next town", points, "centro_romero", {"lat": "43.0389", "lon": "-87.9065"}),
    ("a ZIP that nobody has seen", points, "carecen_la", {"geo_precision": "zip"}),
    ("local, but nowhere", points, "cdm", {"service_area": "local"}),
    ("the number of another", one_number_one_row, "salef", {"phone": "+17735085300"}),
    ("the clocks of another state", zones, "centro_romero", {"timezone": "America/New_York"}),
    ("no zone", zones, "centro_romero", {"timezone": ""}),
    ("a zone for what lies nowhere", zones, "cdm", {"timezone": "America/Chicago"}),
]


@pytest.mark.parametrize(("rule", "code", "changes"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_row_that_breaks_a_rule_is_told(
    rule: Callable[[Seed], Iterator[str]], code: str, changes: Row, seed: Seed
) -> None:
    rows = [row | changes if row["code"] == code else row for row in seed.rows]
    told = list(rule(Seed(rows, seed.places)))
    assert len(told) == 1, told
    assert code in told[0] or changes.get("phone", "-") in told[0]


def test_every_rule_has_a_row_that_breaks_it() -> None:
    assert {rule.__name__ for rule in RULES} == {case[1].__name__ for case in BROKEN}


def test_all_rows_are_there_and_nobody_has_called_one(seed: Seed) -> None:
    assert len(seed.rows) == 64
    for row in seed.rows:
        assert not [name for name, cell in row.items() if cell and ("_verified_" in name or name.startswith("assured"))]


def test_the_file_is_read_without_a_problem_and_written_back_the_same() -> None:
    package, problems = read_seed()
    assert problems == ()
    assert returned(package, write_flat(package)) == ()
    assert returned(package, (FOLDER / "organizations.csv").read_bytes()) == ()


def test_the_number_of_the_press_is_given_to_nobody(seed: Seed) -> None:
    # The network's office and Casa Yurumein: only numbers for the press were seen.
    rows = {row["code"]: row for row in seed.rows}
    for code in ("network_office", "casa_yurumein"):
        assert not rows[code]["phone"] and "press" in rows[code]["do_not_route"]


def test_a_name_in_kiche_is_attested_or_absent(seed: Seed) -> None:
    assert not [row["code"] for row in seed.rows if row.get("org_name_quc")]
