"""What a part of the benchmark returns: figures beside what is wanted of them, the page's text, and everything that was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, as measured (with its spread), what is wanted, and whether that is reached.

    ``reached`` is None where nothing is wanted, or where it could not be measured (``measured`` then says why).
    """

    name: str
    measured: str
    wanted: str = ""
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the page's picture: a ratio, 1 being the peer."""

    name: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Part:
    """A section of docs/benchmarks.md. ``text`` is Markdown below the table of its figures; ``raw`` goes into the raw output."""

    title: str
    figures: tuple[Figure, ...]
    text: str
    bars: tuple[Bar, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict)
