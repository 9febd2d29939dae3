"""One message as the engine gets it: everything that could be understood without acting. Pure value."""

from __future__ import annotations

from msgspec import Struct

from bot.intents.intent import Understanding
from bot.intents.reserved import Reserved
from bot.language import Language
from bot.message import Channel, OptOut
from bot.session import Spot


class Turn(Struct, frozen=True):
    """What was heard. ``place`` and ``places`` are tokens of bot/engine/place.py; a label is the digit of a menu line.
    ``mentioned`` is the place that a sentence names, ``several`` those between which it leaves a choice.

    ``listed`` is what the words say to a list of organizations, if one stands there (bot/engine/listed.py); ``record`` the
    code of the one that they name.

    ``urgent`` is the danger that a phrase names, ``doubted`` one that the model hears nothing of. ``understanding`` is of
    the whole message, ``corrected`` of what it does not take back itself ("no quiero abogado, quiero psicologo"), ``asked``
    of each of two questions in one message.

    ``urgent_in`` is the language of that phrase, where the small words around it are of the same one.
    ``relayed`` and ``minor`` are what the words say of who writes: somebody for an adult of the family, or a child for itself;
    ``about_child``: somebody grown about a child, ``some_child``: about a child, and who writes may be one too.

    ``tapped`` is where a tapped line of a former menu leads (bot/engine/taps.py).

    ``escalated`` and ``shared`` are known beside the message: a conversation of this person with staff is open, and this is
    a phone that many people use. ``with_staff``: such a conversation, open or closed, is still kept. ``blind``: nobody
    could look whether one is. ``erasing``: the person is erased here, and only the carrier's copy still waits for it.
    ``desk``: there are people who can be offered; ``bad_day``: so many write today that only some are offered one.
    """

    channel: Channel = Channel.SMS
    words: int = 0
    opt_out: OptOut | None = None
    reserved: Reserved | None = None
    urgent: str | None = None
    doubted: str | None = None
    number: int | None = None
    yes: bool | None = None
    label: int | None = None
    near: int | None = None
    menu_label: int | None = None
    tapped: Spot | None = None
    place: str | None = None
    places: tuple[str, ...] = ()
    mentioned: str | None = None
    several: tuple[str, ...] = ()
    listed: str | None = None
    record: str | None = None
    pin: bool = False
    media: bool = False
    carrier_yes: bool = False
    forwarded: bool = False
    spoken: Language | None = None
    urgent_in: Language | None = None
    understanding: Understanding | None = None
    corrected: Understanding | None = None
    asked: tuple[Understanding, ...] = ()
    model_down: bool = False
    escalated: bool = False
    with_staff: bool = False
    blind: bool = False
    erasing: bool = False
    shared: bool = False
    relayed: bool = False
    minor: bool = False
    about_child: bool = False
    some_child: bool = False
    desk: bool = False
    bad_day: bool = False

    @property
    def empty(self) -> bool:
        """Nothing that anybody could understand: no words, no media, no pin."""
        return not (self.words or self.media or self.pin)
