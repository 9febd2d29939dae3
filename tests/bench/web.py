"""A menu turn over HTTP: signature, Redis, engine, words, TwiML; beside a bare app of the same stack, and beside Rasa alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

from bot.app import build
from bot.message import Channel
from tests.bench.alone import alone
from tests.bench.load import Client, Job, Told, client
from tests.bench.part import Bar, Figure, Part
from tests.bench.people import TURNS, Crowd, Posts, Walk, came_from, crowd, walks, writer
from tests.bench.rounds import Measured, faster, in_rounds, longer, raw, table
from tests.bench.spread import Spread
from tests.bench.stage import ours, rasa_alone, served

BARE, UNTHINKING = "tests.bench.bare.app:app", "tests.bench.unthinking:app"
OURS_16, EDGE_16, BARE_16 = "Puente, 16 clients", "Puente with nothing understood, 16 clients", "bare app, 16 clients"
OURS_8, RASA_8, NEW_8 = "Puente, 8 clients", "Rasa alone, 8 clients", "Rasa alone, 8 clients, new trackers"
OURS_1, RASA_1, NEW_1 = "Puente, 1 client", "Rasa alone, 1 client", "Rasa alone, 1 client, new trackers"


def run(smoke: bool, folder: Path) -> Part:
    """Digits of people in the middle of a conversation, at 16, 8 and one clients."""
    rounds, people, turns = (1, 1, 4) if smoke else (20, 8, TURNS)
    with (
        rasa_alone(folder, smoke) as rasa,
        client() as sends,
        ours(folder, smoke) as installation,
        served(BARE, installation, folder) as bare,
        served(UNTHINKING, installation, folder) as edge,
    ):
        menus = cycle(walks(build(installation.settings), turns))
        rasa.wait()
        puente = partial(answered, sends, menus, installation.port, partial(writer, installation.port), rightly)
        plain = partial(answered, sends, menus, bare, partial(writer, bare), nothing)
        unthinking = partial(answered, sends, menus, edge, partial(writer, edge), nothing)
        talking = partial(answered, sends, menus, rasa.port, rasa.person, nothing)
        new = partial(answered, sends, menus, rasa.port, rasa.people, nothing)
        jobs = {
            OURS_16: partial(puente, 16, people),
            EDGE_16: partial(unthinking, 16, people),
            BARE_16: partial(plain, 16, people),
            OURS_8: partial(puente, 8, people),
            RASA_8: partial(talking, 8, -(-people // 2)),
            NEW_8: partial(new, 8, -(-people // 2)),
            OURS_1: partial(puente, 1, 3 * people),
            RASA_1: partial(talking, 1, people),
            NEW_1: partial(new, 1, people),
        }
        measured = in_rounds(rounds, jobs)
    return _part(measured)


def answered(
    sends: Client,
    talks: Iterator[Walk],
    port: int,
    new: Callable[[Channel], Posts],
    check: Callable[[Crowd, Told], None],
    clients: int,
    people: int,
) -> Told:
    """Everybody opens a conversation, which is not measured; then comes what they say."""
    written = crowd(talks, clients, people, new)
    sends.run(Job(port, written.opening))
    told = sends.run(Job(port, written.scripts))
    check(written, told)
    return told


def rightly(written: Crowd, told: Told) -> None:
    """Every answer came from the flow and step that the walk says."""
    if sorted(came_from(told.answers)) != sorted(written.steps):
        raise AssertionError("people were not answered as their walks say")


def nothing(written: Crowd, told: Told) -> None:
    """Of a peer only the status is looked at: Rasa alone knows no menus, and finds for some digits no intent that it answers."""


def _part(measured: Measured) -> Part:
    share, tail = faster(measured, OURS_16, BARE_16), longer(measured, OURS_16, BARE_16, 99)
    edge, edge_tail = faster(measured, EDGE_16, BARE_16), longer(measured, EDGE_16, BARE_16, 99)
    times, new = faster(measured, OURS_8, RASA_8), faster(measured, OURS_8, NEW_8)
    half, new_half = longer(measured, OURS_1, RASA_1, 50), longer(measured, OURS_1, NEW_1, 50)
    figures = (
        _figure("answers a second at 16 clients, the bare app being 1", share, "at least 0.6", share.median >= 0.6),
        _figure("the same of ours with nothing understood", edge),
        _figure("p99 at 16 clients, the bare app being 1", tail, "at most 2", tail.median <= 2),
        _figure("the same of ours with nothing understood", edge_tail),
        _figure("answers a second at 8 clients, Rasa alone being 1", times, "at least 5", times.median >= 5),
        _figure("the same, each message from a new tracker", new, "at least 5", new.median >= 5),
        _figure("p50 at one client, Rasa alone being 1", half, "at most 0.5", half.median <= 0.5),
        _figure("the same, each message from a new tracker", new_half, "at most 0.5", new_half.median <= 0.5),
    )
    bars = (
        Bar("menu turns a second, to a bare Flask app", share.median),
        Bar("menu turns a second, to Rasa alone", times.median),
        Bar("menu turns a second, to Rasa alone without history", new.median),
    )
    return Part(
        "Menu turn over HTTP",
        figures,
        f"{TEXT.format(rounds=len(measured[OURS_16]))}\n{table(measured)}\n",
        bars,
        raw(measured),
    )


def _figure(name: str, ratio: Spread, wanted: str = "", reached: bool | None = None) -> Figure:
    return Figure(name, ratio.told(), wanted, reached)


TEXT = """
People in the middle of a conversation choose lines of the menus that they were sent, ten times each, in three languages and on both
channels. Ours is the whole Procfile; each request is signed and carries all that Twilio tells of an SMS, and each answer must come from
the flow and step to which the same digits lead without a server. {rounds} rounds, every peer in each, after one that does not count.

- *Bare app* (`tests/bench/bare/`): Flask under the same settings of gunicorn, on the same Redis: reads the form, calls two Lua scripts
  and returns a fixed answer. It is what this stack takes when nothing is understood and nothing is said.
- *Rasa alone* (`tests/bench/rasa_alone/`): Rasa's own server with its REST channel, the same sentences learned by the same pipeline, and a
  rule for each intent that utters our answer; trackers in memory, no signature. A digit comes as text, as an SMS brings it. The same
  people have the same talks, and a tracker that grows makes each turn slower. *New trackers* is Rasa at its very best: nobody has
  written before.

What lies between the bare app and ours is told below, under "Where time goes". *Ours with
nothing understood* (`tests/bench/unthinking.py`) checks the signature, asks and keeps in Redis all that a turn does, and then says one
and the same to everybody: what is left between that and 0.6 is all that understanding, limits, counts and words may take. Behind the
server a turn of ours executes 1.9 million instructions, one of the bare app 1.2, ours with nothing understood 1.3 (valgrind's callgrind,
the same talks, 2026-11-28): that does not hang on what else the machine does. That day began with 3.6 million. What was taken out last:
Flask's reader of forms, the dictionary between a session and its JSON, the signature by Twilio's library. The bare app reads its form by
Flask, as such apps do; with our reader it executes 0.8 million, and answers 1.08 times as often (0.93 to 1.21, 7 rounds apart from
these). Until 2026-11-27 ours was measured with the clock that tests can move, a file read again and again, for 11 % of its processor:
figures of before are worse.

What is wanted beside Rasa was set when Rasa alone, with another pipeline, gave 170 to 190 answers a second to new trackers; with the
pipeline of this project, which ours has as well, it gives about twice as many.

The client is one process with one thread and plain sockets that stay open; it shares the cores with all of them (last column).
"""

if __name__ == "__main__":
    alone(run)
