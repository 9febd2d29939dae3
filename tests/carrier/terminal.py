"""An operator's terminal at Twilio's door (door.py): what ``twilio setup`` says there, and an account where all is right."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from click.testing import Result
from flask import Flask

from bot.cli_twilio import twilio
from bot.settings import Settings, from_environment
from tests.carrier.door import ACCOUNT, BIN, HERE, KEY, MESSAGES, NUMBER, SECRET, STATUS, TOKEN, Door

RIGHT = {"sms_url": MESSAGES, "sms_method": "POST", "sms_fallback_url": BIN}
SERVED = {"inbound_request_url": MESSAGES, "fallback_url": BIN, "status_callback": STATUS}
WEBHOOK = {"callback_url": MESSAGES, "callback_method": "POST", "fallback_url": BIN, "status_callback_url": STATUS}
COUNTRIES = "US,MX,GT,SV"
SMS_ONLY = {"TWILIO_SMS_FROM": NUMBER, "TWILIO_WHATSAPP_FROM": "none"}


@dataclass
class Terminal:
    """An operator's terminal, with the settings of her installation."""

    door: Door
    monkeypatch: pytest.MonkeyPatch

    def settings(self, **environ: str) -> Settings:
        ours = {
            **{"ENVIRONMENT": "test", "TWILIO_API_BASE": self.door.url, "PUBLIC_BASE_URL": HERE},
            **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_KEY": KEY},
            **{"TWILIO_API_SECRET": SECRET, "COUNTRIES": COUNTRIES, **SMS_ONLY},
        }
        return from_environment({**ours, **environ})

    def run(self, *options: str, typed: str | None = None, **environ: str) -> Result:
        """What she types, and what comes of it. It never dies, and prints no secret and no text of Twilio's."""
        app = Flask("terminal")
        app.config["SETTINGS"] = self.settings(**environ)
        app.cli.add_command(twilio)
        result = app.test_cli_runner().invoke(args=["twilio", "setup", *options], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        for hidden in (TOKEN, SECRET, "+12025550123", "\x1b", "Traceback"):
            assert hidden not in result.output
        return result


def all_right(door: Door) -> None:
    """A registered number in a service, with everything where it belongs."""
    door.number(**RIGHT)
    door.service(NUMBER, **SERVED)
    door.campaigns.append({"sid": "QE1", "campaign_status": "VERIFIED", "errors": []})
    door.open = dict.fromkeys(COUNTRIES.split(","), True)


def lines(result: Result, state: str) -> list[str]:
    """The findings of this state."""
    return [line.removeprefix(state).strip() for line in result.output.splitlines() if line.startswith(state)]
