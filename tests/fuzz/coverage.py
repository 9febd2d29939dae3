"""``python -m tests.fuzz.coverage``: bytes that reach ever new lines of parser and renderer, by atheris (libFuzzer).

A process of its own, because libFuzzer never returns. Where atheris has no wheel (it has one for Linux on x86-64 with Python
3.12) the bytes are drawn and mutated without knowing which lines they reach; the report says which it was.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WATCHED = [
    "bot.engine",
    "bot.intents",
    "bot.wording",
    "bot.channels.inbound",
    "bot.channels.twiml",
    "bot.session",
    "bot.flood",
    "bot.directory.places",
]
MOST_FOUND = 20
LONGEST = 300
EVERY = 2_000


class Tally:
    """What was tried and found so far, on the disk too: libFuzzer ends a process without asking."""

    def __init__(
        self, report: Path, by: str, one: Callable[[bytes], None], name: Callable[[bytes], tuple[str, bytes]]
    ) -> None:
        self.report, self.by, self.one, self.name = report, by, one, name
        self.cases, self.found = 0, dict[str, list[str]]()
        from tests.fuzz.watchdog import Watchdog

        self.watchdog = Watchdog()

    def case(self, data: bytes) -> None:
        """One case; what is wrong with it is kept, and the run goes on."""
        self.cases += 1
        what = None
        try:
            with self.watchdog.case():
                self.one(data)
        except Exception as error:
            frame = _last_of_ours(error)
            what = f"{type(error).__name__} in {frame}: {error}"
        what = what or next(iter(self.watchdog.taken()), None)
        if what and len(self.found) < MOST_FOUND:
            target, rest = self.name(data)
            mark = f"{target} {what.partition(':')[0]}"
            former = self.found.get(mark)
            if former is None or len(rest) < len(base64.b64decode(former[2])):
                self.found[mark] = [target, what[:300], base64.b64encode(rest).decode()]
                self.write()
        if self.cases % EVERY == 0:
            self.write()

    def write(self) -> None:
        told = {"cases": self.cases, "by": self.by, "found": list(self.found.values())}
        self.report.write_text(json.dumps(told), "utf-8")


def _last_of_ours(error: BaseException) -> str:
    at, here = error.__traceback__, "?"
    while at is not None:
        name = at.tb_frame.f_code.co_filename
        if f"{os.sep}bot{os.sep}" in name:
            here = f"{Path(name).name}:{at.tb_lineno}"
        at = at.tb_next
    return here


def named(data: bytes) -> tuple[str, bytes]:
    """The target that these bytes choose, and what it gets."""
    from tests.fuzz import targets

    chosen, draw = (data[0] * 100) // 256 if data else 0, 0
    for name, share in targets.WEIGHTS.items():
        draw += share
        if chosen < draw:
            return name, data[1:]
    return "words", data[1:]


def drawn(tally: Tally, runs: int, dice: random.Random, seeds: tuple[bytes, ...]) -> None:
    """So many cases without knowing what they reach: seeds with bytes changed, put in, taken out, joined."""
    pool = [bytes([dice.randrange(256)]) + each for each in seeds]
    for _ in range(runs):
        data = bytearray(dice.choice(pool))
        for _ in range(dice.randrange(5)):
            at = dice.randrange(len(data) + 1)
            match dice.randrange(4):
                case 0:
                    data[at : at + 1] = bytes([dice.randrange(256)])
                case 1:
                    data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(8)))
                case 2:
                    del data[at : at + dice.randrange(8)]
                case _:
                    data[at:at] = dice.choice(pool)[1:]
        if data:
            data[0] = dice.randrange(256)
        tally.case(bytes(data[:LONGEST]))
        if dice.random() < 0.02:
            pool[dice.randrange(len(pool))] = bytes(data[:LONGEST])


def main(arguments: list[str]) -> int:
    """0; what was found stands in the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.coverage", description=__doc__)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--without-atheris", action="store_true")
    options = parser.parse_args(arguments)
    os.environ["ENVIRONMENT"] = "test"
    atheris = None if options.without_atheris else _atheris()
    if atheris is None:
        from tests.fuzz import targets

        _warm(targets)
        tally = Tally(options.report, "drawn bytes", targets.any_of, named)
        drawn(tally, options.runs, random.Random(options.seed), targets.SEEDS)
        tally.write()
        return 0
    with atheris.instrument_imports(include=WATCHED, enable_loader_override=False):
        from tests.fuzz import targets
    _warm(targets)
    options.corpus.mkdir(parents=True, exist_ok=True)
    first = 0
    for each in targets.SEEDS:
        for start in (0, 110, 150, 200, 240):
            path = options.corpus / f"seed-{first}"
            first += 1
            if not path.exists():
                path.write_bytes(bytes([start]) + each)
    tally = Tally(options.report, "atheris", targets.any_of, named)
    flags = [
        f"-runs={options.runs}",
        f"-seed={options.seed}",
        f"-max_len={LONGEST}",
        "-timeout=3600",
        f"-artifact_prefix={options.report.parent}{os.sep}",
        "-rss_limit_mb=0",
        "-verbosity=0",
    ]

    def one(data: bytes) -> None:
        tally.case(data)
        if tally.cases >= options.runs:
            tally.write()

    atheris.Setup([sys.argv[0], *flags, str(options.corpus)], one)
    atheris.Fuzz()
    return 0


def _warm(targets: Any) -> None:
    """What is read once is read before anybody looks at the time."""
    for target in targets.TARGETS.values():
        target(b"{}\0\0hola\0\0\0")
    # The index of misspelled places is made when one comes first.
    targets.words(b"\0abogado en Sprinngfeild")


def _atheris() -> Any:
    try:
        import atheris
    except ImportError:
        return None
    return atheris


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
