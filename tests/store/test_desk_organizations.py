"""The organizations of the desk and their agreements, on both databases: kept as they were written, one default, all in the audit."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from sqlalchemy import Engine

from bot.escalation.errors import OrganizationWrong
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL
from bot.frozen import replace
from bot.store import audit
from bot.store.database import engine_for
from bot.store.desk_organizations import DeskOrganizations
from bot.store.errors import StoreDown
from tests.store.conftest import Clock
from tests.store.test_desk_turns import audited

CASA = DeskOrganization(
    "casa-azul", "Casa Ñandú", "Mo-Fr 09:00-17:00; PH off", "America/New_York", ("es", "quc"), ("US-IL", "MX-Chiapas"),
    ("car_stop", "food"), is_default=True, active=True, debrief="Luz, los martes", urgent_a_day=7,
)  # fmt: skip
LEJOS = DeskOrganization("lejos", "Lejos")


@pytest.fixture
def store(engine: Engine, clock: Clock) -> DeskOrganizations:
    return DeskOrganizations(engine, clock)


def test_they_are_kept_as_they_were_written(store: DeskOrganizations, engine: Engine) -> None:
    assert store.save("Rosa", LEJOS) and store.save("Rosa", CASA)
    assert store.all() == (CASA, LEJOS) and store.one("casa-azul") == CASA and store.one("nadie") is None
    changed = replace(CASA, hours="", topics=(), active=False)
    assert not store.save("Rosa", changed) and store.one("casa-azul") == changed
    assert [(action, object) for _, action, object in audited(engine)] == [
        ("organization.add", "lejos"),
        ("organization.add", "casa-azul"),
        ("organization.change", "casa-azul"),
    ]
    assert audit.verify(engine).rows == 3


def test_what_cannot_be_changes_nothing(store: DeskOrganizations, engine: Engine) -> None:
    store.save("Rosa", CASA)
    wrong = replace(CASA, hours="often", urgent_a_day=-1)
    with pytest.raises(OrganizationWrong) as told:
        store.save("Rosa", wrong)
    assert len(told.value.problems) == 2
    with pytest.raises(OrganizationWrong, match="looks like a number"):
        store.save("Rosa", replace(LEJOS, id="5005550006", is_default=True))
    with pytest.raises(ValueError):
        store.save("+1 (500) 555-0006", replace(LEJOS, is_default=True))
    assert store.all() == (CASA,) and len(audited(engine)) == 1


def test_an_agreement_goes_one_way_and_ends(store: DeskOrganizations, engine: Engine) -> None:
    store.save("Rosa", CASA)
    store.save("Rosa", LEJOS)
    assert store.agreements() == {}
    assert store.agree("Rosa", "casa-azul", "lejos", True) and not store.agree("Rosa", "casa-azul", "lejos", True)
    assert store.agree("Rosa", "casa-azul", SHARED_POOL, True)
    assert store.agreements() == {"casa-azul": frozenset({"lejos", SHARED_POOL})}, "lejos sees nothing more for that"
    for pair in (("casa-azul", "nadie"), ("nadie", "lejos"), ("casa-azul", "casa-azul"), ("", SHARED_POOL)):
        with pytest.raises(OrganizationWrong):
            store.agree("Rosa", *pair, True)
    assert store.agree("Rosa", "casa-azul", "lejos", False) and not store.agree("Rosa", "casa-azul", "lejos", False)
    assert store.agreements() == {"casa-azul": frozenset({SHARED_POOL})}
    assert len(audited(engine)) == 5


def test_of_two_defaults_at_once_one_stays(
    store: DeskOrganizations, engine: Engine, database_url: str, clock: Clock
) -> None:
    def saving(id: str) -> None:
        mine = engine_for(database_url)
        for _ in range(20):
            with suppress(StoreDown):
                DeskOrganizations(mine, clock).save("Rosa", DeskOrganization(id, id, is_default=True))
                break
        mine.dispose()

    threads = [threading.Thread(target=saving, args=(id,)) for id in ("uno", "dos", "tres", "cuatro")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(store.all()) == 4 and [each.is_default for each in store.all()].count(True) == 1
    assert audit.verify(engine).rows == 4
