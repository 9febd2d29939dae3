"""``users``: the first admin is made at the terminal, and whoever lost phone and codes is helped there. All of it in the audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bot.store.database import engine_for
from bot.store.passwords import fits
from bot.store.staff_models import AuditRow, User

PASSWORD = "caballo correcto pila"


@pytest.fixture
def run(make_app: Callable[..., Flask]) -> Callable[..., Any]:
    app = make_app()
    runner = app.test_cli_runner()

    def invoke(*words: str, answers: str = "") -> Any:
        result = runner.invoke(args=["users", *words], input=answers)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    invoke.engine = engine_for(app.config["SETTINGS"].sql_url)
    yield invoke
    invoke.engine.dispose()


def _acts(run: Any) -> list[tuple[str, str]]:
    with run.engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(select(AuditRow.actor, AuditRow.action).order_by(AuditRow.seq))
        ]


def test_the_first_admin(run: Any) -> None:
    assert "create-admin" in run("list").output
    made = run("create-admin", "Ana@Example.org", "--name", "Ana", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0 and PASSWORD not in made.output
    with run.engine.connect() as connection:
        row = connection.execute(select(User.__table__)).one()
    assert (row.email, row.roles, row.organization) == ("ana@example.org", "admin", None)
    assert fits(PASSWORD, row.password)
    assert "ana@example.org  Ana  network  admin  no second step" in run("list").output
    assert _acts(run) == [("terminal", "user.made")]
    again = run("create-admin", "ana@example.org", "--name", "Ana")
    assert again.exit_code == 1 and "already" in again.output


@pytest.mark.parametrize("password", ["short", "ana@example.org", "aaaaaaaaaaaaaa", "Guatemala2026"])
def test_a_weak_password_is_refused(run: Any, password: str) -> None:
    made = run("create-admin", "ana@example.org", "--name", "Ana", answers=f"{password}\n{password}\n")
    assert made.exit_code == 1 and "Nobody" in run("list").output


def test_links(run: Any) -> None:
    link = run("create-admin", "ana@example.org", "--name", "Ana", "--link").output
    assert "http://127.0.0.1:8000/console/invitation/" in link
    assert run("invite", "b@example.org", "--name", "Luz", "--role", "responder").exit_code == 2, "of no organization"
    other = run("invite", "b@example.org", "--name", "Luz", "--role", "responder", "--organization", "norte")
    assert "/console/invitation/" in other.output
    assert run("password-link", "nobody@example.org").exit_code == 1
    assert [action for _, action in _acts(run)] == ["invited", "invited"]


def test_closing_and_resetting(run: Any) -> None:
    for name in ("Ana", "Luz"):
        run("create-admin", f"{name}@example.org", "--name", name, answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert run("reset-second-factor", "ana@example.org", answers="n\n").exit_code == 1
    assert run("reset-second-factor", "ana@example.org", answers="y\n").exit_code == 0
    assert run("deactivate", "ana@example.org").exit_code == 0
    last = run("deactivate", "luz@example.org")
    assert last.exit_code == 1 and "last admin" in last.output
    assert "DEACTIVATED" in run("list").output
    assert [action for _, action in _acts(run)][2:] == ["second_factor.reset", "user.deactivated"]


def test_a_speaker_and_a_licence_are_entered_at_the_terminal(run: Any) -> None:
    run("create-admin", "ana@example.org", "--name", "Ana", "--link")
    run("create-admin", "ana@example.org", "--name", "Ana", answers=f"{PASSWORD}\n{PASSWORD}\n")
    told = run("standing", "ana@example.org", "--speaker-of", "Nahualá").output
    assert "speaker of Nahualá, licence none" in told
    assert "speaker of Nahualá, licence IL 12" in run("standing", "ana@example.org", "--licence", "IL 12").output
    assert run("standing", "ana@example.org").exit_code == 2
    assert run("work", "ana@example.org", "--language", "quc", "--state", "US-IL").exit_code == 0
    with run.engine.connect() as connection:
        row = connection.execute(select(User.__table__)).one()
    assert (row.speaker_of, row.licence, row.works_in, row.state) == ("Nahualá", "IL 12", "quc", "US-IL")
    assert run("work", "ana@example.org", "--state", "Illinois").exit_code == 1
