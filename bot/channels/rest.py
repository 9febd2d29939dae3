"""Twilio's REST API as all parts of ours use it: the messages of our account, and what can go wrong on the way there.

Only the worker and the terminal load it, never what answers a message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.settings import Settings

PAGE = 500
"""Messages in one page of a list; Twilio gives 1,000 at most."""

_NOT_ALLOWED = 70051
"""Twilio's code where a restricted key lacks a right."""

TIMEOUT = 10.0
"""Seconds that one request may take."""


class CarrierError(Exception):
    """The carrier did not do what was asked. ``code`` is its own code, its HTTP status or the class of a failure: safe to log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"the carrier answered {code}")


class Gone(CarrierError):
    """There is no such message, or no such account."""


class Refused(CarrierError):
    """This one message cannot be deleted, at least not now: Twilio's 20009 while it is on its way."""


class Unauthorised(CarrierError):
    """The key is wrong, was taken back or may not delete. Asking again does not help; a person must mend it."""


class Forbidden(Unauthorised):
    """The key is right, but this is not among what it may do: Twilio's 70051 of a restricted key, or a 403."""


class Hurried(CarrierError):
    """Too many requests; this one was not processed."""


class Unclear(CarrierError):
    """No answer, or none that can be read. Whether it was done is not known."""


def messages_of(settings: Settings, timeout: float = TIMEOUT) -> Any:
    """The messages of our account. ``timeout``: seconds of one request."""
    client = client_of(settings, settings.twilio_api_key, settings.twilio_api_secret, timeout)
    return client.api.v2010.account.messages


def client_of(settings: Settings, name: str, secret: str, timeout: float = TIMEOUT) -> Client:
    """Twilio's API as somebody asks it: the account with its token, or a key with its secret. ``timeout``: seconds of one request.

    With TWILIO_API_BASE every product is at that one address, under its name where it has a host of its own at Twilio.
    """
    http = TwilioHttpClient(timeout=timeout)
    client = Client(name, secret, settings.twilio_account_sid, http_client=http)
    if settings.twilio_api_base:
        client.api.base_url = settings.twilio_api_base
        for product in ("messaging", "accounts", "iam", "content"):
            getattr(client, product).base_url = f"{settings.twilio_api_base}/{product}"
    return client


def pages(messages: Any, **query: Any) -> Iterator[list[Any]]:
    """Lists messages page by page, the newest first. Raises ``CarrierError``."""
    with answers():
        page = messages.page(page_size=PAGE, **query)
    while page is not None:
        with answers():
            found = list(page)
        yield found
        with answers():
            page = page.next_page()


def made_at(message: Any) -> float | None:
    """When it was sent, else made, in unix seconds; None if unreadable."""
    moments = (moment for moment in (message.date_sent, message.date_created) if isinstance(moment, datetime))
    moment = next(moments, None)
    return moment.timestamp() if moment else None


@contextmanager
def answers() -> Iterator[None]:
    """Turns whatever goes wrong on the way into ``CarrierError``, without its text: that holds addresses of messages."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise error_of(error.status, error.code) from None
    except TwilioException as error:
        # Of a list twilio-python hands on the answer itself.
        answer = error.args[1] if len(error.args) > 1 else None
        raise error_of(getattr(answer, "status_code", 0), code_in(answer)) from None
    except OSError as error:  # everything of requests and of sockets
        raise Unclear(type(error).__name__) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unclear("unreadable") from None


def error_of(status: int, code: int | None) -> CarrierError:
    """What an answer of Twilio with this HTTP status and this code of its own means."""
    kind: type[CarrierError]
    if status == 403 or code == _NOT_ALLOWED:
        kind = Forbidden
    elif status == 401:
        kind = Unauthorised
    elif status == 404:
        kind = Gone
    elif status == 429:
        kind = Hurried
    else:
        kind = Refused if 400 <= status < 500 and status != 408 else Unclear
    return kind(str(code or status or "unreadable"))


def code_in(answer: Any) -> int | None:
    """Twilio's own code in an answer; None where there is none."""
    try:
        code = json.loads(answer.text)["code"]
    except (AttributeError, ValueError, TypeError, KeyError):
        return None
    return code if isinstance(code, int) else None
