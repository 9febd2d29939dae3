"""What the pages of a conversation let out, at a Twilio that none of us wrote: a reply does, a note does not (checklist 33)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.settings import from_environment
from bot.worker import duties
from tests.carrier.fake import SMS, Twilio
from tests.carrier.test_worker import keys_of
from tests.console.desk_scene import open_scene, post
from tests.store.at_desk import ANA

pytestmark = pytest.mark.slow

FAMILY = "+12025550133"


def test_a_note_never_reaches_the_carrier_and_a_reply_does(
    twilio: Twilio, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    environ = {**keys_of(twilio), "TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": "none"}
    scene = open_scene(make_app(**environ))
    settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path), **environ})
    puente, ana = scene.desk.puente, scene.client(ANA)
    (outbox,) = [duty for duty in duties(settings, puente.redis, puente.engine) if duty.name == "outbox"]
    id = scene.families.comes("Hola", address=FAMILY)
    here = f"/console/conversation/{id}"

    forged = {"channel": "sms", "to": FAMILY, "text": "un secreto", "send": "1", "author": "staff", "template": "HX1"}
    assert post(ana, f"{here}/note", note="un secreto", seen_up_to="", **forged).status_code == 302
    outbox.run()
    assert twilio.sids() == set()

    assert post(ana, f"{here}/reply", text="Buenas tardes, le escribe Ana á", seen_up_to="").status_code == 302
    outbox.run()
    assert len(twilio.sids()) == 1
    page = ana.get(here).get_data(as_text=True)
    assert "En cola" not in page, "the page tells how far it came"
