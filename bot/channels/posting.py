"""One message given to Twilio in the time of a turn, by whoever answers families: twilio-python's client is not for that.

It takes a second to load, and its time limit is for each wait, not for the whole.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout, make_headers
from urllib3.exceptions import HTTPError

from bot.settings import Settings

TWILIO = "https://api.twilio.com"
SECONDS = 2.0
_CONNECTIONS = 16
_LARGEST_ANSWER = 64 * 1024


class NotTaken(Exception):
    """Twilio has not taken it, or nobody knows. ``code``: its own code, its HTTP status or the class of a failure: safe to log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"the carrier answered {code}")


class Posting:
    """Gives messages to Twilio. Safe for threads."""

    def __init__(self, settings: Settings, seconds: float = SECONDS) -> None:
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
        parts = urlsplit(settings.twilio_api_base or TWILIO)
        options = {"port": parts.port, "maxsize": _CONNECTIONS, "timeout": Timeout(total=seconds), "retries": False}
        self._pool = (
            HTTPSConnectionPool(parts.hostname or "", ca_certs=certifi.where(), **options)  # type: ignore[arg-type]
            if parts.scheme == "https"
            else HTTPConnectionPool(parts.hostname or "", **options)  # type: ignore[arg-type]
        )
        self._path = f"{parts.path.rstrip('/')}/2010-04-01/Accounts/{settings.twilio_account_sid}/Messages.json"
        key = make_headers(basic_auth=f"{settings.twilio_api_key}:{settings.twilio_api_secret}")
        self._headers = {**key, "Content-Type": "application/x-www-form-urlencoded"}

    def post(self, form: Mapping[str, str]) -> None:
        """Gives it one message. Raises ``NotTaken``: then it may still have it."""
        try:
            response = self._pool.urlopen(
                "POST", self._path, body=urlencode(form), headers=self._headers, redirect=False, preload_content=False
            )
            answer = response.read(_LARGEST_ANSWER, decode_content=False)
            response.release_conn()
        except (HTTPError, OSError, ValueError) as error:
            raise NotTaken(type(error).__name__) from None
        if response.status not in (200, 201):
            raise NotTaken(_code_in(answer) or str(response.status))


def _code_in(answer: bytes) -> str:
    try:
        code = json.loads(answer)["code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return str(code) if isinstance(code, int) else ""
