"""The longest values that really occur in answers: names, numbers, lists of organizations. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial

from bot.directory.hotline import AREA_LINE
from bot.directory.nearest import Found, nearest
from bot.directory.organizations import value_of
from bot.directory.place import Level, Place
from bot.directory.service_at_location import ServiceAtLocation
from bot.engine.flow import Sentence, Step
from bot.engine.walk import PAGE
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.fact import figure_fields, read_fields
from bot.scripts.release import Release
from bot.settings import Settings
from bot.wording.desk import longest_desk_fields
from bot.wording.fields import fields_of, longest_area_line, longest_carrier_keeps
from bot.wording.gsm7 import fold_for_sms
from bot.wording.listing import LONGEST_LANGUAGES, Liner
from bot.wording.render import ABOUT_PLACE, notices_of
from bot.wording.voice import Voice

# Of a thousand ZIPs one has a longer name.
LONGEST_PLACE = "87901 (Truth Or Consequences, NM)"
LONGEST_OWNER = "una red de organizaciones comunitarias"
LONGEST_TOPIC = "plan de la familia si me detienen"
A_DAY = date(2026, 11, 23)
# Sunday night in the US: what is closed says "abre lun 9:00", which is longer than that it is open.
A_NIGHT = datetime.combine(A_DAY, time(5), UTC)
# Production once every number is confirmed: nothing is left out, nothing marked.
_CONFIRMED = Settings(send_unconfirmed_numbers=True)


@dataclass(frozen=True, slots=True)
class MeasuredVoice(Voice):
    """Says each sentence once, as the channel carries it: thousands of answers are made of the same few hundred."""

    channel: Channel = Channel.SMS
    # Not handed on by replace(): with other fields the same sentence says something else.
    said: dict[tuple[str, ...], str] = field(default_factory=dict, init=False, compare=False, repr=False)
    briefly: list[Voice] = field(default_factory=list, init=False, compare=False, repr=False)

    def say(self, sentence: Sentence | None, extra: Mapping[str, str] | None = None) -> str:
        return self._once("say", sentence, extra)

    def draft(self, sentence: Sentence | None, extra: Mapping[str, str] | None = None) -> str:
        return self._once("draft", sentence, extra)

    def in_brief(self) -> Voice:
        if not self.briefly:
            self.briefly.append(Voice.in_brief(self))
        return self.briefly[0]

    def _once(self, how: str, sentence: Sentence | None, extra: Mapping[str, str] | None) -> str:
        if sentence is None:
            return ""
        key = (how, sentence.key, *(f"{name}={value}" for name, value in (extra or {}).items()))
        if key not in self.said:
            text = Voice.say(self, sentence, extra) if how == "say" else Voice.draft(self, sentence, extra)
            self.said[key] = fold_for_sms(text) if self.channel is Channel.SMS else text
        return self.said[key]


def longest_voice(release: Release, language: Language, channel: Channel) -> Voice:
    """The words with every field at its longest, and all numbers: as families get them once somebody has confirmed them."""
    fields = fields_of(release.hotlines, _CONFIRMED, None, language, datetime.combine(A_DAY, time(), UTC)) | {
        "owner": LONGEST_OWNER,
        "source": LONGEST_OWNER,
        "hours": "24",
        "hotline": max((line.text for line in release.hotlines.values() if line.kind != "site"), key=len, default=""),
        "place": LONGEST_PLACE,
        "topic": LONGEST_TOPIC,
        "languages": LONGEST_LANGUAGES[Language.EN if language is Language.EN else Language.ES],
        "day": A_DAY.strftime("%d/%m/%Y"),
        "carrier_keeps": longest_carrier_keeps(language),
        "area_line": longest_area_line(release.hotlines, _CONFIRMED, language),
        **longest_desk_fields(language),
        **read_fields(release.facts),
        **figure_fields(release.facts),
    }
    named = partial(value_of, release.directory.organizations, language, A_DAY, True, "")
    return MeasuredVoice(
        release.texts, language, frozenset(), fields, unconfirmed=True, named=named, channel=channel
    )


def briefer(release: Release, voice: Voice) -> Voice:
    """The voice of an answer that names the line of an area: its number alone, where its hours would cost another SMS."""
    numbers = (line.text for line in release.hotlines.values() if line.topic == AREA_LINE)
    return replace(voice, shorter={"area_line": max(numbers, key=len, default="")})


def without_place(voice: Voice) -> Voice:
    """The voice to somebody of whom no place is known."""
    return replace(voice, fields={name: value for name, value in voice.fields.items() if name not in ABOUT_PLACE})


class Near:
    """What is told around the town of each service, for what a step shows. Asked once for each language."""

    def __init__(self, release: Release) -> None:
        self._directory = release.directory
        services = [each for each in release.directory.services if each.latitude is not None]
        self._towns = list(dict.fromkeys(map(_town, services)))
        self._known: dict[tuple[str, bool, Language], tuple[tuple[Found, ...], ...]] = {}

    def around(self, kind: str, government: bool, language: Language) -> tuple[tuple[Found, ...], ...]:
        """The lists that somebody can get."""
        key = (kind, government, language)
        if key not in self._known:
            results = (
                nearest(
                    self._directory,
                    town,
                    kind,
                    now=A_NIGHT,
                    language=language,
                    government=government,
                    limit=PAGE,
                    unconfirmed=True,
                )
                for town in self._towns
            )
            self._known[key] = tuple(result.found for result in results)
        return self._known[key]


def _town(each: ServiceAtLocation) -> Place:
    return Place(each.city, each.state, each.country, each.latitude or 0, each.longitude or 0, level=Level.TOWN)


class LongestLists:
    """The longest list of organizations that somebody can get, in the words of one language."""

    def __init__(self, near: Near, release: Release, voice: Voice) -> None:
        self._near, self._language = near, voice.language
        self._liner = Liner(voice, notices_of(release.script), A_NIGHT)
        self._known: dict[tuple[str, bool], tuple[Found, ...]] = {}

    def of(self, step: Step) -> tuple[Found, ...]:
        """For what this step shows."""
        key = (step.services or "", step.government)
        if key not in self._known:
            self._known[key] = max(self._near.around(*key, self._language), key=self._length, default=())
        return self._known[key]

    def _length(self, found: tuple[Found, ...]) -> int:
        return sum(len(self._liner.line(each, 0)) for each in found)
