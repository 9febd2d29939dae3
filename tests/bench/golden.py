"""The golden conversations talked again (tests/test_golden.py), each answer beside the same words before they are folded.

The bot folds the whole text of an SMS at one place (bot/wording/render.py): there both are noted. What staff send is not in it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from ruamel.yaml import YAML

from bot.directory.directory import Directory
from bot.directory.seed import load_seed
from bot.frozen import replace
from bot.message import Channel
from bot.settings import REPOSITORY
from bot.wording.gsm7 import fold_for_sms
from tests.desk import TUESDAY, MadeUpDesk, moment_of, organizations_in, with_desk
from tests.phone import Phone, texts
from tests.servers import Rasa, make_app_in, running

FOLDER = REPOSITORY / "tests" / "conversations"
_yaml = YAML(typ="safe")

Key = tuple[tuple[str, str], ...]
"""The settings of an app."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one message got: the ``texts`` as they went out, ``as_written`` the same before folding. ``golden``: as the file has them."""

    conversation: str
    channel: Channel
    language: str
    texts: tuple[str, ...]
    as_written: tuple[str, ...]
    golden: bool


@dataclass
class Talking:
    """Apps for conversations, each made once for its settings, all on the same Tuesday morning."""

    folder: Path
    servers: ExitStack
    model: Rasa | None
    plain: dict[Key, Flask] = field(default_factory=dict)
    desks: dict[tuple[str, Key], MadeUpDesk] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """Texts before they were folded, by what became of them."""

    def fold(self, text: str) -> str:
        """As bot/wording/gsm7.py, and notes it."""
        folded = fold_for_sms(text)
        self.written[folded] = text
        return folded

    def make(self, **environ: str) -> Flask:
        """An app of its own."""
        folder = self.folder / f"app-{len(self.plain) + len(self.desks)}-{len(environ)}"
        folder.mkdir()
        self.servers.enter_context(running(folder))
        return make_app_in(folder, environ)

    def app(self, script: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Flask, MadeUpDesk | None]:
        """The one that this conversation is held with."""
        key = tuple(sorted(environ.items()))
        if "desk" in script:
            name = script["desk"]
            desk = self.desks.get((name, key)) or self._desk(name, environ)
            self.desks[name, key] = desk
            desk.at(script.get("at", TUESDAY))
            return desk.app, desk
        if key not in self.plain:
            self.plain[key] = self._on_tuesday(environ)
        return self.plain[key], None

    def _desk(self, name: str, environ: Mapping[str, str]) -> MadeUpDesk:
        clock = self.folder / f"clock-{len(self.desks)}"
        return with_desk(self.make, clock, organizations_in(FOLDER / name / "desk.yml"), **environ)

    def _on_tuesday(self, environ: Mapping[str, str]) -> Flask:
        clock = self.folder / "clock"
        clock.write_text(str(moment_of(TUESDAY) - time.time()), "ascii")
        with mock.patch.dict(os.environ, {"PUENTE_CLOCK_FILE": str(clock)}):
            app = self.make(**environ)
            app.extensions["puente"]()
        return app


def answers(folder: Path, most: int | None = None) -> Iterator[Answered]:
    """Every answer of all of them; of the first ``most`` that need no model, where that is given."""
    scripts = {path.stem: _yaml.load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
    if most is not None:
        scripts = dict([each for each in scripts.items() if each[1].get("model") == "none"][:most])
    with ExitStack() as servers:
        model = None
        if any(script.get("model") != "none" for script in scripts.values()):
            model = Rasa(folder)
            servers.callback(model.kill)
            model.start()
        talking = Talking(folder, servers, model)
        servers.enter_context(mock.patch("bot.wording.render.fold_for_sms", talking.fold))
        for name, script in scripts.items():
            for channel in script.get("channels") or [script["channel"]]:
                yield from _talked(talking, name, script, channel)
        for app in (*talking.plain.values(), *(desk.app for desk in talking.desks.values())):
            app.extensions["puente"]().content.close()


def _talked(talking: Talking, name: str, script: Mapping[str, Any], channel: str) -> Iterator[Answered]:
    environ = {key: str(value) for key, value in (script.get("settings") or {}).items()}
    if script.get("model") != "none" and talking.model:
        environ |= {"RASA_URL": talking.model.url, "RASA_TOKEN": talking.model.token}
    app, desk = talking.app(script, environ)
    with _told_of(app, script.get("directory")):
        phone = Phone(app.test_client(), channel)
        app.extensions["puente"]().escalations.mirror()
        for turn in script["turns"]:
            does = turn.get("staff") or []
            for what in [does] if isinstance(does, str) else does:
                assert desk, "staff do something only at a made-up desk"
                desk.act(str(what), phone.address)
            more = {str(key): str(value) for key, value in (turn.get("with") or {}).items()}
            phone.send(str(turn.get("they", "")), **more)
            yield _answered(talking, name, channel, phone, turn)
    if desk:
        desk.end()


def _answered(talking: Talking, name: str, channel: str, phone: Phone, turn: Mapping[str, Any]) -> Answered:
    sent = tuple(texts(phone.response.data))
    expected = turn.get("bot") or ""
    expected = expected if isinstance(expected, str) else expected.get(channel, "")
    return Answered(
        conversation=name,
        channel=Channel(channel),
        language=str(phone.explain.get("language") or ""),
        texts=sent,
        as_written=tuple(talking.written.get(text, text) for text in sent),
        golden="\n".join(sent).strip() == expected.strip(),
    )


@contextlib.contextmanager
def _told_of(app: Flask, directory: str | None) -> Iterator[None]:
    """The app answers from the organizations of that folder for as long."""
    shipped = app.extensions["puente"]
    if directory is not None:
        puente = shipped()
        package = load_seed(FOLDER / directory, puente.release.released + timedelta(1))
        release = replace(puente.release, directory=Directory.of_package(package))
        told = replace(puente, conversation=replace(puente.conversation, release=lambda: release))
        app.extensions["puente"] = lambda: told
    yield
    app.extensions["puente"] = shipped
