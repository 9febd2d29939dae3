"""The name of a model changes with everything that it is made from, and a broken model does not count as one."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from fingerprint import fingerprint, main, model_path, whole


@pytest.mark.parametrize(
    "name",
    [
        "concepts.yml",
        "config.yml",
        "domain.yml",
        "requirements.txt",
        "train.py",
        "components/text.py",
        "data/es/greet.yml",
    ],
)
def test_every_source_counts(project: Path, name: str) -> None:
    before = fingerprint(project)
    with open(project / name, "a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert fingerprint(project) != before


def test_new_removed_and_renamed_files_count(project: Path) -> None:
    first = fingerprint(project)
    (project / "data/es/more.yml").write_text("nlu: []\n", "utf-8")
    second = fingerprint(project)
    (project / "data/es/more.yml").rename(project / "data/es/most.yml")
    third = fingerprint(project)
    (project / "data/es/most.yml").unlink()
    assert len({first, second, third}) == 3
    assert fingerprint(project) == first


@pytest.mark.parametrize(
    "name", ["README.md", "report.py", "held_out/es.tsv", "data/quc/sources.tsv", "models/x.tar.gz"]
)
def test_what_no_model_is_made_from_does_not_count(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("changed", "utf-8")
    assert fingerprint(project) == before


def test_a_model_cut_short_or_spoilt_is_not_whole(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    assert not whole(model), "missing"
    content = gzip.compress(b"a model" * 10_000)
    model.write_bytes(content)
    assert whole(model)
    for spoilt in (
        b"",
        b"no archive",
        content[: len(content) // 2],
        content[:-4],
        content[:40] + b"\xff" + content[41:],
    ):
        model.write_bytes(spoilt)
        assert not whole(model)


def test_the_exit_code_says_whether_the_model_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--models", str(tmp_path)]) == 1
    path = Path(capsys.readouterr().out.strip())
    assert path == model_path(tmp_path)
    path.write_bytes(gzip.compress(b"a model"))
    assert main(["--models", str(tmp_path)]) == 0


def test_it_needs_nothing_but_the_standard_library(project: Path) -> None:
    # -S leaves out everything that is installed, -I the environment.
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(project / "fingerprint.py")], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1 and told.stderr == ""
    assert told.stdout.strip() == str(model_path(project / "models", project))
