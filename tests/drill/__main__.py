"""`python -m tests.drill`: a backup is made, everything is destroyed, it is brought back with the commands that a person would
type; exit code 1 if anything is missing, or anything of a family is there that should not be (``make drill``)."""

from __future__ import annotations

import argparse
import contextlib
import gzip
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, select

os.environ["ENVIRONMENT"] = "test"

import webhook
from bot.message import Channel
from bot.settings import REPOSITORY, from_environment
from bot.store import audit
from bot.store.models import Escalation, EscalationMessage, TopicCount
from bot.store.releases import Releases
from tests.canary.report import PAGE, commit, write
from tests.phone import Phone
from tests.releases.flips import FLOW, LUZ
from tests.servers import running
from tests.store.at_desk import EVERYBODY, employ
from tests.store.postgres import drop, new_database, postgres

TITLE = "Backup and restore"
MOST_SECONDS = 30 * 60
WORD = "xicotencatl"
"""In every message of a family here, and nowhere else."""


@dataclass
class Result:
    """Seconds of each step, and what did not hold. ``size``: bytes of the backup; ``searched``: bytes that were looked through."""

    database: str
    people: int
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    size: int = 0
    searched: int = 0

    @property
    def back(self) -> float:
        """From an empty machine to answers again, in seconds."""
        return sum(self.seconds[step] for step in ("restore", "db upgrade", "first answer"))

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - began

    def holds(self, what: str, is_so: bool) -> None:
        if not is_so:
            self.failed.append(what)


class Machine:
    """One machine with Puente on it: its DATA_DIR and what its processes are told."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self.data_dir = data_dir
        data_dir.mkdir(mode=0o700, parents=True)
        self.environ = {"ENVIRONMENT": "test", "DATA_DIR": str(data_dir), "RASA_URL": "http://127.0.0.1:1"}
        self.environ |= {"DATABASE_URL": url} if url else {}

    def flask(self, *words: object) -> str:
        """A command as a person types it; ``AssertionError`` with its words where it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "webhook", *map(str, words)],
            cwd=REPOSITORY,
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stderr or done.stdout}"
        return done.stdout

    def app(self) -> webhook.Flask:
        """The web app of this machine, in this process."""
        return webhook.make(from_environment(self.environ))


def number(index: int) -> str:
    """The phone number of a person; nobody's."""
    return f"+1202555{index:04d}"


def filled(machine: Machine, result: Result, chance: random.Random) -> tuple[list[str], set[str]]:
    """Everybody writes to staff, a fifth write STOP, answers are published; the ids of the conversations, who wrote STOP."""
    puente = machine.app().extensions["puente"]()
    employ(puente.engine, *EVERYBODY)
    releases = Releases(puente.engine, load_key(machine), puente.conversation.clock, judge=lambda *_: ())
    sources = dict(releases.seed().sources)
    releases.publish(LUZ, sources | {FLOW: sources[FLOW] + b"# drill\n"}, ("services_health",), "drill", 0)
    ids = []
    for index in range(result.people):
        ids.append(puente.escalations.open(number(index), Channel.SMS))
        puente.escalations.add(ids[-1], "family", f"{WORD} {index}")
    stopped = {number(index) for index in range(result.people) if chance.random() < 0.2}
    for address in stopped:
        puente.opt_outs.stop(address, Channel.SMS, puente.conversation.clock())
    with puente.engine.begin() as connection:
        week = datetime.now(UTC).date()
        connection.execute(insert(TopicCount).values(week=week, topic="menu", language="es", channel="sms", n=5))
    for index in range(0, result.people, 2):
        puente.escalations.erase(ids[index], number(index))
    puente.content.close()
    puente.engine.dispose()
    return ids, stopped


def load_key(machine: Machine) -> bytes:
    """The key of the seals of that machine."""
    return (machine.data_dir / "keys" / "releases").read_bytes()


def as_it_was(machine: Machine) -> tuple[audit.Verified, str, int]:
    """The audit, the digest of the release, and how many counts there are."""
    puente = machine.app().extensions["puente"]()
    try:
        with puente.engine.connect() as connection:
            counts = connection.scalar(select(func.sum(TopicCount.n)))
        return audit.verify(puente.engine), puente.release.digest, int(counts or 0)
    finally:
        puente.content.close()
        puente.engine.dispose()


