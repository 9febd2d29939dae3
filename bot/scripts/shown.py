"""What of an answer went out, as the session keeps it: records of the directory by short codes, no names; whether numbers did. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.directory.offer import local_day, phone_to_give
from bot.directory.service_at_location import ServiceAtLocation
from bot.engine.actions import Ask
from bot.engine.flow import Script
from bot.engine.labels import Labels
from bot.engine.listed import FAILS, RECORD
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.folding import bare
from bot.intents.words import Words
from bot.language import Language
from bot.message import Reply
from bot.scripts.release import Release
from bot.session import Session
from bot.settings import Settings
from bot.wording.performed import Listing, Performed

_LENGTH = 8
# Of a name, so many letters name it.
_SHORTEST_NAME = 5


def code_of(record: str) -> str:
    """The short code of a record's id, a UUID: of twenty thousand records two share one in about one directory of twenty."""
    return record[:_LENGTH]


def after_list(session: Session, performed: Sequence[Performed], settings: Settings) -> Session:
    """The session, with what of a list went out: who has a number there, and whether the list is at its end."""
    lists = [each for each in performed if isinstance(each, Listing)]
    if not lists:
        return session
    day, unconfirmed = local_day(lists[-1].now), settings.send_unconfirmed_numbers
    phones = (phone_to_give(each.service, day, unconfirmed) for each in lists[-1].found)
    codes = tuple(code_of(phone.id) for phone in phones if phone)
    # A page of addresses alone has no number that could fail: the one before is meant.
    return replace(session, listed=codes or session.listed, ended=not lists[-1].found)


def after_offer(script: Script, session: Session, performed: Sequence[Performed], reply: Reply) -> Session:
    """The session, its numbers unseen where a choice beside the question for a place found no room in this reply."""
    asks = (script.step(each.flow, each.step) for each in performed if isinstance(each, Ask))
    beside = {str(choice.digit) for step in asks if step and step.ask for choice in step.choices}
    digits = {line.partition(" ")[0] for text in reply.texts for line in text.splitlines()} if beside else set[str]()
    return session if beside <= digits else replace(session, unseen=True)


def record_of(release: Release, code: str) -> str | None:
    """The id of the phone with this code; None where this release does not have it any more."""
    phones = (phone.id for each in release.directory.services for phone in each.phones)
    return next((record for record in phones if code_of(record) == code), None)


def name_of(release: Release, code: str, language: Language | None) -> str:
    """How the organization of this record is called, in the language that is spoken."""
    found = _found(release, code)
    if found is None:
        return ""
    return found.name if language is Language.EN else found.name_es or found.name


def with_names(release: Release, session: Session, turn: Turn, said: Words) -> Turn:
    """The turn, with the organization that the words name: in answer to "which one?", or as the one whose number fails."""
    asked = tuple(option.removeprefix(RECORD) for option in session.offered if option.startswith(RECORD))
    if asked and turn.number is None:
        names = Labels.of({digit: _names(release, code) for digit, code in enumerate(asked, 1)})
        digit = names.exactly(said) or names.nearly(said)
        return replace(turn, number=digit) if digit else turn
    if turn.listed != FAILS:
        return turn
    named = [code for code in session.listed if any(bare(name) in said.bare for name in _names(release, code))]
    return replace(turn, record=named[0]) if len(named) == 1 else turn


def _names(release: Release, code: str) -> list[str]:
    found = _found(release, code)
    return [name for name in (found.name, found.name_es) if len(name) >= _SHORTEST_NAME] if found else []


def _found(release: Release, code: str) -> ServiceAtLocation | None:
    services = release.directory.services
    return next((each for each in services if any(code_of(phone.id) == code for phone in each.phones)), None)
