"""Talks with the flows as a family can: real texts, the real engine, the real words; no model, no memory, nobody counted. Pure.

A walker speaks one language on one channel. Every message of its starts from a session that is handed in, so that whoever
walks (walk.py, transcript.py) decides where to go on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from msgspec import Struct

from bot.directory.places import Places
from bot.engine.actions import Action, Erase, Escalate, Say
from bot.engine.advance import advance
from bot.engine.flow import Sentence
from bot.engine.hear import STATE_ASKED, Ears, hear
from bot.engine.place import country_of
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES
from bot.escalation.board import BadDay, Board
from bot.escalation.organization import DeskOrganization
from bot.frozen import replace
from bot.intents.intent import Intent, Understanding
from bot.intents.lexicons import Lexicons
from bot.intents.reserved import reserved
from bot.language import Language
from bot.message import Channel, InboundMessage
from bot.scripts.release import Release
from bot.scripts.reply import renderer, told
from bot.scripts.shown import after_list
from bot.session import Session, Spot, Writer
from bot.settings import Settings
from bot.wording.desk import desk_fields
from bot.wording.gsm7 import segments
from bot.wording.performed import Listing, Performed

# 2026-11-24 15:00 UTC: what is written down from a walk must not change with the clock.
WALKED_AT = 1_795_532_400.0
# Four words that nothing knows, for a first message whose meaning is told by the understanding beside it.
ANYTHING = "qq qq qq qq"

NOBODY = Board()
# A desk that nobody has, and the same on a bad day.
DESK = Board((DeskOrganization("example", "Centro del Sol", "Mo-Fr 09:00-17:00"),))
BAD_DAY = replace(DESK, bad_day=BadDay(0, 2 * 60 * 60))
_DONE: Mapping[type[Action], Action] = {Erase: Say(NOTICES, "erased"), Escalate: Say(NOTICES, "escalated")}

Listener = Callable[[Session, InboundMessage], Turn]


class Written(Struct, frozen=True):
    """A reply: ``text`` is all of it, ``said`` the steps whose words are in it, ``listed`` whether organizations are.

    ``kept``: a session that keeps of a list what the next message needs; None where none was shown.
    """

    text: str
    said: tuple[Spot, ...]
    listed: bool
    kept: Session | None = None

    @property
    def segments(self) -> int:
        """What it costs as an SMS; nothing where nothing was sent."""
        return segments(self.text) if self.text else 0


class Exchange(Struct, frozen=True):
    """One message and what came back."""

    before: Session
    sent: str
    after: Session
    actions: tuple[Action, ...]
    reply: Written


def sure_of(*intents: str, language: Language, foreign: float = 0.0) -> Understanding:
    """What a model makes of a message that means these intents alike, and nothing else."""
    ranking = tuple(Intent(name, 0.99 / len(intents)) for name in intents)
    return Understanding(ranking, ((language, 0.99),), foreign)


def listener(release: Release) -> Listener:
    """Hears as the journey does. A walk says the same few texts at every step, so each is looked up once."""
    places = release.places
    known_places = SimpleNamespace(
        find=functools.cache(places.find),
        state=functools.cache(places.state),
        extract=functools.cache(places.extract),
        by_code=functools.cache(places.by_code),
    )
    known_phrases = SimpleNamespace(named=functools.cache(release.phrases.named))
    ears = Ears(release.script, release.catalogs, cast(Places, known_places), cast(Lexicons, known_phrases))

    @functools.cache
    def heard(session: Session, text: str, media: int) -> Turn:
        return hear(ears, session, InboundMessage("", "", Channel.SMS, text, media))

    def listen(session: Session, message: InboundMessage) -> Turn:
        turn = heard(session, message.text, message.media)
        if message.channel is Channel.SMS:
            return turn
        # Only the carrier's own words are heard otherwise on another channel.
        return replace(turn, channel=message.channel, reserved=reserved(message.text, message.channel))

    return functools.cache(listen)


class Walker:
    """A family of one language on one channel."""

    def __init__(
        self,
        release: Release,
        settings: Settings,
        language: Language,
        channel: Channel,
        listen: Listener | None = None,
        now: float = WALKED_AT,
        board: Board = NOBODY,
    ) -> None:
        """``listen`` may be shared by the walkers of one release; ``now`` is in seconds since 1970; ``board`` is the desk."""
        # A release is as old as its newest file. Here it is of the day of the walk, so that the same facts hold on every machine.
        self.release = replace(release, released=datetime.fromtimestamp(now, UTC).date())
        self.settings, self.language, self.channel, self.now = settings, language, channel, now
        self._board = board
        self._listen = listen or listener(release)
        # What is said depends on no more of a session than these three.
        self._renderer = functools.cache(
            lambda language, place, writer=None: renderer(
                self.release,
                settings,
                Session(language=language, place=place, writer=writer),
                channel,
                now,
                self._at_desk(language),
            )
        )
        self._written = functools.cache(self._write)

    def with_board(self, board: Board) -> Walker:
        """The same family where these answer at the desk."""
        return Walker(self.release, self.settings, self.language, self.channel, self._listen, self.now, board)

    def _at_desk(self, language: Language | None) -> Mapping[str, str]:
        """What ``$desk_...`` stands for: who has a conversation has it with somebody, also where nobody is offered any more."""
        board = self._board if self._board.answers else DESK
        return desk_fields(board.organizations[0], board, "", language, datetime.fromtimestamp(self.now, UTC))

    def known(self, place: str | None = None) -> Session:
        """Somebody who wrote before, in this language; ``place`` is a token of bot/engine/place.py."""
        return Session(language=self.language, known=True, updated=self.now, place=place)

    def say(
        self,
        session: Session,
        text: str,
        understanding: Understanding | None = None,
        media: int = 0,
        escalated: bool = False,
    ) -> Exchange:
        """Sends a text. ``understanding`` is what a model would make of it, ``media`` how many recordings are with it,
        ``escalated`` whether the person has a conversation with staff open."""
        message = InboundMessage("", "", self.channel, text, media)
        # Of a session only the waiting step is heard with, the country, and whether a state was asked for.
        with_it = Session(
            at=session.at, place=country_of(session.place), misses=STATE_ASKED if session.misses >= STATE_ASKED else 0
        )
        turn = self._listen(with_it, message)
        turn = replace(
            turn,
            understanding=understanding or turn.understanding,
            escalated=escalated,
            desk=self._board.answers,
            bad_day=self._board.bad_day is not None,
        )
        default = Language(self.settings.default_language)
        after, actions = advance(self.release.script, session, turn, self.now, default)
        reply = self._written(after.language, after.place, after.writer, actions)
        if reply.kept is not None:
            after = replace(after, listed=reply.kept.listed, ended=reply.kept.ended)
        return Exchange(session, text, after, actions, reply)

    def begin(self, session: Session, *intents: str, text: str = ANYTHING, foreign: float = 0.0) -> Exchange:
        """A message of which a model is sure that it means this; of several intents, as sure of each."""
        return self.say(session, text, sure_of(*intents, language=self.language, foreign=foreign))

    def notice(self, name: str) -> Sentence | None:
        """One of the engine's own sentences."""
        return self._renderer(self.language, None).notice(name)

    def sentence(self, sentence: Sentence | None) -> str:
        """A sentence as it is said to a stranger."""
        return self._renderer(self.language, None).voice.say(sentence)

    def retold(self, exchange: Exchange) -> Written:
        """The reply as this walker's channel would have it."""
        after = exchange.after
        return self._written(after.language, after.place, after.writer, exchange.actions)

    def _write(
        self, language: Language | None, place: str | None, writer: Writer | None, actions: tuple[Action, ...]
    ) -> Written:
        """The reply to one turn. Erasing and handing over always go well here."""
        session = Session(language=language, place=place)
        done = [_DONE.get(type(action), action) for action in actions]
        words = [told(self.release, self.settings, session, action, self.now, lambda: ()) for action in done]
        reply = self._renderer(language, place, writer).reply(words)
        said = tuple(Spot(say.flow, say.step) for say in map(_spoken, words) if say)
        lists = [each for each in words if isinstance(each, Listing)]
        kept = after_list(session, words, self.settings) if lists else None
        return Written("\n".join(reply.texts), said, any(each.found for each in lists), kept)


def _spoken(words: Performed) -> Say | None:
    """The step whose words these are; the advice beside a list is only given where there is a list."""
    if isinstance(words, Listing):
        return words.advice if words.found else None
    return words if isinstance(words, Say) else None
