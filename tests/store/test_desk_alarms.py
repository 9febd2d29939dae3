"""Urgent alarms: who is told and when, once, by a real mail server on this machine; and not a word of the family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.alarms import Alarms
from bot.escalation.escalation import About, alias_of
from bot.escalation.viewer import SHARED_POOL
from bot.mail import Mail
from bot.message import Channel
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.desk_alarms import AGAIN, DeskAlarms
from bot.store.desk_rows import sealed_about
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.models import Escalation
from bot.store.staff_models import DeskAgreement, User
from tests.smtp import MailServer, mail_server, nobody_listens
from tests.store.escalated import ANA

CASA, LEJOS = "casa", "lejos"
URL = "https://desk.example/console/inbox"


@dataclass
class Network:
    """People of two organizations, and a mail server."""

    engine: Engine
    clock: object
    server: MailServer
    alarms: Alarms

    def person(self, name: str, roles: str = "responder", organization: str | None = CASA, **more: object) -> None:
        values = {"email": f"{name}@example.org", "name": name, "roles_held": roles, "organization": organization}
        same = {"password": "x", "fs_uniquifier": name, "made": 1, "active": True, "language": "es"}
        with self.engine.begin() as connection:
            connection.execute(insert(User).values(**{**values, **same, **more}))

    def agree(self, organization: str, sees: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(DeskAgreement).values(organization=organization, sees=sees))

    def urgent(self, id: str, organization: str | None = CASA) -> None:
        """As a turn leaves it behind."""
        with self.engine.begin() as connection:
            values = {"organization": organization, "urgency": "urgent", "alarm": int(self.clock())}  # type: ignore[operator]
            connection.execute(update(Escalation).where(Escalation.id == id).values(**values))

    def told(self) -> list[str]:
        """Who got a mail now."""
        self.server.received.clear()
        self.alarms.tell()
        return sorted(each.to[0].partition("@")[0] for each in self.server.received)

    def due(self, id: str) -> tuple[int | None, int | None]:
        with self.engine.connect() as connection:
            row = connection.execute(select(Escalation.alarm, Escalation.alarmed).where(Escalation.id == id)).one()
        return row.alarm, row.alarmed


@pytest.fixture
def network(engine: Engine, clock) -> Iterator[Network]:
    with mail_server(MailServer()) as server:
        mail = Mail(f"smtp://127.0.0.1:{server.port}", "desk@example.org", timeout=1)
        yield Network(engine, clock, server, Alarms(DeskAlarms(engine, clock), CarrierAlarms(engine, clock), mail, URL))


def test_those_on_duty_who_reach_it_are_told_once(network: Network, told: str, clock) -> None:
    now = int(clock())
    network.person("ana", on_duty=now)
    network.person("rest", on_duty=now, back_at=now + 60)
    network.person("back", on_duty=now, back_at=now - 60)
    network.person("off")
    network.person("gone", on_duty=now, active=False)
    network.person("cora", "coordinator,admin", on_duty=now)
    network.person("olga", organization=LEJOS, on_duty=now)
    network.person("agreed", organization="puente", on_duty=now)
    network.agree("puente", CASA)
    network.urgent(told)
    assert network.told() == ["agreed", "ana", "back"]
    assert network.due(told) == (None, now) and network.told() == []


NOBODY_ON_DUTY = {
    "all of the organization": ([("one", {}), ("two", {})], ["one", "two"]),
    "but not who rests": ([("one", {}), ("two", {"back_at": 9_999_999_999})], ["one"]),
    "unless there is nobody else": ([("two", {"on_duty": 1, "back_at": 9_999_999_999})], ["two"]),
    "nobody at all": ([], []),
}


@pytest.mark.parametrize("name", NOBODY_ON_DUTY)
def test_when_nobody_is_on_duty(network: Network, told: str, name: str) -> None:
    people, reached = NOBODY_ON_DUTY[name]
    for person, more in people:
        network.person(person, **more)
    network.person("olga", organization=LEJOS, on_duty=1)
    network.urgent(told)
    assert network.told() == reached
    assert network.due(told)[0] is None


def test_the_shared_pool_is_told_to_who_may_see_it(network: Network, told: str) -> None:
    network.person("ana")
    network.person("olga", organization=LEJOS)
    network.agree(LEJOS, SHARED_POOL)
    network.urgent(told, None)
    assert network.told() == ["olga"]


def test_not_a_word_of_the_family_goes_into_a_mail(network: Network, told: str, keys: KeyStore) -> None:
    about = sealed_about(keys.require(told), About(topic="violence_help", place="town:US-IL:Chicago", language="es"))
    with network.engine.begin() as connection:
        connection.execute(update(Escalation).values(about=about))
    network.urgent(told)
    network.person("ana")
    network.person("bob", language="en")
    assert network.told() == ["ana", "bob"]
    spanish, english = network.server.received
    assert english.text.strip() == f"Someone with something urgent is waiting. Open the desk: {URL}"
    assert spanish.text.strip() == f"Alguien espera con algo urgente. Abre el escritorio: {URL}"
    for mail in (spanish, english):
        raw = mail.raw.decode()
        assert not [
            word
            for word in (told, alias_of(told), ANA[1:], "violence", "Chicago", "casa", "siguen", "desde")
            if word in raw
        ]


def test_sixty_who_wait_at_once_are_one_mail_to_each_person(network: Network, escalations: Escalations, clock) -> None:
    network.person("ana")
    network.person("olga", organization=LEJOS)
    ids = [escalations.open(f"+120255501{number:02}", Channel.SMS) for number in range(6)]
    for number, id in enumerate(ids):
        network.urgent(id, LEJOS if number % 2 else CASA)
    assert network.told() == ["ana", "olga"]
    assert {network.due(id) for id in ids} == {(None, int(clock()))}


def test_an_urgent_message_again_is_told_again_but_not_within_ten_minutes(network: Network, told: str, clock) -> None:
    network.person("ana")
    network.urgent(told)
    assert network.told() == ["ana"]
    clock.advance(30)
    network.urgent(told)
    assert network.told() == []
    clock.advance(AGAIN - 30)
    assert network.told() == ["ana"]


def test_a_server_that_is_away_is_tried_again(network: Network, told: str, clock) -> None:
    network.person("ana")
    network.urgent(told)
    away = Mail(f"smtp://127.0.0.1:{nobody_listens()}", "desk@example.org", timeout=1)
    Alarms(network.alarms.desk, network.alarms.carrier, away, URL).tell()
    assert network.told() == [], "not at every tick"
    clock.advance(121)
    assert network.told() == ["ana"] and network.due(told) == (None, int(clock()))


def test_one_address_that_is_refused_keeps_no_other_from_being_told(network: Network, told: str) -> None:
    network.person("ana", email="ana at home")
    network.person("bea")
    network.urgent(told)
    assert network.told() == ["bea"] and network.due(told)[0] is None


def test_two_workers_tell_of_it_once(network: Network, told: str, engine: Engine, clock) -> None:
    network.person("ana")
    network.urgent(told)
    one, other = DeskAlarms(engine, clock), DeskAlarms(engine, clock)
    assert [len(one.take()), len(other.take())] == [1, 0]


@pytest.mark.parametrize("end", ["closed", "erased"])
def test_nobody_is_told_of_what_is_over(network: Network, escalations: Escalations, told: str, end: str) -> None:
    network.person("ana")
    network.urgent(told)
    escalations.close(told) if end == "closed" else escalations.erase(told, ANA)
    assert network.told() == []


def test_admins_are_told_once_a_day_that_replies_do_not_go_out(network: Network, clock) -> None:
    network.person("ada", "admin", None, language="en")
    network.person("ana")
    for _ in range(3):
        network.alarms.carrier.note(30034)
    network.alarms.carrier.note(3)
    assert (
        network.told() == ["ada", "ada"]
        and "30034" in network.server.received[0].text + network.server.received[1].text
    )
    network.alarms.carrier.note(30034)
    assert network.told() == []
    clock.advance(86_400)
    network.alarms.carrier.note(30034)
    assert network.told() == ["ada"]
