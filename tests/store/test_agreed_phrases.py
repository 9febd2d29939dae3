"""What a family agreed to keep: once, scrubbed of what few people say, without a trace of who wrote it, so many a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from bot.escalation.viewer import Role
from bot.scripts.agreed import Agreed
from bot.scripts.phrases import fold
from bot.store import agreed_phrases, phrases
from bot.store.agreed_phrases import MOST_A_DAY, AgreedPhrases
from bot.store.content_models import Phrase as Row
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.phrases import Origin, Phrases
from bot.store.phrases_learned import common
from bot.store.spending import DaySpending
from tests.canary.needles import Needles
from tests.canary.people import people
from tests.store.at_desk import VERA

QUESTION = "¿Puede ir mi hijo a la escuela si no habla inglés?"


@pytest.fixture
def agreed(engine: Engine, redis_client: Redis, clock) -> AgreedPhrases:
    return AgreedPhrases(engine, DaySpending(redis_client, clock), clock)


def rows(engine: Engine) -> list[Row]:
    with engine.connect() as connection:
        return list(connection.execute(select(Row.__table__).order_by(Row.text)).all())


def test_it_waits_with_its_week_and_who_brought_it(agreed: AgreedPhrases, engine: Engine, clock) -> None:
    assert agreed.keep("es", QUESTION, "school_rights") is Agreed.KEPT
    (row,) = rows(engine)
    assert (row.text, row.language, row.heard, row.topic) == (QUESTION, "es", "school_rights", "")
    # The clock stands on a Tuesday.
    assert (row.quarter, row.week, row.origin, row.verdict, row.by) == (
        *("2026Q4", date(2026, 11, 23), "agreed", "waiting"),
        None,
    )
    (shown,) = Phrases(engine, clock).waiting(VERA)
    assert shown.origin is Origin.AGREED and Role.VOLUNTEER in VERA.roles


def test_the_same_is_kept_once_and_she_is_thanked_each_time(agreed: AgreedPhrases, engine: Engine) -> None:
    assert [agreed.keep("es", each, "") for each in (QUESTION, QUESTION, QUESTION.upper())] == [Agreed.KEPT] * 3
    assert len(rows(engine)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "   ", "1", "no", "***", "ya no", "me llamo Ana", "mi hijo " * 90, "xkj qwz prt vbn", "mam ti tten kyu"],
    ids=["nothing", "blank", "a digit", "no", "gaps", "two words", "a name", "too long", "no words", "Mam"],
)
def test_what_is_no_question_is_not_kept(agreed: AgreedPhrases, engine: Engine, text: str) -> None:
    assert agreed.keep("es", text, "") is Agreed.NOT
    assert rows(engine) == []


@pytest.mark.parametrize("measured", [QUESTION, f"{QUESTION} Marta Xol"], ids=["whole", "with a name in it"])
def test_what_the_model_is_measured_with_is_not_kept(
    agreed: AgreedPhrases, engine: Engine, monkeypatch: pytest.MonkeyPatch, measured: str
) -> None:
    """With a made-up set: the real ones are read by nobody. A gap makes no other sentence of a line."""
    for module in (phrases, agreed_phrases):
        monkeypatch.setattr(module, "measures", lambda text: fold(text) == fold(measured))
    assert agreed.keep("es", measured, "") is Agreed.NOT
    assert rows(engine) == []


def test_nothing_of_anybody_is_in_a_row(agreed: AgreedPhrases, engine: Engine) -> None:
    many = people(MOST_A_DAY, 21)
    for at, each in enumerate(many):
        agreed.keep(each.language, each.story(), "")
        agreed.keep(each.language, each.story().upper(), "")
        agreed.keep(each.language, each.dressed(("mi hijo no come", "my son does not eat", "kwaj jun abogado")[at % 3]), "")
    kept = rows(engine)
    assert len(kept) == 3, "each of the three questions, its secret taken out, is the same for all"
    assert Needles(many, 21).search(repr(kept).encode()) == []


def test_a_day_is_full_and_says_so_once(agreed: AgreedPhrases, engine: Engine, clock) -> None:
    words = sorted(word for word in common() if len(word) > 7 and word.isalpha())
    texts = [f"mi hijo no come {words[9 * at]}" for at in range(MOST_A_DAY + 5)]
    with capture_logs() as logs:
        said = [agreed.keep("es", text, "") for text in texts]
    assert said == [Agreed.KEPT] * MOST_A_DAY + [Agreed.NOT] * 5
    assert [each["event"] for each in logs] == ["phrases.day_is_full"]
    clock.advance(86_400)
    assert agreed.keep("es", texts[-1], "") is Agreed.KEPT


@pytest.fixture
def without_tables(tmp_path: Path) -> Iterator[Engine]:
    engine = engine_for(f"sqlite:///{tmp_path}/empty.db")
    yield engine
    engine.dispose()


def test_a_store_that_is_down_is_told(without_tables: Engine, redis_client: Redis, clock) -> None:
    broken = AgreedPhrases(without_tables, DaySpending(redis_client, clock), clock)
    with pytest.raises(StoreDown):
        broken.keep("es", QUESTION, "")
