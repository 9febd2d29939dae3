"""Which Python is taken: one that runs, has what is needed, and is of the right version."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.launch import interpreters
from bot.launch.setup import Setup

Launch = Callable[..., Setup]

THIS = "{}.{}".format(*sys.version_info[:2])
NO_UV = Path("/nowhere/uv")


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_this_python_is_usable() -> None:
    found = interpreters.probe(sys.executable, THIS)
    assert found is not None
    assert found.version == "{}.{}.{}".format(*sys.version_info[:3])
    assert Path(found.path).samefile(Path(getattr(sys, "_base_executable", sys.executable)))


@pytest.mark.parametrize(
    "script",
    [
        f"echo 'pyenv: python{THIS}: command not found' >&2; exit 127",
        f'exec "{sys.executable}" -c "raise ImportError"',
        "echo 3.99.0; echo /usr/bin/python3.99",
        "echo nonsense",
        "exit 0",
    ],
    ids=["a shim without its version", "no SQLite", "another version", "not a Python", "says nothing"],
)
def test_a_python_that_does_not_do_is_passed_over(script: str, tmp_path: Path, launch: Launch) -> None:
    program(tmp_path / "bin", f"python{THIS}", script)
    setup = launch(PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    found = interpreters.find([THIS], setup, NO_UV)
    assert found.version.startswith(THIS) and str(tmp_path) not in found.path


def test_a_path_that_holds_nothing_is_no_python() -> None:
    assert interpreters.probe("/nowhere/python3", THIS) is None


def test_pyenvs_versions_are_found_without_its_shims_newest_first(tmp_path: Path, launch: Launch) -> None:
    for version in ("3.77.2", "3.77.10", "3.77.x", "3.77-dev", "3.7.99"):
        script = f"echo {version}; echo {tmp_path}/{version}"
        program(tmp_path / "pyenv" / "versions" / version / "bin", "python3.77", script)
    setup = launch(PATH="", PYENV_ROOT=str(tmp_path / "pyenv"))
    assert interpreters.find(["3.77"], setup, NO_UV) == interpreters.Interpreter(f"{tmp_path}/3.77.10", "3.77.10")


def test_the_first_choice_wins_over_what_stands_earlier_on_path(tmp_path: Path, launch: Launch) -> None:
    program(tmp_path / "early", "python3.78", "echo 3.78.0; echo early")
    program(tmp_path / "late", "python3.77", "echo 3.77.0; echo late")
    setup = launch(PATH=f"{tmp_path / 'early'}{os.pathsep}{tmp_path / 'late'}")
    assert interpreters.find(["3.77", "3.78"], setup, NO_UV).path == "late"
    assert interpreters.find(["3.79", "3.78"], setup, NO_UV).path == "early"
