"""How much one person is answered: the meter that travels in her session, and what the limits make of it. Pure.

A person is answered whole up to ``HOURLY`` messages an hour, then with the shortest answer, at most once a minute. While a
good part of the day's money is gone, people with many messages today are shortened first, so that everybody else is still
answered. docs/reliability.md, "Floods of messages", says how the numbers were found.
"""

from __future__ import annotations

import zlib
from enum import StrEnum

from msgspec import Struct

from bot.frozen import replace

HOUR = 3600
HOURLY = 60
SHARED_PHONE = 10
"""So many times the limits of one person for a shelter's phone."""

EQUAL_TEXTS = 3
"""Who writes the same again has not been helped by the answer: so often, and she is shown the way to a person."""
AUTOMATIC_TURNS = 5
QUICK = 10.0
"""Seconds from our answer to the next message. An SMS takes some seconds each way: to read and to type the same sentence
again in what is left, five times in a row, is nobody's doing."""
FORGET_RUN = 600.0

ONE_SHORT = 60.0
"""Seconds between two of the shortest answers."""
_MOST_GROWTH = 3

FIRST = 2
"""The first messages of a person on a day are answered whole as long as there is any money."""
HEAVY_PART = 0.75
"""The part of the day's money that all messages beyond the first ones may take together: the rest is kept for newcomers."""
# So much of that part is gone, so many messages a day are still answered whole.
PRESSURE: tuple[tuple[float, int], ...] = ((1.0, FIRST), (0.8, 18), (0.5, 20))

_FOLD_BITS = 6


class Verdict(StrEnum):
    """How one message is answered."""

    FULL = "full"
    PERSON = "person"
    SHORT = "short"
    SILENT = "silent"


class Weight(StrEnum):
    """What a message is to the limits.

    ``SAFETY``: danger, erasing, stopping: always answered. ``ASKED``: the answer to what our last message asked, never
    silenced while there is money; ``ASKED_IN_DANGER`` also when there is none. ``ORDINARY``: everything else.
    """

    ORDINARY = "ordinary"
    ASKED = "asked"
    ASKED_IN_DANGER = "asked in danger"
    SAFETY = "safety"


class Load(Struct, frozen=True):
    """What else decides: the ``share`` of the day's money that is gone (0 to 1 and over; 0 without a cap) and that of the
    ``heavy`` part of it, the person's answered messages ``today`` (UTC), and whether this is a ``shared`` phone."""

    share: float = 0.0
    heavy: float = 0.0
    today: int = 0
    shared: bool = False

    @property
    def is_heavy(self) -> bool:
        """Whether this message is beyond the person's first ones."""
        return self.today >= _times(FIRST, self)


class Meter(Struct, frozen=True, array_like=True):
    """What is counted of a person: numbers and moments (unix seconds), never words.

    ``hour`` is the hour since 1970 in which ``now_`` messages came, ``before`` in the one before. ``fold`` is six bits of the
    last text: enough to see that the same comes again, and shared by so many sentences that it tells none of them.
    ``same`` counts equal texts in a row, ``quick`` those of them that came at once. ``asked``: our last message asked something.
    """

    hour: int = 0
    now_: int = 0
    before: int = 0
    fold: int = 0
    same: int = 0
    quick: int = 0
    shorts: int = 0
    asked: bool = True
    heard: float = 0.0
    answered: float = 0.0
    short_at: float = 0.0

    def heard_at(self, fold: int, now: float, *, counted: bool = True) -> Meter:
        """With one more message. ``counted`` is false for what may well come twice the same: "1", "2", MAS."""
        hour = int(now // HOUR)
        this, before = (self.now_, self.before) if hour == self.hour else (0, self.now_ if hour == self.hour + 1 else 0)
        again = counted and self.same > 0 and fold == self.fold and now - self.heard <= FORGET_RUN
        at_once = self.answered > 0 and 0 <= now - self.answered <= QUICK
        # Where we were silent there was nothing to react to: that it took its time tells nothing.
        unanswered = again and self.heard > self.answered
        quick = self.quick if unanswered else (self.quick * again + 1) * at_once
        return replace(
            self,
            hour=hour,
            now_=this + 1,
            before=before,
            heard=_moment(now),
            fold=fold,
            same=(self.same + 1 if again else 1) if counted else 0,
            quick=quick if counted else 0,
        )

    def in_an_hour(self, now: float) -> float:
        """Messages in the last 60 minutes, the former hour weighed by how much of it still counts."""
        return self.now_ + self.before * (1 - now % HOUR / HOUR)


class Ruling(Struct, frozen=True):
    """How the message is answered, the meter after it, and whether it is to be said that answers are brief for a while."""

    verdict: Verdict
    meter: Meter
    explain: bool = False


def fold_of(text: str) -> int:
    """Six bits of a text. Two texts that differ have the same in one of 64 cases."""
    return zlib.crc32(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass")) % (1 << _FOLD_BITS)


def rule(meter: Meter, text: str, weight: Weight, load: Load, now: float) -> Ruling:
    """How this message is answered. The meter that comes back still waits for ``answered``."""
    asked = weight in (Weight.ASKED, Weight.ASKED_IN_DANGER)
    meter = meter.heard_at(fold_of(text), now, counted=not asked)
    exempt = weight is not Weight.ORDINARY
    if load.share >= 1:
        return Ruling(Verdict.SHORT if exempt and weight is not Weight.ASKED else Verdict.SILENT, meter)
    if not load.shared and meter.quick >= AUTOMATIC_TURNS:
        return Ruling(Verdict.SHORT if exempt else Verdict.SILENT, meter)
    repeats = meter.same > EQUAL_TEXTS and not load.shared
    pressed = load.today >= whole_today(load)
    if not (repeats or pressed or meter.in_an_hour(now) > _times(HOURLY, load)):
        verdict = Verdict.PERSON if meter.same == EQUAL_TEXTS and not load.shared else Verdict.FULL
        return Ruling(verdict, replace(meter, shorts=0) if meter.shorts else meter)
    if exempt:
        return Ruling(Verdict.SHORT, meter)
    # Where each short answer counts, the next one comes after four times the time: 1, 4, 16, 64 minutes.
    growth = min(meter.shorts - 1, _MOST_GROWTH) if (repeats or pressed) and meter.shorts else 0
    if load.heavy >= 1:
        growth = _MOST_GROWTH
    if meter.shorts and now - meter.short_at < ONE_SHORT * 4**growth:
        return Ruling(Verdict.SILENT, meter)
    return Ruling(
        Verdict.SHORT,
        replace(meter, shorts=meter.shorts + 1, short_at=_moment(now)),
        explain=not meter.shorts and load.heavy < 1,
    )


def whole_today(load: Load) -> float:
    """So many messages of a person are answered whole today, as the day's money stands."""
    return next((_times(most, load) for share, most in PRESSURE if load.heavy >= share), float("inf"))


def answered(meter: Meter, now: float, asked: bool) -> Meter:
    """The meter once an answer goes out; ``asked`` says whether that asks something."""
    return replace(meter, answered=_moment(now), asked=asked)


def _moment(now: float) -> float:
    """As it is kept, to the tenth of a second before it: nothing here asks for less, and it never lies ahead."""
    return int(now * 10) / 10


def _times(most: int, load: Load) -> int:
    return most * SHARED_PHONE if load.shared else most

