"""What a turn's actions have become on the way to the words: lists of organizations, texts to send on, notices. Values only."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.directory.nearest import Found, Way
from bot.engine.actions import Action, Offer, Say
from bot.engine.flow import Sentence
from bot.scripts.area_notice import AreaNotice

BY_PHONE = "services_by_phone"


class Listing(Struct, frozen=True):
    """What ShowServices became: who was found, in their order, ``now`` (aware).

    ``near``: something is near, perhaps on another page; ``far``: the first of this page can be gone to, but is far.
    """

    found: tuple[Found, ...]
    more: bool
    place: str
    none: Sentence
    now: datetime
    advice: Say | None = None
    exhausted: bool = False
    near: bool = True
    far: bool = False

    @property
    def head(self) -> str:
        """The notice over the list: it says when nothing of it is near."""
        if self.found and all(each.way is not Way.PLACE for each in self.found):
            return BY_PHONE
        if self.near and not self.far:
            return "services_near"
        # On a later page the far one is not the nearest.
        return "services_far" if self.far and not self.exhausted else "services_beyond"


class Shared(Struct, frozen=True):
    """What Share became: a step's words, and the day on which the oldest source behind them was read, if all were."""

    flow: str
    step: str
    read_on: date | None


class Named(Struct, frozen=True):
    """What an Offer of records of the directory became: the names of the organizations, in its order."""

    offer: Offer
    names: tuple[str, ...]


class Announced(Struct, frozen=True):
    """What ShowNotices became: notices for the person's area, each with the hours for which it still holds."""

    found: tuple[tuple[AreaNotice, int], ...]
    none: Sentence | None


Performed = Action | Listing | Shared | Announced | Named
