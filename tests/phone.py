"""A phone for tests: signs as Twilio signs, posts to the webhook, reads the TwiML as a person would."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

BASE_URL = "http://127.0.0.1:8000"
TOKEN = "test-token"
ACCOUNT = "AC" + "0" * 32
_sids = itertools.count(1)
_numbers = itertools.count(2_025_550_100)


def signature(form: Mapping[str, str], path: str = "/messages", token: str = TOKEN) -> str:
    """Twilio's signature of this form."""
    return RequestValidator(token).compute_signature(f"{BASE_URL}{path}", dict(form))


def texts(twiml: bytes) -> list[str]:
    """The messages of a TwiML answer."""
    return [message.findtext("Body") or message.text or "" for message in ElementTree.fromstring(twiml).iter("Message")]


class Phone:
    """One person's phone. Each has its own number."""

    def __init__(self, client: FlaskClient, channel: str = "sms", number: str | None = None) -> None:
        self.client, self.channel = client, channel
        number = number or f"+1{next(_numbers)}"
        self.address = f"whatsapp:{number}" if channel == "whatsapp" else number
        self.explain: dict[str, Any] = {}
        self.response: TestResponse

    def form(self, text: str = "", **more: str) -> dict[str, str]:
        """What Twilio would post for this text."""
        sid = f"SM{next(_sids):032x}"
        base = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": self.address, "To": "+15005550006"}
        return {**base, "Body": text, "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01", **more}

    def post(self, form: Mapping[str, str], token: str = TOKEN) -> TestResponse:
        """Posts a form, signed."""
        headers = {"X-Twilio-Signature": signature(form, token=token)}
        self.response = self.client.post("/messages", data=dict(form), headers=headers)
        self.explain = json.loads(self.response.headers.get("X-Puente-Turn", "{}"))
        return self.response

    def send(self, text: str = "", **more: str) -> str:
        """Sends a message; what comes back, as one text."""
        response = self.post(self.form(text, **more))
        assert response.status_code == 200, response.status_code
        return "\n".join(texts(response.data))
