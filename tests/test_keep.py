"""bot.keep with real commands: what it starts again, what it passes on, and what it never leaves behind."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from bot import keep
from bot.launch.offspring import descendants
from tests.launch.running import ROOT, command_of, free_port

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

PATIENCE = 20.0

# Notes its process id and whatever signal it gets, then sleeps.
LISTENER = """
import os, signal, sys, time

def note(text):
    with open(sys.argv[1], "a") as notes: notes.write(text + "\\n")
for name in ("SIGHUP", "SIGUSR1", "SIGUSR2"):
    signal.signal(getattr(signal, name), lambda number, frame: note(signal.Signals(number).name))
note(str(os.getpid()))
while True: time.sleep(1)
"""


T = TypeVar("T")


def until(look: Callable[[], T], what: str) -> T:
    """The first true answer of ``look``."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.02)
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Kept:
    """One keeper and its command, with what they print in a file."""

    def __init__(self, folder: Path, script: str, *arguments: str, settings: str = "", cwd: Path = ROOT) -> None:
        self.notes = folder / "notes"
        self.notes.touch()
        program = folder / "program.py"
        program.write_text(textwrap.dedent(script))
        self._start(folder, ["--", sys.executable, str(program), str(self.notes), *arguments], settings, cwd)

    def _start(self, folder: Path, words: list[str], settings: str, cwd: Path) -> None:
        # The keeper's patience is a constant; a test that waits for it sets a shorter one first.
        code = f"import sys; from bot import keep; {settings or 'pass'}; sys.exit(keep.main(sys.argv[1:]))"
        self._output = folder / "output"
        environ = {**os.environ, "HONCHO_PROCESS_NAME": "nlu.1", "PYTHONPATH": str(ROOT)}
        with open(self._output, "wb") as output:
            self.keeper = subprocess.Popen(
                [sys.executable, "-c", code, *words], cwd=cwd, env=environ, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> list[str]:
        return [line for line in self._output.read_text().splitlines() if line.startswith("keep: ")]

    @property
    def noted(self) -> list[str]:
        return self.notes.read_text().split()

    def wait_for_notes(self, count: int) -> list[str]:
        until(lambda: len(self.noted) >= count, f"{count} notes in {self.noted}, said {self._output.read_text()}")
        return self.noted

    def ended(self) -> int:
        return self.keeper.wait(PATIENCE)


class Command(Kept):
    """A keeper of any command line."""

    def __init__(self, folder: Path, *command: str, settings: str = "", cwd: Path = ROOT) -> None:
        self._start(folder, ["--", *command], settings, cwd)


class Keeping(Kept):
    """A keeper with any words of its own command line."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._start(folder, list(words), "", ROOT)


@pytest.fixture
def keepers() -> Iterator[list[Kept]]:
    """Keepers to stop when the test is over, however it ends."""
    started: list[Kept] = []
    yield started
    for each in started:
        below = descendants(each.keeper.pid)
        each.keeper.kill()
        each.keeper.wait()
        for process in below:
            if alive(process):
                os.kill(process, signal.SIGKILL)


@pytest.fixture
def listener(tmp_path: Path, keepers: list[Kept]) -> Kept:
    kept = Kept(tmp_path, LISTENER)
    keepers.append(kept)
    kept.wait_for_notes(1)
    return kept


def test_a_killed_command_is_started_again_and_said_in_words(listener: Kept) -> None:
    first = int(listener.noted[0])
    os.kill(first, signal.SIGKILL)
    second = int(listener.wait_for_notes(2)[1])
    assert alive(second) and not alive(first)
    assert listener.said == ["keep: nlu ended (killed by signal 9), starting it again in 0.2 s"]


def test_the_delay_doubles_from_death_to_death(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Kept(tmp_path, "raise SystemExit(3)", settings="keep.LONGEST_DELAY, keep.STEADY = 0.5, 3600"))
    until(lambda: len(kept.said) >= 4, "four deaths")
    assert [re.search(r"in (\S+) s$", line)[1] for line in kept.said[:4]] == ["0.2", "0.4", "0.5", "0.5"]
    assert "(exit code 3)" in kept.said[0]


def test_after_a_steady_life_the_delay_begins_again(tmp_path: Path, keepers: list[Kept]) -> None:
    script = "import time; time.sleep(0.3); raise SystemExit(3)"
    keepers.append(kept := Kept(tmp_path, script, settings="keep.STEADY = 0.2"))
    until(lambda: len(kept.said) >= 3, "three deaths")
    assert {re.search(r"in (\S+) s$", line)[1] for line in kept.said} == {"0.2"}


def test_a_command_with_nothing_more_to_do_leaves_its_keeper_waiting(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Kept(tmp_path, "pass"))
    until(lambda: kept.said, "that it is done")
    kept.keeper.send_signal(signal.SIGHUP)  # there is nobody to pass it on to
    with pytest.raises(subprocess.TimeoutExpired):
        kept.keeper.wait(0.5)
    assert kept.said == ["keep: nlu has nothing more to do"]
    kept.keeper.terminate()
    assert kept.ended() == 0


def test_a_configuration_error_ends_the_keeper_with_the_same_code(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Kept(tmp_path, f"raise SystemExit({keep.CONFIGURATION_ERROR})"))
    assert kept.ended() == keep.CONFIGURATION_ERROR == os.EX_CONFIG
    assert kept.said == ["keep: nlu says that its settings cannot be used. Giving up until they are changed"]


def test_a_program_that_is_not_there_is_a_configuration_error(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Command(tmp_path, "/nowhere/python", "serve.py"))
    assert kept.ended() == keep.CONFIGURATION_ERROR
    assert kept.said == ["keep: cannot start nlu: /nowhere/python: No such file or directory. Giving up"]


@pytest.mark.parametrize("signum", sorted(keep.PASSED_ON), ids=lambda signum: signum.name)
def test_a_signal_is_passed_on(signum: signal.Signals, listener: Kept) -> None:
    listener.keeper.send_signal(signum)
    assert listener.wait_for_notes(2)[1] == signum.name
    assert alive(int(listener.noted[0]))


@pytest.mark.parametrize("signum", sorted(keep.STOP), ids=lambda signum: signum.name)
def test_told_to_stop_once_or_twice_it_stops_the_command_and_ends(signum: signal.Signals, listener: Kept) -> None:
    listener.keeper.send_signal(signum)
    listener.keeper.send_signal(signum)
    assert listener.ended() == 0
    assert not alive(int(listener.noted[0]))
    assert listener.said == []


def test_told_to_stop_between_two_starts_it_ends(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Kept(tmp_path, "raise SystemExit(3)", settings="keep.FIRST_DELAY = 600"))
    until(lambda: kept.said, "a death")
    kept.keeper.terminate()
    assert kept.ended() == 0


def test_a_command_that_does_not_stop_is_killed(tmp_path: Path, keepers: list[Kept]) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + textwrap.dedent(LISTENER)
    keepers.append(kept := Kept(tmp_path, deaf, settings="keep.STOP_SECONDS = 0.2"))
    process = int(kept.wait_for_notes(1)[0])
    kept.keeper.terminate()
    assert kept.ended() == 0
    assert not alive(process)
    assert kept.said == ["keep: nlu does not stop, killing it"]


def test_a_keeper_stays_within_the_time_that_honcho_gives_it() -> None:
    from honcho import manager

    assert keep.STOP_SECONDS < manager.KILL_WAIT


# Starts two processes in sessions of their own, one of them deaf, that hold its port; then waits for its death.
PARENT = """
import os, signal, socket, subprocess, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[2])))
server.listen()
os.set_inheritable(server.fileno(), True)
for trap in ("signal.SIG_DFL", "signal.SIG_IGN"):
    code = f"import os, signal, sys, time; signal.signal(signal.SIGTERM, {trap}); " \\
        "open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", code, sys.argv[1]], close_fds=False, start_new_session=True)
