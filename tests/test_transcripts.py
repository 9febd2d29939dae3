"""Golden transcripts: whole conversations, word for word. ``make transcripts`` writes them anew; read the difference before you keep it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tests.phone import Phone

FOLDER = Path(__file__).parent / "conversations"
_yaml = YAML()
_yaml.width = 10_000


def _conversations() -> list[Any]:
    """One case for each file. Those that need the model are slow."""
    cases = []
    for path in sorted(FOLDER.glob("*.yml")):
        head = _yaml.load(path.read_text("utf-8"))
        marks = [] if head.get("model") == "none" else [pytest.mark.slow]
        cases.append(pytest.param(path, id=path.stem, marks=marks))
    return cases


@pytest.mark.parametrize("path", _conversations())
def test_conversation(path: Path, make_app: Callable[..., Flask], request: pytest.FixtureRequest) -> None:
    script = _yaml.load(path.read_text("utf-8"))
    environ = {name: str(value) for name, value in (script.get("settings") or {}).items()}
    if script.get("model") != "none":
        rasa = request.getfixturevalue("rasa")
        environ |= {"RASA_URL": rasa.url, "RASA_TOKEN": rasa.token}
    phone = Phone(make_app(**environ).test_client(), script["channel"])
    said = [
        (turn, phone.send(str(turn.get("they", "")), **_more(turn)), dict(phone.explain)) for turn in script["turns"]
    ]
    if request.config.getoption("--update-transcripts"):
        return _write(path, script, said)
    for turn, text, explain in said:
        assert text.strip() == (turn.get("bot") or "").strip(), f"after {turn.get('they')!r}"
        assert explain["flow"] == turn.get("flow"), f"after {turn.get('they')!r}"


def _more(turn: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (turn.get("with") or {}).items()}


def _write(path: Path, script: Any, said: list[Any]) -> None:
    for turn, text, explain in said:
        turn["bot"] = LiteralScalarString(text.strip() + "\n") if text.strip() else ""
        turn["flow"] = explain["flow"]
    with path.open("w", encoding="utf-8") as file:
        _yaml.dump(script, file)
