"""A small part of the fuzz with a fixed seed, everything that it ever found, and whether its own eyes see what is wrong."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import webhook
from tests.fuzz import coverage, findings, grammar, machine, talk, targets, twiml
from tests.fuzz.findings import Finding
from tests.fuzz.grammar import Menu
from tests.fuzz.parts import Done, Hands
from tests.fuzz.progress import Progress
from tests.fuzz.report import section
from tests.fuzz.requests import Sent, as_read, urlencoded
from tests.fuzz.talk import Talk
from tests.fuzz.watchdog import Watchdog
from tests.phone import ACCOUNT

pytestmark = pytest.mark.slow

SEED = 5
FOUND = sorted(findings.FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    made = Hands(tmp_path_factory.mktemp("fuzz"), tmp_path_factory.mktemp("found"))
    content = made.door().app.extensions["puente"]().release
    # Read once, and not while a case is being timed.
    grammar.steps()
    with pytest.MonkeyPatch.context() as patched:
        # Reading it a second time takes seconds.
        for module in (talk, targets, machine):
            patched.setattr(module, "release", lambda: content)
        yield made
    made.close()


def test_requests(hands: Hands) -> None:
    done = hands.requests(0, SEED, 150)
    assert done.cases == 150 and not done.found, [path.read_text() for path in hands.keep.iterdir()]
    assert done.statuses["/messages 200"] > 60 and done.statuses["/messages 403"] > 3


def test_turns(hands: Hands) -> None:
    done = hands.turns(0, SEED, 8)
    assert done.cases > 60 and not done.found, [path.read_text() for path in hands.keep.iterdir()]


def test_bytes(hands: Hands, tmp_path: Path) -> None:
    """Drawn ones: what ``make fuzz`` gives to atheris comes to the same targets."""
    coverage._warm(targets)
    tally = coverage.Tally(tmp_path / "report.json", "drawn bytes", targets.any_of, coverage.named)
    coverage.drawn(tally, 400, random.Random(SEED), targets.SEEDS)
    assert tally.cases == 400 and not tally.found, tally.found


@pytest.mark.parametrize("path", FOUND, ids=[path.stem for path in FOUND])
def test_what_was_found_is_mended(path: Path, hands: Hands) -> None:
    assert findings.again(Finding.read(path), hands.door) == []


GOOD: dict[str, Any] = {
    "v": 2, "u": 1.8e9, "l": "es", "a": ["menu", "first"], "b": ["0123456789ab", "0a1b2c3d"], "t": [["home_visit", "first"]],
    "p": "US;60629;Chicago;IL;41.78;-87.71;zip", "s": 3, "i": ["0a1b2c3d"], "m": 1, "f": [1, 2, 3, 4, 5, 6, 7, True, 8.0, 9.0, 1.5],
}  # fmt: skip
BAD: dict[str, dict[str, Any]] = {
    "a step that is not there": {"a": ["menu", "nowhere"]},
    "a step that waits for nothing": {"a": ["thank", "first"]},
    "a question of no release": {"b": None},
    "a way back of six": {"t": [["menu", "first"]] * 6},
    "words of a person": {"p": "donde vivo yo"},
    "an option that is none": {"o": ["hola"]},
    "nine options": {"o": ["menu"] * 9},
    "a key of nobody": {"phone": "+12025550100"},
    "a language of nobody": {"l": "fr"},
    "a count below nothing": {"m": -1},
    "no time": {"u": None},
    "another version": {"v": 1},
    "a meter cut short": {"f": [1, 2, 3]},
    "a meter that knows the text": {"f": [1, 2, 3, 64, 5, 6, 7, True, 8.0, 9.0, 1.5]},
    "too large": {
        "o": ["US;60629;Chicago;IL;41.78;-87.71;zip"] * 8,
        "t": [["children_after_deportation", "first"]] * 5,
    },
}


def test_the_grammar_takes_a_session() -> None:
    assert grammar.faults_of_session(GOOD) == []


@pytest.mark.parametrize("name", BAD)
def test_the_grammar_sees(name: str) -> None:
    changed = {key: value for key, value in {**GOOD, **BAD[name]}.items() if value is not None}
    assert grammar.faults_of_session(changed)


AT_MENU, AT_HOME = {"a": ["menu", "first"]}, {"a": ["danger_now", "first"]}
EIGHT = "".join(f"{number} algo\n" for number in range(1, 9))
MENUS = {
    "the menu that went out": (Menu().after(AT_MENU, EIGHT), AT_MENU, True),
    "a notice after it": (Menu().after(AT_MENU, EIGHT).after(AT_MENU, "Hola."), AT_MENU, True),
    "no menu at all": (Menu(), AT_MENU, False),
    "another one went out last": (Menu().after(AT_MENU, EIGHT), AT_HOME, False),
    "half of it": (Menu().after(AT_MENU, "1 algo\n2 algo"), AT_MENU, False),
    "an offer whose lines did not go out": (Menu().after(AT_MENU, EIGHT), {**AT_MENU, "o": ["greet"]}, False),
    "an offer, then its step without its own menu": (
        Menu().after({**AT_MENU, "o": ["greet"]}, "1 algo"),
        AT_MENU,
        False,
    ),
    "numbers that nobody was told mean nothing": (Menu().after(AT_MENU, EIGHT), {**AT_HOME, "d": True}, True),
}


@pytest.mark.parametrize("name", MENUS)
def test_the_last_menu(name: str) -> None:
    menu, session, good = MENUS[name]
    assert (grammar.faults_of_menu(menu, session) == []) is good


REFUSED = {
    "no XML": b"<Response><Message>a & b</Message></Response>",
    "a control character": b"<Response><Message>a\x0b</Message></Response>",
    "another element": b"<Response><Dial>+12025550100</Dial></Response>",
    "a message that is too long": b"<Response><Message>" + b"a" * 1_601 + b"</Message></Response>",
    "another root": b"<html/>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_twiml_that_twilio_refuses(name: str) -> None:
    assert twiml.faults(REFUSED[name])


def signed(body: bytes) -> Sent:
    plain = Sent("POST", "/messages", (("Content-Type", "application/x-www-form-urlencoded"),), body)
    return Sent(plain.method, plain.url, (*plain.headers, ("X-Twilio-Signature", as_read(plain))), body)


def message(text: str, sid: str) -> Sent:
    form = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": "+12025550100", "Body": text}
    return signed(urlencoded([(key.encode(), value.encode()) for key, value in form.items()]))


def test_a_5xx_is_seen_and_what_leads_there_made_short(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    real = webhook.read_message

    def breaks(form: Any) -> Any:
        read = real(form)
        assert "boom" not in read.text
        return read

    monkeypatch.setattr("webhook.read_message", breaks)
    door, row = hands.door(), [message("hola", f"SM{number}") for number in range(8)]
    row.insert(5, message("boom", "SM9"))
    faults = findings.sent_again(door, row, hands.watchdog)
    assert any("500" in each for each in faults) and any("page.failed" in each for each in faults), faults
    assert findings.shorter(door, row, hands.watchdog) == [row[5]]


def test_what_breaks_within_a_turn_is_seen_although_the_family_is_answered(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.advance", lambda *_: 1 / 0)
    faults = hands.door().faults(message("hola", "SM77"))
    assert any("turn.failed" in each for each in faults) and any("answered as" in each for each in faults), faults


def test_a_session_that_is_none_is_seen_in_redis(hands: Hands) -> None:
    door = hands.door()
    door.fresh()
    assert door.faults(message("hola", "SM1")) == [] and door.sessions() == []
    (key,) = door.redis.keys("*:session:*")
    door.redis.set(key, door.redis.get(key).replace(b'"v":2', b'"v":2,"name":"Ana"'))
    assert door.sessions() and "name" in door.sessions()[0]
    door.fresh()


def test_a_talk_that_goes_wrong_comes_back_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Talk, "turn", lambda _, step: ["a digit!"] if step["form"]["Body"] in "56789" else [])
    wrong = machine.run(SEED, 20)
    assert wrong is not None and wrong.faults == ["a digit!"] and len(wrong.steps) == 1


def test_the_watchdog_looks_at_the_processor_and_not_at_the_wall() -> None:
    watchdog = Watchdog(limit=0.15)
    with watchdog.case():
        time.sleep(0.3)
    assert watchdog.taken() == []
    with watchdog.case():
        until = time.thread_time() + 0.3
        while time.thread_time() < until:
            pass
    assert watchdog.taken() and watchdog.taken() == []
    watchdog.close()


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = Progress.read(tmp_path, SEED)
    first.add(
        Done("requests", 0, 1_000, statuses={"/messages 200": 990, "/messages 500": 10}, found=["requests-0.json"])
    )
    first.add(Done("requests", 2, 1_000, statuses={"/messages 200": 1_000}))
    first.write(tmp_path)
    again = Progress.read(tmp_path, SEED)
    assert again == first and again.total == 2_000
    assert again.next_part("requests", set()) == 1 and again.next_part("requests", {1}) == 3
    assert again.left(10_000) == {"requests": 1_000, "turns": 2_000, "bytes": 5_000}
    with pytest.raises(ValueError, match="seed 5"):
        Progress.read(tmp_path, 6)
    told = section(again, "make fuzz", "2026-11-26")
    assert "2,000 of 1,000,000" in told and "10 answers 5xx" in told and "NOT REACHED" in told
