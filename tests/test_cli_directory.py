"""`directory import` and `directory export` as somebody at the terminal sees them."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot.directory.formats.flat import read_flat, write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.tabular import write_tabular, write_zip
from bot.directory.formats.workbook import write_workbook
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY, Package
from bot.directory.importing.preview import preview
from bot.frozen import replace
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from tests.directory.importing.small import DIRECTORY, TODAY, with_cells, without
from tests.servers import make_app_in
from tests.upgraded import SEAL_KEY

ANA = ("--by", "Ana Perez")
SECONDS = 60
FORMS: dict[str, Callable[[Package], bytes]] = {
    "package": write_zip,
    "json": write_json,
    "csv": write_flat,
    "xlsx": write_workbook,
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An installation of this test's own, with an empty directory."""
    return make_app_in(tmp_path / "data", {})


@pytest.fixture
def store(app: Flask) -> Iterator[DirectoryStore]:
    engine = engine_for(_settings(app).sql_url)
    yield DirectoryStore(engine, SEAL_KEY, time.time)
    engine.dispose()


@pytest.fixture
def filled(store: DirectoryStore) -> DirectoryStore:
    """The store with the small directory in it, at version 1."""
    store.apply(changes(EMPTY, DIRECTORY, keep_missing=True), by="Prueba", expected=0)
    return store


def _settings(app: Flask) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return settings


def run(app: Flask, *words: object, columns: int = 200) -> Result:
    environ = {"COLUMNS": str(columns)}
    return app.test_cli_runner().invoke(args=["directory", *map(str, words)], env=environ)


def a_file(tmp_path: Path, some: Package, form: str = "package") -> Path:
    path = tmp_path / f"sent.{form}"
    path.write_bytes(FORMS[form](some))
    return path


def test_without_a_name_it_is_shown_and_not_stored(app: Flask, store: DirectoryStore, tmp_path: Path) -> None:
    seen = run(app, "import", a_file(tmp_path, DIRECTORY))
    assert seen.exit_code == 0
    assert seen.output.startswith("3 new organizations, 0 changed, 0 errors, 0 possible duplicates.\n")
    assert "Nothing was stored. To store it, say who you are: --by NAME." in seen.output
    assert store.read() == (EMPTY, 0)


def test_with_a_name_and_a_yes_it_is_stored_whole_and_a_second_time_there_is_nothing_to_change(
    app: Flask, store: DirectoryStore, tmp_path: Path
) -> None:
    file = a_file(tmp_path, DIRECTORY)
    done = run(app, "import", file, "--yes", *ANA)
    assert done.exit_code == 0, done.output
    assert "Stored: the directory is at version 1. The bot answers with it within seconds." in done.output
    package, version = store.read()
    assert package.digest == DIRECTORY.digest and version == 1
    anybody = next(iter(DIRECTORY.tables["organization"]))
    assert [entry.by for entry in store.history("organization", anybody)][:1] == ["Ana Perez"]
    again = run(app, "import", file, "--yes", *ANA)
    assert again.exit_code == 0 and "There is nothing to change." in again.output
    assert store.version() == 1


def of_a_sheet() -> Package:
    """The directory as a sheet makes it: a sheet holds codes, from which the ids are made, and not the ids."""
    return preview(EMPTY, read_flat(write_flat(DIRECTORY), EMPTY), TODAY, replace=False).new


@pytest.mark.parametrize("form", FORMS)
def test_each_form_comes_out_and_goes_into_an_empty_directory_as_the_same(
    app: Flask, store: DirectoryStore, tmp_path: Path, form: str
) -> None:
    whole = of_a_sheet()
    store.apply(changes(EMPTY, whole, keep_missing=True), by="Prueba", expected=0)
    first, second = tmp_path / f"first.{form}", tmp_path / f"second.{form}"
    for out in (first, second):
        done = run(app, "export", "--format", form, "--out", out)
        assert done.exit_code == 0 and "3 organizations" in done.output, done.output
        # A zip tells every second second.
        time.sleep(2.1 if form in ("package", "xlsx") and out == first else 0)
    assert first.read_bytes() == second.read_bytes()
    other = make_app_in(tmp_path / "other", {})
    done = run(other, "import", first, "--yes", *ANA)
    assert done.exit_code == 0, done.output
    engine = engine_for(_settings(other).sql_url)
    assert DirectoryStore(engine, SEAL_KEY, time.time).read()[0].digest == whole.digest
    engine.dispose()


