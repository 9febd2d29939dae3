"""Draws the confusion matrix. Runs by itself in `.venv-nlu`, where matplotlib is; reads matrix.py's JSON on stdin.

    .venv-nlu/bin/python nlu/reporting/picture.py FILE.svg < matrix.json

The same numbers give the same bytes: no date, no random names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure

_CAPTION = (
    "Down: what a message is about. Across: what the model took it for. Blue right, red wrong.",
    "Spanish, English and K'iche' (written by non-speakers) together.",
)
INCHES = 10.42  # 1,000 pixels at 96 to the inch
_STYLE = {
    "svg.hashsalt": "puente",
    # Letters as letters: paths would make the file five times as large, and nobody could search in it.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
}


def draw(groups: Mapping[str, Sequence[str]], times: Sequence[Sequence[int]], path: str) -> None:
    """Writes the picture. A row is an intent; its colours are shares of its messages."""
    intents = [name for names in groups.values() for name in names]
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(INCHES, INCHES))
        axes = figure.add_axes((0.17, 0.015, 0.815, 0.815))
        _cells(axes, times)
        _names(axes, intents)
        _borders(axes, groups)
        for line, words in enumerate(_CAPTION):
            figure.text(0.01, 0.99 - 0.02 * line, words, size=9, va="top")
        figure.savefig(path, format="svg", metadata={"Date": None})


def _cells(axes: Any, times: Sequence[Sequence[int]]) -> None:
    """A coloured square with its number for each pair that occurs."""
    for row, counts in enumerate(times):
        for column, count in enumerate(counts):
            if not count:
                continue
            part = count / sum(counts)
            # A single mistake is seen too, and black letters on the darkest square.
            pale = 0.85 - 0.55 * part
            colour = (pale, 0.3 + 0.7 * pale, 1.0) if row == column else (1.0, pale, pale)
            axes.axhspan(row - 0.5, row + 0.5, column / len(times), (column + 1) / len(times), color=colour, lw=0)
            axes.text(column, row, str(count), size=5.5, ha="center", va="center")


def _names(axes: Any, intents: Sequence[str]) -> None:
    places = range(len(intents))
    axes.set(xlim=(-0.5, len(intents) - 0.5), ylim=(len(intents) - 0.5, -0.5))
    axes.set_xticks(places, intents, rotation=90, size=7)
    axes.set_yticks(places, intents, size=7)
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)


def _borders(axes: Any, groups: Mapping[str, Sequence[str]]) -> None:
    """A line between two groups, and the group's name beside the names of its intents."""
    end = 0.0
    for group, names in groups.items():
        begin, end = end, end + len(names)
        axes.axhline(end - 0.5, color="0.6", lw=0.8)
        axes.axvline(end - 0.5, color="0.6", lw=0.8)
        middle = (begin + end - 1) / 2
        axes.text(-11, middle, group, size=9, weight="bold", color="0.35", rotation=90, ha="center", va="center")


if __name__ == "__main__":
    given = json.load(sys.stdin)
    draw(given["groups"], given["times"], sys.argv[1])
