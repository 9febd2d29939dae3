"""The pages of phrases without a browser: what they show, what they keep, and whom they refuse."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.escalation.viewer import Role
from bot.store.content_models import Phrase
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.phrases_scene import IN_KICHE, NO_FOOD, SENTENCES, agree, wait


@pytest.fixture
def vera(console: Console) -> Hand:
    return hand(console, console.account(Role.VOLUNTEER, name="Vera"))


def page(who: Hand, path: str, status: int = 200) -> str:
    answer = who.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def kept(console: Console) -> dict[str, tuple[str, str]]:
    with console.desk.engine.connect() as connection:
        return {row.text: (row.verdict, row.topic) for row in connection.execute(select(Phrase.__table__))}


def test_a_card_says_what_was_heard_in_plain_words_with_an_example(console: Console, vera: Hand) -> None:
    wait(console.desk, SENTENCES[0])
    shown = page(vera, "/phrases")
    assert f'<blockquote lang="es">{NO_FOOD}</blockquote>' in shown
    assert "<strong>Un abogado cerca de mí</strong>" in shown and "por ejemplo: «" in shown
    assert "Era sobre «Una clínica cerca de mí»" in shown, "what the team says is one press away"
    assert "Después siguió una persona del equipo" in shown
    assert "services_legal" not in re.sub(r'value="[^"]*"', "", shown), "no name of the code"


@pytest.mark.parametrize(
    ("verdict", "topic", "said", "label"),
    [
        ("right", "", "el bot acertó, era sobre «Un abogado cerca de mí»", ("right", "services_legal")),
        ("other", "services_health", "era sobre «Una clínica cerca de mí»", ("other", "services_health")),
        ("none", "", "no era de ningún tema nuestro", ("none", "")),
    ],
)
def test_a_verdict_is_kept_said_and_taken_back(console: Console, vera: Hand, verdict, topic, said, label) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    answer = vera.post(f"/phrases/{id}", verdict=verdict, topic=topic)
    assert answer.status_code == 302 and kept(console) == {NO_FOOD: label}
    shown = vera.client.get(answer.location).get_data(as_text=True)
    assert said in shown and "No hay nada por revisar" in shown
    vera.post(f"/phrases/{id}/undo")
    assert kept(console)[NO_FOOD][0] == "waiting"
    assert "está por revisar" in page(vera, "/phrases")


def test_what_may_not_be_used_is_gone(console: Console, vera: Hand) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    answer = vera.post(f"/phrases/{id}", verdict="drop")
    shown = vera.client.get(answer.location).get_data(as_text=True)
    assert kept(console) == {} and "No queda nada de ella" in shown and "Deshacer" not in shown


@pytest.mark.parametrize("form", [{}, {"verdict": "waiting"}, {"verdict": "other"}, {"verdict": "other", "topic": "x"}])
def test_a_form_that_says_nothing_changes_nothing(console: Console, vera: Hand, form: dict[str, str]) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    answer = vera.post(f"/phrases/{id}", **form)
    assert "Elige de qué trataba" in vera.client.get(answer.location).get_data(as_text=True)
    assert kept(console)[NO_FOOD][0] == "waiting"


def test_one_that_somebody_else_was_quicker_with(console: Console, vera: Hand) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    vera.post(f"/phrases/{id}", verdict="none")
    for path in (f"/phrases/{id}", "/phrases/nobody", "/phrases/nobody/undo"):
        answer = vera.post(path, verdict="right")
        assert answer.status_code == 302
    assert "mientras tanto" in vera.get("/phrases/nobody/topic", follow_redirects=True).get_data(as_text=True)
    assert kept(console)[NO_FOOD] == ("none", "")


def test_skipping_goes_on_and_comes_round(console: Console, vera: Hand) -> None:
    ids = set(wait(console.desk, *SENTENCES))
    seen, path = [], "/phrases"
    for _ in range(4):
        shown = page(vera, path)
        seen.append(re.search(r'action="/console/phrases/([^"/]+)"', shown)[1])
        path = re.search(r'class="phrase-skip" href="/console([^"]+)"', shown)[1].replace("&amp;", "&")
    assert set(seen[:3]) == ids and seen[3] == seen[0]


def test_one_language_at_a_time(console: Console, vera: Hand) -> None:
    wait(console.desk, *SENTENCES)
    shown = page(vera, "/phrases?language=quc")
    assert f'<blockquote lang="quc">{IN_KICHE}' in shown and NO_FOOD not in shown
    assert "Estaba bien" not in shown, "nobody asked the bot: it can have been neither right nor wrong"
    wait(console.desk, SENTENCES[0])
    assert "En este idioma no hay nada" in page(vera, "/phrases?language=quc")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("clinica", "Una clínica cerca de mí"),
        ("clinic", "Una clínica cerca de mí"),
        ("migra aqu", "La migra está aquí"),
    ],
)
def test_a_topic_is_found_by_words_in_either_language(console: Console, vera: Hand, asked: str, first: str) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    shown = page(vera, f"/phrases/{id}/topic?q={asked}")
    assert re.findall(r"<button name=\"topic\"[^>]*><strong>(.*?)</strong>", shown)[0] == first


def test_the_list_of_topics_begins_with_what_the_team_says_and_leaves_out_what_was_heard(console, vera) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    shown = page(vera, f"/phrases/{id}/topic")
    values = re.findall(r"<button name=\"topic\" value=\"(\w+)\"", shown)
    assert values[0] == "services_health" and "services_legal" not in values and len(values) > 50
    assert "Ningún tema tiene" in page(vera, f"/phrases/{id}/topic?q=zzz")


def test_by_topic_there_are_counts_and_thin_languages_in_words(console: Console, vera: Hand, monkeypatch) -> None:
    wait(console.desk)
    before = page(vera, "/phrases/topics/tps")
    assert "K&#39;iche&#39;</span>: 25 frases" in before
    monkeypatch.setitem(__import__("bot.scripts.phrases").scripts.phrases.ENOUGH, "quc", 30)
    shown = page(vera, "/phrases/topics")
    assert "K&#39;iche&#39;, «TPS»: 25 frases; con 30 mejora." in shown
    assert vera.post("/phrases/topics/tps", language="quc", text="jas ri tps kubʼij").status_code == 302
    shown = page(vera, "/phrases/topics/tps")
    assert "26 frases" in shown and "jas ri tps kubʼij" in shown and "pocas: con 30 mejora" in shown


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"language": "", "text": "hola"}, "Elige el idioma"),
        ({"language": "es", "text": " *** "}, "Escribe la frase"),
        ({"language": "es", "text": NO_FOOD}, "ya está aquí"),
    ],
)
def test_a_sentence_that_cannot_be_added_stays_in_the_form(console: Console, vera: Hand, form, said: str) -> None:
    wait(console.desk, SENTENCES[0])
    answer = vera.post("/phrases/topics/services_health", **form)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in shown and form["text"].strip() in shown


def test_what_is_like_one_of_another_topic_is_pointed_out(console: Console, vera: Hand) -> None:
    wait(console.desk, ("es", "que hago si viene la migra a mi casaa", "street_stop", ""))
    assert "Se parece mucho a una frase de «Si vienen agentes a mi casa»" in page(vera, "/phrases")
    wait(console.desk)
    vera.post("/phrases/topics/street_stop", language="es", text="que hago si viene la migra a mi casaa")
    assert "parecida a una de «Si vienen agentes a mi casa»" in page(vera, "/phrases/topics/street_stop")


def test_a_responder_adds_and_tries_but_does_not_judge(console: Console) -> None:
    (id,) = wait(console.desk, SENTENCES[0])
    ana = hand(console, console.account(Role.RESPONDER, name="Ana"))
    assert ana.get("/phrases").location.endswith("/phrases/topics")
    assert "Por revisar" not in page(ana, "/phrases/topics")
    for path in (f"/phrases/{id}", f"/phrases/{id}/undo"):
        assert ana.post(path, verdict="none").status_code == 403
    assert ana.get(f"/phrases/{id}/topic").status_code == 403
    ana.post("/phrases/topics/services_health", language="es", text="busco un dentista barato")
    assert kept(console)["busco un dentista barato"] == ("waiting", "services_health")


def test_an_unknown_topic_is_nowhere(console: Console, vera: Hand) -> None:
    page(vera, "/phrases/topics/nothing", status=404)
    assert vera.post("/phrases/topics/nothing", language="es", text="hola a todos").status_code == 404


def test_trying_without_a_model_says_so_and_keeps_nothing(console: Console, vera: Hand) -> None:
    wait(console.desk)
    shown = vera.post("/phrases/try", text="la migra esta aqui en mi puerta").get_data(as_text=True)
    assert "El modelo no contesta" in shown and "frases urgentes: «La migra está aquí»" in shown
    assert kept(console) == {}
    assert "El modelo no contesta" not in vera.post("/phrases/try", text="  ").get_data(as_text=True)


def test_who_brought_a_sentence_is_said_and_the_acts_are_the_same(console: Console, vera: Hand) -> None:
    agree(console.desk, "es", "la escuela cierra con ***", "school_rights")
    shown = page(vera, "/phrases")
    assert "Una familia aceptó que se guarde" in shown and "una palabra rara" in shown
    assert "Después siguió una persona" not in shown
    for act in ("right", "none", "drop"):
        assert f'name="verdict" value="{act}"' in shown
    assert "/topic" in shown
    wait(console.desk, SENTENCES[0])
    shown = page(vera, "/phrases")
    assert "El equipo marcó que el bot" in shown and "Una familia aceptó" not in shown
