"""A turn of the engine alone: heard without a model, moved on, rendered, counted; memory is carried, nothing is read or written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot import content
from bot.conversation import Conversation
from bot.scripts.release import Release
from tests.bench.part import Bar, Figure, Part
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
{turns:,} messages of people who choose by number ({len(release.script.flows)} flows, both channels), {rounds} rounds of them: what a
turn takes between the read message and the written reply. Time of the processor, so that what else runs does not count. With {FEW} and
{MANY} flows the talks are the same word for word: ten real flows, beside them copies of all under other names, with their catalogs.
"""
    return Part("Engine", (*figures, flows), text, (bar,), {**raw, **sized})


def _real(release: Release, turns: int, rounds: int) -> tuple[tuple[Figure, ...], dict[str, object]]:
    written, speaking = talks(release, turns), conversation(release)
    taken(speaking, written[:200])
    times = [taken(speaking, written) for _ in range(rounds)]
    halves = spread([share_of(each, 0.5) for each in times])
    tails = spread([share_of(each, 0.99) for each in times])
    figures = (
        Figure(
            "half of the turns take at most", halves.told(3, " ms"), f"{WANTED_MS:.2f} ms", halves.median <= WANTED_MS
        ),
        Figure("99 of 100 at most", tails.told(3, " ms")),
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
