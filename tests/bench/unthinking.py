"""Our app that says the same to everybody: ``gunicorn --config bot/gunicorn.py tests.bench.unthinking:app``. What edge and store take.

Signature, form, the two scripts with all that a turn asks and keeps, TwiML are ours, as ever; nothing is understood or worded.
"""

from __future__ import annotations

import time

import webhook
from bot.answer import Answer
from bot.conversation import LOCK_WAIT, Conversation
from bot.language import Language
from bot.message import InboundMessage, Reply
from bot.session import Session, Spot

# As long as an answer with its menu, and as a session.
_SAID = Answer(Reply(("No abra la puerta. " * 18,)), {})
_SESSION = Session(Language.ES, Spot("home_visit", "first"), trail=(Spot("menu", "first"),), updated=1764200000.0, known=True)


def _answer(self: Conversation, message: InboundMessage) -> Answer:
    begun = self.sessions.begin(message.address, message.sid, time.monotonic() + LOCK_WAIT)
    if begun.reply is None:
        self.sessions.finish(begun, begun.session or _SESSION, _SAID.to_bytes(), {"turn:answered|es": 1}, 3)
    return _SAID


Conversation.answer = _answer  # type: ignore[method-assign]
app = webhook.app
