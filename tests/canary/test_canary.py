"""A small canary: a dozen people write to the whole Procfile while its processes are killed. `make canary` is the large one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.launch.offspring import descendants
from tests.canary import places
from tests.canary.report import HEAD, put, section
from tests.canary.running import Result, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("tree"), count=12, seed=5, few=True)


def test_nothing_of_anybody_is_found_and_dead_keys_open_nothing(result: Result) -> None:
    assert result.faults == []


def test_there_was_something_to_find(result: Result) -> None:
    assert result.tally.sent > 200 and result.tally.statuses["/messages 200"] > 100
    assert len(result.tally.flows) > 15
    assert result.death.sealed == result.death.opened_before == 9
    assert result.death.matched_before == 12
    assert result.planted == 3
    read = {each.name: each.size for each in result.before if each.read}
    assert all(read[name] for name in ("files in its tree", "rows of its databases", "keys and values of Redis"))


def test_the_report_says_what_was_measured(result: Result) -> None:
    text = section(result, "a command", "2026-11-23 00:00 UTC", "0123456789ab")
    assert "**0 hits, 0 decryptions after the death of the keys**." in text
    assert "| files in its tree | " in text


HOLDER = "import sys; held = sys.argv[1].encode() * 9; freed = bytearray(held); del freed; print(flush=True); sys.stdin.read()"


@pytest.fixture
def holder() -> Iterator[int]:
    """A process that holds a word in its memory."""
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLDER, "zqxmemory"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holding.stdout and holding.stdin
    holding.stdout.readline()
    yield holding.pid
    holding.stdin.close()
    holding.stdout.close()
    holding.wait(20)


def test_the_memory_of_a_process_is_read(holder: int) -> None:
    assert not descendants(holder)
    try:
        assert any(b"zqxmemoryzqxmemory" in data for _, data in places.memory_of(holder))
    except PermissionError:
        pytest.skip("this machine lets nobody read the memory of a process; the canary says so in its table")


def test_a_section_replaces_its_own_alone(tmp_path: Path) -> None:
    page = put("", "One", "## One\n\nfirst\n")
    page = put(page, "Two", "## Two\n\nsecond\n")
    page = put(page, "One", "## One\n\nthird \\1\n")
    assert page == f"{HEAD.rstrip()}\n\n## One\n\nthird \\1\n\n## Two\n\nsecond\n"
