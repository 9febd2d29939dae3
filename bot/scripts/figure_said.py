"""Which answers say the figures of a fact: by their field, or typed where no field can stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.scripts.approval import fact_names
from bot.scripts.fact import Fact
from bot.scripts.figure import Figure, typed_in
from bot.scripts.release import Release
from bot.scripts.texts import texts
from bot.wording.fill import placeholders


class FigureSaid(Struct, frozen=True):
    """A figure and the flows in which families read it. ``typed``: those where somebody has to write it anew when it changes."""

    figure: Figure
    flows: tuple[str, ...]
    typed: tuple[str, ...]


def figures_said(release: Release, fact: Fact) -> tuple[FigureSaid, ...]:
    """The figures of a fact in their order, and where this release says them."""
    return tuple(
        FigureSaid(
            figure, tuple(dict.fromkeys(_by_field(release, figure))), tuple(dict.fromkeys(_typed(release, figure)))
        )
        for figure in fact.figures
    )


def _by_field(release: Release, figure: Figure) -> Iterator[str]:
    return (text.flow.name for text in texts(release) if figure.field in placeholders(text.words))


def _typed(release: Release, figure: Figure) -> Iterator[str]:
    for text in texts(release):
        if figure.fact in fact_names(text.flow) and typed_in(figure, text.words):
            yield text.flow.name
