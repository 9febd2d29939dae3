"""Languages that a speaker may be wanted for: those that we write and those of the families' regions, each by its own name."""

from __future__ import annotations

from bot.console.inbox_view import LANGUAGES

SPEAKABLE = {
    "quc": LANGUAGES["quc"],
    "acr": "Achi",
    "agu": "Awakateko",
    "cac": "Chuj",
    "cab": "Garífuna",
    "ixl": "Ixil",
    "cak": "Kaqchikel",
    "ht": "Kreyòl ayisyen",
    "mam": "Mam",
    "myn": "Maya",
    "jac": "Popti'",
    "poh": "Poqomchi'",
    "pt": "Português",
    "kjb": "Q'anjob'al",
    "kek": "Q'eqchi'",
    "tzj": "Tz'utujil",
    "es": LANGUAGES["es"],
    "en": LANGUAGES["en"],
}
"""By code (ISO 639); K'iche', which most ask for, first."""
