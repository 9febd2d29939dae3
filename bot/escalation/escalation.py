"""An escalation, a hand-over of a conversation to staff: open, claimed, resolved. Values as SQL and the console share them. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from msgspec import Struct, structs

from bot.frozen import replace

ALIAS_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like another: 0 O, 1 I."""

DISCREET_TOPICS = frozenset(
    {"danger_now", "some_danger", "violence_help", "self_harm", "trafficking", "child_alone", "child_distress"}
    | {"children_left", "child_or_adult", "agents_here_now", "away_from_home", "other_country", "victim_visa"}
)
"""Flows of which a list or a notification shows the topic and never the words: danger, children, self-harm, trafficking."""


class Urgency(StrEnum):
    """How long somebody may wait. The order is that of the inbox."""

    URGENT = "urgent"
    SOON = "soon"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """0 is first."""
        return _RANKS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


class Cause(StrEnum):
    """Why a conversation was handed over."""

    ASKED = "asked_for_a_person"
    NOT_UNDERSTOOD = "not_understood"
    DANGER = "danger"
    CHILD_ALONE = "child_alone"
    RELAYED = "relayed"


class Resolution(StrEnum):
    """How a conversation with staff ended."""

    INFORMED = "informed"
    REFERRED = "referred"
    NO_ANSWER = "no_answer"
    TEST = "test"
    OTHER = "other"


class Author(StrEnum):
    """Who wrote a message of the thread. A note is of staff, for staff; ``SYSTEM`` says what happened, as a key of words."""

    FAMILY = "family"
    BOT = "bot"
    STAFF = "staff"
    NOTE = "note"
    SYSTEM = "system"


class About(Struct, frozen=True):
    """What is known of an escalation beside its messages: sealed under its key, so that it dies with it.

    ``topic`` is the flow that answered last, ``place`` a token of a town or state (bot/engine/place.py), never a point;
    ``understood`` what the bot made of the last message, in words of its own. ``needs`` is the language that a speaker is
    wanted for and ``variety`` the town whose way of speaking it is. ``settled``: names of what staff have corrected.
    """

    cause: str = Cause.ASKED
    topic: str | None = None
    language: str | None = None
    place: str | None = None
    consent: str = ""
    minor: bool = False
    relayed: bool = False
    needs: str | None = None
    variety: str | None = None
    understood: str | None = None
    settled: tuple[str, ...] = ()

    def corrected(self, **known: str | None) -> About:
        """What staff say holds, and the bot does not change it any more."""
        return replace(self, settled=tuple(sorted({*self.settled, *known} & set(_LEARNED))), **known)  # type: ignore[arg-type]

    def with_learned(self, learned: About) -> About:
        """With what the bot understood of one more message, as far as it understood anything.

        What staff have corrected stays, but for a topic whose words lists must not show: danger is never hidden by a correction.
        """
        known = {name: value for name in _LEARNED if (value := getattr(learned, name))}
        stays = set(self.settled) - ({"topic"} if learned.topic in DISCREET_TOPICS else set())
        return replace(self, **{name: value for name, value in known.items() if name not in stays})

    @property
    def discreet(self) -> bool:
        """Whether lists and notifications must not show the words."""
        return self.minor or self.topic in DISCREET_TOPICS

    def to_bytes(self) -> bytes:
        """For sealing."""
        return json.dumps({k: v for k, v in structs.asdict(self).items() if v not in (None, "", False, ())}).encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> About:
        """What was sealed; names of another version are passed over."""
        known = {name: kept for name, kept in json.loads(value.decode()).items() if name in _KNOWN}
        return cls(**known | {"settled": tuple(known.get("settled", ()))})

    @staticmethod
    def language_and_topic(value: bytes) -> tuple[str | None, str | None]:
        """Those two alone of what was sealed: for whoever asks for them of many."""
        known = json.loads(value.decode())
        return known.get("language"), known.get("topic")


_KNOWN = frozenset(About.__struct_fields__)
_LEARNED = ("topic", "language", "place", "understood", "minor", "relayed")


@dataclass(frozen=True, slots=True)
class Escalated:
    """An escalation as the desk sees it. Times are unix seconds.

    ``organization`` None: the shared pool. ``claimed_by`` is the id of a user. ``waiting_since``: the first message of the
    family that no member of staff has answered; None when nobody waits. ``last_inbound`` begins WhatsApp's 24 hours.
    ``pass_to``: the organization to which it goes if the family agrees.
    """

    id: str
    channel: str
    opened: int
    organization: str | None = None
    urgency: Urgency = Urgency.NORMAL
    claimed_by: int | None = None
    claimed_at: int | None = None
    waiting_since: int | None = None
    last_inbound: int | None = None
    last_staff: int | None = None
    last_bot: int | None = None
    pass_to: str | None = None
    closed: int | None = None
    resolution: str | None = None
    about: About = field(default=About(), repr=False)

    @property
    def hard(self) -> bool:
        """Whether it was about danger, violence, a child or self-harm, or urgent for another reason: after it who answered needs care."""
        grave = self.about.cause in (Cause.DANGER, Cause.CHILD_ALONE)
        return self.urgency is Urgency.URGENT or self.about.discreet or grave

    @property
    def alias(self) -> str:
        """What staff call this person instead of a number."""
        return alias_of(self.id)


def alias_of(id: str) -> str:
    """Four signs that stand for an escalation: the same each time, and nobody gets from them to the id."""
    number = int.from_bytes(hashlib.sha256(f"alias {id}".encode()).digest()[:4], "big")
    signs = []
    for _ in range(4):
        number, sign = divmod(number, len(ALIAS_SIGNS))
        signs.append(ALIAS_SIGNS[sign])
    return "".join(signs)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread, unsealed. ``by`` is the id of the user who wrote it.

    ``beside`` holds what belongs to it: for a family's message what the bot understood (``language``, ``topic``, ``sure``,
    ``answer``) and ``media``, how many voice notes or photos came; for the system's the values of its words.
    """

    number: int
    author: Author
    at: int
    text: str = field(repr=False)
    by: int | None = None
    beside: dict[str, Any] = field(default_factory=dict, repr=False)
