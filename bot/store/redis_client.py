"""One way to connect to Redis, and one to run a Lua script on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from bot.store.errors import StoreDown

CONNECT_SECONDS = 0.5
READ_SECONDS = 1.0

_LUA: Final = Path(__file__).parent / "lua"


def connect(redis_url: str) -> Redis:
    """A client for ``redis://``, ``rediss://`` or ``unix://``. Connects at its first command, so it never
    fails here.

    The client does not retry: a turn has four seconds, and whoever asks knows better what can be asked again.
    RESP2 without client info costs no handshake, and old managed servers speak it.
    """
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=READ_SECONDS,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )


@contextmanager
def redis_errors() -> Iterator[None]:
    """Turns every error of Redis into ``StoreDown``, without its text: that may hold a URL or a value."""
    try:
        yield
    except RedisError as error:
        raise StoreDown("redis", error) from None


def read_hash(redis: Redis, name: str) -> dict[str, str]:
    """All fields of a hash of texts. Raises what Redis raises."""
    held: Mapping[Any, Any] = redis.hgetall(name)
    return {key.decode(): value.decode() for key, value in held.items()}


class Script:
    """A Lua script of ``lua/``, sent by its SHA-1 and in full only to a server that does not know it yet."""

    def __init__(self, name: str) -> None:
        self.text = (_LUA / f"{name}.lua").read_text(encoding="utf-8")
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def run(self, redis: Redis, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        """Runs the script. ``keys`` must all lie in one cluster slot."""
        try:
            return redis.evalsha(self.sha, len(keys), *keys, *args)
        except NoScriptError:
            return redis.eval(self.text, len(keys), *keys, *args)

    def run_beside(
        self,
        redis: Redis,
        keys: Sequence[str],
        args: Sequence[str | bytes | int],
        *others: tuple[str | bytes | int, ...],
    ) -> tuple[Any, list[Any]]:
        """Runs the script and then the other commands in one round trip; the script's result and theirs."""
        pipe: Any = redis.pipeline(transaction=False)
        pipe.evalsha(self.sha, len(keys), *keys, *args)
        for command in others:
            pipe.execute_command(*command)
        first, *rest = pipe.execute(raise_on_error=False)
        if isinstance(first, NoScriptError):
            first = redis.eval(self.text, len(keys), *keys, *args)
        for result in (first, *rest):
            if isinstance(result, Exception):
                raise result
        return first, rest
