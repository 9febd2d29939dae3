"""What Twilio reports of menus that went out as buttons: what does not arrive is said as text, once, and only while it is an answer."""

from __future__ import annotations

import pytest

from bot.app import Puente
from bot.escalation.viewer import Role, Viewer
from bot.store.menu_contents import REST
from tests.carrier.buttons import Scene

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))


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
