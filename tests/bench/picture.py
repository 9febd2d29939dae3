"""The ratios of the page as bars on a scale of decades: what is more than its peer to the right of 1, what is less to the left.

Readable at 360 pixels: the names stand above their bars.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.bench.part import Bar

WIDTH, _MARGIN, _LINE, _BAR, _GAP = 360, 10, 17, 14, 13
_LETTERS, _FOR_VALUE = 46, 46
"""So many letters fit into a line; pixels that the figure beside a bar takes."""
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.v{font-weight:700}.n{font-size:12px;fill:#4a545e}"
    ".bg{fill:#fbfaf7}.more{fill:#0b5c6b}.less{fill:#b98a1d}line{stroke:#5c6670;stroke-width:1.3}"
)
_CAPTION = ("Ratios, each of one run; 1 is as much as the peer.", "A step of the scale is ten times as much.")


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the lowest to the highest power of ten that is shown."""

    low: float
    high: float

    def x(self, power: float) -> float:
        """Where it lies, in pixels."""
        left = _MARGIN + _FOR_VALUE
        return left + (power - self.low) / (self.high - self.low) * (WIDTH - 2 * left)


def picture(bars: Sequence[Bar]) -> str:
    """An SVG with a bar for each. A ratio is over 0."""
    powers = [math.log10(bar.ratio) for bar in bars]
    scale = _Scale(min([-0.3, *powers]), max([0.3, *powers]))
    parts = [_text(_MARGIN, 22 + number * _LINE, line, "n") for number, line in enumerate(_CAPTION)]
    y = 22 + len(_CAPTION) * _LINE
    for bar in bars:
        for line in textwrap.wrap(bar.name, _LETTERS):
            parts.append(_text(_MARGIN, y + 12, line))
            y += _LINE
        parts += _bar(bar, y, scale)
        y += _BAR + _GAP
    for power in range(math.ceil(scale.low), math.floor(scale.high) + 1):
        x = scale.x(power)
        parts += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 6}"/>',
            _text(x, y + 20, f"{10.0**power:g}", "n", "middle"),
        ]
    height = y + 30
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="Ratios of the benchmarks">'
    ground = f'<rect class="bg" width="{WIDTH}" height="{height}"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, *parts, "</svg>\n"])


def _bar(bar: Bar, y: int, scale: _Scale) -> Iterator[str]:
    """From 1 to its ratio, with the figure at its end."""
    one, end = scale.x(0), scale.x(math.log10(bar.ratio))
    kind, gap, anchor = ("more", 5, "start") if end >= one else ("less", -5, "end")
    yield f'<rect class="{kind}" x="{min(one, end):.1f}" y="{y}" width="{abs(end - one):.1f}" height="{_BAR}"/>'
    yield f'<line x1="{one:.1f}" x2="{one:.1f}" y1="{y - 2}" y2="{y + _BAR + 2}"/>'
    yield _text(end + gap, y + 12, told(bar.ratio), "v", anchor)


def told(ratio: float) -> str:
    """Three digits, and no more."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
