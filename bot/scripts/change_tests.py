"""Made-up conversations that must go on taking the same way: begun, said and compared with the real engine. Pure.

No model is asked: a test is made of digits, reserved words, yes and no, places, and sentences that the lexicons know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.walker import Exchange, Listener, Walker, listener
from bot.session import Session
from bot.settings import Settings


class Stop(Struct, frozen=True):
    """What one message led to: the steps whose words came back (``flow.step``), and where the bot waits; empty where nowhere."""

    said: tuple[str, ...]
    at: str


Path = tuple[Stop, ...]
"""A whole conversation: the beginning of the flow, then one stop for each message."""


class Kept(Struct, frozen=True):
    """A test that somebody kept. ``said`` after the flow began, in ``language``; ``paths``: the way that it took in each language."""

    id: int
    flow: str
    name: str
    language: Language
    said: tuple[str, ...]
    paths: Mapping[Language, Path]
    by: int
    at: int


class Replayed(Struct, frozen=True):
    """A kept test on a release. ``now``: the way that it takes; ``changed``: the languages in which that is another one than it took."""

    test: Kept
    now: Mapping[Language, Path]
    changed: tuple[Language, ...]

    @property
    def right(self) -> bool:
        """Whether it takes the same way in every language."""
        return not self.changed

    def parts_at(self, language: Language) -> int:
        """At which stop the two ways part; their number where one only goes on further, or both are the same."""
        pairs = zip(self.test.paths.get(language, ()), self.now[language], strict=False)
        return next((number for number, (was, now) in enumerate(pairs) if was != now), len(self.now[language]))


def begin(walker: Walker, flow: str) -> Exchange:
    """Somebody who wrote before chooses this flow from a menu of one line; no model has to understand her."""
    return walker.say(replace(walker.known(), offered=(flow,)), "1")


def talked(walker: Walker, flow: str, said: Iterable[str]) -> tuple[Exchange, ...]:
    """The conversation, from the beginning of the flow on."""
    exchanges = [begin(walker, flow)]
    for text in said:
        exchanges.append(walker.say(exchanges[-1].after, text))
    return tuple(exchanges)


def path_of(exchanges: Iterable[Exchange]) -> Path:
    """The way that a conversation took."""
    return tuple(Stop(_said(each), _at(each.after)) for each in exchanges)


def paths_of(release: Release, flow: str, said: Sequence[str], listen: Listener | None = None) -> dict[Language, Path]:
    """The way of the same words in every language, by SMS."""
    listen = listen or listener(release)
    walkers = {each: Walker(release, Settings(), each, Channel.SMS, listen) for each in Language}
    return {language: path_of(talked(walker, flow, said)) for language, walker in walkers.items()}


def replayed(tests: Iterable[Kept], release: Release) -> tuple[Replayed, ...]:
    """Every test whose flow is there, on this release."""
    listen = listener(release)
    return tuple(_replayed(each, release, listen) for each in tests if each.flow in release.script.flows)


def _replayed(test: Kept, release: Release, listen: Listener) -> Replayed:
    now = paths_of(release, test.flow, test.said, listen)
    return Replayed(test, now, tuple(each for each in Language if now[each] != test.paths.get(each)))


def _said(exchange: Exchange) -> tuple[str, ...]:
    spots = [f"{spot.flow}.{spot.step}" for spot in exchange.reply.said]
    own = [spot for spot in spots if not spot.startswith(f"{NOTICES}.")]
    # The engine's own words stand around an answer; alone they are one.
    return tuple(own or spots)


def _at(session: Session) -> str:
    return f"{session.at.flow}.{session.at.step}" if session.at else ""
