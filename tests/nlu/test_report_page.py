"""The pages that the report writes: everything is there, K'iche' is marked, and the same figures give the same picture."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import pytest
from reporting.judged import Heard, Judged, Measured, Outcome, Topics
from reporting.matrix import matrix
from reporting.page import About, page, summary
from reporting.serving import Serving

from tests.nlu.conftest import NLU
from tests.servers import NLU_PYTHON

TOPICS = Topics(
    {"conversation": ("greet",), "urgent": ("danger",)}, {"greet": "greet", "danger": "danger"}, frozenset({"danger"})
)
MEASURED = Measured(
    TOPICS,
    judged=(
        Judged("es", "danger", (("danger", 0.9),), True, Outcome("danger"), Outcome("danger")),
        Judged("es", "greet", (("danger", 0.8),), False, Outcome("danger"), Outcome("danger")),
        Judged("quc", "greet", (("greet", 0.8),), False, Outcome("greet"), Outcome("greet")),
    ),
    heard=(Heard("es", 5, "es", "es"), Heard("quc", 2, "quc", "es")),
    elsewhere=(Heard("mam", 4, "quc", "quc"),),
)
ABOUT = About(date(2026, 11, 25), "puente-0123456789ab.tar.gz", {"es": 11, "en": 22, "quc": 33})
PAGE = page(MEASURED, Serving(7.1, 12.2, 16.3, 1920, 12.4, 377), ABOUT)


def rows(first: str) -> list[list[str]]:
    """The rows of Markdown tables that begin with this cell, without it."""
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| {first} |")]
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in lines]


def test_the_page_says_what_was_measured() -> None:
    for words in (
        "2026-11-25",
        "`puente-0123456789ab.tar.gz`",
        "11 in Spanish, 22 in English, 33 in K'iche'",
        "`make nlu-report`",
    ):
        assert words in PAGE
    assert rows("7.1 ms") == [["12.2 ms", "16.3 ms", "12.4 s", "377 MB"]]


def test_a_language_without_messages_has_a_dash_for_every_share() -> None:
    model, language = rows("English")
    assert model == ["0", "-", "-", "0.000", "0.000"] and language == ["-"] * 4


def test_the_figures_stand_in_their_columns() -> None:
    model, _ = rows("Spanish")
    assert model[:3] == ["2", "50.0 %", "50.0 %"]
    assert rows("urgent messages answered with an urgent flow") == [["100.0 % (1 of 1)", "-", "-"]]
    assert rows("other messages answered with an urgent flow") == [["100.0 % (1 of 1)", "-", "0.0 % (0 of 1)"]]
    assert rows("mam") == [["1", "0.0 %", "0", "0", "1"]]
    assert rows("greet") == [["danger", "1"]]


def test_every_figure_of_kiche_says_who_wrote_it() -> None:
    named = [
        line for line in PAGE.splitlines() if "K'iche'" in line and line.startswith("|") and "taken for" not in line
    ]
    assert len(named) == 3 and all("K'iche' (written by non-speakers)" in line for line in named)


def test_the_terminal_shows_what_is_watched() -> None:
    lines = summary(MEASURED).splitlines()
    assert ["urgent", "recall", "1.000", "0.000", "0.000"] in [line.split() for line in lines]
    assert "written by non-speakers" in lines[-1]


def test_the_matrix_counts_all_languages() -> None:
    assert matrix(MEASURED) == {"groups": {"conversation": ["greet"], "urgent": ["danger"]}, "times": [[1, 1], [0, 1]]}


@pytest.mark.slow
def test_the_same_numbers_give_the_same_picture(tmp_path: Path) -> None:
    pictures = []
    for name in ("first.svg", "second.svg"):
        subprocess.run(
            [str(NLU_PYTHON), str(NLU / "reporting" / "picture.py"), str(tmp_path / name)],
            input=json.dumps(matrix(MEASURED)),
            text=True,
            check=True,
            timeout=120,
        )
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1]
    texts = [element.text for element in ElementTree.fromstring(pictures[0]).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("greet") == 2 and "urgent" in texts
