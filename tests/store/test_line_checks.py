"""Lines of hotlines.csv: one call counts at once, in a release of its own; what is wrong waits for a publisher, who takes it back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bot.content import release_of
from bot.escalation.viewer import Role, Viewer
from bot.store.check_rows import NoteMissing
from bot.store.errors import NotYours
from bot.store.line_checks import LineChecks, NoNumber, NoSuchLine, NotCalled, OwnNumber
from bot.store.releases import Releases
from bot.store.staff_models import AuditRow
from tests.store.at_desk import EVERYBODY, PIA, VERA, employ
from tests.store.conftest import Clock

DAY = 86_400


@pytest.fixture
def releases(engine: Engine, clock: Clock) -> Releases:
    """Its checks, which cost seconds, find nothing."""
    return Releases(engine, b"k" * 32, clock, judge=lambda *_: ())


@pytest.fixture
def lines(engine: Engine, releases: Releases, clock: Clock) -> LineChecks:
    employ(engine, *EVERYBODY)
    clock.now = 1_796_083_200.0
    return LineChecks(engine, releases, clock)


def press(lines: LineChecks, who: Viewer, id: str = "orr", called: bool = True) -> int:
    """She says that it is right, as the page shows it to her."""
    return lines.right(who, id, called, lines.lines(who)[id].text)


def ids(lines: LineChecks) -> set[str]:
    return {line.id for line in lines.due(VERA)}


def test_a_volunteers_call_is_a_release_of_its_own(lines: LineChecks, releases: Releases, engine: Engine) -> None:
    assert "orr" in ids(lines)
    assert press(lines, VERA) == 1
    now = release_of(releases.current().sources).hotlines["orr"]
    assert (now.verified_on, now.verified_by) == (lines.today(), "Vera")
    assert "orr" not in ids(lines)
    changed = {path for path, data in releases.current().sources.items() if releases.seed().sources.get(path) != data}
    assert changed == {"flows/called.yml"}
    with engine.connect() as connection:
        acts = [tuple(row) for row in connection.execute(select(AuditRow.action, AuditRow.object))]
    assert ("line_called", "line:orr") in acts
    # Again on the same day is one more word, and no release.
    assert press(lines, PIA) == 1 and len(lines.history(VERA, "orr")) == 2


def test_what_is_wrong_waits_for_a_publisher_who_takes_it_back(
    lines: LineChecks, releases: Releases, clock: Clock
) -> None:
    press(lines, VERA)
    with pytest.raises(NoteMissing):
        lines.wrong(VERA, "orr", " ")
    lines.wrong(VERA, "orr", "A bakery answers.")
    assert lines.doubted(PIA)["orr"].note == "A bakery answers." and releases.number() == 1
    with pytest.raises(NotYours):
        lines.take_back(VERA, "orr")
    assert lines.take_back(PIA, "orr") == 2
    assert lines.lines(VERA)["orr"].verified_on is None and lines.doubted(PIA) == {} and "orr" in ids(lines)
    clock.now += DAY
    press(lines, VERA)
    assert lines.lines(VERA)["orr"].verified_on == lines.today()


def test_a_call_after_a_doubt_settles_it(lines: LineChecks, clock: Clock) -> None:
    lines.wrong(VERA, "orr", "Nobody answers.")
    assert set(lines.doubted(PIA)) == {"orr"}
    press(lines, PIA)
    assert lines.doubted(PIA) == {}


def test_another_number_waits_for_the_call_of_somebody_else(
    lines: LineChecks, releases: Releases, engine: Engine, clock: Clock
) -> None:
    press(lines, VERA)
    old, new = lines.lines(PIA)["orr"].text, "1-800-555-0100"
    with pytest.raises(NotYours):
        lines.change(VERA, "orr", old, new, "Their page")
    number = lines.change(PIA, "orr", old, f" {new} ", "Their page, read today")
    now = release_of(releases.current().sources).hotlines["orr"]
    assert (now.text, now.verified_on, now.sendable(False)) == (new, None, False)
    assert "orr" in ids(lines) and lines.doubted(PIA) == {}, "it is to be called, by anybody but her"
    assert (lines.wrote(PIA), lines.wrote(VERA)) == ({"orr"}, set())
    with pytest.raises(OwnNumber):
        press(lines, PIA)
    assert releases.number() == number
    press(lines, VERA)
    now = release_of(releases.current().sources).hotlines["orr"]
    assert (now.text, now.verified_by, now.sendable(False)) == (new, "Vera", True)
    clock.now += 91 * DAY
    press(lines, PIA)
    with engine.connect() as connection:
        acts = [tuple(row) for row in connection.execute(select(AuditRow.action, AuditRow.object))]
    assert ("line_changed", "line:orr") in acts


@pytest.mark.parametrize(
    ("id", "shown", "number"),
    [
        ("orr", "", "abogados.example.org"),
        ("orr", "", ""),
        ("orr", "", "1-800-203-7001"),
        ("orr", "1-800-000-0000", "1-800-555-0100"),
        ("locator", "", "https://locator.ice.gov"),
        ("locator", "", "1-800-555-0100"),
    ],
    ids=["a site for a number", "nothing", "the same", "not the one that was shown", "with its scheme", "a number for a site"],
)
def test_what_is_no_other_number_is_refused(
    lines: LineChecks, releases: Releases, id: str, shown: str, number: str
) -> None:
    with pytest.raises(NoNumber):
        lines.change(PIA, id, shown or lines.lines(PIA)[id].text, number, "Their page")
    with pytest.raises(NoteMissing):
        lines.change(PIA, "orr", lines.lines(PIA)["orr"].text, "1-800-555-0100", " ")
    assert releases.number() == 0


def test_who_has_not_called_says_nothing(lines: LineChecks, releases: Releases) -> None:
    with pytest.raises(NotCalled):
        press(lines, PIA, called=False)
    with pytest.raises(NotCalled):
        lines.right(PIA, "orr", True, "1-800-000-0000")
    for id in ("no_such_line", "emergency_911"):
        for act in (lambda: lines.right(PIA, id, True, "911"), lambda: lines.take_back(PIA, id)):  # noqa: B023
            with pytest.raises(NoSuchLine):
                act()
    assert releases.number() == 0 and lines.history(VERA, "orr") == ()


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_only_volunteers_and_publishers_say_anything_of_lines(lines: LineChecks, who: Viewer) -> None:
    if who.has(Role.VOLUNTEER, Role.PUBLISHER):
        assert lines.due(who)
        return
    for act in (
        lambda: lines.due(who),
        lambda: lines.history(who, "orr"),
        lambda: lines.right(who, "orr", True, ""),
        lambda: lines.wrong(who, "orr", "x"),
        lambda: lines.take_back(who, "orr"),
        lambda: lines.change(who, "orr", "", "", ""),
    ):
        with pytest.raises(NotYours):
            act()
