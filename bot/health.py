"""What a process can reach at this moment, for /readyz and the launcher."""

from __future__ import annotations

from typing import Any

import structlog
from redis.exceptions import RedisError, ResponseError

from bot.app import Puente
from bot.store.database import is_current
from bot.store.errors import StoreError
from bot.store.redis_client import is_misnamed
from bot.store.sweeps import last_sweep

log = structlog.get_logger()


def readiness(puente: Puente) -> tuple[bool, dict[str, Any]]:
    """Whether turns have their memory, and each part by name. The model is told apart: answers go on without it.

    ``answers``: true, else what is wrong with the release in SQL; families get the last good one meanwhile.
    """
    parts: dict[str, Any] = {
        "redis": _redis(puente),
        "sql": _sql(puente),
        "nlu": puente.model.ready(None),
        "release": puente.release.number,
        "answers": puente.content.releases.damage or True,
        "paused": puente.conversation.paused() is not None,
    }
    if puente.settings.twilio_api_key:
        parts["copies"] = _copies(puente)
    return bool(parts["redis"] and parts["sql"]), parts


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
