"""Returned sheets through the command, on files: told first, then written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot import cli_sheets, content
from bot.language import Language
from bot.scripts.catalogs import in_line
from bot.scripts.sheets import cells, lawyer, speakers
from bot.scripts.sheets.corrections import KNOWN
from bot.settings import REPOSITORY
from bot.wording.state import State
from tests.scripts.filling import SETTINGS

# Each test reads the whole content anew, or walks all of it.
pytestmark = pytest.mark.slow

QUC = Language.QUC
KEY = "home_visit.title"
WHO = {"name": "Inventada Tzoc", "date": "2026-01-31"}
YES = {"yes/change/no": "yes", "name": "Inventada Abogada", "licence or DOJ accreditation": "CA bar 000000"}


Run = Callable[..., Result]


@pytest.fixture
def run(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands, on a copy of the content."""
    monkeypatch.setattr(cli_sheets, "REPOSITORY", tree)
    app = Flask("sheets")
    app.config["SETTINGS"] = SETTINGS
    app.cli.add_command(cli_sheets.review_sheet)
    runner = app.test_cli_runner()

    def invoke(*arguments: object) -> Result:
        return runner.invoke(args=["review-sheet", *map(str, arguments)])

    return invoke


def fill(path: Path, answers: dict[tuple[str, str], dict[str, str]], columns: tuple[str, ...]) -> Path:
    """The sheet as a volunteer sends it back: (column, cell) names the row that is filled in."""
    table = cells.read(path.read_bytes(), (*KNOWN, *lawyer.COLUMNS))
    rows = []
    for row in table.rows:
        given = dict(row.cells)
        for (column, cell), filled in answers.items():
            given |= filled if given[column] == cell else {}
        rows.append(given)
    back = path.with_name(f"back-{path.name}")
    back.write_bytes(cells.written(columns, rows))
    return back


def snapshot(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in ("flows", "locales") for path in (root / folder).rglob("*.*")}


