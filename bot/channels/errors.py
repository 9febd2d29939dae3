"""Why a request is not a message. Each carries the HTTP status it is answered with; none carries what was sent."""

from __future__ import annotations


class ChannelError(Exception):
    """Root: a request that is refused."""

    status = 400


class NotSigned(ChannelError):
    """The signature is missing or not Twilio's for this address."""

    status = 403


class WrongAccount(ChannelError):
    """Signed, but for another account."""

    status = 403


class NotAMessage(ChannelError):
    """Signed, but without what every message has."""

    status = 400
