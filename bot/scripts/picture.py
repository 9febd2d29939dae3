"""A flow as a picture: boxes in columns by how far they are from its beginning, and arrows between them. Pure.

Columns are found by breadth first, so an arrow that leads on always ends one column further; an arrow that leads back, to the same
column or out of the picture is told in words on its line, as a link. So no arrow ever runs through a box.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.frozen import replace
from bot.scripts.picture_order import ordered
from bot.scripts.picture_words import wrapped

MOST_BOXES = 25
"""In one picture; a flow of more steps is cut into several."""
WIDTH, PAD, LINE = 240, 12, 20
"""Of a box, of its rim and of a line of its text, in pixels of the screen."""
_GAP_X, _GAP_Y, _MARGIN, _ROW_RIM = 76, 20, 10, 4
_MOST_LINES, _GRID = 3, 4


class Leading(Struct, frozen=True):
    """A way out of a step. ``by``: which (change_ways.Way.by); ``label``: when it is taken, in words.

    ``to``: ``step:NAME``, ``flow:NAME`` or ``back``; ``onward``: the same in words.
    """

    by: str
    label: str
    to: str
    onward: str

    @property
    def step(self) -> str | None:
        """The step of the same flow that it leads to."""
        return self.to.removeprefix("step:") if self.to.startswith("step:") else None


class Node(Struct, frozen=True):
    """A step as the picture shows it. ``marks``: short words about it; ``says``: the beginning of what it says."""

    name: str
    says: str
    ways: tuple[Leading, ...]
    marks: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """The line of a box for one way out. ``drawn``: an arrow starts here; else ``onward`` says where it leads.

    ``y`` is its upper edge, ``height`` its height.
    """

    way: Leading
    drawn: bool
    label: tuple[str, ...]
    onward: tuple[str, ...]
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where its arrow starts."""
        return self.y + self.height // 2


class Box(Struct, frozen=True):
    """A step in the picture. ``head`` is the height of the part above its rows."""

    node: Node
    says: tuple[str, ...]
    rows: tuple[Row, ...]
    head: int
    height: int
    x: int = 0
    y: int = 0

    def at(self, x: int, y: int) -> Box:
        """The same box there; rows are placed within the box until then."""
        return replace(self, x=x, y=y, rows=tuple(replace(row, y=row.y + y) for row in self.rows))


class Line(Struct, frozen=True):
    """An arrow from the row of a box to another box."""

    step: str
    by: str
    to: str
    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def path(self) -> str:
        """As SVG writes it, with its head."""
        half = _GAP_X // 2
        curve = f"M{self.x1} {self.y1}C{self.x1 + half} {self.y1} {self.x2 - half} {self.y2} {self.x2 - 2} {self.y2}"
        return f"{curve}M{self.x2 - 10} {self.y2 - 5}L{self.x2 - 1} {self.y2}L{self.x2 - 10} {self.y2 + 5}"


class Picture(Struct, frozen=True):
    """One picture; ``number`` counts from 1."""

    number: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def pictures(nodes: Sequence[Node]) -> tuple[Picture, ...]:
    """The pictures of a flow, whose first node is where it begins."""
    return tuple(_picture(part, number) for number, part in enumerate(_parts(nodes), 1))


def distances(nodes: Sequence[Node]) -> dict[str, int]:
    """How many ways each step is from the first, or from the first of those that nothing before them leads to."""
    known = {node.name: node for node in nodes}
    led = {way.step for node in nodes for way in node.ways if way.step != node.name}
    found: dict[str, int] = {}
    # What nothing leads to begins a row of its own; then what only goes round among itself.
    for root in (*nodes[:1], *(node for node in nodes if node.name not in led), *nodes):
        if root.name in found:
            continue
        found[root.name] = 0
        waiting = deque([root])
        while waiting:
            node = waiting.popleft()
            for way in node.ways:
                if way.step in known and way.step not in found:
                    found[way.step] = found[node.name] + 1
                    waiting.append(known[way.step])
    return found


def _parts(nodes: Sequence[Node]) -> Iterator[tuple[Node, ...]]:
    """At most so many boxes together, those that belong together first."""
    far, place = distances(nodes), {node.name: number for number, node in enumerate(nodes)}
    known = {node.name: node for node in nodes}
    near = list(far) if len(nodes) > MOST_BOXES else sorted(far, key=place.__getitem__)
    for begin in range(0, len(near), MOST_BOXES):
        yield tuple(known[name] for name in near[begin : begin + MOST_BOXES])


