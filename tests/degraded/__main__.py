"""`python -m tests.degraded`: what families get while parts are dead, hang, or the disk is full, and how long it takes; exit code 1
if anybody got no answer, or waited for longer than a turn may take (``make degraded``)."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import structlog

from bot.patience import DEADLINE
from bot.settings import REPOSITORY
from tests.canary.report import PAGE, commit, write
from tests.degraded.parts import BROKEN, KINDS, LANGUAGES, Parts, named
from tests.phone import Phone, texts
from tests.servers import Rasa, RedisServer, make_app_in
from tests.store.postgres import new_database, postgres
from tests.upgraded import upgraded_sqlite

TITLE = "Answers while parts are dead or hang"
HANG = ("redis", "sql", "model")
HANGING = [frozenset(each) for size in range(1, 4) for each in combinations(HANG, size)]
HANG_KINDS = ("danger", "first word", "free text", "ALTO", "BORRAR")


@dataclass
class Row:
    """What was answered while these were broken. ``took``: seconds of each answer."""

    broken: str
    errors: int = 0
    silent: int = 0
    urgent_wrong: int = 0
    took: list[float] = field(default_factory=list)

    def heard(self, phone: Phone, text: str, kind: str) -> None:
        """Sends it and notes what came."""
        began = time.monotonic()
        response = phone.post(phone.form(text))
        self.took.append(time.monotonic() - began)
        self.errors += response.status_code >= 500
        self.silent += not (response.status_code == 200 and any(texts(response.data)))
        self.urgent_wrong += kind == "danger" and phone.explain.get("flow") != "agents_here_now"

    @property
    def passed(self) -> bool:
        return not (self.errors or self.silent or self.urgent_wrong) and max(self.took) < DEADLINE

    def line(self) -> str:
        took = sorted(self.took)
        return (
            f"| {self.broken} | {len(took)} | {self.errors} | {self.silent} | {self.urgent_wrong} "
            f"| {took[len(took) // 2]:.2f} | {took[-1]:.2f} |"
        )


def dead(folder: Path, rasa: Rasa | None) -> Iterator[Row]:
    """Every set of dead parts with what is said in each language."""
    whole = Parts(_made(folder / "whole"), rasa)
    deaf = Parts(_made(folder / "deaf"))
    for broken in BROKEN:
        parts, row = deaf if "model" in broken else whole, Row(named(broken))
        for kind in KINDS:
            for words in LANGUAGES.values():
                phone = Phone(parts.app.test_client())
                if kind not in ("danger", "first word", "free text"):
                    phone.send(words["language"])
                    phone.send("menu")
                with parts.broken(broken), parts.full():
                    row.heard(phone, words.get(kind, "1" if kind == "digit" else kind), kind)
        yield row
    whole.close()
    deaf.close()


def hanging(folder: Path, rasa: Rasa) -> Iterator[Row]:
    """Every set of stopped processes (SIGSTOP): Redis, all of PostgreSQL, the model's server."""
    redis = RedisServer(folder)
    redis.start()
    with postgres() as server:
        environ = {"DATABASE_URL": new_database(server), "RASA_URL": rasa.url, "RASA_TOKEN": rasa.token}
        app = make_app_in(folder, environ)
        puente = app.extensions["puente"]()
        of = {"redis": [redis.process.pid], "sql": _postgres(server), "model": _tree(rasa.process.pid)}
        for which in HANGING:
            row = Row(" and ".join(part for part in HANG if part in which))
            for kind in HANG_KINDS:
                for words in LANGUAGES.values():
                    Phone(app.test_client()).send("menu")
                    with _stopped([process for part in which for process in of[part]]):
                        row.heard(Phone(app.test_client()), words.get(kind, kind), kind)
                of["sql"] = _postgres(server)
            yield row
        puente.content.close()
        puente.engine.dispose()
    redis.kill()


@contextlib.contextmanager
def _stopped(processes: Sequence[int]) -> Iterator[None]:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _postgres(server: str) -> list[int]:
    home = Path(server.partition("host=")[2])
    return _tree(int((home / "data" / "postmaster.pid").read_text().split()[0]))


