"""Logs that cannot tell on a family: only keys of this list are written, and no value that may be a text, a number or an address."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any, TextIO, cast

import structlog

from bot.privacy import where_of
from bot.settings import Settings

ALLOWED = frozenset(
    {"timestamp", "level", "event", "error", "evidence", "where", "status", "code", "process", "moved", "release", "seconds"}
)
"""Where a key is wanted that is not here, think of what could ever stand in it."""

# Names of events, classes, files and processes are all of these letters; what people write seldom is, and is longer.
_PLAIN = re.compile(r"[A-Za-z0-9_.:/<>() -]{0,80}")
# A phone number in any spelling, a name under a key, the address of a sender.
_TELLING = re.compile(r"\d{7}|(?:\d[ ().-]{0,2}){10}|[0-9a-fA-F]{32}|\d{1,3}(?:\.\d{1,3}){3}")
_HIDDEN = "?"


class Telling(Exception):
    """A value that must not stand in a log was about to be written. ``key`` is where; the value is not told here either."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"the value of {key!r} may tell on somebody; log a name of the code's own instead")


class ByName(logging.Formatter):
    """A line of a library: level and name of the logger, and of an exception class and place. Its words may quote a value."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = f"{record.levelname} {record.name}"
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return f"{line} {type(error).__name__} {where_of(error)}" if error else line


class Unfailing:
    """The stream of the log, which may lie on a full disk or lead to nobody: what cannot be written is lost, and nothing else is.

    A line about a fault is written while a family is being answered.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As of any stream, but that it never fails."""
        # ValueError: it was closed.
        with suppress(OSError, ValueError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """As of any stream, but that it never fails."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure_logs(settings: Settings) -> None:
    """JSON lines on stderr; libraries from warnings on. A telling value is replaced by ``?``; in the test environment it
    raises ``Telling``."""
    # What fails to be logged would be printed with all its values.
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ByName())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            only_allowed,
            partial(without_telling, strict=settings.environment == "test"),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(sys.stderr))),
    )


def only_allowed(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every key that is not in ALLOWED."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def without_telling(
    logger: Any, name: str, event: MutableMapping[str, Any], strict: bool = False
) -> MutableMapping[str, Any]:
    """Puts ``?`` in the place of every value that may tell on somebody; ``strict`` raises ``Telling`` instead."""
    for key, value in event.items():
        if _tells(value):
            if strict:
                raise Telling(key)
            event[key] = _HIDDEN
    return event


def _tells(value: Any) -> bool:
    """Whether a value is anything but a short name of the code's own, or a short number."""
    if value is None or isinstance(value, bool):
        return False
    if not isinstance(value, str | int | float):
        return True
    text = str(value)
    return not _PLAIN.fullmatch(text) or bool(_TELLING.search(text))
