"""Changes of steps in SQL: texts go with their lines, nothing is left leading nowhere, new answers and those that go."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.engine.flow import Group, Target
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.change_steps import lead, remove_choice, rename_title
from bot.scripts.change_yaml import StepsRefused
from bot.store.change_errors import (
    ChangeMoved,
    ChecksFail,
    ConflictsLeft,
    HeirNeeded,
    NameTaken,
    NoSuchAnswer,
    UsedBy,
    WayChanged,
)
from bot.store.changes import Changes
from bot.store.errors import NotYours
from bot.store.people import People
from bot.store.releases import Releases
from tests.store.conftest import Clock

pytestmark = pytest.mark.slow

FLOW, STEP = "services_health", "show_abroad"
LABEL = f"{FLOW}.{STEP}.choice"
ES, EN, QUC = Language.ES, Language.EN, Language.QUC


@pytest.fixture
def changes(engine: Engine, clock: Clock) -> Changes:
    releases = Releases(engine, b"k" * 32, clock, judge=lambda *_: ())
    return Changes(engine, releases, People(engine, clock), clock, judge=lambda *_: ())


@pytest.fixture
def marta(changes: Changes) -> Viewer:
    return hired(changes, "Marta", Role.VOLUNTEER)


@pytest.fixture
def luis(changes: Changes) -> Viewer:
    return hired(changes, "Luis", Role.PUBLISHER)


@pytest.fixture
def luz(changes: Changes) -> Viewer:
    return hired(changes, "Luz", Role.PUBLISHER)


def hired(changes: Changes, name: str, *roles: Role) -> Viewer:
    """Somebody with an account."""
    id = changes.people.add(
        "terminal", email=f"{name}@example.org", name=name, password="x", language="es", organization=None,
        roles=frozenset(roles),
    )  # fmt: skip
    return Viewer(id, name, frozenset(roles))


def labels(changes: Changes, language: Language) -> list[str]:
    """The menu of the step, as the open change has it."""
    return [line.said[language].text for line in changes.answer(FLOW).lines if line.key.startswith(f"{LABEL}.")]


def test_a_line_that_goes_leaves_the_others_their_texts(changes: Changes, luis: Viewer, luz: Viewer) -> None:
    before = {each: labels(changes, each) for each in Language}
    said = changes.answer(FLOW).line(f"{LABEL}.3")
    assert said
    changes.save(luis, FLOW, f"{LABEL}.3", ES, "otro pueblo", said.said[ES].version, False)
    version = changes.steps_of(FLOW)[1]
    changes.restructure(luis, FLOW, lambda yaml, now: remove_choice(yaml, now, STEP, 1), version)
    wanted = {ES: [before[ES][1], "otro pueblo"], EN: before[EN][1:], QUC: before[QUC][1:]}
    assert {each: labels(changes, each) for each in Language} == wanted
    assert not any(said.stale for line in changes.answer(FLOW).lines for said in line.said.values())
    changes.send(luis, FLOW)
    changes.publish(luz, FLOW)
    assert {each: labels(changes, each) for each in Language} == wanted
    assert len(changes.answer(FLOW).flow.steps[STEP].choices) == 2


def test_two_changes_of_the_steps_do_not_overwrite_one_another(changes: Changes, luis: Viewer, luz: Viewer) -> None:
    version = changes.steps_of(FLOW)[1]
    changes.restructure(luis, FLOW, lambda yaml, now: remove_choice(yaml, now, STEP, 1), version)
    with pytest.raises(ChangeMoved):
        changes.restructure(luz, FLOW, lambda yaml, now: remove_choice(yaml, now, STEP, 1), version)
    changes.restructure(
        luz, FLOW, lambda yaml, now: lead(yaml, now, STEP, "choice.1", Target(flow="menu")), changes.steps_of(FLOW)[1]
    )
    (first, _) = changes.answer(FLOW).flow.steps[STEP].choices
    assert first.target == Target(flow="menu")


def test_steps_that_somebody_else_published_meanwhile_are_a_conflict(
    changes: Changes, luis: Viewer, luz: Viewer
) -> None:
    version = changes.steps_of(FLOW)[1]
    changes.restructure(luis, FLOW, lambda yaml, now: remove_choice(yaml, now, STEP, 1), version)
    changes.send(luis, FLOW)
    stored = changes.releases.current()
    path = f"flows/services/{FLOW}.yml"
    theirs = stored.sources[path].replace(b"emergency numbers, flow: other_country", b"emergency numbers, flow: menu")
    changes.releases.publish(luz, {**stored.sources, path: theirs}, (FLOW,), "", 0)
    with pytest.raises(ConflictsLeft):
        changes.publish(luz, FLOW)
    changes.take_back(luis, FLOW)
    mine, version = changes.steps_of(FLOW)
    changes.save_flow(luis, FLOW, mine, version)
    changes.send(luis, FLOW)
    assert changes.publish(luz, FLOW) == 2


def test_volunteers_change_no_steps(changes: Changes, marta: Viewer) -> None:
    with pytest.raises(NotYours):
        changes.save_flow(marta, FLOW, *changes.steps_of(FLOW))
    with pytest.raises(NotYours):
        changes.archive(marta, FLOW, "services_near")


def test_steps_that_cannot_be_are_refused_and_nothing_is_stored(changes: Changes, luis: Viewer) -> None:
    with pytest.raises(StepsRefused):
        changes.save_flow(luis, FLOW, "steps: [", changes.steps_of(FLOW)[1])
    assert changes.open_for(FLOW) is None


def test_a_new_answer_goes_out_once_it_has_its_spanish(
    changes: Changes, marta: Viewer, luis: Viewer, luz: Viewer
) -> None:
    changes.new_flow(marta, "on_the_bus", "on the bus", Group.SERVICES, "Stay calm.")
    for taken in ("on_the_bus", FLOW, "En el bus"):
        with pytest.raises(NameTaken):
            changes.new_flow(marta, taken, "x", Group.SERVICES, "x")
    with pytest.raises(ChecksFail) as raised:
        changes.send(marta, "on_the_bus")
    assert {each.rule.name for each in raised.value.findings} == {"no Spanish"}
    assert all(each.where.startswith("on_the_bus") for each in raised.value.findings)


def test_a_copy_begins_with_the_texts_as_drafts(changes: Changes, marta: Viewer) -> None:
    changes.duplicate(marta, FLOW, "services_clinic", "a clinic for children")
    copy, first = changes.answer("services_clinic"), changes.answer(FLOW)
    assert [line.said[ES].text for line in copy.lines] == [line.said[ES].text for line in first.lines]
    assert [line.said[QUC].text for line in copy.lines] == [line.said[QUC].text for line in first.lines]
    assert copy.flow.intents == () and not any(said.review for line in copy.lines for said in line.said.values())


def test_an_answer_goes_only_when_nothing_leads_to_it_and_somebody_answers_for_it(
    changes: Changes, luis: Viewer, luz: Viewer
) -> None:
    with pytest.raises(UsedBy) as raised:
        changes.archive(luis, FLOW, "services_near")
    assert "services_near" in raised.value.flows
    with pytest.raises(NoSuchAnswer):
        changes.archive(luis, "nothing")
    alone = "complaint"
    with pytest.raises(HeirNeeded) as needed:
        changes.archive(luis, alone)
    changes.archive(luis, alone, "about")
    changes.send(luis, alone)
    changes.publish(luz, alone)
    after = changes.answer("about").release
    assert alone not in after.script.flows and set(needed.value.intents) <= set(after.script.flows["about"].intents)
    assert not any(key.startswith(f"{alone}.") for catalog in after.catalogs.values() for key in catalog.entries)
    assert changes.releases.current().flows == (alone, "about")


def test_a_kept_conversation_that_takes_another_way_keeps_a_change_from_going_out(
    changes: Changes, luis: Viewer, luz: Viewer, marta: Viewer
) -> None:
    now = changes.preview(FLOW)
    number = changes.tests.keep(marta, FLOW, "en Xela", ES, ["Xela", "1"], now)
    changes.restructure(luis, FLOW, lambda yaml, flow: remove_choice(yaml, flow, STEP, 1), changes.steps_of(FLOW)[1])
    changes.send(luis, FLOW)
    (parted,) = changes.parted(FLOW)
    assert set(parted.changed) == set(Language)
    with pytest.raises(WayChanged) as raised:
        changes.publish(luz, FLOW)
    assert raised.value.tests == (number,)
    with pytest.raises(NotYours):
        changes.tests.accept(marta, number, changes.preview(FLOW))
    changes.tests.accept(luz, number, changes.preview(FLOW))
    changes.publish(luz, FLOW)
    assert all(each.right for each in changes.tests.replay(changes.preview(FLOW)))
    changes.tests.drop(marta, number)
    assert changes.tests.all() == ()


def test_another_title_leaves_its_translations_behind_until_somebody_writes_them(
    changes: Changes, luis: Viewer, marta: Viewer, luz: Viewer
) -> None:
    key = f"{FLOW}.title"

    def stale() -> set[Language]:
        line = changes.answer(FLOW).line(key)
        assert line
        return {language for language, said in line.said.items() if said.stale and said.stale.meaning}

    changes.restructure(
        luis, FLOW, lambda yaml, now: rename_title(yaml, now, "a dentist near me"), changes.steps_of(FLOW)[1]
    )
    assert stale() == {ES, QUC}
    with pytest.raises(ChecksFail):
        changes.send(luis, FLOW)
    line = changes.answer(FLOW).line(key)
    assert line and line.said[EN].text == "a dentist near me"
    changes.save(marta, FLOW, key, ES, "un dentista cerca de mí", line.said[ES].version)
    changes.still_right(marta, FLOW, key, QUC)
    assert stale() == set()
    changes.restructure(
        luis, FLOW, lambda yaml, now: rename_title(yaml, now, "a clinic for teeth"), changes.steps_of(FLOW)[1]
    )
    assert stale() == {ES, QUC}
    line = changes.answer(FLOW).line(key)
    assert line
    changes.save(marta, FLOW, key, ES, "una clínica dental", line.said[ES].version)
    changes.send(luis, FLOW)
    changes.publish(luz, FLOW)
    assert stale() == {QUC}
