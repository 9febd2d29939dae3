"""Menus as buttons: sent in the turn, numbered text on any trouble, and never silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import Puente
from bot.channels.menu_content import prefix_of
from bot.scripts.menus import menus_of
from tests.carrier import faults
from tests.carrier.buttons import Scene, text, wrong
from tests.carrier.fake import WHATSAPP, Exchange


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
