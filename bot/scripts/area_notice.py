"""A coordinator's notice about an area: confirmed by a named source, for some hours, read out on request. Pure.

It opens the answer to a rumor and the menu for people in that area. Nobody is written to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.directory.distance import distance_km
from bot.directory.place import Level, Place
from bot.language import Language
from bot.scripts.errors import ScriptsError
from bot.wording.gsm7 import fold_for_sms, non_gsm, segments

LONGEST_HOURS = 24
# Beside the answer that it opens it must not cost a family more than one SMS.
MOST_SEGMENTS = 1
LARGEST_RADIUS_KM = 300.0
LONGEST_SOURCE = 60
# A number or a link in haste is how rumors begin; the line of an area is sent by itself.
MOST_DIGITS = 5
_NEEDED = (Language.ES, Language.EN)


class AreaNoticeError(ScriptsError):
    """A notice that must not go out as it is. One line for each problem."""


class AreaNotice(Struct, frozen=True):
    """What a coordinator confirms for an area. Times are unix seconds; without ``radius_km`` the whole state or country is meant.

    ``texts`` has Spanish and English; K'iche' where somebody wrote it. ``number`` is given by the store.
    """

    number: int
    texts: Mapping[Language, str]
    area: Place
    radius_km: float | None
    starts: float
    ends: float
    source: str
    published_by: str

    def holds(self, now: float) -> bool:
        """Whether it may be read out at this time."""
        return self.starts <= now < self.ends

    def covers(self, place: Place | None) -> bool:
        """Whether this place lies in the area. A state of which nothing finer is known lies in it when the area is that state or in it."""
        if self.area.level is Level.COUNTRY:
            return place is None or place.country == self.area.country
        if place is None or place.country != self.area.country:
            return False
        if place.level is Level.COUNTRY:
            return False
        if self.radius_km is None or place.level is Level.REGION:
            return place.admin1 == self.area.admin1
        away = distance_km(place.latitude, place.longitude, self.area.latitude, self.area.longitude)
        return away <= self.radius_km

    def hours_left(self, now: float) -> int:
        """Whole hours for which it still holds, at least 1."""
        return max(1, int((self.ends - now) // 3600))


def area_notice(
    texts: Mapping[Language, str],
    area: Place,
    radius_km: float | None,
    starts: float,
    hours: float,
    source: str,
    published_by: str,
) -> AreaNotice:
    """A notice that may be published. ``AreaNoticeError`` says everything that is wrong with it."""
    kept = {language: " ".join(text.split()) for language, text in texts.items() if text.strip()}
    source, published_by = " ".join(source.split()), " ".join(published_by.split())
    radius = None if area.level in (Level.REGION, Level.COUNTRY) else radius_km
    problems = [
        *(
            f"{language}: there is no text. Write it in Spanish and in English"
            for language in _NEEDED
            if language not in kept
        ),
        *(problem for language, text in kept.items() for problem in _text_problems(language, text)),
    ]
    if not 0 < hours <= LONGEST_HOURS:
        problems.append(f"hours: {hours:g} is not between 1 and {LONGEST_HOURS}. Publish it again if it still holds")
    if radius_km is not None and not 0 < radius_km <= LARGEST_RADIUS_KM:
        problems.append(f"radius: {radius_km:g} km is not between 1 and {LARGEST_RADIUS_KM:g}")
    if not 0 < len(source) <= LONGEST_SOURCE:
        problems.append(f"source: say who confirmed it, in at most {LONGEST_SOURCE} characters")
    if not published_by:
        problems.append("by: say who publishes it")
    if problems:
        raise AreaNoticeError("\n".join(problems))
    return AreaNotice(0, kept, area, radius, starts, starts + hours * 3600, source, published_by)


def _text_problems(language: Language, text: str) -> Iterable[str]:
    folded = fold_for_sms(text)
    if foreign := non_gsm(folded):
        yield f"{language}: {' '.join(foreign)} makes the SMS dearer. Leave it out"
    elif segments(folded) > MOST_SEGMENTS:
        yield f"{language}: {len(folded)} characters are more than one SMS. Shorten it to 160"
    if any(sum(char.isdigit() for char in word) > MOST_DIGITS for word in text.replace("-", "").split()):
        yield f"{language}: a number is typed. The line of the area is sent by itself"
    if "://" in text or "www." in text.casefold():
        yield f"{language}: a link is typed. Say it in words"


def notices_for(notices: Iterable[AreaNotice], place: Place | None, now: float) -> tuple[AreaNotice, ...]:
    """Those that hold now and cover this place, the newest first."""
    fitting = [notice for notice in notices if notice.holds(now) and notice.covers(place)]
    return tuple(sorted(fitting, key=lambda notice: notice.starts, reverse=True))
