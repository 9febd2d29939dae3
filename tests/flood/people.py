"""Who writes in a simulated flood: families with the conversations of tests/conversations, and numbers that pump."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.engine.flow import Script
from bot.intents.lexicons import Lexicons
from bot.message import Channel

CONVERSATIONS = Path(__file__).resolve().parent.parent / "conversations"
HOUR = 3600.0
LONG = 12
LANGUAGES = {"es": 75, "en": 15, "quc": 10}
"""Of 100 families, so many write in each language. A guess; K'iche' answers are the dearest."""
ON_WHATSAPP = 0.3
PUMPING = ("the same text", "other texts", "menus", "auto-responders", "abroad")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation, and whether it is about danger and in words."""

    text: str
    urgent: bool = False


@dataclass(slots=True)
class Writer:
    """Somebody who writes: ``lines`` one after the other, ``gap`` seconds apart, each once the one before was handled."""

    kind: str
    address: str
    channel: Channel
    lines: Iterator[Line]
    start: float
    gap: tuple[float, float]
    retry: tuple[float, float] | None = None
    changing: Iterator[str] | None = None
    last: float = field(default=HOUR)

    def wait(self, dice: random.Random, was_answered: bool) -> float:
        """Seconds until the next message. An auto-responder without an answer is set off again by somebody."""
        return dice.uniform(*(self.gap if was_answered or self.retry is None else self.retry))


def conversations(script: Script, phrases: Lexicons) -> dict[str, list[list[Line]]]:
    """What families wrote in the golden conversations, by language. Left out are those in which the bot is silent by design."""
    found: dict[str, list[list[Line]]] = {language: [] for language in LANGUAGES}
    for name, turns in _golden():
        if not all(turn.get("bot") and turn.get("they") and "with" not in turn for turn in turns):
            continue
        lines = [Line(str(turn["they"]), _urgent(script, phrases, str(turn["they"]))) for turn in turns]
        found[next((each for each in LANGUAGES if f"_{each}" in name), "es")].append(lines)
    return found


@functools.cache
def _golden() -> list[tuple[str, Any]]:
    return [(path.stem, read_yaml(path)["turns"]) for path in sorted(CONVERSATIONS.glob("*.yml"))]


def _urgent(script: Script, phrases: Lexicons, text: str) -> bool:
    """Danger that needs no model to be heard: there is none in the simulation."""
    found = phrases.match(text)
    return found is not None and script.is_urgent(found[0])


def families(script: Script, phrases: Lexicons, messages: int, dice: random.Random) -> list[Writer]:
    """Families who write so many messages together: short talks, every fifth one of 12 messages or more, one shelter's phone."""
    golden, writers, left = conversations(script, phrases), [], messages
    shelter = list(itertools.islice(_talk(golden, dice), max(20, messages // 50)))
    writers.append(Writer("shelter", "+12025550001", Channel.SMS, iter(shelter), 0.0, (HOUR / len(shelter) * 0.5,) * 2))
    left -= len(shelter)
    for number in itertools.count():
        if left <= 0:
            return writers
        length = dice.randint(LONG, LONG + 6) if number % 5 == 0 else dice.randint(1, 9)
        lines = list(itertools.islice(_talk(golden, dice), min(length, left)))
        left -= len(lines)
        whatsapp = dice.random() < ON_WHATSAPP
        address = f"{'whatsapp:' if whatsapp else ''}+1{3_125_560_000 + number}"
        gap = (15.0, 75.0)
        start = dice.uniform(0, HOUR - len(lines) * gap[1])
        channel = Channel.WHATSAPP if whatsapp else Channel.SMS
        writers.append(Writer("family", address, channel, iter(lines), start, gap))


def _talk(golden: dict[str, list[list[Line]]], dice: random.Random) -> Iterator[Line]:
    """One conversation after the other, in one language."""
    language = dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    while True:
        yield from dice.choice(golden[language])


def pumping(script: Script, phrases: Lexicons, messages: int, numbers: int, dice: random.Random) -> list[Writer]:
    """So many numbers that write so many messages together within the hour, a fifth of each kind."""
    golden, each = conversations(script, phrases), messages // numbers
    calm = [line.text for talk in golden["es"] for line in talk if not line.urgent and not line.text.strip().isdigit()]
    pace = HOUR / each
    writers = []
    for number in range(numbers):
        kind = PUMPING[number % len(PUMPING)]
        lines = itertools.islice(_pump(kind, calm, random.Random(dice.random())), each)
        one = Writer(
            kind, f"+1{2_125_560_000 + number}", Channel.SMS, lines, dice.uniform(0, pace), (pace * 0.5, pace * 1.5)
        )
        if kind == "auto-responders":
            one.gap, one.retry = (3.0, 9.0), (pace * 0.5, pace * 1.5)
        if kind == "abroad":
            one.changing = _abroad(number, random.Random(dice.random()))
        writers.append(one)
    return writers


def _pump(kind: str, calm: Sequence[str], dice: random.Random) -> Iterator[Line]:
    """The texts of one pumping number, without end. Half of the other texts are questions that families ask."""
    if kind in ("the same text", "auto-responders", "abroad"):
        return itertools.repeat(
            Line(dice.choice(("hola", "Info please", "Estoy manejando, le respondo luego", "ok", "???")))
        )
    if kind == "menus":
        return (Line("menu" if number % 7 == 0 else str(dice.randint(1, 8))) for number in itertools.count())
    return (
        Line(dice.choice(calm) if dice.random() < 0.5 else f"PROMO {dice.randrange(10**5)}: gane premio, visite sitio")
        for _ in itertools.count()
    )


def _abroad(number: int, dice: random.Random) -> Iterator[str]:
    """Always another number: the Caribbean behind +1, Europe, Asia, short codes, names."""
    prefixes = ("+1876", "+1809", "+4479", "+9230", "+88017", "+7900", "+2376")
    while True:
        machine = dice.choice((str(dice.randrange(10_000, 99_999)), "WINNER"))
        number = f"{dice.choice(prefixes)}{dice.randrange(10**6, 10**7)}"
        yield machine if dice.random() < 0.3 else number
