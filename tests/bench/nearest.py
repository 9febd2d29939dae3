"""``python -m tests.bench.nearest``: how long it takes to find the nearest three among 20,000 services, and what a plain scan takes.

Both are measured one after the other in this process, so that their ratio says something on any machine.
"""

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
from bot.language import Language
from tests.bench.generated import CITIES, places, services
from tests.directory.plain_scan import scan

NUMBER = 20_000
# Tuesday noon; Tuesday at 22:00 in Chicago; Sunday night; Christmas Day.
MOMENTS = [datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC)]
MOMENTS += [datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 12, 25, 18, tzinfo=UTC)]
ASKED, SCANNED = 4_000, 40

Asked = tuple[Place, str, datetime, Language, bool, int]


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


def told(name: str, times: Sequence[float]) -> str:
    """One line of figures."""
    taken = sorted(times)
    p50, p95, p99 = (taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95, 0.99))
    return f"{name:<12} p50 {p50:8.3f} ms   p95 {p95:8.3f} ms   p99 {p99:8.3f} ms   worst {taken[-1]:8.3f} ms   n={len(taken)}"


def main() -> None:
    """Prints build time, memory and the two distributions."""
    made = services(NUMBER)
    before = thread_time()
    directory = Directory.of(made)
    built = thread_time() - before
    tracemalloc.start()
    again = Directory.of(made)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del again
    print(f"{NUMBER} services: index built in {built:.2f} s, {size / 1e6:.1f} MB beside the services themselves")

    def by_index(each: Asked) -> object:
        place, kind, now, language, unconfirmed, skip = each
        return nearest(directory, place, kind, now=now, language=language, unconfirmed=unconfirmed, skip=skip)

    def by_scan(each: Asked) -> object:
        place, kind, now, language, unconfirmed, skip = each
        return scan(made, place, kind, now=now, language=language, unconfirmed=unconfirmed, skip=skip)

    asked = questions(ASKED)
    rounds = [timed(by_index, asked) for _ in range(3)]
    quick = rounds[0]
    print(told("index", quick))
    # What the machine did besides is in one of them, seldom in all.
    print(told("best of 3", [min(each) for each in zip(*rounds, strict=True)]))
    at_one_point = [(Place(*city[:5]), ANY, MOMENTS[1], Language.QUC, True, 0) for city in CITIES for _ in range(40)]
    print(told("city middle", timed(by_index, at_one_point)))
    slow = timed(by_scan, asked[:SCANNED])
    print(told("plain scan", slow))
    print(f"the scan takes {median(slow) / median(quick):.0f} times as long (medians of one run)")
    before = thread_time()
    sum(number * 3 for number in range(1_000_000))
    print(
        f"to compare machines: a million products summed up take {(thread_time() - before) * 1000:.0f} ms here and now"
    )


if __name__ == "__main__":
    main()
