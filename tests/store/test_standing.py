"""Who is entered as a speaker or with a licence, and which answers somebody looks after."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.store.errors import NotYours
from bot.store.people import People, WorkRefused
from bot.store.staff_models import AuditRow
from tests.store.conftest import Clock

ADMIN = frozenset({Role.ADMIN})
VOLUNTEER = frozenset({Role.VOLUNTEER})


def hired(people: People, name: str, roles: frozenset[Role], organization: str | None = None) -> Viewer:
    """Somebody with an account."""
    id = people.add(
        "terminal", email=f"{name}@example.org", name=name, password="x", language="es", organization=organization,
        roles=roles,
    )  # fmt: skip
    return Viewer(id, name, roles, organization)


@pytest.fixture
def people(engine: Engine, clock: Clock) -> People:
    return People(engine, clock)


def test_an_admin_enters_a_speaker_and_a_licence_and_the_audit_knows_it(people: People) -> None:
    ada, rosa = hired(people, "Ada", ADMIN), hired(people, "Rosa", VOLUNTEER)
    people.change_standing(ada, rosa.user, " Nahualá ", "IL 1234567")
    rosas = people.by_id(rosa.user)
    assert rosas and (rosas.speaker_of, rosas.licence) == ("Nahualá", "IL 1234567")
    people.change_standing(ada, rosa.user, "Nahualá", "IL 1234567")
    people.change_standing(ada, rosa.user, "", "")
    with people.engine.connect() as connection:
        acts = connection.execute(select(AuditRow.action, AuditRow.object).order_by(AuditRow.seq)).all()
    mine = [tuple(act) for act in acts if act.action == "standing.changed"]
    assert mine == [("standing.changed", "user 2: speaker, licence"), ("standing.changed", "user 2: none")]


@pytest.mark.parametrize("roles", [VOLUNTEER, frozenset({Role.PUBLISHER}), frozenset({Role.COORDINATOR})])
def test_nobody_else_enters_that_not_even_of_herself(people: People, roles: frozenset[Role]) -> None:
    rosa = hired(people, "Rosa", roles)
    with pytest.raises(NotYours):
        people.change_standing(rosa, rosa.user, "Nahualá", "IL 1")


def test_an_admin_of_another_organization_does_not_either(people: People) -> None:
    ada, rosa = hired(people, "Ada", ADMIN, "casa"), hired(people, "Rosa", VOLUNTEER, "lejos")
    with pytest.raises(NotYours):
        people.change_standing(ada, rosa.user, "Nahualá", "")


def test_what_somebody_looks_after_is_hers_to_say_and_an_admins(people: People) -> None:
    ada, rosa, luis = hired(people, "Ada", ADMIN), hired(people, "Rosa", VOLUNTEER), hired(people, "Luis", VOLUNTEER)
    people.change_work(rosa, rosa.user, [Language.QUC, Language.ES], "US-IL")
    rosas = people.by_id(rosa.user)
    assert rosas and (rosas.works_in, rosas.state) == ((Language.ES, Language.QUC), "US-IL")
    people.change_work(ada, rosa.user, [], "")
    rosas = people.by_id(rosa.user)
    assert rosas and (rosas.works_in, rosas.state) == ((), "")
    with pytest.raises(NotYours):
        people.change_work(luis, rosa.user, [], "")


@pytest.mark.parametrize("state", ["Illinois", "il", "US-", "US-ILLI", "US-IL "])
def test_a_state_that_is_none_is_refused(people: People, state: str) -> None:
    rosa = hired(people, "Rosa", VOLUNTEER)
    with pytest.raises(WorkRefused):
        people.change_work(rosa, rosa.user, [], state)
