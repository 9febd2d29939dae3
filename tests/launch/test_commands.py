"""Whole commands, as a person types them: each thing that can be missing is said in one sentence, never in a traceback."""

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from bot.launch import __main__ as launch_main
from bot.launch import browser
from bot.launch.errors import LaunchError
from tests.launch.running import ROOT, Running

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

# Nobody listens on the discard port, so nothing can be fetched and the refusal comes at once.
UNREACHABLE = "http://127.0.0.1:9"
NO_NETWORK = {
    **{name: UNREACHABLE for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")},
    **{"NO_PROXY": "", "no_proxy": "", "PIP_NO_CACHE_DIR": "1", "UV_HTTP_RETRIES": "0"},
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as the launch looks at it."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "bot" / "launch", folder / "bot" / "launch", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "bot" / "__init__.py").touch()
    (folder / "tests").mkdir()
    for name in ("Makefile", "Procfile", "requirements.txt", "tests/requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def type_in(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "PORT", "RASA_URL")}
    return subprocess.run(
        command, cwd=folder, env={**own, **environ}, capture_output=True, text=True, timeout=120, check=False
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What was said by a command that could not go on."""
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr.strip()


@pytest.fixture
def with_uv(checkout: Path) -> Path:
    """A checkout in which the first step is done already."""
    (checkout / ".tools").mkdir()
    shutil.copytree(ROOT / ".tools" / "uv", checkout / ".tools" / "uv")
    return checkout


def test_a_port_in_use_ends_the_run_before_anything_is_built(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = refused(type_in(checkout, "python3", "-m", "bot.launch", "run", PORT=str(port)))
    assert said.startswith(f"Port {port} is in use. Stop the program that uses it") and len(said.splitlines()) == 1
    assert not (checkout / ".tools").exists()


def test_without_network_pip_says_so(checkout: Path) -> None:
    said = refused(type_in(checkout, "python3", "-m", "bot.launch", "web-env", **NO_NETWORK))
    assert said.startswith("No network: installing uv failed") and len(said.splitlines()) == 1


def test_without_network_uv_says_so_and_what_was_installed_stays(with_uv: Path, tmp_path: Path) -> None:
    environ = {**NO_NETWORK, "UV_CACHE_DIR": str(tmp_path / "cache")}
    done = type_in(with_uv, "python3", "-m", "bot.launch", "web-env", **environ)
    said = refused(done)
    assert said.startswith("No network: installing the web environment failed") and len(said.splitlines()) == 1
    assert "[1/2] Tools: ready\n[2/2] Web environment: installing with Python" in done.stdout


def test_without_pip_it_names_the_package(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "pip.py").write_text("raise SystemExit('no pip')\n")
    said = refused(type_in(checkout, "python3", "-m", "bot.launch", "tools", PYTHONPATH=str(tmp_path)))
    assert said.startswith("pip is missing from ") and "sudo apt install python3-pip" in said


@pytest.mark.parametrize("python", ["/nowhere/python3", "false"], ids=["none", "one that does not run"])
def test_without_python_make_says_so(python: str, checkout: Path) -> None:
    said = refused(type_in(checkout, "make", "run", f"PYTHON={python}"))
    assert said.startswith(f"Python 3.8 or newer is needed and `{python}` is not one.")


def test_a_data_folder_that_cannot_be_used_is_named(checkout: Path) -> None:
    said = refused(type_in(checkout, "python3", "-m", "bot.launch", "run", DATA_DIR="/dev/null/data"))
    assert said == "The folder for data, /dev/null/data, cannot be written. Set DATA_DIR to a folder of yours."


def test_what_the_system_refuses_is_said_in_words(checkout: Path) -> None:
    (checkout / ".tools").touch()
    said = refused(type_in(checkout, "python3", "-m", "bot.launch", "tools"))
    assert said == f"{checkout}/.tools: File exists. Mend that and run the same command again."


def test_a_disk_that_fills_up_is_said_in_words() -> None:
    said = launch_main._told(OSError(errno.ENOSPC, "No space left on device", "somewhere"))
    assert said == "The disk is full. Free some space and run the same command again."


@pytest.fixture
def waiting(with_uv: Path, tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """A command that waits because another one is setting up the same checkout, and that one's lock."""
    lock = os.open(with_uv / ".tools" / "lock", os.O_CREAT | os.O_WRONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    command = ["python3", "-m", "bot.launch", "tools"]
    process = subprocess.Popen(command, cwd=with_uv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Another `make` is setting up this folder; waiting")
    return process, lock


def test_two_set_ups_of_one_checkout_take_turns(waiting: tuple[subprocess.Popen[str], int]) -> None:
    process, lock = waiting
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    os.close(lock)
    assert process.communicate(timeout=30)[0] == "[1/1] Tools: ready\n"
    assert process.returncode == 0


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda signum: signum.name)
def test_who_stops_a_set_up_gets_a_word_and_no_traceback(
    signum: signal.Signals, waiting: tuple[subprocess.Popen[str], int]
) -> None:
    process, lock = waiting
    process.send_signal(signum)
    assert process.communicate(timeout=30)[0] == "Stopped.\n"
    assert process.returncode == 130
    os.close(lock)


def test_a_launch_under_make_ends_when_make_is_killed(with_uv: Path) -> None:
    lock = os.open(with_uv / ".tools" / "lock", os.O_CREAT | os.O_WRONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    output = with_uv / "output"
    with open(output, "w") as written:
        make = subprocess.Popen(["make", "test-env"], cwd=with_uv, stdout=written, stderr=written)
    while "waiting" not in output.read_text():
        time.sleep(0.02)
    make.kill()
    make.wait()
    while "Stopped." not in output.read_text():  # the test's own time limit ends a wait in vain
        time.sleep(0.02)
    os.close(lock)


def test_make_alone_lists_every_target_that_has_a_description() -> None:
    listed = type_in(ROOT, "make").stdout
    for target in (
        "run",
        "test",
        "test-fast",
        "train",
        "nlu-report",
        "catalogs",
        "docs",
        "transcripts",
        "golden",
        "lint",
        "lock",
    ):
        assert f"  make {target} " in listed


def test_a_browser_that_was_named_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="CHROMIUM names .*, which is not a program"):
        browser.find({"CHROMIUM": str(tmp_path / "chromium"), "PATH": ""})
    (tmp_path / "google-chrome").touch(0o755)
    assert browser.find({"PATH": str(tmp_path)}) == str(tmp_path / "google-chrome")
    (tmp_path / "chromium").touch(0o755)
    assert browser.find({"PATH": str(tmp_path)}) == str(tmp_path / "chromium")
    assert browser.find({"CHROMIUM": str(tmp_path / "chromium"), "PATH": ""}) == str(tmp_path / "chromium")
    assert browser.find({"PATH": ""}) is None


def test_a_run_that_is_refused_is_seen_as_ended(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        running = Running(tmp_path / "data", {"PORT": str(server.getsockname()[1])})
        with pytest.raises(AssertionError, match=r"it ended with 1:\n\nPort \d+ is in use"):
            running.wait_until_ready()
    assert running.stop() == 1
