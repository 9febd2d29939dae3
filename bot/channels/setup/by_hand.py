"""What no API of Twilio tells or sets: where a person looks, and what should be there. Pure."""

from __future__ import annotations

from bot.channels.setup.findings import Finding, look

TEXTS = "`flask --app webhook twilio setup --texts -` prints what to paste"
CONSOLE = "Twilio's console"


def to_look_at(*, sms: bool) -> list[Finding]:
    """What an operator looks at herself. ``sms``: whether there is any SMS."""
    found = [
        look(
            "redaction of messages",
            "no API tells whether it is on",
            f"{CONSOLE}, Messaging, Settings, General: leave it off. It keeps Twilio from handling STOP (its warning 23002), and the"
            " worker deletes instead",
        ),
        look(
            "how long Twilio shows and archives messages",
            "no API tells it",
            f"{CONSOLE}, Messaging, Settings, General: as short as it can be set; by itself it is 400 days",
        ),
        look(
            "money",
            "no check of this command",
            f"{CONSOLE}, Billing: a prepaid balance without automatic recharge; Usage triggers: a mail before the cap of a day",
        ),
    ]
    if not sms:
        return found
    return [
        look(
            "Advanced Opt-Out",
            "no API tells its words",
            f"{CONSOLE}, Messaging, Services, your service, Opt-Out Management: keep the carrier's words, none of Puente's. {TEXTS}",
        ),
        look(
            "countries that nobody writes from",
            "this command opens countries and closes none: another project of the account may need them",
            f"{CONSOLE}, Messaging, Settings, Geo permissions: close them, so that nobody can send there on your bill",
        ),
        *found,
    ]
