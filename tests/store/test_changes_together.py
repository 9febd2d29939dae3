"""Any people who write any languages of any texts in any order: nobody loses a word, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.change_applied import applied
from bot.scripts.texts import catalog_file
from bot.store.change_errors import NothingOpen
from bot.store.change_writing import Clash, Saved
from bot.store.changes import Changes
from bot.store.people import People
from bot.store.releases import Releases
from bot.wording.catalog import Catalog
from tests.store.conftest import Clock

pytestmark = pytest.mark.slow

FLOW = "services_health"
KEYS = ("services_health.where.say", "services_health.show.say")
ADMIN = Viewer(9, "Ada", frozenset({Role.PUBLISHER}))

SAVES = st.lists(
    st.tuples(
        st.integers(0, 2),  # who
        st.sampled_from(KEYS),
        st.sampled_from(list(Language)),
        st.text(st.sampled_from("abñ '"), min_size=1, max_size=6).map(lambda text: " ".join(text.split()) or "x"),
        st.booleans(),  # whether she looks again before she writes
        st.sampled_from([True, False, None]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def changes(engine: Engine, clock: Clock) -> Changes:
    releases = Releases(engine, b"k" * 32, clock, judge=lambda *_: ())
    return Changes(engine, releases, People(engine, clock), clock, judge=lambda *_: ())


@pytest.fixture
def people(changes: Changes) -> tuple[Viewer, ...]:
    roles = frozenset({Role.VOLUNTEER})
    ids = (
        changes.people.add(
            "terminal", email=f"{name}@example.org", name=name, password="x", language="es", organization=None,
            roles=roles,
        )
        for name in ("Marta", "Luis", "Rosa")
    )  # fmt: skip
    return tuple(Viewer(id, "x", roles) for id in ids)


@given(SAVES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_loses_a_word(
    changes: Changes,
    people: tuple[Viewer, ...],
    saves: list[tuple[int, str, Language, str, bool, bool | None]],
) -> None:
    _begin_anew(changes, people)
    stood = _texts(changes)
    seen = [dict(stood) for _ in people]
    stored = {place: text for place, (text, _) in stood.items()}
    kept: dict[tuple[int, str, Language], str] = {}
    for who, key, language, text, looks, meaning in saves:
        if looks:
            seen[who] = _texts(changes)
        outcome = changes.save(people[who], FLOW, key, language, text, seen[who][key, language][1], meaning)
        if isinstance(outcome, Saved):
            stored[key, language] = text
            kept.pop((who, key, language), None)
            seen[who] = {**seen[who], (key, language): (text, outcome.version)}
        else:
            assert isinstance(outcome, Clash)
            assert (outcome.mine, outcome.theirs) == (text, stored[key, language]) and text != outcome.theirs
            kept[who, key, language] = text
    assert {place: text for place, (text, _) in _texts(changes).items()} == stored
    for who, person in enumerate(people):
        mine = {(who, *place): typed.text for place, typed in changes.autosaved(person, FLOW).items()}
        assert mine == {place: text for place, text in kept.items() if place[0] == who}
    _are_in_the_files(changes, stored)


def _texts(changes: Changes) -> dict[tuple[str, Language], tuple[str, int]]:
    """Every text of these keys, and its version, as somebody sees it now."""
    lines = {line.key: line for line in changes.answer(FLOW).lines if line.key in KEYS}
    return {
        (key, language): (said.text, said.version)
        for key, line in lines.items()
        for language, said in line.said.items()
    }


def _are_in_the_files(changes: Changes, stored: dict[tuple[str, Language], str]) -> None:
    opened = changes.open_for(FLOW)
    if opened is None:
        return
    current, release = changes._current()
    files, conflicts = applied(current.sources, release, opened.draft)
    assert conflicts == ()
    for language in (Language.ES, Language.QUC):
        words = Catalog.parse(files[catalog_file(language)], language, "answers.po")
        for key in KEYS:
            entry = words.entry(key)
            assert entry is not None and entry.text == stored[key, language]


def _begin_anew(changes: Changes, people: tuple[Viewer, ...]) -> None:
    try:
        changes.drop(ADMIN, FLOW)
    except NothingOpen:
        pass
    for person in people:
        for key, language in changes.autosaved(person, FLOW):
            changes.forget_typed(person, key, language)


def test_of_many_who_save_the_same_text_at_once_one_is_taken_and_the_others_keep_theirs(
    changes: Changes, people: tuple[Viewer, ...]
) -> None:
    place = (KEYS[0], Language.ES)
    version = _texts(changes)[place][1]
    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = list(
            pool.map(lambda who: changes.save(who, FLOW, *place, f"Texto de {who.user}.", version, False), people)
        )
    (taken,) = [who for who, outcome in zip(people, outcomes, strict=True) if isinstance(outcome, Saved)]
    assert _texts(changes)[place][0] == f"Texto de {taken.user}."
    for who in people:
        kept = {place: typed.text for place, typed in changes.autosaved(who, FLOW).items()}
        assert kept == ({} if who is taken else {place: f"Texto de {who.user}."})


def test_of_many_who_begin_at_once_all_write_on_one_change(changes: Changes, people: tuple[Viewer, ...]) -> None:
    texts = _texts(changes)
    places = [(KEYS[0], language) for language in Language]

    def write(at: int) -> object:
        key, language = places[at]
        return changes.save(people[at], FLOW, key, language, f"Texto {at}.", texts[places[at]][1], False)

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(write, range(3)))
    assert all(isinstance(outcome, Saved) for outcome in outcomes)
    opened = changes.open_for(FLOW)
    assert opened and len(opened.places) == 3 and {hand.id for hand in opened.hands} == {who.user for who in people}
