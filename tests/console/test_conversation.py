"""The pages of a conversation on real stores: who may do what, what goes out, and that nothing that was typed is lost."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from bot.escalation.approval import Approval
from bot.escalation.escalation import About, Author, Cause, Urgency
from bot.escalation.viewer import Viewer
from bot.escalation.window import WINDOW
from bot.message import Channel
from bot.settings import REPOSITORY
from bot.store.models import Escalation, OutboxRow
from tests.console.desk_scene import Scene, token
from tests.console.talking import page_of, press, texts_of
from tests.phone import Phone
from tests.store.at_desk import ADA, AGREED, ANA, CORA, OLGA, OTHER, PIA, VERA

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"


# --- who may ---


def _routes(scene: Scene) -> Iterator[tuple[str, str]]:
    for rule in scene.app.extensions["console"].app().url_map.iter_rules():
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
    assert "Persona" in page_of(ana, scene.families.comes(organization=organization))


def test_another_organization_s_is_not_there(scene: Scene, ana: FlaskClient) -> None:
    page_of(ana, scene.families.comes(organization=OTHER), status=404)


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
    page = page_of(ana, id)
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
    assert re.search(r'lang="quc"><bdi>are ri wal', page_of(ana, id))


def test_markup_is_shown_and_never_run(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("<script>alert(1)</script>")
    response = ana.get(f"/console/conversation/{id}").get_data(as_text=True)
    assert "<script>alert" not in response and "&lt;script&gt;alert" in response


def test_a_voice_note_is_counted_and_may_be_answered(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("")
    scene.families.writes(id, "", media=1)
    assert "Nunca se descarga" in page_of(ana, id) and 'id="text"' in page_of(ana, id)


def test_the_thread_is_sent_again_only_when_something_changed(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    asked = re.search(r'hx-get="([^"]+)"', page_of(ana, id))
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
    page_of(bea, id)
    assert "Bea también está mirando" in page_of(ana, id)
    bea.get(f"/console/conversation/{id}/thread?typing=1")
    assert "Bea también está escribiendo aquí" in page_of(ana, id)


# --- taking, and who speaks (checklist 29, 30) ---


def test_one_takes_it_and_the_other_learns_who(scene: Scene, ana: FlaskClient, bea: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    press(ana, id, "take")
    press(bea, id, "take")
    lost = page_of(bea, id)
    assert "Ana la tomó" in lost and "La atiende Ana" in lost and 'id="text"' not in lost
    assert "Ana tiene esta conversación" in lost
    assert scene.families.now(id).claimed_by == ANA.user


def test_the_bot_is_silent_while_a_person_has_it_and_speaks_after(scene: Scene, ana: FlaskClient) -> None:
    phone = Phone(scene.app.test_client())
    id = scene.families.comes("Hola", about=About(language="es"), address=phone.address)
    assert phone.send("menu"), "nobody has it"
    press(ana, id, "take")
    assert "EN PAUSA" in page_of(ana, id)
    assert phone.send("gracias, aqui espero") == ""
    press(ana, id, "hand-back")
    assert "El bot RESPONDE" in page_of(ana, id)
    assert phone.send("gracias") != ""
    press(ana, id, "take")
    assert phone.send("y otra cosa") == ""
    press(ana, id, "resolve", resolution="informed")
    assert phone.send("menu") != "", "after resolving the next message goes to the bot"


def test_sending_takes_the_conversation(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    status, _ = press(ana, id, "reply", text="Buenas tardes", seen_up_to="")
    assert status == 302 and scene.families.now(id).claimed_by == ANA.user
    assert texts_of(scene, id) == ["Buenas tardes"] and len(scene.outbox(id)) == 1
    page = page_of(ana, id)
    assert "En cola" in page and f'data-sent="/console/conversation/{id}/reply"' in page
    assert "data-sent" not in page_of(ana, id), "only once"


# --- nothing that was typed is lost ---


def test_a_message_that_came_meanwhile_is_shown_before_anything_is_sent(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    seen = re.search(r'name="seen_up_to" value="(\d+)"', page_of(ana, id))
    assert seen
    scene.families.writes(id, "Ya no estoy en casa")
    status, page = press(ana, id, "reply", text="Quédese en casa", seen_up_to=seen[1])
    assert status == 409 and not scene.outbox(id)
    assert "Llegó un mensaje nuevo mientras escribías" in page and "Ya no estoy en casa" in page
    assert ">Quédese en casa</textarea>" in page
    now = re.search(r'name="seen_up_to" value="(\d+)"', page)
    assert now and press(ana, id, "reply", text="Quédese donde está", seen_up_to=now[1])[0] == 302
    assert texts_of(scene, id) == ["Quédese donde está"]


def test_what_another_took_meanwhile_keeps_the_text(scene: Scene, ana: FlaskClient, bea: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    csrf = token(ana.get(f"/console/conversation/{id}"))
    press(bea, id, "take")
    response = ana.post(f"/console/conversation/{id}/reply", data={"csrf_token": csrf, "text": "Buenas"})
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 422 and "Bea tomó esta conversación" in page and ">Buenas</textarea>" in page
    assert not scene.outbox(id)


@pytest.mark.parametrize("text", ["", "   ", "a" * 1501], ids=["empty", "blanks", "too long"])
def test_a_text_that_cannot_go_is_refused_and_kept(scene: Scene, ana: FlaskClient, text: str) -> None:
    id = scene.families.comes("Hola")
    status, page = press(ana, id, "reply", text=text)
    assert status == 422 and "No se envió nada" in page and not scene.outbox(id)
    assert not text.strip() or text in page


def test_a_long_text_is_not_cut_without_a_word(scene: Scene, ana: FlaskClient) -> None:
    """A browser would cut what is pasted at ``maxlength`` and say nothing: the family would get a half."""
    page = page_of(ana, scene.families.comes("Hola"))
    field = re.search(r'<textarea id="text".*?>', page, re.DOTALL)
    assert field and "maxlength" not in field[0]


def test_a_failure_shows_its_reason_and_is_tried_again(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    press(ana, id, "reply", text="Buenas tardes")
    with scene.desk.engine.begin() as connection:
        mine = update(OutboxRow).where(OutboxRow.escalation == id)
        connection.execute(mine.values(state="undelivered", error=30003))
    page = page_of(ana, id)
    assert "No llegó" in page and "El teléfono está apagado o sin señal." in page
    retry = re.search(r'formaction="(/console/conversation/[^"]+/retry/\d+)"', page)
    assert retry
    press(ana, id, retry[1].split(f"{id}/")[1])
    assert len(scene.outbox(id)) == 2 and texts_of(scene, id) == ["Buenas tardes"]
    assert "Reintentar" not in page_of(ana, id), "it is on its way again"


# --- WhatsApp's day (checklist 31), and who asked us to stop ---


def _last_wrote(scene: Scene, id: str, seconds_ago: float) -> None:
    with scene.desk.engine.begin() as connection:
        at = int(scene.desk.clock() - seconds_ago)
        connection.execute(update(Escalation).where(Escalation.id == id).values(last_inbound=at))


def test_whatsapp_has_a_text_box_until_the_day_is_over(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="es"), channel=Channel.WHATSAPP)
    _last_wrote(scene, id, WINDOW - 3 * 3600 - 600)
    assert "quedan 3 h" in page_of(ana, id)
    _last_wrote(scene, id, WINDOW - 60)
    assert 'id="text"' in page_of(ana, id)
    scene.template("HXbuenas", "Buenas tardes, {{1}}. ¿Todavía necesita ayuda?")
    _last_wrote(scene, id, WINDOW + 60)
    page = page_of(ana, id)
    assert 'id="text"' not in page and "Buenas tardes, ______." in page and "Solo se puede enviar una plantilla" in page
    status, page = press(ana, id, "reply", text="Hola, ¿sigue ahí?")
    assert status == 422 and not scene.outbox(id) and ">Hola, ¿sigue ahí?</textarea>" in page
    _, preview = press(ana, id, "compose", sid="HXbuenas", **{"value-1": "Marta"})
    assert "Buenas tardes, Marta." in preview and not scene.outbox(id)
    assert press(ana, id, "template", sid="HXbuenas")[0] == 422, "a gap is empty"
    assert press(ana, id, "template", sid="HXbuenas", **{"value-1": "Marta"})[0] == 302
    assert [row.template for row in scene.outbox(id)] == ["HXbuenas"]
    assert texts_of(scene, id) == ["Buenas tardes, Marta. ¿Todavía necesita ayuda?"]


def test_a_template_that_meta_has_not_approved_says_so_and_cannot_be_sent(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", about=About(language="en"), channel=Channel.WHATSAPP)
    _last_wrote(scene, id, WINDOW + 60)
    scene.template("HXwaits", "We write from the network. Are you there?", "en")
    page = page_of(ana, id)
    assert "Nadie sabe si Meta la aprobó" in page and "Enviar esta plantilla" in page
    for approval, said in ((Approval.WAITING, "esperando a Meta"), (Approval.REFUSED, "Meta la rechazó")):
        scene.desk.template_states.heard("HXwaits", approval, "INVALID")
        page = page_of(ana, id)
        assert said in page and "Enviar esta plantilla" not in page and "No se puede enviar ahora" in page
        status, page = press(ana, id, "template", sid="HXwaits")
        assert status == 422 and "No se envió nada." in page and not scene.outbox(id)
    scene.desk.template_states.heard("HXwaits", Approval.APPROVED)
    assert "Nadie sabe" not in page_of(ana, id)
    assert press(ana, id, "template", sid="HXwaits")[0] == 302 and scene.outbox(id)


def test_no_template_in_kiche_is_said(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Utz", about=About(language="quc"), channel=Channel.WHATSAPP)
    _last_wrote(scene, id, WINDOW + 60)
    scene.template("HXespera", "Le escribimos de la red. ¿Sigue ahí?")
    page = page_of(ana, id)
    assert "No hay plantilla en k'iche'" in page and 'lang="es">Le escribimos de la red' in page


def test_who_asked_us_to_stop_gets_nothing(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550166")
    scene.desk.puente.opt_outs.stop("+12025550166", Channel.SMS, scene.desk.clock())
    page = page_of(ana, id)
    assert 'id="text"' not in page and "(STOP)" in page
    assert press(ana, id, "reply", text="Hola")[0] == 422 and not scene.outbox(id)


# --- notes (checklist 33) ---


def test_a_note_goes_nowhere_whatever_the_form_says(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola", address="+12025550155")
    forged = {"channel": "sms", "to": "+12025550155", "text": "hola", "send": "1", "template": "HX1", "author": "staff"}
    assert press(ana, id, "note", note="Su hermana habla inglés", seen_up_to="1", **forged)[0] == 302
    assert not scene.outbox(id) and texts_of(scene, id) == []
    assert texts_of(scene, id, Author.NOTE) == ["Su hermana habla inglés"]
    page = page_of(ana, id)
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


def test_no_page_of_ours_names_a_file_outside(scene: Scene) -> None:
    for path in Path(REPOSITORY / "bot/console/templates").glob("conversation*.html"):
        assert not re.search(r"(?:src|href|action)=\"https?:", path.read_text("utf-8")), path.name
