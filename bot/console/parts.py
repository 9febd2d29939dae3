"""What a reply costs while it is being written: SMS parts and their price, counted by the functions that the sender uses. Pure."""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from bot.message import Channel, Reply
from bot.wording.gsm7 import Encoding, encoding, fold_for_sms, most_characters, non_gsm, segments
from bot.wording.price import price

_MOST_NAMED = 6
# Room of messages that hold a letter from outside the alphabet of SMS: alone, and in each of several parts.
_ROOM_UCS2 = (70, 67)


class Parts(Struct, frozen=True):
    """``count`` parts of an SMS, or messages of WhatsApp; ``cost`` in US dollars.

    ``used`` of ``room`` characters, the room being that of so many parts. ``letters`` are those that make it longer, and
    ``changed`` whether the phone shows other letters than were written (á as a).
    """

    count: int
    cost: float
    used: int
    room: int
    letters: tuple[str, ...] = ()
    changed: bool = False


def as_sent(text: str, channel: Channel) -> str:
    """The text as it goes out on this channel: NFC, and by SMS without what its alphabet lacks and can do without."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return fold_for_sms(text) if channel is Channel.SMS else text


def parts(text: str, channel: Channel, sms_price: float, longest: int) -> Parts:
    """What sending this text costs. ``sms_price`` is US dollars for a part, ``longest`` what a message may hold in letters."""
    sent = as_sent(text, channel)
    count = price(Reply((sent,)), channel) if sent else 0
    if channel is Channel.WHATSAPP:
        return Parts(count, count * sms_price, len(sent), longest)
    return Parts(
        count,
        count * sms_price,
        len(sent),
        _room(sent, count),
        non_gsm(sent)[:_MOST_NAMED] if _letters_cost(sent) else (),
        sent != as_sent(text, Channel.WHATSAPP),
    )


def _letters_cost(sent: str) -> bool:
    """Whether the letters outside of the alphabet make it longer; in a short text they fit into the one part all the same."""
    strangers = set(non_gsm(sent))
    return bool(strangers) and segments("".join("x" if char in strangers else char for char in sent)) < segments(sent)


def _room(sent: str, count: int) -> int:
    if encoding(sent) is Encoding.GSM7:
        return most_characters(max(count, 1))
    return _ROOM_UCS2[0] if count <= 1 else _ROOM_UCS2[1] * count
