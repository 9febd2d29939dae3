"""Free texts that nobody has written before: sentences of nlu/data, each with a name and a place behind it. None is held out."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bot.message import Channel
from bot.settings import REPOSITORY
from bot.yaml_text import plain
from tests.bench.people import OPENS, TURNS, Walk

# Who asks for a person or to be erased is not the rule, and costs something of its own.
LEFT_OUT = ("human", "forget_me")
_NAMES = "Ana Marta Juan Pedro Lucia Rosa Diego Tomas Elena Mateo Irma Pascual Micaela Andres Juana Manuel Petrona Oscar".split()
_PLACES = (
    "Cicero",
    "Houston",
    "Xela",
    "Tapachula",
    "El Paso",
    "Trenton",
    "Cantel",
    "Oakland",
    "Boston",
    "San Pedro Sula",
    "Fresno",
)


def talks(seed: int, turns: int = TURNS) -> Iterator[Walk]:
    """People without end, each of one language; no text comes twice in a run."""
    chance, said = random.Random(seed), set[str]()
    known = {language: _sentences(language) for language in OPENS}
    while True:
        for channel in Channel:
            for language, opens in OPENS.items():
                yield Walk(channel, opens, tuple(_new(known[language], chance, said) for _ in range(turns)), ())


def _new(sentences: list[str], chance: random.Random, said: set[str]) -> str:
    while (text := f"{chance.choice(sentences)}, {chance.choice(_NAMES)}, {chance.choice(_PLACES)}") in said:
        pass
    said.add(text)
    return text


def _sentences(language: str) -> list[str]:
    found = []
    for path in sorted((REPOSITORY / "nlu" / "data" / language).glob("*.yml")):
        for each in plain(path.read_text("utf-8"))["nlu"]:
            if each["intent"] not in LEFT_OUT:
                found += [line.removeprefix("- ").strip() for line in each["examples"].splitlines()]
    return [line for line in found if line]
