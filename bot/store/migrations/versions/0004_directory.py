"""The directory in the words of HSDS, its history, flags of families on its numbers, and counts of what was not found near."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables of the directory and of what is counted about it."""
    _organization()
    _service()
    _location()
    _address()
    _service_at_location()
    _phone()
    _schedule()
    _language()
    _service_area()
    _cost_option()
    _required_document()
    _taxonomy_term()
    _attribute()
    _exclusion()
    _closure()
    _history()
    _directory_flags()
    _gap_counts()


def _organization() -> None:
    op.create_table(
        "hsds_organization",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alternate_name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("parent_organization_id", sa.String(36), nullable=True),
        sa.Column("legal_status", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name_es", sa.Text(), nullable=True),
        sa.Column("name_quc", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("member_evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Text(), nullable=False),
        sa.Column("source_seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_organization"),
        sa.ForeignKeyConstraint(
            ["parent_organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_organization_parent_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "kind IN ('member', 'partner', 'government', 'consulate', 'directory', 'hotline', 'network')",
            name=op.f("ck_hsds_organization_kind"),
        ),
        sa.CheckConstraint(
            "member IN ('yes', 'likely', 'unverified', 'no', 'network')", name=op.f("ck_hsds_organization_member")
        ),
        sa.CheckConstraint("source_seen IN ('yes', 'repository', 'no')", name=op.f("ck_hsds_organization_source_seen")),
    )
    op.create_index("ix_hsds_organization_parent_organization_id", "hsds_organization", ["parent_organization_id"])


def _service() -> None:
    op.create_table(
        "hsds_service",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alternate_name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("interpretation_services", sa.Text(), nullable=True),
        sa.Column("application_process", sa.Text(), nullable=True),
        sa.Column("fees_description", sa.Text(), nullable=True),
        sa.Column("accreditations", sa.Text(), nullable=True),
        sa.Column("eligibility_description", sa.Text(), nullable=True),
        sa.Column("minimum_age", sa.Float(), nullable=True),
        sa.Column("maximum_age", sa.Float(), nullable=True),
        sa.Column("alert", sa.Text(), nullable=True),
        sa.Column("assured_date", sa.Date(), nullable=True),
        sa.Column("last_modified", sa.Date(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name_es", sa.Text(), nullable=True),
        sa.Column("name_quc", sa.Text(), nullable=True),
        sa.Column("assured_by", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("interpreters", sa.Text(), nullable=True),
        sa.Column("needs_appointment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_service"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_service_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "status IN ('active', 'inactive', 'defunct', 'temporarily closed')", name=op.f("ck_hsds_service_status")
        ),
        sa.CheckConstraint("needs_appointment IN ('yes', 'no')", name=op.f("ck_hsds_service_needs_appointment")),
    )
    op.create_index("ix_hsds_service_organization_id", "hsds_service", ["organization_id"])


def _location() -> None:
    op.create_table(
        "hsds_location",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("location_type", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("transportation", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("geo_precision", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_location"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_location_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "location_type IN ('physical', 'postal', 'virtual')", name=op.f("ck_hsds_location_location_type")
        ),
        sa.CheckConstraint("geo_precision IN ('street', 'zip', 'city')", name=op.f("ck_hsds_location_geo_precision")),
    )
    op.create_index("ix_hsds_location_organization_id", "hsds_location", ["organization_id"])


def _address() -> None:
    op.create_table(
        "hsds_address",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("location_id", sa.String(36), nullable=False),
        sa.Column("address_1", sa.Text(), nullable=True),
        sa.Column("address_2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state_province", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("address_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_address"),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_address_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "address_type IN ('physical', 'postal', 'virtual')", name=op.f("ck_hsds_address_address_type")
        ),
    )
    op.create_index("ix_hsds_address_location_id", "hsds_address", ["location_id"])


def _service_at_location() -> None:
    op.create_table(
        "hsds_service_at_location",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("location_id", sa.String(36), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_service_at_location"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_service_at_location_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_service_at_location_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_hsds_service_at_location_location_id", "hsds_service_at_location", ["location_id"])
    op.create_index("ix_hsds_service_at_location_service_id", "hsds_service_at_location", ["service_id"])


def _phone() -> None:
    op.create_table(
        "hsds_phone",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("organization_id", sa.String(36), nullable=True),
        sa.Column("service_at_location_id", sa.String(36), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("whatsapp", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("verified_how", sa.Text(), nullable=True),
        sa.Column("verified_source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_phone"),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_phone_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["hsds_service.id"], name="fk_hsds_phone_service_id", deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_phone_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["hsds_service_at_location.id"],
            name="fk_hsds_phone_service_at_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("type IN ('voice', 'text', 'cell', 'fax', 'textphone')", name=op.f("ck_hsds_phone_type")),
        sa.CheckConstraint("whatsapp IN ('yes', 'no')", name=op.f("ck_hsds_phone_whatsapp")),
        sa.CheckConstraint(
            "verified_how IN ('call', 'visit', 'web', 'member form', 'mail')", name=op.f("ck_hsds_phone_verified_how")
        ),
    )
    op.create_index("ix_hsds_phone_location_id", "hsds_phone", ["location_id"])
    op.create_index("ix_hsds_phone_organization_id", "hsds_phone", ["organization_id"])
    op.create_index("ix_hsds_phone_service_at_location_id", "hsds_phone", ["service_at_location_id"])
    op.create_index("ix_hsds_phone_service_id", "hsds_phone", ["service_id"])


def _schedule() -> None:
    op.create_table(
        "hsds_schedule",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("service_at_location_id", sa.String(36), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("freq", sa.Text(), nullable=True),
        sa.Column("byday", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("opens_at", sa.Text(), nullable=True),
        sa.Column("closes_at", sa.Text(), nullable=True),
        sa.Column("attending_type", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("public_holidays", sa.Text(), nullable=True),
        sa.Column("description_es", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_schedule"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_schedule_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_schedule_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["hsds_service_at_location.id"],
            name="fk_hsds_schedule_service_at_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("freq IN ('WEEKLY')", name=op.f("ck_hsds_schedule_freq")),
        sa.CheckConstraint("public_holidays IN ('yes', 'closed')", name=op.f("ck_hsds_schedule_public_holidays")),
    )
    op.create_index("ix_hsds_schedule_location_id", "hsds_schedule", ["location_id"])
    op.create_index("ix_hsds_schedule_service_at_location_id", "hsds_schedule", ["service_at_location_id"])
    op.create_index("ix_hsds_schedule_service_id", "hsds_schedule", ["service_id"])


def _language() -> None:
    op.create_table(
        "hsds_language",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("phone_id", sa.String(36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_language"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_language_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_language_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["hsds_phone.id"], name="fk_hsds_language_phone_id", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_hsds_language_location_id", "hsds_language", ["location_id"])
    op.create_index("ix_hsds_language_phone_id", "hsds_language", ["phone_id"])
    op.create_index("ix_hsds_language_service_id", "hsds_language", ["service_id"])


def _service_area() -> None:
    op.create_table(
        "hsds_service_area",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("service_at_location_id", sa.String(36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("state_province", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_service_area"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_service_area_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["hsds_service_at_location.id"],
            name="fk_hsds_service_area_service_at_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("area IN ('local', 'state', 'national')", name=op.f("ck_hsds_service_area_area")),
    )
    op.create_index("ix_hsds_service_area_service_at_location_id", "hsds_service_area", ["service_at_location_id"])
    op.create_index("ix_hsds_service_area_service_id", "hsds_service_area", ["service_id"])


def _cost_option() -> None:
    op.create_table(
        "hsds_cost_option",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("amount_description", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_cost_option"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_cost_option_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "currency IN ('USD', 'MXN', 'GTQ', 'HNL', 'NIO', 'BZD', 'CRC')", name=op.f("ck_hsds_cost_option_currency")
        ),
    )
    op.create_index("ix_hsds_cost_option_service_id", "hsds_cost_option", ["service_id"])


def _required_document() -> None:
    op.create_table(
        "hsds_required_document",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_required_document"),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_required_document_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_hsds_required_document_service_id", "hsds_required_document", ["service_id"])


def _taxonomy_term() -> None:
    op.create_table(
        "hsds_taxonomy_term",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_taxonomy_term"),
    )


def _attribute() -> None:
    op.create_table(
        "hsds_attribute",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("link_id", sa.String(36), nullable=False),
        sa.Column("taxonomy_term_id", sa.String(36), nullable=False),
        sa.Column("link_type", sa.Text(), nullable=True),
        sa.Column("link_entity", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_attribute"),
        sa.ForeignKeyConstraint(
            ["taxonomy_term_id"],
            ["hsds_taxonomy_term.id"],
            name="fk_hsds_attribute_taxonomy_term_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "link_entity IN ('organization', 'service', 'location', 'service_at_location', 'phone', "
            "'schedule', 'language', 'service_area')",
            name=op.f("ck_hsds_attribute_link_entity"),
        ),
    )
    op.create_index("ix_hsds_attribute_taxonomy_term_id", "hsds_attribute", ["taxonomy_term_id"])


def _exclusion() -> None:
    op.create_table(
        "hsds_exclusion",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=True),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_exclusion"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_exclusion_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_exclusion_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "kind IN ('do not route', 'new arrivals only', 'government', 'consulate', 'nationals only', 'women only', 'men only')",
            name=op.f("ck_hsds_exclusion_kind"),
        ),
    )
    op.create_index("ix_hsds_exclusion_organization_id", "hsds_exclusion", ["organization_id"])
    op.create_index("ix_hsds_exclusion_service_id", "hsds_exclusion", ["service_id"])


def _closure() -> None:
    op.create_table(
        "hsds_closure",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=True),
        sa.Column("service_id", sa.String(36), nullable=True),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hsds_closure"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["hsds_organization.id"],
            name="fk_hsds_closure_organization_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["hsds_service.id"],
            name="fk_hsds_closure_service_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["hsds_location.id"],
            name="fk_hsds_closure_location_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_hsds_closure_location_id", "hsds_closure", ["location_id"])
    op.create_index("ix_hsds_closure_organization_id", "hsds_closure", ["organization_id"])
    op.create_index("ix_hsds_closure_service_id", "hsds_closure", ["service_id"])


def _history() -> None:
    op.create_table(
        "hsds_history",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("resource_type", sa.String(32), nullable=False),
        sa.Column("resource_id", sa.String(36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_hsds_history"),
    )
    op.create_index("ix_hsds_history_resource", "hsds_history", ["resource_type", "resource_id"])


def _directory_flags() -> None:
    op.create_table(
        "directory_flags",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", "what", "week", name="pk_directory_flags"),
    )


def _gap_counts() -> None:
    op.create_table(
        "gap_counts",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("help", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "state", "help", name="pk_gap_counts"),
    )
