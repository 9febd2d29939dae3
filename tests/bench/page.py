"""docs/benchmarks.md out of what the parts have measured: a section for each, and the picture of their ratios on top."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import thread_time
from typing import Any

from tests.bench.part import Bar, Figure, Part
from tests.canary.report import commit

HEAD = """# Benchmarks

`make bench` measures everything here in one go and writes this page; what it measured one by one lies in `.bench/` as JSON. No time is
a promise: it says something of the machine of that day. A ratio of two things that were measured in turn in the same run says something
of this code. What stands in brackets is the lowest and the highest of the rounds. *Load* is that of the last minute of a part, its own
work in it: where it is over the number of cores something else ran too, and times of the wall say little. `make bench-smoke` runs the
same code with small numbers, and so does every `make test`: it proves that everything here can be measured again.

![Bars of the ratios of this page; left of the line is less than what it is compared with, right of it more](benchmarks.svg)
"""
STATES = {True: "reached", False: "**not reached**", None: "not measured"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A part, and when, of which commit, with which command and on which machine it was measured. ``seconds``: how long it took."""

    part: Part
    when: str
    commit: str
    command: str
    machine: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """For the raw output."""
        return asdict(self)


def measured_from(value: Mapping[str, Any]) -> Measured:
    """What ``to_json`` gave, read again."""
    part = value["part"]
    figures = tuple(Figure(**each) for each in part["figures"])
    bars = tuple(Bar(**each) for each in part["bars"])
    whole = Part(part["title"], figures, part["text"], bars, part["raw"])
    return Measured(whole, **{name: value[name] for name in ("when", "commit", "command", "machine", "seconds")})


def measured_now(part: Part, command: str, seconds: float) -> Measured:
    """A part that has been measured just now, here."""
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Measured(part, date, commit(), command, machine(), seconds)


def machine() -> str:
    """Cores, kind and Python, how busy it was in the last minute, and how long a known sum takes here and now: to compare machines."""
    before = thread_time()
    sum(number * 3 for number in range(1_000_000))
    took = (thread_time() - before) * 1000
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; "
        f"a million products summed up take {took:.0f} ms"
    )


def state(figure: Figure) -> str:
    """In words; nothing where nothing is wanted."""
    return STATES[figure.reached] if figure.wanted else ""


def shown(measured: Measured) -> str:
    """For the terminal: each figure with what is wanted of it."""
    lines = [f"== {measured.part.title} ({measured.seconds:.0f} s)"]
    for figure in measured.part.figures:
        wanted = f"; wanted: {figure.wanted}: {state(figure).strip('*')}" if figure.wanted else ""
        lines.append(f"{figure.name}: {figure.measured}{wanted}")
    return "\n".join(lines)


def section(measured: Measured) -> str:
    """One part, from its title on."""
    part = measured.part
    rows = "\n".join(f"| {f.name} | {f.measured} | {f.wanted} | {state(f)} |" for f in part.figures)
    return f"""## {part.title}

{measured.when}, commit {measured.commit}, `{measured.command}`, {measured.seconds:.0f} s. {measured.machine}.

| what | measured | wanted | |
|---|---|---|---|
{rows}

{part.text.strip()}
"""


def page(all_of_them: Sequence[Measured]) -> str:
    """The whole page."""
    return "\n".join([HEAD, *map(section, all_of_them)])
