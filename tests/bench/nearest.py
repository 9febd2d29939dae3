"""How long it takes to find the nearest three among 20,000 services, and what a plain scan takes, one after the other in this process."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle
from statistics import median
from time import thread_time

from bot.directory.directory import Directory
from bot.directory.hsds.tables import SERVICES
from bot.directory.nearest import ANY, nearest
from bot.directory.place import Place
from bot.directory.service_at_location import ServiceAtLocation
from bot.language import Language
from tests.bench.generated import CITIES, places, services
from tests.bench.part import Bar, Figure
from tests.bench.sessions import Grown
from tests.bench.spread import share_of
from tests.directory.plain_scan import scan

WANTED_MS = 3.0
"""p99."""
# Tuesday noon; Tuesday at 22:00 in Chicago; Sunday night; Christmas Day.
MOMENTS = [datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC)]
MOMENTS += [datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 12, 25, 18, tzinfo=UTC)]
ROUNDS = 3

Asked = tuple[Place, str, datetime, Language, bool, int]


def grown(number: int, asked: int, scanned: int) -> Grown:
    """So many questions to the index of so many services, ``scanned`` of them to a plain scan too."""
    made = services(number)
    directory, built, size = _indexed(made)

    def by_index(each: Asked) -> object:
        place, kind, now, language, unconfirmed, skip = each
        return nearest(directory, place, kind, now=now, language=language, unconfirmed=unconfirmed, skip=skip)

    def by_scan(each: Asked) -> object:
        place, kind, now, language, unconfirmed, skip = each
        return scan(made, place, kind, now=now, language=language, unconfirmed=unconfirmed, skip=skip)

    all_asked = questions(asked)
    rounds = [timed(by_index, all_asked) for _ in range(ROUNDS)]
    # What the machine did besides is in one of them, seldom in all.
    best = [min(each) for each in zip(*rounds, strict=True)]
    at_one_point = [(Place(*city[:5]), ANY, MOMENTS[1], Language.QUC, True, 0) for city in CITIES for _ in range(40)]
    middle = timed(by_index, at_one_point)
    slow = timed(by_scan, all_asked[:scanned])
    ratio = median(slow) / median(best[:scanned])
    figures = (
        Figure(
            f"the nearest three among {number:,} services",
            told(best),
            f"p99 {WANTED_MS:.0f} ms",
            share_of(best, 0.99) < WANTED_MS,
        ),
        Figure("the same from the middle of a city, thousands at one point", told(middle)),
        Figure("a plain scan of them all, the index being 1", f"{ratio:.0f}"),
        Figure(
            f"the index of {number:,} services",
            f"built in {built:.1f} s, {size / 1e6:.1f} MB beside the services themselves",
        ),
    )
    bar = Bar(f"a plain scan of {number:,} services, to the index", ratio)
    return Grown(figures, (bar,), {"index_ms": rounds, "middle_ms": middle, "scan_ms": slow})


def _indexed(made: Sequence[ServiceAtLocation]) -> tuple[Directory, float, int]:
    """The index, the seconds that it takes, and its bytes."""
    before = thread_time()
    directory = Directory.of(made)
    built = thread_time() - before
    tracemalloc.start()
    again = Directory.of(made)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del again
    return directory, built, size


def questions(number: int) -> list[Asked]:
    """Places with every kind of help, language and moment; every fifth asks for more."""
    kinds, languages, moments = cycle((*SERVICES, ANY)), cycle(Language), cycle(MOMENTS)
    return [
        (place, next(kinds), next(moments), next(languages), asked % 2 == 0, 3 * (asked % 5 == 0))
        for asked, place in enumerate(places(number))
    ]


def timed(ask: Callable[[Asked], object], asked: Sequence[Asked]) -> list[float]:
    """Milliseconds of the processor for each, in their order: what another process does meanwhile is not counted."""
    taken = []
    for each in asked:
        before = thread_time()
        ask(each)
        taken.append((thread_time() - before) * 1000)
    return taken


def told(times: Sequence[float]) -> str:
    """Half, 99 of 100 and the worst."""
    return f"p50 {share_of(times, 0.5):.2f} ms, p99 {share_of(times, 0.99):.2f} ms, worst {max(times):.2f} ms"
