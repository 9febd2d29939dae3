"""The desk as a turn of the bot knows it: who answers there, and whether it is a bad day. A worker writes it, turns read it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, json

from bot.escalation.organization import DeskOrganization
from bot.escalation.routing import route
from bot.language import Language

PATIENCE = 30 * 60
"""Seconds without a word of staff after the family wrote; then the bot answers again (``DESK_PATIENCE``)."""


class BadDay(Struct, frozen=True):
    """A coordinator's switch. ``wait``: the median of today's waits in seconds, None while nobody has been answered."""

    since: int
    wait: int | None = None


class Board(Struct, frozen=True):
    """``organizations`` are those that have somebody who can answer. Empty: there is no desk, and nobody is promised."""

    organizations: tuple[DeskOrganization, ...] = ()
    bad_day: BadDay | None = None

    @property
    def answers(self) -> bool:
        """Whether a person can be offered at all."""
        return bool(self.organizations)

    def of(self, id: str | None) -> DeskOrganization | None:
        """The organization of that id, if it answers."""
        return next((each for each in self.organizations if each.id == id), None)

    def for_(self, language: Language | None, place: str | None, topic: str | None) -> DeskOrganization | None:
        """Who is offered to this person."""
        return route(self.organizations, language, place, topic)

    def to_json(self) -> str:
        """As it lies in Redis."""
        return json.encode(self).decode()

    @classmethod
    def from_json(cls, written: str) -> Board:
        """As it was written; ``ValueError`` for what is none."""
        try:
            value = json.decode(written)
            organizations = tuple(_organization(each) for each in value["organizations"])
            bad = value.get("bad_day")
            return cls(organizations, BadDay(**bad) if bad else None)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a board") from error


def median_wait(answered: Sequence[int], waiting: Sequence[int]) -> int | None:
    """How long half of those who ask wait at most, in seconds; None while nobody has been answered.

    ``answered``: how long each waited for the first word of staff; ``waiting``: how long those have waited who got none yet. They
    count too, or on the morning of a raid the three who were answered at once would speak for the sixty who wait (Kaplan and
    Meier, 1958). Where more than half still wait it is at least the longest wait so far, and that is what is told.

    >>> median_wait([60, 120, 600], [])
    120
    >>> median_wait([60], [500, 800, 900])
    900
    """
    if not answered:
        return None
    left, unanswered = len(answered) + len(waiting), 1.0
    # Of equals the answered first: who still waits at that moment waits longer.
    for wait, ended in sorted([(wait, False) for wait in answered] + [(wait, True) for wait in waiting]):
        if not ended:
            unanswered *= (left - 1) / left
            # Not exactly a half, by the rounding of the machine.
            if unanswered <= 0.5 + 1e-9:
                return max(0, wait)
        left -= 1
    return max(0, *answered, *waiting)


def _organization(value: dict[str, object]) -> DeskOrganization:
    listed = {
        name: tuple(kept) if isinstance(kept, Sequence) and not isinstance(kept, str) else kept
        for name, kept in value.items()
    }
    return DeskOrganization(**listed)  # type: ignore[arg-type]
