"""The page of the benchmarks says what the parts measured, and its picture is one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import __main__ as bench
from tests.bench.page import Measured, measured_from, page, shown
from tests.bench.part import Bar, Figure, Part
from tests.bench.picture import WIDTH, picture
from tests.bench.spread import in_turn, ratios, share_of

FIGURES = (
    Figure("a turn", "0.08 ms", "0.10 ms", True),
    Figure("the inbox", "200 ms", "150 ms", False),
    Figure("a million", "no memory", "flat", None),
    Figure("besides", "7"),
)
BARS = (Bar("200 flows to 10", 1.04), Bar("less & less", 0.02), Bar("scan to index " * 6, 311.0))
MADE = Measured(
    Part("Engine", FIGURES, "Text.", BARS, {"rounds": [1, 2]}), "today", "abc", "python -m x", "2 cores", 3.2
)
SVG = "{http://www.w3.org/2000/svg}"


def test_each_figure_stands_beside_what_is_wanted() -> None:
    rows = [line.split(" | ") for line in page([MADE]).splitlines() if line.startswith("| ")]
    assert [row[-1].strip(" |") for row in rows[1:]] == ["reached", "**not reached**", "not measured", ""]
    assert rows[2][0] == "| the inbox" and rows[2][1:3] == ["200 ms", "150 ms"]
    assert "the inbox: 200 ms; wanted: 150 ms: not reached" in shown(MADE).splitlines()
    assert "besides: 7" in shown(MADE).splitlines()


def test_what_was_measured_is_read_again() -> None:
    assert measured_from(json.loads(json.dumps(MADE.to_json()))) == measured_from(MADE.to_json())
    assert page([measured_from(json.loads(json.dumps(MADE.to_json())))]) == page([MADE])


def test_the_bars_are_as_long_as_their_ratios_and_stay_in_the_picture() -> None:
    drawn = ElementTree.fromstring(picture(BARS))
    bars = [each for each in drawn.iter(f"{SVG}rect") if each.get("class") != "bg"]
    lengths = [float(each.get("width", "0")) for each in bars]
    assert lengths[2] / lengths[1] == pytest.approx(math.log10(311) / -math.log10(0.02), rel=0.01)
    assert [each.get("class") for each in bars] == ["more", "less", "more"]
    # Left of 1 and right of it.
    one = float(bars[2].get("x", ""))
    assert float(bars[1].get("x", "")) + lengths[1] == pytest.approx(one, abs=0.2) == float(bars[0].get("x", ""))
    words = [each.text for each in drawn.iter(f"{SVG}text")]
    assert "less & less" in words and "1.04" in words and "311" in words
    for each in drawn.iter(f"{SVG}text"):
        # A letter of this size is seven pixels wide at most, on average.
        width = 7 * len(each.text or "")
        x = float(each.get("x", ""))
        before = {"end": width, "middle": width / 2}.get(each.get("text-anchor", ""), 0)
        left, right = x - before, x - before + width
        assert 0 <= left and right <= WIDTH, each.text


def test_a_ratio_is_of_what_stood_in_the_same_round() -> None:
    # The second round was slow for both.
    found = ratios([2.0, 20.0, 3.0], [1.0, 10.0, 1.0])
    assert (found.median, found.low, found.high) == (2.0, 2.0, 3.0)
    assert found.told() == "2.00 (2.00 to 3.00)"
    assert share_of(range(100), 0.99) == 99 and share_of([5.0], 0.5) == 5.0


def test_each_act_is_first_in_its_turn() -> None:
    order: list[str] = []

    def act(name: str) -> float:
        order.append(name)
        return float(len(order))

    measured = in_turn(2, {"a": lambda: act("a"), "b": lambda: act("b")})
    assert order == ["a", "b", "b", "a"]
    assert measured == {"a": [1.0, 4.0], "b": [2.0, 3.0]}


def test_no_section_is_lost_when_one_part_is_measured_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(bench, "PICTURE", tmp_path / "page.svg")
    monkeypatch.setattr(bench, "there", lambda: ["engine", "cost"])
    (tmp_path / "engine.json").write_text(json.dumps(MADE.to_json()), "utf-8")
    assert bench.write(tmp_path) == 1 and "cost" in capsys.readouterr().err
    assert not (tmp_path / "page.md").exists()
    (tmp_path / "cost.json").write_text(json.dumps(MADE.to_json()), "utf-8")
    assert bench.write(tmp_path) == 0
    assert (tmp_path / "page.md").read_text("utf-8").count("## Engine") == 2


def test_smoke_figures_never_reach_the_page(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--smoke", "--write"], tmp_path)
