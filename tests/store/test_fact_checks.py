"""Facts: a publisher's word counts at once, a volunteer's when a second person says the same; what changed waits for a publisher."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.scripts.fact_renewal import Rewritten
from bot.store.check_rows import NoteMissing
from bot.store.errors import NotYours
from bot.store.fact_checks import FactChecks, FactMoved, FigureUnsaid, NoSuchFact, Renewed, SaysMissing, SourceUnread
from bot.store.releases import Releases
from bot.store.staff_models import AuditRow
from tests.store.at_desk import EVERYBODY, PIA, VERA, employ, viewer
from tests.store.conftest import Clock

RITA = viewer(9, Role.VOLUNTEER, name="Rita")
DOOR = "door_closed"
DAY = 86_400


@pytest.fixture
def releases(engine: Engine, clock: Clock) -> Releases:
    """Its checks, which cost seconds, find nothing."""
    return Releases(engine, b"k" * 32, clock, judge=lambda *_: ())


@pytest.fixture
def facts(engine: Engine, releases: Releases, clock: Clock) -> FactChecks:
    employ(engine, *EVERYBODY, RITA)
    # A day on which none of the facts was read yet, and none has run out.
    clock.now = 1_796_083_200.0
    return FactChecks(engine, releases, clock)


def press(facts: FactChecks, who: Viewer, name: str = DOOR, read: bool = True) -> Renewed:
    """She says that it is still true, as the page shows it to her."""
    return facts.still_true(who, name, read, facts.facts(who)[name].says)


def acts(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq))
        return [tuple(row) for row in rows]


def test_a_publishers_word_is_a_release_of_its_own(facts: FactChecks, releases: Releases, engine: Engine) -> None:
    before = facts.facts(PIA)
    done = press(facts, PIA)
    now = facts.facts(PIA)
    assert (done.release, done.until) == (1, now[DOOR].valid_until)
    assert now[DOOR].checked == facts.today() and now[DOOR].valid_until > before[DOOR].valid_until
    assert now[DOOR].says == before[DOOR].says
    assert {name for name in now if now[name] != before[name]} == {DOOR}
    changed = {path for path, data in releases.current().sources.items() if releases.seed().sources[path] != data}
    assert changed == {"flows/facts.yml"}
    assert [act[1:] for act in acts(engine)] == [("published", "release 1"), ("fact_checked", DOOR)]
    (check,) = facts.history(VERA, DOOR)
    assert (check.name, check.true, check.checked) == ("Pia", True, facts.today())


def test_a_volunteers_word_waits_for_a_second_person(facts: FactChecks, releases: Releases, clock: Clock) -> None:
    assert press(facts, VERA) == Renewed(None, None)
    assert releases.number() == 0 and facts.waiting(RITA)[DOOR].name == "Vera"
    # Pressing again is not a second person.
    assert press(facts, VERA) == Renewed(None, None)
    assert releases.number() == 0 and len(facts.history(VERA, DOOR)) == 1
    clock.now += 3 * DAY
    assert press(facts, RITA).release == 1
    assert facts.facts(VERA)[DOOR].checked == facts.today() and facts.waiting(VERA) == {}
    assert releases.history()[0].by == RITA.user


def test_a_doubt_between_two_words_begins_anew(facts: FactChecks, releases: Releases) -> None:
    press(facts, VERA)
    facts.changed_to(PIA, DOOR, "The page says otherwise now.")
    assert press(facts, RITA) == Renewed(None, None) and releases.number() == 0
    assert DOOR in facts.changed(PIA)
    assert press(facts, VERA).release == 1
    assert facts.changed(PIA) == {}


def test_of_two_second_persons_at_once_one_publishes(facts: FactChecks, releases: Releases) -> None:
    press(facts, VERA)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda who: press(facts, who), (RITA, PIA)))
    assert [each.release for each in done] == [1, 1] and releases.number() == 1
    assert len(facts.history(VERA, DOOR)) == 3


def test_who_has_not_read_the_source_says_nothing(facts: FactChecks, releases: Releases) -> None:
    for who in (VERA, PIA):
        with pytest.raises(SourceUnread):
            press(facts, who, read=False)
        with pytest.raises(SourceUnread):
            press(facts, who, "registration_rule")
    assert releases.number() == 0 and facts.history(VERA, DOOR) == ()


def test_what_it_said_when_she_looked_must_be_what_it_says(facts: FactChecks) -> None:
    with pytest.raises(FactMoved):
        facts.still_true(PIA, DOOR, True, "Something else.")
    with pytest.raises(NoSuchFact):
        facts.still_true(PIA, "no_such_fact", True, "")


def test_what_changed_is_kept_in_her_words_until_a_publisher_settles_it(facts: FactChecks, clock: Clock) -> None:
    with pytest.raises(NoteMissing):
        facts.changed_to(VERA, DOOR, "  ")
    facts.changed_to(VERA, DOOR, "A court said otherwise on 1 December.")
    assert facts.changed(PIA)[DOOR].note == "A court said otherwise on 1 December."
    clock.now += DAY
    press(facts, PIA)
    assert facts.changed(PIA) == {}
    assert [each.true for each in facts.history(VERA, DOOR)] == [True, False]


def test_letting_go_is_a_publishers_and_ends_it_yesterday(facts: FactChecks, releases: Releases, clock: Clock) -> None:
    with pytest.raises(NotYours):
        facts.let_go(VERA, DOOR, ("home_visit",))
    assert facts.let_go(PIA, DOOR, ("home_visit",)) == 1
    now = facts.facts(PIA)[DOOR]
    assert now.valid_until == facts.today() - timedelta(days=1) and now.checked == date(2026, 11, 23)
    assert releases.history()[0].flows == ("home_visit",)
    clock.now += DAY
    press(facts, PIA)
    assert facts.facts(PIA)[DOOR].valid_until > facts.today()


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_only_volunteers_and_publishers_say_anything_of_facts(facts: FactChecks, who: Viewer) -> None:
    if who.has(Role.VOLUNTEER, Role.PUBLISHER):
        press(facts, who)
        return
    for act in (
        lambda: facts.facts(who),
        lambda: facts.history(who, DOOR),
        lambda: facts.still_true(who, DOOR, True, ""),
        lambda: facts.changed_to(who, DOOR, "x"),
        lambda: facts.let_go(who, DOOR, ()),
    ):
        with pytest.raises(NotYours):
            act()


NEW = Rewritten('Nobody has to open: "a judge\'s warrant" # first.', "https://example.org/page", "Dec 2026", True)


def rewrite(facts: FactChecks, who: Viewer, new: Rewritten = NEW, **more: object) -> int:
    """A publisher writes anew what the page shows to her."""
    said = {"was": facts.facts(who)[DOOR].says, "read": True, "stands": True, "flows": ("home_visit",)}
    return facts.rewrite(who, DOOR, new, **{**said, **more})


def test_a_publisher_writes_anew_what_a_fact_says(facts: FactChecks, releases: Releases, engine: Engine) -> None:
    before = facts.facts(PIA)
    facts.changed_to(VERA, DOOR, "The page says otherwise now.")
    assert rewrite(facts, PIA) == 1
    now = facts.facts(PIA)
    new = now[DOOR]
    assert (new.says, new.source, new.source_date, new.volatile) == (NEW.says, NEW.source, NEW.source_date, True)
    assert (new.evidence, new.checked) == ("seen", facts.today()) and new.valid_until > facts.today()
    assert {name for name in now if now[name] != before[name]} == {DOOR}
    assert facts.changed(PIA) == {} and facts.waiting(VERA) == {}
    assert facts.history(VERA, DOOR)[0].note == before[DOOR].says
    assert releases.history()[0].flows == ("home_visit",)
    assert ("fact_rewritten", DOOR) in [act[1:] for act in acts(engine)]


def test_sentences_that_fit_no_more_are_left_out_until_somebody_says_that_it_is_true(
    facts: FactChecks, clock: Clock
) -> None:
    rewrite(facts, PIA, stands=False)
    assert facts.facts(PIA)[DOOR].valid_until < facts.today()
    press(facts, PIA)
    assert facts.facts(PIA)[DOOR].valid_until > facts.today()


def test_what_nobody_had_read_gets_its_page(facts: FactChecks) -> None:
    fact = facts.facts(PIA)["registration_rule"]
    assert fact.evidence == "recalled"
    facts.rewrite(
        PIA, fact.name, replace(NEW, says=fact.says), was=fact.says, read=True, stands=True, flows=()
    )  # fmt: skip
    assert facts.facts(PIA)[fact.name].evidence == "seen"


@pytest.mark.parametrize(
    ("who", "new", "more", "error"),
    [
        (VERA, NEW, {}, NotYours),
        (PIA, NEW, {"read": False}, SourceUnread),
        (PIA, replace(NEW, source="a book"), {}, SourceUnread),
        (PIA, replace(NEW, source="https://nowhere"), {}, SourceUnread),
        (PIA, replace(NEW, source="http://[broken"), {}, SourceUnread),
        (PIA, replace(NEW, says="  "), {}, SaysMissing),
        (PIA, replace(NEW, says="x" * 401), {}, SaysMissing),
        (PIA, NEW, {"was": "Something else."}, FactMoved),
    ],
    ids=["a volunteer", "unread", "no page", "no host", "no address", "nothing", "too much", "changed meanwhile"],
)
def test_what_is_refused_changes_nothing(
    facts: FactChecks, releases: Releases, who: Viewer, new: Rewritten, more: dict[str, object],
    error: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(error):
        rewrite(facts, who, new, **more)
    assert releases.number() == 0 and facts.history(VERA, DOOR) == ()


COURT = "court_address"


def another_deadline(facts: FactChecks, days: int, figures: dict[str, int]) -> Rewritten:
    """What the fact about telling the court is to say."""
    was = facts.facts(PIA)[COURT]
    return Rewritten(was.says.replace("5 working days", f"{days} working days"), was.source, "", True, figures)


def test_a_publisher_writes_anew_a_figure_with_the_sentence_that_says_it(facts: FactChecks, releases: Releases) -> None:
    before = facts.facts(PIA)
    new = another_deadline(facts, 7, {"days": 7, "no_such_days": 9})
    facts.rewrite(PIA, COURT, new, was=before[COURT].says, read=True, stands=True, flows=("address_change",))
    now = facts.facts(PIA)
    assert [(each.field, each.value) for each in now[COURT].figures] == [("court_address_days", 7)]
    assert {name for name in now if now[name] != before[name]} == {COURT}
    assert facts.history(VERA, COURT)[0].note == before[COURT].says
    changed = {path for path, data in releases.current().sources.items() if releases.seed().sources[path] != data}
    assert changed == {"flows/facts.yml"}, "no text is touched"


@pytest.mark.parametrize(
    ("days", "figures"),
    [(7, {}), (7, {"days": 5}), (5, {"days": 7}), (7, {"days": 0}), (12_345, {"days": 12_345})],
    ids=["left as it was", "the old one", "only the figure", "no number", "too large"],
)
def test_a_figure_that_the_sentence_does_not_say_is_refused(
    facts: FactChecks, releases: Releases, days: int, figures: dict[str, int]
) -> None:
    new, was = another_deadline(facts, days, figures), facts.facts(PIA)[COURT].says
    with pytest.raises(FigureUnsaid) as caught:
        facts.rewrite(PIA, COURT, new, was=was, read=True, stands=True, flows=())
    assert caught.value.names == ("days",)
    assert releases.number() == 0 and facts.history(VERA, COURT) == ()
