"""Organizations near the place that a family said, as lines of text in the words in which the bot writes them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from bot.directory.entry import ANY
from bot.directory.hsds.tables import SERVICES
from bot.directory.nearest import nearest
from bot.directory.place import Place
from bot.engine.place import from_token, to_token
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.listing import Liner
from bot.wording.render import notices_of

KINDS = (*SERVICES, ANY)
"""Kinds of help to look for."""
MOST = 6


class Near(Struct, frozen=True):
    """One organization. ``id`` names the service for the button; ``line`` is what goes into the text."""

    id: str
    name: str
    line: str


class Neighbourhood(Struct, frozen=True):
    """Who is asked near where, for one person: her language and her channel; ``now`` in unix seconds."""

    release: Release
    settings: Settings
    language: Language
    channel: Channel
    now: float

    def place(self, said: str, token: str | None) -> Place | None:
        """The place that staff typed, else the one that the family said; None where neither is one."""
        known = from_token(token)
        if not said.strip():
            return known
        return self.release.places.find(said, known.country if known else None).found

    def of(self, place: Place, kind: str) -> tuple[Near, ...]:
        """Who helps there with this kind of help (one of KINDS), the nearest first."""
        moment = datetime.fromtimestamp(self.now, UTC)
        result = nearest(
            self.release.directory,
            place,
            kind,
            now=moment,
            language=self.language,
            limit=MOST,
            unconfirmed=self.settings.send_unconfirmed_numbers,
        )
        session = Session(language=self.language, place=to_token(place))
        voice = renderer(self.release, self.settings, session, self.channel, self.now).voice
        liner = Liner(voice, notices_of(self.release.script), moment)
        most = 1 if self.channel is Channel.SMS else None
        return tuple(Near(each.service.id, each.service.name, liner.line(each, 0, most)) for each in result.found)
