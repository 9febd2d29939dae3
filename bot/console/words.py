"""The words of the pages: English stands in the template, Spanish in console.po under the same key."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bot.language import Language
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog

PAGE_LANGUAGES = (Language.ES, Language.EN)


@functools.cache
def _catalog(language: Language) -> Catalog:
    return Catalog.load(REPOSITORY / "locales" / language.value / "LC_MESSAGES" / "console.po", language)


def words_in(language: Language) -> Callable[[str, str], str]:
    """``words(key, english)`` for a page in this language; the English where nothing else is written."""

    def words(key: str, english: str) -> str:
        entry = _catalog(language).entry(key)
        return entry.text if entry and entry.text else english

    return words
