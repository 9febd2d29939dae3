"""``twilio setup`` about buttons: whether the worker's key may look after the menus, and what is missing else."""

from __future__ import annotations

from bot.channels.setup.asking import Asking
from bot.channels.setup.checks import look_around
from bot.channels.setup.findings import Finding, State
from bot.settings import from_environment
from tests.carrier import door as doors
from tests.carrier.door import ACCOUNT, HERE, KEY, NUMBER, SECRET, TOKEN, Door, Fault


def found(door: Door, **environ: str) -> list[Finding]:
    ours = {
        **{"ENVIRONMENT": "test", "TWILIO_API_BASE": door.url, "PUBLIC_BASE_URL": HERE, "TWILIO_SMS_FROM": "none"},
        **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_KEY": KEY},
        **{"TWILIO_API_SECRET": SECRET, "TWILIO_WHATSAPP_FROM": NUMBER, "WHATSAPP_BUTTONS": "on"},
    }
    settings = from_environment({**ours, **environ})
    report = look_around(settings, lambda token: Asking(settings, token, 0.5))
    return [each for each in report.findings if each.about == "WHATSAPP_BUTTONS"]


def test_a_key_that_may_is_right(door: Door) -> None:
    (finding,) = found(door)
    assert finding.state is State.OK
    (asked,) = [each for each in door.asked if each.path == "/content/v1/Content"]
    assert (asked.method, asked.user) == ("GET", KEY), "the worker's key is asked for, not the token"


def test_a_key_that_may_not_is_told(door: Door) -> None:
    door.faults.append(Fault(lambda handler: doors._error(403, 70051), part="/content/"))
    (finding,) = found(door)
    assert finding.state is State.MEND and "numbered text" in finding.now


def test_a_twilio_that_is_down_leaves_it_open(door: Door) -> None:
    door.faults.append(Fault(lambda handler: doors._error(503, 0), part="/content/"))
    (finding,) = found(door)
    assert finding.state is State.UNASKED


def test_buttons_that_cannot_be_sent_are_told_without_asking(door: Door) -> None:
    (finding,) = found(door, TWILIO_API_KEY="", TWILIO_API_SECRET="", TWILIO_WHATSAPP_FROM=NUMBER)
    assert finding.state is State.MEND
    assert not [each for each in door.asked if each.path.startswith("/content/")]


def test_where_buttons_are_off_nothing_is_said_or_asked(door: Door) -> None:
    assert found(door, WHATSAPP_BUTTONS="off") == []
    assert not [each for each in door.asked if each.path.startswith("/content/")]
