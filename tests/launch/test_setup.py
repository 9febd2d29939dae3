"""Commands of the set-up: their output kept, their failures in words, their end when somebody stops."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.launch.errors import Interrupted, LaunchError
from bot.launch.setup import CONFIGURATION_ERROR, TAIL, CommandError, Setup, explain
from tests.launch.running import command_of

Launch = Callable[..., Setup]


def test_what_a_command_says_is_kept_with_its_purpose(launch: Launch, capfd: pytest.CaptureFixture[str]) -> None:
    setup = launch()
    setup.run([sys.executable, "-c", "import os; print(os.environ['WORD'])"], "installing it", {"WORD": "hello"})
    log = setup.log.read_text()
    assert log.endswith(" installing it\nhello\n")
    assert capfd.readouterr().out == ""


def test_a_failure_shows_the_last_lines_of_this_command_only(launch: Launch) -> None:
    setup = launch()
    setup.run([sys.executable, "-c", "print('of the command before')"], "making it")
    code = f"for n in range({TAIL + 1}): print('line', n)\nraise SystemExit('the reason')"
    with pytest.raises(CommandError) as failed:
        setup.run([sys.executable, "-c", code], "installing it")
    said = str(failed.value)
    assert said.startswith(f"Installing it failed. The last lines of {setup.log}:\n")
    assert said.endswith("\n    the reason")
    assert f"line {TAIL}" in said and "line 0\n" not in said and "before" not in said


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: No space left on device (os error 28)", "The disk is full: installing it failed."),
        ("  cause: dns error\n  cause: failed to lookup address information", "No network: installing it failed"),
        ("NewConnectionError('...: [Errno 111] Connection refused')", "No network: installing it failed"),
        ("Cannot connect to proxy.", "No network: installing it failed"),
        ("Error: getaddrinfo ENOTFOUND some.host", "No network: installing it failed"),
        ("Read timed out.", "No network: installing it failed"),
    ],
)
def test_a_reason_that_the_output_tells_is_said_in_words(output: str, words: str, tmp_path: Path) -> None:
    error = explain("installing it", 1, output, tmp_path / "setup.log")
    assert not isinstance(error, CommandError)
    assert str(error).startswith(words)


def test_a_command_that_knows_what_to_change_speaks_for_itself(tmp_path: Path) -> None:
    output = "loading\nPuente cannot start: DEFAULT_LANGUAGE must be es, en or quc, not 'fr'\n\n"
    error = explain("bringing the database up to date", CONFIGURATION_ERROR, output, tmp_path / "setup.log")
    assert str(error) == "Puente cannot start: DEFAULT_LANGUAGE must be es, en or quc, not 'fr'"


def test_of_a_traceback_only_its_end_is_shown(launch: Launch) -> None:
    setup = launch()
    with pytest.raises(CommandError) as failed:
        setup.run([sys.executable, "-c", "print('loading', flush=True)\nint('many')"], "training it")
    shown = str(failed.value).splitlines()[1:]
    assert shown == ["    loading", "    ValueError: invalid literal for int() with base 10: 'many'"]
    assert "Traceback" in setup.log.read_text()


def test_other_output_is_shown_as_it_is(tmp_path: Path) -> None:
    error = explain("installing it", 2, "hash mismatch\n", tmp_path / "setup.log")
    assert isinstance(error, CommandError)
    assert "hash mismatch" in str(error)


def test_who_stops_stops_the_command_and_its_children(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = launch()
    note = setup.root / "child"
    # The command starts a child, and that child, once it runs, stops the launch.
    child = f"import os; open({str(note)!r}, 'w').write(str(os.getpid())); import time; time.sleep(600)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    def child_runs() -> bool:
        return note.exists() and note.read_text() != ""

    monkeypatch.setattr(setup.progress, "tick", lambda: child_runs() and os.kill(os.getpid(), signal.SIGTERM))
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    setup.stopping.listen()
    try:
        with pytest.raises(Interrupted):
            setup.run([sys.executable, "-c", code], "installing it")
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
    while command_of(int(note.read_text())):  # the test's own time limit ends a wait in vain
        time.sleep(0.02)


def test_a_stopped_launch_starts_nothing_more(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = launch()
    monkeypatch.setattr(setup.stopping, "_asked", True)
    with pytest.raises(LaunchError, match="Stopped"):
        setup.run([sys.executable, "-c", "open('ran', 'w')"], "installing it")
    assert not (setup.root / "ran").exists()