def _picture(nodes: tuple[Node, ...], number: int) -> Picture:
    far = distances(nodes)
    drawn = {
        (node.name, way.by) for node in nodes for way in node.ways if far.get(way.step or "", -1) == far[node.name] + 1
    }
    boxes = {node.name: _box(node, drawn) for node in nodes}
    joined = {step for step, _ in drawn} | {way.step for n in nodes for way in n.ways if (n.name, way.by) in drawn}
    alone = [node.name for node in nodes[1:] if node.name not in joined]
    columns = ordered(_columns(nodes, far, alone), _arrows(nodes, drawn))
    placed = _placed(columns, boxes, drawn)
    foot = max((box.y + box.height for box in placed.values()), default=_MARGIN) + _GAP_Y
    placed |= _grid([boxes[name] for name in alone], foot)
    lines = tuple(_lines(placed, drawn))
    width = max(box.x + WIDTH for box in placed.values()) + _MARGIN
    height = max(box.y + box.height for box in placed.values()) + _MARGIN
    # In the order in which they are read: by column, then downwards.
    boxes_in_order = sorted(placed.values(), key=lambda box: (box.node.name in alone, box.x, box.y))
    if alone:
        boxes_in_order = [*boxes_in_order[: -len(alone)], *(placed[name] for name in alone)]
    return Picture(number, tuple(boxes_in_order), lines, width, height)


def _columns(nodes: Sequence[Node], far: Mapping[str, int], alone: Sequence[str]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(far.values()) + 1)]
    for name, column in far.items():
        if name not in alone:
            columns[column].append(name)
    return columns


def _arrows(nodes: Sequence[Node], drawn: set[tuple[str, str]]) -> list[tuple[str, float, str]]:
    """From which box, how far down in it (0 to 1), to which box."""
    return [
        (node.name, (number + 1) / (len(node.ways) + 1), way.step or "")
        for node in nodes
        for number, way in enumerate(node.ways)
        if (node.name, way.by) in drawn
    ]


def _box(node: Node, drawn: set[tuple[str, str]]) -> Box:
    inside = WIDTH - 2 * PAD
    says = wrapped(node.says, inside, _MOST_LINES)
    head = 2 * PAD + LINE * (len(says) + len(node.marks))
    rows, y = [], head
    for way in node.ways:
        is_drawn = (node.name, way.by) in drawn
        label = wrapped(way.label, inside, 2)
        onward = () if is_drawn else wrapped(f"→ {way.onward}", inside, 2)
        height = LINE * (len(label) + len(onward)) + 2 * _ROW_RIM
        rows.append(Row(way, is_drawn, label, onward, y, height))
        y += height
    return Box(node, says, tuple(rows), head, y)


def _placed(columns: Sequence[Sequence[str]], boxes: Mapping[str, Box], drawn: set[tuple[str, str]]) -> dict[str, Box]:
    placed: dict[str, Box] = {}
    for number, column in enumerate(columns):
        foot = _MARGIN
        for name in column:
            ports = [
                row.middle for box in placed.values() for row in box.rows if (box.node.name, row.way.by) in drawn and row.way.step == name
            ]  # fmt: skip
            wanted = sum(ports) // len(ports) - _entry(boxes[name]) if ports else foot
            box = boxes[name].at(_MARGIN + number * (WIDTH + _GAP_X), max(foot, wanted))
            placed[name] = box
            foot = box.y + box.height + _GAP_Y
    return placed


def _grid(boxes: Sequence[Box], top: int) -> dict[str, Box]:
    """Boxes that no arrow joins to others, in rows below the rest."""
    placed: dict[str, Box] = {}
    for begin in range(0, len(boxes), _GRID):
        row = boxes[begin : begin + _GRID]
        for number, box in enumerate(row):
            placed[box.node.name] = box.at(_MARGIN + number * (WIDTH + _GAP_Y), top)
        top += max(box.height for box in row) + _GAP_Y
    return placed


def _lines(placed: Mapping[str, Box], drawn: set[tuple[str, str]]) -> Iterator[Line]:
    for box in placed.values():
        for row in box.rows:
            if (box.node.name, row.way.by) in drawn and row.way.step:
                to = placed[row.way.step]
                yield Line(box.node.name, row.way.by, row.way.step, box.x + WIDTH, row.middle, to.x, to.y + _entry(to))


def _entry(box: Box) -> int:
    """How far below its upper edge an arrow comes in."""
    return box.head // 2
