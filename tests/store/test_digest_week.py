"""The week's mail to coordinators: on Mondays, once, by a real mail server on this machine; numbers and not a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from sqlalchemy import Engine, insert, text

from bot import content
from bot.directory.call_again import call_again
from bot.directory.listed import listed
from bot.frozen import replace
from bot.mail import Mail
from bot.scripts.digest import Digest, lines, week_of
from bot.settings import REPOSITORY
from bot.store.content_models import Change, Phrase
from bot.store.desk_alarms import DeskAlarms
from bot.store.digest_week import DigestWeek, places_to_call, what_waits
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_seed import FILE, read_seed, settle
from bot.store.keys import utc_day
from bot.store.models import GapCount
from bot.store.staff_models import User
from bot.week_mail import WeekMail
from tests.smtp import MailServer, mail_server, nobody_listens
from tests.upgraded import SEAL_KEY

CHICAGO = "America/Chicago"
MONDAY = datetime(2026, 11, 30, 8, tzinfo=ZoneInfo(CHICAGO))
WAITS = Digest(facts_out=1, facts_soon=3, places=12, lines=1, phrases=2, reviews=1)
URL = "https://desk.example/console/"


@dataclass
class Week:
    """Coordinators, a mail server, and what sends to them."""

    engine: Engine
    clock: Callable[[], float]
    server: MailServer
    mail: WeekMail
    waits: list[Digest] = field(default_factory=lambda: [WAITS])

    def person(self, name: str, roles: str = "coordinator", language: str = "es", active: bool = True) -> None:
        values = {
            "email": f"{name}@example.org",
            "name": name,
            "roles_held": roles,
            "language": language,
            "active": active,
        }
        with self.engine.begin() as connection:
            connection.execute(insert(User).values(**values, password="x", fs_uniquifier=name, made=1))

    def sent(self, at: datetime) -> list[str]:
        """Who gets one at this moment."""
        self.clock.set(at.timestamp())  # type: ignore[attr-defined]
        self.server.received.clear()
        self.mail.send()
        return sorted(each.to[0].partition("@")[0] for each in self.server.received)


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = MONDAY.timestamp()

    def __call__(self) -> float:
        return self.now

    def set(self, now: float) -> None:
        self.now = now


@pytest.fixture
def week(engine: Engine) -> Iterator[Week]:
    clock, waits = Clock(), [WAITS]
    with mail_server(MailServer()) as server:
        mail = Mail(f"smtp://127.0.0.1:{server.port}", "desk@example.org", timeout=1)
        desk, weeks = DeskAlarms(engine, clock, CHICAGO), DigestWeek(engine, clock)
        sends = WeekMail(desk, weeks, lambda: waits[0], mail, URL, clock, CHICAGO)
        yield Week(engine, clock, server, sends, waits)


def begun(week: Week) -> None:
    """The installation is there since the week before."""
    assert week.sent(MONDAY - timedelta(days=3)) == []


def test_coordinators_get_one_on_monday_morning_and_nobody_else(week: Week) -> None:
    begun(week)
    week.person("rosa")
    week.person("bea", roles="publisher,coordinator", language="en")
    week.person("tomas", roles="responder")
    week.person("ida", active=False)
    assert week.sent(MONDAY - timedelta(minutes=1)) == []
    assert week.sent(MONDAY) == ["bea", "rosa"]
    texts = {each.to[0]: each.message.get_payload(decode=True).decode() for each in week.server.received}
    assert texts["rosa@example.org"].splitlines() == [
        "- 1 dato que venció: su frase ya no sale",
        "- 3 datos que vencen en 14 días",
        "- 12 organizaciones por llamar",
        "- 1 línea o página por probar",
        "- 2 preguntas que no se entendieron, por leer",
        "- 1 respuesta que espera a que otra persona la lea",
        "",
        f"Abre la consola: {URL}",
    ]
    assert "- 12 organizations to call" in texts["bea@example.org"]


def test_it_goes_out_once_a_week_also_late(week: Week) -> None:
    begun(week)
    week.person("rosa")
    assert week.sent(MONDAY + timedelta(days=2)) == ["rosa"], "the worker was away on Monday"
    assert week.sent(MONDAY + timedelta(days=6)) == []
    assert week.sent(MONDAY + timedelta(days=7)) == ["rosa"]
    assert week.sent(MONDAY + timedelta(days=3)) == [], "a clock that was put back"


def test_a_new_installation_begins_with_the_next_week(week: Week) -> None:
    week.person("rosa")
    assert week.sent(MONDAY + timedelta(days=1)) == []
    assert week.sent(MONDAY + timedelta(days=7)) == ["rosa"]


def test_a_week_in_which_nothing_waits_says_so(week: Week) -> None:
    begun(week)
    week.person("rosa")
    week.waits[0] = Digest()
    assert week.sent(MONDAY) == ["rosa"]
    assert week.server.received[0].message.get_payload(decode=True).decode().startswith("No espera nada.")


def test_a_server_that_is_away_is_tried_again(week: Week) -> None:
    begun(week)
    week.person("rosa")
    good = week.mail
    week.mail = replace(good, mail=Mail(f"smtp://127.0.0.1:{nobody_listens()}", "desk@example.org", timeout=1))
    assert week.sent(MONDAY) == []
    week.mail = good
    assert week.sent(MONDAY + timedelta(minutes=5)) == [], "whoever took it may still be sending"
    assert week.sent(MONDAY + timedelta(minutes=11)) == ["rosa"]


def test_where_there_is_nobody_it_does_not_wait_for_somebody(week: Week) -> None:
    begun(week)
    assert week.sent(MONDAY) == []
    week.person("rosa")
    assert week.sent(MONDAY + timedelta(hours=1)) == []


def test_of_two_workers_one_sends(engine: Engine) -> None:
    clock = Clock()
    one, other = DigestWeek(engine, clock), DigestWeek(engine, clock)
    one.take(MONDAY.date() - timedelta(weeks=1))
    assert [one.take(MONDAY.date()), other.take(MONDAY.date())] == [True, False]
    one.sent(MONDAY.date())
    clock.now += 3_600
    assert not other.take(MONDAY.date())


@pytest.mark.parametrize(
    ("at", "monday"),
    {
        "a minute before": (MONDAY - timedelta(minutes=1), None),
        "eight on Monday": (MONDAY, date(2026, 11, 30)),
        "the night before": (MONDAY - timedelta(hours=9), date(2026, 11, 23)),
        "a Sunday": (MONDAY + timedelta(days=6), date(2026, 11, 30)),
        "over New Year": (datetime(2027, 1, 1, 12, tzinfo=ZoneInfo(CHICAGO)), date(2026, 12, 28)),
    }.values(),
)
def test_whose_week_it_is(at: datetime, monday: date | None) -> None:
    assert week_of(at) == monday


def test_it_counts_what_is_there(engine: Engine) -> None:
    release, now = content.load(), datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
    facts = {
        name: replace(fact, valid_until=date(2026, 11, 30) + timedelta(days=days))
        for (name, fact), days in zip(release.facts.items(), (-1, 0, 14, 15), strict=False)
    }
    phrase = {"quarter": "2026Q4", "language": "es", "text": "x", "heard": "", "topic": ""}
    gap = {"week": date(2026, 11, 23), "state": "US-IL", "help": "legal", "n": 6}
    with engine.begin() as connection:
        for id, verdict in (("a", "waiting"), ("b", "waiting"), ("c", "right")):
            connection.execute(insert(Phrase).values(id=id, folded=id, verdict=verdict, **phrase))
        connection.execute(insert(GapCount).values(**gap))
        connection.execute(insert(GapCount).values(**{**gap, "week": date(2026, 10, 26)}))
        for id, state in ((1, "review"), (2, "draft"), (3, "published")):
            connection.execute(insert(Change).values(id=id, flow=f"f{id}", state=state, base=1, made=1, by=1, changed=1))
    found = what_waits(facts, {}, 7, engine, now)
    assert found == Digest(facts_out=1, facts_soon=2, places=7, phrases=2, nowhere=6, reviews=1)
    lines_to_try = sum(line.kind != "emergency" for line in release.hotlines.values())
    assert what_waits(facts, release.hotlines, 0, engine, now).lines == lines_to_try


def test_a_count_under_five_is_not_told(engine: Engine) -> None:
    now = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
    with engine.begin() as connection:
        connection.execute(insert(GapCount).values(week=date(2026, 11, 23), state="other", help="other", n=4))
    assert what_waits({}, {}, 0, engine, now) == Digest()


def test_organizations_are_counted_as_the_list_of_calls_has_them(engine: Engine, redis_client: Redis) -> None:
    now = MONDAY.timestamp()
    directory, flags = DirectoryStore(engine, SEAL_KEY, Clock()), DirectoryFlags(engine, redis_client)
    assert places_to_call(directory, flags, now) == 0, "there is no directory yet"
    settle(engine, SEAL_KEY, REPOSITORY / FILE, now)
    seed = read_seed((REPOSITORY / FILE).read_bytes(), now)
    expected = len(call_again(listed(seed, {}), utc_day(now), 14))
    assert places_to_call(directory, flags, now) == expected > 0
    with engine.begin() as connection:
        connection.execute(text("UPDATE hsds_organization SET name = 'somebody else'"))
    assert places_to_call(directory, flags, now) == 0, "rows that somebody changed by hand are not believed"


@pytest.mark.parametrize("language", ["es", "en", "quc"])
def test_every_number_is_said_and_one_is_not_many(language: str) -> None:
    names = Digest.__struct_fields__
    one, many = Digest(**dict.fromkeys(names, 1)), Digest(**dict.fromkeys(names, 2))
    assert len(lines(one, language)) == len(lines(many, language)) == len(names)
    words = [{what for _, what in lines(each, language)} for each in (one, many)]
    assert not words[0] & words[1]
    assert lines(Digest(), language) == ()
