"""The same flow as a nested list: each step stands under the way that reaches it soonest, every other way names it. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from bot.scripts.picture import Leading, Node, distances


class Item(Struct, frozen=True):
    """A step with its ways out."""

    node: Node
    ways: tuple[Branch, ...]


class Branch(Struct, frozen=True):
    """A way out; ``item`` is the step that it leads to where that stands here, None where it stands elsewhere."""

    way: Leading
    item: Item | None


def nested(nodes: Sequence[Node]) -> tuple[Item, ...]:
    """The step where the flow begins, and after it those that nothing leads to."""
    known, far = {node.name: node for node in nodes}, distances(nodes)
    parent: dict[str, tuple[str, str]] = {}
    waiting = deque(sorted(far, key=far.__getitem__))
    while waiting:
        node = known[waiting.popleft()]
        for way in node.ways:
            if way.step in known and far[way.step] == far[node.name] + 1:
                parent.setdefault(way.step, (node.name, way.by))

    def item(name: str) -> Item:
        ways = known[name].ways
        return Item(known[name], tuple(Branch(way, _below(name, way)) for way in ways))

    def _below(name: str, way: Leading) -> Item | None:
        return item(way.step) if way.step and parent.get(way.step) == (name, way.by) else None

    return tuple(item(node.name) for node in nodes if node.name not in parent)
