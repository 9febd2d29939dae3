"""The understanding model, asked over HTTP. The only module of the web tier that knows Rasa.

Every failure is the answer None: the bot then goes by digits, reserved words, urgent phrases and menus.
No text of a person ever stands in a log line or an exception of this module.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import secrets
import socket
import threading
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from urllib3 import HTTPConnectionPool, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProtocolError

from bot.intents.intent import UNKNOWN, Intent, Understanding
from bot.language import Language

MOST_CHARACTERS = 600
"""A longer text is cut: the model learned from messages, and one very long text would hold up everybody else's."""
FEWEST_LETTERS = 3
"""With fewer letters (``ok``, ``no``, a thumb) the model's guess at the language is chance."""
FAILURES = 3
"""After so many failures in a row a replica is left alone for ``REST`` seconds."""
REST = 2.0

_PORT = 5005
_LARGEST_ANSWER = 64 * 1024
_CONNECTIONS = 32  # kept open per replica; a thread beyond that opens and closes its own
_MAYAN = "mayan"  # what the model calls the others of K'iche's family, all together
_LANGUAGES = {language.value: language for language in Language}

log = structlog.get_logger()


class _Unanswered(Exception):
    """No usable answer. The message is a word of ours for why; ``alive``: something answered, if not as it should."""

    def __init__(self, why: str, alive: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.alive = alive


class _BoundedSocket(socket.socket):
    """A socket whose timeout bounds everything that is read until it is set again, not each single read.

    Otherwise a server that sends a byte now and then could hold a turn for ever.
    """

    _ends: float | None = None

    def settimeout(self, value: float | None) -> None:
        self._ends = None if value is None else time.monotonic() + value
        super().settimeout(value)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self._ends is not None:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            super().settimeout(left)
        return super().recv_into(*args, **kwargs)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        plain = self.sock
        timeout = plain.gettimeout()
        self.sock = _BoundedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        self.sock.settimeout(timeout)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _Replica:
    """One Rasa server: its open connections, and whether it is worth asking at this moment."""

    def __init__(self, url: str, token: str | None) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"RASA_URL must look like http://127.0.0.1:{_PORT}, not {url!r}")
        # Rasa takes its token nowhere else than in the query.
        self._query = f"?{urlencode({'token': token})}" if token else ""
        self._pool = _Pool(parts.hostname, parts.port or _PORT, maxsize=_CONNECTIONS)
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._trouble: str | None = None

    def awake(self) -> bool:
        """Whether to ask it now. After a rest one caller is let through, the others wait for what it finds."""
        with self._lock:
            now = time.monotonic()
            if now < self._rests_until:
                return False
            if self._failures >= FAILURES:
                self._rests_until = now + REST
            return True

    def answered(self) -> None:
        """It gave a usable answer."""
        with self._lock:
            was, self._trouble = self._trouble, None
            self._failures, self._rests_until = 0, 0.0
        if was:
            log.info("model.back", process="model")

    def failed(self, error: _Unanswered) -> None:
        """It gave none. Only silence makes it rest: an odd answer comes quickly and costs nothing."""
        with self._lock:
            was, self._trouble = self._trouble, error.why
            self._failures = 0 if error.alive else self._failures + 1
            if self._failures >= FAILURES:
                self._rests_until = time.monotonic() + REST
        if was != error.why:
            log.warning("model.unusable", process="model", error=error.why)

    def ask(self, method: str, path: str, seconds: float, body: bytes | None = None) -> Mapping[str, Any]:
        """The JSON object that it answers within so many seconds; ``_Unanswered`` for everything else."""
        deadline = time.monotonic() + seconds
        try:
            try:
                status, content = self._exchange(method, path, seconds, body)
            except ProtocolError:
                # A kept connection that the server has just closed, as after its restart. Once more on a new one.
                left = deadline - time.monotonic()
                if left <= 0:
                    raise
                status, content = self._exchange(method, path, left, body)
        except (HTTPError, OSError, ValueError) as error:
            raise _Unanswered(type(error).__name__) from None
        if status != 200:
            raise _Unanswered(f"status {status}", alive=True)
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            raise _Unanswered("not JSON", alive=True) from None
        if not isinstance(answer, dict):
            raise _Unanswered("not an object", alive=True)
        return answer

    def _exchange(self, method: str, path: str, seconds: float, body: bytes | None) -> tuple[int, bytes]:
        response = self._pool.urlopen(
            method,
            path + self._query,
            body=body,
            headers={"Content-Type": "application/json"} if body else {},
            timeout=Timeout(total=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        content = response.read(_LARGEST_ANSWER + 1)
        if len(content) > _LARGEST_ANSWER:
            response.close()
            return response.status, b""
        return response.status, content


class RasaClient:
    """Asks the model. Safe for threads; holds no state of any person.

    ``urls`` are the replicas; ``known`` the intents that this service has an answer for, all others are dropped;
    ``timeout`` is seconds for one whole call, connecting and every replica included. ``model`` is the file name of
    the model whose answers are believed (Rasa loads another one without a word when the named one is missing); None
    believes any. ``ValueError`` for an address that is not http.
    """

    def __init__(
        self,
        urls: Sequence[str],
        token: str | None,
        known: frozenset[str],
        timeout: float = 0.8,
        model: str | None = None,
    ) -> None:
        # Some of urllib3's lines name the address, and with it the token.
        for name in ("urllib3.connection", "urllib3.connectionpool"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self._replicas = tuple(_Replica(url, token) for url in urls)
        self._known = known
        self._timeout = timeout
        self._model = model
        self._turns = itertools.count()

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        """What the text means; None when no replica could say so within ``timeout`` seconds. Never raises."""
        words = _sendable(text)
        if not words:
            return UNKNOWN
        body = json.dumps({"text": words}).encode("ascii")
        deadline = time.monotonic() + (self._timeout if timeout is None else timeout)
        awake = [replica for replica in self._in_turn() if replica.awake()]
        for position, replica in enumerate(awake):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                # An equal share of what is left, so that one that hangs leaves time for the others.
                answer = replica.ask("POST", "/model/parse", left / (len(awake) - position), body)
                understanding = self._understanding(answer, words)
            except _Unanswered as error:
                replica.failed(error)
                continue
            replica.answered()
            return understanding
        return None

    def ready(self, expected_model: str | None) -> bool:
        """Whether a replica serves this model file (its name; None: any model). From then on only its answers are believed."""
        self._model = PurePath(expected_model).name if expected_model else self._model
        for replica in self._replicas:
            try:
                serves = replica.ask("GET", "/status", self._timeout).get("model_file")
            except _Unanswered:
                continue
            if isinstance(serves, str) and (self._model is None or PurePath(serves).name == self._model):
                replica.answered()
                return True
        return False

    def _in_turn(self) -> Sequence[_Replica]:
        first = next(self._turns) % max(1, len(self._replicas))
        return self._replicas[first:] + self._replicas[:first]

    def _understanding(self, answer: Mapping[str, Any], words: str) -> Understanding:
        if self._model is not None and answer.get("model") != self._model:
            raise _Unanswered("another model", alive=True)
        ranking = [
            Intent(name, confidence) for name, confidence in _ranked(answer, "intent_ranking") if name in self._known
        ]
        languages = _ranked(answer, "language_ranking")
        if sum(map(str.isalpha, words)) < FEWEST_LETTERS:
            languages = []
        return Understanding(
            tuple(ranking),
            tuple((_LANGUAGES[name], probability) for name, probability in languages if name in _LANGUAGES),
            sum(probability for name, probability in languages if name not in _LANGUAGES),
            sum(probability for name, probability in languages if name == _MAYAN),
        )


def _ranked(answer: Mapping[str, Any], key: str) -> list[tuple[str, float]]:
    """Names with their confidence, the likeliest first; ``_Unanswered`` when the answer has another shape."""
    ranking = answer.get(key)
    if not isinstance(ranking, list):
        raise _Unanswered(f"no {key}", alive=True)
    pairs = []
    for entry in ranking:
        name = entry.get("name") if isinstance(entry, dict) else None
        confidence = entry.get("confidence") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
            raise _Unanswered(f"odd {key}", alive=True)
        pairs.append((name, float(confidence)))
    return sorted(pairs, key=lambda pair: -pair[1])


def _sendable(text: str) -> str:
    """The text as it goes to Rasa: nothing invisible and no slash before it (``/intent`` would be a command), cut."""
    start = 0
    while start < len(text) and (
        text[start] == "/" or text[start].isspace() or unicodedata.category(text[start])[0] == "C"
    ):
        start += 1
    # A lone surrogate cannot be written as UTF-8, by us or by Rasa.
    return text[start : start + MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8").rstrip()


def shared_token(data_dir: Path) -> str:
    """The token between web and the model's server on one machine. Whoever asks first makes it; nlu/serve.py does the same."""
    path = data_dir / "rasa_token"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        # A link appears whole or not at all, and never replaces the token of somebody who was quicker.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()
