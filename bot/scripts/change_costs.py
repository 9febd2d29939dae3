"""What the answers cost that a change touches, before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import answers_of, speaking
from bot.scripts.lengths import limit
from bot.scripts.release import Release
from bot.wording.gsm7 import segments


class Cost(Struct, frozen=True):
    """One answer as it goes out with its longest values. ``segments`` are those of an SMS, 0 on WhatsApp, where none are counted."""

    segments: int
    characters: int
    most: int


class CostChange(Struct, frozen=True):
    """What an answer costs in one language on one channel. ``where`` is ``flow.step``, ``part`` which of several (bot/scripts/answers).

    None: there is no such answer before, or after.
    """

    where: str
    part: str
    language: Language
    channel: Channel
    before: Cost | None
    after: Cost | None

    @property
    def more(self) -> int:
        """How many SMS segments it costs more (less: below 0)."""
        return (self.after.segments if self.after else 0) - (self.before.segments if self.before else 0)

    def price(self, sms_price: float) -> tuple[float, float]:
        """US dollars before and after, without fees of carriers."""
        return tuple(sms_price * (each.segments if each else 0) for each in (self.before, self.after))  # type: ignore[return-value]


def cost_changes(before: Release, after: Release, flow: str) -> tuple[CostChange, ...]:
    """The answers of this flow, or through it, whose length changes on a channel; all languages, SMS first."""
    return tuple(_changes(before, after, flow))


def costs_of(release: Release, flow: str, channel: Channel) -> dict[tuple[str, str, Language], Cost]:
    """What each answer costs that this flow is part of; of several that begin alike the dearest."""
    passages = [each for each in speaking(release) if any(part.name == flow for part, _ in each.said)]
    found: dict[tuple[str, str, Language], Cost] = {}
    for answer in answers_of(passages, release, channel):
        count = segments(answer.text) if channel is Channel.SMS else 0
        cost = Cost(count, len(answer.text), limit(answer))
        key = (answer.where, answer.part, answer.language)
        if key not in found or (cost.segments, cost.characters) > (found[key].segments, found[key].characters):
            found[key] = cost
    return found


def _changes(before: Release, after: Release, flow: str) -> Iterator[CostChange]:
    for channel in (Channel.SMS, Channel.WHATSAPP):
        old, new = (costs_of(release, flow, channel) for release in (before, after))
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                yield CostChange(*key, channel, old.get(key), new.get(key))
