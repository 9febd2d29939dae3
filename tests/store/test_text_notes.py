"""Notes on texts: kept in their order; a doubt stays until somebody settles it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role
from bot.language import Language
from bot.store.errors import NotYours
from bot.store.staff_models import AuditRow
from bot.store.text_notes import LONGEST_NOTE, TextNotes
from tests.store.at_desk import ANA, CORA, EVERYBODY, PIA, VERA, employ, viewer
from tests.store.conftest import Clock

QUC, ES = Language.QUC, Language.ES
KEY = "home_visit.first.say"


@pytest.fixture
def notes(engine: Engine, clock: Clock) -> TextNotes:
    employ(engine, *EVERYBODY)
    return TextNotes(engine, clock)


def test_notes_stand_newest_first_with_who_wrote_them(notes: TextNotes, clock: Clock) -> None:
    assert notes.note(VERA, KEY, QUC, "  So in\n Nahualá. ")
    clock.advance(60)
    assert notes.note(PIA, KEY, QUC, "x" * 5_000)
    newest, first = notes.of(VERA, KEY, QUC)
    assert (first.name, first.text, first.unsure, first.at) == ("Vera", "So in Nahualá.", False, int(clock.now) - 60)
    assert (newest.name, len(newest.text)) == ("Pia", LONGEST_NOTE)
    assert notes.of(VERA, KEY, ES) == notes.of(VERA, "home_visit.card.say", QUC) == ()


def test_an_empty_note_is_none(notes: TextNotes) -> None:
    assert not notes.note(VERA, KEY, QUC, "  ")
    assert notes.of(VERA, KEY, QUC) == ()


def test_a_doubt_stays_until_somebody_settles_it(notes: TextNotes) -> None:
    assert notes.note(VERA, KEY, QUC, "", unsure=True)
    notes.note(PIA, KEY, QUC, "Ask in Totonicapán.")
    assert notes.unsure(PIA, QUC) == {KEY: VERA.user} and notes.unsure(PIA, ES) == {}
    assert notes.settle(PIA, KEY, QUC) and notes.unsure(VERA, QUC) == {}
    assert not notes.settle(PIA, KEY, QUC), "there is nothing more to settle"
    notes.note(PIA, KEY, QUC, "Still?", unsure=True)
    assert notes.unsure(VERA, QUC) == {KEY: PIA.user}
    assert [(each.unsure, each.settles) for each in notes.of(VERA, KEY, QUC)] == [
        (True, False), (False, True), (False, False), (True, False),
    ]  # fmt: skip


def test_who_does_not_write_on_answers_neither_reads_nor_writes(notes: TextNotes) -> None:
    for who in (ANA, CORA, viewer(9, Role.ADMIN)):
        with pytest.raises(NotYours):
            notes.note(who, KEY, QUC, "x")
        with pytest.raises(NotYours):
            notes.of(who, KEY, QUC)
        with pytest.raises(NotYours):
            notes.unsure(who, QUC)
        with pytest.raises(NotYours):
            notes.settle(who, KEY, QUC)


def test_the_audit_says_that_and_not_what(notes: TextNotes, engine: Engine) -> None:
    notes.note(VERA, KEY, QUC, "a secret")
    notes.note(VERA, KEY, QUC, "", unsure=True)
    notes.settle(VERA, KEY, QUC)
    with engine.connect() as connection:
        rows = connection.execute(select(AuditRow.action, AuditRow.object)).all()
    assert [tuple(row) for row in rows] == [
        (act, f"{KEY} quc") for act in ("text_noted", "text_doubted", "text_settled")
    ]
