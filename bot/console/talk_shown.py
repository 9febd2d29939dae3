"""Kept tests as the page shows them: what was said, and in each language whether it goes the same way, or where it parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.console.editor_view import ORDER
from bot.console.way_graph import Drawer
from bot.language import Language
from bot.scripts.change_tests import Kept, Path, Replayed


class Verdict(Struct, frozen=True):
    """One language. ``parts``: after which message it goes another way (0: at once); ``was`` and ``now``: where it waited and waits."""

    language: Language
    same: bool
    parts: int = 0
    was: str = ""
    now: str = ""


class Result(Struct, frozen=True):
    """A test. ``verdicts`` is empty while it was not run."""

    kept: Kept
    verdicts: tuple[Verdict, ...]

    @property
    def same(self) -> bool:
        """Whether it goes the same way everywhere."""
        return all(each.same for each in self.verdicts)


def results(drawer: Drawer, kept: Iterable[Kept], run: Sequence[Replayed]) -> tuple[Result, ...]:
    """Every kept test, with what came of running it."""
    ran = {each.test.id: each for each in run}
    return tuple(Result(each, _verdicts(drawer, ran[each.id]) if each.id in ran else ()) for each in kept)


def _verdicts(drawer: Drawer, ran: Replayed) -> tuple[Verdict, ...]:
    return tuple(_verdict(drawer, ran, language) for language in ORDER)


def _verdict(drawer: Drawer, ran: Replayed, language: Language) -> Verdict:
    if language not in ran.changed:
        return Verdict(language, True)
    parts = ran.parts_at(language)
    was, now = ran.test.paths.get(language, ()), ran.now[language]
    return Verdict(language, False, parts, _at(drawer, was, parts), _at(drawer, now, parts))


def _at(drawer: Drawer, way: Path, number: int) -> str:
    """What the bot said there, in the first words of it."""
    if number >= len(way):
        return "–"
    flow, _, step = (way[number].said or (way[number].at,))[-1].partition(".")
    found = drawer.release.script.step(flow, step)
    called = drawer.title(flow) if flow in drawer.release.script.flows else flow
    return f"{called}: {drawer.beginning(found)}" if found else f"{called}: {step}"
