"""What the weekly counts learn of one turn: a topic, apart from it a place, apart from both how it ended and what it cost. Pure.

Nothing here knows who wrote. What is tried (/try, ``chat``, the preview of a draft) ends in a memory that counts nothing
(bot/carried.py); numbers that are kept for fiction, as those of the made-up desk, are left out here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.engine.actions import Action, Ask, Count, Offer, Say, ShowServices, has
from bot.engine.guesses import OTHER_LANGUAGE
from bot.engine.place import from_token
from bot.engine.scene import NOT_UNDERSTOOD
from bot.engine.turn import Turn
from bot.message import Channel
from bot.session import Session
from bot.wording.performed import Listing, Performed
from bot.wording.render import NOTICES

MOST_PARTS = 7
"""An SMS of so many parts or more is counted as this many: longer ones are rare, and each alone would be a small cell."""
_NO_PLACE = ("place_unknown", "place_state", "place_person")
_FICTION = re.compile(r"\+1\d{3}55501\d\d")
"""Numbers that no phone has: 555-0100 to 555-0199 of every area."""


class Outcome(StrEnum):
    """How a question ended. ``ASKED_BACK``: the bot was not sure and asked what was meant. ``PERSON``: staff have it now."""

    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    NOT_UNDERSTOOD = "not_understood"
    PERSON = "person"


def is_counted(address: str) -> bool:
    """Whether messages of this address are counted: not those of numbers that are kept for fiction, which only tests have."""
    return not _FICTION.fullmatch(address.removeprefix("whatsapp:"))


def counts_of(
    before: Session,
    session: Session,
    turn: Turn,
    actions: tuple[Action, ...],
    performed: Sequence[Performed] = (),
    *,
    opened: bool = False,
    parts: int = 0,
) -> dict[str, int]:
    """What the counts learn of this turn (bot/store/tally.py). ``opened``: it opened a conversation with staff.

    ``parts`` are those of the answer where it is an SMS. ``gap``: a list was asked for in a place and nobody was near.
    """
    said = next((action.flow for action in actions if isinstance(action, (Say, Ask)) and action.flow != NOTICES), None)
    topics = [action.topic for action in actions if isinstance(action, Count)] + ([said] if said else [])
    language = session.language.value if session.language else "other"
    counts = {f"topic:{topic}|{language}|{turn.channel.value}": 1 for topic in topics}
    counts |= _places(session, actions, performed)
    outcome = outcome_of(before, session, turn, actions, opened=opened)
    if outcome is not None:
        counts[f"turn:{outcome}|{_language_of(before, session, turn, said)}"] = 1
    if parts and turn.channel is Channel.SMS:
        counts[sms_count(parts, language)] = 1
    return counts


def sms_count(parts: int, language: str) -> str:
    """The count of one SMS of so many parts."""
    return f"sms:{min(parts, MOST_PARTS)}|{language}"


def outcome_of(
    before: Session, session: Session, turn: Turn, actions: tuple[Action, ...], *, opened: bool = False
) -> Outcome | None:
    """How a question ended; None for what is none: an answer to what the bot asked, a digit, a word such as MENU or STOP,
    and what is written while staff have the conversation, whoever answers it. A voice note is a question that nobody heard.

    A conversation that is opened counts however it was asked for, once; so does whatever was not understood.
    """
    if opened:
        return Outcome.PERSON
    if turn.escalated:
        return None
    if turn.media and not turn.words:
        return Outcome.NOT_UNDERSTOOD
    if turn.number is None and _missed(before, session, actions):
        return Outcome.NOT_UNDERSTOOD
    if not _is_question(turn):
        return None
    if any(isinstance(action, Offer) and action.notice == "did_you_mean" for action in actions):
        return Outcome.ASKED_BACK
    return Outcome.ANSWERED if has(actions, Say, Ask, ShowServices) else None


def _language_of(before: Session, session: Session, turn: Turn, said: str | None) -> str:
    """Of a question. What is in none of our languages, or was spoken before any was known, is of none: not of the default."""
    unknown = said == OTHER_LANGUAGE or (turn.media and not turn.words and before.language is None)
    return "other" if unknown or session.language is None else session.language.value


def _missed(before: Session, session: Session, actions: tuple[Action, ...]) -> bool:
    """Whether the bot made nothing of it, or nothing that it knows of; of the first after a pause only the words tell."""
    said = [action for action in actions if isinstance(action, Say)]
    return session.misses > before.misses or any(
        each.flow in (NOT_UNDERSTOOD, OTHER_LANGUAGE) or (each.flow == NOTICES and each.step.startswith(_NO_PLACE))
        for each in said
    )


def _is_question(turn: Turn) -> bool:
    """Whether somebody wrote words of her own: not a choice, not yes or no, not the place that was asked for."""
    chosen = any(each is not None for each in (turn.opt_out, turn.reserved, turn.number, turn.label, turn.yes, turn.tapped))
    return bool(turn.words) and not (chosen or turn.carrier_yes or turn.place or turn.places)


def _places(session: Session, actions: tuple[Action, ...], performed: Sequence[Performed]) -> Mapping[str, int]:
    helps = [action.kind for action in actions if isinstance(action, ShowServices)]
    place = from_token(session.place) if helps else None
    if place is None:
        return {}
    where = f"{place.country}-{place.admin1}|{helps[0]}"
    counts = {f"place:{where}": 1}
    lists = [each for each in performed if isinstance(each, Listing)]
    if lists and not lists[0].near and not lists[0].exhausted and place.admin1:
        counts[f"gap:{where}"] = 1
    return counts
