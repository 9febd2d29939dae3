"""A Redis Cluster, spoken to as if it were one Redis: each command goes to the node of its key.

redis-py has a client of its own for this, made for callers who can wait: it connects while it is made, and when a node
falls silent it asks again for each command of a pipeline, a second each. A turn has four seconds. Here nothing is asked
again but what a node itself sends elsewhere (MOVED, ASK, TRYAGAIN), and a node that fell silent is left alone for a while.

A node that is down takes its own slots along and nothing else. Where the others lie is asked anew after every error, so a
replica that took a node's place is found by the next message.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError,
    MovedError,
    RedisError,
    TimeoutError,
    TryAgainError,
)

from bot.store.cluster_nodes import Address, Nodes

_REDIRECTIONS = 6
_TRY_AGAIN_SECONDS = 0.02
# The commands in use that have no key: asked of every node that serves slots.
_EVERYWHERE = frozenset({"PING", "SCRIPT", "KEYS", "FLUSHALL", "CONFIG", "CLIENT", "CLUSTER"})

Command = tuple[tuple[Any, ...], dict[str, Any]]
"""What redis-py hands to ``execute_command``: the words, and options for reading the answer."""


class Cluster(Redis):
    """A client that is used as ``Redis`` is. Connects at its first command; safe for all threads of a process.

    A command whose keys lie in several slots is refused by its node. A pipeline reaches all its nodes at once, and each
    keeps the order; as a transaction it lies in one slot. ``scan_iter`` reads all nodes.
    """

    def __init__(self, nodes: Sequence[Address], **options: Any) -> None:
        """``nodes``: some of the cluster's, any. ``options`` are those of a connection of redis-py."""
        self._nodes = Nodes(nodes, options)
        super().__init__(connection_pool=self._nodes.client(nodes[0]).connection_pool)

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """As ``Redis.execute_command``."""
        if str(args[0]).split(" ")[0].upper() in _EVERYWHERE:
            answers = self._everywhere(lambda node: node.execute_command(*args, **options))
            return [each for part in answers for each in part] if isinstance(answers[0], list) else answers[0]
        [answer] = self.send([(args, options)])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        """As ``Redis.pipeline``. With ``execute(raise_on_error=False)`` what a dead node holds comes back as its exception."""
        return _ClusterPipeline(self, transaction)

    def scan_iter(self, *args: Any, **options: Any) -> Iterator[Any]:
        """Every name on every node; a node that is down raises after all others were read."""
        down: list[RedisError] = []
        for node in self._nodes.all():
            try:
                yield from self._nodes.client(node).scan_iter(*args, **options)
            except RedisError as error:
                self._nodes.failed({node: error})
                down.append(error)
        if down:
            raise down[0]

    def nodes(self) -> list[Redis]:
        """Clients of all nodes, also of those that only hold a copy. Raises ``RedisError``."""
        return [self._nodes.client(node) for node in self._nodes.all(replicas=True)]

    def close(self) -> None:
        """Closes all connections."""
        if hasattr(self, "_nodes"):
            self._nodes.close()

    def send(self, commands: Sequence[Command]) -> list[Any]:
        """The answers in order, and for what failed its exception. All nodes work at the same time."""
        answers: list[Any] = [None] * len(commands)
        parts: dict[Address, list[int]] = {}
        for number, (words, _) in enumerate(commands):
            try:
                parts.setdefault(self._nodes.owner(_key_of(words)), []).append(number)
            except RedisError as error:
                answers[number] = error
        failed = self._exchange(parts, commands, answers)
        for node, gone in failed.items():
            for number in parts[node]:
                answers[number] = gone if answers[number] is _UNHEARD else answers[number]
        if failed or any(isinstance(answer, ClusterDownError) for answer in answers):
            self._nodes.failed(failed)
        for number, answer in enumerate(answers):
            if isinstance(answer, AskError | TryAgainError):
                answers[number] = self._follow(commands[number], answer)
        return answers

    def _exchange(
        self, parts: dict[Address, list[int]], commands: Sequence[Command], answers: list[Any]
    ) -> dict[Address, RedisError]:
        """Writes to all nodes, then reads from all; what was not heard stays ``_UNHEARD``. The nodes that failed."""
        failed: dict[Address, RedisError] = {}
        with ExitStack() as stack:
            asked: list[_Asked] = []
            for node, part in parts.items():
                for number in part:
                    answers[number] = _UNHEARD
                try:
                    self._nodes.refuse_resting(node)
                    asked.append(stack.enter_context(_Asked(node, self._nodes.client(node), part, commands)))
                except RedisError as error:
                    failed[node] = error
            for each in asked:
                try:
                    each.read_into(answers)
                except RedisError as error:
                    failed[each.node] = error
        return failed

    def send_as_one(self, commands: Sequence[Command]) -> list[Any]:
        """As a transaction; all keys in one slot. Raises what Redis raises."""
        for _ in range(_REDIRECTIONS):
            node = self._nodes.owner(_key_of(commands[0][0]))
            pipe: Any = self._nodes.client(node).pipeline(transaction=True)
            for words, options in commands:
                pipe.execute_command(*words, **options)
            try:
                self._nodes.refuse_resting(node)
                return list(pipe.execute())
            except MovedError as moved:
                self._nodes.moved(moved)
            except (ConnectionError, TimeoutError, ClusterDownError) as error:
                self._nodes.failed({node: error})
                raise
        raise ClusterDownError("CLUSTERDOWN sent from node to node")

    def _follow(self, command: Command, sent_on: Exception) -> Any:
        """The answer to a command that a node sent on to another; the exception where that fails too."""
        words, options = command
        for _ in range(_REDIRECTIONS):
            try:
                if isinstance(sent_on, MovedError):
                    self._nodes.moved(sent_on)
                elif isinstance(sent_on, AskError):
                    pipe: Any = self._nodes.client((sent_on.host, sent_on.port)).pipeline(transaction=False)
                    pipe.execute_command("ASKING")
                    pipe.execute_command(*words, **options)
                    return pipe.execute()[1]
                else:
                    time.sleep(_TRY_AGAIN_SECONDS)
                client: Any = self._nodes.client(self._nodes.owner(_key_of(words)))
                return client.execute_command(*words, **options)
            except (AskError, TryAgainError) as again:
                sent_on = again
            except RedisError as error:
                return error
        return sent_on

    def _everywhere(self, ask: Callable[[Any], Any]) -> list[Any]:
        answers = []
        for node in self._nodes.all():
            try:
                self._nodes.refuse_resting(node)
                answers.append(ask(self._nodes.client(node)))
            except RedisError as error:
                self._nodes.failed({node: error})
                raise
        return answers


