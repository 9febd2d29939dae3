"""The words of the pages: each has its Spanish, none is unused, and the same key never stands beside two sentences."""

from __future__ import annotations

import re

import pytest

from bot.console.words import CONSOLE_PO, words_in
from bot.language import Language
from bot.wording.po import Message, read_messages, write_messages
from tests.console.used_words import used

PINS = {f"try.{pin}": None for pin in ("pin-us", "pin-mx", "pin-gt")}
USED = used()
WRITTEN: dict[str, Message] = {each.key: each for each in read_messages(CONSOLE_PO.read_bytes(), "console.po")}
_VALUE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("key", sorted(USED))
def test_every_word_has_its_spanish(key: str) -> None:
    assert len(USED[key]) == 1, f"two English sentences for {key}: {USED[key]}"
    (english,) = USED[key]
    assert key in WRITTEN and WRITTEN[key].text, f"{key} has no Spanish in locales/es/LC_MESSAGES/console.po"
    assert WRITTEN[key].english == english, "the Spanish was written for another English sentence"
    assert set(_VALUE.findall(english)) == set(_VALUE.findall(WRITTEN[key].text)), "other values stand in the Spanish"


def test_no_word_is_unused() -> None:
    assert set(WRITTEN) - set(USED) - set(PINS) == set()


def test_the_catalog_is_as_our_writer_writes_it() -> None:
    """So that a change of one sentence is a change of its lines alone."""
    kept = [Message(each.key, each.english, each.text, each.comments) for each in WRITTEN.values()]
    assert [each.key for each in kept] == sorted(WRITTEN)
    assert write_messages(kept, Language.ES) == CONSOLE_PO.read_bytes()


FORBIDDEN = re.compile(r"\b(ilegal|illegal|alien|ticket|segment|intent|usuari[oa]s?|users?|leads?)\b", re.IGNORECASE)


@pytest.mark.parametrize("key", sorted(WRITTEN))
def test_nobody_is_called_what_they_are_not(key: str) -> None:
    assert not FORBIDDEN.search(WRITTEN[key].text) and not FORBIDDEN.search(WRITTEN[key].english)


def test_a_page_that_chooses_its_language_gets_it() -> None:
    assert words_in(Language.ES)("try.send", "Send") == "Enviar"
    assert words_in(Language.EN)("try.send", "Send") == "Send"
    assert words_in(Language.ES)("try.nowhere", "Only English") == "Only English"
