"""What the form of a step brings: texts with the versions that they were typed over, and whether their meaning changed. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.console.editor_page import FIRST_LOOK, Form, Look
from bot.console.editor_view import Text, Texts, Typed
from bot.console.spans import Words
from bot.engine.flow import Flow
from bot.language import Language
from bot.message import Channel
from bot.wording.fill import check_placeholders

LONGEST = 4000
"""Of one text, in characters: a whole answer has room for about 900."""
_MEANING = {"yes": True, "no": False}


def look_of(form: Mapping[str, str]) -> Look:
    """Language and channel of the phone: those that were pressed, else those that it shows."""
    language, _, channel = (form.get("press") or form.get("look") or "").partition(".")
    if language in Language._value2member_map_ and channel in Channel._value2member_map_:
        return Language(language), Channel(channel)
    return FIRST_LOOK


def read_form(form: Mapping[str, str], flow: Flow) -> dict[tuple[str, Language], Typed]:
    """Every text of this flow that the form has, by key and language; names that are none of its texts are passed over."""
    known = {sentence.key for sentence in flow.sentences}
    found: dict[tuple[str, Language], Typed] = {}
    for name, value in form.items():
        parsed = parse_name(name)
        if parsed is None or parsed[0] not in known:
            continue
        key, language, version = parsed
        meaning = _MEANING.get(form.get(f"meaning|{language}|{key}", ""))
        still_right = bool(form.get(f"right|{language}|{key}"))
        found[key, language] = Typed(key, language, tidy(value), version, meaning, still_right)
    return found


def parse_name(name: str) -> tuple[str, Language, int] | None:
    """Key, language and version out of the name of a field (``Cell.name``); None for any other field."""
    what, _, rest = name.partition("|")
    language, _, rest = rest.partition("|")
    version, _, key = rest.partition("|")
    if what != "text" or language not in Language._value2member_map_ or not version.isdecimal() or not key:
        return None
    return key, Language(language), int(version[:9])


def tidy(text: str) -> str:
    """The text as it is kept: NFC, one kind of line end, no spaces around it, without control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip()[:LONGEST]


def changed(typed: Iterable[Typed], texts: Texts) -> tuple[Typed, ...]:
    """Those that differ from what is saved."""
    return tuple(each for each in typed if each.text != texts[each.key, each.language].text)


def errors_in(
    typed: Iterable[Typed], texts: Texts, allowed: frozenset[str], words: Words
) -> dict[tuple[str, Language], str]:
    """Why these cannot be saved: a field that is none, no Spanish left, or nobody said whether the meaning changed."""
    errors: dict[tuple[str, Language], str] = {}
    for each in changed(typed, texts):
        saved = texts[each.key, each.language]
        wrong = check_placeholders(each.text, allowed)
        if wrong:
            errors[each.key, each.language] = words(
                "editor.wrong-field",
                "%(field)s is no field. Choose one under “Insert”, or write the dollar sign twice.",
                field=wrong[0],
            )
        elif not each.text and each.language is Language.ES:
            errors[each.key, each.language] = words(
                "editor.no-spanish", "The Spanish cannot be empty: most families read it."
            )
        elif each.meaning is None and asks_meaning(each, saved):
            errors[each.key, each.language] = words(
                "editor.say-meaning", "Say whether the meaning changed: the other languages depend on it."
            )
    return errors


def asks_meaning(typed: Typed, saved: Text) -> bool:
    """Whether others may have been written after the text as it was: not where there was none, nor where it is taken out."""
    return bool(saved.text.strip() and typed.text)


def told_of(typed: Typed) -> Typed:
    """The text with an answer to the question that was not asked: a new text changes nothing that others say."""
    return typed if typed.meaning is not None else replace(typed, meaning=False)
