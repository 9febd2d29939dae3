"""The servers of the benchmarks: ours as the Procfile starts it, the bare app on the same Redis, and Rasa alone."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.launch.offspring import end_with_parent
from bot.message import Channel
from bot.settings import REPOSITORY
from bot.store.redis_server import redis_url
from tests.bench.load import request
from tests.bench.people import Posts
from tests.bench.rasa_alone.project import PYTHON, kept, model_of_ours, trained
from tests.canary.installation import Installation
from tests.servers import free_port

STARTS = 120.0
# The day's money is counted and never gone. The clock is that of the machine, as where families write: one that tests can move is
# read from a file, again and again in a turn.
AS_EVER = {"DAILY_SPEND_CAP": "1000000", "PUENTE_CLOCK_FILE": ""}
# As nlu/quiet.py and nlu/serve.py have it for ours.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PYTHONWARNINGS": "ignore",
    "OPENBLAS_NUM_THREADS": "1",
}


# With small numbers starting is most of the work: then all parts of one run share what the first has started.
_for_all_parts = ExitStack()
atexit.register(_for_all_parts.close)


@contextmanager
def ours(folder: Path, smoke: bool) -> Iterator[Installation]:
    """The whole Procfile, once all of it answers."""
    if smoke:
        yield _shared_ours()
        return
    with _ours(folder) as installation:
        yield installation


@cache
def _shared_ours() -> Installation:
    return _for_all_parts.enter_context(_ours(_kept_folder()))


def _kept_folder() -> Path:
    return Path(_for_all_parts.enter_context(TemporaryDirectory(prefix="puente-bench-")))


@contextmanager
def _ours(folder: Path) -> Iterator[Installation]:
    tree = folder / "ours"
    tree.mkdir(mode=0o700)
    with Installation(tree, AS_EVER) as installation:
        installation.wait_until_whole()
        yield installation


@contextmanager
def served(app: str, installation: Installation, folder: Path, workers: int = 2) -> Iterator[int]:
    """The port on which gunicorn serves ``app`` (``module:name``) with our settings, on the Redis of ours, once it answers."""
    port = free_port()
    own = {"PORT": str(port), "WEB_CONCURRENCY": str(workers), "BARE_REDIS": redis_url(installation.settings)}
    command = [sys.executable, "-m", "gunicorn", "--config", "bot/gunicorn.py", app]
    log = folder / f"{app.rpartition(':')[0]}.log"
    with _started(command, REPOSITORY, {**installation.environ, **own}, log) as started:
        started.wait(lambda: says(port, "/healthz") is not None)
        yield port


@contextmanager
def rasa_alone(folder: Path, smoke: bool) -> Iterator[RasaAlone]:
    """Rasa with its REST channel, at its best: rules, trackers in memory, nothing logged. It takes seconds to start: ``wait``.

    To see that all runs our own model does, which has no rules, where the peer's is not there: then its answers have no words.
    """
    if smoke:
        yield _shared_rasa()
        return
    with _rasa(folder, trained(folder / "rasa-training.log")) as rasa:
        yield rasa


@cache
def _shared_rasa() -> RasaAlone:
    model = kept()
    return _for_all_parts.enter_context(_rasa(_kept_folder(), model if model.is_file() else model_of_ours()))


@contextmanager
def _rasa(folder: Path, model: Path) -> Iterator[RasaAlone]:
    port, said = free_port(), folder / "credentials.yml"
    said.write_text("rest:\n", "ascii")
    options = [
        "-m",
        str(model),
        "-p",
        str(port),
        "-i",
        "127.0.0.1",
        "--credentials",
        str(said),
        "--enable-api",
        "--quiet",
    ]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **_QUIET}

    def ready() -> bool:
        # Rasa loads another model without a word where the named one is missing.
        return Path(json.loads(says(port, "/status") or "{}").get("model_file") or "").name == model.name

    command = [str(PYTHON), "-m", "rasa", "run", *options]
    with _started(command, REPOSITORY / "nlu", environ, folder / "rasa-alone.log") as started:
        yield RasaAlone(port, started.process.pid, partial(started.wait, ready))


@dataclass(frozen=True, slots=True)
class RasaAlone:
    """The peer: where it listens, its process, and what returns once it answers."""

    port: int
    process: int
    wait: Callable[[], None]

    def person(self, channel: Channel) -> Posts:
        """Somebody who keeps one tracker."""
        return partial(self._post, secrets.token_hex(8))

    def people(self, channel: Channel) -> Posts:
        """As many as there are texts: a tracker that grows makes Rasa slower."""
        return lambda text: self._post(secrets.token_hex(8), text)

    def _post(self, sender: str, text: str) -> bytes:
        body = json.dumps({"sender": sender, "message": text}).encode()
        return request(self.port, "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})


@dataclass(frozen=True, slots=True)
class _Started:
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self, ready: Callable[[], bool]) -> None:
        give_up = time.monotonic() + STARTS
        while not ready():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise AssertionError(f"it does not answer: {self.log.read_text('utf-8', 'replace')[-3000:]}")
            time.sleep(0.01)


@contextmanager
def _started(command: Sequence[str], where: Path, environ: Mapping[str, str], log: Path) -> Iterator[_Started]:
    with log.open("ab") as output:
        ends = partial(end_with_parent, os.getpid())
        process = subprocess.Popen(command, cwd=where, env=environ, stdout=output, stderr=output, preexec_fn=ends)
    try:
        yield _Started(process, log)
    finally:
        process.terminate()
        process.wait(30)


def says(port: int, path: str) -> bytes | None:
    """The body of an answer with status 200; None for any other, and for none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bytes(answer.read())
    except OSError:
        return None
