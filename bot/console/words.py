"""The words of the pages: English stands where it is used, Spanish in locales/es/LC_MESSAGES/console.po under the same key.

``words(key, english, **values)`` in every template and in Python. Flask-Babel serves them (its pgettext, the key is the
msgctxt); the PO itself is read when the first page is asked for, so there is no MO that could be older than it.
A sentence that stands in a table of the code is a ``phrase(key, english)``, said later with ``words(that_phrase)``.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale
from msgspec import Struct

from bot.language import Language
from bot.settings import REPOSITORY

PAGE_LANGUAGES = (Language.ES, Language.EN)

CONSOLE_PO = REPOSITORY / "locales" / "es" / "LC_MESSAGES" / "console.po"


class Phrase(Struct, frozen=True):
    """Words that are said later, in the language of whoever reads then."""

    key: str
    english: str


def phrase(key: str, english: str) -> Phrase:
    """A ``Phrase``. A function, so that the test of the catalog finds it."""
    return Phrase(key, english)


@functools.cache
def _translations(language: str) -> NullTranslations:
    if language != Language.ES:
        return NullTranslations()
    with open(CONSOLE_PO, "rb") as file:
        catalog = read_po(file, locale="es")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(fp=compiled)


class Words(Domain):  # type: ignore[misc]
    """The words of the pages for Flask-Babel."""

    def get_translations(self) -> NullTranslations:
        return _translations(page_language())

    def get_translations_cache(self) -> dict[str, Any]:
        return {}


DOMAIN = Words()


def page_language() -> str:
    """``es`` or ``en``: in which language the page of this request is."""
    locale = get_locale()
    return locale.language if locale is not None else Language.ES.value


def words(key: str | Phrase, english: str = "", **values: object) -> str:
    """A sentence of the pages in the reader's language; the English where nobody has written the Spanish. ``%(name)s`` are values."""
    if isinstance(key, Phrase):
        return words(key.key, key.english, **values)
    said = str(DOMAIN.get_translations().pgettext(key, english))
    return said % values if values else said


def words_in(language: Language) -> Callable[[str, str], str]:
    """``words`` for a page that chooses its language by itself (/try)."""

    def in_that(key: str, english: str) -> str:
        return str(_translations(language.value).pgettext(key, english))

    return in_that
