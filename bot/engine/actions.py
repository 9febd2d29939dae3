"""What a turn wants done. The engine returns these; bot/conversation.py performs them. A closed set."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.engine.flow import Sentence
from bot.language import Language
from bot.session import Spot


class Say(Struct, frozen=True):
    """Say the words of a step: ``say`` and those of ``also`` that still hold. ``fields`` are further values for its placeholders."""

    flow: str
    step: str
    fields: tuple[tuple[str, str], ...] = ()


class Ask(Struct, frozen=True):
    """Show how to answer a step: its numbered menu or yes/no.

    ``back_to`` names the flow that 9 leads to: where the person was, or, where ``asked`` is true, what was asked too.
    """

    flow: str
    step: str
    back_to: str | None = None
    back: bool = False
    asked: bool = False


class Offer(Struct, frozen=True):
    """A numbered list made on the spot: flows that may have been meant, places of the same name, or (``#`` and a code) records
    of the directory. 0 is none of these."""

    notice: str
    options: tuple[str, ...]


class ShowServices(Struct, frozen=True):
    """The next nearest organizations of a kind. ``none`` is said when there is none, ``advice`` when there are some."""

    kind: str
    government: bool
    skip: int
    none: Sentence
    advice: Say | None = None


class ShowNotices(Struct, frozen=True):
    """The notices for the person's area, ``most`` of them. ``none`` is said when there is none, if anything."""

    most: int
    none: Sentence | None = None


class Share(Struct, frozen=True):
    """The words of a step once more, as a text that somebody else can use: no menu, nothing about this person."""

    flow: str
    step: str


class Flag(Struct, frozen=True):
    """Somebody says that the number of this record does not work. ``record`` is the short code of bot/scripts/shown.py."""

    record: str


class Escalate(Struct, frozen=True):
    """A conversation with staff is opened. ``cause``: why, of bot/escalation/escalation.py."""

    cause: str


class KeepWords(Struct, frozen=True):
    """The words of this message are kept to learn from, as she agreed. ``heard``: the topic for which the bot takes them.

    What is said next is a name of bot/scripts/agreed.py, as it went.
    """

    heard: str


class SetLanguage(Struct, frozen=True):
    """The person's language from here on."""

    language: Language


class Media(Struct, frozen=True):
    """A recording, beside its text."""

    name: str


class Erase(Struct, frozen=True):
    """Everything kept about the person goes. What is said next is ``erased`` or ``erase_unfinished``, as it went."""


class OptOutChange(Struct, frozen=True):
    """Stop (True) or allow again (False) what we begin."""

    stopped: bool


class Count(Struct, frozen=True):
    """One for the weekly counts: an answer to "did this help?"."""

    topic: str


class Silence(Struct, frozen=True):
    """Nothing goes out: the carrier has answered."""


class End(Struct, frozen=True):
    """The conversation about this is over."""


Action = (
    Say
    | Ask
    | Offer
    | ShowServices
    | ShowNotices
    | Share
    | Flag
    | Escalate
    | KeepWords
    | SetLanguage
    | Media
    | Erase
    | OptOutChange
    | Count
    | Silence
    | End
)


def has(actions: Iterable[Action], *kinds: type) -> bool:
    """Whether one of them is of these kinds. Asked several times in a turn, and so no generator."""
    for action in actions:
        if isinstance(action, kinds):
            return True
    return False


def asks_at(actions: Iterable[Action], spot: Spot) -> bool:
    """Whether the menu of this step is shown."""
    for action in actions:
        if isinstance(action, Ask) and action.flow == spot.flow and action.step == spot.step:
            return True
    return False
