"""Everything that our code asks of Twilio, asked by our code, and what must come of it with the answers of ``twilio.yaml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask

from bot.channels.approvals import Approvals
from bot.channels.carrier import Carrier, Copy
from bot.channels.contents import Contents
from bot.channels.errands import ErrandRunner
from bot.channels.menu_content import request_of
from bot.channels.sending import Outgoing, Sending, Taken
from bot.cli_twilio import twilio as commands
from bot.escalation.approval import Approval
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, Line, Menu
from bot.settings import Settings, from_environment
from bot.store.errands import Errand
from bot.store.errands import Taken as InHand
from tests.carrier.fake import ACCOUNT, KEY, SECRET, SMS, WHATSAPP

ANA, LUZ = "+12025550101", "whatsapp:+12025550102"
MESSAGE, TEMPLATE, SERVICE = "SM" + "0" * 31 + "1", "HX" + "0" * 31 + "1", "MG" + "0" * 31 + "1"
REPORTS = "https://bot.example.org/status?o=17.1"
ALL = f"{SMS},+18885550100,55501"
"""A long code, a toll-free number with a TwiML app, a short code."""

KNOWN = {
    ("UpdateIncomingPhoneNumber", "body.SmsApplicationSid"): (
        "`twilio setup --apply` takes a TwiML app off a number with an empty string. The description wants the id of an app there,"
        " and has no other way to take one off; its own example of a changed number shows the empty string. No account of Twilio"
        " was asked. Where Twilio refuses it, the command says so, and where in its console it is done by hand."
    )
}
"""What we send and the description does not allow, with the reason why it is sent all the same."""


def settings_of(url: str, **environ: str) -> Settings:
    ours = {
        **{"ENVIRONMENT": "test", "TWILIO_API_BASE": url, "PUBLIC_BASE_URL": "https://bot.example.org"},
        **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "test-token", "COUNTRIES": "US,MX"},
        **{"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET},
        **{"TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": WHATSAPP, **environ},
    }
    return from_environment(ours)


def send(address: str, channel: Channel, url: str, template: str | None = None, **environ: str) -> Taken | None:
    """A message of staff, as the worker sends it."""
    values = {"1": "Rosa"} if template else {}
    outgoing = Outgoing(address, channel, "Le contesta Rosa: ¿está usted bien?", template, values)
    return Sending(settings_of(url, **environ)).create(outgoing, REPORTS)


def look_for(url: str) -> Taken | None:
    """A message of which nobody knows whether Twilio took it."""
    outgoing = Outgoing(ANA, Channel.SMS, "Le contesta Rosa.")
    return Sending(settings_of(url)).find(outgoing, since=0.0, known=())


def copies(url: str) -> list[Copy]:
    """What is over its time, and a person's: listed as the sweep and BORRAR list it."""
    ours = Carrier(settings_of(url))
    queries: list[dict[str, Any]] = [{"sender": SMS, "before": 1.8e9}, {"receiver": LUZ}, {"before": 1.8e9}]
    return [copy for query in queries for page in ours.pages(**query) for copy in page]


def delete(url: str) -> None:
    Carrier(settings_of(url)).delete(Copy(MESSAGE, SMS, ANA, 0.0, media=True))


def set_up(url: str, **environ: str) -> str:
    """`twilio setup --apply`: everything that it asks, and every change that it makes. What became of the changes."""
    app = Flask("terminal")
    app.config["SETTINGS"] = settings_of(url, **environ)
    app.cli.add_command(commands)
    fallback = f"https://handler.twilio.com/twiml/EH{'4' * 32}"
    result = app.test_cli_runner().invoke(args=["twilio", "setup", "--apply", "--yes", "--fallback", fallback])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    (made,) = re.findall(r"^(\d+ of \d+) changes made", result.output, re.MULTILINE)
    return f"{made}, {result.output.count('not checked')} not checked"


@dataclass
class _Told:
    """Whoever waits for what became of an errand."""

    codes: list[str] = field(default_factory=list)

    def answer(self, id: str, code: str) -> None:
        self.codes.append(code)


def tappable(url: str) -> list[str]:
    """A menu as buttons in the place of the answer to a message, and its text where they have not arrived."""
    told = _Told()
    runner = ErrandRunner(settings_of(url), told)  # type: ignore[arg-type]
    runner._run(InHand("1", Errand(LUZ, template=TEMPLATE, report=REPORTS)))
    runner._run(InHand("2", Errand(LUZ, text="1 abogado\n2 niños")))
    return told.codes


def menus(url: str) -> list[str]:
    """Buttons, a list, and one with Spanish under its K'iche': made, listed, taken away."""
    buttons = Menu("menu", "more", "¿Está usted bien?", (Line(1, "1 sí"), Line(2, "2 no")), "Ver las opciones")
    choices = replace(buttons, lines=tuple(Line(digit, f"{digit} abogado") for digit in range(1, 9)))
    kiche = replace(buttons, lines=(Line(2, "2 xkichap jun winaq", "detuvieron a alguien"),))
    ours = Contents(settings_of(url))
    made = [ours.make(request_of(menu, Language.QUC, url)) for menu in (buttons, choices, kiche)]
    ours.take_away(TEMPLATE)
    # The example of the description bears another name than ours do.
    return [*made, *ours.names()]


TAKEN = Taken(MESSAGE, "delivered")
COPY = Copy(MESSAGE, SMS, ANA, 1795780800.0, media=True)
SCENES: dict[str, tuple[Callable[[str], object], object]] = {
    "a reply by SMS": (partial(send, ANA, Channel.SMS), TAKEN),
    "a reply by WhatsApp": (partial(send, LUZ, Channel.WHATSAPP), TAKEN),
    "a reply through a service": (partial(send, ANA, Channel.SMS, TWILIO_MESSAGING_SERVICE_SID=SERVICE), TAKEN),
    "a template": (partial(send, LUZ, Channel.WHATSAPP, template=TEMPLATE), TAKEN),
    "a template through a service": (
        partial(
            send,
            LUZ,
            Channel.WHATSAPP,
            template=TEMPLATE,
            TWILIO_MESSAGING_SERVICE_SID=SERVICE,
            TWILIO_WHATSAPP_FROM="none",
        ),
        TAKEN,
    ),
    "how far a message is": (lambda url: Sending(settings_of(url)).fetch(MESSAGE), TAKEN),
    "a message that may be there": (look_for, TAKEN),
    "messages to delete": (copies, [COPY, COPY, COPY]),
    "a message with a photo deleted": (delete, None),
    "how far a template is": (lambda url: Approvals(settings_of(url)).ask(TEMPLATE), (Approval.APPROVED, "")),
    "setting up numbers": (partial(set_up, TWILIO_SMS_FROM=ALL), "8 of 9, 0 not checked"),
    "setting up a service": (
        partial(set_up, TWILIO_SMS_FROM=ALL, TWILIO_MESSAGING_SERVICE_SID=SERVICE),
        "11 of 11, 0 not checked",
    ),
    "a menu to tap": (tappable, ["taken", "taken"]),
    "menus to tap, made and taken away": (menus, [TEMPLATE] * 3),
}
"""What is asked, by the address of who answers, and what comes of it."""
