"""What staff had marked as wrong before there were phrases waits among them after the upgrade, once each."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import inspect, select, text

from bot.store import upgrade as upgrading
from bot.store.content_models import Phrase
from bot.store.database import engine_for

_OLD = (
    ("a" * 22, "2026Q3", "es", "mi hijo no come", "services_legal", "services_health"),
    ("b" * 22, "2026Q4", "es", "¿Mi hijo no come?", "services_legal", ""),
    ("c" * 22, "2026Q4", "quc", "kwaj jun ajkun", "", "services_health"),
    ("d" * 22, "2026Q4", "mam", "ti tten", "", ""),
)


def test_wrong_guesses_become_waiting_phrases(database_url: str, tmp_path: Path, monkeypatch) -> None:
    newest = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: newest(config, "0005"))
        # That version knew of no releases yet.
        patch.setattr(upgrading, "_settle_release_key", lambda *_: None)
        upgrading.upgrade(database_url, tmp_path)
    engine = engine_for(database_url)
    with engine.begin() as connection:
        for row in _OLD:
            values = dict(zip(("id", "quarter", "language", "text", "heard", "wanted"), row, strict=True))
            connection.execute(
                text(
                    'INSERT INTO wrong_guesses (id, quarter, language, text, heard, "right")'
                    " VALUES (:id, :quarter, :language, :text, :heard, :wanted)"
                ),
                values,
            )
    upgrading.upgrade(database_url, tmp_path)
    with engine.connect() as connection:
        rows = connection.execute(select(Phrase.__table__).order_by(Phrase.id)).all()
        tables = inspect(connection).get_table_names()
    engine.dispose()
    assert [(row.id[0], row.quarter, row.heard, row.topic, row.verdict, row.exported) for row in rows] == [
        ("a", "2026Q3", "services_legal", "services_health", "waiting", False),
        ("c", "2026Q4", "", "services_health", "waiting", False),
    ]
    assert "wrong_guesses" not in tables
