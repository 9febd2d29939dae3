"""The history of an entry: each step, and the way back that undoes nothing unseen and brings no confirmation back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.store.directory_draft import Confirming, Saved
from bot.store.directory_editing import DirectoryEditing
from bot.store.directory_entry_history import EntryHistory
from bot.store.errors import DirectoryMoved, DirectoryRefused
from tests.store.conftest import Clock
from tests.store.directory_editors import ANA, BEA, NOON, ROMERO, cells, draft, editing, places

__all__ = ["editing", "places"]
pytestmark = pytest.mark.slow


def test_back_to_what_it_was(editing: DirectoryEditing, engine: Engine, clock: Clock) -> None:
    history = EntryHistory(engine, editing)
    begun = cells(editing)
    for days, changed in enumerate(
        ({"hours": "Mo 09:00-17:00"}, {"hours": "Tu 10:00-12:00", "phone": ""}, {"phone2": "+17735550100"}), 1
    ):
        clock.now = NOON + days * 86_400
        assert isinstance(editing.save(ANA, ROMERO, draft(editing, **changed)), Saved)
    steps = history.steps(ANA, ROMERO)
    assert [step.by for step in steps] == ["Ana Lucía (user 7)"] * 3 + ["seed"]
    told = {field: (before, after) for field, before, after in steps[1].changed}
    assert told["hours"] == ("Mo 09:00-17:00", "Tu 10:00-12:00") and told["phone"] == ("+17735085300", "")
    clock.now += 86_400
    history.back(BEA, ROMERO, steps[2].number, steps[0].number)
    assert cells(editing)["hours"] == "Mo 09:00-17:00" and cells(editing)["phone"] == "+17735085300"
    clock.now += 86_400
    again = history.steps(BEA, ROMERO)
    assert len(again) == len(steps) + 1 and again[0].by == "Bea (user 8)", (
        "going back is a step itself; nothing is deleted"
    )
    history.back(BEA, ROMERO, steps[3].number, again[0].number)
    assert cells(editing) == begun
    assert steps[3].added
    with pytest.raises(DirectoryRefused):
        history.back(BEA, ROMERO, 0, history.steps(BEA, ROMERO)[0].number)
    assert cells(editing) == begun, "nobody takes an entry away by going back too far"


def test_a_number_that_comes_back_has_to_be_confirmed_anew(
    editing: DirectoryEditing, engine: Engine, clock: Clock
) -> None:
    history = EntryHistory(engine, editing)
    editing.save(ANA, ROMERO, draft(editing), Confirming("call"))
    confirmed = history.steps(ANA, ROMERO)[0].number
    clock.now += 60
    editing.save(BEA, ROMERO, draft(editing, BEA, phone="+17735085301"))
    clock.now += 60
    history.back(ANA, ROMERO, confirmed, history.steps(ANA, ROMERO)[0].number)
    assert (cells(editing)["phone"], cells(editing)["phone_verified_on"]) == ("+17735085300", "")


def test_a_number_that_stayed_keeps_its_newer_confirmation(
    editing: DirectoryEditing, engine: Engine, clock: Clock
) -> None:
    history = EntryHistory(engine, editing)
    editing.save(ANA, ROMERO, draft(editing, cost="gratis"))
    first = history.steps(ANA, ROMERO)[0].number
    clock.now += 86_400
    editing.save(ANA, ROMERO, draft(editing, cost="caro"), Confirming("call"))
    clock.now += 60
    history.back(ANA, ROMERO, first, history.steps(ANA, ROMERO)[0].number)
    assert (cells(editing)["cost"], cells(editing)["phone_verified_on"]) == ("gratis", "2026-11-27")


def test_nothing_is_undone_that_she_has_not_seen(editing: DirectoryEditing, engine: Engine, clock: Clock) -> None:
    history = EntryHistory(engine, editing)
    editing.save(ANA, ROMERO, draft(editing, cost="gratis"))
    seen = history.steps(ANA, ROMERO)
    clock.now += 60
    editing.save(BEA, ROMERO, draft(editing, BEA, eligibility="todos"))
    with pytest.raises(DirectoryMoved):
        history.back(ANA, ROMERO, seen[1].number, seen[0].number)
    assert cells(editing)["eligibility"] == "todos"
