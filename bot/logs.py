"""Logs that cannot tell on a family: only keys of this list are written, never a text, a number or an address."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.settings import Settings

ALLOWED = frozenset(
    {"timestamp", "level", "event", "error", "where", "status", "code", "process", "moved", "release", "seconds"}
)


def configure_logs(settings: Settings) -> None:
    """JSON lines on stderr; libraries from warnings on. Exceptions are written as class and line, without values."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def only_allowed(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every key that is not in ALLOWED."""
    return {key: value for key, value in event.items() if key in ALLOWED}
