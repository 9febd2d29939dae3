"""One organization in one line of a list: name, number, when it opens, how far, and what she should know before she calls. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from bot.directory.distance import miles
from bot.directory.freshness import Freshness, freshness
from bot.directory.holidays import public_holidays
from bot.directory.hours import Open, Opens, state
from bot.directory.nearest import Found, Way
from bot.directory.offer import is_confirmed, local_day, phone_to_give
from bot.directory.place import WIDE_COUNTRIES
from bot.directory.service_at_location import Phone, ServiceAtLocation
from bot.engine.flow import Sentence
from bot.language import Language
from bot.wording.gsm7 import fold_for_sms, segments
from bot.wording.opening import is_soon, opening
from bot.wording.voice import Voice

NEEDED = "needed"
DROPPED = ("hours in words", "office", "town", "languages", "opening", "distance")
"""What is left out where there is no room, one after another. Name, number, its mark and for whom it is are never left out."""
AT_NO_COST = 3
"""So many of these go out only where they cost no segment; the others are worth one."""
# Whose roads count in miles.
_BY_MILES = frozenset({"US", "BZ"})
_ENGLISH_COUNTRIES = frozenset({"US", "BZ"})
# Nearer than that, "3 mi" would only measure how far the middle of the town is.
_SAME_TOWN_KM = 8
_EXACT = ("street", "zip")
_LONGEST_NAME = 70
_EXCLUSIONS = {
    "new arrivals only": "line_new_arrivals",
    "women only": "line_women",
    "men only": "line_men",
    "nationals only": "line_nationals",
}
# Spanish and English. A language that is not here is not named.
_LANGUAGES: Mapping[str, tuple[str, str]] = {
    "es": ("español", "Spanish"),
    "en": ("inglés", "English"),
    "quc": ("K'iche'", "K'iche'"),
    "mam": ("mam", "Mam"),
    "pt": ("portugués", "Portuguese"),
    "fr": ("francés", "French"),
    "ht": ("criollo haitiano", "Haitian Creole"),
    "cab": ("garífuna", "Garifuna"),
}
LONGEST_LANGUAGES = {Language.ES: "inglés, criollo haitiano", Language.EN: "Spanish, Haitian Creole"}


class Part(Struct, frozen=True):
    """A piece of a line. ``kind`` is NEEDED or one of DROPPED."""

    text: str
    kind: str = NEEDED


class Liner(Struct, frozen=True):
    """Who writes the lines: in whose words, with which of our own sentences, at which moment (aware).

    ``by_phone_said``: the head of the list says that all of it is by phone.
    """

    voice: Voice
    notices: Mapping[str, Sentence | None]
    now: datetime
    by_phone_said: bool = False

    def line(self, found: Found, without: int, most_segments: int | None = 1) -> str:
        """The line without the first ``without`` of DROPPED, and without more of them where it would not fit into so many segments."""
        parts = [part for part in self._parts(found) if part.text]
        for left_out in range(without, len(DROPPED) + 1):
            gone = DROPPED[:left_out]
            line = "- " + ", ".join(part.text for part in parts if part.kind not in gone)
            if most_segments is None or segments(fold_for_sms(line)) <= most_segments:
                break
        return line

    def _parts(self, found: Found) -> Iterator[Part]:
        service, today = found.service, local_day(self.now)
        phone = phone_to_give(service, today, self.voice.unconfirmed)
        yield Part(self._name(service))
        yield Part(self._phone(phone) if phone else service.address_text)
        yield self._opening(found)
        if phone and freshness(service.confirmed_on, today) is Freshness.CALL_FIRST:
            yield Part(self._say("line_call_first"))
        for exclusion, notice in _EXCLUSIONS.items():
            if exclusion in service.exclusions:
                yield Part(self._say(notice))
        if "government" in service.exclusions:
            yield Part(self._say("line_office"), "office")
        yield self._languages(service)
        yield from self._where(found, phone)

    def _say(self, notice: str, **fields: str) -> str:
        return self.voice.say(self.notices.get(notice), fields)

    def _name(self, service: ServiceAtLocation) -> str:
        """As she calls it, cut between two words where somebody wrote a whole sentence."""
        name = (service.name_es if self._spanish else "") or service.name
        if self.voice.language is Language.QUC:
            name = service.name_quc or name
        return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(",;:")

    @property
    def _spanish(self) -> bool:
        return self.voice.main is Language.ES

    def _phone(self, phone: Phone) -> str:
        mark = "" if is_confirmed(phone, local_day(self.now)) else self.voice.mark
        way = " WhatsApp" if phone.whatsapp else " SMS" if phone.type == "text" else ""
        return f"{phone.text}{mark}{way}"

    def _opening(self, found: Found) -> Part:
        """Whether it is open, or when it opens next, by its own clocks; the hours in words where nobody knows more."""
        service = found.service
        if service.schedule is not None:
            here = self.now.astimezone(service.schedule.zone)
            told = state(service.schedule, self.now, public_holidays(service.country, here.date()))
            if isinstance(told, Open):
                return Part(self._say("line_open"), "opening")
            if isinstance(told, Opens):
                return Part(self._opens(told.at, found), "opening")
        return Part(service.hours_es if self._spanish else service.hours_en, "hours in words")

    def _opens(self, at: datetime, found: Found) -> str:
        if not is_soon(at, self.now):
            return self._say("line_closed")
        # Who calls across a wide country may take its nine o'clock for hers.
        name_zone = found.way is Way.COUNTRY and found.service.country in WIDE_COUNTRIES
        return opening(at, self.now, self.voice.main, name_zone=name_zone)

    def _languages(self, service: ServiceAtLocation) -> Part:
        """Only where it is not what she expects: her language where it is rare, an interpreter, or that nobody speaks it."""
        hers = self.voice.language.value
        if hers in service.languages:
            rare = hers == "quc" or (hers == "en" and service.country not in _ENGLISH_COUNTRIES)
            return Part(self._say("line_speak", languages=self._named((hers,))) if rare else "", "languages")
        if hers in service.interpreters:
            return Part(self._say("line_interpreters"), "languages")
        # To a K'iche' speaker we write in Spanish too.
        if not service.languages or self.voice.main.value in (*service.languages, *service.interpreters):
            return Part("")
        named = self._named(service.languages)
        return Part(self._say("line_only_speak", languages=named) if named else "", "languages")

    def _named(self, languages: tuple[str, ...]) -> str:
        if any(each not in _LANGUAGES for each in languages) or len(languages) > 2:
            return ""
        return ", ".join(_LANGUAGES[each][not self._spanish] for each in languages)

    def _where(self, found: Found, phone: Phone | None) -> Iterator[Part]:
        """How far it is; or that it works by phone, and for which area; or its town, where a distance says nothing."""
        service = found.service
        if phone and not self.by_phone_said and (found.way is not Way.PLACE or service.by_phone):
            yield Part(self._say("line_by_phone"))
        if found.way is Way.COUNTRY:
            yield Part(self._say("line_country"))
        elif found.way is Way.STATE:
            yield Part(self._say("line_state" if service.country in WIDE_COUNTRIES else "line_region"))
        elif found.km is not None and not service.by_phone:
            yield Part(_far(service, found.km), "distance")
        elif found.km is None and (phone or not service.address):
            yield Part(service.city, "town")


def _far(service: ServiceAtLocation, km: float) -> str:
    """In the measure of its country's roads; nothing within a town where only the middle of it is known, or next door."""
    if km < _SAME_TOWN_KM and service.precision not in _EXACT:
        return ""
    count, unit = (miles(km), "mi") if service.country in _BY_MILES else (km, "km")
    return f"{count:.0f} {unit}" if count >= 1 else ""