def drilled(folder: Path, people: int, seed: int, new_url: Callable[[], str], gone: Callable[[str], None]) -> Result:
    """The whole of it. ``new_url`` makes a database (empty: SQLite), ``gone`` takes one away."""
    url = new_url()
    result = Result("PostgreSQL" if url else "SQLite", people)
    old = Machine(folder / "old", url)
    with running(old.data_dir):
        old.flask("db", "upgrade")
        with result.timed("filling"):
            ids, stopped = filled(old, result, random.Random(seed))
        before = as_it_was(old)
        with result.timed("backup make"):
            old.flask("backup", "make", folder / "backups")
        old.flask("backup", "keys", folder / "keys")
        (file,) = (folder / "backups").iterdir()
        result.size = file.stat().st_size
        # Somebody erases after the backup was made.
        puente = old.app().extensions["puente"]()
        puente.escalations.erase(ids[1], number(1))
        puente.content.close()
        puente.engine.dispose()
    shutil.rmtree(old.data_dir)
    gone(url)
    new = Machine(folder / "new", new_url())
    with result.timed("restore"):
        new.flask("backup", "restore", file, "--keys", folder / "keys")
    with result.timed("db upgrade"):
        new.flask("db", "upgrade")
    with running(new.data_dir):
        with result.timed("first answer"):
            app = new.app()
            answer = Phone(app.test_client()).send("menu")
        result.holds("families are answered", bool(answer))
        result.holds("it is ready", app.test_client().get("/readyz").status_code == 200)
        puente = app.extensions["puente"]()
        result.holds("the audit, the release and the counts are as they were", as_it_was(new) == before)
        missing = [address for address in stopped if not puente.opt_outs.is_stopped(address)]
        result.holds("everybody who wrote STOP is still left alone", not missing)
        result.holds("nobody else is", not puente.opt_outs.is_stopped("+12025559999"))
        with puente.engine.connect() as connection:
            left = [connection.scalar(select(func.count()).select_from(t)) for t in (Escalation, EscalationMessage)]
        result.holds("no conversation is there", left == [0, 0])
        puente.content.close()
        puente.engine.dispose()
    result.searched = searched(result, folder)
    gone(new.environ.get("DATABASE_URL", ""))
    return result


def searched(result: Result, folder: Path) -> int:
    """Looks for every number and word of a family in every byte that is left, also in what a backup holds packed."""
    needles = [WORD.encode(), *(number(index)[1:].encode() for index in range(result.people))]
    bytes_seen = 0
    # A search that finds nothing must be one that could.
    control = gzip.compress(needles[-1])
    result.holds("the search finds what is there", not _clean(control, ".backup", needles))
    for path in (path for path in folder.rglob("*") if path.is_file()):
        held = path.read_bytes()
        bytes_seen += len(held)
        result.holds(f"nothing of a family is in {path.name}", _clean(held, path.suffix, needles))
    return bytes_seen


def _clean(held: bytes, suffix: str, needles: list[bytes]) -> bool:
    unpacked = gzip.decompress(held) if suffix == ".backup" else b""
    return not any(needle in part for part in (held, unpacked) for needle in needles)


def main(arguments: list[str]) -> int:
    """Runs it and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    results = []
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        (Path(name) / "sqlite").mkdir()
        results.append(drilled(Path(name) / "sqlite", options.people, options.seed, lambda: "", lambda url: None))
        with postgres() as server:
            (Path(name) / "pg").mkdir()
            url = lambda: new_database(server)  # noqa: E731
            results.append(drilled(Path(name) / "pg", options.people, options.seed, url, drop))
    text = section(results, options.people, options.seed)
    print(text)
    if options.write:
        write(TITLE, text)
    return 0 if not any(result.failed for result in results) else 1


def section(results: list[Result], people: int, seed: int) -> str:
    """What was measured, from its title on."""
    failed = [f"{result.database}: {what}" for result in results for what in result.failed]
    late = [result for result in results if result.back > MOST_SECONDS]
    verdict = f"{len(failed)} things missing or left over; back after {max(result.back for result in results):.0f} s"
    rows = "\n".join(
        f"| {result.database} | {result.seconds['filling']:.1f} | {result.seconds['backup make']:.1f} | {result.size:,} | "
        f"{result.seconds['restore']:.1f} | {result.seconds['db upgrade']:.1f} | {result.seconds['first answer']:.1f} | "
        f"{result.searched:,} |"
        for result in results
    )
    passed = "; NOT PASSED: " + "; ".join(failed) if failed or late else ""
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"""## {TITLE}

{date}, commit {commit()}, `make drill PEOPLE={people} SEED={seed}`. **{verdict}**{passed}.

{people} people had a conversation with staff, a fifth of them wrote STOP, staff published answers; half of the people erased
theirs before the backup, one after it. Then everything was destroyed: DATA_DIR, key store, database, Redis. On an empty machine
`backup restore`, `db upgrade`, and a family was answered. It had to hold that `/readyz` says 200; that the audit verifies to the
same seal, and release and counts are the same; that everybody who wrote STOP is still left alone; that no conversation is there;
and that no number and no word of anybody stands in any byte of the new machine, the backup (also unpacked) or the copied keys.

| database | filling, s | backup, s | bytes | restore, s | db upgrade, s | first answer, s | bytes searched |
|---|---|---|---|---|---|---|---|
{rows}

What this does not say: a busy network's database is larger, and most of the half hour that is the goal goes into getting a machine.
Conversations with staff that were open are lost by design, and families write again; what staff did since the backup is lost too.
PostgreSQL's own files, its log among them, were not searched.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
