"""What comes twice and late: the newer state stands. Bursts in order are tried in store/test_sessions_together.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from bot.app import Puente
from bot.escalation.escalation import Author
from bot.message import Channel
from bot.store.desk_rows import write
from bot.store.key_store import open_key_store
from tests.phone import ACCOUNT, Phone, signature

# A Redis of its own.
pytestmark = pytest.mark.slow


@pytest.fixture
def one_app(app_with: Callable[..., Flask]) -> Flask:
    """One app for the tests that break nothing."""
    return app_with()


@dataclass(frozen=True)
class Late:
    """``then`` came after ``first``, of which a duplicate comes last; ``now`` and its answer's flow show what holds."""

    first: str
    then: tuple[str, ...]
    now: str
    flow: str
    stopped: bool = False


LATE = {
    "an older menu": Late("menu", ("1", "2"), "menu", "menu"),
    "an older place": Late("abogado 60629", ("abogado 90057",), "MAS", "services_near"),
    "an older language": Late("ENGLISH", ("ESPAÑOL", "menu"), "1", "agents_here_now"),
    "a stop that was taken back": Late("ALTO", ("START", "menu"), "1", "agents_here_now"),
    "a return, and a stop since": Late("START", ("ALTO", "menu"), "1", "agents_here_now", stopped=True),
    "the danger of an hour before": Late("la migra esta en mi puerta", ("SALIR", "menu"), "1", "agents_here_now"),
}


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("name", LATE)
def test_a_late_duplicate_never_undoes_a_newer_state(one_app: Flask, name: str, channel: str) -> None:
    late = LATE[name]
    puente: Puente = one_app.extensions["puente"]()
    twin, phone = (Phone(one_app.test_client(), channel) for _ in range(2))
    for each in (twin, phone):
        form = each.form(late.first)
        answer = each.post(form).data
        for text in late.then:
            each.send(text)
    assert phone.post(form).data == answer, "it gets the words that it got"
    assert phone.send(late.now) == twin.send(late.now), "as if it had not come"
    assert phone.explain["flow"] == late.flow
    assert puente.opt_outs.is_stopped(phone.address) is late.stopped


def _report(app: Flask, phone: Phone, o: str) -> None:
    """The carrier says that the person had told it STOP."""
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "undelivered", "ErrorCode": "21610"}
    form |= {"AccountSid": ACCOUNT, "To": phone.address, "From": "+15005550006"}
    path = f"/status?o={o}"
    said = app.test_client().post(path, data=form, headers={"X-Twilio-Signature": signature(form, path)})
    assert said.status_code == 204


def test_a_late_report_of_a_stop_does_not_undo_a_return(one_app: Flask) -> None:
    puente: Puente = one_app.extensions["puente"]()
    phone, now = Phone(one_app.test_client()), puente.conversation.clock()
    id = puente.escalations.open(phone.address, Channel.SMS)
    key = open_key_store(puente.settings).require(id)
    with puente.engine.begin() as connection:
        puente.outbox.put(connection, id, write(connection, key, Author.STAFF, now, "Buenas"))
    (waiting,) = puente.outbox.due()
    going = puente.outbox.begin(waiting)
    assert going is not None
    _report(one_app, phone, going.name)
    assert puente.opt_outs.is_stopped(phone.address)
    phone.send("START")
    assert not puente.opt_outs.is_stopped(phone.address)
    _report(one_app, phone, going.name)
    assert not puente.opt_outs.is_stopped(phone.address)
