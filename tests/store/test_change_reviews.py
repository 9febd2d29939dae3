"""Who may say that a text is right, or approve an answer: the store refuses everybody else, whatever a page shows."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.store.change_errors import AuthorMayNotPublish, CannotApprove, CannotReview, ChangeMoved, NoSuchAnswer
from bot.store.changes import Changes
from bot.store.people import People
from bot.store.releases import Releases
from bot.wording.state import State
from tests.store.conftest import Clock

pytestmark = pytest.mark.slow

FLOW = "home_visit"
KEY = "home_visit.first.say"
ES, EN, QUC = Language.ES, Language.EN, Language.QUC


@pytest.fixture
def changes(engine: Engine, clock: Clock) -> Changes:
    releases = Releases(engine, b"k" * 32, clock, judge=lambda *_: ())
    return Changes(engine, releases, People(engine, clock), clock, judge=lambda *_: ())


def hired(changes: Changes, name: str, *roles: Role, speaker_of: str = "", licence: str = "") -> Viewer:
    """Somebody with an account; what she is entered for, an admin entered."""
    id = changes.people.add(
        "terminal", email=f"{name}@example.org", name=name, password="x", language="es", organization=None,
        roles=frozenset(roles),
    )  # fmt: skip
    changes.people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), id, speaker_of, licence)
    return Viewer(id, name, frozenset(roles))


def state(changes: Changes, language: Language) -> tuple[State, str]:
    """How far the text can be trusted, and whose word that is."""
    line = changes.answer(FLOW).line(KEY)
    assert line
    said = line.said[language]
    return said.state, said.review.by if said.review else ""


def written(changes: Changes, who: Viewer, language: Language, text: str, meaning: bool = False) -> None:
    line = changes.answer(FLOW).line(KEY)
    assert line
    changes.save(who, FLOW, KEY, language, text, line.said[language].version, meaning)


def test_a_speaker_says_it_of_kiche_under_her_name_and_it_goes_out_at_once(changes: Changes) -> None:
    rosa = hired(changes, "Rosa Tzoc", Role.VOLUNTEER, speaker_of="Nahualá")
    assert changes.mark_reviewed(rosa, FLOW, KEY, QUC) == 1
    assert state(changes, QUC) == (State.REVIEWED, "Rosa Tzoc")
    po = changes.releases.current().sources["locales/quc/LC_MESSAGES/answers.po"].decode()
    assert "# reviewed 2026-11-24 by Rosa Tzoc against en:" in po and changes.releases.current().by == rosa.user


@pytest.mark.parametrize("roles", [(Role.VOLUNTEER,), (Role.PUBLISHER,), (Role.ADMIN, Role.PUBLISHER)])
def test_who_is_not_entered_as_a_speaker_cannot(changes: Changes, roles: tuple[Role, ...]) -> None:
    with pytest.raises(CannotReview):
        changes.mark_reviewed(hired(changes, "Ana", *roles), FLOW, KEY, QUC)
    assert changes.releases.number() == 0


def test_spanish_is_for_a_publisher_who_did_not_write_it(changes: Changes) -> None:
    luis, luz = hired(changes, "Luis", Role.PUBLISHER), hired(changes, "Luz", Role.PUBLISHER)
    marta = hired(changes, "Marta", Role.VOLUNTEER, speaker_of="Nahualá")
    written(changes, luis, ES, "No abra la puerta.")
    for nobody in (luis, marta):
        with pytest.raises(CannotReview):
            changes.mark_reviewed(nobody, FLOW, KEY, ES)
    assert changes.mark_reviewed(luz, FLOW, KEY, ES) is None
    assert state(changes, ES) == (State.REVIEWED, "Luz") and changes.releases.number() == 0
    changes.send(luis, FLOW)
    with pytest.raises(AuthorMayNotPublish):
        changes.publish(luis, FLOW)
    changes.publish(luz, FLOW)
    assert state(changes, ES) == (State.REVIEWED, "Luz")


def test_the_word_is_void_once_somebody_writes_on(changes: Changes) -> None:
    luis, luz = hired(changes, "Luis", Role.VOLUNTEER), hired(changes, "Luz", Role.PUBLISHER)
    rosa = hired(changes, "Rosa", Role.VOLUNTEER, speaker_of="Nahualá")
    written(changes, luis, ES, "No abra la puerta.")
    changes.mark_reviewed(luz, FLOW, KEY, ES)
    changes.mark_reviewed(rosa, FLOW, KEY, QUC)
    assert (state(changes, ES)[0], state(changes, QUC)[0]) == (State.REVIEWED, State.REVIEWED)
    written(changes, luis, ES, "No abra la puerta a nadie.")
    assert (state(changes, ES)[0], state(changes, QUC)[0]) == (State.DRAFT, State.DRAFT)


def test_what_was_not_seen_is_not_marked(changes: Changes) -> None:
    rosa = hired(changes, "Rosa", Role.VOLUNTEER, speaker_of="Nahualá")
    with pytest.raises(ChangeMoved):
        changes.mark_reviewed(rosa, FLOW, KEY, QUC, seen=7)
    with pytest.raises(NoSuchAnswer):
        changes.mark_reviewed(rosa, FLOW, "home_visit.first.nothing", QUC)


def test_who_has_a_licence_approves_what_she_has_read_and_a_change_ends_it(changes: Changes) -> None:
    ana = hired(changes, "Ana Ruiz", Role.VOLUNTEER, licence="IL 6201234")
    luis, luz = hired(changes, "Luis", Role.VOLUNTEER), hired(changes, "Luz", Role.PUBLISHER)
    words = changes.words_to_approve(FLOW)
    for nobody in (luis, luz):
        with pytest.raises(CannotApprove):
            changes.approve(nobody, FLOW, words)
    assert changes.approve(ana, FLOW, words) == 1
    approved = changes.answer(FLOW).flow.approved_by
    assert approved and (approved.name, approved.licence, approved.date) == ("Ana Ruiz", "IL 6201234", "2026-11-24")
    assert FLOW in changes.answer(FLOW).release.approved
    written(changes, luis, ES, "No abra la puerta.")
    assert FLOW not in changes.answer(FLOW).release.approved
    assert changes.compared(FLOW).approval_ends
    with pytest.raises(ChangeMoved):
        changes.approve(ana, FLOW, words)
    assert changes.approve(ana, FLOW, changes.words_to_approve(FLOW)) is None
    changes.send(luis, FLOW)
    changes.publish(luz, FLOW)
    assert FLOW in changes.answer(FLOW).release.approved


def test_only_answers_about_rights_are_approved(changes: Changes) -> None:
    ana = hired(changes, "Ana", Role.VOLUNTEER, licence="IL 1")
    with pytest.raises(NoSuchAnswer):
        changes.approve(ana, "services_health", "x")
