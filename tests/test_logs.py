"""What may stand in a log: a table of values, errors of libraries with the real loggers, and processes that break."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from bot.logs import Telling, configure_logs, without_telling
from bot.message import Channel
from bot.settings import from_environment
from tests.canary.faults import KINDS
from tests.servers import REPOSITORY, free_port

SECRET = "zqxcanaryword +12025550142"

MAY_STAND = {
    "an event": "memory.unavailable",
    "a class": "StoreDown",
    "a place in the code": "sessions.py:1234",
    "a duty's name": "opt-outs mirror",
    "a code of the carrier": 30003,
    "an HTTP status": 403,
    "a time in seconds": 1.25,
    "yes or no": True,
    "nothing": None,
    "a word of ours": Channel.SMS,
    "a code without a file": "<string>:1",
}
TELLS = {
    "a number": "+12025550142",
    "its digits": "2025550142",
    "seven digits": "5550142",
    "seven digits as a number": 5550142,
    "a number as people write it": "(202) 555-0142",
    "a number with dots": "202.555.0142",
    "an e-mail address": "maria@example.org",
    "a contact key": "0123456789abcdef0123456789abcdef",
    "an HMAC in capitals": "0123456789ABCDEF" * 4,
    "the address of a sender": "10.0.0.17",
    "a sentence with an accent": "están aquí",
    "a long sentence": "they are at my door and I do not know what I should say to them now please help us",
    "several lines": "a\nb",
    "the text of an error": "KeyError('hola')",
    "bytes": b"hola",
    "a list": ["hola"],
    "an error": ValueError("hola"),
    "a whole form": {"Body": "hola"},
}


@pytest.mark.parametrize("name", MAY_STAND)
def test_a_name_of_the_code_stands(name: str) -> None:
    event = {"event": "x", "error": MAY_STAND[name]}
    assert without_telling(None, "", dict(event), strict=True) == event


@pytest.mark.parametrize("name", TELLS)
def test_what_tells_on_somebody_is_hidden_and_raises_in_tests(name: str) -> None:
    assert without_telling(None, "", {"event": "x", "error": TELLS[name]})["error"] == "?"
    with pytest.raises(Telling, match="'error'") as raised:
        without_telling(None, "", {"event": "x", "error": TELLS[name]}, strict=True)
    assert str(TELLS[name]) not in str(raised.value)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log of a production process."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    settings = from_environment({"ENVIRONMENT": "development"})
    configure_logs(settings)
    yield stream
    monkeypatch.undo()
    configure_logs(from_environment({"ENVIRONMENT": "test"}))


def test_an_event_is_written_with_its_known_keys_alone(log: io.StringIO) -> None:
    structlog.get_logger().warning("delivery.failed", code=30003, text=SECRET, error=SECRET)
    line = json.loads(log.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "delivery.failed", "code": 30003, "error": "?", "level": "warning"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("logger", ["sqlalchemy.engine", "redis", "urllib3.util.retry", "concurrent.futures"])
def test_a_library_that_logs_an_error_quotes_nothing(log: io.StringIO, kind: str, logger: str) -> None:
    try:
        raise KINDS[kind](SECRET)
    except Exception as error:
        logging.getLogger(logger).exception("it broke: %s", error)
        logging.getLogger(logger).warning("with %s", SECRET)
        expected = type(error).__name__
    first, second = log.getvalue().splitlines()
    assert first.startswith(f"ERROR {logger} {expected} ") and ".py:" in first.split()[-1]
    assert second == f"WARNING {logger}"


@pytest.mark.parametrize("nowhere", ["a full disk", "a reader who is gone", "a file that was closed"])
def test_a_log_that_cannot_be_written_keeps_nobody_from_an_answer(
    monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    with contextlib.ExitStack() as files:
        if nowhere == "a reader who is gone":
            reader, writer = os.pipe()
            os.close(reader)
            stream = files.enter_context(_quietly(open(writer, "w", buffering=1)))
        else:
            stream = files.enter_context(_quietly(open("/dev/full", "w", buffering=1)))
        if nowhere == "a file that was closed":
            with contextlib.suppress(OSError):
                stream.close()
        monkeypatch.setattr(sys, "stderr", stream)
        configure_logs(from_environment({"ENVIRONMENT": "test"}))
        structlog.get_logger().warning("memory.unavailable", error="StoreDown")
        logging.getLogger("a.library").error("it broke")
        monkeypatch.undo()
        configure_logs(from_environment({"ENVIRONMENT": "test"}))


@contextlib.contextmanager
def _quietly(stream: TextIO) -> Iterator[TextIO]:
    """A stream whose last words cannot be written either."""
    try:
        yield stream
    finally:
        with contextlib.suppress(OSError):
            stream.close()


def test_a_line_that_cannot_be_made_is_not_told_either(log: io.StringIO) -> None:
    logging.getLogger("a.library").warning("%d", SECRET)
    assert log.getvalue() == "WARNING a.library\n"


CRASHES = {
    "the process": "raise ValueError(SECRET)",
    "a thread": "import threading; t = threading.Thread(target=lambda: {}[SECRET]); t.start(); t.join()",
    "what nobody can catch": "class Dying:\n def __del__(self): raise ValueError(SECRET)\nDying()",
    "a warning": "import warnings; warnings.warn(SECRET)",
    "a chain of errors": "try: {}[SECRET]\nexcept KeyError as error: raise ValueError(SECRET) from error",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CRASHES)
def test_a_process_that_breaks_tells_class_and_place(name: str) -> None:
    code = f"from bot.crashes import hide_values; hide_values(); SECRET = {SECRET!r}\n{CRASHES[name]}"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=30
    )
    line = json.loads(done.stderr)
    assert line["error"] in ("ValueError", "KeyError", "UserWarning") and line["where"].startswith("<string>:")
    assert "zqx" not in done.stderr and "2025550142" not in done.stderr


BROKEN_REQUESTS = {
    "a line that is no request": f"{SECRET} HTTP/1.1\r\n\r\n",
    "a header that is none": f"GET / HTTP/1.1\r\nHost: x\r\n{SECRET}\r\n\r\n",
    "a bad method": "g@t-zqxcanaryword / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a bad version": "GET /zqxcanaryword HTTP/9.zqxcanaryword\r\nHost: x\r\n\r\n",
    "a bad length": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: zqxcanaryword\r\n\r\n",
    "a bad chunk": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzqxcanaryword\r\n",
    "an endless line": f"GET /{'zqxcanaryword' * 700} HTTP/1.1\r\n\r\n",
    "an app that breaks": "GET /boom?zqxcanaryword=12025550142 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}
APP = """
def app(environ, start_response):
    raise ValueError(environ["QUERY_STRING"] + environ["wsgi.input"].read().decode())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """gunicorn as the Procfile starts it, with an app that breaks, and the file of all it says."""
    folder = tmp_path_factory.mktemp("gunicorn")
    (folder / "tiny.py").write_text(APP)
    port, output = free_port(), folder / "output"
    command = [sys.executable, "-m", "gunicorn", "--config", str(REPOSITORY / "bot" / "gunicorn.py"), "tiny:app"]
    with output.open("wb") as file:
        environ = {"PATH": "/usr/bin:/bin", "PORT": str(port), "ENVIRONMENT": "test", "WEB_CONCURRENCY": "1", "PYTHONPATH": str(REPOSITORY)}
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=file, stderr=subprocess.STDOUT)
    try:
        give_up = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < give_up and process.poll() is None
                time.sleep(0.05)
        yield port, output
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN_REQUESTS)
def test_gunicorn_tells_neither_sender_nor_request(server: tuple[int, Path], name: str) -> None:
    port, output = server
    before = output.stat().st_size
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(BROKEN_REQUESTS[name].encode())
        caller.settimeout(10)
        while caller.recv(65536):
            pass
    give_up = time.monotonic() + 10
    while len(said := output.read_bytes()[before:].decode()) == 0 and time.monotonic() < give_up:
        time.sleep(0.05)
    assert "zqxcanary" not in said and "2025550142" not in said and "127.0.0.1" not in said
    (line,) = said.splitlines()
    assert "base:" in line and line.split()[-1][0].isupper(), "it is told where and by what class"
