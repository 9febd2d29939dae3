"""The form of a notice about an area: what was typed, what is wrong with it in the words of the page, and the notice that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.console.spans import Words
from bot.directory.place import Place
from bot.directory.places import Places
from bot.language import Language
from bot.scripts.area_notice import (
    LARGEST_RADIUS_KM,
    LONGEST_HOURS,
    LONGEST_SOURCE,
    MOST_DIGITS,
    MOST_SEGMENTS,
    AreaNotice,
    AreaNoticeError,
    area_notice,
)
from bot.wording.gsm7 import fold_for_sms, non_gsm, segments

TEXTS = (Language.ES, Language.EN, Language.QUC)
LATEST_START = 24
"""Hours from now by which a notice begins."""
_LONGEST = 400


class Typed(Struct, frozen=True):
    """What the form holds."""

    area: str = ""
    radius: str = "40"
    begins: str = "0"
    hours: str = ""
    source: str = ""
    texts: Mapping[Language, str] = {}


class Wrong(Struct, frozen=True):
    """Why there is no notice: what is wrong, by field."""

    errors: Mapping[str, str]


def typed(form: Mapping[str, str]) -> Typed:
    """What was sent."""
    texts = {each: " ".join(form.get(each.value, "").split())[:_LONGEST] for each in TEXTS}
    said = {
        name: " ".join(form.get(name, "").split())[:100] for name in ("area", "radius", "begins", "hours", "source")
    }
    return Typed(**said, texts=texts)


def notice_of(typed: Typed, places: Places, now: float, by: str, words: Words) -> AreaNotice | Wrong:
    """The notice, or what is wrong. ``now`` in unix seconds, ``by`` her name."""
    errors: dict[str, str] = {}
    area = _area(typed.area, places, errors, words)
    radius, hours, begins = _number(typed.radius or "0"), _number(typed.hours), _number(typed.begins or "0")
    if not 0 < hours <= LONGEST_HOURS:
        errors["hours"] = words("notices.no-hours", "Say for how many hours it holds: 1 to %(n)s.", n=LONGEST_HOURS)
    if not 0 <= begins <= LATEST_START:
        errors["begins"] = words("notices.no-begins", "It begins at most %(n)s hours from now.", n=LATEST_START)
    if not 0 < radius <= LARGEST_RADIUS_KM:
        errors["radius"] = words("notices.no-radius", "Say how far around: 1 to %(n)s km.", n=int(LARGEST_RADIUS_KM))
    if not 0 < len(typed.source) <= LONGEST_SOURCE:
        errors["source"] = words(
            "notices.no-source", "Say who confirmed it, in at most %(n)s letters. Families read it.", n=LONGEST_SOURCE
        )
    for language in TEXTS:
        problem = next(_of_text(typed.texts.get(language, ""), language, words), None)
        if problem:
            errors[language.value] = problem
    if errors or area is None:
        return Wrong(errors)
    try:
        return area_notice(typed.texts, area, radius, now + begins * 3600, hours, typed.source, by)
    except AreaNoticeError as error:
        return Wrong({"": str(error)})


def _area(text: str, places: Places, errors: dict[str, str], words: Words) -> Place | None:
    match = places.find(text) if text else None
    if match is not None and match.found is not None:
        return match.found
    if match is not None and match.candidates:
        which = "; ".join(place.long_label for place in match.candidates[:5])
        errors["area"] = words("notices.which-area", "Which one: %(places)s?", places=which)
    else:
        errors["area"] = words(
            "notices.no-area", "Write a town with its state, a ZIP, a state or a country: Chicago, IL; 60629; Illinois."
        )
    return None


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return -1.0
    return number if number == number else -1.0  # NaN is no number of hours.


def _of_text(text: str, language: Language, words: Words) -> Iterator[str]:
    if not text:
        if language is not Language.QUC:
            yield words("notices.no-text", "Write it in Spanish and in English.")
        return
    folded = fold_for_sms(text)
    if foreign := non_gsm(folded):
        yield words(
            "notices.letters", "These signs make the SMS dearer, leave them out: %(signs)s", signs=" ".join(foreign)
        )
    elif segments(folded) > MOST_SEGMENTS:
        yield words("notices.too-long", "It is longer than one SMS: %(n)s characters, 160 fit.", n=len(folded))
    if any(sum(sign.isdigit() for sign in word) > MOST_DIGITS for word in text.replace("-", "").split()):
        yield words("notices.typed-number", "Leave the number out: the line of the area is sent by itself.")
    if "://" in text or "www." in text.casefold():
        yield words("notices.typed-link", "Leave the link out, and say it in words.")
