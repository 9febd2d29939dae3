"""`python3 -m bot.launch COMMAND`, what the Makefile calls. Each command does only what is still to be done."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.launch import browser, carrier, environments, model, offspring, preflight, processes, tools
from bot.launch.errors import Interrupted, LaunchError
from bot.launch.processes import Processes
from bot.launch.progress import Progress
from bot.launch.setup import ROOT, Setup
from bot.launch.stopping import Stopping

_GRACE = 6.0
_INTERRUPTED = 130
"""The exit code of a shell's command that Ctrl-C ended."""


def uv_alone(setup: Setup) -> None:
    """uv, for `make lock`."""
    with tools.locked(setup):
        tools.uv(setup)


def web_environment(setup: Setup, lock: str = "requirements.txt") -> None:
    """uv and `.venv`."""
    with tools.locked(setup):
        environments.ensure(environments.WEB, lock, setup, tools.uv(setup))


def test_environment(setup: Setup) -> None:
    """uv and `.venv` with what the tests need."""
    web_environment(setup, "tests/requirements.txt")


def nlu_environment(setup: Setup) -> None:
    """uv and `.venv-nlu`."""
    with tools.locked(setup):
        environments.ensure(environments.NLU, environments.NLU.locks[0], setup, tools.uv(setup))


def trained_model(setup: Setup) -> None:
    """`.venv-nlu`, and a model that fits the data."""
    with tools.locked(setup):
        environments.ensure(environments.NLU, environments.NLU.locks[0], setup, tools.uv(setup))
        model.ensure(setup)


def run(setup: Setup) -> None:
    """Everything that `make run` promises, until Ctrl-C."""
    environ = dict(setup.environ)
    port = preflight.web_port(environ)
    rasa_url = preflight.rasa_url(environ, port)
    held = preflight.hold(setup.data_dir)
    wanted = processes.names(rasa_url)
    environ.update(PORT=str(port), RASA_URL=rasa_url, DATA_DIR=str(setup.data_dir))
    environ.setdefault("ENVIRONMENT", "development")
    environ = processes.environment(environ, setup)
    with tools.locked(setup):
        uv = tools.uv(setup)
        environments.ensure(environments.WEB, environments.WEB.locks[0], setup, uv)
        if "nlu" in wanted:
            environments.ensure(environments.NLU, environments.NLU.locks[0], setup, uv)
            model.ensure(setup)
    setup.progress.step("Puente")
    processes.migrate(setup, environ)
    running = Processes(setup, environ, wanted)
    try:
        running.wait_for_web()
        with contextlib.suppress(Interrupted):  # web answers: from here on, Ctrl-C is the ordinary end
            _announce(setup, port, running.wait_for_model())
            running.watch()
    finally:
        setup.progress.say("Stopping ...")
        running.stop()
        held.close()
    setup.progress.say("Everything is stopped.")


def _announce(setup: Setup, port: int, understands: bool) -> None:
    address = f"http://127.0.0.1:{port}"
    if not understands:
        setup.progress.say(
            "      The understanding model has not come up; the lines of `nlu` above say why. Menus, digits and "
            "urgent phrases work without it."
        )
    environment = setup.environ.get("ENVIRONMENT", "development")
    closing = ""
    if environment != "production":
        on_paper = not os.environ.get("TWILIO_API_KEY", "").strip()
        closing = "Nothing goes to Twilio: replies of staff arrive on paper. " if on_paper else "Replies go to Twilio! "
    settings = f"ENVIRONMENT={environment} " + (f"DATA_DIR={setup.data_dir} " if "DATA_DIR" in setup.environ else "")
    setup.progress.say(
        f"\nPuente is ready. Open\n"
        f"    {address}/try        a phone in the browser\n"
        f"    {address}/messages   where Twilio would send messages, signed with the token that\n"
        f"                                     `{settings}.venv/bin/flask --app webhook token` prints\n"
        f"{closing}Ctrl-C stops everything.\n"
    )


# Command -> what it does and how many numbered steps it has.
COMMANDS: Mapping[str, tuple[Callable[[Setup], None], int]] = {
    "run": (run, 5),
    "tools": (uv_alone, 1),
    "web-env": (web_environment, 2),
    "test-env": (test_environment, 2),
    "nlu-env": (nlu_environment, 2),
    "model": (trained_model, 3),
    "browser": (browser.ensure, 1),
    "carrier": (carrier.ensure, 1),
}


def _setup(steps: int) -> Setup:
    # Against the folder that the person stands in, before we go to the checkout.
    data_dir = Path(os.environ.get("DATA_DIR", "").strip() or ROOT / ".data").expanduser().absolute()
    os.chdir(str(ROOT))
    # Importing Rasa takes 9 s instead of 3 when its bytecode may not be kept.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return Setup(ROOT, data_dir, environ, Progress(steps), Stopping())


def main(arguments: list[str]) -> int:
    """Runs a command; returns the exit code of the process."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"Usage: python3 -m bot.launch {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    command, steps = COMMANDS[arguments[0]]
    setup = _setup(steps)
    setup.stopping.listen()
    offspring.adopt_orphans()
    if "MAKELEVEL" in os.environ:  # make passes SIGTERM on, but cannot pass on its own SIGKILL
        offspring.end_with_parent(os.getppid())
    try:
        preflight.data_dir(setup.data_dir)
        preflight.disk(ROOT, _complete())
        command(setup)
    except Interrupted as stopped:
        setup.progress.say(str(stopped))
        return _INTERRUPTED
    except LaunchError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"\n{_told(error)}", file=sys.stderr, flush=True)
        return 1
    finally:
        offspring.end_descendants(_GRACE)
    return 0


def _told(error: OSError) -> str:
    """A failure of the system itself, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and run the same command again."
    return f"{error.filename or 'This computer'}: {error.strerror or error}. Mend that and run the same command again."


def _complete() -> bool:
    return all(environments.stamp(each, ROOT) for each in (environments.WEB, environments.NLU))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
