"""What several rounds say together: their median, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, the lowest and the highest of them."""

    median: float
    low: float
    high: float

    def told(self, digits: int = 2, unit: str = "") -> str:
        """As the page tells it: ``1.02 (0.98 to 1.07)``, with the unit behind the first figure."""
        middle, low, high = (f"{value:,.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{middle}{unit} ({low} to {high})"


def spread(values: Sequence[float]) -> Spread:
    """Of one value for each round."""
    return Spread(median(values), min(values), max(values))


def ratios(of: Sequence[float], to: Sequence[float]) -> Spread:
    """Of what was measured beside one another, round by round: what the machine did in a round counts for both."""
    return spread([one / other for one, other in zip(of, to, strict=True)])


def share_of(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not pass: 0.5 the median, 0.99 what is called p99."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def in_turn(rounds: int, acts: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """What each act measures in each round, all of them in every round, each time another one first."""
    measured: dict[str, list[float]] = {name: [] for name in acts}
    names = list(acts)
    for number in range(rounds):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            measured[name].append(acts[name]())
    return measured
