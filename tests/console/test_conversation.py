"""The pages of a conversation on real stores: who may do what, what goes out, what is kept, and that nothing that was typed is lost."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bot.escalation.escalation import About, Author, Cause, Urgency
from bot.escalation.viewer import Viewer
from bot.escalation.window import WINDOW
from bot.message import Channel
from bot.settings import REPOSITORY
from bot.store.models import Escalation, OutboxRow, WrongGuess
from bot.wording.gsm7 import fold_for_sms, segments
from tests.console.browsing import Console
from tests.console.desk_scene import DEBRIEF, Scene, open_scene, post, token
from tests.phone import Phone
from tests.store.at_desk import ADA, AGREED, ANA, BEA, CORA, OLGA, OTHER, PIA, VERA

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"


@pytest.fixture(scope="module")
def scene(console: Console) -> Scene:
    return open_scene(console.app)


@pytest.fixture(scope="module")
def ana(scene: Scene) -> FlaskClient:
    return scene.client(ANA)


@pytest.fixture(scope="module")
def bea(scene: Scene) -> FlaskClient:
    return scene.client(BEA)


def _page(client: FlaskClient, id: str, more: str = "", status: int = 200) -> str:
    response = client.get(f"/console/conversation/{id}{more}")
    assert response.status_code == status
    return unescape(response.get_data(as_text=True))


def _post(client: FlaskClient, id: str, what: str, **form: str) -> tuple[int, str]:
    response = post(client, f"/console/conversation/{id}/{what}", **form)
    return response.status_code, unescape(response.get_data(as_text=True))


def _texts(scene: Scene, id: str, author: Author = Author.STAFF) -> list[str]:
    return [said.text for said in scene.desk.talk.thread(ANA, id).said if said.author is author]


def _actions(scene: Scene, id: str) -> list[str]:
    return [action for _, action, object in scene.families.audit() if object.split()[0] == id]


# --- who may ---


def _routes(scene: Scene) -> Iterator[tuple[str, str]]:
    for rule in scene.app.url_map.iter_rules():
        if rule.rule.startswith("/console/conversation/"):
            path = rule.rule.replace("<int:number>", "1")
            yield from ((method, path) for method in sorted(rule.methods or ()) if method in ("GET", "POST"))


NOT_FOR = [(OLGA, 404), (CORA, 403), (ADA, 403), (VERA, 403), (PIA, 403)]


@pytest.mark.parametrize(
    ("viewer", "status"), NOT_FOR, ids=["another organization", "coordinator", "admin", "volunteer", "publisher"]
)
def test_whoever_is_not_of_it_gets_no_page_and_changes_nothing(scene: Scene, viewer: Viewer, status: int) -> None:
    id = scene.families.comes("Vivo en la 26")
    before, client = scene.families.now(id), scene.client(viewer)
    csrf = token(client.get("/console/account"))
    routes = list(_routes(scene))
    assert len(routes) >= 15
    for method, path in routes:
        form = {"csrf_token": csrf, "text": "hola", "note": "hola", "resolution": "informed", "reason": "to_call"}
        response = client.open(path.replace("<id>", id), method=method, data=form if method == "POST" else None)
        assert response.status_code == status, f"{method} {path}"
        assert "Vivo en la 26" not in response.get_data(as_text=True)
        nowhere = client.open(path.replace("<id>", "nobody"), method=method, data=form if method == "POST" else None)
        assert nowhere.status_code == status, "it must not be told whether there is one"
    assert scene.families.now(id) == before and not scene.outbox(id)


@pytest.mark.parametrize("organization", [None, AGREED], ids=["the shared pool", "an organization by agreement"])
def test_an_agreement_opens_the_page(scene: Scene, ana: FlaskClient, organization: str | None) -> None:
    assert "Persona" in _page(ana, scene.families.comes(organization=organization))


def test_another_organization_s_is_not_there(scene: Scene, ana: FlaskClient) -> None:
    _page(ana, scene.families.comes(organization=OTHER), status=404)


def test_every_form_needs_its_token(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes()
    assert ana.post(f"/console/conversation/{id}/reply", data={"text": "hola"}).status_code == 400
    assert not scene.outbox(id)


# --- the head and the thread ---


def test_the_head_says_who_it_is_and_never_the_number(scene: Scene, ana: FlaskClient) -> None:
    about = About(
        topic="services_legal", language="es", place=CHICAGO, cause=Cause.NOT_UNDERSTOOD, needs="quc", variety="Cantel"
    )
    id = scene.families.comes("Hola", about=about, urgency=Urgency.URGENT, address="+12025550187")
    page = _page(ana, id)
    for said in (
        "Español · SMS",
        "URGENTE",
        "Nadie la tiene",
        "El bot RESPONDE",
        "Un abogado cerca de mí",
        "Chicago, IL",
        "Cantel",
    ):
        assert said in page, said
    assert "el bot no entendió dos veces" in page
    assert "2025550187" not in page and "60629" not in page and "41.78" not in page


def test_kiche_stands_in_its_language(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("are ri wal man k'o ta pa ja", about=About(language="quc"))
    assert re.search(r'lang="quc"><bdi>are ri wal', _page(ana, id))


def test_markup_is_shown_and_never_run(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("<script>alert(1)</script>")
    response = ana.get(f"/console/conversation/{id}").get_data(as_text=True)
    assert "<script>alert" not in response and "&lt;script&gt;alert" in response


def test_a_voice_note_is_counted_and_may_be_answered(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("")
    scene.families.writes(id, "", media=1)
    assert "Nunca se descarga" in _page(ana, id) and 'id="text"' in _page(ana, id)


def test_the_thread_is_sent_again_only_when_something_changed(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    asked = re.search(r'hx-get="([^"]+)"', _page(ana, id))
    assert asked
    assert ana.get(asked[1]).status_code == 204
    scene.families.writes(id, "¿Hay alguien?")
    changed = ana.get(asked[1])
    assert changed.status_code == 200
    said = unescape(changed.get_data(as_text=True))
    assert "¿Hay alguien?" in said and 'data-announce="Un mensaje nuevo de la persona."' in said
    assert 'id="text"' not in said, "the composer stands outside of what is polled"
    again = re.search(r'hx-get="([^"]+)"', said)
    assert again and ana.get(again[1]).status_code == 204, "it is announced once"


def test_who_else_looks_and_types_is_told(scene: Scene, ana: FlaskClient, bea: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    _page(bea, id)
    assert "Bea también está mirando" in _page(ana, id)
    bea.get(f"/console/conversation/{id}/thread?typing=1")
    assert "Bea también está escribiendo aquí" in _page(ana, id)


# --- taking, and who speaks (checklist 29, 30) ---


def test_one_takes_it_and_the_other_learns_who(scene: Scene, ana: FlaskClient, bea: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    _post(ana, id, "take")
    _post(bea, id, "take")
    lost = _page(bea, id)
    assert "Ana la tomó" in lost and "La atiende Ana" in lost and 'id="text"' not in lost
    assert "Ana tiene esta conversación" in lost
    assert scene.families.now(id).claimed_by == ANA.user


def test_the_bot_is_silent_while_a_person_has_it_and_speaks_after(scene: Scene, ana: FlaskClient) -> None:
    phone = Phone(scene.app.test_client())
    id = scene.families.comes("Hola", about=About(language="es"), address=phone.address)
    assert phone.send("menu"), "nobody has it"
    _post(ana, id, "take")
    assert "EN PAUSA" in _page(ana, id)
    assert phone.send("gracias, aqui espero") == ""
    _post(ana, id, "hand-back")
    assert "El bot RESPONDE" in _page(ana, id)
    assert phone.send("gracias") != ""
    _post(ana, id, "take")
    assert phone.send("y otra cosa") == ""
    _post(ana, id, "resolve", resolution="informed")
    assert phone.send("menu") != "", "after resolving the next message goes to the bot"


def test_sending_takes_the_conversation(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    status, _ = _post(ana, id, "reply", text="Buenas tardes", seen_up_to="")
    assert status == 302 and scene.families.now(id).claimed_by == ANA.user
    assert _texts(scene, id) == ["Buenas tardes"] and len(scene.outbox(id)) == 1
    page = _page(ana, id)
    assert "En cola" in page and f'data-sent="/console/conversation/{id}/reply"' in page
    assert "data-sent" not in _page(ana, id), "only once"


# --- nothing that was typed is lost ---


def test_a_message_that_came_meanwhile_is_shown_before_anything_is_sent(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    seen = re.search(r'name="seen_up_to" value="(\d+)"', _page(ana, id))
    assert seen
    scene.families.writes(id, "Ya no estoy en casa")
    status, page = _post(ana, id, "reply", text="Quédese en casa", seen_up_to=seen[1])
    assert status == 409 and not scene.outbox(id)
    assert "Llegó un mensaje nuevo mientras escribías" in page and "Ya no estoy en casa" in page
    assert ">Quédese en casa</textarea>" in page
    now = re.search(r'name="seen_up_to" value="(\d+)"', page)
    assert now and _post(ana, id, "reply", text="Quédese donde está", seen_up_to=now[1])[0] == 302
    assert _texts(scene, id) == ["Quédese donde está"]


def test_what_another_took_meanwhile_keeps_the_text(scene: Scene, ana: FlaskClient, bea: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    csrf = token(ana.get(f"/console/conversation/{id}"))
    _post(bea, id, "take")
    response = ana.post(f"/console/conversation/{id}/reply", data={"csrf_token": csrf, "text": "Buenas"})
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 422 and "Bea tomó esta conversación" in page and ">Buenas</textarea>" in page
    assert not scene.outbox(id)


@pytest.mark.parametrize("text", ["", "   ", "a" * 1501], ids=["empty", "blanks", "too long"])
def test_a_text_that_cannot_go_is_refused_and_kept(scene: Scene, ana: FlaskClient, text: str) -> None:
    id = scene.families.comes("Hola")
    status, page = _post(ana, id, "reply", text=text)
    assert status == 422 and "No se envió nada" in page and not scene.outbox(id)
    assert not text.strip() or text in page


def test_a_failure_shows_its_reason_and_is_tried_again(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    _post(ana, id, "reply", text="Buenas tardes")
    with scene.desk.engine.begin() as connection:
        mine = update(OutboxRow).where(OutboxRow.escalation == id)
        connection.execute(mine.values(state="undelivered", error=30003))
    page = _page(ana, id)
    assert "No llegó" in page and "El teléfono está apagado o sin señal." in page
    retry = re.search(r'formaction="(/console/conversation/[^"]+/retry/\d+)"', page)
    assert retry
    _post(ana, id, retry[1].split(f"{id}/")[1])
    assert len(scene.outbox(id)) == 2 and _texts(scene, id) == ["Buenas tardes"]
    assert "Reintentar" not in _page(ana, id), "it is on its way again"


# --- WhatsApp's day (checklist 31), and who asked us to stop ---


def _last_wrote(scene: Scene, id: str, seconds_ago: float) -> None:
    with scene.desk.engine.begin() as connection:
        at = int(scene.desk.clock() - seconds_ago)
        connection.execute(update(Escalation).where(Escalation.id == id).values(last_inbound=at))


def test_whatsapp_has_a_text_box_until_the_day_is_over(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"), channel=Channel.WHATSAPP)
    _last_wrote(scene, id, WINDOW - 3 * 3600 - 600)
    assert "quedan 3 h" in _page(ana, id)
    _last_wrote(scene, id, WINDOW - 60)
    assert 'id="text"' in _page(ana, id)
    scene.template("HXbuenas", "Buenas tardes, {{1}}. ¿Todavía necesita ayuda?")
    _last_wrote(scene, id, WINDOW + 60)
    page = _page(ana, id)
    assert 'id="text"' not in page and "Buenas tardes, ______." in page and "Solo se puede enviar una plantilla" in page
    status, page = _post(ana, id, "reply", text="Hola, ¿sigue ahí?")
    assert status == 422 and not scene.outbox(id) and ">Hola, ¿sigue ahí?</textarea>" in page
    _, preview = _post(ana, id, "compose", sid="HXbuenas", **{"value-1": "Marta"})
    assert "Buenas tardes, Marta." in preview and not scene.outbox(id)
    assert _post(ana, id, "template", sid="HXbuenas")[0] == 422, "a gap is empty"
    assert _post(ana, id, "template", sid="HXbuenas", **{"value-1": "Marta"})[0] == 302
    assert [row.template for row in scene.outbox(id)] == ["HXbuenas"]
    assert _texts(scene, id) == ["Buenas tardes, Marta. ¿Todavía necesita ayuda?"]


def test_no_template_in_kiche_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Utz", about=About(language="quc"), channel=Channel.WHATSAPP)
    _last_wrote(scene, id, WINDOW + 60)
    scene.template("HXespera", "Le escribimos de la red. ¿Sigue ahí?")
    page = _page(ana, id)
    assert "No hay plantilla en k'iche'" in page and 'lang="es">Le escribimos de la red' in page


def test_who_asked_us_to_stop_gets_nothing(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550166")
    scene.desk.puente.opt_outs.stop("+12025550166", Channel.SMS, scene.desk.clock())
    page = _page(ana, id)
    assert 'id="text"' not in page and "(STOP)" in page
    assert _post(ana, id, "reply", text="Hola")[0] == 422 and not scene.outbox(id)


# --- notes (checklist 33) ---


def test_a_note_goes_nowhere_whatever_the_form_says(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550155")
    forged = {"channel": "sms", "to": "+12025550155", "text": "hola", "send": "1", "template": "HX1", "author": "staff"}
    assert _post(ana, id, "note", note="Su hermana habla inglés", seen_up_to="1", **forged)[0] == 302
    assert not scene.outbox(id) and _texts(scene, id) == []
    assert _texts(scene, id, Author.NOTE) == ["Su hermana habla inglés"]
    page = _page(ana, id)
    assert 'class="bubble note"' in page and "Nota de Ana, solo para el equipo" in page


def test_the_page_of_notes_knows_nothing_that_sends() -> None:
    source = (REPOSITORY / "bot" / "console" / "conversation_note.py").read_text("utf-8")
    imported = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in imported if re.search("outbox|posting|sending|channels|conversation_reply", name)]
    called = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    assert called & {"reply", "template", "retry", "answer_many"} == set()


# --- answers, organizations, the count ---


def test_an_answer_is_found_by_its_title_and_put_into_the_text(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    status, page = _post(ana, id, "compose", text="Buenas tardes.", look="answers", wanted="falso abogado")
    assert status == 200 and "Notario o falso abogado" in page and ">Buenas tardes.</textarea>" in page
    _, page = _post(ana, id, "compose", text="Buenas tardes.", insert="answer:notario_fraud.first")
    text = re.search(r"<textarea id=\"text\".*?>(.*?)</textarea>", page, re.DOTALL)
    assert text and text[1].startswith("Buenas tardes.\nEn EE.UU. un notario no es abogado.")
    assert not scene.outbox(id)


def test_a_language_that_is_missing_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Utz", about=About(language="quc"))
    _, page = _post(ana, id, "compose", look="answers", wanted="ver si es abogado")
    assert "No la hay en K'iche'" in page and "Pida nombre, estado" in page


def test_an_organization_is_inserted_as_the_bot_writes_it(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es", place=CHICAGO))
    _, page = _post(ana, id, "compose", text="Llame aquí:", look="near", kind="legal", place="")
    found = re.search(r'value="(near:[^"]+)"', page)
    assert found, page
    _, page = _post(ana, id, "compose", text="Llame aquí:", insert=found[1], kind="legal", place="")
    text = re.search(r"<textarea id=\"text\".*?>(.*?)</textarea>", page, re.DOTALL)
    assert text and re.match(r"Llame aquí:\n- \S.+, .+", text[1])


def test_a_place_that_is_none_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    assert "No se conoce ese lugar" in _post(ana, id, "compose", look="near", kind="legal", place="zzzz qqqq")[1]


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
    _, said = _post(ana, id, "parts", text=text)
    count = segments(fold_for_sms(text.strip()))
    assert f"Sale como {count} SMS" in said
    assert ("lo alargan" in said) == ("😀" in text)


# --- the number (checklist 34) ---


def test_the_number_is_shown_for_a_reason_and_that_is_kept(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550144")
    _post(ana, id, "reveal", reason="")
    _post(ana, id, "reveal", reason="curiosity")
    assert "desk.revealed" not in _actions(scene, id)
    status, page = _post(ana, id, "reveal", reason="emergency")
    assert status == 200 and "+12025550144" in page and "única vez" in page
    assert [what for what in scene.families.audit() if what[1] == "desk.revealed"] == [
        (ANA.actor, "desk.revealed", f"{id} emergency")
    ]
    assert "2025550144" not in _page(ana, id)


# --- this was wrong (checklist 36) ---


def _kept(scene: Scene) -> list[WrongGuess]:
    with scene.desk.engine.connect() as connection:
        return list(connection.execute(select(WrongGuess.__table__)))  # type: ignore[arg-type]


def test_a_wrong_guess_is_scrubbed_shown_confirmed_and_kept_once(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    number = scene.families.writes(
        id, "Me llamo Rosa Xicay, mi hijo tiene 4 años y no come", topic="services_legal", language="es"
    )
    shown = _page(ana, id, f"/wrong/{number}")
    scrubbed = re.search(r'<textarea id="scrubbed".*?>(.*?)</textarea>', shown, re.DOTALL)
    assert scrubbed and "Rosa" not in scrubbed[1] and "4" not in scrubbed[1] and "mi hijo tiene" in scrubbed[1]
    before = len(_kept(scene))
    form = {"scrubbed": scrubbed[1], "right": "services_health"}
    status, asked = _post(ana, id, f"wrong/{number}", **form)
    assert status == 422 and scrubbed[1] in asked, "nobody has read it"
    assert _post(ana, id, f"wrong/{number}", **{**form, "right": "no_such_topic"}, read="yes")[0] == 422
    assert len(_kept(scene)) == before
    for _ in range(2):
        assert _post(ana, id, f"wrong/{number}", **form, read="yes")[0] == 302
    rows = _kept(scene)
    assert len(rows) == before + 1, "correcting twice does not double it"
    assert (rows[-1].text, rows[-1].heard, rows[-1].right) == (scrubbed[1], "services_legal", "services_health")
    assert id not in repr(rows[-1]) and "desk.wrong" not in repr(_actions(scene, id))


def test_only_a_message_of_the_person_can_have_been_wrong(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    number = scene.families.writes(id, "Elija 1", author=Author.BOT)
    _page(ana, id, f"/wrong/{number}", status=404)


# --- the end ---


@pytest.mark.parametrize("closing", ["", "thanks"])
def test_handing_back_with_or_without_a_last_line(scene: Scene, ana: FlaskClient, closing: str) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    _post(ana, id, "take")
    _post(ana, id, "hand-back", closing=closing)
    assert len(_texts(scene, id)) == bool(closing) and scene.families.now(id).claimed_by is None
    assert not closing or "Gracias por su confianza" in _texts(scene, id)[0]


def test_passing_on_asks_the_family_first(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hello", about=About(language="en"))
    _post(ana, id, "take")
    assert _post(ana, id, "pass", organization=OTHER)[0] == 302
    now = scene.families.now(id)
    assert (now.pass_to, now.organization) == (OTHER, "casa"), "it stays until the family says yes"
    assert "Lejos" in _texts(scene, id)[0] and "1 yes, 2 no" in _texts(scene, id)[0]
    assert "Hasta que responda, se queda aquí" in _page(ana, id)
    assert _post(ana, id, "pass", organization="nowhere")[0] == 302 and len(_texts(scene, id)) == 1


def test_a_crisis_ends_with_a_card_for_her(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("me quiero morir", about=About(topic="self_harm", language="es", cause=Cause.DANGER))
    assert "¿Resolver la conversación" in _page(ana, id, "/resolve")
    assert _post(ana, id, "resolve", resolution="made up")[0] == 422 and scene.families.now(id).closed is None
    page = post(ana, f"/console/conversation/{id}/resolve", resolution="informed")
    assert page.headers["Location"].endswith("/after")
    card = _page(ana, id, "/after")
    assert DEBRIEF in card and "estuvo ahí para la persona: tú" in card
    assert "Resuelta: se dio la información" in _page(ana, id) and 'id="text"' not in _page(ana, id)


def test_an_ordinary_end_has_no_card(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(topic="services_health", language="es"))
    assert (
        post(ana, f"/console/conversation/{id}/resolve", resolution="referred").headers["Location"].endswith("/inbox")
    )
    assert ana.get(f"/console/conversation/{id}/after").status_code == 302


def test_what_is_known_is_corrected(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(topic="services_legal", language="es"))
    _post(ana, id, "about", urgency="urgent", topic="services_health", language="quc")
    now = scene.families.now(id)
    assert (now.urgency, now.about.topic, now.about.language) == (Urgency.URGENT, "services_health", "quc")
    _post(ana, id, "about", urgency="made up", topic="<script>", language="xx")
    assert scene.families.now(id) == now


def test_a_speaker_is_wanted_and_no_day_is_promised(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="quc"))
    _post(ana, id, "needs", needs="mam", variety="Todos Santos")
    page = _page(ana, id)
    assert "Mam como se habla en Todos Santos" in page and "No conocemos a nadie que interprete esto" in page
    _post(ana, id, "needs", needs="<b>", variety="")
    assert scene.families.now(id).about.needs == "mam"


def test_two_of_a_family_are_joined_by_the_alias(scene: Scene, ana: FlaskClient) -> None:
    one, other = scene.families.comes("Hola"), scene.families.comes("Soy su hermana")
    alias = scene.families.now(other).alias
    assert "No se pueden unir" in ana.get(
        post(ana, f"/console/conversation/{one}/join", alias="0000").location
    ).get_data(as_text=True)
    _post(ana, one, "join", alias=alias.lower())
    assert f"Unida con la Persona {alias}" in _page(ana, one)
    assert f"Unida con la Persona {scene.families.now(one).alias}" in _page(ana, other)


def test_the_same_number_on_the_other_channel_is_hinted_at_and_joined(scene: Scene, ana: FlaskClient) -> None:
    one = scene.families.comes("Hola", address="+12025550122")
    other = scene.families.comes("Hola", address="whatsapp:+12025550122", channel=Channel.WHATSAPP)
    assert "El mismo número, por el otro canal" not in _page(ana, one), "they are looked for when somebody asks"
    assert "El mismo número, por el otro canal" in _page(ana, one, "?look=family")
    _post(ana, one, "join", other=other)
    assert "El mismo número, por el otro canal" not in _page(ana, one, "?look=family")


def test_no_page_of_ours_names_a_file_outside(scene: Scene) -> None:
    for path in Path(REPOSITORY / "bot/console/templates").glob("conversation*.html"):
        assert not re.search(r"(?:src|href|action)=\"https?:", path.read_text("utf-8")), path.name
