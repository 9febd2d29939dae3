"""The picture of a flow: every arrow once, no box upon another, no arrow through a box; and the list with the same arrows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.flow import Flow, Group
from bot.engine.read import read_flow
from bot.scripts.picture import MOST_BOXES, PAD, WIDTH, Leading, Node, Picture, distances, pictures
from bot.scripts.picture_list import Item, nested
from bot.scripts.picture_order import crossings, ordered
from bot.scripts.picture_rounds import rounds
from bot.scripts.picture_words import width, wrapped

Way = tuple[str, str, str]


def node(name: str, *to: str) -> Node:
    ways = (Leading(f"choice.{n}", f"{n} words", each, f"to {each}") for n, each in enumerate(to, 1))
    return Node(name, f"What {name} says.", tuple(ways))


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    names = [f"s{number}" for number in range(draw(st.integers(1, 40)))]
    places = st.sampled_from([*(f"step:{name}" for name in names), "flow:other", "back", "step:gone"])
    return [node(name, *draw(st.lists(places, max_size=8))) for name in names]


def of_nodes(nodes: list[Node]) -> list[Way]:
    return sorted((node.name, way.by, way.to) for node in nodes for way in node.ways)


def of_pictures(found: tuple[Picture, ...]) -> list[Way]:
    return sorted((box.node.name, row.way.by, row.way.to) for each in found for box in each.boxes for row in box.rows)


def of_list(items: tuple[Item, ...]) -> Iterator[Way]:
    for item in items:
        for branch in item.ways:
            yield item.node.name, branch.way.by, branch.way.to
            if branch.item:
                yield from of_list((branch.item,))


@given(graphs())
@settings(deadline=None, max_examples=25)
def test_whatever_the_flow_picture_and_list_have_its_arrows_and_no_others(nodes: list[Node]) -> None:
    found = pictures(nodes)
    assert of_pictures(found) == sorted(of_list(nested(nodes))) == of_nodes(nodes)
    assert sorted(box.node.name for each in found for box in each.boxes) == sorted(each.name for each in nodes)


@given(graphs())
@settings(deadline=None, max_examples=25)
def test_whatever_the_flow_nothing_lies_upon_anything(nodes: list[Node]) -> None:
    for each in pictures(nodes):
        assert len(each.boxes) <= MOST_BOXES
        for number, one in enumerate(each.boxes):
            assert 0 <= one.x and one.x + WIDTH <= each.width and one.y + one.height <= each.height
            for other in each.boxes[number + 1 :]:
                beside = one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
                assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
        place = {box.node.name: box for box in each.boxes}
        drawn = {(box.node.name, row.way.by) for box in each.boxes for row in box.rows if row.drawn}
        assert {(line.step, line.by) for line in each.lines} == drawn
        for line in each.lines:
            # From the right edge of one box to the left edge of one in the next column: there is nothing between.
            assert line.x1 == place[line.step].x + WIDTH < line.x2 == place[line.to].x
            for box in each.boxes:
                if line.x1 < box.x + WIDTH and box.x < line.x2:
                    assert max(line.y1, line.y2) < box.y or box.y + box.height < min(line.y1, line.y2)


def test_columns_are_how_far_a_step_is_from_the_beginning() -> None:
    nodes = [
        node("a", "step:b", "step:c"),
        node("b", "step:d"),
        node("c", "step:d", "step:a"),
        node("d", "step:d"),
        node("e", "step:d"),
    ]
    assert distances(nodes) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 0}
    (picture,) = pictures(nodes)
    lines = {(line.step, line.to) for line in picture.lines}
    assert lines == {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}
    told = {(box.node.name, row.onward) for box in picture.boxes for row in box.rows if row.onward}
    assert told == {("c", ("→ to step:a",)), ("d", ("→ to step:d",)), ("e", ("→ to step:d",))}


def test_large_flows_are_cut_and_the_parts_name_each_other() -> None:
    nodes = [node(f"s{n}", f"step:s{n + 1}") for n in range(60)]
    found = pictures(nodes)
    assert [len(each.boxes) for each in found] == [25, 25, 10]
    last = found[0].boxes[-1]
    assert last.rows[0].onward == ("→ to step:s25",) and not last.rows[0].drawn


def test_columns_are_turned_so_that_arrows_do_not_cross() -> None:
    columns, arrows = [["a", "b"], ["x", "y"]], [("a", 0.5, "y"), ("b", 0.5, "x")]
    assert crossings(columns, arrows) == 1
    assert crossings(ordered(columns, arrows), arrows) == 0


WORDS = st.text(st.sampled_from("abc mMWil ñé'ü¿? "), max_size=200)


@given(WORDS, st.integers(1, 4))
def test_words_stay_within_their_box(words: str, most: int) -> None:
    lines = wrapped(words, WIDTH - 2 * PAD, most)
    assert len(lines) <= most and all(width(line) <= WIDTH - 2 * PAD for line in lines)
    if lines and not lines[-1].endswith("…") and "…" not in "".join(lines):
        assert " ".join(lines) == " ".join(words.split())


def flow(**steps: dict[str, object]) -> Flow:
    return read_flow({"name": "trying", "title": "trying", "steps": steps}, "flows/rights/trying.yml", Group.RIGHTS)


def choices(*to: str) -> dict[str, object]:
    lines = {}
    for digit, each in enumerate(to, 1):
        kind, _, name = each.partition(":")
        lines[digit] = {
            "label": f"way {digit}",
            **({"return": True} if each == "back" else {"go" if kind == "step" else "flow": name}),
        }
    return {"say": "Something.", "choices": lines}


@pytest.mark.parametrize(
    ("steps", "round_"),
    [
        pytest.param({"a": choices("step:b"), "b": choices("step:a")}, ("a", "b"), id="two that lead to each other"),
        pytest.param({"a": choices("step:b", "flow:menu"), "b": choices("step:a")}, (), id="with a way out"),
        pytest.param({"a": choices("back", "step:b"), "b": choices("step:c"), "c": choices("step:b")}, ("b", "c"), id="behind a way out"),
        pytest.param({"a": choices("step:b"), "b": {"say": "Bye.", "end": True}}, (), id="that ends"),
    ],
)  # fmt: skip
def test_loops_without_a_way_out_are_found(steps: dict[str, dict[str, object]], round_: tuple[str, ...]) -> None:
    assert rounds(flow(**steps)) == round_
