"""One way to connect to Redis, and one to run a Lua script on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from bot import patience
from bot.store.cluster_nodes import is_cluster, parse_cluster_url
from bot.store.errors import StoreDown
from bot.store.redis_cluster import Cluster
from bot.store.redis_one import OneRedis

CONNECT_SECONDS = 0.5
READ_SECONDS = 1.0

_LUA: Final = Path(__file__).parent / "lua"

Word = str | bytes | int
"""A word of a command: of a name, or of a value."""


def connect(redis_url: str) -> Redis:
    """A client for ``redis://``, ``rediss://`` or ``unix://``, or for a cluster: ``redis+cluster://host:port,host:port``,
    with TLS ``rediss+cluster://``. Connects at its first command, so it never fails here but with ``ValueError`` for what is
    no such URL.

    The client does not retry: a turn has four seconds, and whoever asks knows better what can be asked again.
    RESP2 without client info costs no handshake, and old managed servers speak it.
    """
    options: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": READ_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        "driver_info": None,
    }
    if is_cluster(redis_url):
        nodes, told = parse_cluster_url(redis_url)
        return Cluster(nodes, **{**options, **told})
    return OneRedis.from_url(redis_url, **options)


class redis_errors(patience.asking):
    """Turns every error of Redis into ``StoreDown``, without its text: that may hold a URL or a value.

    In a turn whose time does not allow for it Redis is not asked, which is ``StoreDown`` as well.
    """

    def __init__(self) -> None:
        super().__init__("redis", CONNECT_SECONDS + READ_SECONDS, RedisError)

    def __enter__(self) -> None:
        try:
            super().__enter__()
        except patience.Spent as error:
            raise StoreDown("redis", error) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, (RedisError, patience.Spent)):
            raise StoreDown("redis", error) from None


def nodes_of(redis: Redis) -> list[Redis]:
    """Each server behind a client, those of a cluster that only hold a copy too. Raises what Redis raises."""
    return redis.nodes() if isinstance(redis, Cluster) else [redis]


def is_misnamed(redis: Redis) -> bool:
    """Whether a client for one server speaks to a node of a cluster, which refuses most of what it asks. Raises what Redis raises."""
    if isinstance(redis, Cluster):
        return False
    told: Any = redis.info("cluster")
    return bool(told.get("cluster_enabled"))


def read_hash(redis: Redis, name: str) -> dict[str, str]:
    """All fields of a hash of texts. Raises what Redis raises."""
    held: Mapping[Any, Any] = redis.hgetall(name)
    return {key.decode(): value.decode() for key, value in held.items()}


class _Sent:
    """The text of a script, sent by its SHA-1 and in full only to a server that does not know it yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def run(self, redis: Redis, keys: Sequence[str], args: Sequence[Word]) -> Any:
        """Runs it. ``keys`` must all lie in one cluster slot."""
        try:
            return _asked(redis, "EVALSHA", self.sha, len(keys), *keys, *args)
        except NoScriptError:
            return _asked(redis, "EVAL", self.text, len(keys), *keys, *args)


class Script(_Sent):
    """A Lua script of ``lua/``."""

    def __init__(self, name: str) -> None:
        super().__init__((_LUA / f"{name}.lua").read_text(encoding="utf-8"))
        # By what it is sent with: what a turn asks, and the few numbers of counts that a turn may have.
        self._with = lru_cache(maxsize=64)(self._joined)

    def run_beside(
        self, redis: Redis, keys: Sequence[str], args: Sequence[Word], *others: tuple[Word, ...]
    ) -> tuple[Any, list[Any]]:
        """Runs the script and then the other commands, each a verb, its one key and other words; its result and theirs. A script
        that returns 0 has not done its work: then none of the others runs.

        One server is sent all of it as one script. On a cluster the others lie on any node: they are asked once the script has
        run, of all nodes at once, one round trip more. What a node that is down holds comes back as the exception.
        """
        if not isinstance(redis, Cluster):
            names, words = [*keys], [*args]
            for command in others:
                names.append(str(command[1]))
                words += command[2:]
            joined = self._with(len(keys), len(args), tuple([(str(command[0]), len(command) - 2) for command in others]))
            first, *answers = joined.run(redis, names, words)
            return first, answers
        first = self.run(redis, keys, args)
        if first == 0 or not others:
            return first, []
        pipe: Any = redis.pipeline(transaction=False)
        for command in others:
            pipe.execute_command(*command)
        return first, pipe.execute(raise_on_error=False)

    def _joined(self, keys: int, args: int, others: Sequence[tuple[str, int]]) -> _Sent:
        """This script, of so many keys and args, and commands behind it: of each the verb, and how many words it has beside its key.
        Their keys and words come after the script's own. All GETs are one MGET before the others: out of Lua and back is a longer way
        than a short command itself.
        """
        lines = [f"local answers = {{script(KEYS, {{unpack(ARGV, 1, {args})}})}}", "if answers[1] == 0 then return answers end"]
        got = [f"KEYS[{keys + place}]" for place, (verb, _) in enumerate(others, start=1) if verb == "GET"]
        if got:
            lines.append(f"local got = redis.call('MGET', {', '.join(got)})")
        for place, (verb, words) in enumerate(others, start=1):
            key = f"KEYS[{keys + place}]"
            given = "".join(f", ARGV[{args + word}]" for word in range(1, words + 1))
            args += words
            asked = f"got[{got.index(key) + 1}]" if verb == "GET" else f"redis.call('{verb}', {key}{given})"
            lines.append(f"answers[{place + 1}] = {asked}")
        return _Sent("\n".join(["local function script(KEYS, ARGV)", self.text, "end", *lines, "return answers"]))


def _asked(redis: Any, *words: Any) -> Any:
    return redis.ask(*words) if isinstance(redis, OneRedis) else redis.execute_command(*words)
