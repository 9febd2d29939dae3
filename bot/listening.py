"""What a message means: what the words themselves tell, then what the model hears in them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot import patience
from bot.engine.hear import hear, wants_model, which_danger
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.clauses import meant, questions
from bot.intents.intent import Understanding
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
    return with_names(release, session, hear(release.ears, session, message), message.text)


class _Unheard(Exception):
    """The model said nothing."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Understands messages. ``default`` is the language of whom none is known."""

    model: Model
    default: Language

    def understand(self, release: Release, session: Session, message: InboundMessage) -> Turn:
        """The turn of this message. The model is only asked where it can tell more."""
        turn = heard(release, session, message)
        if not wants_model(session, release.script, turn):
            return turn
        turn = self._modelled(turn, message.text)
        return which_danger(release.script, turn, session.language or self.default)

    def _modelled(self, turn: Turn, text: str) -> Turn:
        """What the model hears in the whole message, in what it does not take back, and in each of two questions."""
        seconds = DANGER_WAIT if turn.urgent else MODEL_WAIT
        deadline = time.monotonic() + seconds

        def parse(part: str) -> Understanding | None:
            left = deadline - time.monotonic()
            return self.model.parse(part, left) if left > 0 else None

        try:
            # A turn that runs again does not wait for a model that let it wait before.
            with patience.asking("model", seconds, _Unheard):
                whole = parse(text)
                if whole is None:
                    raise _Unheard
        except (_Unheard, patience.Spent):
            return replace(turn, model_down=True)
        rest = meant(text)
        corrected = parse(rest) if rest != text else None
        asked = tuple(understood for part in questions(rest) or () if (understood := parse(part)) is not None)
        return replace(turn, understanding=whole, corrected=corrected, asked=asked)
