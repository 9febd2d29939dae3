"""The running Puente: honcho and the Procfile below it, from the first sign of life to the last process."""

from __future__ import annotations

import functools
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from bot.launch import offspring, preflight
from bot.launch.environments import WEB, python
from bot.launch.errors import LaunchError
from bot.launch.setup import Setup

_POLL = 0.2
_ANSWER_SECONDS = 2.0
_MODEL_PATIENCE = 180.0
"""Seconds after which the model is reported as missing; everything else works without it."""
_GUARD_SECONDS = 20.0
"""More than the guard takes to end everything, first in order and then by force."""


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """Takes every answer as one: `/readyz` says with 503 what is missing."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response


# Loopback is never reached through a proxy.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AnyStatus)


def names(rasa_url: str) -> list[str]:
    """The Procfile lines to run. web comes first: honcho gives PORT to the first, PORT + 100 to the second, ..."""
    nlu = ["nlu"] if preflight.own_rasa_port(rasa_url) else []
    return ["web", "redis", *nlu, "worker"]


def environment(environ: Mapping[str, str], setup: Setup) -> dict[str, str]:
    """The variables of the processes: `.venv` first on PATH, and output line by line."""
    programs = python(WEB, setup.root).parent
    path = os.pathsep.join([str(programs), environ.get("PATH", os.defpath)])
    return {**environ, "PATH": path, "PYTHONUNBUFFERED": "1"}


def migrate(setup: Setup, environ: Mapping[str, str]) -> None:
    """Brings the database up to date before anything uses it."""
    flask = [str(python(WEB, setup.root)), "-m", "flask", "--app", "webhook", "db", "upgrade"]
    setup.run(flask, "bringing the database up to date", environ)


def demo(setup: Setup, environ: Mapping[str, str]) -> str:
    """Fills the made-up desk (`DEMO=1 make run`); what it prints, which holds passwords and so goes into no log."""
    flask = [str(python(WEB, setup.root)), "-m", "flask", "--app", "webhook", "demo"]
    done = subprocess.run(  # nosec B603 # noqa: S603 - the command is ours
        flask, cwd=str(setup.root), env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LaunchError(f"The made-up desk (DEMO) could not be filled. {done.stderr.strip()}")
    return done.stdout.rstrip()


class Processes:
    """The guard, honcho and everything below, in a session of their own: Ctrl-C arrives once and through `stop`."""

    def __init__(self, setup: Setup, environ: Mapping[str, str], wanted: list[str]) -> None:
        self._setup = setup
        self._web = f"http://127.0.0.1:{environ['PORT']}"
        self._model = "nlu" in wanted
        guard = [sys.executable, "-m", "bot.launch.guard"]
        honcho = [str(python(WEB, setup.root)), "-m", "honcho", "-e", os.devnull, "-f", "Procfile", "start"]
        with open(setup.log, "ab") as log:
            self._guard = subprocess.Popen(  # nosec B603 # noqa: S603 - the command is ours
                [*guard, *honcho, *wanted],
                cwd=str(setup.root),
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                # Only honcho's own troubles go there: it passes on both streams of its processes as output.
                stderr=log,
                start_new_session=True,
                preexec_fn=functools.partial(offspring.end_with_parent, os.getpid()),
            )

    def wait_for_web(self) -> None:
        """Returns when web answers."""
        self._setup.progress.doing(f"waiting for {self._web} to answer (a few seconds)")
        self._wait(lambda: _get(f"{self._web}/healthz")[0] == 200, None)

    def wait_for_model(self) -> bool:
        """Returns when the model answers too; False if it does not come up in good time."""
        if not self._model:
            return True
        if self._understands():
            return True
        self._setup.progress.say(
            f"      The answers already work: {self._web}/try\n      The understanding model is loading (about 15 s)."
        )
        return self._wait(self._understands, _MODEL_PATIENCE)

    def _understands(self) -> bool:
        try:
            state = json.loads(_get(f"{self._web}/readyz")[1])
        except ValueError:
            return False
        return isinstance(state, dict) and state.get("nlu") is True

    def _wait(self, arrived: Callable[[], bool], patience: float | None) -> bool:
        began = time.monotonic()
        while not arrived():
            self._setup.stopping.check()
            self._check()
            if patience and time.monotonic() - began > patience:
                return False
            self._setup.progress.tick()
            time.sleep(_POLL)
        return True

    def watch(self) -> None:
        """Returns when somebody asks to stop. `LaunchError` if the processes end by themselves."""
        while not self._setup.stopping.asked:
            self._check()
            time.sleep(_POLL)

    def _check(self) -> None:
        if self._guard.poll() is not None:
            raise LaunchError(
                "Puente has stopped: one of its processes could not go on. The lines above say which one and why."
            )

    def stop(self) -> None:
        """Ends everything, in order if it can. What a killed guard leaves falls to this process, which adopts it."""
        if self._guard.poll() is None:
            self._guard.terminate()
        try:
            self._guard.wait(_GUARD_SECONDS)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()


def _get(url: str) -> tuple[int, bytes]:
    """Status and body of an answer; status 0 if nobody answers."""
    try:
        with _direct.open(url, timeout=_ANSWER_SECONDS) as answer:
            return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
