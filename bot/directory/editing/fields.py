"""Which columns of the flat sheet a page may change, and what they are of. Pure."""

from __future__ import annotations

from bot.directory.formats.columns import CLOSURE, HOURS, SLOTS

_OF_A_PHONE = ("", "_ext", "_type", "_whatsapp", "_note")
"""The rest of a phone, its confirmation, nobody writes into a form."""
PHONE_FIELDS = tuple(f"{slot}{part}" for slot in SLOTS for part in _OF_A_PHONE)
PLACE_FIELDS = ("address", "address_2", "city", "state", "country", "postal_code")
FIELDS: tuple[str, ...] = (
    *("org_name", "org_name_es", "org_name_quc", "url", "email"),
    *("service_name", "service_terms", "service_description", "service_description_es", "service_description_quc"),
    *("eligibility", "minimum_age", "maximum_age", "exclusions", "cost", "documents", "not_asked"),
    *("needs_appointment", "application_process"),
    *PHONE_FIELDS,
    *("hours", *HOURS, *CLOSURE),
    *PLACE_FIELDS,
    *("sensitive", "service_area", "transportation"),
    *("languages", "interpreters", "interpretation"),
    *("description", "source_url"),
)
"""Everything that a form has."""
FOR_PUBLISHERS = ("do_not_route",)
"""Why families are not sent there: to consulates, lists and offices. Who opens that has to answer for it."""