_UNHEARD = object()


class _Asked:
    """Commands that are under way to one node. The connection goes back clean, or closed."""

    def __init__(self, node: Address, client: Any, part: list[int], commands: Sequence[Command]) -> None:
        self.node = node
        self._client, self._part, self._commands = client, part, commands
        self._connection: Any = None
        self._clean = False

    def __enter__(self) -> _Asked:
        self._connection = self._client.connection_pool.get_connection()
        try:
            packed = self._connection.pack_commands([self._commands[number][0] for number in self._part])
            self._connection.send_packed_command(packed)
        except BaseException:
            self.__exit__()
            raise
        return self

    def read_into(self, answers: list[Any]) -> None:
        """Raises when the node cannot be heard any more; what it refuses is an answer."""
        for number in self._part:
            words, options = self._commands[number]
            try:
                answers[number] = self._client.parse_response(self._connection, words[0], **options)
            except (ConnectionError, TimeoutError):
                raise
            except RedisError as error:
                answers[number] = error
        self._clean = True

    def __exit__(self, *_: object) -> None:
        if not self._clean:
            self._connection.disconnect()
        self._client.connection_pool.release(self._connection)


class _ClusterPipeline(Pipeline):
    """Collects commands as redis-py's does."""

    def __init__(self, cluster: Cluster, transaction: bool) -> None:
        super().__init__(cluster.connection_pool, cluster.response_callbacks, transaction, None)
        self._cluster, self._as_one = cluster, transaction

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """The answers in order."""
        stack, self.command_stack = self.command_stack, []
        if not stack:
            return []
        answers = self._cluster.send_as_one(stack) if self._as_one else self._cluster.send(stack)
        for answer in answers:
            if raise_on_error and isinstance(answer, Exception):
                raise answer
        return answers


def _key_of(words: Sequence[Any]) -> str | bytes:
    """The first key of a command; the others lie in the same slot, or the node refuses it."""
    name = str(words[0]).upper()
    if name == "SCAN":
        raise ValueError("SCAN names no node of a cluster: read names with scan_iter")
    key = words[3] if name in ("EVAL", "EVALSHA") else words[1]
    return key if isinstance(key, str | bytes) else str(key)
