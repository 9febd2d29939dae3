"""The client of the benchmarks: all is sent, all is answered, and a server that fails is not taken for a quick one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.load import Job, LoadError, request, run


class Echo(BaseHTTPRequestHandler):
    """Says again what it gets; ``/broken`` fails, ``/gone`` hangs up."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/gone":
            self.close_connection = True
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # In two parts: an answer need not come whole.
        self.wfile.write(body[:3])
        self.wfile.flush()
        self.wfile.write(body[3:])

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def bodies(answers: list[bytes]) -> list[bytes]:
    return sorted(answer.partition(b"\r\n\r\n")[2] for answer in answers)


@pytest.mark.parametrize("rate", [0.0, 500.0])
def test_everything_is_sent_once_and_answered(port: int, rate: float) -> None:
    wanted = [b"body %03d" % number for number in range(60)]
    scripts = [[request(port, "/", body, {}) for body in wanted[first::4]] for first in range(4)]
    told = run(Job(port, scripts, rate))
    assert bodies(told.answers) == wanted
    assert len(told.milliseconds) == 60 and min(told.milliseconds) > 0
    # Not before it is due.
    assert told.seconds >= 59 / rate if rate else told.rate > 0


@pytest.mark.parametrize("rate", [0.0, 500.0])
@pytest.mark.parametrize("path", ["/broken", "/gone"])
def test_a_server_that_fails_ends_the_measurement(port: int, path: str, rate: float) -> None:
    with pytest.raises(LoadError):
        run(Job(port, [[request(port, path, b"body", {})]], rate))
