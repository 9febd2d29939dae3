"""What a process can reach at this moment, for /readyz and the launcher."""

from __future__ import annotations

from typing import Any

from redis.exceptions import RedisError

from bot.app import Puente
from bot.store.database import is_current
from bot.store.errors import StoreError
from bot.store.sweeps import last_sweep


def readiness(puente: Puente) -> tuple[bool, dict[str, Any]]:
    """Whether turns have their memory, and each part by name. The model is told apart: answers go on without it."""
    parts: dict[str, Any] = {
        "redis": _redis(puente),
        "sql": _sql(puente),
        "nlu": puente.model.ready(None),
        "release": puente.release.number,
        "paused": puente.conversation.paused() is not None,
    }
    if puente.settings.twilio_api_key:
        parts["copies"] = _copies(puente)
    return bool(parts["redis"] and parts["sql"]), parts


def _redis(puente: Puente) -> bool:
    try:
        return bool(puente.redis.ping())
    except RedisError:
        return False


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
