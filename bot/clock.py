"""The bot's clock. Every expiry is decided by it; tests move it for all processes at once (PUENTE_CLOCK_FILE)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings


def clock_for(settings: Settings) -> Callable[[], float]:
    """Seconds since 1970. In the test environment a file may hold an offset in seconds; elsewhere it is never read."""
    file = os.environ.get("PUENTE_CLOCK_FILE") if settings.environment == "test" else None
    return (lambda: time.time() + _offset(Path(file))) if file else time.time


def _offset(path: Path) -> float:
    try:
        return float(path.read_text("ascii").strip() or 0)
    except (OSError, ValueError):
        return 0.0
