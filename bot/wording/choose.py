"""Which sentence goes out in which language. Never another language's sentence without saying so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeGuard

from msgspec import Struct

from bot.language import Language
from bot.wording.catalog import Catalog, Entry
from bot.wording.state import State, state_of


class Chosen(Struct, frozen=True):
    """The words to send, and in which language they really are.

    ``language`` differs from the one asked for where there was nothing to send in that one: the caller then
    says so. ``draft``: no speaker has approved the text as it stands. A K'iche' draft never goes alone.
    """

    text: str
    language: Language
    draft: bool


MOST_CHOSEN = 16_384
"""Some three times the sentences of a release (1,835) in its three languages."""


class Texts:
    """The texts of one release's catalogs, each chosen once.

    The release owns it (bot/scripts/release.py), and it goes with it; it holds MOST_CHOSEN sentences of ours and nothing that
    anybody wrote.
    """

    def __init__(self, catalogs: Mapping[Language, Catalog]) -> None:
        self.catalogs = catalogs
        self.chosen = lru_cache(MOST_CHOSEN)(self._chosen)
        """``text_for`` of a key, a language and a sentence in English; the words that stay true stand under ``flow.step.durable``."""

    def _chosen(self, key: str, language: Language, english: str) -> Chosen:
        # K'iche' has no durable words of its own: where its meaning has changed, Spanish stands in.
        durable = None if language is Language.QUC else f"{key.rpartition('.')[0] or key}.durable"
        return text_for(key, language, english, self.catalogs, durable)


def text_for(
    key: str,
    language: Language,
    english: str,
    catalogs: Mapping[Language, Catalog],
    durable_key: str | None = None,
) -> Chosen:
    """The text of a key for a person who reads ``language``.

    ``english``: the sentence in the flow. ``durable_key``: where a text that stays true may be;
    it stands in for one whose meaning changed. K'iche' falls back to Spanish, Spanish to English.
    """
    source = _english_for(key, english, catalogs)
    if language is Language.EN:
        return _durable_english(key, durable_key, catalogs) or source
    entry = _entry(key, language, catalogs)
    if _is_written(entry) and entry.meaning_changed:
        durable = _entry(durable_key, language, catalogs) if durable_key is not None else None
        if durable is None and language is Language.ES:
            # Greetings and menus have no durable text; an older label still leads where it led.
            return Chosen(entry.text, language, draft=True)
        entry = durable
    if _is_written(entry) and not entry.meaning_changed:
        beside = source if entry.key == key else _english_for(entry.key, entry.english, catalogs)
        return _chosen(entry, language, beside.text, catalogs)
    return source if language is Language.ES else text_for(key, Language.ES, english, catalogs, durable_key)


def _english_for(key: str, english: str, catalogs: Mapping[Language, Catalog]) -> Chosen:
    override = _entry(key, Language.EN, catalogs)
    # An override of a sentence that has since changed its meaning would bring the old meaning back.
    if not _is_written(override) or override.meaning_changed:
        return Chosen(english, Language.EN, draft=False)
    return _chosen(override, Language.EN, override.text, catalogs)


def _durable_english(key: str, durable_key: str | None, catalogs: Mapping[Language, Catalog]) -> Chosen | None:
    """What stays true in English, where the sentence of the flow itself no longer says what the others say.

    The English catalog then repeats it, marked as overtaken: somebody changed the meaning in another language.
    """
    entry = _entry(key, Language.EN, catalogs)
    durable = _entry(durable_key, Language.EN, catalogs) if durable_key is not None else None
    if not _is_written(entry) or not entry.meaning_changed or entry.text != entry.english or durable is None:
        return None
    return _english_for(durable.key, durable.english, catalogs)


def _chosen(entry: Entry, language: Language, english: str, catalogs: Mapping[Language, Catalog]) -> Chosen:
    spanish = _entry(entry.key, Language.ES, catalogs)
    state = state_of(entry, english, spanish.text if spanish is not None else "")
    return Chosen(entry.text, language, draft=state is not State.REVIEWED)


def _is_written(entry: Entry | None) -> TypeGuard[Entry]:
    return entry is not None and bool(entry.text.strip())


def _entry(key: str, language: Language, catalogs: Mapping[Language, Catalog]) -> Entry | None:
    catalog = catalogs.get(language)
    return catalog.entry(key) if catalog is not None else None
