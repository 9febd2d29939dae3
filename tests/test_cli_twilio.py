"""What Twilio answers by itself: TwiML of the words that families get now, short, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result
from flask import Flask

from bot.cli_twilio import LARGEST_BIN
from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.scripts.checks.costs import check_pause
from bot.scripts.pause import MOST_FALLBACK_SEGMENTS, fallback_reply
from bot.settings import from_environment
from bot.wording.gsm7 import fold_for_sms, non_gsm, segments
from tests.phone import texts

KEY = f"{NOTICES}.degraded.say"


@pytest.fixture
def one_app(app_with: Callable[..., Flask]) -> Flask:
    return app_with(SEND_UNCONFIRMED_NUMBERS="on")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["twilio", "fallback", *arguments])


def test_it_is_twiml_of_one_short_message(one_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "fallback.xml"
    result = run(one_app, "--hotline", "orr", str(file))
    assert result.exit_code == 0, result.output
    twiml = file.read_bytes()
    assert twiml.startswith(b"<?xml") and len(twiml) <= LARGEST_BIN
    (message,) = ElementTree.fromstring(twiml)
    assert message.tag == "Message" and not message.attrib, "no callback: nothing of ours need be there"
    (text,) = texts(twiml)
    assert non_gsm(text) == () and segments(text) <= MOST_FALLBACK_SEGMENTS
    assert f"{segments(text)} SMS parts" in result.output
    assert text.count("911") == 3 and text.count("1-800-203-7001") == 2


def test_it_says_what_families_get_now(one_app: Flask) -> None:
    """Word for word: Spanish, then English, then the K'iche' draft behind its mark."""
    puente = one_app.extensions["puente"]()
    catalogs = puente.release.catalogs
    said = run(one_app).stdout
    (text,) = texts(said.encode())
    spanish, english, kiche = text.splitlines()
    for line, language in ((spanish, Language.ES), (english, Language.EN)):
        entry = catalogs[language].entries[KEY]
        assert line == fold_for_sms((entry.text or entry.english).replace("$emergency_911", "911")), language
    draft = catalogs[Language.QUC].entries[KEY].text.replace("$emergency_911", "911")
    assert kiche == fold_for_sms(f"K'iche' (no revisado): {draft}")


def test_other_words_make_another_text(one_app: Flask) -> None:
    puente = one_app.extensions["puente"]()
    release = puente.release
    spanish = release.catalogs[Language.ES]
    entry = replace(spanish.entries[KEY], text="Ahora no. Escriba luego. $emergency_911.")
    changed = replace(spanish, entries={**spanish.entries, KEY: entry})
    other = replace(release, catalogs={**release.catalogs, Language.ES: changed})
    settings = from_environment({"ENVIRONMENT": "test"})
    assert fallback_reply(other, settings, None, 0.0).texts[0].startswith("Ahora no. Escriba luego. 911.\n")


def test_words_that_make_it_too_long_are_refused_before_they_go_out(one_app: Flask) -> None:
    release = one_app.extensions["puente"]().release
    spanish = release.catalogs[Language.ES]
    entry = replace(spanish.entries[KEY], text="Ahora no podemos contestar. " * 20)
    long = replace(spanish, entries={**spanish.entries, KEY: entry})
    assert list(check_pause(release)) == []
    (found,) = check_pause(replace(release, catalogs={**release.catalogs, Language.ES: long}))
    assert found.where == "notices.degraded"


@pytest.mark.parametrize("line", ["nobody", "acis"], ids=["one that there is not", "an address of the web"])
def test_what_nobody_can_call_is_refused(one_app: Flask, line: str) -> None:
    result = run(one_app, "--hotline", line)
    assert result.exit_code == 1 and "There is no line" in result.output
