"""An organization that families may be sent to, as ``directory/organizations.csv`` describes it (HSDS words, flat)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.directory.place import COUNTRY_NAMES
from bot.directory.sheet import Row, read_sheet

SERVICES = (
    "legal",
    "counseling",
    "after_school",
    "children_youth",
    "basic_needs",
    "health",
    "education",
    "workers_rights",
    "interpreters",
    "community",
)
KINDS = ("member", "partner", "government", "consulate", "directory", "hotline", "network")
GOVERNMENT = frozenset({"government", "consulate"})
AREAS = ("local", "state", "national")
COLUMNS = tuple(
    """id org_name org_name_es kind description service_terms aa_member aa_evidence status route route_reason address
    city state country postal_code lat lon geo_precision phone_e164 phone_kind phone_status hours_text_es hours_text_en
    languages service_area url assured_date assured_by source_url source_date source_seen""".split()
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_US_NUMBER = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_COUNTRY_CODES = re.compile(r"\+(50[1-6]|52)(\d{4})(\d{4})")


@dataclass(frozen=True, slots=True)
class Organization:
    """Who helps, with what, where. ``route``: families may be sent there; if not, ``route_reason`` says why.

    ``services`` holds only what the source shows. ``latitude`` and ``longitude`` are degrees and missing for those
    that have no door (``area`` national). ``assured_on`` is the day on which somebody of the network confirmed the
    phone; nothing else counts as confirmed.
    """

    id: str
    name: str
    name_es: str
    kind: str
    description: str
    services: tuple[str, ...]
    member: str
    member_evidence: str
    status: str
    route: bool
    route_reason: str
    address: str
    city: str
    state: str
    country: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    phone: str
    phone_kind: str
    hours_es: str
    hours_en: str
    languages: tuple[str, ...]
    area: str
    url: str
    assured_on: date | None
    assured_by: str
    source: str
    source_date: str

    @property
    def phone_confirmed(self) -> bool:
        """Whether somebody of the network has confirmed the phone."""
        return bool(self.phone) and self.assured_on is not None

    @property
    def phone_text(self) -> str:
        """The phone as it is written in an answer: ``773-508-5300``, ``+502 7761-2179``; empty without a phone."""
        if us := _US_NUMBER.fullmatch(self.phone):
            return "-".join(us.groups())
        if other := _COUNTRY_CODES.fullmatch(self.phone):
            return "+{} {}-{}".format(*other.groups())
        return self.phone

    @property
    def address_text(self) -> str:
        """Street and town; empty where the street is not known."""
        return f"{self.address}, {self.city}" if self.address else ""

    @property
    def is_government(self) -> bool:
        """Whether it belongs to a government: some families must not be sent there unasked."""
        return self.kind in GOVERNMENT

    def can_be_reached(self, *, require_confirmed_phone: bool) -> bool:
        """Whether a family could get there: by a phone that may be given out, or by an address."""
        return bool(self.address) or (self.phone_confirmed if require_confirmed_phone else bool(self.phone))


def load_organizations(folder: Path) -> tuple[Organization, ...]:
    """Reads organizations.csv. Raises DirectoryFileError, which says which line to mend and how."""
    organizations: dict[str, Organization] = {}
    for row in read_sheet(folder / "organizations.csv", COLUMNS):
        organization = _organization(row)
        if organization.id in organizations:
            raise row.wrong(f"The id {organization.id!r} stands twice.", "Give every row an id of its own.")
        organizations[organization.id] = organization
    return tuple(organizations.values())


def _organization(row: Row) -> Organization:
    _check_route(row)
    _check_phone(row)
    return Organization(
        id=row.required("id"),
        name=row.required("org_name"),
        name_es=row["org_name_es"] or row["org_name"],
        kind=row.one_of("kind", KINDS),
        description=row.required("description"),
        services=row.several_of("service_terms", SERVICES),
        member=row.one_of("aa_member", ("yes", "likely", "unverified", "no", "network")),
        member_evidence=row.required("aa_evidence"),
        status=row.one_of("status", ("active", "inactive", "defunct", "temporarily closed")),
        route=row.one_of("route", ("yes", "no")) == "yes",
        route_reason=row["route_reason"],
        address=row["address"],
        city=row["city"],
        state=row["state"],
        country=row.one_of("country", tuple(COUNTRY_NAMES)),
        postal_code=row["postal_code"],
        latitude=row.number("lat", -90, 90),
        longitude=row.number("lon", -180, 180),
        phone=row["phone_e164"],
        phone_kind=row.one_of("phone_kind", ("", "voice", "sms", "whatsapp")),
        hours_es=row["hours_text_es"],
        hours_en=row["hours_text_en"],
        languages=tuple(filter(None, row["languages"].split(";"))),
        area=row.one_of("service_area", AREAS),
        url=row["url"],
        assured_on=row.day("assured_date"),
        assured_by=row["assured_by"],
        source=row.required("source_url"),
        source_date=row.required("source_date"),
    )


def _check_route(row: Row) -> None:
    """A row that families are sent to can be reached, helps with something and lies somewhere; another says why not."""
    if row["route"] != "yes":
        row.required("route_reason")
        return
    if not (row["phone_e164"] or row["address"]):
        raise row.wrong("It has neither a phone nor an address.", "Add one, or set route to no with the reason.")
    if not row["service_terms"]:
        raise row.wrong("No service is named.", "Name what the source shows, or set route to no with the reason.")
    if not (row["lat"] and row["lon"]) and row["service_area"] != "national":
        raise row.wrong("It has no point on the map.", "Fill in lat and lon, at least those of its town.")


def _check_phone(row: Row) -> None:
    """A phone is in E.164; confirmed means that a day and a person stand beside it."""
    status = row.one_of("phone_status", ("none", "unconfirmed", "confirmed"))
    if (status == "none") != (not row["phone_e164"]):
        raise row.wrong(f"phone_status is {status} beside the phone {row['phone_e164']!r}.", "Make the two agree.")
    if row["phone_e164"] and not _E164.fullmatch(row["phone_e164"]):
        raise row.wrong(f"The phone {row['phone_e164']!r} is not in E.164.", "Write it as +13125550123.")
    if (status == "confirmed") != bool(row["assured_date"] and row["assured_by"]):
        raise row.wrong(
            "A confirmed phone has a day and a person, another has neither.",
            "Fill in assured_date and assured_by after the call, or leave both empty and write unconfirmed.",
        )
