"""`python -m tests.attacks`: every attack whole, against one console; exit code 1 if one got through (``make attacks``).

``--only`` names parts; the others stand as they were measured last.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import structlog

os.environ["ENVIRONMENT"] = "test"

from bot.escalation.viewer import Role
from bot.settings import REPOSITORY
from bot.store.database import engine_for
from tests.attacks import cells
from tests.attacks.flipped_rows import SERVED, audit_flips, sealed_flips, served_flips
from tests.attacks.guesses import Guesser, ratio
from tests.attacks.matrix import Matrix
from tests.attacks.odd import Sweep, signed
from tests.attacks.pages import pages
from tests.attacks.planting import Planting
from tests.attacks.reach import asked_everything, web
from tests.attacks.strings import corpus
from tests.attacks.things import Things
from tests.canary.report import PAGE, commit, write
from tests.console import browsing
from tests.console.browsing import NORTE, Console
from tests.console.clients import hand
from tests.releases.flips import flips
from tests.servers import free_port
from tests.upgraded import upgraded_sqlite

TITLE = "Attacks"


class Attacks:
    """One console, and what each part came to: a line of the section, and whether it passed."""

    def __init__(self, console: Console, folder: Path, options: argparse.Namespace) -> None:
        self.console, self.folder, self.options = console, folder, options
        self.things = Things(console)
        self.found: list[str] = []

    def parts(self) -> dict[str, Callable[[], str]]:
        """Each returns its line; what got through goes into ``found``."""
        return {
            "matrix": self.matrix, "guesses": self.guesses, "odd": self.odd, "reach": self.reach, "flips": self.flips,
            "strings": self.strings,
        }  # fmt: skip

    def matrix(self) -> str:
        matrix = Matrix(self.console, self.things)
        result = matrix.run(matrix.chosen(self.options.one_in, self.options.seed))
        self.found += result.wrong
        answers = ", ".join(f"{what} {count}" for what, count in sorted(result.answers.items()))
        return (
            f"5 roles and visitors x two organizations and the network x {len(matrix.routes)} routes x whose it is: {result.asked} cells "
            f"({answers}), **{len(result.wrong)} otherwise than the table says**"
        )

    def guesses(self) -> str:
        guesser, told = Guesser(self.console, self.options.seed), []
        for number, way in enumerate(guesser.ways()):
            target = self.console.account(Role.RESPONDER, organization=NORTE, name=f"Blanco {chr(65 + number)}")
            guessed = guesser.hour(way, target, self.options.guesses)
            told.append(guessed)
            if not guessed.passed:
                self.found.append(f"guessing: {guessed}")
        known, unknown = ratio(self.console, self.console.account(Role.VOLUNTEER, name="Reloj"), self.options.times)
        ways = "; ".join(f"{each.way}: {each.reached}" for each in told)
        apart = abs(known - unknown) / known * 100
        return (
            f"{self.options.guesses:,} guesses in an hour of the bot's clock, of which an account was reached by ({ways}); 100 are "
            f"allowed. A wrong password takes {known * 1000:.1f} ms for an account and {unknown * 1000:.1f} ms for a mail that nobody has "
            f"(medians of {self.options.times} each, in turns): {apart:.1f} % apart, 5 % is the figure"
        )

    def odd(self) -> str:
        account = self.console.account(*Role, organization=NORTE, name="Rara")
        sweep = Sweep(self.console, self.things, account, self.options.seed)
        swept = sweep.run(self.options.odd)
        for _ in signed(sweep, 20 * self.options.odd):
            pass
        self.found += swept.failed
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(swept.statuses.items()))
        return f"{swept.asked:,} odd requests at all routes ({statuses}), **{len(swept.failed)} ended in a 5xx**"

    def reach(self) -> str:
        account = self.console.account(*Role, organization=NORTE, name="Alguien")
        with web(self.console, self.folder / "web") as running:
            reached = asked_everything(running, self.console, self.things, account, free_port())
        strangers = reached.strangers(str(running.data / "redis.sock"), f"'127.0.0.1', {running.rasa}")
        self.found += [f"spoke to {each}" for each in strangers]
        spoken = sum(reached.spoken.values())
        return (
            f"a real gunicorn was asked {reached.asked} routes with addresses of inner and outer hosts in every field; the interpreter "
            f"noted {spoken} connections, look-ups and processes, **{len(strangers)} of them anybody but Redis and the model** "
            f"(SQLite is a file)"
        )

    def flips(self) -> str:
        many, seed = self.options.flips, self.options.seed
        engines = {}
        for name in ("audit", "releases", "served"):
            (self.folder / name).mkdir()
            upgraded_sqlite(self.folder / name)
            engines[name] = engine_for(f"sqlite:///{self.folder / name}/puente.db")
        audit = audit_flips(engines["audit"], many, seed)
        released = flips(engines["releases"], self.folder / "releases", many, seed)
        words = sealed_flips(self.things.families, self.things.conversation(NORTE), many, seed)
        served = served_flips(engines["served"], self.folder / "served", self.console.desk.redis, many, seed)
        for engine in engines.values():
            engine.dispose()
        for name, told in (("audit", audit), ("words of families", words), *served.items()):
            self.found += [f"{name}: {told}"] * (not told.passed)
        self.found += [f"releases: {released}"] * (not released.passed)
        return "; ".join(
            [
                f"one bit at {sum(released.flipped.values())} places of releases (rows, texts, seals, the file on the disk): "
                f"**{len(released.unnoticed)} unnoticed, {len(released.served)} served**",
                f"at {sum(audit.flipped.values())} of the audit: **{len(audit.unnoticed)} unnoticed**",
                f"at {sum(words.flipped.values())} of what families wrote, their numbers and topics: "
                f"**{len(words.unnoticed)} unnoticed, {len(words.served)} shown**",
                *(
                    f"at {sum(served[name].flipped.values())} of {name}: **{len(served[name].unnoticed)} unnoticed, "
                    f"{len(served[name].served)} served**"
                    for name in SERVED
                ),
            ]
        )

    def strings(self) -> str:
        attacks = list(corpus())
        random.Random(self.options.seed).shuffle(attacks)
        attacks = attacks[: self.options.strings or None]
        planting, browser = Planting(self.console, self.things), browsing.browser.__wrapped__()
        chromium = next(browser)
        with pages(self.console, chromium, [attack.text for attack in attacks]) as page:
            for answer in self._planted(planting, attacks):
                if answer.status_code >= 500:
                    self.found.append(f"{answer.status_code} {answer.request.path}")
                if answer.mimetype == "text/html" and answer.status_code not in (204, 302):
                    page.show(answer)
        version = chromium.version
        next(browser, None)
        self.found += page.looked.found
        planted = cells.plant(self.console.desk)
        everything = hand(self.console, self.console.account(*Role, organization=NORTE, name="Hojas"))
        calculated = [cell for _, cell in cells.exported(everything, "quc") if cells.calculates(cell)]
        self.found += [f"calculates: {cell}" for cell in calculated]
        return (
            f"{len(attacks)} strings of {len({each.family for each in attacks})} families: sent by families through the webhook, raw into "
            f"their thread, into every form of every page and every query; {page.looked.pages} pages looked at in Chromium {version}, on "
            f"which {len(page.looked.strings)} of them stood as text: **{len(page.looked.found)} ran, were stopped by the policy, asked "
            f"another host, made an element or turned a line around**. {planted} of them in the names of organizations: "
            f"**{len(calculated)} cells of CSV, XLSX and the sheet for speakers calculate**"
        )

    def _planted(self, planting: Planting, attacks: list[Any]) -> Iterator[Any]:
        yield from planting.conversations(planting.in_messages(attacks))
        yield from planting.previews(attacks)
        yield from planting.asked(attacks)
        for _ in range(self.options.rounds):
            yield from planting.in_forms(attacks)


def main(arguments: list[str]) -> int:
    """Runs the parts and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="parts of it: matrix guesses odd reach flips strings")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--one-in", type=int, default=1, help="of the cells of the matrix")
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--odd", type=int, default=20, help="requests at each route")
    parser.add_argument("--flips", type=int, default=1_000)
    parser.add_argument("--strings", type=int, default=0, help="so many of them; 0: all")
    parser.add_argument("--rounds", type=int, default=2, help="of every form")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    words = " ".join(["python -m tests.attacks", *arguments]).removesuffix(" --write")
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="attacks-") as name, _console(Path(name)) as console:
        attacks = Attacks(console, Path(name), options)
        for part, run in attacks.parts().items():
            if not options.only or part in options.only:
                begun, attacks.found = time.monotonic(), []
                line = run()
                verdict = f"**{len(attacks.found)} got through: NOT PASSED**; " if attacks.found else ""
                seconds = time.monotonic() - begun
                told = f"- *{part}*: {verdict}{line}. ({_now()}, commit {commit()}, `{words}`, {seconds:.0f} s)"
                print(told, *attacks.found[:40], sep="\n", flush=True)
                found += attacks.found
                if options.write:
                    # At once: what takes long may be ended by hand, and what was measured stands.
                    write(TITLE, section(page_of(), part, told, list(attacks.parts())))
    return 1 if found else 0


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def page_of() -> str:
    """The page as it stands."""
    path = REPOSITORY / PAGE
    return path.read_text("utf-8") if path.exists() else ""


