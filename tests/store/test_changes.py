"""Changes of answers in SQL: who wrote what, whether two wrote the same, and who publishes it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.change import Opened, Stage, version_of
from bot.scripts.change_answer import Said
from bot.store.change_errors import (
    AuthorMayNotPublish,
    ChangeMoved,
    ChecksFail,
    ConflictsLeft,
    InReview,
    MeaningUnsaid,
    NoSuchAnswer,
    NothingChanged,
    NothingOpen,
)
from bot.store.change_writing import Clash, Saved
from bot.store.changes import Changes
from bot.store.errors import NotYours
from bot.store.people import People
from bot.store.releases import Releases
from bot.store.staff_models import AuditRow
from bot.wording.choose import text_for
from bot.wording.state import State
from tests.store.conftest import Clock

pytestmark = pytest.mark.slow

FLOW = "services_health"
SAY = "services_health.show_abroad.say"
ES, EN, QUC = Language.ES, Language.EN, Language.QUC
VOLUNTEER, PUBLISHER = frozenset({Role.VOLUNTEER}), frozenset({Role.PUBLISHER})


@pytest.fixture
def releases(engine: Engine, clock: Clock) -> Releases:
    """Its checks, which cost seconds, find nothing."""
    return Releases(engine, b"k" * 32, clock, judge=lambda *_: ())


@pytest.fixture
def people(engine: Engine, clock: Clock) -> People:
    return People(engine, clock)


@pytest.fixture
def changes(engine: Engine, releases: Releases, people: People, clock: Clock) -> Changes:
    return Changes(engine, releases, people, clock, judge=lambda *_: ())


def hired(people: People, name: str, roles: frozenset[Role]) -> Viewer:
    """Somebody with an account."""
    id = people.add(
        "terminal", email=f"{name}@example.org", name=name, password="x", language="es", organization=None, roles=roles
    )
    return Viewer(id, name, roles)


@pytest.fixture
def marta(people: People) -> Viewer:
    return hired(people, "Marta", VOLUNTEER)


@pytest.fixture
def luis(people: People) -> Viewer:
    return hired(people, "Luis", VOLUNTEER | PUBLISHER)


@pytest.fixture
def luz(people: People) -> Viewer:
    return hired(people, "Luz", PUBLISHER)


def said(changes: Changes, language: Language, key: str = SAY) -> Said:
    """A text as whoever edits it sees it."""
    line = changes.answer(key.partition(".")[0]).line(key)
    assert line is not None
    return line.said[language]


def opened(changes: Changes, flow: str = FLOW) -> Opened:
    """The change that is open."""
    found = changes.open_for(flow)
    assert found is not None
    return found


def written(
    changes: Changes, who: Viewer, language: Language, more: str, meaning: bool | None = False
) -> Saved | Clash:
    """She writes something behind a text, as she sees it now."""
    shown = said(changes, language)
    return changes.save(who, FLOW, SAY, language, f"{shown.text} {more}", shown.version, meaning)


def test_what_is_saved_is_a_draft_that_families_do_not_get(changes: Changes, marta: Viewer, clock: Clock) -> None:
    before = said(changes, ES)
    saved = written(changes, marta, ES, "Hoy abren.")
    assert isinstance(saved, Saved) and not saved.asks
    now = said(changes, ES)
    assert now.text == f"{before.text} Hoy abren." and now.published == before.text and now.changing
    assert (now.by.name, now.at, now.state) == ("Marta", int(clock.now), State.DRAFT)
    assert changes.releases.number() == 0
    now_open = opened(changes)
    assert now_open.stage is Stage.DRAFT and [hand.name for hand in now_open.hands] == ["Marta"]
    assert now_open.places == ((SAY, ES),)
    assert [each.flow for each in changes.all()] == [FLOW]


def test_two_who_write_different_languages_both_keep_theirs(changes: Changes, marta: Viewer, luis: Viewer) -> None:
    answer = changes.answer(FLOW).line(SAY)
    assert answer
    for who, language in ((marta, ES), (luis, EN)):
        shown = answer.said[language]
        assert isinstance(changes.save(who, FLOW, SAY, language, f"{shown.text} Hoy.", shown.version, False), Saved)
    now = changes.answer(FLOW).line(SAY)
    assert now and all(now.said[each].text == f"{answer.said[each].text} Hoy." for each in (ES, EN))
    assert {hand.name for hand in opened(changes).hands} == {"Marta", "Luis"}


def test_who_writes_the_same_text_from_an_old_one_loses_nothing(changes: Changes, marta: Viewer, luis: Viewer) -> None:
    shown = said(changes, ES)
    changes.save(marta, FLOW, SAY, ES, "Abren hoy.", shown.version, True)
    clash = changes.save(luis, FLOW, SAY, ES, "Abren mañana.", shown.version, True)
    assert isinstance(clash, Clash)
    assert (clash.mine, clash.theirs, clash.was) == ("Abren mañana.", "Abren hoy.", shown.text)
    assert clash.by and clash.by.name == "Marta"
    assert said(changes, ES).text == "Abren hoy."
    assert changes.autosaved(luis, FLOW)[SAY, ES].text == "Abren mañana."
    assert changes.autosaved(marta, FLOW) == {}
    assert isinstance(changes.save(luis, FLOW, SAY, ES, "Abren mañana.", clash.version, True), Saved)
    assert changes.autosaved(luis, FLOW) == {}


def test_whether_the_meaning_changed_has_to_be_said_before_it_is_sent(changes: Changes, marta: Viewer) -> None:
    assert written(changes, marta, ES, "Todo es nuevo.", None) == Saved(
        version_of(opened(changes).draft.texts[0].text), asks=True
    )
    with pytest.raises(MeaningUnsaid):
        changes.send(marta, FLOW)
    changes.say_meaning(marta, FLOW, SAY, ES, True)
    line = changes.answer(FLOW).line(SAY)
    assert line and {each: line.said[each].state for each in Language} == {
        ES: State.DRAFT,
        EN: State.STALE,
        QUC: State.STALE,
    }
    assert line.said[EN].stale and line.said[EN].stale.since is ES and line.said[EN].stale.meaning
    changes.still_right(marta, FLOW, SAY, EN)
    line = changes.answer(FLOW).line(SAY)
    assert line and line.said[EN].state is State.DRAFT and line.said[QUC].state is State.STALE


def test_another_person_publishes_and_families_get_it(changes: Changes, marta: Viewer, luz: Viewer) -> None:
    written(changes, marta, ES, "Hoy abren.")
    changes.send(marta, FLOW, "Horario")
    with pytest.raises(InReview):
        written(changes, marta, ES, "Otra vez.")
    assert changes.publish(luz, FLOW) == 1
    assert changes.releases.current().flows == (FLOW,) and changes.releases.current().note == "Horario"
    assert changes.open_for(FLOW) is None
    shown = said(changes, ES)
    assert shown.published.endswith("Hoy abren.") and not shown.changing and shown.by and shown.by.name == "Marta"
    with changes.engine.connect() as connection:
        acts = list(connection.scalars(select(AuditRow.action).where(AuditRow.action != "user.made")))
    assert acts == ["text_saved", "change_sent", "published"]


def test_a_spanish_correction_waits_for_no_kiche(changes: Changes, marta: Viewer, luz: Viewer) -> None:
    """Nobody has to write the K'iche' first, nor say that it is still right: it is left behind, and families get the Spanish."""
    kiche = said(changes, QUC).text
    written(changes, marta, ES, "Los lunes cierran.", meaning=True)
    changes.still_right(marta, FLOW, SAY, EN)
    assert said(changes, QUC).state is State.STALE
    changes.send(marta, FLOW)
    assert changes.publish(luz, FLOW) == 1
    release = content.release_of(changes.releases.current().sources)
    assert said(changes, ES).published.endswith("Los lunes cierran.")
    assert said(changes, QUC).published == kiche and said(changes, QUC).state is State.STALE
    english = release.script.flows[FLOW].steps["show_abroad"].say
    assert english is not None
    chosen = text_for(SAY, QUC, english.english, release.catalogs)
    assert chosen.language is ES and chosen.text.endswith("Los lunes cierran."), (
        "the K'iche' of another meaning stays here"
    )


def test_unfinished_kiche_in_the_same_change_holds_it_until_it_is_put_back(
    changes: Changes, marta: Viewer, luis: Viewer, luz: Viewer
) -> None:
    """A change goes out as it was read, in all its languages."""
    kiche = said(changes, QUC)
    written(changes, marta, ES, "Hoy abren.")
    written(changes, luis, QUC, "xyzxyz")
    with pytest.raises(ChecksFail) as failed:
        changes.send(marta, FLOW)
    assert {(each.where, each.language) for each in failed.value.findings} == {(SAY, QUC)}
    now = said(changes, QUC)
    changes.save(marta, FLOW, SAY, QUC, kiche.text, now.version, False)
    assert opened(changes).places == ((SAY, ES),)
    changes.send(marta, FLOW)
    assert changes.publish(luz, FLOW) == 1 and said(changes, ES).published.endswith("Hoy abren.")


def test_nobody_publishes_what_she_wrote(changes: Changes, marta: Viewer, luis: Viewer, luz: Viewer) -> None:
    written(changes, luis, ES, "Hoy abren.")
    written(changes, marta, EN, "Open today.")
    changes.send(marta, FLOW)
    with pytest.raises(AuthorMayNotPublish):
        changes.publish(luis, FLOW)
    with pytest.raises(NotYours):
        changes.publish(marta, FLOW)
    assert changes.releases.number() == 0
    changes.publish(luz, FLOW)


def test_what_was_looked_at_is_what_is_published(changes: Changes, marta: Viewer, luz: Viewer) -> None:
    written(changes, marta, ES, "Hoy abren.")
    changes.send(marta, FLOW)
    mark = opened(changes).mark
    changes.take_back(marta, FLOW)
    written(changes, marta, ES, "Y cierran.")
    with pytest.raises(NothingOpen):
        changes.publish(luz, FLOW, mark=mark)
    changes.send(marta, FLOW)
    with pytest.raises(ChangeMoved):
        changes.publish(luz, FLOW, mark=mark)


def test_a_change_comes_back_with_a_remark_and_may_be_dropped(
    changes: Changes, marta: Viewer, luz: Viewer, luis: Viewer
) -> None:
    with pytest.raises(NothingOpen):
        changes.send(marta, FLOW)
    written(changes, marta, ES, "Hoy abren.")
    changes.send(marta, FLOW)
    changes.return_(luz, FLOW, "¿Desde cuándo?")
    back = opened(changes)
    assert (back.stage, back.remark) == (Stage.DRAFT, "¿Desde cuándo?")
    changes.drop(marta, FLOW)
    assert changes.open_for(FLOW) is None and not said(changes, ES).changing


def test_a_text_that_somebody_else_published_meanwhile_is_a_conflict(
    changes: Changes, marta: Viewer, luz: Viewer
) -> None:
    shown = said(changes, ES)
    written(changes, marta, ES, "Hoy abren.")
    changes.send(marta, FLOW)
    stored = changes.releases.current()
    path = "locales/es/LC_MESSAGES/answers.po"
    words = shown.text.split()[0]
    moved = stored.sources[path].replace(f'"{words}'.encode(), f'"Ahora {words}'.encode())
    assert moved != stored.sources[path]
    changes.releases.publish(luz, {**stored.sources, path: moved}, (FLOW,), "", 0)
    with pytest.raises(ConflictsLeft) as raised:
        changes.publish(luz, FLOW)
    (conflict,) = raised.value.conflicts
    assert (conflict.mine, conflict.was) == (f"{shown.text} Hoy abren.", shown.text) and conflict.theirs.startswith(
        "Ahora"
    )
    changes.take_back(marta, FLOW)
    now = said(changes, ES)
    assert now.conflict == conflict
    clash = changes.save(marta, FLOW, SAY, ES, "Las dos.", version_of(now.text), True)
    assert isinstance(clash, Clash)
    assert isinstance(changes.save(marta, FLOW, SAY, ES, "Las dos.", now.version, True), Saved)
    changes.send(marta, FLOW)
    changes.publish(luz, FLOW)
    assert said(changes, ES).published == "Las dos."


def test_a_text_written_back_is_no_change_any_more(changes: Changes, marta: Viewer) -> None:
    shown = said(changes, ES)
    saved = written(changes, marta, ES, "Hoy abren.")
    changes.save(marta, FLOW, SAY, ES, shown.text, saved.version, None)
    assert opened(changes).places == ()
    with pytest.raises(NothingChanged):
        changes.send(marta, FLOW)


@pytest.mark.parametrize("roles", [frozenset({Role.RESPONDER}), frozenset({Role.ADMIN}), frozenset({Role.COORDINATOR})])
def test_who_has_no_part_in_answers_writes_nothing(changes: Changes, people: People, roles: frozenset[Role]) -> None:
    with pytest.raises(NotYours):
        changes.save(Viewer(9, "X", roles), FLOW, SAY, ES, "x", 0, False)


def test_there_is_no_such_answer(changes: Changes, marta: Viewer) -> None:
    for flow, key in (("nothing", "nothing.first.say"), (FLOW, "services_health.show.nothing")):
        with pytest.raises(NoSuchAnswer):
            changes.save(marta, flow, key, ES, "x", 0, False)
    with pytest.raises(NoSuchAnswer):
        changes.answer("nothing")
