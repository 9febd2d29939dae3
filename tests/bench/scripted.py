"""The four calls that a scripted turn is made of, without what is done beside them: understand, advance, write, count."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time

from bot.carried import CarriedSessions
from bot.conversation import Conversation
from bot.counted import counts_of
from bot.engine.advance import advance
from bot.language import Language
from bot.listening import heard
from bot.message import InboundMessage
from bot.scripts.reply import told, written
from bot.session import Session, from_dict
from tests.bench.talking import NOW, Written

Met = tuple[Session, InboundMessage]
"""A message and the session that it met."""


def met(speaking: Conversation, talk: Sequence[Written]) -> list[Met]:
    """Each message of these talks with the session that it met."""
    memory, pairs = speaking.sessions, list[Met]()
    assert isinstance(memory, CarriedSessions)
    for one in talk:
        if one.first:
            memory.state = None
        pairs.append((from_dict(memory.state), one.message))
        speaking.answer(one.message)
    return pairs


def scripted(speaking: Conversation, pairs: Sequence[Met]) -> list[float]:
    """Milliseconds of the processor for the four calls of each message, in their order."""
    times = []
    for before, message in pairs:
        began = thread_time()
        _turn(speaking, before, message)
        times.append((thread_time() - began) * 1000)
    return times


def _turn(speaking: Conversation, before: Session, message: InboundMessage) -> None:
    release, settings = speaking.release(), speaking.settings
    turn = heard(release, before, message)
    session, actions = advance(release.script, before, turn, NOW, Language.ES)
    performed = [told(release, settings, session, action, NOW, lambda: ()) for action in actions]
    reply = written(release, settings, session, message.channel, NOW, performed)
    counts_of(before, session, turn, actions, performed, parts=len(reply.texts))
