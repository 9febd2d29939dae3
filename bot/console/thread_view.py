"""A conversation as its page shows it: one bubble for each message, told apart by label, side and colour. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct

from bot.console import moments
from bot.console.delivery_words import state_words
from bot.console.inbox_view import LANGUAGES
from bot.console.spans import Words
from bot.console.system_words import system_words
from bot.escalation.escalation import Author, Said
from bot.escalation.outgoing import State
from bot.intents.thresholds import threshold
from bot.language import Language, spoken


@dataclass(frozen=True, slots=True)
class Line:
    """Lines of a message that are in one language (for ``lang``)."""

    text: str = field(repr=False)
    language: str


class Delivery(Struct, frozen=True):
    """How far a message of staff came: ``state`` for its colour, ``reason`` where it failed, ``retry`` where it can be tried again."""

    state: str
    words: str
    at: str
    reason: str = ""
    retry: bool = False


class Understood(Struct, frozen=True):
    """What the bot made of a message, in plain words; empty where nothing is known."""

    language: str
    topic: str
    how: str
    answer: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message. ``kind`` is its Author and its class; ``day`` stands over the first of each day."""

    number: int
    kind: str
    who: str
    clock: str
    iso: str
    exact: str
    lines: tuple[Line, ...]
    day: str = ""
    media: str = ""
    delivery: Delivery | None = None
    understood: Understood | None = None


class Reader(Struct, frozen=True):
    """Who reads a thread, and how it speaks to her.

    ``names`` of staff by the ids of users, ``organizations`` by theirs; ``topic`` gives the plain words of a flow's name,
    ``reason`` those of an error of the carrier. ``family`` is the language in which the family is answered.
    """

    words: Words
    language: Language
    zone: tzinfo
    family: Language
    names: Mapping[int, str] = {}
    organizations: Mapping[str, str] = {}
    topic: Callable[[str | None], str] = lambda topic: topic or ""
    reason: Callable[[int | None], str] = lambda error: str(error or "")
    may_send: bool = False


def bubbles(said: Sequence[Said], sendings: Mapping[int, Any], reader: Reader) -> tuple[Bubble, ...]:
    """The thread in the order in which it was said. ``sendings`` by the number of the message: ``state``, ``error``, ``changed``."""
    return tuple(_bubbles(said, sendings, reader))


def _bubbles(said: Sequence[Said], sendings: Mapping[int, Any], reader: Reader) -> Iterator[Bubble]:
    day = ""
    for each in said:
        today = moments.day(each.at, reader.zone, reader.language)
        yield _bubble(each, sendings.get(each.number), reader, today if today != day else "")
        day = today


def _bubble(said: Said, sending: Any | None, reader: Reader, day: str) -> Bubble:
    family = said.author is Author.FAMILY
    return Bubble(
        number=said.number,
        kind=said.author.value,
        who=_who(said, reader),
        clock=moments.clock(said.at, reader.zone, reader.language),
        iso=moments.moment(said.at, reader.zone).isoformat(),
        exact=moments.exact(said.at, reader.zone, reader.language),
        lines=_lines(said, reader),
        day=day,
        media=_media(said, reader.words) if family else "",
        delivery=_delivery(sending, reader) if sending is not None else None,
        understood=_understood(said, reader) if family and said.text else None,
    )


def _who(said: Said, reader: Reader) -> str:
    words = reader.words
    name = reader.names.get(said.by or 0) or words("thread.staff", "Staff")
    return {
        Author.FAMILY: words("thread.person", "The person"),
        Author.BOT: words("thread.bot", "Bot"),
        Author.STAFF: name,
        Author.NOTE: words("thread.note", "Note by %(name)s, only for the team", name=name),
        Author.SYSTEM: words("thread.system", "What happened"),
    }[said.author]


def _lines(said: Said, reader: Reader) -> tuple[Line, ...]:
    if said.author is Author.SYSTEM:
        return (Line(system_words(reader.words, said, reader.organizations), reader.language.value),)
    # A note is in the language of the team, as far as its words do not show another.
    usual = _language(said.beside.get("language")) if said.author is Author.FAMILY else None
    usual = usual or (reader.language if said.author is Author.NOTE else _without_kiche(reader.family))
    return tuple(_by_language(said.text, usual))


def _by_language(text: str, usual: Language) -> Iterator[Line]:
    """Line by line: a reply to a K'iche' speaker holds the Spanish and the K'iche'. Neighbours in one language stay together."""
    lines = ((line, (spoken(line) or usual).value) for line in text.splitlines())
    for language, together in groupby(lines, key=itemgetter(1)):
        yield Line("\n".join(line for line, _ in together), language)


def _without_kiche(language: Language) -> Language:
    return Language.ES if language is Language.QUC else language


def _language(code: object) -> Language | None:
    return next((each for each in Language if each == code), None)


def _media(said: Said, words: Words) -> str:
    """That voice notes or photos came; nobody fetches them."""
    count = said.beside.get("media") or 0
    count = count if isinstance(count, int) else len(count)
    if not count:
        return ""
    if count == 1:
        return words("thread.media.one", "A voice note or a photo came. It is never fetched: nobody here can open it.")
    return words(
        "thread.media.more",
        "%(n)s voice notes or photos came. They are never fetched: nobody here can open them.",
        n=count,
    )


def _delivery(sending: Any, reader: Reader) -> Delivery:
    state = State(sending.state)
    failed = state in (State.FAILED, State.UNDELIVERED)
    return Delivery(
        state=state.value,
        words=state_words(reader.words, state),
        at=moments.clock(sending.changed, reader.zone, reader.language),
        reason=reader.reason(sending.error) if failed else "",
        retry=failed and reader.may_send,
    )


def _understood(said: Said, reader: Reader) -> Understood:
    words, beside = reader.words, said.beside
    language = _language(beside.get("language"))
    return Understood(
        language=LANGUAGES[language.value] if language else "",
        topic=reader.topic(beside.get("topic")),
        how=_how(words, beside, language or reader.family),
        answer=reader.topic(str(beside.get("answer") or "").partition(".")[0]),
    )


def _how(words: Words, beside: Mapping[str, Any], language: Language) -> str:
    """As sure as the model's thresholds have it (bot/intents/thresholds.py), with how likely it took it."""
    likely, limits = float(beside.get("sure") or 0), threshold(language)
    if not beside.get("topic") or likely < limits.maybe:
        return words("thread.not-understood", "not understood")
    percent = round(100 * likely)
    if likely < limits.sure:
        return words("thread.unsure", "not sure, %(percent)s of 100", percent=percent)
    return words("thread.sure", "sure, %(percent)s of 100", percent=percent)