@contextlib.contextmanager
def _console(folder: Path) -> Iterator[Console]:
    """As the tests have it."""

    def mktemp(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    made = browsing.console.__wrapped__(SimpleNamespace(mktemp=mktemp))
    yield next(made)
    next(made, None)


def section(page: str, part: str, told: str, parts: list[str]) -> str:
    """The section with this line in place of the former one of its part; what nobody has measured yet is named."""
    lines = {name: line for line in page.splitlines() for name in parts if line.startswith(f"- *{name}*: ")} | {
        part: told
    }
    missing = [name for name in parts if name not in lines]
    rest = f"Not measured yet: {', '.join(missing)}.\n\n" if missing else ""
    rows = "\n".join(lines[name] for name in parts if name in lines)
    return f"""## {TITLE}

`make attacks`, against one console with its real stores, and no model. The newest run of each part:

{rows}

{rest}The routes, pages and forms are read off the URL map and the pages themselves; a route that no table knows fails the test. `make test`
tries a fixed part of all this. The clock of the guesses is the bot's, moved; Redis forgets as if the time had passed.

What this does not say: nobody from outside has tried. No load of attackers was tried at the same time as families write
(`make flood` does that for the webhook). TLS and the proxy in front are not ours and were not there. Somebody who may read the
process's memory or change its code is outside of all of it.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
