"""Who ends with whom, and that nobody is forgotten."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from bot.launch.offspring import descendants
from tests.launch.running import ROOT, command_of

# Two generations; the younger one is deaf and in a session of its own. Both note their process ids.
FAMILY = """
import os, subprocess, sys
child = '''
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "a").write(f"{os.getpid()}\\\\n")
time.sleep(600)
'''
subprocess.Popen([sys.executable, "-c", child, sys.argv[1]], start_new_session=True)
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)


def test_descendants_of_every_generation_are_found_and_strangers_are_not() -> None:
    child = subprocess.Popen(["sh", "-c", "sleep 600 & wait"], start_new_session=True)
    try:
        while not descendants(child.pid):
            time.sleep(0.01)
        (grandchild,) = descendants(child.pid)
        while not command_of(grandchild):  # between fork and exec a process has no command for a moment
            time.sleep(0.01)
        assert command_of(grandchild) in ("sleep 600", "sh -c sleep 600 & wait")
        assert child.pid in descendants(os.getpid()) and grandchild in descendants(os.getpid())
        assert os.getppid() not in descendants(os.getpid())
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def test_orphans_are_adopted_and_ended_even_the_deaf_ones(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    code = f"""
        import os, subprocess, sys, time
        from bot.launch import offspring
        offspring.adopt_orphans()
        subprocess.run([sys.executable, "-c", {FAMILY!r}, sys.argv[1]], check=True)
        while len(open(sys.argv[1]).readlines()) < 2: time.sleep(0.01)
        print(*offspring.descendants(os.getpid()))
        offspring.end_descendants(0.2)
        print(*offspring.descendants(os.getpid()))
    """
    before, after = run(code, str(notes)).stdout.split("\n")[:2]
    assert before in notes.read_text().split() and after == ""
    assert command_of(int(before)) == ""


def test_with_no_descendants_there_is_nothing_to_wait_for() -> None:
    code = "from bot.launch import offspring; offspring.adopt_orphans(); offspring.end_descendants(600)"
    assert run(code).stdout == ""


def test_who_was_tied_to_a_parent_that_is_gone_ends_at_once() -> None:
    code = "from bot.launch import offspring; offspring.end_with_parent(1); print('lives on')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "")
