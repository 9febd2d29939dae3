"""What was published, as files at the terminal and back: byte for byte out, as drafts in; changed files of a new version as drafts too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import bot.cli_releases
from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.settings import REPOSITORY
from bot.store.changes import Changes
from bot.store.incoming_files import IncomingFiles
from bot.store.line_checks import LineChecks
from bot.store.people import People
from bot.store.releases import Releases

pytestmark = pytest.mark.slow

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
ES, HEALTH = "locales/es/LC_MESSAGES/answers.po", "flows/services/services_health.yml"
OLD, NEW = "Llame antes. Pregunte cuánto cobran según", "Llame primero. Pregunte cuánto cobran según"


def run(app: Flask, *words: str, **more: Any) -> str:
    result = app.test_cli_runner().invoke(args=["content", *words], **more)
    assert result.exit_code == 0, result.output
    return result.output


def files_of(folder: Path) -> dict[str, bytes]:
    names = (path for name in ("flows", "locales") for path in (folder / name).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in names}


def stores(app: Flask, root: Path = REPOSITORY) -> tuple[Releases, Changes]:
    puente = app.extensions["puente"]()
    real = puente.releases
    releases = Releases(real.engine, real._key, real.clock, root, judge=lambda *_: ())
    return releases, Changes(real.engine, releases, People(real.engine, real.clock), real.clock, root)


def reworded(sources: Any) -> dict[str, bytes]:
    """Another word in one Spanish text."""
    data = sources[ES]
    assert data.count(OLD.encode()) == 1
    return {**sources, ES: data.replace(OLD.encode(), NEW.encode())}


def test_an_export_is_byte_for_byte_what_the_repository_has(app: Flask, tmp_path: Path) -> None:
    assert "Release 0: " in run(app, "export", str(tmp_path / "out"))
    exported = files_of(tmp_path / "out")
    assert {name: (REPOSITORY / name).read_bytes() for name in exported} == exported
    assert set(content.sources_of(REPOSITORY)) | {"locales/messages.pot"} == set(exported)
    assert "nothing to do" in run(app, "import", str(tmp_path / "out"))


def test_an_exported_change_comes_back_as_the_same_files(app: Flask, tmp_path: Path) -> None:
    releases, _ = stores(app)
    releases.publish(LUZ, reworded(releases.current().sources), ("services_health",), "a word", 0)
    out = tmp_path / "out"
    (out / "flows" / "services").mkdir(parents=True)
    (out / HEALTH).write_bytes(b"another version")
    (out / "flows" / "services" / "gone.yml").write_bytes(b"of an answer that is no more")
    run(app, "export", str(out))
    first = files_of(out)
    assert NEW.encode() in first[ES] and "flows/services/gone.yml" not in first
    assert "nothing to do" in run(app, "import", str(out))
    run(app, "export", str(out))
    assert files_of(out) == first
    run(app, "export", str(out), "--release", "0")
    assert NEW.encode() not in files_of(out)[ES]


def test_an_import_shows_what_it_would_change_and_makes_drafts(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(app, "export", str(out))
    changed = reworded({ES: (out / ES).read_bytes()})[ES]
    (out / ES).write_bytes(changed)
    (out / HEALTH).write_bytes((out / HEALTH).read_bytes().replace(b"label: other help,", b"label: more help,", 1))
    refused = app.test_cli_runner().invoke(args=["content", "import", str(out)], input="n\n")
    assert refused.exit_code == 1 and f"- {OLD}" in refused.output and f"+ {NEW}" in refused.output
    releases, changes = stores(app)
    assert changes.open_for("services_health") is None
    assert "1 drafts: services_health" in run(app, "import", str(out), "--yes")
    opened = changes.open_for("services_health")
    assert opened is not None and releases.number() == 0
    assert any(NEW in text.text and text.language is Language.ES for text in opened.draft.texts)
    assert opened.draft.yaml is not None and "more help" in opened.draft.yaml


def test_what_somebody_is_writing_stays_hers(app: Flask, tmp_path: Path) -> None:
    _, changes = stores(app)
    line = next(line for line in changes.answer("services_health").lines if OLD in line.said[Language.ES].text)
    said = line.said[Language.ES]
    changes.save(LUZ, "services_health", line.key, Language.ES, "Palabras de ella.", said.version, False)
    out = tmp_path / "out"
    run(app, "export", str(out))
    (out / ES).write_bytes(reworded({ES: (out / ES).read_bytes()})[ES])
    assert "hers stays" in run(app, "import", str(out), "--yes")
    opened = changes.open_for("services_health")
    assert opened is not None and [text.text for text in opened.draft.texts] == ["Palabras de ella."]


def test_the_list_tells_what_was_published_and_what_is_damaged(app: Flask) -> None:
    assert "Nobody has published" in run(app, "releases")
    releases, _ = stores(app)
    releases.publish(LUZ, reworded(releases.current().sources), ("services_health",), "a word", 0)
    releases.withdraw(LUZ, "home_visit", "an old number")
    told = run(app, "releases")
    assert "1: " in told and "user 1; services_health; a word" in told and "0: " in told
    assert "withdrawn: home_visit: an old number" in told and "DAMAGED" not in told
    with releases.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE releases SET note = 'another' WHERE number = 1")
    assert "DAMAGED: the seal" in run(app, "releases")


def test_what_is_due_is_asked_of_what_families_get(app: Flask) -> None:
    assert "number orr " in run(app, "due") and "fact door_closed " in run(app, "due", "--days", "1000")
    releases, _ = stores(app)
    LineChecks(releases.engine, releases, releases.clock).right(LUZ, "orr", True, "1-800-203-7001")
    told = run(app, "due")
    assert "number orr " not in told and "number eoir " in told
    with releases.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE releases SET note = 'another' WHERE number = 1")
    result = app.test_cli_runner().invoke(args=["content", "due"])
    assert result.exit_code == 1 and "Error: " in result.output


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A newer version of the repository."""
    for name in ("flows", "locales", "directory", "nlu/phrases", "nlu/list_phrases", "nlu/relay_phrases"):
        shutil.copytree(REPOSITORY / name, tmp_path / "checkout" / name)
    for name in ("nlu/intents.yml",):
        shutil.copy(REPOSITORY / name, tmp_path / "checkout" / name)
    return tmp_path / "checkout"


