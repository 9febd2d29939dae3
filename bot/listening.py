"""What a message means: what the words themselves tell, then what the model hears in them."""

from __future__ import annotations

import time

from msgspec import Struct

from bot import patience
from bot.engine.hear import hear_words, wants_model, which_danger
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.clauses import questions, what_is_meant
from bot.intents.intent import Understanding
from bot.intents.words import Words
from bot.language import Language
from bot.message import InboundMessage
from bot.neighbours import Model
from bot.scripts.release import Release
from bot.scripts.shown import with_names
from bot.session import Session

MODEL_WAIT = 0.8
# A phrase has named the danger: the model may only say which one, and must not keep the answer.
DANGER_WAIT = 0.3


def heard(release: Release, session: Session, message: InboundMessage) -> Turn:
    """What can be understood without a model."""
    return _heard(release, session, message, Words.of(message.text))


def _heard(release: Release, session: Session, message: InboundMessage, said: Words) -> Turn:
    return with_names(release, session, hear_words(release.ears, session, message, said), said)


class _Unheard(Exception):
    """The model said nothing."""


class Listening(Struct, frozen=True):
    """Understands messages. ``default`` is the language of whom none is known."""

    model: Model
    default: Language

    def understand(self, release: Release, session: Session, message: InboundMessage) -> Turn:
        """The turn of this message. The model is only asked where it can tell more."""
        said = Words.of(message.text)
        turn = _heard(release, session, message, said)
        if not wants_model(session, release.script, turn):
            return turn
        turn = self._modelled(turn, said)
        return which_danger(release.script, turn, session.language or self.default)

    def _modelled(self, turn: Turn, said: Words) -> Turn:
        """What the model hears in the whole message, in what it does not take back, and in each of two questions."""
        seconds = DANGER_WAIT if turn.urgent else MODEL_WAIT
        deadline = time.monotonic() + seconds

        def parse(part: str) -> Understanding | None:
            left = deadline - time.monotonic()
            return self.model.parse(part, left) if left > 0 else None

        try:
            # A turn that runs again does not wait for a model that let it wait before.
            with patience.asking("model", seconds, _Unheard):
                whole = parse(said.text)
                if whole is None:
                    raise _Unheard
        except (_Unheard, patience.Spent):
            return replace(turn, model_down=True)
        rest = what_is_meant(said).text
        corrected = parse(rest) if rest != said.text else None
        asked = tuple(understood for part in questions(rest) or () if (understood := parse(part)) is not None)
        return replace(turn, understanding=whole, corrected=corrected, asked=asked)
