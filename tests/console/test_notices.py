"""Notices about an area in the console: who publishes them, what is refused, how families read them, and taking them back."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from tests.console.browsing import Console
from tests.console.clients import Hand, hand

pytestmark = pytest.mark.slow

RIGHT = {
    "area": "Chicago, IL", "radius": "40", "begins": "0", "hours": "6", "source": "Red del Norte",
    "es": "Agentes vistos cerca de la estacion de autobuses.", "en": "Agents seen near the bus station.", "quc": "",
}  # fmt: skip


@pytest.fixture
def coordinator(console: Console) -> Hand:
    return hand(console, console.account(Role.COORDINATOR, name="Carla"))


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PUBLISHER, Role.RESPONDER, Role.ADMIN])
def test_only_a_coordinator_publishes(console: Console, role: Role) -> None:
    someone = hand(console, console.account(role, organization=None if role is Role.ADMIN else "norte"))
    assert [someone.get(path).status_code for path in ("/notices", "/notices/new")] == [403, 403]
    assert someone.post("/notices/new", **RIGHT, sure="yes").status_code == 403
    assert someone.post("/notices/1/withdraw").status_code == 403
    assert console.desk.notices.listed() == ()


WRONG = {
    "no area": ({"area": ""}, "Escribe una ciudad"),
    "several areas": ({"area": "Springfield"}, "¿Cuál"),
    "no end": ({"hours": ""}, "Di cuántas horas vale"),
    "too long": ({"hours": "25"}, "Di cuántas horas vale"),
    "no number of hours": ({"hours": "nan"}, "Di cuántas horas vale"),
    "no source": ({"source": " "}, "Di quién lo confirmó"),
    "no Spanish": ({"es": ""}, "Escríbelo en español y en inglés"),
    "no English": ({"en": ""}, "Escríbelo en español y en inglés"),
    "two SMS": ({"es": "mucho texto " * 20}, "Es más largo que un SMS"),
    "a number": ({"en": "Call 312-555-0100 now."}, "Quita el número"),
    "a link": ({"en": "See www.example.org"}, "Quita el enlace"),
    "a far end": ({"radius": "900"}, "Di hasta dónde"),
    "a late beginning": ({"begins": "99"}, "Empieza como mucho"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_nothing_published(console: Console, coordinator: Hand, case: str) -> None:
    other, told = WRONG[case]
    answer = coordinator.post("/notices/new", **{**RIGHT, **other}, sure="yes")
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert console.desk.notices.listed() == ()


def test_it_is_shown_as_families_read_it_then_published_then_taken_back(console: Console, coordinator: Hand) -> None:
    assert "Ahora no se lee ningún aviso" in coordinator.get("/notices").get_data(as_text=True)
    shown = coordinator.post("/notices/new", **RIGHT)
    told = shown.get_data(as_text=True)
    assert shown.status_code == 200 and console.desk.notices.listed() == ()
    assert told.count('<div class="bubble bot">') == 3 and "Chicago" in told and "AVISOS" in told
    assert RIGHT["es"] in told and RIGHT["en"] in told and "leen el español" in told

    assert coordinator.post("/notices/new", **RIGHT, change="yes").status_code == 200
    assert console.desk.notices.listed() == ()
    assert coordinator.post("/notices/new", **RIGHT, sure="yes").status_code == 303
    (made,) = console.desk.notices.listed()
    assert made.published_by == "Carla" and made.ends - made.starts == 6 * 3600
    listed = coordinator.get("/notices").get_data(as_text=True)
    assert "Retirarlo ya" in listed and RIGHT["es"] in listed

    assert coordinator.post(f"/notices/{made.number}/withdraw").status_code == 303
    assert console.desk.notices.listed() == ()
    over = coordinator.get("/notices").get_data(as_text=True)
    assert "Ahora no se lee ningún aviso" in over and "Retirado" in over


def test_one_that_begins_later_is_coming(console: Console, coordinator: Hand) -> None:
    coordinator.post("/notices/new", **{**RIGHT, "begins": "2"}, sure="yes")
    assert "Empiezan después" in coordinator.get("/notices").get_data(as_text=True)
    for each in console.desk.notices.listed():
        coordinator.post(f"/notices/{each.number}/withdraw")
