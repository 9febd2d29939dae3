"""What Twilio did not answer or do, in words, with the next step. Never its own text: that may name whom a message was for. Pure."""

from __future__ import annotations

from bot.channels.setup.findings import Finding, State
from bot.channels.setup.found import Problem, Trouble

ERRORS = "twilio.com/docs/api/errors"
_SAID = {
    Trouble.WRONG_KEY: (
        "Twilio does not know the account with this token",
        "copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again from the first page of Twilio's console",
    ),
    Trouble.FORBIDDEN: (
        "the key or token may not do this",
        "use the token of the account itself in TWILIO_AUTH_TOKEN, or do this step in Twilio's console",
    ),
    Trouble.GONE: (
        "there is no such thing in this account",
        "look in Twilio's console whether it was released or moved, or whether the account lacks this part of Twilio",
    ),
    Trouble.HURRIED: ("Twilio asks for fewer requests", "wait a minute and give the command again"),
    Trouble.REFUSED: ("Twilio refused it", f"look the code up at {ERRORS}"),
    Trouble.UNCLEAR: (
        "Twilio did not answer in a way that can be read",
        "is this machine on the internet? Else look at status.twilio.com, and give the command again later",
    ),
}


def words_of(problem: Problem) -> tuple[str, str]:
    """What happened, and what to do."""
    said, hint = _SAID[problem.trouble]
    return f"{said} ({problem.code})", hint


def not_checked(about: str, problem: Problem) -> Finding:
    """A check that could not be made."""
    said, hint = words_of(problem)
    return Finding(State.UNASKED, about, said, hint)
