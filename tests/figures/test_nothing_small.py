"""From everything that is shown and exported no count under five can be computed: another world always looks the same.

A week is made up, merged as the worker merges it, and told. For each count of one to four in it there must be another week,
with another number there, of which page, board and files are the same to the letter. Where there is none, it can be computed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.console.dashboard_found import families
from bot.console.figures_scene import Scene, headline
from bot.directory.coverage import Cover
from bot.figures.weeks import COARSE, OTHER, SMALL, coarse, told
from bot.store.counts import merge

MONDAY = date(2026, 11, 16)
LANGUAGES = ("es", "en", "quc")
DOMAINS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "turn": (("answered", "asked_back", "not_understood", "person"), LANGUAGES),
    "sms": (("1", "2", "3", "4"), LANGUAGES),
    "wait": (("0", "600", "1800", "3600", "14400", "86400"), LANGUAGES),
    "failure": (("stop", "once_later", "wording"), ("sms", "whatsapp")),
    "topic": (("home_visit", "asylum", "menu"), LANGUAGES, ("sms", "whatsapp")),
    "place": (("US-IL", "US-TX", "GT-Peten"), ("legal", "health")),
}
Cell = tuple[str, ...]
World = dict[str, dict[Cell, int]]
# Small ones most of all: they are what is to be hidden.
COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(6, 40))


def cells_of(kind: str) -> list[Cell]:
    return list(itertools.product(*DOMAINS[kind]))


def shown(world: World) -> str:
    """Everything that leaves the machine of a world: sentences, tables, bars and files are made of these cards alone."""
    rows = {}
    for kind, cells in world.items():
        plan = merge(cells, {}, over=True)
        rows[kind] = [(MONDAY, target, sum(sources.values())) for target, sources in plan.items()]
    scene = Scene(
        weeks=told(rows, MONDAY, MONDAY),
        words=lambda key, english="", **values: str((key, values)),
        language="en",
        topic=str,
        is_topic=lambda name: name != "menu",
        place=str,
        kinds={},
        cover=lambda state, kind: Cover(0, 0, frozenset()),
        price=0.01,
    )
    return repr((headline(scene), families(scene)))


def others(kind: str, world: World, cell: Cell) -> Iterator[World]:
    """Worlds in which this cell has another number: alone, or with one other cell that makes up for it."""
    cells = world[kind]
    for step in (-1, 1):
        if 0 <= cells[cell] + step < SMALL:
            yield {**world, kind: {**cells, cell: cells[cell] + step}}
            for other in cells:
                if other != cell and 0 <= cells[other] - step < SMALL:
                    yield {**world, kind: {**cells, cell: cells[cell] + step, other: cells[other] - step}}


def fits(world: World) -> bool:
    """Nowhere was nothing found more often than it was looked for."""
    return all(n <= world["place"].get(cell, 0) for cell, n in world.get("gap", {}).items())


def computable(world: World) -> list[tuple[str, Cell]]:
    """The small cells for which no other world looks the same."""
    looks = shown(world)
    return [
        (kind, cell)
        for kind, cells in world.items()
        for cell, n in cells.items()
        if 0 < n < SMALL and not any(fits(other) and shown(other) == looks for other in others(kind, world, cell))
    ]


WORLDS = {kind: st.fixed_dictionaries({cell: COUNTS for cell in cells_of(kind)}) for kind in DOMAINS}


@pytest.mark.parametrize("kind", sorted(DOMAINS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_small_cell_can_be_computed(kind: str, data: st.DataObject) -> None:
    assert computable({kind: data.draw(WORLDS[kind])}) == []


@pytest.mark.parametrize("kind", ["turn", "sms", "wait", "failure"])
@pytest.mark.parametrize("large", range(6))
def test_not_even_where_all_that_is_missing_is_four(kind: str, large: int) -> None:
    """Three missing cells that make twelve are four each: an "other" that is told exactly says so."""
    first = DOMAINS[kind][0]
    world = {kind: {cell: 30 if first.index(cell[0]) < large else 4 for cell in cells_of(kind)}}
    assert computable(world) == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(places=WORLDS["place"], parts=st.lists(st.integers(0, 6), min_size=6, max_size=6), most=st.booleans())
@example(places={cell: 12 for cell in cells_of("place")}, parts=[2] * 6, most=True)
def test_neither_who_found_something_nor_who_did_not(places: dict[Cell, int], parts: list[int], most: bool) -> None:
    """Of twelve that looked for help in a state ten found nothing: that two found some must not show either."""
    gaps = {
        cell: max(0, n - part) if most else min(n, part) for (cell, n), part in zip(places.items(), parts, strict=True)
    }
    world: World = {"place": places, "gap": gaps}
    looks = shown(world)
    for cell, n in places.items():
        if 0 < gaps[cell] < SMALL or 0 < n - gaps[cell] < SMALL <= n:
            same = [
                changed
                for step in (-1, 1)
                if 0 <= gaps[cell] + step <= n
                for changed in ({**gaps, cell: gaps[cell] + step}, *_made_up(gaps, cell, step))
                if fits({"place": places, "gap": changed}) and shown({"place": places, "gap": changed}) == looks
            ]
            assert same, (cell, n, gaps[cell])


def _made_up(gaps: dict[Cell, int], cell: Cell, step: int) -> list[dict[Cell, int]]:
    return [
        {**gaps, cell: gaps[cell] + step, other: gaps[other] - step}
        for other in gaps
        if other != cell and gaps[other] - step >= 0
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=WORLDS["turn"])
def test_no_number_under_five_stands_anywhere(world: dict[Cell, int]) -> None:
    """Not in a table, not behind a bar, not in a sentence. What stands there are numbers of five and more, or words."""
    rows = [(MONDAY, target, sum(sources.values())) for target, sources in merge(world, {}, over=True).items()]
    weeks = told({"turn": rows}, MONDAY, MONDAY)
    assert all(n >= SMALL for _, _, n in weeks.of("turn"))


def test_a_test_that_could_not_fail_would_be_none() -> None:
    """An "other" that is told exactly gives itself away, and this is where it is noticed."""
    world: World = {"turn": {cell: 30 if cell[0] == "answered" else 4 for cell in cells_of("turn")}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.figures.weeks.coarse", lambda n: n)
        assert computable(world) != []
    assert computable(world) == []


@pytest.mark.parametrize(("n", "as_"), [(5, 5), (10, 5), (11, 11), (12, 11), (16, 11), (17, 17), (100, 95)])
def test_how_an_other_is_told(n: int, as_: int) -> None:
    assert coarse(n) == as_ and n - as_ < COARSE and as_ % 2


def test_what_nobody_can_have_counted_is_left_out() -> None:
    friday = date(2026, 11, 20)
    rows = {"turn": [(friday, ("answered", "es"), 9), (MONDAY, ("answered", ""), 9), (MONDAY, (OTHER, OTHER), 4)]}
    assert told(rows, MONDAY, MONDAY).of("turn") == ()
