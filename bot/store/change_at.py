"""What whoever writes a text of an answer finds, and what her writing does to the versions and the languages beside it."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection

from bot.engine.flow import Flow
from bot.frozen import replace
from bot.language import Language
from bot.scripts.change import Draft, NewText, Opened, version_of
from bot.scripts.change_applied import below
from bot.scripts.release import Release
from bot.store.change_errors import NoSuchAnswer
from bot.wording.state import REVIEWED_AGAINST


class Writing(Struct, frozen=True):
    """What whoever writes a text of a flow finds: the release, its number, the open change, the flow with it."""

    connection: Connection
    number: int
    release: Release
    opened: Opened | None
    flow: Flow

    @property
    def draft(self) -> Draft:
        return self.opened.draft if self.opened else Draft(self.flow.name)

    def stood(self, key: str, language: Language) -> str:
        """The text in the release below."""
        texts = below(self.release, self.draft, self.flow).get(key)
        if texts is None:
            raise NoSuchAnswer
        return texts[language]

    def english(self, key: str) -> str:
        """The sentence of the flow itself, which English goes back to where nothing replaces it."""
        return next((each.english for each in self.flow.sentences if each.key == key), "")

    def mine(self, key: str, language: Language) -> NewText | None:
        """The text in the open change."""
        return next((each for each in self.draft.texts if each.place == (key, language)), None)


def known_version(old: NewText | None, stood: str) -> int:
    """The version that goes with what is shown of a text: of the change's own, and of the other one where there is a conflict."""
    if old is None:
        return version_of(stood)
    conflict = old.text != old.was and stood not in (old.was, old.text)
    return version_of(old.text, stood if conflict else None)


def beside(other: NewText, new: NewText, old: NewText | None) -> NewText:
    """Another language of a text that was written: left behind where the meaning changed, its review void where it leaned on the words."""
    newly = bool(new.meaning) and (old is None or not old.meaning or old.text != new.text)
    leaned = new.language in REVIEWED_AGAINST[other.language] and new.text != (old.text if old else new.was)
    return replace(other, settled=other.settled and not newly, review=None if leaned else other.review)
