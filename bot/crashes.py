"""What a process prints when it breaks: the class of the error and where it arose, never its message or the values in it.

Python's own words would quote both, and with them what a person wrote. For the processes that face families; the
commands of the terminal keep Python's words. Standard library only.
"""

from __future__ import annotations

import json
import sys
import threading
import warnings
from typing import Any

from bot.privacy import where_of


def hide_values() -> None:
    """From now on errors that nobody caught, in any thread, and warnings are told on stderr by class and place alone."""
    sys.excepthook = lambda kind, error, _trace: _tell("process.crashed", kind, error)
    threading.excepthook = lambda args: _tell("thread.crashed", args.exc_type, args.exc_value)
    sys.unraisablehook = lambda args: _tell("error.lost", args.exc_type, args.exc_value)
    warnings.showwarning = _warned


def _tell(event: str, kind: type[BaseException] | None, error: BaseException | None) -> None:
    where = where_of(error) if error is not None else "?"
    _write({"event": event, "error": kind.__name__ if kind else "?", "where": where, "level": "critical"})


def _warned(
    message: Any, category: type[Warning], filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    where = f"{filename.rsplit('/', 1)[-1]}:{lineno}"
    _write({"event": "warning", "error": category.__name__, "where": where, "level": "warning"})


def _write(line: dict[str, str]) -> None:
    if sys.stderr is not None:
        print(json.dumps(line, sort_keys=True), file=sys.stderr, flush=True)
