"""What a turn wants done. The engine returns these; bot/conversation.py performs them. A closed set."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.flow import Sentence
from bot.language import Language


@dataclass(frozen=True, slots=True)
class Say:
    """Say the words of a step: ``say`` and those of ``also`` that still hold. ``fields`` are further values for its placeholders."""

    flow: str
    step: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Show how to answer a step: its numbered menu or yes/no.

    ``back_to`` names the flow that 9 leads to: where the person was, or, where ``asked`` is true, what was asked too.
    """

    flow: str
    step: str
    back_to: str | None = None
    back: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A numbered list made on the spot: flows that may have been meant, places of the same name, or (``#`` and a code) records
    of the directory. 0 is none of these."""

    notice: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowServices:
    """The next nearest organizations of a kind. ``none`` is said when there is none, ``advice`` when there are some."""

    kind: str
    government: bool
    skip: int
    none: Sentence
    advice: Say | None = None


@dataclass(frozen=True, slots=True)
class ShowNotices:
    """The notices for the person's area, ``most`` of them. ``none`` is said when there is none, if anything."""

    most: int
    none: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The words of a step once more, as a text that somebody else can use: no menu, nothing about this person."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody says that the number of this record does not work. ``record`` is the short code of bot/scripts/shown.py."""

    record: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """A conversation with staff is opened. ``cause``: why, of bot/escalation/escalation.py."""

    cause: str


@dataclass(frozen=True, slots=True)
class KeepWords:
    """The words of this message are kept to learn from, as she agreed. ``heard``: the topic for which the bot takes them.

    What is said next is a name of bot/scripts/agreed.py, as it went.
    """

    heard: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The person's language from here on."""

    language: Language


@dataclass(frozen=True, slots=True)
class Media:
    """A recording, beside its text."""

    name: str


@dataclass(frozen=True, slots=True)
class Erase:
    """Everything kept about the person goes. What is said next is ``erased`` or ``erase_unfinished``, as it went."""


@dataclass(frozen=True, slots=True)
class OptOutChange:
    """Stop (True) or allow again (False) what we begin."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class Count:
    """One for the weekly counts: an answer to "did this help?"."""

    topic: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing goes out: the carrier has answered."""


@dataclass(frozen=True, slots=True)
class End:
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
