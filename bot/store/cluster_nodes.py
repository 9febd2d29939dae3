"""The nodes of a Redis Cluster: which of them serves what, and which fell silent."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from redis import Redis
from redis.connection import ConnectionPool, parse_url
from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import ClusterDownError, MovedError, RedisError, TimeoutError

REST_SECONDS = 4.0
"""So long nobody asks a node that did not answer in time, as long as a turn: that waits for it once, not at each command."""
LOOK_AGAIN_SECONDS = 0.3
"""So often at most a process asks where everything lies, however many messages fail."""
LOOK_SECONDS = 1.0
"""After this long no further node is asked for that."""

_SCHEMES: Final = {"redis+cluster": "redis", "rediss+cluster": "rediss"}

Address = tuple[str, int]


def is_cluster(redis_url: str) -> bool:
    """Whether a URL names a cluster."""
    return redis_url.partition("://")[0] in _SCHEMES


def parse_cluster_url(redis_url: str) -> tuple[list[Address], dict[str, Any]]:
    """The nodes that ``redis+cluster://user:password@host:port,host:port`` names, and how to connect to any.

    ``rediss+cluster://`` is the same with TLS. ``ValueError`` for what is none; its text tells nothing of the URL, which may
    hold a password.
    """
    parts = urlsplit(redis_url)
    if parts.path not in ("", "/", "/0"):
        raise ValueError("a cluster has no numbered databases")
    user, at, hosts = parts.netloc.rpartition("@")
    query = f"?{parts.query}" if parts.query else ""
    nodes: list[Address] = []
    options: dict[str, Any] = {}
    for host in hosts.split(","):
        one = f"{_SCHEMES[parts.scheme]}://{user}{at}{host.strip()}{query}"
        options = parse_url(one)  # type: ignore[no-untyped-call]
        if not options.get("host"):
            raise ValueError("a host is missing")
        nodes.append((options.pop("host"), options.pop("port", 6379)))
    return nodes, options


def slot_of(key: str | bytes) -> int:
    """The slot of a key."""
    return key_slot(key.encode() if isinstance(key, str) else key)


class Nodes:
    """All nodes of a cluster as this process knows them. Connects when it is first asked; safe for all threads."""

    def __init__(self, named: Sequence[Address], options: Mapping[str, Any]) -> None:
        """``named`` are those to ask first. ``options`` are those of a connection of redis-py."""
        self._named, self._options = tuple(named), options
        self._lock = threading.Lock()
        self._clients: dict[Address, Redis] = {}
        self._owners: list[Address | None] = []
        self._replicas = set[Address]()
        self._looked = float("-inf")
        self._unseen = RedisError()
        self._rests: dict[Address, float] = {}

    def client(self, node: Address) -> Redis:
        """The client of one node."""
        client = self._clients.get(node)
        if client is None:
            made = Redis(connection_pool=ConnectionPool(**{**self._options, "host": node[0], "port": node[1]}))
            client = self._clients.setdefault(node, made)
        return client

    def close(self) -> None:
        """Closes all connections."""
        for client in list(self._clients.values()):
            client.connection_pool.disconnect()

    def owner(self, key: str | bytes) -> Address:
        """The node that serves a key. Raises ``RedisError`` when none is known."""
        self._be_sure()
        owner = self._owners[slot_of(key)]
        if owner is None:
            self.failed({})
            raise ClusterDownError("CLUSTERDOWN no node serves this slot")
        return owner

    def all(self, replicas: bool = False) -> list[Address]:
        """The nodes that serve slots; with ``replicas`` also those that only hold a copy. Raises ``RedisError``."""
        self._be_sure()
        return sorted({owner for owner in self._owners if owner} | (self._replicas if replicas else set()))

    def moved(self, error: MovedError) -> Address:
        """Notes where a slot lies now, as a node that does not serve it any more has said."""
        former = self._owners[error.slot_id]
        self.failed({})
        # Without a host: it is that of the node that said so.
        node = (error.host or (former or self._named[0])[0], error.port)
        self._owners[error.slot_id] = node
        return node

    def refuse_resting(self, node: Address) -> None:
        """Raises ``TimeoutError`` for a node that was silent a moment ago."""
        if time.monotonic() < self._rests.get(node, 0.0):
            raise TimeoutError("this node was silent a moment ago")

    def failed(self, errors: Mapping[Address, RedisError]) -> None:
        """Lets rest who was silent, and asks the others where everything lies now."""
        for node, error in errors.items():
            self._let_rest(node, error)
        self._look(frozenset(errors))

    def _let_rest(self, node: Address, error: RedisError) -> None:
        now = time.monotonic()
        # A refusal of ``refuse_resting`` itself prolongs nothing.
        if isinstance(error, TimeoutError) and self._rests.get(node, 0.0) <= now:
            self._rests[node] = now + REST_SECONDS

    def _be_sure(self) -> None:
        if not self._owners:
            self._look(frozenset())
        if not self._owners:
            raise self._unseen.with_traceback(None)

    def _look(self, last: frozenset[Address]) -> None:
        """Asks a node where all slots lie, those of ``last`` after the others. When none answers all stays as it was."""
        with self._lock:
            began = time.monotonic()
            if began - self._looked < LOOK_AGAIN_SECONDS:
                return
            known = {owner for owner in self._owners if owner} | self._replicas
            nodes = [*random.sample(sorted(known), len(known)), *(each for each in self._named if each not in known)]  # nosec B311 # which node is asked first, no secret
            for node in sorted(nodes, key=lambda each: each in last):
                if time.monotonic() - began >= LOOK_SECONDS:
                    break
                try:
                    self.refuse_resting(node)
                    client: Any = self.client(node)
                    self._learn(node, client.execute_command("CLUSTER SLOTS"))
                    break
                except RedisError as error:
                    self._unseen = error
                    self._let_rest(node, error)
            self._looked = time.monotonic()

    def _learn(self, told_by: Address, ranges: Sequence[Sequence[Any]]) -> None:
        """Takes over what CLUSTER SLOTS says: first slot, last slot, who serves them, who has a copy."""
        owners: list[Address | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        replicas = set[Address]()
        for first, last, owner, *copies in ranges:
            # A node that does not know its own address has the one by which it was reached.
            served_by, *held_by = (
                (node[0].decode() if node[0] else told_by[0], int(node[1])) for node in (owner, *copies)
            )
            owners[first : last + 1] = [served_by] * (last + 1 - first)
            replicas.update(held_by)
        if not any(owners):
            raise ClusterDownError("CLUSTERDOWN this node knows of no slots")
        self._owners, self._replicas = owners, replicas
