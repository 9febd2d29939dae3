"""How the link of an invitation reaches whom it is for: by mail, or shown once to whoever invites."""

from __future__ import annotations

import structlog
from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import viewer
from bot.console.desk import desk
from bot.console.words import words
from bot.mail import MailError

log = structlog.get_logger()


def link(word: str) -> str:
    """The address that an invitation is opened with."""
    return f"{desk().settings.base_url}/console/invitation/{word}"


def hand_over(word: str, email: str, name: str, password: bool = False) -> AnyResponse:
    """Sends the link, or shows it where no mail goes. It is never shown again: SQL does not have it."""
    sent = _sent(email, name, link(word), password)
    page = render_template("invited.html", sent=sent, link=link(word), email=email, name=name, password=password)
    return make_response(page)


def _sent(email: str, name: str, address: str, password: bool) -> bool:
    mail = desk().mail
    if mail is None:
        return False
    said = dict(name=name, by=viewer().name, link=address)
    if password:
        subject = words("mail.password-subject", "Puente: choose a new password")
        text = words(
            "mail.password",
            "Hello %(name)s,\n\n%(by)s sends you a link with which you choose a new password for Puente:\n\n%(link)s\n\n"
            "It works once, for seven days. If you did not ask for it, tell %(by)s.\n",
            **said,
        )
    else:
        subject = words("mail.invited-subject", "Puente: your invitation")
        text = words(
            "mail.invited",
            "Hello %(name)s,\n\n%(by)s invites you to the team console of Puente. Make your account here:\n\n%(link)s\n\n"
            "The link works once, for seven days. Pass it on to nobody.\n",
            **said,
        )
    try:
        mail.send(email, subject, text)
    except MailError as error:
        log.warning("mail.failed", error=type(error).__name__)
        return False
    return True
