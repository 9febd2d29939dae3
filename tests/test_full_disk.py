"""A disk that is full to the last byte: everybody is answered, nothing is said to be done that is not, no key dies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import REPOSITORY
from tests.upgraded import upgraded_sqlite

# Starts processes and waits for them.
pytestmark = pytest.mark.slow


def _scene(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    (folder / "seed").mkdir()
    (folder / "disk").mkdir()
    upgraded_sqlite(folder / "seed")
    command = [sys.executable, "-m", "tests.degraded.full_disk", str(folder / "seed"), str(folder / "disk")]
    apart = ["unshare", "--user", "--map-root-user", "--mount"] if not words and shutil.which("unshare") else []
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([*apart, *command, *words], cwd=REPOSITORY, env=environ, stdout=subprocess.PIPE, timeout=240)
    return done.returncode, json.loads(done.stdout) if done.stdout else {}


@pytest.mark.parametrize("disk", ["a small one that is filled", "one that takes nothing any more"])
def test_on_a_full_disk(tmp_path: Path, disk: str) -> None:
    refuse = disk != "a small one that is filled"
    code, seen = _scene(tmp_path, *(["--refuse"] if refuse else []))
    if code and not seen and not refuse:
        # Where nobody may mount (a container, a hardened kernel) the kernel refuses the writes instead.
        refuse = True
        code, seen = _scene(_other(tmp_path), "--refuse")
    assert code == 0
    assert refuse or seen["free"] == 0
    answers = seen["answers"]
    assert {each["status"] for each in answers} == {200} and all(each["said"] for each in answers)
    first = {each["text"]: each["said"] for each in reversed(answers)}
    assert first["la migra esta en mi puerta"].startswith("No abra") and first["1"].startswith("No abra")
    assert first["ALTO"].startswith("Listo") and seen["stopped"] == [True, True], "said, and so it is"
    assert "no termino de borrar" in answers[-1]["said"], "what was written with staff cannot be destroyed there"
    assert not seen["open after"], "the worker has finished it"
    assert seen["keys stay"] and seen["day keys stay"] and seen["alive"] and seen["healthz"] == 200
    assert seen["after"]["said"].startswith("Listo") and seen["ready after"] == 200


def _other(folder: Path) -> Path:
    (folder / "other").mkdir()
    return folder / "other"
