"""The ratios of the page as bars: 1 is the line in the middle, each step to the right is ten times as much. Readable at 360 pixels."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tests.bench.part import Bar

WIDTH, _MARGIN, _LINE, _BAR, _GAP = 360, 10, 17, 14, 12
_LETTERS, _FOR_VALUE = 46, 52
"""So many letters fit into a line; pixels that the figure beside a bar takes."""
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.v{font-weight:700}.n{font-size:12px;fill:#4a545e}"
    ".bg{fill:#fbfaf7}.more{fill:#0b5c6b}.less{fill:#b98a1d}line{stroke:#5c6670;stroke-width:1.3}"
)
_CAPTION = (
    "Ratios, each of one run. The line: as much as",
    "the peer. Each mark: ten times, or a tenth.",
)


def picture(bars: Sequence[Bar]) -> str:
    """An SVG with a bar for each; the names stand above their bars, so that no phone has to shrink them."""
    reach = max([1, *(math.ceil(abs(math.log10(bar.ratio))) for bar in bars if bar.ratio > 0)])
    middle, step = WIDTH / 2, (WIDTH / 2 - _MARGIN - _FOR_VALUE) / reach
    parts = [_text(_MARGIN, 22 + number * _LINE, line, "n") for number, line in enumerate(_CAPTION)]
    y = top = 22 + len(_CAPTION) * _LINE
    for bar in bars:
        for line in textwrap.wrap(bar.name, _LETTERS):
            parts.append(_text(_MARGIN, y + 12, line))
            y += _LINE
        parts += _bar(bar, y, middle, step)
        y += _BAR + _GAP
    marks = [_mark(middle + step * number, y) for number in range(-reach, reach + 1) if number]
    axis = f'<line x1="{middle}" x2="{middle}" y1="{top}" y2="{y}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 18}" role="img" aria-label="Ratios of the benchmarks">'
    ground = f'<rect class="bg" width="{WIDTH}" height="{y + 18}"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, *parts, axis, *marks, "</svg>\n"])


def _bar(bar: Bar, y: int, middle: float, step: float) -> Iterator[str]:
    """From the line to its ratio, with the figure at its end. A ratio of nothing is told, and has no bar."""
    length = step * math.log10(bar.ratio) if bar.ratio > 0 else 0.0
    left, kind = min(middle, middle + length), "more" if length > 0 else "less"
    yield f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{max(1.0, abs(length)):.1f}" height="{_BAR}"/>'
    if length >= 0:
        yield _text(middle + length + 5, y + 12, told(bar.ratio), "v")
    else:
        yield _text(middle + length - 5, y + 12, told(bar.ratio), "v", "end")


def told(ratio: float) -> str:
    """Three digits, and no more."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _mark(x: float, y: int) -> str:
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 5}" y2="{y}"/>'


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