def _tree(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in _tree(int(child)))]


def full_disk(folder: Path) -> dict[str, Any] | None:
    """What was seen on a small disk that was filled; None where nobody may mount one."""
    upgraded_sqlite(_made(folder / "seed"))
    scene = [sys.executable, "-m", "tests.degraded.full_disk", str(folder / "seed"), str(_made(folder / "disk"))]
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None:
        return None
    done = subprocess.run([*apart, *scene], cwd=REPOSITORY, stdout=subprocess.PIPE, timeout=600, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True)
    return folder


def main(arguments: list[str]) -> int:
    """Runs it and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.degraded", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="degraded-") as name:
        folder = Path(name)
        rasa = Rasa(_made(folder / "rasa"))
        rasa.start()
        try:
            died, hung = list(dead(folder, rasa)), list(hanging(_made(folder / "hanging"), rasa))
        finally:
            rasa.kill()
        disk = full_disk(folder)
    passed = all(row.passed for row in (*died, *hung)) and (disk is None or _is_well(disk))
    text = section(died, hung, disk, passed, time.monotonic() - began)
    print(text)
    if options.write:
        write(TITLE, text)
    return 0 if passed else 1


def _is_well(disk: dict[str, Any]) -> bool:
    answered = all(each["status"] == 200 and each["said"] for each in disk["answers"])
    return answered and all(disk["stopped"]) and disk["keys stay"] and disk["day keys stay"] and not disk["open after"]


def section(died: list[Row], hung: list[Row], disk: dict[str, Any] | None, passed: bool, seconds: float) -> str:
    """What was measured, from its title on."""
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    every = [*died, *hung]
    verdict = (
        f"{sum(len(row.took) for row in every)} messages: {sum(row.errors for row in every)} HTTP 5xx, "
        f"{sum(row.silent for row in every)} without an answer, {sum(row.urgent_wrong for row in every)} in danger answered "
        f"with anything else, the longest {max(max(row.took) for row in every):.2f} s"
    )
    head = "| broken | messages | 5xx | no answer | danger not answered as danger | median s | longest s |\n|---|---|---|---|---|---|---|"
    return f"""## {TITLE}

{date}, commit {commit()}, `make degraded`, {seconds:.0f} s. **{verdict}**{"" if passed else "; NOT PASSED"}.

Danger in words, a first word, a digit on a menu, free text, ALTO, BORRAR and 0, each in three languages, to an app with a Redis
of its own, SQLite and the trained model. Dead: Redis killed with -9, the database taken away, nobody listening where the model is
asked, the kernel refusing every write to a file (RLIMIT_FSIZE).

{head}
{chr(10).join(row.line() for row in died)}

Hanging: every process stopped (SIGSTOP) of Redis, of PostgreSQL and of the model's server, so that the kernel takes each call and nobody
answers. A turn waits for each of them once (`bot/patience.py`) and may take {DEADLINE:g} s.

{head}
{chr(10).join(row.line() for row in hung)}

{_told(disk)}

What this does not say: a disk that hangs in the middle of a write (a network disk) holds whoever writes to it, and is not bounded. A
process whose every thread waits for something that hangs takes no further message until one is free: two workers have
sixteen. honcho ends, with all that it runs, when its own output is a file on a full disk: let it write to the journal.
"""


def _told(disk: dict[str, Any] | None) -> str:
    if disk is None:
        return "A small disk could not be mounted on this machine: a full one was not tried."
    answers, stopped = disk["answers"], sum(disk["stopped"])
    silent = sum(not each["said"] for each in answers)
    bad = sum(each["status"] != 200 for each in answers)
    return f"""A disk (tmpfs) filled to the last byte under gunicorn, its log, SQLite and the key store: {len(answers)} messages, {bad} not
answered with 200, {silent} with silence. {stopped} of {len(disk["stopped"])} who were told that the stop is noted were found stopped
afterwards. BORRAR of a conversation with staff said that it is not finished, and the worker finished it when there was room; no
key file and no day key had changed meanwhile."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
