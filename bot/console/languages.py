"""Languages by their own names. Never flags: a language is no country."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {
    "es": "Español",
    "en": "English",
    "quc": "K'iche'",
    "mam": "Mam",
    "kek": "Q'eqchi'",
    "cak": "Kaqchikel",
    "kjb": "Q'anjob'al",
    "poh": "Poqomchi'",
    "ixl": "Ixil",
}
"""ISO 639 codes of languages that people at a desk speak, or for which an interpreter is called."""
