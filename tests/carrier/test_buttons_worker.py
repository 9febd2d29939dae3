"""Buttons and the worker: it makes them at Twilio and sends them for web, which waits for no worker that is not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.app import Puente
from bot.channels.contents import AT_ONCE, ContentWatch
from bot.channels.errands import AT_ONCE as HANDS
from bot.channels.errands import ErrandRunner
from bot.channels.menu_content import prefix_of
from bot.settings import REPOSITORY
from bot.store.errands import READY, Errand, Errands, NotDone, Taken
from bot.store.keys import DayKeys
from tests.carrier import faults
from tests.carrier.buttons import ContentApi, Scene, SignedPhone
from tests.carrier.fake import Exchange, Fault, Twilio
from tests.carrier.faults import PATIENCE
from tests.servers import until


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
def test_trouble_while_making_ends_and_is_made_good(scene: Scene, method: str, do: Callable[[Exchange], None]) -> None:
    scene.twilio.faults.insert(0, Fault(do, method=method, part="/content/v1/Content", times=1))
    assert scene.watch.look() is False
    scene.all_made()
    names = [held["friendly_name"] for held in scene.api.held.values()]
    assert len(names) == len(set(names)) > AT_ONCE
    assert scene.phone().send("menu") == ""


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
