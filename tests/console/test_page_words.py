"""The words of the pages: each has its Spanish, none is unused, and the same key never stands beside two sentences."""

from __future__ import annotations

import re

from bot.console.words import CONSOLE_PO, words_in
from bot.language import Language
from bot.wording.po import Message, read_messages, write_messages
from tests.console.used_words import used

PINS = {f"try.{pin}": None for pin in ("pin-us", "pin-mx", "pin-gt")}
USED = used()
WRITTEN: dict[str, Message] = {each.key: each for each in read_messages(CONSOLE_PO.read_bytes(), "console.po")}
_VALUE = re.compile(r"%\((\w+)\)s")


def _wrong(key: str) -> str:
    """What is not as it should be with one key; nothing where all is well."""
    if len(USED[key]) != 1:
        return f"two English sentences: {USED[key]}"
    (english,) = USED[key]
    if key not in WRITTEN or not WRITTEN[key].text:
        return "no Spanish in locales/es/LC_MESSAGES/console.po"
    if WRITTEN[key].english != english:
        return "the Spanish was written for another English sentence"
    same = set(_VALUE.findall(english)) == set(_VALUE.findall(WRITTEN[key].text))
    return "" if same else "other values stand in the Spanish"


# All keys in one test each: there are thousands, and one by one they took longer to list than to try.
def test_every_word_has_its_spanish() -> None:
    assert len(USED) > 500
    assert {key: why for key in sorted(USED) if (why := _wrong(key))} == {}


def test_no_word_is_unused() -> None:
    assert set(WRITTEN) - set(USED) - set(PINS) == set()


def test_the_catalog_is_as_our_writer_writes_it() -> None:
    """So that a change of one sentence is a change of its lines alone."""
    kept = [Message(each.key, each.english, each.text, each.comments) for each in WRITTEN.values()]
    assert [each.key for each in kept] == sorted(WRITTEN)
    assert write_messages(kept, Language.ES) == CONSOLE_PO.read_bytes()


FORBIDDEN = re.compile(r"\b(ilegal|illegal|alien|ticket|segment|intent|usuari[oa]s?|users?|leads?)\b", re.IGNORECASE)


def test_nobody_is_called_what_they_are_not() -> None:
    said = {key: f"{each.text} | {each.english}" for key, each in WRITTEN.items()}
    assert {key: text for key, text in said.items() if FORBIDDEN.search(text)} == {}


def test_a_page_that_chooses_its_language_gets_it() -> None:
    assert words_in(Language.ES)("try.send", "Send") == "Enviar"
    assert words_in(Language.EN)("try.send", "Send") == "Send"
    assert words_in(Language.ES)("try.nowhere", "Only English") == "Only English"
