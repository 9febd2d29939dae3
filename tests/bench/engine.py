"""A turn of the engine alone: heard without a model, moved on, written, counted; and with all that the answer takes beside Redis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot import content
from bot.conversation import Conversation
from bot.scripts.release import Release
from tests.bench.part import Bar, Figure, Part
from tests.bench.scripted import met, scripted
from tests.bench.sized import of_flows
from tests.bench.spread import Spread, in_turn, ratios, share_of, spread
from tests.bench.talking import Written, conversation, taken, talks

WANTED_MS = 0.10
AT_MOST = 1.05
"""What 200 flows may cost a turn, ten flows being 1."""
FEW, MANY = 10, 200


def run(smoke: bool, folder: Path) -> Part:
    """Turns of the real release; then the same talks with ten flows and with 200, in turn."""
    turns, rounds = (60, 2) if smoke else (2_000, 9)
    release = content.load()
    figures, raw = _real(release, turns, rounds)
    ratio, sized = _sized(release, turns, rounds)
    flows = Figure(
        f"a turn with {MANY} flows, with {FEW} flows being 1",
        ratio.told(),
        f"at most {AT_MOST}",
        ratio.median <= AT_MOST,
    )
    bar = Bar(f"a turn with {MANY} flows, to {FEW} flows", ratio.median)
    text = f"""
{turns:,} messages of people who choose by number ({len(release.script.flows)} flows, both channels), {rounds} rounds of them.
*The engine* is four calls one after another, each with the session that the message met (`tests/bench/scripted.py`): understand,
advance, write the reply, count. *The whole answer* is `Conversation.answer`, from the read message to what is to be stored: beside
these four the session out of JSON and into it, limits, money, staff, and the reply for a retry. Time of the processor, so that what
else runs does not count. With {FEW} and {MANY} flows the talks are the same word for word: ten real flows, beside them copies of all
under other names, with their catalogs.

Of these replies two of three are the same to everybody on any day; those are written once and kept with the release
(`bot/scripts/standing.py`). What names a place, an hour or an organization is written anew each time, which is the tail.
"""
    return Part("Engine", (*figures, flows), text, (bar,), {**raw, **sized})


def _real(release: Release, turns: int, rounds: int) -> tuple[tuple[Figure, ...], dict[str, object]]:
    written, speaking = talks(release, turns), conversation(release)
    pairs = met(speaking, written)
    scripted(speaking, pairs)
    acts = {"engine": partial(scripted, speaking, pairs), "answer": partial(taken, speaking, written)}
    times = {name: [act() for _ in range(rounds)] for name, act in acts.items()}
    halves = {name: spread([share_of(each, 0.5) for each in found]) for name, found in times.items()}
    tails = {name: spread([share_of(each, 0.99) for each in found]) for name, found in times.items()}
    half, wanted = halves["engine"], f"{WANTED_MS:.2f} ms"
    figures = (
        Figure("the engine: half of the turns take at most", half.told(3, " ms"), wanted, half.median <= WANTED_MS),
        Figure("the engine: 99 of 100 at most", tails["engine"].told(3, " ms")),
        Figure("the whole answer: half of them take at most", halves["answer"].told(3, " ms")),
        Figure("the whole answer: 99 of 100 at most", tails["answer"].told(3, " ms")),
    )
    return figures, {"turn_ms": times}


def _sized(release: Release, turns: int, rounds: int) -> tuple[Spread, dict[str, object]]:
    few, many = of_flows(release, FEW), of_flows(release, MANY)
    written, said = talks(few, turns), {FEW: list[str](), MANY: list[str]()}
    speaking = {FEW: conversation(few), MANY: conversation(many)}
    for size, each in speaking.items():
        taken(each, written, said[size].append)
    assert said[FEW] == said[MANY], "the talks are not the same"
    acts = {str(size): partial(_half, each, written) for size, each in speaking.items()}
    measured = in_turn(rounds, acts)
    return ratios(measured[str(MANY)], measured[str(FEW)]), {"half_ms_by_flows": measured}


def _half(speaking: Conversation, written: Sequence[Written]) -> float:
    return share_of(taken(speaking, written), 0.5)
