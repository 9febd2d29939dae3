"""Entries of the directory in the store: who may, saving apart from confirming, two at once, the way back, whom nobody is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from bot.directory.editing.marks import Clash
from bot.escalation.viewer import Role, Viewer
from bot.store.directory_draft import Confirming, Draft, NoSuchEntry, Refused, Saved
from bot.store.directory_editing import DirectoryEditing, free_code
from bot.store.directory_entry_history import EntryHistory
from bot.store.directory_importing import DirectoryImporting
from bot.store.errors import NotYours
from tests.store.conftest import Clock
from tests.store.directory_editors import ANA, BEA, CARLA, ROMERO, audited, cells, draft, editing, places

__all__ = ["editing", "places"]
pytestmark = pytest.mark.slow


def test_saving_confirms_nothing(editing: DirectoryEditing, engine: Engine) -> None:
    done = editing.save(ANA, ROMERO, draft(editing, hours="Mo-Fr 09:00-17:00", cost="gratis"))
    assert isinstance(done, Saved) and set(done.changed) == {"hours", "cost"} and not done.confirmed
    found = cells(editing)
    assert (found["hours"], found["cost"]) == ("Mo-Fr 09:00-17:00", "gratis")
    assert not found["phone_verified_on"] and not found["assured_date"]
    assert audited(engine)[-1][:2] == ("Ana Lucía (user 7)", "directory.saved")
    assert "centro_romero" in audited(engine)[-1][2] and "gratis" not in str(audited(engine))


def test_confirming_is_of_today_by_her_and_of_that_number(editing: DirectoryEditing, engine: Engine) -> None:
    done = editing.save(ANA, ROMERO, draft(editing), Confirming("call"))
    assert isinstance(done, Saved) and done.confirmed == "+17735085300"
    found = cells(editing)
    assert (found["phone_verified_on"], found["phone_verified_by"], found["phone_verified_how"]) == (
        "2026-11-26",
        "Ana Lucía",
        "call",
    )
    assert audited(engine)[-1][1] == "directory.confirmed"


def test_her_day_is_that_of_the_teams_clocks(editing: DirectoryEditing, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 27, 3, tzinfo=UTC).timestamp()
    assert editing.today().isoformat() == "2026-11-26", "nine in the evening in Chicago"
    editing.save(ANA, ROMERO, draft(editing), Confirming("visit"))
    assert cells(editing)["phone_verified_on"] == "2026-11-26"


def test_a_number_that_she_corrects_while_she_calls_is_the_one_that_she_confirms(editing: DirectoryEditing) -> None:
    done = editing.save(ANA, ROMERO, draft(editing, phone="+17735085301"), Confirming("call", "+17735085301"))
    assert isinstance(done, Saved)
    assert (cells(editing)["phone"], cells(editing)["phone_verified_on"]) == ("+17735085301", "2026-11-26")


def test_a_number_that_changes_is_not_confirmed_any_more(editing: DirectoryEditing) -> None:
    editing.save(ANA, ROMERO, draft(editing), Confirming("call"))
    editing.save(BEA, ROMERO, draft(editing, BEA, phone="+17735085301"))
    assert (cells(editing)["phone"], cells(editing)["phone_verified_on"]) == ("+17735085301", "")


@pytest.mark.parametrize("confirming", [Confirming(""), Confirming("mail"), Confirming("call", "+12125550100")])
def test_a_confirmation_that_is_none_stores_nothing(editing: DirectoryEditing, confirming: Confirming) -> None:
    before = editing.store.version()
    done = editing.save(ANA, ROMERO, draft(editing, cost="gratis"), confirming)
    assert isinstance(done, Refused) and done.why
    assert editing.store.version() == before and not cells(editing)["cost"]


def test_a_name_that_is_none_confirms_nothing(editing: DirectoryEditing) -> None:
    nameless = Viewer(5, "1", frozenset({Role.VOLUNTEER}))
    assert isinstance(editing.save(nameless, ROMERO, draft(editing), Confirming("call")), Refused)


def test_what_cannot_be_is_refused_with_its_field(editing: DirectoryEditing) -> None:
    done = editing.save(ANA, ROMERO, draft(editing, url="javascript:alert(1)", cost="gratis"))
    assert isinstance(done, Refused) and [each.column for each in done.problems] == ["url"]
    assert not cells(editing)["cost"]


CALLS: dict[str, Callable[[DirectoryEditing, Viewer], object]] = {
    "save": lambda editing, viewer: editing.save(viewer, ROMERO, Draft({"cost": "1"}, {})),
    "confirm": lambda editing, viewer: editing.save(viewer, ROMERO, Draft({}, {}), Confirming("call")),
    "add": lambda editing, viewer: editing.add(viewer, {"org_name": "X"}),
    "state": lambda editing, viewer: editing.set_state(viewer, ROMERO, "closed"),
    "works": lambda editing, viewer: editing.resolve_flags(viewer, ROMERO),
    "try": lambda editing, viewer: editing.tried(viewer, ROMERO, Draft({}, {})),
    "write": lambda editing, viewer: editing.write(viewer, editing.seen(ANA), (), object()),  # type: ignore[arg-type]
    "import": lambda editing, viewer: DirectoryImporting(editing).look(viewer, "x.csv", b"code\n", replace=False),
    "back": lambda editing, viewer: EntryHistory(editing._engine, editing).back(viewer, ROMERO, 0, 0),
}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RESPONDER, Role.ADMIN])
@pytest.mark.parametrize("call", CALLS)
def test_only_volunteers_and_publishers_change_it(editing: DirectoryEditing, call: str, role: Role) -> None:
    before = editing.store.mark()
    with pytest.raises(NotYours):
        CALLS[call](editing, Viewer(3, "Otra", frozenset({role})))
    assert editing.store.mark() == before


def test_a_coordinator_looks_and_others_do_not(editing: DirectoryEditing) -> None:
    assert editing.entry(CARLA, ROMERO).code == ROMERO
    for role in (Role.RESPONDER, Role.ADMIN):
        with pytest.raises(NotYours):
            editing.seen(Viewer(3, "Otra", frozenset({role})))


def test_only_a_publisher_says_where_families_are_not_sent(editing: DirectoryEditing) -> None:
    editing.save(ANA, "carecen_sf", draft(editing, code="carecen_sf", do_not_route=""))
    assert cells(editing, "carecen_sf")["do_not_route"]
    editing.save(BEA, "carecen_sf", draft(editing, BEA, code="carecen_sf", do_not_route=""))
    assert not cells(editing, "carecen_sf")["do_not_route"]


def test_an_unknown_entry_is_told_as_such(editing: DirectoryEditing) -> None:
    with pytest.raises(NoSuchEntry):
        editing.save(ANA, "nobody", Draft({}, {}))


def test_two_fields_of_two_people_are_both_kept(editing: DirectoryEditing) -> None:
    hers, others = draft(editing, cost="gratis"), draft(editing, BEA, eligibility="todos")
    assert isinstance(editing.save(BEA, ROMERO, others), Saved)
    assert isinstance(editing.save(ANA, ROMERO, hers), Saved)
    assert (cells(editing)["cost"], cells(editing)["eligibility"]) == ("gratis", "todos")


def test_one_field_of_two_people_shows_both_and_loses_neither(editing: DirectoryEditing) -> None:
    hers, others = draft(editing, cost="gratis", eligibility="todos"), draft(editing, BEA, cost="20 dólares")
    editing.save(BEA, ROMERO, others)
    done = editing.save(ANA, ROMERO, hers)
    assert isinstance(done, Refused) and done.clashes == (Clash("cost", "gratis", "20 dólares"),)
    assert (cells(editing)["cost"], cells(editing)["eligibility"]) == ("20 dólares", ""), "all or nothing"


def test_many_at_once_lose_nothing(editing: DirectoryEditing) -> None:
    fields = ("cost", "eligibility", "transportation", "application_process")
    drafts = {name: draft(editing, **{name: f"dice {name}"}) for name in fields}
    done: dict[str, object] = {}

    def save(name: str) -> None:
        done[name] = editing.save(ANA, ROMERO, drafts[name])

    threads = [threading.Thread(target=save, args=(name,)) for name in fields]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(each, Saved) for each in done.values())
    assert [cells(editing)[name] for name in fields] == [f"dice {name}" for name in fields]


NEW = {
    "org_name": "Casa Nueva",
    "service_terms": "legal;health",
    "country": "US",
    "state": "IL",
    "city": "Chicago",
    "phone": "+17735085300",
    "source_url": "a flyer",
}


def test_a_new_entry_is_not_confirmed_and_is_told_as_a_twin(editing: DirectoryEditing, engine: Engine) -> None:
    done = editing.add(ANA, NEW)
    assert isinstance(done, Saved) and done.code == "casa_nueva"
    found = cells(editing, "casa_nueva")
    assert (found["kind"], found["aa_member"], found["phone_verified_on"]) == ("partner", "unverified", "")
    assert found["lat"] == "41.85" and found["timezone"] == "America/Chicago"
    assert [each.reasons for each in done.duplicates] == [("the same phone 773-508-5300",)]
    assert audited(engine)[-1][1] == "directory.added"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Casa Nueva", "casa_nueva"),
        ("Centro Romero", "centro_romero_2"),
        ("new", "new_entry"),
        ("K'iche' ¡!", "kiche"),
        ("日本", "new_entry"),
    ],
)
def test_codes_are_made_of_names(editing: DirectoryEditing, name: str, code: str) -> None:
    assert free_code(name, editing.seen(ANA)) == code


def test_pausing_closing_and_opening_again(editing: DirectoryEditing, engine: Engine) -> None:
    for state, status in (("paused", "inactive"), ("closed", "defunct"), ("active", "active")):
        assert isinstance(editing.set_state(ANA, ROMERO, state), Saved)
        assert cells(editing)["status"] == status
    assert [row[1] for row in audited(engine)][-3:] == ["directory.paused", "directory.closed", "directory.opened"]
    with pytest.raises(ValueError):
        editing.set_state(ANA, ROMERO, "gone")
