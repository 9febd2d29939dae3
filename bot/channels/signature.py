"""Whether a request really comes from Twilio: its HMAC over the configured public address, never over what the request says of itself."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from twilio.request_validator import RequestValidator

from bot.channels.errors import NotSigned


def verify(tokens: Sequence[str], url: str, form: Mapping[str, list[str]], signature: str) -> None:
    """Returns for a true signature under any of the tokens (two while rotating); raises ``NotSigned`` else.

    ``url`` is the public base address plus the raw path and the raw query, as Twilio called it
    (twilio.com/docs/usage/webhooks/webhooks-security, read 2026-11-23).
    """
    values = _Values(form)
    for token in tokens:
        expected = RequestValidator(token).compute_signature(url, values)
        if hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return
    raise NotSigned("the signature does not fit")


class _Values(dict[str, list[str]]):
    """The values of each name, as Twilio's validator first asks for them: of a form of werkzeug's it asks in vain, name by name."""

    getall = dict.__getitem__


def public_url(base: str, path: str, query: bytes) -> str:
    """The address that Twilio signed: the query stays as it came, percent signs and all."""
    raw = query.decode("latin-1")
    return f"{base.rstrip('/')}{path}" + (f"?{raw}" if raw else "")