def test_changed_files_of_a_new_version_become_drafts_once_somebody_has_published(app: Flask, checkout: Path) -> None:
    releases, changes = stores(app, checkout)
    incoming = IncomingFiles(changes)
    (checkout / ES).write_bytes(reworded({ES: (checkout / ES).read_bytes()})[ES])
    assert incoming.settle() == "" and not incoming.of_the_repository(), (
        "while nobody has published files are the truth"
    )
    (checkout / ES).write_bytes((REPOSITORY / ES).read_bytes())
    releases.publish(
        LUZ, {**releases.seed().sources, HEALTH: releases.seed().sources[HEALTH] + b"# published\n"}, (), "", 0
    )
    assert incoming.settle() == ""
    (checkout / ES).write_bytes(reworded({ES: (checkout / ES).read_bytes()})[ES])
    told = incoming.settle()
    assert "1 answers became drafts" in told
    opened = changes.open_for("services_health")
    assert opened is not None and [text.text for text in opened.draft.texts if NEW in text.text]
    assert incoming.of_the_repository() and incoming.settle() == "", "said once"
    assert b"# published" in releases.current().sources[HEALTH] and NEW.encode() not in releases.current().sources[ES]


def test_db_upgrade_says_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.cli_releases.IncomingFiles, "settle", lambda self: "3 answers became drafts.")
    told = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert told.exit_code == 0 and "3 answers became drafts." in told.output
