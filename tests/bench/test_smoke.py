"""Every part of the benchmark runs, with small numbers: figures, a section of the page, a picture. Nothing here looks at a time."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.__main__ import main, there
from tests.bench.page import measured_from, page
from tests.bench.picture import picture

pytestmark = [pytest.mark.slow, pytest.mark.always]


@pytest.mark.parametrize("name", there())
def test_a_part_runs(name: str, tmp_path: Path) -> None:
    assert main(["--smoke", "--only", name], tmp_path) == 0
    (file,) = tmp_path.iterdir()
    measured = measured_from(json.loads(file.read_text("utf-8")))
    part = measured.part
    assert part.title and part.text and part.figures and part.raw
    for figure in part.figures:
        assert figure.name and figure.measured
        # What is reached or not is wanted.
        assert figure.wanted or figure.reached is None
    written = page([measured])
    rows = [line for line in written.splitlines() if line.startswith("| ")]
    assert len(rows) > len(part.figures) and {row.count("|") for row in rows[: len(part.figures) + 1]} == {5}
    assert all(bar.ratio > 0 for bar in part.bars)
    ElementTree.fromstring(picture(part.bars))
