"""What a volunteer corrects is in the bot's answer at once: the real app, the console's page, and a family's phone."""

from __future__ import annotations

import pytest
from flask import Flask

from bot.escalation.viewer import Role
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.directory_scene import ROMERO, furnish
from tests.console.test_directory_list import save
from tests.phone import Phone
from tests.servers import until

pytestmark = pytest.mark.slow


def listed(app: Flask) -> str:
    """What a family is told that looks for after-school help near 60660."""
    phone = Phone(app.test_client())
    for text in ("menu", "3", "60660"):
        phone.send(text)
    return phone.send("1")


@pytest.fixture(scope="module")
def ana(console: Console) -> Hand:
    furnish(console)
    return hand(console, console.account(Role.VOLUNTEER))


def test_another_number_and_hours_are_told_within_seconds(console: Console, ana: Hand) -> None:
    until(lambda: "773-508-5300" in listed(console.app), "the shipped number in an answer")
    assert save(ana, act="save", phone="773-508-5309", country="US").status_code == 302
    until(lambda: "773-508-5309" in listed(console.app), "the corrected number in an answer")
    assert "773-508-5300" not in listed(console.app)
    save(ana, act="save", has_hours="1", always="on")
    until(lambda: "Centro Romero, 773-508-5309(?), abierto" in listed(console.app), "that it is open")


def test_what_is_paused_is_told_to_nobody(console: Console, ana: Hand) -> None:
    until(lambda: "Centro Romero" in listed(console.app), "it in an answer")
    ana.post(f"/directory/{ROMERO}/state", on=f"/directory/{ROMERO}", state="paused")
    until(lambda: "Centro Romero" not in listed(console.app), "that it is gone")
    ana.post(f"/directory/{ROMERO}/state", on=f"/directory/{ROMERO}", state="active")
    until(lambda: "Centro Romero" in listed(console.app), "it again")
