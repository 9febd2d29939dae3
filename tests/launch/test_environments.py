"""When an environment is built, when it is left alone, and who may share it. uv is real; the lock files are tiny."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.frozen import replace
from bot.launch import environments
from bot.launch.environments import NLU, STAMP, WEB
from bot.launch.errors import LaunchError
from bot.launch.setup import Setup
from tests.launch.running import ROOT

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

Launch = Callable[..., Setup]

LOCK, TEST_LOCK = WEB.locks
PIN = "six==1.17.0 \\\n    --hash=sha256:{}\n    # via something\n"


@pytest.fixture
def uv() -> Path:
    """The uv that `make` installed."""
    program = ROOT / ".tools" / "uv" / "bin" / "uv"
    assert program.exists(), "run the tests through make, or `python3 -m bot.launch tools` first"
    return program


@pytest.fixture
def setup(launch: Launch) -> Setup:
    """A checkout whose two lock files ask for nothing, so that building needs no network."""
    made = launch()
    (made.root / "tests").mkdir()
    for lock in WEB.locks:
        (made.root / lock).write_text("# nothing\n")
    return made


def marker(setup: Setup) -> Path:
    """A file in the environment, which is gone when the environment was built anew."""
    return setup.root / WEB.folder / "marker"


def test_it_is_built_once_and_then_left_alone(setup: Setup, uv: Path, capfd: pytest.CaptureFixture[str]) -> None:
    environments.ensure(WEB, LOCK, setup, uv)
    assert environments.python(WEB, setup.root).exists()
    first = capfd.readouterr().out
    assert first.startswith("[1/5] Web environment: installing with Python 3.1") and "done in" in first
    log = setup.log.read_text()
    environments.ensure(WEB, LOCK, setup, uv)
    assert capfd.readouterr().out == "[2/5] Web environment: ready\n"
    assert setup.log.read_text() == log


def test_a_changed_lock_file_brings_the_same_environment_up_to_date(
    setup: Setup, uv: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environments.ensure(WEB, LOCK, setup, uv)
    marker(setup).touch()
    (setup.root / LOCK).write_text("# still nothing\n")
    assert not environments.fits(WEB, LOCK, setup.root)
    environments.ensure(WEB, LOCK, setup, uv)
    assert marker(setup).exists() and environments.fits(WEB, LOCK, setup.root)
    assert "bringing it up to date" in capfd.readouterr().out


def test_an_environment_that_was_cut_off_is_built_anew(setup: Setup, uv: Path) -> None:
    environments.ensure(WEB, LOCK, setup, uv)
    marker(setup).touch()
    (setup.root / WEB.folder / STAMP).unlink()
    environments.ensure(WEB, LOCK, setup, uv)
    assert not marker(setup).exists() and environments.fits(WEB, LOCK, setup.root)


def test_a_failure_half_way_leaves_no_stamp(setup: Setup, uv: Path) -> None:
    environments.ensure(WEB, LOCK, setup, uv)
    (setup.root / LOCK).write_text("six==1.17.0\n")  # without a hash it must not be installed
    with pytest.raises(LaunchError, match="Installing the web environment failed"):
        environments.ensure(WEB, LOCK, setup, uv)
    assert environments.stamp(WEB, setup.root) == {}


@pytest.mark.parametrize("lost", ["its Python", "its place", "its stamp's sense"])
def test_an_environment_that_lost_something_does_not_count(lost: str, setup: Setup, uv: Path) -> None:
    environments.ensure(WEB, LOCK, setup, uv)
    stamp = setup.root / WEB.folder / STAMP
    if lost == "its Python":
        environments.python(WEB, setup.root).unlink()
    elif lost == "its place":  # as in a checkout that was moved: its scripts name the old folder
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"folder": "/elsewhere/.venv"}))
    else:
        stamp.write_text("[]")
    assert environments.stamp(WEB, setup.root) == {}
    assert not environments.fits(WEB, LOCK, setup.root)


@pytest.mark.parametrize(("first", "second"), [WEB.locks, WEB.locks[::-1]], ids=["run, test, run", "test, run, test"])
def test_run_and_test_share_an_environment_and_do_not_fight_over_it(
    first: str, second: str, setup: Setup, uv: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (setup.root / TEST_LOCK).write_text("# nothing more\n")
    for lock in (first, second):
        environments.ensure(WEB, lock, setup, uv)
    capfd.readouterr()
    for lock in (first, second, first):
        environments.ensure(WEB, lock, setup, uv)
    assert capfd.readouterr().out.count(": ready") == 3


def test_only_what_is_wholly_installed_counts_as_installed(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / LOCK).write_text(PIN.format("aa"))
    (tmp_path / TEST_LOCK).write_text(
        PIN.format("bb") + "pytest==9.2.0 ; python_version > '3' \\\n  --hash=sha256:cc\n"
    )
    assert set(environments.satisfied(WEB, TEST_LOCK, tmp_path)) == {LOCK, TEST_LOCK}
    assert set(environments.satisfied(WEB, LOCK, tmp_path)) == {LOCK}
    (tmp_path / LOCK).write_text(PIN.format("aa").replace("1.17.0", "1.16.0"))
    assert set(environments.satisfied(WEB, TEST_LOCK, tmp_path)) == {TEST_LOCK}


def test_the_tests_lock_holds_everything_that_the_web_lock_holds() -> None:
    web, tests = (environments.pins((ROOT / lock).read_text("utf-8")) for lock in WEB.locks)
    assert web and web < tests


@pytest.mark.parametrize("lock", [*WEB.locks, *NLU.locks, "bot/launch/uv.txt", "docs/site/requirements.txt"])
def test_every_lock_file_has_a_hash_for_every_pin_and_names_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.findall(r"^[^#\s].*(?:\n[ ].*)*", text, re.MULTILINE)
    assert entries and len(entries) == len(environments.pins(text))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "make lock" in text.splitlines()[1]
    assert "://" not in text and "/root" not in text and "/home" not in text


def test_without_any_usable_python_it_says_what_to_install(setup: Setup, uv: Path) -> None:
    nowhere = replace(WEB, pythons=("3.99",))
    with pytest.raises(LaunchError) as refused:
        environments.ensure(nowhere, LOCK, setup, uv)
    said = str(refused.value)
    assert said.startswith("Python 3.99 is needed and this machine has none.")
    assert said.endswith("Or install Python 3.99 yourself (from your system's packages, or `pyenv install 3.99`).")
