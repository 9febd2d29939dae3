"""The columns of the flat sheet: one row is one service at one place, or by phone alone. Pure.

Which cell of which table each one is. bot/directory/formats/explained.py says in words what belongs there.
"""

from __future__ import annotations

from collections.abc import Mapping

ORGANIZATION = {
    "org_name": "name",
    "org_name_es": "name_es",
    "org_name_quc": "name_quc",
    "kind": "kind",
    "description": "description",
    "aa_member": "member",
    "aa_evidence": "member_evidence",
    "source_url": "source",
    "source_date": "source_date",
    "source_seen": "source_seen",
    "url": "website",
    "email": "email",
}
SERVICE = {
    "service_name": "name",
    "service_name_es": "name_es",
    "service_name_quc": "name_quc",
    "service_description": "description",
    "service_description_es": "description_es",
    "service_description_quc": "description_quc",
    "status": "status",
    "interpreters": "interpreters",
    "interpretation": "interpretation_services",
    "eligibility": "eligibility_description",
    "minimum_age": "minimum_age",
    "maximum_age": "maximum_age",
    "cost": "fees_description",
    "not_asked": "not_asked",
    "needs_appointment": "needs_appointment",
    "application_process": "application_process",
    "accreditations": "accreditations",
    "alert": "alert",
    "assured_date": "assured_date",
    "assured_by": "assured_by",
    "service_url": "url",
    "service_email": "email",
}
LOCATION = {
    "location_name": "name",
    "transportation": "transportation",
    "lat": "latitude",
    "lon": "longitude",
    "geo_precision": "geo_precision",
    "timezone": "timezone",
    "sensitive": "sensitive",
}
ADDRESS = {
    "address": "address_1",
    "address_2": "address_2",
    "city": "city",
    "state": "state_province",
    "country": "country",
    "postal_code": "postal_code",
}
SLOTS = ("phone", "phone2", "phone3")
PHONE = {
    "": "number",
    "_ext": "extension",
    "_type": "type",
    "_whatsapp": "whatsapp",
    "_note": "description",
    "_verified_on": "verified_on",
    "_verified_by": "verified_by",
    "_verified_how": "verified_how",
    "_verified_source": "verified_source",
}
PHONES = tuple(f"{slot}{part}" for slot in SLOTS for part in PHONE)
HOURS = {"hours_es": "description_es", "hours_en": "description"}
CLOSURE = {"closed_from": "starts", "closed_until": "ends", "closed_reason": "reason"}

COLUMNS: tuple[str, ...] = tuple(
    """code organization service location
    org_name org_name_es org_name_quc kind description aa_member aa_evidence source_url source_date source_seen
    service_name service_name_es service_name_quc service_terms service_description service_description_es
    service_description_quc
    status do_not_route exclusions
    location_name address address_2 city state country postal_code lat lon geo_precision timezone sensitive transportation""".split()
    + list(PHONES)
    + """hours hours_es hours_en languages interpreters interpretation
    service_area eligibility minimum_age maximum_age documents not_asked cost needs_appointment application_process accreditations
    alert closed_from closed_until closed_reason assured_date assured_by url email service_url service_email""".split()
)
REQUIRED = (
    "code org_name kind description aa_member aa_evidence source_url source_date source_seen status country".split()
)

CODES = ("organization", "service", "location")
OF_ORGANIZATION = tuple(ORGANIZATION)
OF_SERVICE = (*SERVICE, "service_terms", "languages", "service_area", "documents", "do_not_route", "exclusions")
OF_PLACE = (*LOCATION, *ADDRESS, *CLOSURE)
OF_ROW = (*PHONES, "hours", *HOURS)
SHARED: Mapping[str, tuple[str, ...]] = {
    "organization": OF_ORGANIZATION,
    "service": OF_SERVICE,
    "location": OF_PLACE,
}
"""Columns that say the same in every row of one organization, service or location."""
MAKE_A_SERVICE = ("service_terms", "service_name")
MAKE_A_PLACE = ("address", "address_2", "city", "postal_code", "lat", "lon", "location_name", "transportation")

OLD_NAMES = {
    "id": "code",
    "phone_e164": "phone",
    "phone_kind": "phone_type",
    "route": "do_not_route",
    "route_reason": "do_not_route",
    "phone_status": "phone_verified_on",
    "hours_text_es": "hours_es",
    "hours_text_en": "hours_en",
}


def phone_columns(slot: str) -> dict[str, str]:
    """Column of the sheet and column of the table for one of the phones."""
    return {f"{slot}{part}": column for part, column in PHONE.items()}