def test_a_folder_of_tables_is_a_package(app: Flask, store: DirectoryStore, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, data in write_tabular(DIRECTORY).items():
        (folder / name).write_bytes(data)
    assert run(app, "import", folder, "--yes", *ANA).exit_code == 0
    assert store.read()[0].digest == DIRECTORY.digest


def test_what_is_wrong_is_told_and_nothing_is_stored(app: Flask, filled: DirectoryStore, tmp_path: Path) -> None:
    broken = with_cells(DIRECTORY, "phone", "romero", number="=cmd|' /C calc'!A0")
    broken = with_cells(broken, "organization", "maya", website="javascript:alert(1)")
    broken = with_cells(broken, "service", "norte", status="inactive")
    done = run(app, "import", a_file(tmp_path, broken), "--yes", *ANA)
    assert done.exit_code == 1
    assert "2 errors" in done.output and "Nothing was stored. Mend what is wrong" in done.output
    assert re.search(r"phones\.csv, row \d, number: ", done.output)
    assert re.search(r"organizations\.csv, row \d, website: ", done.output)
    assert filled.read()[0].digest == DIRECTORY.digest and filled.version() == 1


def test_replace_removes_and_says_so(app: Flask, filled: DirectoryStore, tmp_path: Path) -> None:
    fewer = without(DIRECTORY, "exclusion", "romero")
    file = a_file(tmp_path, fewer)
    assert "There is nothing to change." in run(app, "import", file).output
    done = run(app, "import", file, "--replace", "--yes", *ANA)
    assert "does not hold any more: do not route (nobody answers)" in done.output
    assert filled.read()[0].digest == fewer.digest
    nobody = a_file(tmp_path, Package.of({"taxonomy_term": DIRECTORY.rows("taxonomy_term")}))
    refused = run(app, "import", nobody, "--replace", "--yes", *ANA)
    assert refused.exit_code == 1 and "--replace would empty the directory" in refused.output


def test_a_number_changed_in_a_sheet_keeps_no_confirmation(app: Flask, filled: DirectoryStore, tmp_path: Path) -> None:
    sheet = write_flat(DIRECTORY).decode("utf-8-sig")
    file = tmp_path / "sheet.csv"
    file.write_text(sheet.replace("+17735085300", "+17735085301"), "utf-8")
    refused = run(app, "import", file, "--yes", *ANA)
    assert refused.exit_code == 1
    assert (
        "sheet.csv, row 4, phone_verified_on: The number changed, and the confirmation of 2026-10-01" in refused.output
    )
    file.write_text("code,phone\nromero,+17735085301\n", "utf-8")
    done = run(app, "import", file, "--yes", *ANA)
    assert "the phone 773-508-5301 is not confirmed: the confirmation of 2026-10-01 was of" in done.output, done.output
    phones = [each for each in filled.read()[0].rows("phone") if each["number"] == "+17735085301"]
    assert [each["verified_on"] for each in phones] == [""]
    assert "There is nothing to change." in run(app, "import", file).output
    file.write_text("code,phone,phone_ext\nmaya,+18475550100,7\n", "utf-8")
    done = run(app, "import", file, "--yes", *ANA)
    assert "the phone 847-555-0100 ext 7 is not confirmed" in done.output, done.output


def test_lines_fit_the_terminal_and_long_lists_are_cut(app: Flask, tmp_path: Path) -> None:
    seen = run(app, "import", a_file(tmp_path, DIRECTORY), columns=60)
    assert max(map(len, seen.output.splitlines())) <= 60


WRONG_WORDS = {
    "yes without a name": (["import", "x.zip", "--yes"], "Whoever stores says who they are"),
    "a name with a number": (["import", "x.zip", "--by", "773 508 5300"], "no number of a phone"),
    "a name of blanks": (["import", "x.zip", "--by", "  "], "a name is wanted"),
    "a workbook as text": (["export", "--format", "xlsx", "--out", "-"], "name a file with --out"),
    "an unknown form": (["export", "--format", "pdf", "--out", "x"], "is not one of"),
}


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_a_command_that_cannot_be_meant_is_explained(app: Flask, name: str) -> None:
    words, expected = WRONG_WORDS[name]
    done = run(app, *words)
    assert done.exit_code == 2 and expected in done.output


def test_nobody_to_ask_means_no(app: Flask, store: DirectoryStore, tmp_path: Path) -> None:
    done = run(app, "import", a_file(tmp_path, DIRECTORY), *ANA)
    assert done.exit_code == 1 and "Nobody can be asked here: add --yes." in done.output
    assert store.version() == 0


FILES: dict[str, tuple[bytes, str]] = {
    "nothing in it": (b"", "It is empty."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "It is a picture."),
    "half a zip": (write_zip(DIRECTORY)[:400], "It is no whole zip"),
    "text": (b"\x1b[2Jhello\x1b]0;owned\x07,you\n1,2\n", "Its first row names no columns of ours"),
    "no JSON": (b'{"organization": [', "It is no JSON"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_of_ours_is_explained(app: Flask, tmp_path: Path, name: str) -> None:
    data, expected = FILES[name]
    file = tmp_path / "sent\x1b[31m.csv"
    file.write_bytes(data)
    done = run(app, "import", file)
    assert done.exit_code == 1 and expected in done.output, done.output
    assert "\x1b" not in done.output and "Traceback" not in done.output


def test_what_is_no_file_is_explained(app: Flask, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    with (tmp_path / "huge.csv").open("wb") as huge:
        huge.truncate(100_000_000)
    for name, expected in (
        ("none.csv", "There is no file"),
        ("pipe", "is no file"),
        ("empty", "It holds no table of HSDS."),
        ("huge.csv", "It has 100 MB."),
        ("n" * 300, "File name too long"),
    ):
        done = run(app, "import", tmp_path / name)
        assert done.exit_code == 1 and expected in done.output, done.output


def test_an_export_writes_over_nothing_by_itself(app: Flask, filled: DirectoryStore, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("filled in by hand")
    refused = run(app, "export", "--format", "csv", "--out", out)
    assert refused.exit_code == 1 and "is there already" in refused.output
    assert out.read_text() == "filled in by hand"
    assert run(app, "export", "--format", "csv", "--out", out, "--force").exit_code == 0
    assert out.read_bytes() == write_flat(DIRECTORY)
    for place, expected in ((tmp_path, "is a folder"), (tmp_path / "no" / "file", "There is no folder")):
        done = run(app, "export", "--format", "csv", "--out", place)
        assert done.exit_code == 1 and expected in done.output


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_of_text_can_be_printed(app: Flask, filled: DirectoryStore, form: str) -> None:
    done = run(app, "export", "--format", form, "--out", "-")
    assert done.stdout_bytes == FORMS[form](DIRECTORY)


def test_what_no_sheet_can_say_is_refused_in_words(app: Flask, filled: DirectoryStore, tmp_path: Path) -> None:
    more = with_cells(DIRECTORY, "organization", "maya", legal_status="nonprofit")
    filled.apply(changes(DIRECTORY, more, keep_missing=True), by="Prueba", expected=1)
    done = run(app, "export", "--format", "csv", "--out", tmp_path / "out.csv")
    assert done.exit_code == 1 and "Export the package" in done.output
    assert not (tmp_path / "out.csv").exists()


def test_a_database_that_is_down_or_behind_is_told(app: Flask, tmp_path: Path) -> None:
    file = a_file(tmp_path, DIRECTORY)
    for url, expected in (
        ("postgresql://nobody@127.0.0.1:1/none", "is down"),
        (f"sqlite:///{tmp_path}/behind.db", "run `flask --app webhook db upgrade` first"),
    ):
        app.config["SETTINGS"] = replace(_settings(app), database_url=url)
        for words in (["import", file, "--yes", *ANA], ["export", "--format", "csv", "--out", "-"]):
            done = run(app, *words)
            assert done.exit_code == 1 and expected in done.output, done.output
            assert "Traceback" not in done.output and "nobody" not in done.output


class Terminal:
    """A command at a real terminal, so that it asks."""

    def __init__(self, app: Flask, *words: object) -> None:
        settings = _settings(app)
        environ = {
            **os.environ,
            "ENVIRONMENT": "test",
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.sql_url,
            "COLUMNS": "80",
        }
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "flask", "--app", "webhook", "directory", *map(str, words)]
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=REPOSITORY, env=environ, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def until(self, words: str) -> str:
        """Everything that was shown when these words came; "" waits for the end."""
        give_up = time.monotonic() + SECONDS
        while not words or words not in self.shown:
            assert time.monotonic() < give_up, self.shown
            if not select.select([self._ours], [], [], 1)[0]:
                continue
            try:
                self.shown += os.read(self._ours, 65_536).decode()
            except OSError:  # Linux says so when the other end is gone.
                assert not words, self.shown
                break
        return self.shown

    def type(self, line: str) -> int:
        """Answers; the exit status."""
        os.write(self._ours, f"{line}\n".encode())
        self.until("")
        os.close(self._ours)
        return self.process.wait(SECONDS)


@pytest.mark.slow
def test_at_a_terminal_it_asks_and_takes_no_for_an_answer(app: Flask, store: DirectoryStore, tmp_path: Path) -> None:
    file = a_file(tmp_path, DIRECTORY)
    terminal = Terminal(app, "import", file, *ANA)
    terminal.until("Store these changes? [y/N]")
    assert terminal.type("") == 0 and "Nothing was stored." in terminal.shown
    assert store.version() == 0
    terminal = Terminal(app, "import", file, *ANA)
    terminal.until("Store these changes? [y/N]")
    assert terminal.type("y") == 0 and "at version 1" in terminal.shown
    assert store.read()[0].digest == DIRECTORY.digest


@pytest.mark.slow
def test_what_somebody_else_changed_while_it_asked_is_not_written_over(
    app: Flask, filled: DirectoryStore, tmp_path: Path
) -> None:
    file = a_file(tmp_path, with_cells(DIRECTORY, "service", "maya", status="inactive"))
    terminal = Terminal(app, "import", file, *ANA)
    terminal.until("Store these changes? [y/N]")
    theirs = with_cells(DIRECTORY, "organization", "romero", name="Centro Romero Chicago")
    filled.apply(changes(DIRECTORY, theirs, keep_missing=True), by="Beto", expected=1)
    assert terminal.type("y") == 1
    assert "Nothing was stored. The directory was changed meanwhile and is at version 2 now" in terminal.shown
    assert "Run it again" in terminal.shown and "Traceback" not in terminal.shown
    assert filled.read()[0].digest == theirs.digest
