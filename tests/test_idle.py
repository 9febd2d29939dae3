"""Somebody takes up a phone that was laid down: whatever is written, nothing of the former topic comes back.

Three languages, both channels, every flow about danger or violence: each answer is, word for word, what anybody gets of whom
nothing but the language is known.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from bot.language import Language
from bot.session import Session, Spot, to_dict
from tests.phone import Phone
from tests.servers import make_app_in, running

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
WRITTEN: dict[str, dict[str, str]] = {
    "1": {},
    "2": {},
    "9": {},
    "0": {},
    "MAS": {},
    "COMPARTIR": {},
    "sí": {},
    "yes": {},
    "repita por favor": {},
    "60629": {},
    "Chicago": {},
    "hola": {},
    "asdf qwer": {},
    "abogado": {},
    "": {"NumMedia": "1", "MediaUrl0": "https://example.org/v", "MediaContentType0": "audio/ogg"},
}
QUARTER = 900


class Two:
    """An installation, and a way to put a person at a step some seconds ago."""

    def __init__(self, app: Flask) -> None:
        self.app, self.puente = app, app.extensions["puente"]()

    def phone(self, channel: str, session: dict[str, object], idle: float) -> Phone:
        phone = Phone(self.app.test_client(), channel)
        self.put(phone, session, idle)
        return phone

    def put(self, phone: Phone, session: dict[str, object], idle: float) -> None:
        conversation = self.puente.conversation
        begun = conversation.sessions.begin(phone.address, phone.form()["MessageSid"], time.monotonic() + 2)
        stored = to_dict(Session(known=True, updated=conversation.clock() - idle, **session))  # type: ignore[arg-type]
        assert conversation.sessions.finish(begun, stored, b"", {})

    def answer(self, phone: Phone, text: str) -> str:
        return phone.send(text, **WRITTEN[text])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder: Path = tmp_path_factory.mktemp("idle")
    with running(folder):
        yield Two(make_app_in(folder, {}))


def _delicate(two: Two) -> list[str]:
    flows = two.puente.release.script.flows.values()
    return [flow.name for flow in flows if flow.delicate]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("language", Language)
def test_nothing_of_it_comes_back(two: Two, language: Language, channel: str) -> None:
    anybody = two.phone(channel, {}, 0)
    phone = two.phone(channel, {}, 0)
    script = two.puente.release.script
    flows = _delicate(two)
    for number, text in enumerate(WRITTEN):
        two.put(anybody, {"language": language}, QUARTER)
        expected = two.answer(anybody, text)
        # Three flows for each text, others for the next: the engine's own tests try all with all.
        for name in (flows[(number * 3 + more) % len(flows)] for more in range(3)):
            step = next(step.name for step in script.flows[name].steps.values() if step.waits)
            spot = Spot(name, step)
            two.put(phone, {"language": language, "at": spot, "trail": (spot,), "place": CHICAGO}, QUARTER)
            assert two.answer(phone, text) == expected, f"{name}, then {text!r}"


@pytest.mark.parametrize("text", ["9", "COMPARTIR", "abogado", "1"])
def test_a_minute_earlier_it_does(two: Two, text: str) -> None:
    """So that the test above can fail."""
    anybody = two.phone("sms", {"language": Language.ES}, 0)
    spot = Spot("child_alone", "first")
    state = {"language": Language.ES, "at": Spot("agents_here_now", "first"), "trail": (spot,), "place": CHICAGO}
    phone = two.phone("sms", state, QUARTER - 60)
    assert two.answer(phone, text) != two.answer(anybody, text)
