"""Jobs of several peers in turn, round after round, and what is told of them: ratios within a round, medians and the widest rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.bench.load import Told
from tests.bench.spread import Spread, ratios, spread

Jobs = Mapping[str, Callable[[], Told]]
Measured = Mapping[str, Sequence[Told]]
"""What came of each job, round by round."""


def in_rounds(rounds: int, jobs: Jobs) -> dict[str, list[Told]]:
    """Every job once a round, each time another one first. Of several rounds the first does not count: all is met for the first time."""
    found: dict[str, list[Told]] = {name: [] for name in jobs}
    names = list(jobs)
    for number in range(rounds):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            found[name].append(jobs[name]())
    return {name: told[1:] or told for name, told in found.items()}


def rates(of: Sequence[Told]) -> list[float]:
    """Answers a second."""
    return [each.rate for each in of]


def percentiles(of: Sequence[Told], hundredth: int) -> list[float]:
    """Milliseconds under which so many of a hundred answers came."""
    return [each.percentile(hundredth) for each in of]


def faster(measured: Measured, one: str, other: str) -> Spread:
    """How many times as many answers a second."""
    return ratios(rates(measured[one]), rates(measured[other]))


def longer(measured: Measured, one: str, other: str, hundredth: int) -> Spread:
    """How many times as long so many of a hundred answers take."""
    return ratios(percentiles(measured[one], hundredth), percentiles(measured[other], hundredth))


def table(measured: Measured) -> str:
    """All jobs, in Markdown."""
    head = "| | answers a second | p50, ms | p95, ms | p99, ms | the client's own, ms |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(_row(name, told) for name, told in measured.items())


def _row(name: str, told: Sequence[Told]) -> str:
    times = [spread(percentiles(told, hundredth)).told(1) for hundredth in (50, 95, 99)]
    client = spread([each.busy / len(each.answers) * 1000 for each in told])
    return f"| {' | '.join([name, spread(rates(told)).told(0), *times, f'{client.median:.2f}'])} |"


def raw(measured: Measured) -> dict[str, object]:
    """Everything that was measured, for the raw output."""
    return {name: [_told(each) for each in told] for name, told in measured.items()}


def _told(told: Told) -> dict[str, object]:
    milliseconds = [round(each, 2) for each in told.milliseconds]
    return {"seconds": told.seconds, "client_seconds": told.busy, "milliseconds": milliseconds}
