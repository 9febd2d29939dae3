"""The load: one process, one thread, plain sockets that stay open, so that the client takes little of what it shares.

What is sent is written beforehand, signatures included, and what comes back is looked at afterwards.
"""

from __future__ import annotations

import gc
import multiprocessing
import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

GIVE_UP = 60.0
"""Seconds for the whole of one job."""
IDLE = 2.0
"""Seconds. gunicorn closes a connection that was idle for five."""
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Job:
    """What is sent to a port of this machine.

    Without ``rate`` there is a connection for each of ``scripts``, which sends its next request as soon as it is answered. With
    a ``rate`` (requests a second) they all go out at even times, whether the earlier ones are answered or not, and the time of each
    counts from the moment at which it was due.
    """

    port: int
    scripts: Sequence[Sequence[bytes]]
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a job: ``milliseconds`` and ``answers`` (heads and bodies) in the order in which they were complete.

    ``busy``: seconds of the processor that the client itself took.
    """

    seconds: float
    busy: float
    milliseconds: list[float]
    answers: list[bytes] = field(repr=False)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def percentile(self, hundredth: int) -> float:
        """Milliseconds under which so many of a hundred answers came."""
        return quantiles(self.milliseconds, n=100, method="inclusive")[hundredth - 1]


class LoadError(Exception):
    """A server closed a connection, answered with another status than 200, or not at all."""


class _Line:
    """One connection."""

    def __init__(self, port: int, script: Sequence[bytes] = ()) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = deque(script)
        self.since = 0.0
        self.got = b""

    def send(self, request: bytes, since: float) -> None:
        self.got, self.since = b"", since
        self.socket.sendall(request)

    def read(self) -> bytes | None:
        """The answer, once it is whole."""
        more = self.socket.recv(65536)
        if not more:
            raise LoadError("a connection was closed")
        self.got += more
        head, found, body = self.got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if found else None
        if length is None or len(body) < int(length[1]):
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise LoadError(head[:60].decode("latin-1"))
        return self.got


def run(job: Job) -> Told:
    """Sends it all and returns when all is answered. Raises ``LoadError`` and ``OSError``."""
    gc.disable()
    try:
        busy, began = time.process_time(), time.perf_counter()
        pairs = list(_paced(job) if job.rate else _closed(job))
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    finally:
        gc.enable()
    return Told(seconds, busy, [each * 1000 for each, _ in pairs], [each for _, each in pairs])


def _closed(job: Job) -> Iterator[tuple[float, bytes]]:
    with selectors.DefaultSelector() as selector, ExitStack() as ends:
        for script in job.scripts:
            line = _Line(job.port, script)
            ends.enter_context(line.socket)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(line.left.popleft(), time.perf_counter())
        while selector.get_map():
            for line, answer in _answered(selector):
                now = time.perf_counter()
                yield now - line.since, answer
                if line.left:
                    line.send(line.left.popleft(), now)
                else:
                    selector.unregister(line.socket)
                    line.socket.close()


def _paced(job: Job) -> Iterator[tuple[float, bytes]]:
    requests = deque(request for script in job.scripts for request in script)
    began, sent, idle = time.perf_counter(), 0, deque[_Line]()
    with selectors.DefaultSelector() as selector, ExitStack() as ends:
        while requests or selector.get_map():
            due = began + sent / job.rate
            if requests and time.perf_counter() >= due:
                if (line := _open(idle)) is None:
                    line = _Line(job.port)
                    ends.enter_context(line.socket)
                selector.register(line.socket, selectors.EVENT_READ, line)
                line.send(requests.popleft(), due)
                sent += 1
                continue
            wait = max(0.0, due - time.perf_counter()) if requests else GIVE_UP
            if not selector.get_map():
                time.sleep(wait)
                continue
            for line, answer in _answered(selector, wait):
                yield time.perf_counter() - line.since, answer
                selector.unregister(line.socket)
                line.since = time.perf_counter()
                idle.append(line)


def _open(idle: deque[_Line]) -> _Line | None:
    """The line that was used last, unless it has been idle for so long that the server may be closing it just now."""
    line = idle.pop() if idle else None
    if line is None or time.perf_counter() - line.since < IDLE:
        return line
    for each in (line, *idle):
        each.socket.close()
    idle.clear()
    return None


def _answered(selector: selectors.BaseSelector, wait: float = GIVE_UP) -> list[tuple[_Line, bytes]]:
    ready = selector.select(wait)
    if not ready and wait == GIVE_UP:
        raise LoadError("no answer")
    found = ((key.data, key.data.read()) for key, _ in ready)
    return [(line, answer) for line, answer in found if answer is not None]


def request(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST as it goes over the wire."""
    lines = {"Host": f"127.0.0.1:{port}", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@contextmanager
def client() -> Iterator[Client]:
    """The process that sends."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield Client(pool)


@dataclass(frozen=True, slots=True)
class Client:
    """Runs jobs in the process that sends."""

    pool: ProcessPoolExecutor

    def run(self, job: Job) -> Told:
        """What came of it."""
        return self.pool.submit(run, job).result()
