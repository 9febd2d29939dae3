"""How soon web answers, and what everything takes in memory once it has been used."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, cycle
from pathlib import Path

from bot.app import build
from bot.launch.offspring import descendants
from tests.bench.alone import alone
from tests.bench.load import Job, client
from tests.bench.part import Figure, Part
from tests.bench.people import crowd, walks, writer
from tests.bench.sentences import talks
from tests.bench.spread import spread
from tests.bench.stage import ours, says, served
from tests.canary.installation import LINES, Installation

READY_SECONDS, WORKER_MB, MODEL_MB, WHOLE_MB = 1.5, 120, 900, 2_000
APP = "webhook:app"
_MB = 1 << 20
_LINE = re.compile(r"^(\w+): +(\d+) kB$", re.MULTILINE)


def run(smoke: bool, folder: Path) -> Part:
    """Starts web again and again beside a running Redis; then memory after some talks."""
    rounds, people = (1, 1) if smoke else (8, 20)
    with ours(folder, smoke) as installation:
        seconds = _starts(installation, folder, rounds)
        messages = _use(installation, people)
        sizes = {line: [memory(each) for each in installation.of(line)] for line in LINES}
        whole = sum(size["pss"] for size in map(memory, installation.processes()))
    return _part(seconds, sizes, whole, messages)


def _starts(installation: Installation, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of a new server until it answers and until it is ready, and of a process of it that takes a killed one's place."""
    # Python keeps what it compiled, as it does where nobody forbids it.
    installation.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, list[float]] = {"answers": [], "busy": [], "ready": [], "again": []}
    # The first one compiles, and reads files that the others find in memory: it does not count where there are others.
    for times in [_start(installation, folder) for _ in range(rounds)][-max(1, rounds - 1) :]:
        for name, took in zip(found, times, strict=True):
            found[name].append(took)
    return found


def _start(installation: Installation, folder: Path) -> tuple[float, float, float, float]:
    began = time.perf_counter()
    with served(APP, installation, folder, workers=1) as port:
        answers, busy = time.perf_counter() - began, sum(map(_busy, _servers(port)))
        ready = _until(lambda: says(port, "/readyz") is not None, began)
        again = _until(lambda: says(port, "/healthz") is not None, _kill(port))
    return answers, busy, ready, again


def _servers(port: int) -> list[int]:
    """The processes that serve this port, the parent first."""
    return [each for each in descendants(os.getpid()) if b"PORT=%d" % port in _environ(each)]


def _environ(process: int) -> list[bytes]:
    return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")


def _busy(process: int) -> float:
    """Seconds of the processor that it has taken, in itself."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _until(holds: Callable[[], bool], began: float) -> float:
    while not holds():
        time.sleep(0.005)
    return time.perf_counter() - began


def _kill(port: int) -> float:
    """Kills the one process that serves, and tells when."""
    server, worker = _servers(port)
    os.kill(worker, signal.SIGKILL)
    return time.perf_counter()


def _use(installation: Installation, people: int) -> int:
    """People choose and write, sixteen at once; how many messages."""
    puente = partial(writer, installation.port)
    both = chain.from_iterable(zip(cycle(walks(build(installation.settings))), talks(3), strict=False))
    with client() as sends:
        written = crowd(both, 16, people, puente)
        sends.run(Job(installation.port, written.opening))
        return len(sends.run(Job(installation.port, written.scripts)).answers)


def memory(process: int) -> dict[str, float]:
    """Megabytes of a process: ``uss`` its own alone, ``pss`` with its part of what it shares, ``rss`` with all of that (Linux)."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    kb = {name: int(value) for name, value in _LINE.findall(rollup)}
    own = kb["Private_Clean"] + kb["Private_Dirty"]
    return {"uss": own * 1024 / _MB, "pss": kb["Pss"] * 1024 / _MB, "rss": kb["Rss"] * 1024 / _MB}


def _part(
    seconds: dict[str, list[float]], sizes: dict[str, list[dict[str, float]]], whole: float, messages: int
) -> Part:
    again, ready = spread(seconds["again"]), spread(seconds["ready"])
    workers = [each["uss"] for each in sizes["web"][1:]]
    model = max(each["rss"] for each in sizes["nlu"])
    soon = f"under {READY_SECONDS} s"
    figures = (
        Figure(
            "a process of web that takes a killed one's place answers after",
            again.told(2, " s"),
            soon,
            again.median < READY_SECONDS,
        ),
        Figure("a new server answers after", spread(seconds["answers"]).told(2, " s")),
        Figure("for which it has the processor for", spread(seconds["busy"]).told(2, " s")),
        Figure("and is ready after", ready.told(2, " s"), soon, ready.median < READY_SECONDS),
        Figure(
            "own memory of each process of web (USS)", _mb(workers), f"under {WORKER_MB} MB", max(workers) < WORKER_MB
        ),
        Figure("memory of the model's server (RSS)", _mb([model]), f"under {MODEL_MB} MB", model < MODEL_MB),
        Figure("all processes together (PSS)", _mb([whole]), f"under {WHOLE_MB:,} MB", whole < WHOLE_MB),
    )
    return Part(
        "Start and memory", figures, f"{TEXT.format(messages=messages)}\n{_table(sizes)}\n", raw={**seconds, **sizes}
    )


def _mb(values: Iterable[float]) -> str:
    return " and ".join(f"{value:,.0f} MB" for value in values)


def _table(sizes: dict[str, list[dict[str, float]]]) -> str:
    head = "| line of the Procfile | processes | USS, MB | PSS, MB |\n|---|---|---|---|\n"
    rows = [
        f"| {line} | {len(each)} | {sum(one['uss'] for one in each):,.0f} | {sum(one['pss'] for one in each):,.0f} |"
        for line, each in sizes.items()
    ]
    return head + "\n".join(rows)


TEXT = """
A server is started beside a running Redis, with a database that is there, as the Procfile starts it but with one process, so that who
answers after a kill is known: with the whole content, all places and the directory. `/healthz` says that it answers, `/readyz` that it can
reach what it must have. Files have been read before, as they are when a server starts again.

What takes long in a new server is to load the code, libraries and all, and to read the content: every flow, fact, place and catalog. That
nothing broken goes out was seen to before: `db upgrade`, or the first start with this content and this code, has checked all of it and
noted that it is good (`bot/found_good.py`). All is read once, before a process is forked. No family waits for it where one process of web
takes the place of another.

It is work of the interpreter, and so depends on how that was built. The Python 3.12.1 of this machine was configured with
`--enable-shared` and without `--enable-optimizations`; under Debian's Python 3.11.2 a new server was ready after 1.38 and 1.11 s, where
under this one it took 1.62 and 1.46 s (2026-11-27, this part under each of them in turn, 9 starts a time).

Memory is that after {messages:,} messages by digits and in words. USS is what a process has for itself and would give back; PSS also counts
its part of what it shares with others. Processes of web share what was read before they were forked.
"""

if __name__ == "__main__":
    alone(run)
