"""`content check` and `content report` as somebody at the terminal sees them, in a copy of the repository that may be broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from bot import content
from bot.scripts.report import FILE
from bot.settings import REPOSITORY

pytestmark = pytest.mark.slow  # a process for each command


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy")
    for folder in ("flows", "locales", "directory", "nlu/phrases", "bot", "docs"):
        shutil.copytree(REPOSITORY / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("webhook.py", "nlu/intents.yml"):
        shutil.copy(REPOSITORY / file, copy / file)
    return copy


@pytest.fixture
def copied(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "copy"))


def run(copy: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """``flask --app webhook content ...`` in a copy."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "webhook", "content", *arguments],
        cwd=copy,
        env={**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(copy / ".data"), **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), "utf-8")


def unused_fact(copy: Path) -> None:
    """A warning: a fact that no flow names."""
    with (copy / "flows" / "facts.yml").open("a", encoding="utf-8") as file:
        file.write("gravity: {says: x, source: s, evidence: recalled, valid_until: 2031-01-01}\n")


def unknown_flow(copy: Path) -> None:
    """An error: a choice that leads to nothing."""
    change(copy / "flows" / "rights" / "home_visit.yml", "flow: services_legal", "flow: nowhere")


def test_findings_stand_under_their_file_errors_first(copied: Path) -> None:
    unused_fact(copied)
    unknown_flow(copied)
    done = run(copied, "check")
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert [line for line in lines if line.endswith(".yml")] == ["flows/rights/home_visit.yml", "flows/facts.yml"]
    assert lines[1].startswith("  ERROR home_visit.") and "'nowhere'" in lines[1] and "[unknown target]" in lines[1]
    assert lines[3] == "    -> Name a flow or step that exists, or write it"
    assert any(line.startswith("  WARNING gravity: no flow leans on it") for line in lines)
    assert lines[-1].startswith("1 errors, 1 warnings, ") and lines[-1].endswith(": 2 to mend")


def test_warnings_alone_are_shown_and_let_it_go_out(copied: Path) -> None:
    unused_fact(copied)
    done = run(copied, "check")
    assert done.returncode == 0 and "WARNING gravity" in done.stdout and "0 errors, 1 warnings" in done.stdout


def test_what_is_accepted_is_shown_with_its_reason(original: Path) -> None:
    done = run(original, "check", "--accepted")
    assert done.returncode == 0 and "0 errors, 0 warnings" in done.stdout
    for finding, line in content.check().judged.accepted:
        assert f"accepted [{line.rule}]: {line.reason}" in done.stdout
        assert f"  {finding.place}: {finding.problem}" in done.stdout


def test_a_line_that_accepts_everything_is_refused_in_words(copied: Path) -> None:
    with (copied / "flows" / "accepted.yml").open("a") as file:
        file.write("- rule: stale text\n  reason: Because.\n")
    done = run(copied, "check")
    assert done.returncode == 1 and "would accept everything" in done.stderr and "Traceback" not in done.stderr


def test_the_report_is_printed_or_written(copied: Path) -> None:
    (copied / FILE).write_text("old", "utf-8")
    printed = run(copied, "report", SMS_PRICE="9")
    assert printed.returncode == 0 and (copied / FILE).read_text("utf-8") == "old"
    written = run(copied, "report", "--write")
    assert written.returncode == 0 and FILE in written.stdout
    assert (copied / FILE).read_text("utf-8") == printed.stdout == (REPOSITORY / FILE).read_text("utf-8")


def test_content_with_an_error_does_not_start(copied: Path) -> None:
    unknown_flow(copied)
    check = "from bot import content\ntry:\n content.load()\nexcept content.ContentError as error:\n print(error)"
    done = subprocess.run([sys.executable, "-c", check], cwd=copied, capture_output=True, text=True, timeout=60)
    assert "flows/rights/home_visit.yml" in done.stdout and "'nowhere'" in done.stdout


def test_both_commands_have_help(app: Flask) -> None:
    for command in ("check", "report"):
        shown = app.test_cli_runner().invoke(args=["content", command, "--help"])
        assert shown.exit_code == 0 and "--" in shown.output.split("Options:")[1].replace("--help", "")
