"""`python -m tests.releases`: a hundred releases while families write, a thousand flipped bits, what taking one over costs; exit
code 1 if an answer was mixed, a digit misunderstood or a flip not noticed (``make chaos-releases``)."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.frozen import replace
from bot.store.database import engine_for
from bot.store.upgrade import upgrade
from tests.canary.report import PAGE, commit, write
from tests.releases.costs import Costs, costs
from tests.releases.flips import Result as Flips
from tests.releases.flips import flips
from tests.releases.publishing import Plan, Result, published_under_load
from tests.store.postgres import new_database, postgres

TITLE = "Releases"


def main(arguments: list[str]) -> int:
    """Runs it and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.releases", description=__doc__)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--publishes", type=int, default=100)
    parser.add_argument("--flips", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--postgres", action="store_true", help="the load on PostgreSQL instead of SQLite")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    # Every flip is an error of the log.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    plan = Plan(options.messages, options.publishes, seed=options.seed)
    with contextlib.ExitStack() as servers, tempfile.TemporaryDirectory(prefix="releases-") as name:
        folder = Path(name)
        told = costs()
        (folder / "flips").mkdir()
        upgrade(f"sqlite:///{folder}/flips/puente.db", folder / "flips")
        engine = engine_for(f"sqlite:///{folder}/flips/puente.db")
        flipped = flips(engine, folder / "flips", options.flips, options.seed)
        engine.dispose()
        (folder / "load").mkdir()
        if options.postgres:
            plan = replace(plan, url=new_database(servers.enter_context(postgres())))
        loaded = published_under_load(folder / "load", plan)
    text = section(loaded, flipped, told, options.flips, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    print(text)
    if options.write:
        write(TITLE, text)
    return 0 if loaded.passed and flipped.passed else 1


def section(loaded: Result, flipped: Flips, told: Costs, asked: int, date: str) -> str:
    """What was measured, from its title on."""
    plan, many = loaded.plan, sum(flipped.flipped.values())
    command = f"make chaos-releases MESSAGES={plan.messages} PUBLISHES={plan.publishes} FLIPS={asked} SEED={plan.seed}"
    verdict = (
        f"{loaded.mixed} mixed answers, {loaded.errors} errors, {loaded.wrong} digits misunderstood; "
        f"{len(flipped.unnoticed)} flips unnoticed, {len(flipped.served)} served"
    )
    passed = "" if loaded.passed and flipped.passed else "; NOT PASSED"
    places = ", ".join(f"{place} {count}" for place, count in flipped.flipped.items())
    trouble = f" Errors: {dict(loaded.trouble)}." if loaded.trouble else ""
    return f"""## {TITLE}

{date}, commit {commit()}, `{command}`, {loaded.seconds:.0f} s. **{verdict}**{passed}.

{plan.publishes} releases were published one after the other while {plan.families} families wrote {loaded.answers} messages to the
Procfile's gunicorn ({plan.workers} workers, {"PostgreSQL" if plan.url else "SQLite"}, a Redis of its own). Each release carries its
number in every line of the menu, and each second one has two lines the other way round: an answer is mixed when two numbers
stand in it, a digit misunderstood when it leads to what another release had beside it. {len(loaded.seen)} of the releases were
seen by somebody; {loaded.taken} digits led where they said, {loaded.lost} times the place was lost, and said so, because more than five
releases lay between or the other process had not read the newer one within two seconds.
{loaded.settled:.1f} s after the last one was published no process answered with another any more.{trouble}

One bit was flipped {many} times, at every place in turn ({places}), under the eyes of a process that held the release
before. It must say so and go on with what it has.

| what it costs, in CPU | |
|---|---|
| taking over a release with one other flow and two other catalogs | {told.other * 1000:.0f} ms |
| reading a whole release for the first time | {told.whole * 1000:.0f} ms |
| verifying one out of SQL, every file of it | {told.verified * 1000:.0f} ms |
| a look that finds nothing new | {told.look * 1000:.1f} ms |
| what asking for the current release adds to a turn | {told.now * 1e6:.1f} microseconds |
| noting and comparing the waiting step, to a turn of {told.turn * 1000:.1f} ms in one run | {told.step * 1e6:.0f} microseconds |

What this does not say: nobody checked what was published (`content check` takes seconds of CPU and is done once, by who
publishes). A change of the database by somebody who has the key of the seals (DATA_DIR/keys/releases) is not noticed.
A damaged release is answered for by the last good one until somebody publishes or undoes; `content releases` says which are damaged.
If the database was put back to an older state on purpose, the folder DATA_DIR/releases has to be taken away on each host.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
