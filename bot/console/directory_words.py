"""What the directory's pages call things: fields, states, ways of asking, and why families do not get an entry."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, get_day_names

from bot.console.directory_hours import DAYS, HoursWrong
from bot.console.languages import LANGUAGES
from bot.console.words import page_language, phrase, words
from bot.directory.editing.held_back import Why
from bot.directory.editing.whole_number import WrongNumber
from bot.directory.formats.languages import NAMES
from bot.directory.place import COUNTRY_NAMES

_SPANISH_COUNTRIES = {"US": "Estados Unidos", "BZ": "Belice"}

STATE_WORDS = {
    "active": phrase("directory.state-active", "Active"),
    "held": phrase("directory.state-held", "Held back"),
    "paused": phrase("directory.state-paused", "Paused"),
    "closed": phrase("directory.state-closed", "Closed"),
    "none": phrase("directory.state-none", "No help known"),
}
HOW_WORDS = {
    "call": phrase("directory.how-call", "I called"),
    "web": phrase("directory.how-web", "I read it on their own page"),
    "visit": phrase("directory.how-visit", "I was there"),
}
HOW_SAID = {
    "call": phrase("directory.said-call", "by phone"),
    "web": phrase("directory.said-web", "on their page"),
    "visit": phrase("directory.said-visit", "there"),
    "member form": phrase("directory.said-form", "with a form"),
    "mail": phrase("directory.said-mail", "by mail"),
}
TYPE_WORDS = {
    "voice": phrase("directory.type-voice", "for calls"),
    "cell": phrase("directory.type-cell", "mobile"),
    "text": phrase("directory.type-text", "only texts"),
    "fax": phrase("directory.type-fax", "fax"),
    "textphone": phrase("directory.type-textphone", "textphone for deaf people"),
}
AREA_WORDS = {
    "local": phrase("directory.area-local", "people near"),
    "state": phrase("directory.area-state", "the whole state or department"),
    "national": phrase("directory.area-national", "the whole country"),
}
WHO_WORDS = {
    "women only": phrase("directory.who-women", "women only"),
    "men only": phrase("directory.who-men", "men only"),
    "new arrivals only": phrase("directory.who-new", "people who have just arrived"),
    "nationals only": phrase("directory.who-nationals", "nationals of its own country"),
}
WHY_WORDS = {
    Why.NO_HELP: phrase("directory.why-no-help", "no kind of help is chosen"),
    Why.PAUSED: phrase("directory.why-paused", "it is paused"),
    Why.CLOSED: phrase("directory.why-closed", "it is closed for good"),
    Why.NOT_ROUTED: phrase("directory.why-not-routed", "it is held back"),
    Why.SHUT_TODAY: phrase("directory.why-shut", "it is closed for some days"),
    Why.NEVER_CONFIRMED: phrase("directory.why-never", "nobody of us ever confirmed it"),
    Why.TOO_OLD: phrase("directory.why-old", "it was confirmed over a year ago"),
    Why.NO_WAY: phrase("directory.why-no-way", "it has neither a phone nor a street"),
    Why.NOWHERE: phrase("directory.why-nowhere", "we do not know its town"),
}
FIELD_WORDS = {
    "org_name": phrase("directory.field-name", "Name"),
    "org_name_es": phrase("directory.field-name-es", "Name in Spanish, if it has another"),
    "org_name_quc": phrase("directory.field-name-quc", "Name in K'iche', if it has one"),
    "service_name": phrase("directory.field-service", "Name of this service, if it has its own"),
    "url": phrase("directory.field-url", "Web page"),
    "email": phrase("directory.field-email", "E-mail of the office"),
    "service_terms": phrase("directory.field-terms", "Kinds of help"),
    "service_description": phrase("directory.field-text-en", "In English"),
    "service_description_es": phrase("directory.field-text-es", "In Spanish"),
    "service_description_quc": phrase("directory.field-text-quc", "In K'iche'"),
    "eligibility": phrase("directory.field-eligibility", "Who may go"),
    "minimum_age": phrase("directory.field-minimum", "From this age"),
    "maximum_age": phrase("directory.field-maximum", "Up to this age"),
    "exclusions": phrase("directory.field-exclusions", "Only for"),
    "cost": phrase("directory.field-cost", "Cost"),
    "documents": phrase("directory.field-documents", "Papers to bring"),
    "not_asked": phrase("directory.field-not-asked", "Papers that nobody asks for there"),
    "needs_appointment": phrase("directory.field-appointment", "Appointment needed"),
    "application_process": phrase("directory.field-process", "How one begins"),
    "hours": phrase("directory.field-hours", "Hours"),
    "hours_es": phrase("directory.field-hours-es", "Hours in words, in Spanish"),
    "hours_en": phrase("directory.field-hours-en", "Hours in words, in English"),
    "closed_from": phrase("directory.field-closed-from", "Closed from"),
    "closed_until": phrase("directory.field-closed-until", "Last day closed"),
    "closed_reason": phrase("directory.field-closed-why", "Why it is closed"),
    "address": phrase("directory.field-address", "Street and number"),
    "address_2": phrase("directory.field-address-2", "Floor, suite"),
    "city": phrase("directory.field-city", "Town"),
    "state": phrase("directory.field-state", "State or department"),
    "country": phrase("directory.field-country", "Country"),
    "postal_code": phrase("directory.field-zip", "ZIP or postal code"),
    "sensitive": phrase("directory.field-sensitive", "The street is told to nobody"),
    "service_area": phrase("directory.field-area", "For whom it works"),
    "transportation": phrase("directory.field-transport", "How to get there"),
    "languages": phrase("directory.field-languages", "Languages spoken there"),
    "interpreters": phrase("directory.field-interpreters", "Languages by interpreter"),
    "interpretation": phrase("directory.field-interpretation", "How one gets the interpreter"),
    "description": phrase("directory.field-description", "Notes for the team"),
    "source_url": phrase("directory.field-source", "Where we know it from"),
    "do_not_route": phrase("directory.field-held", "Why families are not sent there"),
    "contact": phrase("directory.field-contact", "Whom the team calls there"),
    "status": phrase("directory.field-status", "Status"),
    "assured_date": phrase("directory.field-assured", "Confirmed on"),
    "assured_by": phrase("directory.field-assured-by", "Confirmed by"),
    "kind": phrase("directory.field-kind", "What it is"),
    "aa_member": phrase("directory.field-member", "Member of the network"),
    "aa_evidence": phrase("directory.field-evidence", "How we know that"),
    "source_date": phrase("directory.field-source-date", "Date of the source"),
    "source_seen": phrase("directory.field-source-seen", "Somebody saw the source"),
    "service_name_es": phrase("directory.field-service-es", "Name of this service in Spanish"),
    "service_name_quc": phrase("directory.field-service-quc", "Name of this service in K'iche'"),
    "service_url": phrase("directory.field-service-url", "Web page of this service"),
    "service_email": phrase("directory.field-service-email", "E-mail of this service"),
    "location_name": phrase("directory.field-location", "Name of the building"),
    "accreditations": phrase("directory.field-accreditations", "Accreditations"),
    "alert": phrase("directory.field-alert", "News for a short time"),
    "lat": phrase("directory.field-point", "Point on the map"),
    "timezone": phrase("directory.field-zone", "Clocks"),
}
_PHONE_WORDS = {
    "": phrase("directory.field-phone", "Phone %(n)s"),
    "_ext": phrase("directory.field-phone-ext", "Phone %(n)s, extension"),
    "_type": phrase("directory.field-phone-type", "Phone %(n)s, what for"),
    "_whatsapp": phrase("directory.field-phone-whatsapp", "Phone %(n)s, WhatsApp"),
    "_note": phrase("directory.field-phone-note", "Phone %(n)s, label"),
    "_verified_on": phrase("directory.field-phone-on", "Phone %(n)s, confirmed on"),
    "_verified_by": phrase("directory.field-phone-by", "Phone %(n)s, confirmed by"),
    "_verified_how": phrase("directory.field-phone-how", "Phone %(n)s, how it was confirmed"),
    "_verified_source": phrase("directory.field-phone-source", "Phone %(n)s, seen at"),
}
HIDDEN = frozenset({"lon", "geo_precision", "code", "organization", "service", "location"})
"""Columns that tell nobody anything beside others."""


def field_words(name: str) -> str:
    """What a page calls a column."""
    if name in FIELD_WORDS:
        return words(FIELD_WORDS[name])
    for slot, number in (("phone2", 2), ("phone3", 3), ("phone", 1)):
        if name.startswith(slot) and name[len(slot) :] in _PHONE_WORDS:
            return words(_PHONE_WORDS[name[len(slot) :]], n=number)
    return name.replace("_", " ")


def countries() -> dict[str, str]:
    """Countries in the language of the page."""
    spanish = page_language() == "es"
    return {code: _SPANISH_COUNTRIES.get(code, name) if spanish else name for code, name in COUNTRY_NAMES.items()}


def day_words(day: date) -> str:
    """26 nov 2026."""
    return format_date(day, "d MMM y", locale=page_language())


def weekdays() -> dict[str, str]:
    """The days of the week by the names that the form gives them."""
    names = get_day_names("wide", locale=page_language())
    return {day: names[number] for number, day in enumerate(DAYS)}


def number_wrong(wrong: WrongNumber) -> str:
    """This phone has 9 digits; in Guatemala it is 8."""
    if not wrong.wanted:
        return words(
            "directory.number-unknown", "This is no phone number. Write it with its country, as +1 773 508 5300."
        )
    country = countries().get(wrong.country, wrong.country)
    return words(
        "directory.number-digits",
        "This phone has %(n)s digits; in %(country)s it is %(wanted)s.",
        n=wrong.digits,
        country=country,
        wanted=wrong.wanted,
    )


def hours_wrong(wrong: HoursWrong) -> str:
    """What is wrong with the hours of a day."""
    day = weekdays().get(wrong.day) or words("directory.holidays", "Public holidays")
    if wrong.half:
        return words("directory.hours-half", "%(day)s: write when it opens and when it closes.", day=day)
    if wrong.both:
        return words(
            "directory.hours-both", "%(day)s is ticked as closed and has times. Take one of the two away.", day=day
        )
    return words("directory.hours-wrong", "%(day)s: these times do not fit together.", day=day)


def ago_in_days(day: date | None, today: date) -> str:
    """How long ago something was confirmed."""
    if day is None:
        return words("directory.never", "never")
    days = (today - day).days
    if days <= 0:
        return words("directory.today", "today")
    return words("directory.yesterday", "yesterday") if days == 1 else words("directory.days", "%(n)s days ago", n=days)


def state_of(status: str, held: str, has_service: bool) -> str:
    """One of STATE_WORDS."""
    if not has_service:
        return "none"
    if status != "active":
        return "closed" if status == "defunct" else "paused"
    return "held" if held else "active"


def language_words(code: str) -> str:
    """A language by its own name, else by that in the language of the page."""
    if code in LANGUAGES:
        return LANGUAGES[code]
    named = Locale(page_language()).languages.get(code) or NAMES.get(code, code)
    return named[:1].upper() + named[1:]


def languages_of(*cells: str) -> dict[str, str]:
    """Codes of languages to choose from, with their names: those of the network first, and whatever the entry has."""
    first = ("es", "en", "quc", "mam", "kek", "cak", "kjb", "ixl", "cab", "ht", "pt", "fr")
    more = [code for cell in cells for code in cell.split(";") if code and code not in first]
    return {code: language_words(code) for code in (*first, *dict.fromkeys(more))}
