"""The desk whole: the Procfile, the model, two browsers, a Twilio that none of us wrote, from a family's first word to the hand-back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

import pytest
from playwright.sync_api import Browser, Page, expect
from twilio.request_validator import RequestValidator

from bot.settings import REPOSITORY
from tests.carrier.fake import KEY, SECRET, SMS, Twilio
from tests.launch.running import Running
from tests.phone import TOKEN, Phone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HOUSE, FROM_TWO_TO_FIVE = "casa-ejemplo", 15 * 3600


class Wire:
    """What a Flask test client is to ``Phone`` and to the fake Twilio, over the network. ``public`` is where Twilio finds us."""

    def __init__(self, url: str, public: str) -> None:
        self.url, self.public = url, public

    def test_client(self) -> Wire:
        return self

    def post(self, path: str, data: Any, headers: dict[str, str]) -> Any:
        if isinstance(data, dict):
            # Phone signs for another address.
            headers["X-Twilio-Signature"] = RequestValidator(TOKEN).compute_signature(f"{self.public}{path}", data)
            data = urlencode(data).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=15) as answer:
            return _Answer(answer.status, answer.read(), dict(answer.headers))


@dataclass
class _Answer:
    status_code: int
    data: bytes
    headers: dict[str, str]


def _where_it_is_two() -> str:
    """A zone where it is past two in the afternoon, so that the day of the desk begins at once and five in the morning is near."""
    plain = [name for name in sorted(available_timezones()) if re.fullmatch(r"[A-Za-z_]+/[A-Za-z_]+", name)]
    return next(name for name in plain if datetime.now(UTC).astimezone(ZoneInfo(name)).hour == 14)


@pytest.fixture
def running(tmp_path: Path, twilio: Twilio) -> Iterator[Running]:
    (tmp_path / "clock").write_text("0", "ascii")
    carrier = {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET, "TWILIO_API_BASE": twilio.url}
    environ = {"ENVIRONMENT": "test", "DEMO": "on", "PUENTE_CLOCK_FILE": str(tmp_path / "clock"), **carrier}
    # Reports come by the front of the fake Twilio.
    environ |= {"TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": SMS, "PUBLIC_BASE_URL": twilio.url}
    with Running(tmp_path / "data", environ) as started:
        started.wait_until_ready()
        hours = ["desk", "organizations", "change", HOUSE, "--hours", "Mo-Su 08:00-20:00", "--zone", _where_it_is_two()]
        _flask(started, environ, *hours, "--by", "the test")
        twilio.app = Wire(started.url, twilio.url)  # type: ignore[assignment]
        yield started


def _flask(running: Running, environ: dict[str, str], *words: str) -> None:
    environ = {**os.environ, **environ, "DATA_DIR": str(running.data_dir)}
    command = [sys.executable, "-m", "flask", "--app", "webhook", *words]
    done = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


@dataclass
class Staff:
    """One of those whose logins were printed, with a browser of her own."""

    running: Running
    page: Page
    email: str
    used: int = 0

    def log_in(self) -> None:
        """With the password that was printed, and the next of the recovery codes."""
        password, *codes = re.search(  # type: ignore[union-attr]
            rf"{re.escape(self.email)}\s+(\S+).*\n.*once: (\S+)  (\S+)  (\S+)", self.running.output
        ).groups()
        self.page.goto(f"{self.running.url}/console/login")
        self.page.fill("[name=email]", self.email)
        self.page.fill("[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/second-step*")
        self.page.goto(f"{self.running.url}/console/second-step?with=paper")
        self.page.fill("[name=code]", codes[self.used])
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/console/inbox*")
        self.used += 1


def _until(holds: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.2)
    return found


def test_from_a_family_s_first_word_to_the_hand_back(
    running: Running,
    twilio: Twilio,
    browser: Browser,
    tmp_path: Path,
) -> None:
    family = Phone(Wire(running.url, twilio.url))  # type: ignore[arg-type]
    ana, beto = (
        Staff(running, browser.new_context(locale="es").new_page(), email)
        for email in ("ana@example.org", "beto@example.org")
    )
    ana.log_in()
    beto.log_in()

    # The family texts, is asked, and says yes. The worker writes the board that turns read, every few seconds.
    assert _until(lambda: "Casa Ejemplo" in family.send("quiero hablar con una persona"), "a person is offered", 30)
    told = family.send("1")
    assert "Casa Ejemplo" in told
    family.send("mi hija tiene miedo de ir a la escuela")

    # Both press "take" at once: one wins, the other reads who.
    alias = _alias(ana.page, "mi hija tiene miedo")
    beto.page.reload()
    for page in (ana.page, beto.page):
        page.evaluate("id => { document.getElementById(id).click() }", f"take-{alias}")
    for page in (ana.page, beto.page):
        page.wait_for_url(re.compile("/conversation/|/take"))
    winner, loser = (ana, beto) if "/conversation/" in ana.page.url else (beto, ana)
    assert "/conversation/" in winner.page.url and "/conversation/" not in loser.page.url
    name = "Ana" if winner is ana else "Beto"
    expect(loser.page.get_by_role("main")).to_contain_text(name)
    address = winner.page.url

    # A reply goes out, and the page says how far it came.
    winner.page.fill("#text", "Buenas tardes, soy voluntaria. Cuénteme qué pasó, por favor.")
    winner.page.locator("#composer button.primary").click()
    ours = _until(twilio.ours, "the reply is at Twilio")
    assert len(ours) == 1 and ours[0]["to"] == family.address
    assert ours[0]["body"] == "Buenas tardes, soy voluntaria. Cuénteme qué paso, por favor."
    twilio.carry(ours[0]["sid"], "sent", "delivered")
    expect(winner.page.locator("#thread-live")).to_contain_text(re.compile("Entregado|Delivered"), timeout=20_000)

    # The family answers: the bot keeps quiet, and the page shows it without being asked.
    assert family.send("le da pena porque no entiende bien la clase") == ""
    expect(winner.page.locator("#thread-live")).to_contain_text("no entiende bien la clase", timeout=20_000)
    winner.page.fill("#text", "Gracias. Mañana hablamos con la escuela.")
    winner.page.locator("#composer button.primary").click()
    _until(lambda: len(twilio.ours()) == 2, "the second reply is at Twilio")

    # Five in the morning: nobody is there, and the bot answers again. It says so first.
    (tmp_path / "clock").write_text(str(FROM_TWO_TO_FIVE), "ascii")
    night = family.send("que hago si la migra viene a mi casa")
    assert "Casa Ejemplo" in night and "Hable con la puerta" in night
    assert night.index("Casa Ejemplo") < night.index("Hable con la puerta")

    # Staff see what the bot said, and hand back: from then on it answers as ever.
    winner.log_in()
    winner.page.goto(address)
    expect(winner.page.locator("#thread-live")).to_contain_text("Casa Ejemplo")
    expect(winner.page.locator("#thread-live")).to_contain_text("que hago si la migra viene a mi casa")
    winner.page.get_by_text(re.compile("^(Devolver al bot|Hand back to the bot)$")).click()
    winner.page.get_by_role("button", name=re.compile("Devolver ahora|Hand back now")).click()
    winner.page.wait_for_load_state("networkidle")
    after = family.send("abogado 60629")
    assert after and "Casa Ejemplo" not in after and family.explain["flow"] == "services_legal"
    assert len(twilio.ours()) == 2, "nothing was sent twice"


def _alias(page: Page, words: str) -> str:
    """What the inbox calls the person who wrote this."""
    row = page.locator("li, article, tr").filter(has_text=words).first
    for _ in range(20):
        page.reload()
        if row.count():
            break
        time.sleep(0.5)
    found = re.search(r"(?:Persona|Person) ([2-9A-Z]{4})", row.inner_text())
    assert found, page.inner_text("main")
    return found[1]
