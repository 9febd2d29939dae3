"""The figures of the report, on judgements that can be counted by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from report import Judged, calibration, confusions, counted, macro_f1, missed, overview, page, read_held_out, thresholds

from tests.servers import NLU_PYTHON

URGENT = frozenset({"danger"})
JUDGED = [
    Judged("es", "danger", (("danger", 0.9), ("greet", 0.1)), "es"),
    Judged("es", "danger", (("greet", 0.6), ("danger", 0.4)), "es"),
    Judged("es", "greet", (("danger", 0.55), ("greet", 0.45)), "quc"),
    Judged("es", "greet", (("greet", 0.95), ("danger", 0.05)), "es"),
    Judged("en", "greet", (("greet", 0.85), ("danger", 0.15)), "en"),
]
SPANISH = [each for each in JUDGED if each.language == "es"]


def cells(lines: list[str], first: str) -> list[str]:
    """The row of a Markdown table that begins with this cell."""
    [row] = [line for line in lines if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_macro_f1() -> None:
    # danger: precision 1/2, recall 1/2; greet: precision 1/2, recall 1/2.
    assert macro_f1(SPANISH) == pytest.approx(0.5)
    assert macro_f1([]) == 0


def test_overview() -> None:
    lines = list(overview(JUDGED, URGENT))
    assert cells(lines, "Spanish") == [
        "Spanish", "4", "0.500", "1.000", "0.500", "0.500 (1 of 2)", "0.500 (1 of 2)", "0.500 (1 of 2)", "0.750",
    ]  # fmt: skip
    assert cells(lines, "English")[1:4] == ["1", "1.000", "1.000"]
    assert cells(lines, "K'iche'")[1:4] == ["0", "0.000", "0.000"], "a language without messages breaks nothing"
    assert cells(lines, "all")[1:3] == ["5", "0.600"]


def test_thresholds() -> None:
    lines = list(thresholds(SPANISH, URGENT))
    assert cells(lines, "0.0") == ["0.0", "1.000", "0.500", "0.500 (1 of 2)", "0.500 (1 of 2)"]
    assert cells(lines, "0.6") == ["0.6", "0.750", "0.667", "0.500 (1 of 2)", "0.000 (0 of 2)"]
    assert cells(lines, "0.9") == ["0.9", "0.500", "1.000", "0.500 (1 of 2)", "0.000 (0 of 2)"]


def test_calibration() -> None:
    lines = list(calibration(SPANISH))
    assert cells(lines, "0.4 to 0.6") == ["0.4 to 0.6", "1", "0.550", "0.000"]
    assert cells(lines, "0.8 to 1.0") == ["0.8 to 1.0", "2", "0.925", "1.000"]


def test_confusions_and_missed() -> None:
    assert cells(list(confusions(SPANISH)), "danger") == ["danger", "greet", "1"]
    assert list(missed(JUDGED, URGENT))[2:] == ["| danger | es | greet | 0.60 |"]


def test_the_page_names_its_model_and_holds_every_part() -> None:
    text = page(JUDGED, URGENT, "puente-0123456789ab.tar.gz", "Trained on 3 sentences.")
    assert "puente-0123456789ab.tar.gz" in text and "Trained on 3 sentences." in text
    for heading in ("Urgent messages that were missed", "Spanish: most confused", "K'iche': what a threshold"):
        assert f"## {heading}" in text


def test_held_out_messages_are_read_with_or_without_a_heading(tmp_path: Path) -> None:
    (tmp_path / "es.tsv").write_text("intent\ttext\ngreet\t hola \n\n", "utf-8")
    (tmp_path / "en.tsv").write_text("greet\thello\n", "utf-8")
    (tmp_path / "quc.tsv").write_text("", "utf-8")
    assert list(read_held_out(tmp_path)) == [("es", "greet", "hola"), ("en", "greet", "hello")]


def test_sentences_are_counted(project: Path) -> None:
    assert counted(project) == "Trained on 18 sentences: 6 Spanish, 6 English, 6 K'iche'."


@pytest.mark.slow
def test_the_report_of_a_small_model(project: Path) -> None:
    (project / "held_out").mkdir()
    for language in ("es", "en", "quc"):
        (project / "held_out" / f"{language}.tsv").write_text(
            "greet\tSECRETWORD hola buenas\nagents_here_now\tla migra está aquí en la puerta\n", "utf-8"
        )
    output = project / "report.md"
    told = subprocess.run(
        [str(NLU_PYTHON), str(project / "report.py"), "--output", str(output)], capture_output=True, text=True, timeout=240
    )
    assert told.returncode == 0, told.stderr
    text = output.read_text("utf-8")
    assert "| all | 6 |" in text and "SECRETWORD" not in text
