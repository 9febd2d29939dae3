"""``content reseal`` at the terminal: it tells, and seals only when somebody says so and who she is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile
from bot.store.errors import DirectoryDamaged
from bot.store.keys import load_release_key

pytestmark = pytest.mark.slow


def reseal(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["content", "reseal", *words])
    return result.exit_code, result.output


@pytest.mark.always
def test_a_row_changed_by_hand_is_named_and_the_key_that_is_lost_made_anew(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    settings = app.config["SETTINGS"]
    engine, key = engine_for(settings.sql_url), load_release_key(settings.data_dir)
    assert "nothing to do" in reseal(app)[1]
    with engine.begin() as connection:
        id = connection.scalar(text("SELECT id FROM hsds_phone LIMIT 1"))
        connection.execute(text("UPDATE hsds_phone SET number = '+17735550199' WHERE id = :id"), {"id": id})
    code, said = reseal(app)
    assert code == 0 and f"phone {id}" in said and "1 do not fit" in said and "Nothing was sealed" in said
    store = DirectoryStore(engine, key, lambda: 0.0)
    with pytest.raises(DirectoryDamaged, match=f"phone {id} seal"):
        store.read()
    assert reseal(app, "--yes")[0] == 2, "nobody said who she is"
    (settings.data_dir / "keys" / "releases").unlink()
    code, said = reseal(app, "--yes", "--by", "Rosa")
    assert code == 0 and "is missing" in said and "Sealed anew" in said, said
    new = load_release_key(settings.data_dir)
    stored = DirectoryStore(engine, new, lambda: 0.0).stored()
    assert new != key and stored.package.tables["phone"][id]["number"] == "+17735550199"
    assert DirectoryFile(settings.data_dir, new).read() == stored, "the file of this host is under the new seal too"
    assert "nothing to do" in reseal(app)[1]
    engine.dispose()
