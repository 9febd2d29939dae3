"""Mail to people of the network: invitations and alarms. Never to a family, and never with a word of one."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

from bot.settings import Settings

TIMEOUT = 10.0
"""Seconds that each step of the talk with the server may take."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\\x00-\x20\x7f]{1,64}@[^@\s<>,;:\"\\\x00-\x20\x7f]{1,189}")


class MailError(Exception):
    """Root: a mail that did not go out. No message holds an address or a word of it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the mail did not go out: {why}")


class MailUnreachable(MailError):
    """The server is not there, or the talk with it broke. It may go later."""


class MailUnauthorised(MailError):
    """The server does not take our name and password."""


class MailUnsafe(MailError):
    """The server offers no encryption, or cannot prove that it is the one that is meant; nothing was told to it."""


class MailRefused(MailError):
    """This mail cannot be sent, now or later: an address that is none, or one that the server does not take."""


class Mail:
    """A mail server. One connection for each mail; safe for all threads."""

    def __init__(self, url: str, sender: str, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        """``url`` is as SMTP_URL; ``context`` says which certificates are believed."""
        parts = urlsplit(url)
        self._implicit = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._implicit else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout
        self._context = context or ssl.create_default_context()

    def send(self, to: str, subject: str, text: str) -> None:
        """Sends one mail to one address. Raises ``MailError``."""
        message = self._message(to, subject, text)
        with _errors(), self._connected() as server:
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        # A line end in a header would begin another one: the library refuses it, and so do we.
        if not _ADDRESS.fullmatch(to) or not _ADDRESS.fullmatch(self._sender):
            raise MailRefused("an address is none")
        message = EmailMessage(policy=SMTP)
        try:
            message["From"], message["To"], message["Subject"] = self._sender, to, subject
            # Its own would tell the name of this machine.
            message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(text)
        except (ValueError, UnicodeError):
            raise MailRefused("a header or the text cannot be written") from None
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        name = self._sender.rpartition("@")[2]
        if self._implicit:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, local_hostname=name, timeout=self._timeout, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, local_hostname=name, timeout=self._timeout)
        with server:
            server.ehlo_or_helo_if_needed()
            if not self._implicit and server.has_extn("starttls"):
                server.starttls(context=self._context)
                server.ehlo_or_helo_if_needed()
            elif not self._implicit and self._host not in LOOPBACK:
                raise MailUnsafe("the server offers no STARTTLS")
            yield server


def mail_for(settings: Settings) -> Mail | None:
    """The mail server of this installation; None where SMTP_URL is not set."""
    return Mail(settings.smtp_url, settings.mail_from) if settings.smtp_url else None


@contextmanager
def _errors() -> Iterator[None]:
    """Turns what the library raises into ``MailError``, without its text: that holds addresses."""
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise MailUnauthorised("the server does not take our name and password") from None
    except smtplib.SMTPNotSupportedError as error:
        raise MailUnsafe(type(error).__name__) from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        kind = MailUnreachable if _may_pass(error) else MailRefused
        raise kind(type(error).__name__) from None
    except ssl.SSLError as error:
        raise MailUnsafe(type(error).__name__) from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailUnreachable(type(error).__name__) from None


def _may_pass(error: smtplib.SMTPException) -> bool:
    """Whether the server said "not now" (4xx) instead of "no" (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code < 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code < 500
