"""The real model server, started for a report or a comparison alone: how soon it is ready, how quick, how large."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fingerprint import MODELS, PROJECT, model_path

from reporting.asking import Server
from reporting.figures import percentile
from reporting.held_out import Message

NLU_PYTHON = PROJECT.parent / ".venv-nlu" / "bin" / "python"
SECONDS_TO_START = 300
WARM_UPS = 50


class NoServer(Exception):
    """The server does not come up; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Started:
    """A running server, and how many seconds it took until it answered."""

    server: Server
    process: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Serving:
    """Milliseconds for a message, one client, one message after the other; megabytes that only this process has."""

    p50: float
    p95: float
    p99: float
    messages: int
    seconds_until_ready: float
    megabytes: float


@contextlib.contextmanager
def started(models: Path = MODELS) -> Iterator[Started]:
    """nlu/serve.py on a port of its own, with the model of this folder; killed in the end, with all that it started. ``NoServer``."""
    server = Server(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), model_path(models).name)
    with tempfile.TemporaryDirectory(prefix="puente-report-") as data_dir:
        environ = {**os.environ, "RASA_URL": server.url, "RASA_TOKEN": server.token, "DATA_DIR": data_dir}
        began = time.monotonic()
        command = [str(NLU_PYTHON), str(PROJECT / "serve.py"), "--models", str(models)]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)  # nosec B603 # noqa: S603 - ours
        try:
            _wait(server, process, began + SECONDS_TO_START)
            yield Started(server, process.pid, time.monotonic() - began)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes], deadline: float) -> None:
    probe = server.client(())
    while not probe.ready(server.model):
        if process.poll() is not None:
            raise NoServer(f"The model's server ended ({process.returncode}). Is there a model? Run: make train")
        if time.monotonic() > deadline:
            raise NoServer(f"The model's server does not answer within {SECONDS_TO_START} s.")
        time.sleep(0.1)


def serving(started: Started, messages: Sequence[Message]) -> Serving:
    """Asks about every message, by the web tier's client, and looks at the clock."""
    client = started.server.client(())
    for message in messages[:WARM_UPS]:
        client.parse(message.text)
    times = []
    for message in messages:
        began = time.perf_counter()
        client.parse(message.text)
        times.append(1000 * (time.perf_counter() - began))
    p50, p95, p99 = (percentile(times, percent) for percent in (50, 95, 99))
    return Serving(
        p50,
        p95,
        p99,
        messages=len(times),
        seconds_until_ready=started.seconds,
        megabytes=private_megabytes(started.process),
    )


def private_megabytes(process: int) -> float:
    """Memory that would be free again without this process (USS), as Linux counts it."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024 / 1e6
