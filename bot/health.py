"""What a process can reach at this moment: for /readyz, the launcher, and the figures of /metrics.

``CHECKS`` decide whether it is ready. Redis, the model and the carrier do not: without them families are answered all the
same, less well. So who balances load asks /healthz; who deploys, and who is to be woken, asks /readyz.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from redis.exceptions import RedisError, ResponseError

from bot.app import Puente
from bot.scripts.fact import OLDEST_RELEASE
from bot.store.beats import newest_beat
from bot.store.database import is_current
from bot.store.errors import StoreError
from bot.store.redis_client import is_misnamed
from bot.store.sweeps import last_sweep

CHECKS = ("release", "sql", "disk", "clock")
"""What a process must have to be ready: answers as they were published, the database as this code wants it, room on the disk
of DATA_DIR, and a clock that can be right."""

FREE_SHARE, FREE_BYTES = 0.10, 1 << 30
"""A disk is full when less than a tenth of it and less than this is free (of a large disk a tenth is much)."""
CLOCK_SECONDS = 60.0
"""So far may the clock of this machine lie behind what another process wrote a moment ago."""

log = structlog.get_logger()


def readiness(puente: Puente) -> tuple[bool, dict[str, Any]]:
    """Whether it is ready, and each part by name, told apart from what only degrades.

    ``release``: the name of what families get, false where nothing that fits its seal could be read. ``answers``: true, else
    what is wrong with the release, the directory or the withdrawals in SQL; families get what was good last.
    """
    parts: dict[str, Any] = {
        "redis": _redis(puente),
        "sql": _sql(puente),
        "disk": has_room(puente.settings.data_dir),
        "clock": _clock(puente),
        "nlu": puente.model.ready(None),
        "release": _release(puente),
        "answers": puente.content.damage or True,
        "paused": puente.conversation.paused() is not None,
    }
    if puente.settings.twilio_api_key:
        parts["copies"] = _copies(puente)
    return all(parts[name] for name in CHECKS), parts


def for_strangers(parts: Mapping[str, Any]) -> dict[str, bool | None]:
    """The same without its details: what is wrong says more of an installation than who is not known may learn."""
    # A detail is a name where the part is well, and else words for what is wrong.
    well = {"release"}
    return {
        name: bool(part) if name in well else part if part is None else part is True for name, part in parts.items()
    }


def shows_token(token: str, header: str) -> bool:
    """Whether an Authorization header shows this token. Without a token nobody does."""
    scheme, _, shown = header.partition(" ")
    right = hmac.compare_digest(shown.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and right


def has_room(folder: Path) -> bool:
    """Whether the disk under this folder has room for the database, the releases and the key store."""
    return free_share(folder) >= FREE_SHARE or _free_bytes(folder) >= FREE_BYTES


def free_share(folder: Path) -> float:
    """The part of the disk that is free, 0 to 1; of bytes or of files, whichever is less. 0 where nobody can look."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0.0
    bytes_free = disk.f_bavail / disk.f_blocks if disk.f_blocks else 0.0
    # Some file systems count no files.
    return min(bytes_free, disk.f_favail / disk.f_files) if disk.f_files else bytes_free


def _free_bytes(folder: Path) -> int:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    # Without a file that could be made, free bytes are of no use.
    return disk.f_bavail * disk.f_frsize if not disk.f_files or disk.f_favail > 0 else 0


def _release(puente: Puente) -> str | bool:
    """Its name. False while something was published and this process has none that fits its seal: it answers with its own files."""
    current = puente.content.releases
    return False if current.damage and not current.number else puente.release.number


def _clock(puente: Puente) -> bool:
    """Whether the clock can be right: neither before the release, nor long after it, nor behind what the worker just wrote."""
    now, released = puente.conversation.clock(), puente.release.released
    if not released <= datetime.fromtimestamp(now, UTC).date() <= released + OLDEST_RELEASE:
        return False
    try:
        beat = newest_beat(puente.redis)
    except StoreError:
        # Nobody to compare with.
        return True
    return beat is None or beat - now <= CLOCK_SECONDS


def _redis(puente: Puente) -> bool:
    try:
        return bool(puente.redis.ping()) and not _misnamed(puente)
    except RedisError:
        return False


def _misnamed(puente: Puente) -> bool:
    """A cluster under a URL for one server: it greets, and refuses most people."""
    try:
        misnamed = is_misnamed(puente.redis)
    except ResponseError:
        # Not every managed server tells.
        return False
    if misnamed:
        log.error("redis.is_a_cluster", error="REDIS_URL needs the spelling for a cluster")
    return misnamed


def _copies(puente: Puente) -> bool | str | None:
    """Whether the last deletion at the carrier went well, else why not; None while there was none."""
    try:
        sweep = last_sweep(puente.redis)
    except StoreError:
        return None
    return (sweep.error or True) if sweep else None


def _sql(puente: Puente) -> bool:
    try:
        return is_current(puente.engine)
    except StoreError:
        return False
