"""Golden conversations, word for word. ``make golden`` writes them anew; read the difference before you keep it.

Anybody can add one: /try and ``flask --app webhook chat`` save what was said in this form. A file with ``channels`` instead of
``channel`` is held on each of them, and what the bot says stands under the name of the channel. ``directory: made_up`` answers from
the organizations of made_up/organizations.csv beside the conversations, which nobody has: for what the real ones do not show.

All of them are held on one Tuesday morning, whatever the day of the test: an office is open or closed by the clock, and it has holidays.
``desk: made_up`` puts the people of made_up/desk.yml behind it, who answer there, and ``at`` sets the clock (of Chicago). ``staff``
on a turn tells what they do before its message, in order (``MadeUpDesk.act``): take, reply WORDS, later MINUTES, bad day ...
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from bot.app import Puente
from bot.content import load_flows
from bot.directory.directory import Directory
from bot.directory.seed import load_seed
from bot.engine.walk import NOTICES
from bot.engine.words import SAFE_FOR_ALL
from bot.frozen import replace
from bot.language import Language
from bot.saved import said, written
from bot.settings import REPOSITORY
from tests.desk import TUESDAY, MadeUpDesk, moment_of, organizations_in, with_desk
from tests.phone import Phone

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "conversations"
_yaml = YAML()
# The notices are the engine's own sentences. Which message holds two dangers alike changes with each training of the model.
WITHOUT = (NOTICES, SAFE_FOR_ALL)
FLOWS = load_flows(REPOSITORY / "flows")


def _conversations() -> list[Any]:
    """One case for each file and channel. Those that need the model are slow."""
    cases = []
    for path in sorted(FOLDER.glob("*.yml")):
        head = _yaml.load(path.read_text("utf-8"))
        marks = [] if head.get("model") == "none" else [pytest.mark.slow]
        for channel in head.get("channels") or [head["channel"]]:
            name = f"{path.stem}-{channel}" if "channels" in head else path.stem
            cases.append(pytest.param(path, channel, id=name, marks=marks))
    return cases


@pytest.mark.parametrize(("path", "channel"), _conversations())
def test_conversation(path: Path, channel: str, app_with: Callable[..., Flask], request: pytest.FixtureRequest) -> None:
    script = _yaml.load(path.read_text("utf-8"))
    environ = {name: str(value) for name, value in (script.get("settings") or {}).items()}
    if script.get("model") != "none":
        rasa = request.getfixturevalue("rasa")
        environ |= {"RASA_URL": rasa.url, "RASA_TOKEN": rasa.token}
    with _at_desk(app_with, script, environ, request) as (app, desk):
        app = _told_of(app, script.get("directory"))
        phone = Phone(app.test_client(), channel)
        # As the worker does: then it is known that nobody here has a conversation with staff.
        app.extensions["puente"]().escalations.mirror()
        answers = []
        for turn in script["turns"]:
            for what in _staff(turn):
                assert desk, "staff do something only at a made-up desk"
                desk.act(what, phone.address)
            answers.append((turn, phone.send(str(turn.get("they", "")), **_more(turn)), dict(phone.explain)))
    if request.config.getoption("--update-golden"):
        return _write(path, script, channel, answers)
    for turn, text, explain in answers:
        expected = turn.get("bot") or ""
        expected = expected if isinstance(expected, str) else expected.get(channel, "")
        assert text.strip() == expected.strip(), f"after {turn.get('they')!r}"
        assert explain["flow"] == turn.get("flow"), f"after {turn.get('they')!r}"


def _told_of(app: Flask, directory: str | None) -> Flask:
    """The app, answering from the organizations of that folder; from the shipped ones where none is named."""
    puente: Puente = app.extensions["puente"]()
    shipped = app.extensions.setdefault("puente as shipped", puente)
    if directory is not None:
        package = load_seed(FOLDER / directory, shipped.release.released + timedelta(1))
        release = replace(shipped.release, directory=Directory.of_package(package))
        puente = replace(shipped, conversation=replace(shipped.conversation, release=lambda: release))
    else:
        puente = shipped
    app.extensions["puente"] = lambda: puente
    return app


@contextlib.contextmanager
def _at_desk(
    app_with: Callable[..., Flask], script: Any, environ: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[tuple[Flask, MadeUpDesk | None]]:
    """The app, and the people behind it where the conversation names some. One desk serves all conversations in turn."""
    if "desk" not in script:
        yield request.getfixturevalue("app_on_tuesday")(**environ), None
        return
    desk = request.getfixturevalue("desk_with")(script["desk"], **environ)
    desk.at(script.get("at", TUESDAY))
    yield desk.app, desk
    desk.end()


@pytest.fixture(scope="module")
def app_on_tuesday(app_with: Callable[..., Flask], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flask]:
    """As ``app_with``, on the same day and hour in every run."""
    clock = tmp_path_factory.mktemp("clock") / "offset"
    clock.write_text(str(moment_of(TUESDAY) - time.time()), "ascii")

    def make(**environ: str) -> Flask:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PUENTE_CLOCK_FILE", str(clock))
            app = app_with(**environ)
            app.extensions["puente"]()
        return app

    return make


@pytest.fixture(scope="module")
def desk_with(app_with: Callable[..., Flask], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., MadeUpDesk]:
    """Makes an app of its own for a desk: where there is none, nobody must be offered a person."""

    @functools.cache
    def make(name: str, **environ: str) -> MadeUpDesk:
        clock = tmp_path_factory.mktemp("clock") / "offset"
        organizations = organizations_in(FOLDER / name / "desk.yml")
        # Another price than the usual one makes it another app, and changes no word.
        return with_desk(app_with, clock, organizations, **environ, SMS_PRICE="0.0084")

    return make


def _staff(turn: Any) -> list[str]:
    does = turn.get("staff") or []
    return [does] if isinstance(does, str) else [str(each) for each in does]


def _more(turn: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (turn.get("with") or {}).items()}


def _write(path: Path, script: Any, channel: str, answers: list[Any]) -> None:
    for turn, text, explain in answers:
        turn["flow"] = explain["flow"]
        if "channels" in script:
            turn["bot"] = {**(turn.get("bot") or {}), channel: said(text)}
        else:
            turn["bot"] = said(text)
    path.write_text(written(script), "utf-8")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", [name for name in FLOWS if name not in WITHOUT])
def test_every_flow_has_a_conversation_in_each_language(name: str, language: Language) -> None:
    paths = [*FOLDER.glob(f"{name}_{language}.yml"), *FOLDER.glob(f"{name}_{language}_*.yml")]
    assert paths, f"save one as {name}_{language}.yml: /try and `flask --app webhook chat` do"
    turns = [turn for path in paths for turn in _yaml.load(path.read_text("utf-8"))["turns"]]
    assert name in {turn.get("flow") for turn in turns}, (
        f"{', '.join(path.name for path in paths)}: {name} never answers"
    )
