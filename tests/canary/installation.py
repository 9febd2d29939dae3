"""The whole Procfile under honcho, with every place that it may write in one tree of its own."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from redis import Redis

from bot.launch.offspring import descendants, end_with_parent
from bot.settings import REPOSITORY, Settings, from_environment
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from tests.launch.running import command_of, environ_of, free_port

LINES = ("web", "redis", "nlu", "worker")
SECRETS = {
    "TWILIO_API_KEY": "SK-canary-of-the-environment",
    "TWILIO_API_SECRET": "canary-secret-of-the-environment",
}
"""Secrets of the environment, to see who inherits them."""
_POLL = 0.1


def _cores_allowed(parent: int) -> None:
    """As far as the outside can: what writes no core file now does so by itself."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    end_with_parent(parent)


class Installation:
    """One running Puente in a tree. As a context manager it ends with all that it started."""

    def __init__(self, tree: Path, more: Mapping[str, str] | None = None, lines: Sequence[str] = LINES) -> None:
        """``more``: further variables, or others in place of these. ``lines`` of the Procfile are started."""
        self.lines = lines
        self.tree, self.data, self.output = tree, tree / "data", tree / "output.log"
        for folder in ("data", "home", "tmp"):
            (tree / folder).mkdir(mode=0o700)
        self.port, self.clock_file = free_port(), tree / "clock"
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
            "LANG": "C.UTF-8",
            "HOME": str(tree / "home"),
            "TMPDIR": str(tree / "tmp"),
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "RASA_URL": f"http://127.0.0.1:{free_port()}",
            # Nobody answers there: what is to be deleted at Twilio waits.
            "TWILIO_API_BASE": f"http://127.0.0.1:{free_port()}",
            "ENVIRONMENT": "test",
            "PUENTE_CLOCK_FILE": str(self.clock_file),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **SECRETS,
            **(more or {}),
        }
        self.settings: Settings = from_environment(self.environ)
        self._started: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Installation:
        flask = [sys.executable, "-m", "flask", "--app", "webhook", "db", "upgrade"]
        honcho = [sys.executable, "-m", "honcho", "-e", os.devnull, "-f", "Procfile", "start", *self.lines]
        with self.output.open("ab") as output:
            subprocess.run(
                flask, cwd=REPOSITORY, env=self.environ, stdout=output, stderr=output, check=True, timeout=120
            )
            self._started = subprocess.Popen(
                [sys.executable, "-m", "bot.launch.guard", *honcho],
                cwd=REPOSITORY,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=functools.partial(_cores_allowed, os.getpid()),
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._started
        self._started.send_signal(signal.SIGTERM)
        try:
            self._started.wait(30)
        except subprocess.TimeoutExpired:
            for process in [*self.processes(), self._started.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._started.wait(30)

    def processes(self) -> list[int]:
        """Every process of this installation, the keepers included."""
        assert self._started
        return descendants(self._started.pid)

    def of(self, line: str) -> list[int]:
        """The processes that do the work of a line of the Procfile, parents first; empty while it starts again."""
        keepers = [
            process
            for process in self.processes()
            if "-m bot.keep " in command_of(process) and environ_of(process).get("HONCHO_PROCESS_NAME") == f"{line}.1"
        ]
        below = descendants(min(keepers)) if keepers else []
        return [each for each in below if "-m bot.keep " not in command_of(each)]

    @contextlib.contextmanager
    def redis(self) -> Iterator[Redis]:
        """A client of its Redis."""
        with contextlib.closing(connect(redis_url(self.settings))) as client:
            yield client

    def parts(self) -> dict[str, object]:
        """What web says that it reaches; empty when it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error))
        except (OSError, ValueError):
            return {}

    def wait_until_whole(self, seconds: float = 180, model: bool = True) -> None:
        """Returns when everything (with or without the model) answers; ``AssertionError`` with its output after that time."""
        wanted = {"redis": True, "sql": True} | ({"nlu": True} if model else {})
        self.wait_until(lambda: self.parts().items() >= wanted.items(), "it is whole", seconds)

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
        """Returns when that holds."""
        assert self._started
        give_up = time.monotonic() + seconds
        while not holds():
            said = self.output.read_text("utf-8", "replace")[-3000:]
            assert self._started.poll() is None, f"it ended:\n{said}"
            assert time.monotonic() < give_up, f"never: {what}\n{said}"
            time.sleep(_POLL)

    def move_clock(self, seconds: float) -> None:
        """Moves the clock of all its processes to so many seconds after the real one."""
        draft = self.clock_file.with_suffix(".new")
        draft.write_text(str(seconds), "ascii")
        draft.replace(self.clock_file)

    def restart(self, line: str) -> None:
        """Kills a line's first process and returns when its keeper has started another."""
        before = self.of(line)
        if before:
            os.kill(before[0], signal.SIGKILL)
        self.wait_until(lambda: bool(set(self.of(line)) - set(before)), f"there is {line} again")