def test_speakers_out_and_back(run: Run, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = run("speakers", "--flow", "home_visit", "--out", out)
    assert made.exit_code == 0, made.output
    assert sorted(path.name for path in out.iterdir()) == ["speakers-quc.csv", "speakers-quc.html"]
    assert out.joinpath("speakers-quc.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    answers = {
        ("key", KEY): {"correction": "we kape ri xyzzy", **WHO},
        ("key", "home_visit.first.say"): {"date": "2026-01-31"},
    }
    back = fill(out / "speakers-quc.csv", answers, speakers.columns(QUC))
    before = snapshot(tree)
    tried = run("read", back, "--dry-run")
    assert snapshot(tree) == before
    assert f"row 2, {KEY} (quc): read and found right by Inventada Tzoc, 2026-01-31" in tried.output
    assert "is:  we kape ri xyzzy" in tried.output and "Nothing was written (--dry-run)." in tried.output
    assert "home_visit.first.say: NOT TAKEN: neither a correction nor a name" in tried.output

    done = run("read", back)
    assert done.exit_code == 1, "a row was not taken"
    entry = content.load(tree).catalogs[QUC].entries[KEY]
    assert (entry.text, entry.state, entry.review and entry.review.by) == (
        "we kape ri xyzzy", State.REVIEWED, "Inventada Tzoc",
    )  # fmt: skip
    merged = in_line(content.load_flows(tree / "flows"), content.load_catalogs(tree))
    files = content.catalog_files(tree, merged)
    assert files == {path: path.read_bytes() for path in files}, "`content merge` has nothing left to do"
    assert {path for path, data in snapshot(tree).items() if before[path] != data} <= set(files)

    again = run("read", back)
    assert again.exit_code == 1 and "changed since the sheet was made" in again.output
    assert "Nothing was written." in again.output


def test_lawyers_out_and_back(run: Run, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("lawyer", "--flow", "home_visit", "--flow", "car_stop", "--out", out).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["lawyer.csv", "lawyer.html"]
    before = snapshot(tree)
    back = fill(out / "lawyer.csv", {("part", lawyer.WHOLE): YES}, lawyer.COLUMNS)
    tried = run("read", "--dry-run", back)
    assert tried.exit_code == 0 and snapshot(tree) == before
    assert "home_visit: approved by Inventada Abogada, CA bar 000000" in tried.output

    done = run("read", back)
    assert done.exit_code == 0 and "2 files written" in done.output
    assert content.load(tree).approved >= {"home_visit", "car_stop"}
    changed = {path for path, data in snapshot(tree).items() if before[path] != data}
    assert {path.name for path in changed} == {"home_visit.yml", "car_stop.yml"}

    other = {"name": "Otra Inventada", "licence or DOJ accreditation": "DOJ, partial"}
    again = run("read", "--dry-run", fill(out / "lawyer.csv", {("part", lawyer.WHOLE): YES | other}, lawyer.COLUMNS))
    assert (
        "approved by Otra Inventada, DOJ, partial" in again.output and "in place of Inventada Abogada" in again.output
    )
    run("speakers", "--language", "es", "--flow", "home_visit", "--out", out)
    filled = {("key", KEY): {"correction": "si llega la migra a mi casa", "meaning changed? yes/no": "no"}}
    spanish = fill(out / "speakers-es.csv", filled, speakers.columns(Language.ES))
    assert "home_visit: its approval no longer fits its words" in run("read", "--dry-run", spanish).output

    no = fill(
        out / "lawyer.csv", {("part", lawyer.WHOLE): {"yes/change/no": "no", "changes": "Shorter."}}, lawyer.COLUMNS
    )
    done = run("read", no)
    assert "the approval by Inventada Abogada" in done.output and "wanted: the whole flow: Shorter." in done.output
    assert not content.load(tree).approved & {"home_visit", "car_stop"}


def test_a_sheet_that_may_be_filled_in_is_not_written_over(run: Run, tmp_path: Path) -> None:
    assert run("speakers", "--flow", "about", "--out", tmp_path).exit_code == 0
    filled = (tmp_path / "speakers-quc.csv").read_bytes() + b"filled in"
    (tmp_path / "speakers-quc.csv").write_bytes(filled)
    (tmp_path / "speakers-quc.html").unlink()
    again = run("speakers", "--flow", "about", "--out", tmp_path)
    assert again.exit_code == 1 and "may be filled in" in again.output
    assert (tmp_path / "speakers-quc.csv").read_bytes() == filled and not (tmp_path / "speakers-quc.html").exists()


WRONG = {
    "no CSV": (b"PK\x03\x04 and more", "not a CSV file"),
    "another table": (b"name,phone\nAna,1\n", "The first row is none of ours"),
    "nothing": (b"", "The sheet is empty"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_sheet_changes_nothing(run: Run, tree: Path, tmp_path: Path, name: str) -> None:
    data, said = WRONG[name]
    before, path = snapshot(tree), tmp_path / "sheet.csv"
    path.write_bytes(data)
    done = run("read", path)
    assert done.exit_code == 1 and said in done.output and snapshot(tree) == before


def test_sheets_of_two_kinds_are_not_read_together(run: Run, tree: Path, tmp_path: Path) -> None:
    run("lawyer", "--flow", "home_visit", "--out", tmp_path)
    run("speakers", "--flow", "home_visit", "--out", tmp_path)
    done = run("read", tmp_path / "lawyer.csv", tmp_path / "speakers-quc.csv")
    assert done.exit_code == 1 and "Read sheets of one kind at a time" in done.output


def test_when_one_file_cannot_be_written_none_is(run: Run, tree: Path, tmp_path: Path) -> None:
    run("lawyer", "--flow", "home_visit", "--flow", "car_stop", "--out", tmp_path)
    back = fill(tmp_path / "lawyer.csv", {("part", lawyer.WHOLE): YES}, lawyer.COLUMNS)
    before = snapshot(tree)
    blocked = tree / "flows" / "rights" / "home_visit.yml.new"
    blocked.mkdir()
    done = run("read", back)
    assert done.exit_code == 1 and "files written" not in done.output
    blocked.rmdir()
    assert snapshot(tree) == before


def test_content_that_is_broken_is_mended_first(run: Run, tree: Path, tmp_path: Path) -> None:
    run("speakers", "--flow", "about", "--out", tmp_path)
    path = tree / "flows" / "rights" / "home_visit.yml"
    path.write_text(path.read_text("utf-8").replace("steps:", "stops:"), "utf-8")
    done = run("read", tmp_path / "speakers-quc.csv")
    assert done.exit_code == 1 and "home_visit.yml" in done.output and "Traceback" not in done.output


def test_the_guide_names_every_column_and_command() -> None:
    guide = (REPOSITORY / "docs" / "translating.md").read_text("utf-8")
    assert [
        column for language in Language for column in speakers.to_fill(language) if f"| {column} |" not in guide
    ] == []
    assert [word for column in lawyer.TO_FILL for word in column.replace("/", " ").split() if word not in guide] == []
    commands = cli_sheets.review_sheet.commands
    assert sorted(commands) == ["lawyer", "read", "speakers"]
    assert [name for name in commands if f"review-sheet {name}" not in guide] == []
    options = {
        option for command in commands.values() for each in command.params for option in each.opts if option[:2] == "--"
    }
    assert [option for option in options if option not in guide] == []