while True: time.sleep(1)
"""


def test_what_a_dead_command_leaves_behind_is_ended_before_the_next_start(tmp_path: Path, keepers: list[Kept]) -> None:
    keepers.append(kept := Kept(tmp_path, PARENT, str(free_port())))
    strays = [int(each) for each in kept.wait_for_notes(2)]
    (parent,) = [each for each in descendants(kept.keeper.pid) if each not in strays]
    os.kill(parent, signal.SIGKILL)
    again = [int(each) for each in kept.wait_for_notes(4)[2:]]  # it could bind its port at the first try
    assert not any(alive(each) for each in strays)
    assert all(alive(each) for each in again)
    assert len(kept.said) == 1
    kept.keeper.terminate()
    assert kept.ended() == 0
    assert not any(alive(each) for each in again)


def test_when_the_keeper_is_killed_its_command_ends(listener: Kept) -> None:
    command = int(listener.noted[0])
    listener.keeper.kill()
    until(lambda: not alive(command), "the command's end")


def test_when_the_keepers_parent_is_killed_both_end(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(LISTENER)
    notes = tmp_path / "notes"
    kept = [sys.executable, "-m", "bot.keep", "--", sys.executable, str(program), str(notes)]
    code = "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"
    parent = subprocess.Popen([sys.executable, "-c", code, *kept], cwd=ROOT)
    until(lambda: notes.exists() and notes.read_text(), "the command's start")
    below = descendants(parent.pid)
    try:
        assert len(below) == 2
        parent.kill()
        parent.wait()
        until(lambda: not any(map(alive, below)), "the end of both")
    finally:
        for process in filter(alive, below):
            os.kill(process, signal.SIGKILL)


# Prints the names of its variables and its limit of a core file.
TELLTALE = """
import os, resource, sys
with open(sys.argv[1], "a") as notes:
    print(*sorted(os.environ), resource.getrlimit(resource.RLIMIT_CORE), sep="\\n", file=notes)
