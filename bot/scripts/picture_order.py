"""The order of the boxes within each column, so that few arrows cross: by the mean of their neighbours, there and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Arrow = tuple[str, float, str]
"""From which box, how far down in it (0 to 1), to which box of the next column."""
_SWEEPS = 6


def ordered(columns: Sequence[Sequence[str]], arrows: Sequence[Arrow]) -> list[list[str]]:
    """The columns in the best order that was found; as they were where nothing is better."""
    now = best = [list(column) for column in columns]
    fewest = crossings(now, arrows)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        now = _swept(now, arrows, forward=sweep % 2 == 0)
        count = crossings(now, arrows)
        if count < fewest:
            best, fewest = now, count
    return best


def crossings(columns: Sequence[Sequence[str]], arrows: Sequence[Arrow]) -> int:
    """How many pairs of arrows cross."""
    place = _places(columns)
    column = {name: number for number, each in enumerate(columns) for name in each}
    ends = [(column[one], place[one] + down, place[other]) for one, down, other in arrows]
    return sum(
        1
        for number, first in enumerate(ends)
        for second in ends[number + 1 :]
        if first[0] == second[0] and (first[1] - second[1]) * (first[2] - second[2]) < 0
    )


def _swept(columns: Sequence[Sequence[str]], arrows: Sequence[Arrow], *, forward: bool) -> list[list[str]]:
    swept = [list(column) for column in columns]
    for number in range(1, len(swept)) if forward else range(len(swept) - 2, -1, -1):
        place = _places(swept)
        means = {name: _mean(name, place, arrows, forward) for name in swept[number]}
        swept[number].sort(key=means.__getitem__)
    return swept


def _mean(name: str, place: Mapping[str, int], arrows: Sequence[Arrow], forward: bool) -> float:
    if forward:
        near = [place[one] + down for one, down, other in arrows if other == name]
    else:
        near = [float(place[other]) - down for one, down, other in arrows if one == name]
    return sum(near) / len(near) if near else float(place[name])


def _places(columns: Sequence[Sequence[str]]) -> dict[str, int]:
    return {name: number for column in columns for number, name in enumerate(column)}
