"""How often each answer was read lately, from the weekly counts of topics. Small numbers were merged before they were written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Engine, func, select

from bot.store.counts import OTHER
from bot.store.database import sql_errors
from bot.store.models import TopicCount
from bot.store.tally import monday

WEEKS = 4


def reads(engine: Engine, now: float) -> Mapping[str, int]:
    """By flow, in the last four weeks, this one among them. ``now``: unix seconds. Raises ``StoreDown``.

    A flow that is not there was read fewer than ``counts.SMALL`` times in each language and on each channel.
    """
    since = monday(now) - timedelta(weeks=WEEKS - 1)
    counted = (
        select(TopicCount.topic, func.sum(TopicCount.n)).where(TopicCount.week >= since).group_by(TopicCount.topic)
    )
    with sql_errors(), engine.connect() as connection:
        return {topic: int(n) for topic, n in connection.execute(counted) if topic != OTHER}
