"""Talking with a draft: it begins at the answer, with the words of the draft; the path is lit; talks are kept as tests and replayed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from bot.engine.flow import Target
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change_steps import lead
from tests.console.browsing import Console
from tests.console.clients import Hand, hand

pytestmark = pytest.mark.slow

FLOW = "home_visit"
PATH = f"/answers/{FLOW}/talk"
_CARRIED = re.compile(r'name="talk" value="([^"]*)"')
_LIT = re.compile(r'id="box-(\w+)" class="box lit"')
NEW = "Palabras del borrador de hoy."


@pytest.fixture
def luis(console: Console) -> Iterator[Hand]:
    """A volunteer. Drafts and tests are thrown away after the test."""
    yield hand(console, console.account(Role.VOLUNTEER, name="Luis"))
    publisher = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    for opened in console.desk.changes.all():
        console.desk.changes.drop(publisher, opened.flow)
    for kept in console.desk.changes.tests.all():
        console.desk.changes.tests.drop(publisher, kept.id)


@pytest.fixture
def marta(console: Console) -> Hand:
    return hand(console, console.account(Role.PUBLISHER, name="Marta"))


def say(someone: Hand, body: str, text: str, **more: str) -> str:
    """The page after one more message."""
    found = _CARRIED.search(body)
    assert found
    answer = someone.post(PATH, talk=html.unescape(found[1]), text=text, **{"channel": "sms", "speak": "es", **more})
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def begin(someone: Hand, query: str = "") -> str:
    answer = someone.get(PATH + query)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def said(body: str) -> list[str]:
    """The bubbles of the phone."""
    return [html.unescape(each) for each in re.findall(r"<bdi>(.*?)</bdi>", body, re.DOTALL)]


def test_it_begins_at_the_answer_with_the_words_of_the_draft(console: Console, luis: Hand) -> None:
    assert "Como está publicada" in begin(luis)
    line = console.desk.changes.answer(FLOW).line(f"{FLOW}.first.say")
    assert line
    viewer = console.viewer(console.account(Role.VOLUNTEER, name="Luis"))
    console.desk.changes.save(viewer, FLOW, line.key, Language.ES, NEW, line.said[Language.ES].version, False)
    body = begin(luis)
    assert ">Borrador<" in body
    (first,) = said(body)
    assert NEW in first and _LIT.findall(body) == ["first"]
    assert NEW not in console.desk.puente.release.catalogs[Language.ES].entry(line.key).text  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "word"), [("es", "puerta"), ("en", "door"), ("quc", "puerta")])
def test_it_begins_in_the_language_that_is_looked_at(luis: Hand, language: str, word: str) -> None:
    assert word in said(begin(luis, f"?speak={language}"))[0].lower()


def test_the_path_is_lit_step_by_step_and_each_answer_has_its_price(luis: Hand) -> None:
    body = say(luis, say(luis, begin(luis), "1"), "1")
    assert sorted(_LIT.findall(body)) == ["first", "judge", "papers"]
    for number, step in ((1, "first"), (2, "papers"), (3, "judge")):
        box = body.partition(f'id="box-{step}"')[2].partition('<g class="row"')[0]
        assert f"En la conversación: {number}" in box
    assert body.count('class="line lit"') == 2
    assert len(re.findall(r"\d SMS, unos \$0\.\d{3}", body)) == 3
    whatsapp = say(luis, begin(luis, "?channel=whatsapp"), "1", channel="whatsapp")
    assert "SMS, unos" not in whatsapp


def test_begin_again_forgets_the_talk(luis: Hand) -> None:
    body = say(luis, begin(luis), "1")
    assert len(said(say(luis, body, "", act="again", speak="en"))) == 1


@pytest.mark.parametrize("carried", ["", "{", "[]", '{"s": 1, "b": [[1]]}', '{"s": {"v": 99}, "b": []}'])
def test_a_talk_that_is_none_begins_anew(luis: Hand, carried: str) -> None:
    answer = luis.post(PATH, talk=carried, text="1", channel="sms", speak="es")
    assert answer.status_code == 200 and len(said(answer.get_data(as_text=True))) == 1


def keep(someone: Hand, body: str, name: str = "con orden de juez") -> int:
    found = _CARRIED.search(body)
    assert found
    return someone.post(f"{PATH}/keep", talk=html.unescape(found[1]), name=name, speak="es", channel="sms").status_code


def test_a_talk_is_kept_and_replayed_in_every_language(console: Console, luis: Hand, marta: Hand) -> None:
    talk = say(luis, say(luis, begin(luis), "1"), "1")
    assert keep(luis, talk, " ") == 422 and keep(luis, begin(luis)) == 422
    assert keep(luis, say(luis, talk, "llame al 202 555 0123")) == 422
    assert console.desk.changes.tests.all() == ()
    assert keep(luis, talk) == 303
    (kept,) = console.desk.changes.tests.all(FLOW)
    assert (kept.name, kept.said, kept.language) == ("con orden de juez", ("1", "1"), Language.ES)
    assert begin(luis, "?run=1").count("el mismo camino") == 3 and "el mismo camino" not in begin(luis)
    changes = console.desk.changes
    publisher = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    edit = lambda yaml, now: lead(yaml, now, "first", "choice.1", Target(flow="asylum"))  # noqa: E731
    changes.restructure(publisher, FLOW, edit, changes.steps_of(FLOW)[1])
    body = begin(luis, "?run=1")
    assert body.count("otro camino después del mensaje 1") == 3 and "El camino nuevo" not in body
    assert luis.post(f"{PATH}/right", test=str(kept.id)).status_code == 403
    assert marta.post(f"{PATH}/right", test=str(kept.id)).status_code == 303
    assert begin(marta, "?run=1").count("el mismo camino") == 3


def test_a_test_is_taken_away_by_whoever_kept_it_or_a_publisher(console: Console, luis: Hand, marta: Hand) -> None:
    talk = say(luis, begin(luis), "1")
    assert keep(luis, talk) == 303 and keep(marta, talk) == 303
    first, second = (str(each.id) for each in console.desk.changes.tests.all(FLOW))
    assert luis.post(f"{PATH}/drop", test=second).status_code == 403
    assert luis.post("/answers/asylum/talk/drop", test=first).status_code == 404
    assert luis.post(f"{PATH}/drop", test="x").status_code == 404
    assert luis.post(f"{PATH}/drop", test=first).status_code == 303
    assert marta.post(f"{PATH}/drop", test=second).status_code == 303
    assert console.desk.changes.tests.all() == ()
