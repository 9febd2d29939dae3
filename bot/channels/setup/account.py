"""The account, its token and its key: whether they fit, and whether the key may do what the worker needs and little else. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.setup.addresses import clean
from bot.channels.setup.findings import Finding, ok, wrong
from bot.channels.setup.found import Account, Problem, Rights, Trouble
from bot.channels.setup.problems import not_checked

MESSAGES = "/twilio/messaging/messages/"
MEDIA = "/twilio/messaging/messages.media/"
"""How the names of the permissions begin that a restricted key needs (twilio.com, "Permissions available with Restricted API keys")."""
NEEDED = ("create", "read", "list", "delete")
CONSOLE_KEYS = "Twilio's console, Account, API keys & tokens"
_RIGHTS = f"{CONSOLE_KEYS}: a restricted key; Messaging, Messages: {', '.join(NEEDED)}; Messages Media: list, delete"


def judge_account(found: Account) -> list[Finding]:
    """Whether the account works."""
    about = f"account {found.sid}"
    findings = []
    if found.status != "active":
        hint = "Twilio's console says why, mostly on its first page; nothing arrives until it is active again"
        findings.append(wrong(about, f"it is {clean(found.status) or 'in no known state'}, not active", hint))
    if found.kind.lower() == "trial":
        hint = "upgrade it in Twilio's console, Billing: a trial reaches only verified numbers, and adds words to each message"
        findings.append(wrong(about, "it is a trial account", hint))
    return findings or [ok(about, "active")]


def judge_tokens(found: Sequence[Account | Problem]) -> list[Finding]:
    """Whether each of TWILIO_AUTH_TOKEN fits, in their order."""
    if len(found) == 1 and isinstance(found[0], Account):
        return [ok("TWILIO_AUTH_TOKEN", "it fits the account")]
    fits = [isinstance(each, Account) for each in found]
    if len(found) > 1 and all(fits):
        hint = (
            "the rotation is under way: when the new one is Twilio's primary token, leave only that one in the setting"
        )
        return [ok("TWILIO_AUTH_TOKEN", f"all {len(found)} fit the account", hint)]
    return [_token(number, each) for number, each in enumerate(found, 1)]


def _token(number: int, found: Account | Problem) -> Finding:
    about = f"TWILIO_AUTH_TOKEN, number {number}"
    if isinstance(found, Account):
        return ok(about, "it fits the account")
    if found.trouble in (Trouble.WRONG_KEY, Trouble.FORBIDDEN):
        return wrong(
            about, "it does not fit the account", f"take it out of the setting, or copy it again: {CONSOLE_KEYS}"
        )
    return not_checked(about, found)


def judge_key(name: str, listed: Problem | None, rights: Rights | Problem) -> list[Finding]:
    """Whether the worker's key works. ``listed``: what came of listing messages with it; ``rights``: what it may do."""
    about = "TWILIO_API_KEY"
    if not name:
        now = "it is not set: replies of staff do not go out, and Twilio keeps its copies of all messages"
        return [wrong(about, now, f"make one and set TWILIO_API_KEY and TWILIO_API_SECRET. {_RIGHTS}")]
    if not name.startswith("SK"):
        return [wrong(about, "the name of a key begins with SK, this one does not", CONSOLE_KEYS)]
    if listed and listed.trouble is Trouble.WRONG_KEY:
        hint = f"copy TWILIO_API_SECRET again, or make a new key, for Twilio shows a secret only once. {_RIGHTS}"
        return [wrong(about, "Twilio does not take the key with its secret", hint)]
    if listed and listed.trouble is Trouble.FORBIDDEN:
        return [wrong(about, "the key may not list messages", _RIGHTS)]
    if listed:
        return [not_checked(about, listed)]
    if isinstance(rights, Problem):
        return [
            ok(about, "it works; what else it may do could not be asked"),
            not_checked(f"{about}, its rights", rights),
        ]
    return [_rights(about, rights.allowed)]


def _rights(about: str, allowed: frozenset[str] | None) -> Finding:
    if allowed is None:
        hint = f"a restricted key could do less harm if it gets lost. {_RIGHTS}"
        return ok(about, "it works; it may do almost everything in the account", hint)
    lacks = [each for each in NEEDED if not {f"{MESSAGES}{each}", f"{MESSAGES}*"} & allowed]
    lacks += [] if any(each.startswith(MEDIA) for each in allowed) else ["media"]
    if lacks:
        return wrong(about, f"the key lacks rights for messages: {', '.join(lacks)}", _RIGHTS)
    more = sorted(each for each in allowed if not each.startswith((MESSAGES, MEDIA)))
    if more:
        return ok(about, "it works, restricted", f"it may do more than it needs: {clean(', '.join(more))}")
    return ok(about, "it works, restricted to messages")
