"""What stands around the answer on the page of a conversation: published answers, organizations, the number, and how it ends."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.escalation.escalation import About, Author, Cause, Urgency
from bot.message import Channel
from bot.store.content_models import Phrase
from bot.wording.gsm7 import fold_for_sms, segments
from tests.console.desk_scene import DEBRIEF, Scene, post
from tests.console.talking import actions_of, page_of, press, texts_of
from tests.store.at_desk import AGREED, ANA, OTHER

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"


# --- answers, organizations, the count ---


def test_an_answer_is_found_by_its_title_and_put_into_the_text(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    status, page = press(ana, id, "compose", text="Buenas tardes.", look="answers", wanted="falso abogado")
    assert status == 200 and "Notario o falso abogado" in page and ">Buenas tardes.</textarea>" in page
    _, page = press(ana, id, "compose", text="Buenas tardes.", insert="answer:notario_fraud.first")
    text = re.search(r"<textarea id=\"text\".*?>(.*?)</textarea>", page, re.DOTALL)
    assert text and text[1].startswith("Buenas tardes.\nEn EE.UU. un notario no es abogado.")
    assert not scene.outbox(id)


def test_a_language_that_is_missing_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Utz", about=About(language="quc"))
    _, page = press(ana, id, "compose", look="answers", wanted="ver si es abogado")
    assert "No la hay en K'iche'" in page and "Pida nombre, estado" in page


def test_an_organization_is_inserted_as_the_bot_writes_it(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es", place=CHICAGO))
    _, page = press(ana, id, "compose", text="Llame aquí:", look="near", kind="legal", place="")
    found = re.search(r'value="(near:[^"]+)"', page)
    assert found, page
    _, page = press(ana, id, "compose", text="Llame aquí:", insert=found[1], kind="legal", place="")
    text = re.search(r"<textarea id=\"text\".*?>(.*?)</textarea>", page, re.DOTALL)
    assert text and re.match(r"Llame aquí:\n- \S.+, .+", text[1])


def test_a_place_that_is_none_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    assert "No se conoce ese lugar" in press(ana, id, "compose", look="near", kind="legal", place="zzzz qqqq")[1]


SAMPLES = [
    "hola",
    "á" * 150,
    "a" * 150 + "😀",
    "ñ" * 161,
    "k\u02bco jun ch\u02bcab\u02bcal",
    "a" * 307,
    "¿Dónde está? " * 20,
]


@pytest.mark.parametrize("text", SAMPLES)
def test_the_count_is_the_sender_s(scene: Scene, ana: FlaskClient, text: str) -> None:
    id = scene.families.comes("Hola")
    _, said = press(ana, id, "parts", text=text)
    count = segments(fold_for_sms(text.strip()))
    assert f"Sale como {count} SMS" in said
    assert ("lo alargan" in said) == ("😀" in text)


# --- the number (checklist 34) ---


def test_the_number_is_shown_for_a_reason_and_that_is_kept(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550144")
    press(ana, id, "reveal", reason="")
    press(ana, id, "reveal", reason="curiosity")
    assert "desk.revealed" not in actions_of(scene, id)
    status, page = press(ana, id, "reveal", reason="emergency")
    assert status == 200 and "+12025550144" in page and "única vez" in page
    assert [what for what in scene.families.audit() if what[1] == "desk.revealed"] == [
        (ANA.actor, "desk.revealed", f"{id} emergency")
    ]
    assert "2025550144" not in page_of(ana, id)


# --- this was wrong (checklist 36) ---


def _kept(scene: Scene) -> list[Phrase]:
    with scene.desk.engine.connect() as connection:
        return list(connection.execute(select(Phrase.__table__)))  # type: ignore[arg-type]


def test_a_wrong_guess_is_scrubbed_shown_confirmed_and_kept_once(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    number = scene.families.writes(
        id, "Me llamo Rosa Xicay, mi hijo tiene 4 años y no come", topic="services_legal", language="es"
    )
    shown = page_of(ana, id, f"/wrong/{number}")
    scrubbed = re.search(r'<textarea id="scrubbed".*?>(.*?)</textarea>', shown, re.DOTALL)
    assert scrubbed and "Rosa" not in scrubbed[1] and "4" not in scrubbed[1] and "mi hijo tiene" in scrubbed[1]
    before = len(_kept(scene))
    form = {"scrubbed": scrubbed[1], "right": "services_health"}
    status, asked = press(ana, id, f"wrong/{number}", **form)
    assert status == 422 and scrubbed[1] in asked, "nobody has read it"
    assert press(ana, id, f"wrong/{number}", **{**form, "right": "no_such_topic"}, read="yes")[0] == 422
    assert len(_kept(scene)) == before
    for _ in range(2):
        assert press(ana, id, f"wrong/{number}", **form, read="yes")[0] == 302
    rows = _kept(scene)
    assert len(rows) == before + 1, "correcting twice does not double it"
    (row,) = (each for each in rows if each.text == scrubbed[1])
    assert row.verdict == "waiting"
    assert (row.text, row.heard, row.topic) == (scrubbed[1], "services_legal", "services_health")
    assert id not in repr(row) and "desk.wrong" not in repr(actions_of(scene, id))


def test_only_a_message_of_the_person_can_have_been_wrong(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    number = scene.families.writes(id, "Elija 1", author=Author.BOT)
    page_of(ana, id, f"/wrong/{number}", status=404)


# --- the end ---


@pytest.mark.parametrize("closing", ["", "thanks"])
def test_handing_back_with_or_without_a_last_line(scene: Scene, ana: FlaskClient, closing: str) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    press(ana, id, "take")
    press(ana, id, "hand-back", closing=closing)
    assert len(texts_of(scene, id)) == bool(closing) and scene.families.now(id).claimed_by is None
    assert not closing or texts_of(scene, id)[0].startswith("Gracias por la confianza.")


def test_who_speaks_kiche_gets_the_draft_and_the_spanish_beside_it(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Saqarik", about=About(language="quc"))
    press(ana, id, "take")
    assert press(ana, id, "pass", organization=AGREED)[0] == 302
    press(ana, id, "hand-back", closing="thanks")
    asked, thanked = texts_of(scene, id)
    assert "La kaj la kach'aw la ruk'" in asked and "Le damos esta conversaci" in asked
    assert "Maltyox" in thanked and "Gracias por la confianza." in thanked


def test_passing_on_asks_the_family_first(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hello", about=About(language="en"))
    press(ana, id, "take")
    assert press(ana, id, "pass", organization=OTHER)[0] == 302
    now = scene.families.now(id)
    assert (now.pass_to, now.organization) == (OTHER, "casa"), "it stays until the family says yes"
    assert "Lejos" in texts_of(scene, id)[0] and "1 yes, 2 no" in texts_of(scene, id)[0]
    assert "Hasta que responda, se queda aquí" in page_of(ana, id)
    assert press(ana, id, "pass", organization="nowhere")[0] == 302 and len(texts_of(scene, id)) == 1


def test_a_crisis_ends_with_a_card_for_her(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("me quiero morir", about=About(topic="self_harm", language="es", cause=Cause.DANGER))
    assert "¿Resolver la conversación" in page_of(ana, id, "/resolve")
    assert press(ana, id, "resolve", resolution="made up")[0] == 422 and scene.families.now(id).closed is None
    page = post(ana, f"/console/conversation/{id}/resolve", resolution="informed")
    assert page.headers["Location"].endswith("/after")
    card = page_of(ana, id, "/after")
    assert DEBRIEF in card and "estuvo ahí para la persona: tú" in card
    over = page_of(ana, id)
    assert "Resuelta: se dio la información" in over and 'id="text"' not in over
    assert "Terminó" in over and "La atiendes tú" not in over


def test_an_ordinary_end_has_no_card(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(topic="services_health", language="es"))
    assert (
        post(ana, f"/console/conversation/{id}/resolve", resolution="referred").headers["Location"].endswith("/inbox")
    )
    assert ana.get(f"/console/conversation/{id}/after").status_code == 302


def test_what_is_known_is_corrected(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(topic="services_legal", language="es"))
    press(ana, id, "about", urgency="urgent", topic="services_health", language="quc")
    now = scene.families.now(id)
    assert (now.urgency, now.about.topic, now.about.language) == (Urgency.URGENT, "services_health", "quc")
    press(ana, id, "about", urgency="made up", topic="<script>", language="xx")
    assert scene.families.now(id) == now


def test_a_speaker_is_wanted_and_no_day_is_promised(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="quc"))
    press(ana, id, "needs", needs="mam", variety="Todos Santos")
    page = page_of(ana, id)
    assert "Mam como se habla en Todos Santos" in page and "No conocemos a nadie que interprete esto" in page
    press(ana, id, "needs", needs="<b>", variety="")
    assert scene.families.now(id).about.needs == "mam"


def test_two_of_a_family_are_joined_by_the_alias(scene: Scene, ana: FlaskClient) -> None:
    one, other = scene.families.comes("Hola"), scene.families.comes("Soy su hermana")
    alias = scene.families.now(other).alias
    assert "No se pueden unir" in ana.get(
        post(ana, f"/console/conversation/{one}/join", alias="0000").location
    ).get_data(as_text=True)
    press(ana, one, "join", alias=alias.lower())
    assert f"Unida con la Persona {alias}" in page_of(ana, one)
    assert f"Unida con la Persona {scene.families.now(one).alias}" in page_of(ana, other)


def test_two_that_were_joined_are_separated_again(scene: Scene, ana: FlaskClient) -> None:
    one, other = scene.families.comes("Hola"), scene.families.comes("Soy su hermana")
    press(ana, one, "join", alias=scene.families.now(other).alias)
    press(ana, other, "separate", other=one)
    for each, alias in ((one, scene.families.now(other).alias), (other, scene.families.now(one).alias)):
        page = page_of(ana, each)
        assert f"Unida con la Persona {alias}" not in page.replace(f"Unida con la Persona {alias}: ", "")
        assert f"la separó de la Persona {alias}: no son una familia" in page and "Separar otra vez" not in page


def test_the_same_number_on_the_other_channel_is_hinted_at_and_joined(scene: Scene, ana: FlaskClient) -> None:
    one = scene.families.comes("Hola", address="+12025550122")
    other = scene.families.comes("Hola", address="whatsapp:+12025550122", channel=Channel.WHATSAPP)
    assert "El mismo número, por el otro canal" not in page_of(ana, one), "they are looked for when somebody asks"
    assert "El mismo número, por el otro canal" in page_of(ana, one, "?look=family")
    press(ana, one, "join", other=other)
    assert "El mismo número, por el otro canal" not in page_of(ana, one, "?look=family")
