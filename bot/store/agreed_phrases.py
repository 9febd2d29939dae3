"""Questions that families agreed to keep, on their way to the phrases: scrubbed of all that few people say, so many a day.

Nothing in a row leads to who wrote it, so BORRAR cannot find it again; the family is told so before she writes.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from bot.scripts.agreed import Agreed, common_words
from bot.spending import Ledger
from bot.store.database import sql_errors
from bot.store.desk_errors import TextRefused
from bot.store.phrases import Origin, keep
from bot.store.phrases_learned import common, measures

MOST_A_DAY = 40
"""So many of all families together: nobody fills the table, and the team can look at a day's in an hour."""
_COUNTED = "agreed"

log = structlog.get_logger()


class AgreedPhrases:
    """What families agreed to keep. Safe for all threads of a process."""

    def __init__(self, engine: Engine, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._engine, self._ledger, self._clock = engine, ledger, clock

    def keep(self, language: str, text: str, heard: str) -> Agreed:
        """Keeps the question, if nothing in it can lead to anybody; once, however often it comes. Raises ``StoreDown``.

        ``heard`` is the topic for which the bot takes it.
        """
        words = common_words(text, common())
        # Of the text as it came too: with a gap in it, a line that measures would pass for another.
        if words is None or measures(text) or not self._has_room():
            return Agreed.NOT
        try:
            with sql_errors(), self._engine.begin() as connection:
                kept = keep(connection, self._clock(), language, words, heard, origin=Origin.AGREED)
        except TextRefused:
            return Agreed.NOT
        return Agreed.KEPT if kept else Agreed.NOT

    def _has_room(self) -> bool:
        today = self._ledger.count(_COUNTED)
        if today == MOST_A_DAY + 1:
            log.warning("phrases.day_is_full")
        return today <= MOST_A_DAY
