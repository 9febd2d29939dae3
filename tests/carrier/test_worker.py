"""The worker as the Procfile starts it deletes at Twilio by itself, and the others of its duties keep their pace meanwhile."""

from __future__ import annotations

import json
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

from bot.settings import REPOSITORY, from_environment
from bot.store.errors import StoreDown
from bot.store.sweeps import Sweep, note_sweep
from bot.worker import TICK, Again, Duty, duties, run
from tests.carrier.fake import KEY, SECRET, SMS, Twilio


def keys_of(twilio: Twilio) -> dict[str, str]:
    return {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET, "TWILIO_API_BASE": twilio.url}


def ready(app: Flask) -> dict[str, object]:
    found: dict[str, object] = json.loads(app.test_client().get("/readyz").data)
    return found


@pytest.mark.slow
def test_the_worker_deletes_by_itself_when_a_day_is_over(
    twilio: Twilio, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_app(**keys_of(twilio))
    for person in range(5):
        twilio.receive(f"+1202555010{person}", SMS)
        twilio.send(SMS, f"+1202555010{person}")
    twilio.emulate.hours_ago(-24)
    young = {twilio.receive("+12025550100", SMS), twilio.send(SMS, "+12025550100")}
    (tmp_path / "clock").write_text(str(25 * 3600))
    environ = {**os.environ, **keys_of(twilio), "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)}
    environ["PUENTE_CLOCK_FILE"] = str(tmp_path / "clock")
    worker = subprocess.Popen([sys.executable, "-m", "bot.worker"], cwd=REPOSITORY, env=environ)
    try:
        give_up = time.monotonic() + 60
        while ready(app)["copies"] is None:
            assert time.monotonic() < give_up and worker.poll() is None, "the worker does not delete"
            time.sleep(0.1)
        assert twilio.sids() == young and ready(app)["copies"] is True
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0


def test_readiness_says_why_twilio_refuses(twilio: Twilio, make_app: Callable[..., Flask]) -> None:
    assert "copies" not in ready(make_app())
    app = make_app(**keys_of(twilio))
    assert ready(app)["copies"] is None
    note_sweep(app.extensions["puente"]().redis, Sweep(at=0, error="20003"))
    assert ready(app)["copies"] == "20003"


def test_without_a_key_the_worker_has_no_such_duty(
    twilio: Twilio, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    def names(**environ: str) -> list[str]:
        puente = make_app(**environ).extensions["puente"]()
        settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path), **environ})
        return [duty.name for duty in duties(settings, puente.redis, puente.engine)]

    with_key, without = names(**keys_of(twilio)), names()
    for name in ("carrier copies", "templates"):
        assert name in with_key and name not in without


def test_a_duty_says_when_it_is_to_be_done_again() -> None:
    pauses = iter([Again(0.0), Again(60.0), None])
    done: list[float] = []
    duty = Duty("copies", 3600, lambda: done.append(1) or next(pauses))  # type: ignore[func-returns-value]
    for now in (0.0, 1.0, 2.0, 61.5, 62.0, 3661.0):
        duty.attempt(now)
    assert len(done) == 3

    def down() -> None:
        raise StoreDown("redis", ValueError())

    failing = Duty("copies", 3600, down)
    failing.attempt(0.0)
    assert failing.due == TICK


def test_a_carrier_that_does_not_answer_holds_up_no_other_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    free, stop, beside, waited = (threading.Event() for _ in range(4))

    def hangs() -> None:
        beside.set()
        if not free.wait(10):
            waited.set()

    def other() -> None:
        if beside.wait(10):
            stop.set()

    made = [Duty("hangs", 1, hangs, apart="net"), Duty("other", 1, other)]
    monkeypatch.setattr("bot.worker.duties", lambda *_: made)
    run(from_environment({"ENVIRONMENT": "test"}), stop)
    assert stop.is_set() and not waited.is_set()
    free.set()


def test_what_no_duty_may_raise_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LookupError

    monkeypatch.setattr("bot.worker.duties", lambda *_: [Duty("broken", 1, broken, apart="net")])
    with pytest.raises(LookupError):
        run(from_environment({"ENVIRONMENT": "test"}), threading.Event())
