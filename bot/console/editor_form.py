"""What the form of a step brings: texts with the versions that they were typed over, and whether their meaning changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from bot.console.editor_page import FIRST_LOOK, Look
from bot.console.editor_view import Text, Texts, Typed
from bot.console.numbers import number
from bot.console.spans import Words
from bot.engine.flow import Flow
from bot.language import Language
from bot.message import Channel
from bot.scripts.change import version_of
from bot.scripts.sheets.corrections import one_line

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
        found[key, language] = Typed(key, language, one_line(value[:LONGEST]), version, meaning, still_right)
    return found


def parse_name(name: str) -> tuple[str, Language, int] | None:
    """Key, language and version out of the name of a field (``Cell.name``); None for any other field."""
    what, _, rest = name.partition("|")
    language, _, rest = rest.partition("|")
    version, _, key = rest.partition("|")
    based_on = number(version)
    if what != "text" or language not in Language._value2member_map_ or based_on is None or not key:
        return None
    return key, Language(language), based_on


def is_touched(typed: Typed, saved: Text) -> bool:
    """Whether somebody wrote in that field: it holds another text than the one that it was shown with.

    Where somebody else saved meanwhile it differs from what is saved without having been touched.
    """
    shown = {version_of(typed.text), version_of(typed.text, saved.theirs) if saved.theirs else -1}
    return typed.version not in shown


def touched(typed: Iterable[Typed], texts: Texts) -> tuple[Typed, ...]:
    """Those that somebody wrote in."""
    return tuple(each for each in typed if is_touched(each, texts[each.key, each.language]))


def errors_in(
    typed: Iterable[Typed], strange: Callable[[str], tuple[str, ...]], words: Words
) -> dict[tuple[str, Language], str]:
    """Why these cannot be saved: a field that is none, or no Spanish left. Whatever else is wrong is told beside the field.

    ``strange`` tells what is no field in a text.
    """
    errors: dict[tuple[str, Language], str] = {}
    for each in typed:
        wrong = strange(each.text)
        if wrong:
            why = words(
                "editor.wrong-field",
                "%(field)s is no field. Choose one under “Insert”, or write the dollar sign twice.",
                field=wrong[0],
            )
            errors[each.key, each.language] = why
        elif not each.text and each.language is Language.ES:
            why = words("editor.no-spanish", "The Spanish cannot be empty: most families read it.")
            errors[each.key, each.language] = why
    return errors


class Wishes(Struct, frozen=True):
    """What a form asks for: texts to be saved, texts that are still right, and what was said of the meaning of saved ones."""

    save: tuple[Typed, ...]
    keep: tuple[Typed, ...]
    say: tuple[Typed, ...]


def wishes(typed: Iterable[Typed], texts: Texts) -> Wishes:
    """What is to be done with a form."""
    every = tuple(typed)
    save = touched(every, texts)
    rest = [each for each in every if each not in save]
    keep = tuple(each for each in rest if each.still_right)
    say = tuple(each for each in rest if each.meaning is not None and texts[each.key, each.language].asks)
    return Wishes(save, keep, say)
