"""What the directory holds: tables and columns of the Human Services Data Specification 3.x, and those that we added. Pure.

Source of names and meanings: Open Referral HSDS 3.2, https://docs.openreferral.org (schema/*.json of its repository). A column
with ``ours`` is not in HSDS: the specification lets a profile add such. What HSDS has and we do not keep (contacts, funding,
programs, units, capacities) is told to whoever imports it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.directory.hsds import values
from bot.directory.hsds.values import LONGEST_NAME, Value, text

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
"""The kinds of help: codes of the taxonomy ``puente``."""
TAXONOMY = "puente"

KINDS = ("member", "partner", "government", "consulate", "directory", "hotline", "network")
MEMBERSHIP = ("yes", "likely", "unverified", "no", "network")
SEEN = ("yes", "repository", "no")
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
AREAS = ("local", "state", "national")
PRECISIONS = ("street", "zip", "city")
PHONE_TYPES = ("voice", "text", "cell", "fax", "textphone")
HOW_VERIFIED = ("call", "visit", "web", "member form", "mail")
EXCLUSIONS = (
    "do not route",
    "new arrivals only",
    "government",
    "consulate",
    "nationals only",
    "women only",
    "men only",
)
LINKED = ("organization", "service", "location", "service_at_location", "phone", "schedule", "language", "service_area")


class Column(Struct, frozen=True):
    """One column. ``refers``: the table whose id it holds. ``ours``: an extension of the profile."""

    name: str
    value: Value
    required: bool = False
    refers: str = ""
    ours: bool = False


class Table(Struct, frozen=True):
    """One table; ``file`` is its name in a tabular package. ``belongs_to``: columns of which at least one is filled."""

    name: str
    file: str
    columns: tuple[Column, ...]
    belongs_to: tuple[str, ...] = ()
    ours: bool = False

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


def _id() -> Column:
    return Column("id", values.identifier, required=True)


def _ref(name: str, table: str, *, required: bool = False) -> Column:
    return Column(name, values.identifier, required, table)


def _name(name: str, *, required: bool = False, ours: bool = False) -> Column:
    return Column(name, text(LONGEST_NAME), required, ours=ours)


def _text(name: str, *, required: bool = False, ours: bool = False) -> Column:
    return Column(name, text(), required, ours=ours)


def _col(name: str, value: Value, *, required: bool = False, ours: bool = False) -> Column:
    return Column(name, value, required, ours=ours)


_YES_NO = values.one_of("yes", "no")

TABLES: tuple[Table, ...] = (
    Table(
        "organization",
        "organizations.csv",
        (
            _id(),
            _name("name", required=True),
            _name("alternate_name"),
            _text("description", required=True),
            _col("email", values.email),
            _col("website", values.url),
            _ref("parent_organization_id", "organization"),
            _name("legal_status"),
            _col("code", values.code, ours=True),
            _name("name_es", ours=True),
            _name("name_quc", ours=True),
            _col("kind", values.one_of(*KINDS), required=True, ours=True),
            _col("member", values.one_of(*MEMBERSHIP), required=True, ours=True),
            _text("member_evidence", required=True, ours=True),
            _col("source", values.sources, required=True, ours=True),
            _name("source_date", required=True, ours=True),
            _col("source_seen", values.one_of(*SEEN), required=True, ours=True),
        ),
    ),
    Table(
        "service",
        "services.csv",
        (
            _id(),
            _ref("organization_id", "organization", required=True),
            _name("name", required=True),
            _name("alternate_name"),
            _text("description"),
            _col("url", values.url),
            _col("email", values.email),
            _col("status", values.one_of(*STATUSES), required=True),
            _text("interpretation_services"),
            _text("application_process"),
            _text("fees_description"),
            _text("accreditations"),
            _text("eligibility_description"),
            _col("minimum_age", values.number(0, 120)),
            _col("maximum_age", values.number(0, 120)),
            _text("alert"),
            _col("assured_date", values.day),
            _col("last_modified", values.day),
            _col("code", values.code, ours=True),
            _name("name_es", ours=True),
            _name("name_quc", ours=True),
            _name("assured_by", ours=True),
            # By whose clocks its hours are told where it has no location.
            _col("timezone", values.zone, ours=True),
            _col("interpreters", values.languages, ours=True),
            _col("needs_appointment", _YES_NO, ours=True),
            # What HSDS has no word for: papers that nobody asks for there, which keeps many families away.
            _text("not_asked", ours=True),
            _text("description_es", ours=True),
            _text("description_quc", ours=True),
        ),
    ),
    Table(
        "location",
        "locations.csv",
        (
            _id(),
            _col("location_type", values.one_of("physical", "postal", "virtual"), required=True),
            _ref("organization_id", "organization"),
            _name("name"),
            _text("description"),
            _text("transportation"),
            _col("latitude", values.number(-90, 90)),
            _col("longitude", values.number(-180, 180)),
            _col("geo_precision", values.one_of(*PRECISIONS), ours=True),
            _col("timezone", values.zone, ours=True),
            _col("code", values.code, ours=True),
            # A shelter, say: its door is told to nobody (assemble.py), only its town.
            _col("sensitive", values.yes_or_no, ours=True),
        ),
    ),
    Table(
        "address",
        "addresses.csv",
        (
            _id(),
            _ref("location_id", "location", required=True),
            _name("address_1"),
            _name("address_2"),
            _name("city"),
            _name("state_province"),
            _name("postal_code"),
            _col("country", values.country, required=True),
            _col("address_type", values.one_of("physical", "postal", "virtual"), required=True),
        ),
    ),
    Table(
        "service_at_location",
        "services_at_location.csv",
        (
            _id(),
            _ref("service_id", "service", required=True),
            _ref("location_id", "location", required=True),
            _text("description"),
            _col("code", values.code, ours=True),
        ),
    ),
    Table(
        "phone",
        "phones.csv",
        (
            _id(),
            _ref("location_id", "location"),
            _ref("service_id", "service"),
            _ref("organization_id", "organization"),
            _ref("service_at_location_id", "service_at_location"),
            _col("number", values.e164, required=True),
            _col("extension", values.digits),
            _col("type", values.one_of(*PHONE_TYPES)),
            _text("description"),
            _col("whatsapp", _YES_NO, ours=True),
            _col("verified_on", values.day, ours=True),
            _name("verified_by", ours=True),
            _col("verified_how", values.one_of(*HOW_VERIFIED), ours=True),
            _col("verified_source", values.sources, ours=True),
        ),
        belongs_to=("location_id", "service_id", "organization_id", "service_at_location_id"),
    ),
    Table(
        "schedule",
        "schedules.csv",
        (
            _id(),
            _ref("service_id", "service"),
            _ref("location_id", "location"),
            _ref("service_at_location_id", "service_at_location"),
            _col("valid_from", values.day),
            _col("valid_to", values.day),
            _col("freq", values.one_of("WEEKLY")),
            _col("byday", values.days_of_week),
            _text("description"),
            _col("opens_at", values.time_of_day),
            _col("closes_at", values.time_of_day),
            _text("attending_type"),
            _text("notes"),
            _col("public_holidays", values.one_of("yes", "closed"), ours=True),
            _text("description_es", ours=True),
        ),
        belongs_to=("service_id", "location_id", "service_at_location_id"),
    ),
    Table(
        "language",
        "languages.csv",
        (
            _id(),
            _ref("service_id", "service"),
            _ref("location_id", "location"),
            _ref("phone_id", "phone"),
            _name("name"),
            _col("code", values.language, required=True),
            _text("note"),
        ),
        belongs_to=("service_id", "location_id", "phone_id"),
    ),
    Table(
        "service_area",
        "service_areas.csv",
        (
            _id(),
            _ref("service_id", "service"),
            _ref("service_at_location_id", "service_at_location"),
            _name("name"),
            _text("description"),
            _col("area", values.one_of(*AREAS), required=True, ours=True),
            _col("country", values.country, required=True, ours=True),
            _name("state_province", ours=True),
        ),
        belongs_to=("service_id", "service_at_location_id"),
    ),
    Table(
        "cost_option",
        "cost_options.csv",
        (
            _id(),
            _ref("service_id", "service", required=True),
            _col("valid_from", values.day),
            _col("valid_to", values.day),
            _name("option"),
            _col("currency", values.one_of("USD", "MXN", "GTQ", "HNL", "NIO", "BZD", "CRC")),
            _col("amount", values.number(0, 1_000_000)),
            _text("amount_description"),
        ),
    ),
    Table(
        "required_document",
        "required_documents.csv",
        (
            _id(),
            _ref("service_id", "service", required=True),
            _name("document", required=True),
            _col("uri", values.url),
        ),
    ),
    Table(
        "taxonomy_term",
        "taxonomy_terms.csv",
        (
            _id(),
            _name("code"),
            _name("name", required=True),
            _text("description", required=True),
            _name("taxonomy"),
        ),
    ),
    Table(
        "attribute",
        "attributes.csv",
        (
            _id(),
            # link_entity says to which table it refers; bot/directory/hsds/check.py looks it up there.
            _col("link_id", values.identifier, required=True),
            _ref("taxonomy_term_id", "taxonomy_term", required=True),
            _name("link_type"),
            _col("link_entity", values.one_of(*LINKED), required=True),
            _name("value"),
        ),
    ),
    Table(
        "exclusion",
        "exclusions.csv",
        (
            _id(),
            _ref("organization_id", "organization"),
            _ref("service_id", "service"),
            _col("kind", values.one_of(*EXCLUSIONS), required=True),
            _text("reason", required=True),
        ),
        belongs_to=("organization_id", "service_id"),
        ours=True,
    ),
    Table(
        "closure",
        "closures.csv",
        (
            _id(),
            _ref("organization_id", "organization"),
            _ref("service_id", "service"),
            _ref("location_id", "location"),
            _col("starts", values.day, required=True),
            _col("ends", values.day),
            _text("reason"),
        ),
        belongs_to=("organization_id", "service_id", "location_id"),
        ours=True,
    ),
)
BY_NAME = {table.name: table for table in TABLES}
_NOT_KEPT = (
    "accessibility contact cost_option funding meta_table_description metadata organization_identifier program service_capacity"
    " taxonomy unit url"
)
NOT_KEPT = frozenset(_NOT_KEPT.split()) - set(BY_NAME)
"""Tables of HSDS that an import leaves out: nothing that the bot says comes from them, and contacts are people's names."""


def names(columns: Iterable[Column]) -> tuple[str, ...]:
    """The names of some columns."""
    return tuple(column.name for column in columns)
