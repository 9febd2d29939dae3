"""A recording beside its text: in the TwiML of WhatsApp alone, at an address of ours that is served without any store."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask

import webhook
from bot.content import recordings
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.recording_texts import to_read
from bot.scripts.sources import sha_of
from bot.store.releases import Releases
from bot.wording.recorded import name_of
from tests.phone import BASE_URL, Phone
from tests.scripts.test_recording import TONE
from tests.servers import RedisServer

pytestmark = pytest.mark.slow

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
SHA = sha_of(TONE)
FLOW = "agents_here_now"
IN_KICHE = "ri migra k'o chuchi' ri ja"
CATALOG = "locales/quc/LC_MESSAGES/answers.po"


class Desk:
    """Somebody who publishes, and the web that answers. The checks, which cost seconds, find nothing."""

    def __init__(self, app: Flask) -> None:
        self.app, self.puente = app, app.extensions["puente"]()
        real = self.puente.releases
        self.releases = Releases(real.engine, real._key, real.clock, real.root, judge=lambda *_: ())

    def publish(self, **files: bytes) -> None:
        """The current release with these files too."""
        current = self.releases.current()
        sources = {**current.sources, **files}
        self.releases.publish(LUZ, sources, (), "", current.number)
        self.puente.content.look()

    def record(self) -> None:
        """Puts a recording in for the first answer in K'iche'."""
        texts = to_read(self.puente.content.releases.bare, self.puente.settings, Language.QUC, 1.8e9)
        text = next(each for each in texts if each.flow == FLOW)
        self.publish(**{f"locales/quc/media/{name_of(text.key, text.words)}.ogg": TONE})

    def asks(self, channel: str, language: str = "k'iche'") -> tuple[str, list[str]]:
        """What a family in danger gets: the words, and the addresses of recordings."""
        phone = Phone(self.app.test_client(), channel)
        phone.send(language)
        said = phone.send("la migra está en la puerta de mi casa ahora")
        assert phone.explain["flow"] == FLOW
        twiml = ElementTree.fromstring(phone.response.data)
        return said, [media.text or "" for media in twiml.iter("Media")]


@pytest.fixture
def desk(make_app: Callable[..., Flask]) -> Desk:
    return Desk(make_app(PUBLIC_BASE_URL=BASE_URL))


def test_beside_the_text_on_whatsapp_and_never_on_sms(desk: Desk) -> None:
    before, none = desk.asks("whatsapp")
    assert none == []
    desk.record()
    said, media = desk.asks("whatsapp")
    assert media == [f"{BASE_URL}/media/{SHA}.ogg"] and said.strip() == before.strip()
    by_sms, none = desk.asks("sms")
    assert none == [] and "abogado" in by_sms
    assert desk.asks("whatsapp", "español")[1] == []


def test_a_retry_of_the_carrier_gets_the_same_recording(desk: Desk) -> None:
    desk.record()
    phone = Phone(desk.app.test_client(), "whatsapp")
    phone.send("k'iche'")
    form = phone.form("la migra está en la puerta de mi casa ahora")
    first, again = phone.post(form).data, phone.post(form).data
    assert first == again and SHA.encode() in again


def test_held_back_as_soon_as_the_text_changes(desk: Desk) -> None:
    desk.record()
    current = desk.releases.current().sources
    desk.publish(**{CATALOG: current[CATALOG].replace(b"permiso", b"permisio")})
    assert list(recordings(desk.releases.current().sources)), "it is still there"
    said, media = desk.asks("whatsapp")
    assert media == [] and "permisio" in said


def test_the_address_answers_with_sound_that_never_changes(desk: Desk) -> None:
    desk.record()
    client = desk.app.test_client()
    answer = client.get(f"/media/{SHA}.ogg")
    assert (answer.status_code, answer.data, answer.content_type) == (200, TONE, "audio/ogg")
    assert "immutable" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    part = client.get(f"/media/{SHA}.ogg", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"OggS")
    assert client.get(f"/media/{SHA}.ogg", headers={"If-None-Match": f'"{SHA}"'}).status_code == 304
    for path in (f"/media/{SHA[:-1]}0.ogg", "/media/", "/media", f"/media/{SHA}", "/media/answers.po"):
        assert client.get(path).status_code == 404, path


def test_with_redis_and_sql_down_it_is_sent_and_served_by_a_process_that_only_has_its_files(
    desk: Desk, redis_of_app: RedisServer
) -> None:
    desk.record()
    redis_of_app.kill()
    nowhere = replace(desk.app.config["SETTINGS"], database_url="postgresql://nobody@127.0.0.1:1/none")
    app = webhook.make(nowhere)
    phone = Phone(app.test_client(), "whatsapp")
    said = phone.send(IN_KICHE)
    assert phone.explain["flow"] == FLOW and phone.explain["degraded"] and "kinya' ta permiso" in said
    assert f"{BASE_URL}/media/{SHA}.ogg".encode() in phone.response.data
    assert app.test_client().get(f"/media/{SHA}.ogg").data == TONE


def test_asking_for_what_is_not_there_does_not_make_it_look_again_and_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    client, current = desk.app.test_client(), desk.puente.content.releases
    client.get(f"/media/{SHA}.ogg")
    monkeypatch.setattr(current._look_out, "now", lambda seconds: looked.append(seconds))
    monkeypatch.setattr(current, "_asked_for", float("-inf"))
    for number in range(30):
        assert client.get(f"/media/{number:064x}.ogg").status_code == 404
    assert len(looked) <= 2
