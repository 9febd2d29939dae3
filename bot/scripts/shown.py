"""Which records of the directory a family was shown last, as the session keeps them: short codes, no names. Pure."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.directory.organization import Organization
from bot.engine.listed import FAILS, RECORD
from bot.engine.parse import label, near_label
from bot.engine.turn import Turn
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.release import Release
from bot.session import Session
from bot.settings import Settings
from bot.wording.render import Listing, Performed

_LENGTH = 8
# Of a name, so many letters name it.
_SHORTEST_NAME = 5


@functools.lru_cache(maxsize=4096)
def code_of(record: str) -> str:
    """The short code of a record's id; of twenty thousand records two share one in about one directory of twenty."""
    return hashlib.sha256(record.encode()).hexdigest()[:_LENGTH]


def after_list(session: Session, performed: Sequence[Performed], settings: Settings) -> Session:
    """The session, with what of a list went out: who has a number there, and whether the list is at its end."""
    lists = [each for each in performed if isinstance(each, Listing)]
    if not lists:
        return session
    unconfirmed = settings.send_unconfirmed_numbers
    records = (_flagged_record(each, unconfirmed) for each, _ in lists[-1].found)
    codes = tuple(code_of(record) for record in records if record)
    # A page of addresses alone has no number that could fail: the one before is meant.
    return replace(session, listed=codes or session.listed, ended=not lists[-1].found)


def _flagged_record(each: Organization, unconfirmed: bool) -> str | None:
    """The id of what is flagged when its number does not work; None where no number went out."""
    return each.id if each.phone and (each.phone_confirmed or unconfirmed) else None


def record_of(release: Release, code: str) -> str | None:
    """The id of the record with this code; None where this release does not have it any more."""
    found = _found(release, code)
    return found.id if found else None


def name_of(release: Release, code: str, language: Language | None) -> str:
    """How the organization of this record is called, in the language that is spoken."""
    found = _found(release, code)
    if found is None:
        return ""
    return found.name if language is Language.EN else found.name_es


def with_names(release: Release, session: Session, turn: Turn, text: str) -> Turn:
    """The turn, with the organization that the words name: in answer to "which one?", or as the one whose number fails."""
    asked = tuple(option.removeprefix(RECORD) for option in session.offered if option.startswith(RECORD))
    if asked and turn.number is None:
        names = {digit: _names(release, code) for digit, code in enumerate(asked, 1)}
        digit = label(text, names) or near_label(text, names)
        return replace(turn, number=digit) if digit else turn
    if turn.listed != FAILS:
        return turn
    said = bare(text)
    named = [code for code in session.listed if any(bare(name) in said for name in _names(release, code))]
    return replace(turn, record=named[0]) if len(named) == 1 else turn


def _names(release: Release, code: str) -> list[str]:
    found = _found(release, code)
    return [name for name in (found.name, found.name_es) if len(name) >= _SHORTEST_NAME] if found else []


def _found(release: Release, code: str) -> Organization | None:
    return next((each for each in release.organizations if code_of(each.id) == code), None)
