"""Whether the process of a name has died is said only where it is certain."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.store.process_name import has_died, own_name

MACHINE, PID, START = own_name().split(".")


@pytest.mark.parametrize(
    ("name", "died"),
    [
        pytest.param(own_name(), False, id="this one"),
        pytest.param(f"{MACHINE}.{PID}.1", True, id="its number has gone to another one"),
        pytest.param(f"{MACHINE}.{2**22 + 1}.{START}", True, id="no such number"),
        pytest.param(f"abcdefabcdef.{2**22 + 1}.{START}", False, id="on another machine"),
        pytest.param("", False, id="no name"),
        pytest.param(f"{MACHINE}..", False, id="no number"),
        pytest.param(f"{MACHINE}.../../etc.1", False, id="a number that is none"),
    ],
)
def test_who_has_died(name: str, died: bool) -> None:
    assert has_died(name) is died


def test_a_process_has_a_name_of_its_own_after_a_fork() -> None:
    # In one piece: what two processes print at the same moment may be mixed.
    words = (
        "import os; from bot.store.process_name import own_name; here = own_name(); child = os.fork(); "
        "os.write(1, f'{here} {own_name()}\\n'.encode()); child and os.wait()"
    )
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, cwd=os.getcwd())
    (first, of_first), (second, of_second) = (line.split() for line in told.stdout.splitlines())
    assert first == second and len({of_first, of_second}) == 2
    assert has_died(of_first) and has_died(of_second)
