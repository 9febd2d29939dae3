"""What was checked and found good is not checked again; whatever else might be judged otherwise is."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from flask import Flask

from bot import content, found_good
from bot.found_good import code_digest
from bot.parsed import Parsed
from bot.scripts.finding import Finding
from bot.settings import REPOSITORY, from_environment
from bot.store.current_content import current_content
from bot.store.database import engine_for
from bot.store.found_good_file import FoundGoodFile
from bot.store.keys import load_release_key
from tests.upgraded import upgraded_sqlite

KEY = b"k" * 32
DAY = 86_400


class Starts:
    """A host on which processes start with the content of a tree; tells for each whether it checked."""

    def __init__(self, tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, checks: bool) -> None:
        self.tree, self.file = tree, FoundGoodFile(folder, KEY)
        self._patch, self._checks, self._real = monkeypatch, checks, content.findings
        self.times = 0
        monkeypatch.setattr(content, "findings", self.findings)

    def findings(self, *given: object) -> Iterable[Finding]:
        self.times += 1
        return self._real(*given) if self._checks else ()  # type: ignore[arg-type]

    def checks(self, file: FoundGoodFile | None = None) -> bool:
        """Whether another process checks, which must succeed."""
        self.forget()
        before = self.times
        content.load(self.tree, file or self.file)
        return self.times > before

    def forget(self) -> None:
        """What this process found is of no use to the next."""
        self._patch.setattr(content, "_JUDGED", Parsed(4))

    def edit(self, name: str) -> None:
        """Another file of that name, written on the same day: with a line more, or of a table one less."""
        path = self.tree / name
        written, (first, second, rest) = path.stat(), path.read_bytes().split(b"\n", 2)
        is_table = path.suffix in (".csv", ".tsv")
        path.write_bytes(b"\n".join((first, rest) if is_table else (first, second, rest, b"#")))
        os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    for folder in ("flows", "locales", "directory", "nlu/phrases", "nlu/list_phrases", "nlu/relay_phrases"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copy(REPOSITORY / "nlu" / "intents.yml", root / "nlu" / "intents.yml")
    return root


@pytest.fixture
def starts(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starts:
    """Nothing is really looked for, but who looks is counted; findings that were accepted are not found, which is no error."""
    return Starts(tree, tmp_path / "data", monkeypatch, checks=False)


def test_the_same_content_is_checked_once(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(tree, tmp_path / "data", monkeypatch, checks=True)
    assert [starts.checks() for _ in range(3)] == [True, False, False]
    assert content.load(tree, starts.file) == content.load(tree)
    assert starts.file.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in starts.file.path.parent.iterdir()] == [starts.file.path.name]


def test_who_does_not_ask_the_memory_checks(starts: Starts) -> None:
    """The commands that mend content do."""
    assert starts.checks() and not starts.checks()
    before = starts.times
    starts.forget()
    content.load(starts.tree)
    assert starts.times == before + 1


EDITED = (
    "flows/rights/home_visit.yml",
    "flows/facts.yml",
    "flows/accepted.yml",
    "locales/es/LC_MESSAGES/answers.po",
    "locales/quc/LC_MESSAGES/answers.po",
    "locales/quc/words.csv",
    "nlu/intents.yml",
    "nlu/phrases/es.yml",
    "directory/aliases.tsv",
)


@pytest.mark.parametrize("name", EDITED)
def test_another_file_is_checked_again(starts: Starts, name: str) -> None:
    assert starts.checks() and not starts.checks()
    starts.edit(name)
    assert starts.checks() and not starts.checks()


def test_a_day_later_it_is_checked_again(starts: Starts) -> None:
    """The day of the newest file is that of the release: what is not to come yet is told by it."""
    assert starts.checks() and not starts.checks()
    newest = max(path.stat().st_mtime for path in starts.tree.rglob("*"))
    os.utime(starts.tree / EDITED[0], (newest + DAY, newest + DAY))
    assert starts.checks() and not starts.checks()


def test_other_code_checks_again(starts: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert starts.checks() and not starts.checks()
    monkeypatch.setattr(found_good, "code_digest", lambda: "another")
    assert starts.checks() and not starts.checks()
    monkeypatch.setattr(sys, "version", "another")
    assert starts.checks() and not starts.checks()


def test_every_module_and_the_list_of_libraries_count(tmp_path: Path) -> None:
    code, libraries = tmp_path / "bot", tmp_path / "requirements.txt"
    (code / "scripts").mkdir(parents=True)
    (code / "app.py").write_text("a", "utf-8")
    seen = [code_digest(code, libraries)]
    changes: tuple[Callable[[], object], ...] = (
        lambda: (code / "scripts" / "checks.py").write_text("b", "utf-8"),
        lambda: (code / "scripts" / "checks.py").write_text("c", "utf-8"),
        lambda: (code / "scripts" / "checks.py").rename(code / "scripts" / "other.py"),
        lambda: (code / "scripts" / "other.py").rename(code / "other.py"),
        lambda: libraries.write_text("babel==2", "utf-8"),
        (code / "other.py").unlink,
    )
    for change in changes:
        change()
        seen.append(code_digest(code, libraries))
    assert len(set(seen)) == len(seen)
    # What Python compiles, and what is no module, judges nothing.
    (code / "page.html").write_text("d", "utf-8")
    assert code_digest(code, libraries) == seen[-1]


def test_the_code_of_this_bot_is_what_counts() -> None:
    assert code_digest() == code_digest(REPOSITORY / "bot", REPOSITORY / "requirements.txt")


def _cut(file: FoundGoodFile) -> None:
    file.path.write_bytes(file.path.read_bytes()[:-2])


def _flipped(file: FoundGoodFile) -> None:
    said = bytearray(file.path.read_bytes())
    said[-3] ^= 1
    file.path.write_bytes(said)


def _of_other_content(file: FoundGoodFile) -> None:
    file.note("0" * 64)


def _gone(file: FoundGoodFile) -> None:
    file.path.unlink()


@pytest.mark.parametrize("harm", [_cut, _flipped, _of_other_content, _gone])
def test_a_note_that_is_damaged_or_of_other_content_is_worth_nothing(
    starts: Starts, harm: Callable[[FoundGoodFile], None]
) -> None:
    assert starts.checks() and not starts.checks()
    harm(starts.file)
    assert starts.checks() and not starts.checks()


def test_a_note_under_another_key_is_worth_nothing(starts: Starts) -> None:
    """The key of the seals was lost and made anew: who held the old one can say nothing more."""
    other = FoundGoodFile(starts.file.path.parents[1], b"o" * 32)
    assert starts.checks(other) and not starts.checks(other)
    assert starts.checks() and not starts.checks()


def test_where_it_cannot_be_written_content_is_loaded_all_the_same(starts: Starts) -> None:
    starts.file.path.mkdir(parents=True)
    assert starts.checks() and starts.checks()
    assert starts.file.path.is_dir()


def test_broken_content_is_never_noted(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(tree, tmp_path / "data", monkeypatch, checks=True)
    flow = tree / "flows" / "rights" / "home_visit.yml"
    whole = flow.read_text("utf-8")
    flow.write_text(whole.replace("flow: services_legal", "flow: nowhere"), "utf-8")
    assert flow.read_text("utf-8") != whole
    for _ in range(2):
        with pytest.raises(content.ContentError, match="'nowhere'"):
            starts.checks()
    assert not starts.file.path.exists()


def test_what_changes_while_it_is_checked_is_not_noted(starts: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    judges = starts.findings

    def and_edits(*given: object) -> Iterable[Finding]:
        starts.edit("nlu/intents.yml")
        return judges(*given)

    monkeypatch.setattr(content, "findings", and_edits)
    assert starts.checks() and not starts.file.path.exists()
    monkeypatch.setattr(content, "findings", judges)
    assert starts.checks() and not starts.checks()


def test_web_starts_with_what_the_start_before_found_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)})
    upgraded_sqlite(tmp_path)
    starts = Starts(REPOSITORY, tmp_path, monkeypatch, checks=True)
    found = []
    for _ in range(2):
        starts.forget()
        current, _releases = current_content(settings, engine_for(settings.sql_url), time.time)
        found.append((starts.times, current.releases.bare.number))
        current.close()
    assert found == [(1, found[0][1])] * 2


def test_db_upgrade_checks_before_web_does(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    settings = app.config["SETTINGS"]
    file = FoundGoodFile(settings.data_dir, load_release_key(settings.data_dir))
    file.path.unlink()
    starts = Starts(REPOSITORY, settings.data_dir, monkeypatch, checks=True)
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    assert not starts.checks(file)
