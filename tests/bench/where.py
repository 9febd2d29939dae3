"""Where the time of a turn goes: our own functions with a watch around them, for digits, for free texts, and for texts that come again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

from bot.app import build
from tests.bench.alone import alone
from tests.bench.load import Told, client
from tests.bench.part import Figure, Part
from tests.bench.people import TURNS, walks, writer
from tests.bench.rounds import Measured, in_rounds, percentiles, raw
from tests.bench.sentences import talks
from tests.bench.spread import spread
from tests.bench.stage import ours, served
from tests.bench.web import answered, nothing, rightly

HEADER, TIMED = "X-Bench-Parts", "tests.bench.timed:app"
DIGITS, TEXTS, AGAIN = "a digit", "a free text", "a text that came before"
OUTSIDE = "gunicorn, sockets, the client"
LARGEST = 3
_PARTS = re.compile(rb"%s: (\{.*\})" % HEADER.encode(), re.IGNORECASE)

Times = Mapping[str, float]
"""Milliseconds of each part."""


def run(smoke: bool, folder: Path) -> Part:
    """One client and one process of web with a watch, beside the whole Procfile."""
    rounds, people, turns = (1, 1, 2) if smoke else (6, 12, TURNS)
    with client() as sends, ours(folder, smoke) as installation, served(TIMED, installation, folder, workers=1) as port:
        menus, fresh = cycle(walks(build(installation.settings), turns)), talks(2, turns)
        known, new = [next(fresh) for _ in range(4)], partial(writer, port)
        answered(sends, iter(known), port, new, nothing, 1, len(known))
        jobs = {
            DIGITS: partial(answered, sends, menus, port, new, rightly, 1, people),
            TEXTS: partial(answered, sends, fresh, port, new, nothing, 1, people),
            AGAIN: partial(answered, sends, cycle(known), port, new, nothing, 1, people),
        }
        measured = in_rounds(rounds, jobs)
    return _part(measured)


def _part(measured: Measured) -> Part:
    times = {kind: [_times(told) for told in each] for kind, each in measured.items()}
    shares = {kind: _shares(each) for kind, each in times.items()}
    figures = []
    for kind, told in measured.items():
        largest = sorted(shares[kind].items(), key=lambda part: -part[1])[:LARGEST]
        said = ", ".join(f"{part} {share:.0f} %" for part, share in largest)
        figures.append(Figure(f"{kind}: half of them within", spread(percentiles(told, 50)).told(2, " ms")))
        figures.append(Figure(f"{kind}: the {LARGEST} largest parts", said))
    text = f"{TEXT}\n{_table(times, shares)}\n"
    return Part("Where time goes", tuple(figures), text, raw={**raw(measured), "parts": times})


def _times(told: Told) -> Times:
    """The median of each part over the answers of one round; a part that most answers go without is there as their mean."""
    rows = [_row(milliseconds, answer) for milliseconds, answer in zip(told.milliseconds, told.answers, strict=True)]
    return {
        part: median(row.get(part, 0.0) for row in rows) for part in dict.fromkeys(key for row in rows for key in row)
    }


def _row(milliseconds: float, answer: bytes) -> Times:
    found = _PARTS.search(answer)
    assert found, "the app has no watch"
    parts: dict[str, float] = json.loads(found[1])
    return {**parts, OUTSIDE: milliseconds - sum(parts.values())}


def _shares(rounds: list[Times]) -> dict[str, float]:
    """Percent of each part: the median of the rounds, which vary together."""
    parts = dict.fromkeys(part for times in rounds for part in times)
    return {part: median(100 * times.get(part, 0.0) / sum(times.values()) for times in rounds) for part in parts}


def _table(times: Mapping[str, list[Times]], shares: Mapping[str, Times]) -> str:
    order = dict.fromkeys(part for kind in shares for part in shares[kind])
    head = f"| part | {' | '.join(f'{kind}, ms | %' for kind in shares)} |\n|---{'|---' * 2 * len(shares)}|\n"
    rows = []
    for part in sorted(order, key=lambda part: -shares[TEXTS].get(part, 0.0)):
        cells = (
            f"{median(each.get(part, 0.0) for each in times[kind]):.2f} | {shares[kind].get(part, 0.0):.0f}"
            for kind in shares
        )
        rows.append(f"| {part} | {' | '.join(cells)} |")
    return head + "\n".join(rows)


TEXT = """
One client, one process of web in which our own functions have a watch around them (`tests/bench/timed.py`, from outside: nothing of it is
in `bot/`), beside the whole Procfile. The time of a part is without that of the parts in it; medians.

- *Redis* is two round trips to another process and back, at the beginning with all that a turn has to know of a person, at the end with all
  that it keeps. They cannot be fewer: the lock must be held while the turn is thought. What is said there is written and read in C
  (hiredis).
- *gunicorn, sockets, the client* and *Flask and werkzeug* are what a bare app takes too.
- *The turn's own bookkeeping* is a hundred small things: session, limits, counts, the mark of the step, what is kept for a retry.
- *The model* is one HTTP call to the other Python, of which the model itself takes nearly all. A text that came before in the last minutes
  is not put to it again.
- *Words, phrases, places* of a sentence are looked for in a table of 76,000 names and in a thousand phrases of three languages.

What this showed and could be taken out simply was, before and after as measured on 2026-11-27: the words that go out chosen anew for
every sentence of every answer, the menu lines of a step folded in all languages at every message, facts and marks of steps gone through
again, all of which follow from a release and are found out once with it (`bot/scripts/release.py`): an answer by digits 0.59 ms of the
processor without Redis and HTTP, now about 0.25; a sentence folded some forty times in a turn: hearing it 0.48 ms, then 0.17; three
lexicons of phrases followed choice by choice, now all at once as bits of one number (`bot/intents/runs.py`), and names weighed where no
name can be: hearing it 0.22 ms, now 0.09, in another run; fourteen commands to Redis at the beginning of a turn, now one script; the
protocol of Redis read in Python, now in C, and sent past attempts and telemetry that nobody asks for, on a connection that each thread
keeps: half of the processor for a command (`bot/store/redis_one.py`); and a second thread of the model's server that did nothing but ask
for work, 0.7 ms of a core for each message, now 0.1. On 2026-11-28, in instructions of a turn by digits behind the server (callgrind):
some forty frozen dataclasses made and eight copied, 0.58 of 3.7 million, now Structs (`docs/decisions/0014-values-are-structs.md`); JSON,
days, contexts and headers by shorter ways, 0.4 more; the form, the session, the signature and what looks through actions, 0.7 more. In
Redis the two scripts of a turn 86 us, now 70: what is asked beside them is written into the script instead of being looked through by it,
and what is read of several keys is read at once.
"""

if __name__ == "__main__":
    alone(run)
