"""A coordinator's notice from the terminal to a family's phone: the rumor answer and the menu of that area, and AVISOS."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask

from tests.phone import Phone

SPANISH = "Hay agentes en la calle 26, visto por nosotros a las 9."
ARGUMENTS = (
    "--source", "Centro del Sol", "--by", "Ana", "--es", SPANISH, "--en", "Agents on 26th Street, seen by us at 9.",
    "--quc", "K'o ri migra pa ri b'e 26.", "--hours", "5",
)  # fmt: skip


def command(app: Flask, *arguments: str, said: str = "") -> Result:
    """``flask --app webhook notice ...`` as a coordinator types it."""
    return app.test_cli_runner().invoke(args=["notice", *arguments], input=said)


def publish(app: Flask, *more: str, said: str = "") -> Result:
    return command(app, "publish", *ARGUMENTS, *more, said=said)


def rumor(phone: Phone) -> str:
    """The answer to a rumor, by the menu: this app has no model."""
    answers = [phone.send(text) for text in ("menu", "6", "8", "7")]
    return answers[-1]


def test_who_asks_in_the_area_reads_it_and_nobody_else(app: Flask) -> None:
    done = publish(app, "--area", "Chicago, IL", "--yes")
    assert done.exit_code == 0 and "number 1" in done.output, done.output
    chicago, houston = Phone(app.test_client()), Phone(app.test_client())
    asked = chicago.send("avisos")
    assert "ZIP" in asked and SPANISH not in asked
    told = chicago.send("60629")
    assert told.startswith("AVISO de Centro del Sol (vale 4 h): Hay agentes en la calle 26") and "Ana" not in told
    assert chicago.send("menu").startswith("AVISO de Centro del Sol")
    assert rumor(chicago).startswith("AVISO de Centro del Sol")
    houston.send("avisos")
    assert "No tenemos aviso confirmado para Houston, TX" in houston.send("Houston TX")
    assert not houston.send("menu").startswith("AVISO")
    kiche = Phone(app.test_client(), "whatsapp")
    for text in ("kiche", "avisos", "60629"):
        told = kiche.send(text)
    assert SPANISH in told and "K'o ri migra pa ri b'e 26." in told


def test_a_zip_after_a_rumor_reads_the_notices_there(app: Flask) -> None:
    phone = Phone(app.test_client())
    publish(app, "--area", "60629", "--radius", "10", "--yes")
    asked = rumor(phone)
    assert phone.explain["flow"] == "rumor" and "ZIP" in asked
    assert "AVISO de Centro del Sol" in phone.send("60629")
    assert phone.explain["flow"] == "area_notices"


def test_the_terminal_asks_before_it_publishes_lists_and_takes_back(app: Flask) -> None:
    stopped = publish(app, "--area", "Illinois", said="n\n")
    assert stopped.exit_code == 1 and SPANISH in stopped.output
    assert "0 notices" in command(app, "list").output
    assert publish(app, "--area", "Illinois", said="y\n").exit_code == 0
    listed = command(app, "list").output
    assert "1: Illinois (IL), from Centro del Sol, published by Ana" in listed
    assert command(app, "withdraw", "1").exit_code == 0
    again = command(app, "withdraw", "1")
    assert again.exit_code == 1 and "No notice of number 1" in again.output


WRONG = {
    "an area that is none": (("--area", "Narnia"), "I do not know the area 'Narnia'"),
    "an area that is two": (("--area", "Springfield"), "Which one:"),
    "two days": (("--area", "60629", "--hours", "48"), "hours: 48"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_go_out_is_said_in_words(name: str, app: Flask) -> None:
    arguments, why = WRONG[name]
    done = publish(app, *arguments, "--yes")
    assert done.exit_code == 1 and why in done.output
