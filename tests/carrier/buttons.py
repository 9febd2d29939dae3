"""An installation that sends menus as buttons. Messages go through the Twilio that none of us wrote; of its Content API it has
nothing, so that the front keeps that.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from bot.app import Puente
from bot.channels.contents import Contents, ContentWatch
from bot.channels.errands import ErrandRunner
from bot.language import Language
from bot.message import Menu
from bot.scripts.menus import menus_of
from bot.scripts.release import Release
from bot.settings import Settings
from bot.store.errands import READY, Errands
from bot.store.keys import DayKeys, load_release_key
from bot.store.menu_contents import MenuContents
from tests.carrier.fake import ACCOUNT, WHATSAPP, Exchange, Fault, Twilio
from tests.carrier.faults import PATIENCE
from tests.phone import Phone, texts
from tests.servers import until

SEND = "/Messages.json"


@dataclass
class ContentApi:
    """What Twilio's Content API holds of this account."""

    held: dict[str, dict[str, object]] = field(default_factory=dict)

    def do(self, exchange: Exchange) -> None:
        path, method = urlsplit(exchange.handler.path).path, exchange.handler.command
        if method == "POST":
            sid = f"HX{len(self.held) + 1:032x}"
            self.held[sid] = {**json.loads(exchange.body), "sid": sid}
            exchange.answer(201, json.dumps(self.held[sid]).encode())
        elif method == "DELETE":
            gone = self.held.pop(path.rpartition("/")[2], None)
            exchange.answer(204 if gone else 404)
        else:
            page = {"contents": list(self.held.values()), "meta": {"key": "contents", "next_page_url": None}}
            exchange.answer(200, json.dumps(page).encode())

    def of(self, sid: str) -> dict[str, dict[str, object]]:
        return self.held[sid]["types"]  # type: ignore[return-value]


@dataclass
class Scene:
    """An installation with buttons, its worker's part and a phone."""

    app: Flask
    twilio: Twilio
    api: ContentApi
    watch: ContentWatch
    sent: list[dict[str, str]]
    """The forms of the messages that were given to Twilio, in their order."""
    clocks: Path
    errands: Errands

    def all_made(self) -> None:
        while self.watch.look():
            pass
        self.later(6)

    def later(self, seconds: float) -> None:
        """Longer than web processes remember what Redis said."""
        self.clocks.write_text(str(float(self.clocks.read_text()) + seconds))

    def phone(self) -> Phone:
        return SignedPhone(self.app.test_client(), self.twilio.url)

    def report(self, phone: Phone, form: dict[str, str], status: str, code: int = 0) -> None:
        """Twilio's report about a message that was given to it."""
        path = form["StatusCallback"].removeprefix(self.twilio.url)
        said = {"MessageSid": "MM" + "7" * 32, "MessageStatus": status, "AccountSid": ACCOUNT, "To": phone.address}
        said |= {"From": WHATSAPP} | ({"ErrorCode": str(code)} if code else {})
        signed = RequestValidator("test-token").compute_signature(f"{self.twilio.url}{path}", said)
        assert self.twilio.report(path, urlencode(said).encode(), signed)[0] == 204


class SignedPhone(Phone):
    """A phone on WhatsApp whose messages come over the address that this installation has."""

    def __init__(self, client: object, base: str) -> None:
        super().__init__(client, "whatsapp")  # type: ignore[arg-type]
        self.base = base

    def post(self, form, token: str = "test-token"):  # type: ignore[no-untyped-def] # noqa: S107
        signed = RequestValidator(token).compute_signature(f"{self.base}/messages", dict(form))
        self.response = self.client.post("/messages", data=dict(form), headers={"X-Twilio-Signature": signed})
        self.explain = json.loads(self.response.headers.get("X-Puente-Turn", "{}"))
        return self.response


_menus = dict[Menu, Language]()


def few(release: Release, settings: Settings, now: float) -> dict[Menu, Language]:
    """Some hundred of the menus in the place of two thousand; written once, for the files are the same in every test."""
    if not _menus:
        found = menus_of(release, settings, now)
        _menus.update({menu: language for menu, language in found.items() if menu.flow in ("menu", "school_rights")})
    return dict(_menus)


@pytest.fixture
def scene(
    twilio: Twilio, installed: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    app = installed(WHATSAPP_BUTTONS="on")
    puente: Puente = app.extensions["puente"]()
    settings: Settings = app.config["SETTINGS"]
    api, sent, clock = ContentApi(), list[dict[str, str]](), puente.conversation.clock
    for method in ("GET", "POST", "DELETE"):
        twilio.faults.append(Fault(api.do, method=method, part="/content/v1/Content"))

    def note(exchange: Exchange) -> None:
        sent.append({name: values[-1] for name, values in parse_qs(exchange.body.decode()).items()})
        exchange.answer(*exchange.forward())

    twilio.faults.append(Fault(note, method="POST", part=SEND))
    monkeypatch.setattr("bot.channels.contents.menus_of", few)
    mirror = MenuContents(puente.redis, load_release_key(settings.data_dir), clock)
    watch = ContentWatch(settings, Contents(settings, PATIENCE), mirror, lambda: puente.release, clock)
    errands = Errands(puente.redis, DayKeys(puente.redis), clock)
    runner, over = ErrandRunner(settings, errands, PATIENCE), threading.Event()
    monkeypatch.setattr("bot.channels.errands._TURN", 0.1)

    def run() -> None:
        while not over.is_set():
            runner.work()

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: bool(puente.redis.exists(READY)), "the worker's part runs")
    yield Scene(app, twilio, api, watch, sent, tmp_path / "clock", errands)
    over.set()
    thread.join()


def wrong(scene: Scene, do: Callable[[Exchange], None], times: int = 1_000) -> None:
    """What Twilio does with messages from now on."""
    scene.twilio.faults.insert(0, Fault(do, method="POST", part=SEND, times=times))


def text(phone: Phone) -> str:
    return "\n".join(texts(phone.response.data))
