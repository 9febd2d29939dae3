"""Faults at every line: an app whose code breaks at one chosen line, with an error that quotes what a person wrote."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import psycopg
from redis.exceptions import ResponseError
from sqlalchemy.exc import IntegrityError

from bot.settings import REPOSITORY

WHERE = (
    "webhook.py",
    "bot/conversation.py",
    "bot/session.py",
    "bot/privacy.py",
    "bot/store/",
    "bot/engine/",
    "bot/channels/",
    "bot/intents/",
    "bot/scripts/reply.py",
    "bot/wording/",
)
"""The files through which a message passes. The directory is left out: it looks at thousands of places, and knows no person."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line of our code, within the function that stands there."""

    file: str
    number: int
    function: str


def _json_error(secret: str) -> Exception:
    try:
        json.loads('{"text": ' + secret)
    except json.JSONDecodeError as error:
        error.args = (f"{error.args[0]} in {error.doc}",)
        return error
    raise AssertionError("that was JSON")


def _sql_error(secret: str) -> Exception:
    cause = psycopg.errors.UniqueViolation(f"duplicate key\nDETAIL: Key (contact)=({secret}) already exists.")
    return IntegrityError("INSERT INTO opt_outs VALUES (:key)", {"key": secret}, cause)


KINDS: dict[str, Callable[[str], Exception]] = {
    "a plain error": RuntimeError,
    "a missing key": KeyError,
    "text that is no UTF-8": lambda secret: UnicodeDecodeError("utf-8", secret.encode() + b"\xff", 0, 1, secret),
    "JSON that is none": _json_error,
    "SQLAlchemy with its parameters": _sql_error,
    "psycopg with its detail": lambda secret: psycopg.errors.CheckViolation(
        f"DETAIL: Failing row contains ({secret})."
    ),
    "Redis quoting a command": lambda secret: ResponseError(f"unknown command, with args beginning with: {secret}"),
    "a file's name": lambda secret: OSError(2, "No such file", secret),
}
"""Errors as our libraries raise them; each of them quotes what it was given."""


@functools.cache
def _file(code: CodeType) -> str | None:
    """The file of this code, if a message passes through it."""
    root = f"{REPOSITORY}/"
    inside = code.co_filename.removeprefix(root) if code.co_filename.startswith(root) else ""
    return inside if inside.startswith(WHERE) else None


@contextmanager
def traced(seen: Callable[[Line], None], function: str | None = None) -> Iterator[None]:
    """Calls ``seen`` before each line of ours that this thread executes, or each of one function. What it raises is raised
    there, and ends the tracing."""

    def every_line(frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            seen(Line(str(_file(frame.f_code)), frame.f_lineno, frame.f_code.co_qualname))
        return every_line

    def every_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        wanted = _file(frame.f_code) is not None and function in (None, frame.f_code.co_qualname)
        return every_line if wanted else None

    before = sys.gettrace()
    sys.settrace(every_call)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def broken_at(line: Line, error: Exception) -> Iterator[None]:
    """Raises the error when that line is first executed in the block."""

    def seen(here: Line) -> None:
        if here == line:
            raise error

    with traced(seen, line.function):
        yield
