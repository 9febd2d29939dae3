"""Which week's mail has gone out to coordinators, and what it counts: one row of ``meta``, and numbers out of the tables.

The row holds a Monday, and until when somebody who took that week may be sending; once it is sent, ``done``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import Engine, Update, func, select, update

from bot.directory.call_again import call_again
from bot.directory.hotline import Hotline
from bot.directory.listed import listed
from bot.scripts.called import lines_due
from bot.scripts.change import Stage
from bot.scripts.digest import Digest
from bot.scripts.fact import Fact
from bot.scripts.fact_renewal import SOON
from bot.scripts.phrases import Verdict
from bot.store.content_models import Change, Phrase
from bot.store.counts import SMALL
from bot.store.database import sql_errors
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.errors import DirectoryDamaged, SealBroken
from bot.store.gap_counts import gap_counts
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.models import Meta

_NAME = "digest"
_DONE = "done"
_SENDING = 600
"""Seconds in which who took a week may be sending; after that somebody else takes it again."""
NOWHERE_WEEKS = 4


class DigestWeek:
    """The weeks. ``clock`` is the bot's. Every method raises ``StoreDown``; several workers may use it at once."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def take(self, week: date) -> bool:
        """Whether this week's mail is to be sent now, by whoever asked.

        An installation that has never sent one begins with the next week: on its first day everything waits.
        """
        now, first = int(self._clock()), f"{week} {_DONE}"
        with sql_errors(), self._engine.begin() as connection:
            of, _, until = in_turn(connection, _NAME, first).partition(" ")
            # A clock that was put back, or a week that somebody else has just sent.
            if of > str(week) or (of == str(week) and (until == _DONE or int(until) > now)):
                return False
            connection.execute(_set(f"{week} {now + _SENDING}"))
        return True

    def sent(self, week: date) -> None:
        """It went out."""
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(_set(f"{week} {_DONE}"))


def _set(value: str) -> Update:
    return update(Meta).where(Meta.key == _NAME).values(value=value)


def what_waits(
    facts: Mapping[str, Fact], hotlines: Mapping[str, Hotline], places: int, engine: Engine, now: float
) -> Digest:
    """The numbers of this moment; of no person and no text anything. ``places``: organizations to call. Raises ``StoreDown``."""
    today = utc_day(now)
    days = [(fact.valid_until - today).days for fact in facts.values()]
    nowhere = sum(n for _, _, n in gap_counts(engine, today - timedelta(weeks=NOWHERE_WEEKS)))
    with sql_errors(), engine.connect() as connection:
        phrases = connection.scalar(select(func.count()).where(Phrase.verdict == Verdict.WAITING.value))
        reviews = connection.scalar(select(func.count()).where(Change.state == Stage.REVIEW.value))
    return Digest(
        facts_out=sum(left < 0 for left in days),
        facts_soon=sum(0 <= left <= SOON.days for left in days),
        places=places,
        lines=len(lines_due(hotlines, today)),
        phrases=phrases or 0,
        # As everywhere: a count under five tells too much.
        nowhere=nowhere if nowhere >= SMALL else 0,
        reviews=reviews or 0,
    )


def places_to_call(directory: DirectoryStore, flags: DirectoryFlags, now: float) -> int:
    """How many organizations are to be called within two weeks; none where the directory cannot be read, which is told elsewhere.

    Raises ``StoreDown``.
    """
    said: dict[str, int] = {}
    for flag in flags.flags():
        said[flag.record] = said.get(flag.record, 0) + flag.n
    try:
        rows = listed(directory.read()[0], said) if directory.seeded() else ()
    except (DirectoryDamaged, SealBroken):
        rows = ()
    return len(call_again(rows, utc_day(now), SOON.days))
