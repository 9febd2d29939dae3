"""Menus as buttons: made at Twilio by the worker, sent in the turn, numbered text on any trouble, and never silence.

Messages go through the Twilio that none of us wrote; of its Content API it has nothing, so that the front keeps that.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from bot.app import Puente
from bot.channels.contents import AT_ONCE, Contents, ContentWatch
from bot.channels.errands import AT_ONCE as HANDS
from bot.channels.errands import ErrandRunner
from bot.channels.menu_content import prefix_of
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.message import Menu
from bot.scripts.menus import menus_of
from bot.scripts.release import Release
from bot.settings import REPOSITORY, Settings
from bot.store.errands import READY, Errand, Errands, NotDone, Taken
from bot.store.keys import DayKeys, load_release_key
from bot.store.menu_contents import REST, MenuContents
from tests.carrier import faults
from tests.carrier.conftest import PATIENCE
from tests.carrier.fake import ACCOUNT, WHATSAPP, Exchange, Fault, Twilio
from tests.phone import Phone, texts
from tests.servers import until

SEND = "/Messages.json"
LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))


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
    twilio: Twilio,
    make_app: Callable[..., Flask],
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    monkeypatch.setenv("PUENTE_CLOCK_FILE", environ["PUENTE_CLOCK_FILE"])
    app = make_app(**environ, WHATSAPP_BUTTONS="on")
    twilio.app = app
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


def test_a_menu_goes_out_as_buttons_and_the_answer_is_empty(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    assert phone.send("menu") == ""
    (form,) = scene.sent
    assert (form["To"], form["From"], "Body" in form) == (phone.address, WHATSAPP, False)
    (kind, content), *others = scene.api.of(form["ContentSid"]).items()
    assert not others and kind == "twilio/list-picker"
    assert [item["item"] for item in content["items"]][0] == "1 la migra está aquí"  # type: ignore[index]
    assert content["items"][2]["id"] == "p1:menu.first.3"  # type: ignore[index]
    # Her tap is her answer.
    phone.send("3 abogado", ListTitle="3 abogado", ListId="p1:menu.first.3", MessageType="interactive")
    assert phone.explain["flow"] == "services_legal"


@pytest.mark.slow
def test_all_menus_of_the_release_fit_the_limits_of_twilio(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.contents.menus_of", menus_of)
    monkeypatch.setattr("bot.channels.contents.AT_ONCE", 5_000)
    scene.all_made()
    prefix = prefix_of(scene.twilio.url)
    assert len(scene.api.held) > 1_000
    for held in scene.api.held.values():
        assert str(held["friendly_name"]).startswith(prefix) and held["language"] in ("es", "en")
        ((kind, content),) = held["types"].items()  # type: ignore[attr-defined]
        assert 1 <= len(content["body"]) <= 1024 and "{{" not in content["body"]
        if kind == "twilio/quick-reply":
            labels, most, longest = [each["title"] for each in content["actions"]], 3, 20
        else:
            labels, most, longest = [each["item"] for each in content["items"]], 10, 24
            assert all(len(each.get("description", "")) <= 72 for each in content["items"])
            assert 1 <= len(content["button"]) <= 20
        assert 1 <= len(labels) <= most and len(set(labels)) == len(labels)
        assert all(1 <= len(label) <= longest for label in labels)


@pytest.mark.parametrize("words", ["la migra está en mi puerta", "quiero hablar con una persona", "me quiero matar"])
def test_danger_and_the_way_to_a_person_never_depend_on_buttons(scene: Scene, words: str) -> None:
    scene.all_made()
    assert scene.phone().send(words) != "" and scene.sent == []


@pytest.mark.parametrize(
    "do",
    [
        *(faults.error(400, 21655), faults.error(429, 20429), faults.error(401, 20003), faults.html(503)),
        *(faults.cut, faults.silent, faults.done_and_silent, faults.cut_in_the_middle),
    ],
    ids=["refused", "hurried", "no right", "down", "cut", "silent", "done and silent", "cut in the middle"],
)
def test_whatever_twilio_does_the_menu_arrives_as_text(scene: Scene, do: Callable[[Exchange], None]) -> None:
    scene.all_made()
    wrong(scene, do, times=1)
    phone = scene.phone()
    said = phone.send("menu")
    assert "3 abogado" in said
    # It is not tried again at once: nobody waits for what just failed.
    assert "3 abogado" in phone.send("menu") and scene.sent == []


def test_without_a_worker_menus_are_text_at_once_and_nothing_is_left_for_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.all_made()
    puente: Puente = scene.app.extensions["puente"]()
    monkeypatch.setattr("bot.store.errands.READY_SECONDS", 0)
    monkeypatch.setattr(scene.errands, "take", lambda: None)
    until(lambda: puente.redis.delete(READY) >= 0 and not puente.redis.exists(READY), "the worker is gone")
    scene.later(6)
    assert "3 abogado" in scene.phone().send("menu") and scene.sent == []
    assert list(puente.redis.scan_iter("{menus}:errand:*")) == []


def test_a_worker_that_dies_with_a_menu_in_its_hand_leaves_text(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.all_made()
    puente: Puente = scene.app.extensions["puente"]()
    monkeypatch.setattr(scene.errands, "answer", lambda *_: None)
    phone = scene.phone()
    assert "3 abogado" in phone.send("menu")
    assert list(puente.redis.scan_iter("{menus}:errand:*")) == []


def test_while_it_waits_redis_holds_no_number_that_can_be_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.all_made()
    puente: Puente = scene.app.extensions["puente"]()
    seen = list[bytes]()
    take = scene.errands.take

    def look() -> Taken | None:
        found = list(puente.redis.scan_iter("{menus}:errand:*"))
        seen.extend(puente.redis.get(name) or b"" for name in found)
        time.sleep(0.01)
        return take() if found else None

    monkeypatch.setattr(scene.errands, "take", look)
    # Until the wait is over that has begun with the other one.
    time.sleep(0.5)
    phone = scene.phone()
    assert phone.send("menu") == ""
    assert seen and not any(phone.address[-8:].encode() in value for value in seen)


def test_before_the_worker_has_made_them_menus_are_text(scene: Scene) -> None:
    assert "3 abogado" in scene.phone().send("menu") and scene.sent == []


def test_with_redis_lost_or_forged_menus_are_text(scene: Scene) -> None:
    scene.all_made()
    puente: Puente = scene.app.extensions["puente"]()
    kept = puente.redis.get("{menus}")
    assert isinstance(kept, bytes)
    puente.redis.set("{menus}", kept.replace(b"HX", b"HY"))
    scene.later(6)
    assert "3 abogado" in scene.phone().send("menu")
    puente.redis.delete("{menus}")
    scene.later(6)
    assert "3 abogado" in scene.phone().send("menu") and scene.sent == []
    scene.watch.look()
    scene.later(6)
    assert scene.phone().send("menu") == ""


def test_a_retry_of_the_message_gets_nothing_twice(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    form = phone.form("menu")
    for _ in range(3):
        phone.post(form)
        assert text(phone) == ""
    assert len(scene.sent) == 1


def test_a_retry_after_trouble_gets_the_text(scene: Scene) -> None:
    scene.all_made()
    wrong(scene, faults.cut, times=1)
    phone = scene.phone()
    form = phone.form("menu")
    for _ in range(2):
        phone.post(form)
        assert "3 abogado" in text(phone)


def test_buttons_that_do_not_arrive_are_said_as_text_once(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    phone.send("menu")
    for _ in range(2):
        scene.report(phone, scene.sent[0], "failed", 63013)
    assert len(scene.sent) == 2
    again = scene.sent[1]
    assert again["To"] == phone.address and "3 abogado" in again["Body"] and "ContentSid" not in again
    # And for a while nobody gets any.
    scene.later(6)
    assert "3 abogado" in scene.phone().send("menu")
    puente: Puente = scene.app.extensions["puente"]()
    assert 0 < puente.redis.ttl("{menus}:rest") <= REST  # type: ignore[operator]


def test_what_arrives_is_not_said_again(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    phone.send("menu")
    for status in ("sent", "delivered", "read"):
        scene.report(phone, scene.sent[0], status)
    assert len(scene.sent) == 1


@pytest.mark.parametrize("since", ["she wrote on", "she had all erased", "long ago", "somebody else"])
def test_an_answer_that_is_none_any_more_is_not_said(scene: Scene, since: str) -> None:
    scene.all_made()
    phone = scene.phone()
    phone.send("menu")
    told = phone
    if since == "long ago":
        scene.later(601)
    elif since == "somebody else":
        told = scene.phone()
    else:
        phone.send("gracias" if since == "she wrote on" else "borrar")
    before = len(scene.sent)
    scene.report(told, scene.sent[0], "undelivered", 63005)
    assert len(scene.sent) == before


@pytest.mark.parametrize("name", ["", "x" * 5_000, "%ff%fe", "%00", "a%0d%0ab", "SM1&b=SM2", "../../x", "{menus}"])
def test_a_report_about_a_question_that_nobody_asked_says_nothing(scene: Scene, name: str) -> None:
    scene.all_made()
    phone = scene.phone()
    phone.send("menu")
    scene.report(phone, {"StatusCallback": f"{scene.twilio.url}/status?b={name}"}, "failed", 63013)
    assert len(scene.sent) == 1


def test_who_stopped_us_gets_no_text_after_her_buttons(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    phone.send("menu")
    scene.report(phone, scene.sent[0], "failed", 21610)
    assert len(scene.sent) == 1


def test_a_text_that_was_taken_back_meanwhile_is_not_said(scene: Scene) -> None:
    scene.all_made()
    phone = scene.phone()
    for words in ("menu", "4", "6"):
        phone.send(words)
    assert phone.explain["flow"] == "school_rights"
    held = scene.api.of(scene.sent[-1]["ContentSid"])
    (content,) = held.values()
    puente: Puente = scene.app.extensions["puente"]()
    puente.releases.withdraw(LUZ, "school_rights", "a wrong word")
    puente.content.look()
    before = len(scene.sent)
    scene.report(phone, scene.sent[-1], "failed", 63013)
    said = "".join(form["Body"] for form in scene.sent[before:])
    assert said and str(content["body"])[:60] not in said


def test_the_worker_makes_what_is_missing_and_takes_away_what_nobody_uses(scene: Scene) -> None:
    mine, others = prefix_of(scene.twilio.url), prefix_of("https://staging.example.org")
    scene.api.held["HX" + "e" * 32] = {"sid": "HX" + "e" * 32, "friendly_name": f"{mine}{'0' * 24}"}
    scene.api.held["HX" + "f" * 32] = {"sid": "HX" + "f" * 32, "friendly_name": f"{others}{'0' * 24}"}
    scene.api.held["HX" + "d" * 32] = {"sid": "HX" + "d" * 32, "friendly_name": "we_looked"}
    assert scene.watch.look() and len(scene.api.held) == 3 + AT_ONCE
    scene.all_made()
    assert "HX" + "e" * 32 not in scene.api.held, "of a release that is over"
    assert {"HX" + "f" * 32, "HX" + "d" * 32} <= set(scene.api.held), "of others"
    made = len(scene.api.held)
    # A second worker makes nothing twice.
    again = ContentWatch(
        scene.watch._settings, scene.watch._carrier, scene.watch._mirror, scene.watch._release, scene.watch._clock
    )
    assert again.look() is False and len(scene.api.held) == made


@pytest.mark.parametrize(
    "do",
    [faults.error(401, 20003), faults.html(503), faults.html(200), faults.cut, faults.silent],
    ids=["no right", "down", "a page", "cut", "silent"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_trouble_while_making_ends_and_is_made_good(
    scene: Scene, method: str, do: Callable[[Exchange], None]
) -> None:
    scene.twilio.faults.insert(0, Fault(do, method=method, part="/content/v1/Content", times=1))
    assert scene.watch.look() is False
    scene.all_made()
    names = [held["friendly_name"] for held in scene.api.held.values()]
    assert len(names) == len(set(names)) > AT_ONCE
    assert scene.phone().send("menu") == ""


@pytest.mark.slow
def test_with_the_worker_as_the_procfile_starts_it_a_family_gets_buttons(
    twilio: Twilio, make_app: Callable[..., Flask], environ: dict[str, str], tmp_path: Path
) -> None:
    app = make_app(**environ, WHATSAPP_BUTTONS="on")
    api = ContentApi()
    for method in ("GET", "POST", "DELETE"):
        twilio.faults.append(Fault(api.do, method=method, part="/content/v1/Content"))
    ours = {**os.environ, **environ, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path), "WHATSAPP_BUTTONS": "on"}
    worker = subprocess.Popen([sys.executable, "-m", "bot.worker"], cwd=REPOSITORY, env=ours)
    try:
        give_up = time.monotonic() + 90
        while SignedPhone(app.test_client(), twilio.url).send("menu"):
            assert time.monotonic() < give_up and worker.poll() is None, "nobody gets buttons"
            time.sleep(1)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    (sent,) = twilio.ours()
    assert sent["to"].startswith("whatsapp:") and AT_ONCE <= len(api.held)


def test_what_nobody_could_run_in_time_never_goes_out(
    twilio: Twilio, make_app: Callable[..., Flask], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All hands of the worker are full while web waits, and free when it has answered with the text."""
    app = make_app(**environ, WHATSAPP_BUTTONS="on")
    puente: Puente = app.extensions["puente"]()
    errands = Errands(puente.redis, DayKeys(puente.redis), puente.conversation.clock, seconds=0.5)
    runner = ErrandRunner(app.config["SETTINGS"], errands, PATIENCE)
    monkeypatch.setattr("bot.channels.errands._TURN", 0.2)
    for _ in range(HANDS):
        assert runner._free.acquire(blocking=False)
    thread = threading.Thread(target=runner.work)
    thread.start()
    with pytest.raises(NotDone):
        errands.ask(Errand("whatsapp:+12025550102", text="1 abogado"))
    thread.join()
    for _ in range(HANDS):
        runner._free.release()
    runner.work()
    assert twilio.ours() == []
    # And with a hand free it does go out.
    thread = threading.Thread(target=runner.work)
    thread.start()
    errands.ask(Errand("whatsapp:+12025550102", text="1 abogado"))
    thread.join()
    assert [each["body"] for each in twilio.ours()] == ["1 abogado"]
