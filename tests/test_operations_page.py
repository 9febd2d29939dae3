"""docs/operations.md: every alarm of the code and every figure stands there with what to do, and nothing else does."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from bot.escalation import alert
from bot.metrics import Figures
from bot.settings import REPOSITORY
from bot.worker import duties

PAGE = (REPOSITORY / "docs" / "operations.md").read_text("utf-8")
LOUD = {"warning", "error", "critical", "exception"}


def section(heading: str) -> list[list[str]]:
    """The rows of the table below a heading."""
    below = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[1:]]


def _sources() -> Iterator[ast.AST]:
    for path in (REPOSITORY / "webhook.py", *(REPOSITORY / "bot").rglob("*.py")):
        yield ast.parse(path.read_text("utf-8"))


def events() -> set[str]:
    """Every event that the code says aloud."""
    found, said_by = set[str](), dict[str, set[str]]()
    for tree in _sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            first = call.args[0] if call.args else None
            if called in LOUD and getattr(getattr(call.func, "value", None), "id", "") == "log":
                assert first is not None
                found |= _spelt(first)
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                said_by.setdefault(called, set()).add(first.value)
    # A look-out says its own name first; what deletes at the carrier hands its event on.
    names = said_by["LookOut"]
    found |= {event.replace("*", name) for event in found if "*" in event for name in names} | said_by["_log"]
    return {event for event in found if "*" not in event}


def _spelt(first: ast.expr) -> set[str]:
    if isinstance(first, ast.Constant):
        return {first.value}
    if isinstance(first, ast.JoinedStr):
        return {"".join(part.value if isinstance(part, ast.Constant) else "*" for part in first.values)}  # type: ignore[misc]
    if isinstance(first, ast.IfExp):
        return _spelt(first.body) | _spelt(first.orelse)
    assert isinstance(first, ast.Name), ast.dump(first)
    return set()


def test_every_alarm_of_the_log_stands_on_the_page_and_no_other() -> None:
    rows = section("Alarms in the log")
    told = [row[0].strip("`") for row in rows]
    assert sorted(told) == sorted(events())
    assert all(re.match(r"(now|today|know)\b", row[1]) and len(row) == 4 and all(row) for row in rows)


def test_the_search_finds_what_is_said_in_every_way() -> None:
    found = events()
    assert {"turn.failed", "release.no_thread", "directory.look_failed", "copies.swept", "spend.alarm"} <= found
    assert "release.taken" not in found, "what is only told"


def test_every_alarm_by_mail_stands_on_the_page_and_no_other() -> None:
    mails = [
        alert.urgent("en", "u"),
        alert.carrier("en", 20003),
        alert.carrier("en", 3),
        alert.carrier("en", alert.RELEASE),
    ]
    spanish = [
        alert.urgent("es", "u"),
        alert.carrier("es", 20003),
        alert.carrier("es", 3),
        alert.carrier("es", alert.RELEASE),
    ]
    subjects = {f"{english.subject} / {other.subject}" for english, other in zip(mails, spanish, strict=True)}
    assert {row[0] for row in section("Alarms by mail")} == subjects


@pytest.fixture(scope="module")
def app(app_with: Callable[..., Flask]) -> Flask:
    return app_with(
        METRICS_TOKEN="a token that is long enough", SMTP_URL="smtp://127.0.0.1:1", MAIL_FROM="a@example.org"
    )


def test_every_figure_stands_on_the_page_and_no_other(app: Flask, tmp_path: Path) -> None:
    puente = app.extensions["puente"]()
    puente.redis.hset("worker:done", mapping={"worker": 1, "purge": 1})
    given = {family.name + ("_total" if family.type == "counter" else "") for family in Figures(puente).collect()}
    told = {row[0].strip("`") for row in section("The figures")}
    # In tests the master key is a developer's, whose name is no date.
    assert told == given | {"puente_master_key_age_days"}


def test_the_duties_that_the_page_names_are_duties(app: Flask) -> None:
    puente = app.extensions["puente"]()
    (row,) = [row for row in section("The figures") if row[0] == "`puente_duty_age_seconds`"]
    named = set(re.findall(r"`([^`]+)`", row[1]))
    assert named - {"carrier copies"} <= {duty.name for duty in duties(puente.settings, puente.redis, puente.engine)}