"""


def test_only_what_is_named_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keepers: list[Kept]) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "DATABASE_URL", "MASTER_KEY_FILE", "RASA_TOKEN", "DATA_DIR"):
        monkeypatch.setenv(name, "secret")
    program = tmp_path / "program.py"
    program.write_text(TELLTALE)
    notes = tmp_path / "notes"
    words = ["--only", "DATA_DIR, RASA_TOKEN,NOT_SET", "--", sys.executable, str(program), str(notes)]
    keepers.append(kept := Keeping(tmp_path, *words))
    until(lambda: kept.said, "that it is done")
    names = set(notes.read_text().splitlines())
    assert {"DATA_DIR", "RASA_TOKEN", "PATH"} <= names
    assert not names & {"TWILIO_AUTH_TOKEN", "DATABASE_URL", "MASTER_KEY_FILE", "NOT_SET", "PYTHONPATH"}


def test_no_core_file_is_written(tmp_path: Path, keepers: list[Kept]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    keepers.append(kept := Kept(tmp_path, TELLTALE))
    until(lambda: kept.said, "that it is done")
    assert "(0, 0)" in kept.notes.read_text()
    keepers.append(kept := Kept(tmp_path, "import os; os.chdir(os.path.dirname(__file__)); os.abort()"))
    until(lambda: kept.said, "its death")
    assert "killed by signal 6" in kept.said[0]
    assert not list(tmp_path.glob("core*"))


@pytest.mark.parametrize(
    "arguments",
    [[], ["--"], ["sleep", "1"], ["--only", "PATH"], ["--only", "PATH", "sleep", "1"], ["--only"]],
    ids=["nothing", "no command", "no dashes", "only names", "names and no dashes", "no names"],
)
def test_wrong_use_is_said(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert keep.main(arguments) == keep.USAGE
    assert "Usage: python -m bot.keep [--only NAME,NAME] -- COMMAND" in capfd.readouterr().err


APP = """
import os, time

def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        open(os.environ["SLOW"], "w").close()
        time.sleep(0.7)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered"]
"""


@pytest.fixture
def gunicorn(tmp_path: Path, keepers: list[Kept], monkeypatch: pytest.MonkeyPatch) -> tuple[Kept, str]:
    """gunicorn with the settings of the Procfile, a tiny app, and its address."""
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.setenv("SLOW", str(tmp_path / "slow"))
    (tmp_path / "tiny.py").write_text(APP)
    server = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "bot" / "gunicorn.py"), "tiny:app"]
    keepers.append(kept := Command(tmp_path, *server, cwd=tmp_path))
    url = f"http://127.0.0.1:{port}/"
    until(lambda: answers(url), "an answer")
    return kept, url


# Loopback is never reached through a proxy.
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str) -> bool:
    try:
        with direct.open(url, timeout=5) as answer:
            return bool(answer.read() == b"answered")
    except (urllib.error.URLError, ConnectionError):
        return False


def test_a_killed_gunicorn_master_is_back_and_its_old_workers_are_gone(gunicorn: tuple[Kept, str]) -> None:
    kept, url = gunicorn
    master, *workers = until(lambda: len(b := descendants(kept.keeper.pid)) == 3 and b, "a master and two workers")
    os.kill(master, signal.SIGKILL)
    until(lambda: kept.said, "the keeper's word")
    until(lambda: answers(url), "an answer from the new master")
    assert not any(map(alive, (master, *workers)))
    assert kept.said == ["keep: nlu ended (killed by signal 9), starting it again in 0.2 s"]
    new = until(lambda: len(b := descendants(kept.keeper.pid)) == 3 and b, "a master and two workers")
    assert all("gunicorn" in command_of(each) for each in new)


@pytest.mark.parametrize("victim", ["the keeper's word", "a killed master"])
def test_a_request_that_is_being_answered_is_answered(gunicorn: tuple[Kept, str], tmp_path: Path, victim: str) -> None:
    kept, url = gunicorn
    host = url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host[0], int(host[1])), timeout=10) as asking:
        asking.sendall(b"GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        until((tmp_path / "slow").exists, "the request's arrival")
        if victim == "a killed master":
            os.kill(descendants(kept.keeper.pid)[0], signal.SIGKILL)
        else:
            kept.keeper.terminate()
        assert b"answered" in b"".join(iter(lambda: asking.recv(4096), b""))
