"""Golden conversations, word for word. ``make golden`` writes them anew; read the difference before you keep it.

Anybody can add one: /try and ``flask --app webhook chat`` save what was said in this form.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from bot.saved import said, written
from tests.phone import Phone
from tests.servers import make_app_in, running

FOLDER = Path(__file__).parent / "conversations"
_yaml = YAML()


def _conversations() -> list[Any]:
    """One case for each file. Those that need the model are slow."""
    cases = []
    for path in sorted(FOLDER.glob("*.yml")):
        head = _yaml.load(path.read_text("utf-8"))
        marks = [] if head.get("model") == "none" else [pytest.mark.slow]
        cases.append(pytest.param(path, id=path.stem, marks=marks))
    return cases


@pytest.fixture(scope="module")
def app_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Flask]]:
    """One app for all conversations with the same settings: people on different phones do not notice one another."""
    with contextlib.ExitStack() as servers:

        @functools.cache
        def make(**environ: str) -> Flask:
            folder = tmp_path_factory.mktemp("golden")
            servers.enter_context(running(folder))
            return make_app_in(folder, environ)

        yield make


@pytest.mark.parametrize("path", _conversations())
def test_conversation(path: Path, app_with: Callable[..., Flask], request: pytest.FixtureRequest) -> None:
    script = _yaml.load(path.read_text("utf-8"))
    environ = {name: str(value) for name, value in (script.get("settings") or {}).items()}
    if script.get("model") != "none":
        rasa = request.getfixturevalue("rasa")
        environ |= {"RASA_URL": rasa.url, "RASA_TOKEN": rasa.token}
    phone = Phone(app_with(**environ).test_client(), script["channel"])
    answers = [
        (turn, phone.send(str(turn.get("they", "")), **_more(turn)), dict(phone.explain)) for turn in script["turns"]
    ]
    if request.config.getoption("--update-golden"):
        return _write(path, script, answers)
    for turn, text, explain in answers:
        assert text.strip() == (turn.get("bot") or "").strip(), f"after {turn.get('they')!r}"
        assert explain["flow"] == turn.get("flow"), f"after {turn.get('they')!r}"


def _more(turn: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (turn.get("with") or {}).items()}


def _write(path: Path, script: Any, answers: list[Any]) -> None:
    for turn, text, explain in answers:
        turn["bot"], turn["flow"] = said(text), explain["flow"]
    path.write_text(written(script), "utf-8")
