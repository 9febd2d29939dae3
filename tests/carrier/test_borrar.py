"""From the word BORRAR to the last copy at Twilio: the webhook, the worker's own duties, and a Twilio that none of us wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.worker import duties
from tests.carrier.fake import ACCOUNT, KEY, SECRET, SMS, WHATSAPP, Twilio
from tests.phone import Phone

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_nothing_of_hers_is_left_at_the_carrier_and_of_others_all(
    twilio: Twilio, make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    clock = tmp_path / "clock"
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(clock))
    app = make_app(
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_API_KEY=KEY,
        TWILIO_API_SECRET=SECRET,
        TWILIO_API_BASE=twilio.url,
        TWILIO_SMS_FROM=SMS,
        TWILIO_WHATSAPP_FROM=WHATSAPP,
    )
    puente = app.extensions["puente"]()
    worker = {duty.name: duty for duty in duties(app.config["SETTINGS"], puente.redis, puente.engine)}
    us = WHATSAPP if channel == "whatsapp" else SMS
    ana, luis = Phone(app.test_client(), channel), Phone(app.test_client(), channel)

    def talk(phone: Phone, text: str) -> str:
        """As it stands at Twilio: what came, and what we answered."""
        twilio.receive(phone.address, us)
        said = phone.send(text)
        twilio.send(us, phone.address)
        return said

    def round_of_the_worker(seconds: float) -> None:
        clock.write_text(str(seconds))
        worker["erasing"].run()
        worker["copies of erased"].run()

    for phone in (ana, luis):
        talk(phone, "menu")
    before = twilio.sids()
    assert "Listo" in talk(ana, "BORRAR")
    round_of_the_worker(1)
    his = twilio.sids()
    assert len(his) == 2 and his < before
    # Twilio lists the word itself and the answer only now.
    twilio.receive(ana.address, us)
    round_of_the_worker(60)
    assert len(twilio.sids()) == 3, "not asked all the time"
    round_of_the_worker(125)
    assert twilio.sids() == his
    twilio.send(us, ana.address)
    round_of_the_worker(910)
    assert twilio.sids() == his and puente.redis.hlen("{erasures}") == 0
