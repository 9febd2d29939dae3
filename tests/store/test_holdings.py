"""What the stores hold, read on SQLite and PostgreSQL: rows, their ages, and what the keys that are left open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from redis import Redis
from sqlalchemy import Engine, insert

from bot.frozen import replace
from bot.message import Channel
from bot.seizure import Place
from bot.settings import Settings
from bot.store.escalations import Escalations
from bot.store.holdings import SQL, revealed
from bot.store.models import OptOut, TopicCount
from bot.store.opt_outs import OptOuts
from tests.store.conftest import Clock

ALSO_ON_A_CLUSTER = True

ANA, LUZ = "+15005550006", "+15005550007"


def test_rows_ages_and_what_still_opens(
    database_url: str,
    engine: Engine,
    escalations: Escalations,
    redis_client: Redis,
    peppers,
    clock: Clock,
    tmp_path: Path,
) -> None:
    OptOuts(engine, redis_client, peppers).stop(ANA, Channel.SMS, clock() - 86_400)
    OptOuts(engine, redis_client, peppers).stop(LUZ, Channel.SMS, clock())
    monday = {"week": date(2026, 11, 23), "topic": "menu", "language": "es", "channel": "sms"}
    with engine.begin() as connection:
        connection.execute(insert(TopicCount).values(**monday, n=7))
    kept, erased = escalations.open(ANA, Channel.SMS), escalations.open(LUZ, Channel.SMS)
    for id in (kept, erased):
        escalations.add(id, "family", "hola")
    escalations.erase(erased)
    settings = Settings(environment="test", data_dir=tmp_path, database_url=database_url, redis_url="unix:///nowhere")
    found = revealed(settings, clock)
    rows = {holding.name: holding for holding in found.holdings if holding.place is Place.TABLE}
    assert SQL not in found.down and found.down == ("Redis",) and "tables of the database" not in found.unknown
    assert (rows[OptOut.__tablename__].oldest, rows[OptOut.__tablename__].newest) == (clock() - 86_400, clock())
    assert rows["topic_counts"].oldest == 1_795_392_000.0 and rows["shared_phones"].count == 0
    assert (rows["escalations"].count, rows["escalation_messages"].count) == (2, 1)
    assert (found.figures.numbers, found.figures.texts, found.figures.tried_on_disk) == (1, 1, 2)
    assert found.figures.towns is None
    gone = replace(settings, database_url=f"postgresql://postgres@/puente?host={tmp_path}")
    assert SQL in revealed(gone, clock).down and revealed(gone, clock).figures.numbers is None
