"""How fast places are understood, and what their table takes: python -m tests.bench.places

Nothing here is a test: times depend on the machine. The figures that were promised: p99 of one text under 2 ms, under 40 MB.
"""

from __future__ import annotations

import gc
import platform
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.directory.places import Places, load_places
from tests.directory.places_page import phrases

FOLDER = Path(__file__).resolve().parents[2] / "directory"
ROUNDS = 5


def main() -> None:
    """Prints load time, memory and the times of each question over each set of texts."""
    print(f"{platform.machine()}, Python {platform.python_version()}")
    before = resident_kb()
    started = time.perf_counter()
    places = load_places(FOLDER)
    loaded = time.perf_counter() - started
    gc.collect()
    print(f"load {loaded:.2f} s, resident +{(resident_kb() - before) / 1024:.1f} MB")
    started = time.perf_counter()
    places.find("kezaltenangoo")
    print(
        f"first misspelling {time.perf_counter() - started:.3f} s, then resident +{(resident_kb() - before) / 1024:.1f} MB"
    )
    for name, texts in {
        "phrases": [each.text for each in phrases()],
        "junk": list(junk()),
        "hostile": list(hostile()),
    }.items():
        for question in (places.find, places.extract, places.state):
            report(f"{question.__name__} of {name}", texts, times(question, texts))
    del places
    print(f"tracemalloc: {traced_mb():.1f} MB kept after loading and the first misspelling")


def times(question: Callable[[str], object], texts: list[str]) -> list[float]:
    """Milliseconds of the processor for each text, the fewest of some rounds: without what the machine did meanwhile."""
    best = []
    for text in texts:
        taken = []
        for _ in range(ROUNDS):
            started = time.thread_time()
            question(text)
            taken.append(time.thread_time() - started)
        best.append(min(taken) * 1000)
    return best


def report(name: str, texts: list[str], milliseconds: list[float]) -> None:
    """One line, with the beginning of the slowest text."""
    cuts = statistics.quantiles(milliseconds, n=100)
    figures = f"p50 {cuts[49]:.3f}  p95 {cuts[94]:.3f}  p99 {cuts[98]:.3f}  most {max(milliseconds):.3f} ms"
    slowest = texts[milliseconds.index(max(milliseconds))]
    print(f"{name:22} {len(milliseconds):4} texts  {figures}  {slowest[:30]!r}")


def junk() -> Iterator[str]:
    """Words in no order, letters in no order, sentences of 1,600 letters: reproducible."""
    dice = random.Random(6)
    words = "en la de vivo cerca por San Santa Los Nuevo Houston Texas Guatemala abogado mi hijo y o a con escuela 60629 zona".split()
    for _ in range(150):
        yield " ".join(dice.choices(words, k=dice.randint(1, 60)))
    for _ in range(150):
        yield " ".join(
            "".join(dice.choices("abcdeilmnorstuz", k=dice.randint(2, 14))) for _ in range(dice.randint(1, 7))
        )


def hostile() -> Iterator[str]:
    """What somebody might write to make it slow."""
    for word in (
        "san",
        "en",
        "de",
        "la",
        "a",
        "ll",
        "ch",
        "q",
        "11111",
        "zona 1",
        "san marcos",
        "santa",
        "\u0301",
        "'",
        "\U0001f64f",
    ):
        yield word * 500
        yield (word + " ") * 500
        yield (word + "\n, ") * 6
    yield from ("\x00" * 1600, "60629 " * 300, "1" * 1600, "z" * 1600, "." * 1600, "en " + "houston " * 200)
    yield from ("chichicastenangototonicapan", "santa santa santa santa santa", "las las las las las las las")


def resident_kb() -> int:
    """Memory of this process now (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def traced_mb() -> float:
    """What Python itself counts for a second load."""
    gc.collect()
    tracemalloc.start()
    places: Places = load_places(FOLDER)
    places.find("kezaltenangoo")
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 2**20


if __name__ == "__main__":
    main()
