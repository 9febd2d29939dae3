"""The words of the pages: English stands where it is used, Spanish in locales/es/LC_MESSAGES/console.po under the same key."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bot.language import Language
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog

PAGE_LANGUAGES = (Language.ES, Language.EN)


CONSOLE_PO = REPOSITORY / "locales" / "es" / "LC_MESSAGES" / "console.po"


@functools.cache
def _spanish() -> Catalog:
    return Catalog.load(CONSOLE_PO, Language.ES)


def words_in(language: Language) -> Callable[[str, str], str]:
    """``words(key, english)`` for a page in this language; the English where nothing else is written."""

    def words(key: str, english: str) -> str:
        entry = _spanish().entry(key) if language is Language.ES else None
        return entry.text if entry and entry.text else english

    return words
