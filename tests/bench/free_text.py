"""A free-text turn over HTTP, every message another, beside Rasa alone; texts that come again; and fifty messages a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, cycle
from pathlib import Path

from bot.app import build
from tests.bench.alone import alone
from tests.bench.load import Client, Job, Told, client
from tests.bench.part import Bar, Figure, Part
from tests.bench.people import TURNS, Walk, crowd, explained, walks, writer
from tests.bench.rounds import Measured, faster, in_rounds, longer, percentiles, raw, table
from tests.bench.sentences import talks
from tests.bench.spread import spread
from tests.bench.stage import ours, rasa_alone
from tests.bench.web import answered, nothing, rightly

OURS, RASA, NEW = "Puente, 8 clients", "Rasa alone, 8 clients", "Rasa alone, 8 clients, new trackers"
AGAIN, MENU = "Puente, 8 clients, texts that came before", "Puente, 8 clients, digits"
PACED = "Puente, 50 messages a second"
RATE = 50.0
KNOWN_TALKS = 6
"""Their texts are what many write: with ten each, so few that hardly two lie on one place of bot/store/understood.py."""


def run(smoke: bool, folder: Path) -> Part:
    """The peers in turn, then half digits and half free texts at a fixed rate."""
    rounds, people, turns, paced = (1, 1, 2, 6) if smoke else (10, 4, TURNS, 150)
    with rasa_alone(folder, smoke) as rasa, client() as sends, ours(folder, smoke) as installation:
        menus, fresh = cycle(walks(build(installation.settings), turns)), talks(1, turns)
        known = [next(fresh) for _ in range(KNOWN_TALKS)]
        rasa.wait()
        puente = partial(writer, installation.port)
        sends.run(Job(installation.port, crowd(iter(known), 1, KNOWN_TALKS, puente).scripts))
        jobs = {
            OURS: partial(answered, sends, fresh, installation.port, puente, nothing, 8, people),
            RASA: partial(answered, sends, fresh, rasa.port, rasa.person, nothing, 8, people),
            NEW: partial(answered, sends, fresh, rasa.port, rasa.people, nothing, 8, people),
            AGAIN: partial(answered, sends, cycle(known), installation.port, puente, nothing, 8, people),
            MENU: partial(answered, sends, menus, installation.port, puente, rightly, 8, people),
        }
        measured = in_rounds(rounds, jobs)
        mixed = partial(_paced, sends, installation.port, menus, fresh, paced)
        measured |= in_rounds(1 if smoke else 4, {PACED: mixed})
    return _part(measured)


def _paced(sends: Client, port: int, menus: Iterator[Walk], fresh: Iterator[Walk], people: int) -> Told:
    """Everybody's first message, then everybody's second: half of the people choose by digits, half write."""
    puente = partial(writer, port)
    mixed = chain.from_iterable(zip(menus, fresh, strict=True))
    written = crowd(mixed, people, 1, puente)
    sends.run(Job(port, written.opening))
    return sends.run(Job(port, [list(chain.from_iterable(zip(*written.scripts, strict=True)))], RATE))


def _part(measured: Measured) -> Part:
    times, new = faster(measured, OURS, RASA), faster(measured, OURS, NEW)
    tail, new_tail = longer(measured, OURS, RASA, 95), longer(measured, OURS, NEW, 95)
    again = faster(measured, AGAIN, MENU)
    half, most = spread(percentiles(measured[PACED], 50)), spread(percentiles(measured[PACED], 99))
    figures = (
        Figure("answers a second, Rasa alone being 1", times.told(), "at least 1.5", times.median >= 1.5),
        Figure("the same, each message from a new tracker", new.told(), "at least 1.5", new.median >= 1.5),
        Figure("p95, Rasa alone being 1", tail.told(), "at most 0.5", tail.median <= 0.5),
        Figure("the same, each message from a new tracker", new_tail.told(), "at most 0.5", new_tail.median <= 0.5),
        Figure("texts that came before, digits being 1 (answers a second)", again.told()),
        Figure("F4: at 50 messages a second half are answered within", half.told(1, " ms"), "50 ms", half.median <= 50),
        Figure("F4: and 99 of 100 within", most.told(1, " ms"), "500 ms", most.median <= 500),
        _without(measured),
    )
    bars = (
        Bar("free-text turns a second, to Rasa alone", times.median),
        Bar("free-text turns a second, to Rasa alone without history", new.median),
    )
    text = f"{TEXT.format(rounds=len(measured[OURS]))}\n{table(measured)}\n"
    return Part("Free-text turn over HTTP", figures, text, bars, raw(measured))


def _without(measured: Measured) -> Figure:
    """How many were answered by words and phrases alone, because the model took too long: those would look quick."""
    answers: Sequence[bytes] = [each for name in (OURS, PACED) for told in measured[name] for each in told.answers]
    many = sum(each.get("degraded") == "model" for each in explained(answers))
    return Figure("answers for which the model was too late", f"{many} of {len(answers):,}", "none", many == 0)


TEXT = """
Every message is another: sentences of `nlu/data` (none is held out), with a name and a place behind each, in three languages; ten by
each person. Both have one process for the model, and the same sentences in it. Puente asks it over HTTP, for some messages more than
once (what is left without words that are taken back, and each of two questions), checks the signature, keeps the session in Redis and
knows the menus; Rasa alone answers from its process, without any of that. {rounds} rounds, every peer in each, after one that does not
count. *New trackers*: nobody has written before, which is Rasa at its best.

Two cores bound this: Rasa alone keeps one of them busy and leaves the other to the client, while ours needs one for the same model and
the other for web, whose part in such a turn is as large.

*Texts that came before* are a few that many people write within ten minutes. Each process of web has by heart what the model made of as
many as 1,024 texts, by a mark under the day's key, and Redis has them for all (`bot/store/understood.py`). What such a text costs beyond a
digit is to look for phrases and places in it. Until 2026-11-27 it was looked up in Redis each time: 0.54 (0.51 to 0.64); measured one
after the other 0.81 (0.46 to 1.01) since.

At 50 messages a second each goes out when it is due, whether the others are answered or not, and its time counts from then: half of
the people choose by digits, half write.
"""

if __name__ == "__main__":
    alone(run)
