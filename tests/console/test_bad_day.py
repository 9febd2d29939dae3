"""A bad day as a client of Flask meets it, on real stores: the switch, groups, one answer to several."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.console.groups_view import query_of
from bot.escalation.escalation import About, Urgency, alias_of
from bot.escalation.grouping import groups
from tests.console.desk_scene import Scene, open_scene
from tests.console.inbox_scene import CHICAGO, HEALTH, waits
from tests.console.reading import hidden, post, text
from tests.store.at_desk import ANA, BEA, CORA

pytestmark = pytest.mark.slow

WORDS = "necesito un doctor para mi hija"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return open_scene(app)


@pytest.fixture
def ana(scene: Scene) -> FlaskClient:
    return scene.client(ANA, "en")


def test_the_bad_day_is_switched_by_a_coordinator_who_was_told_what_it_says(scene: Scene, ana: FlaskClient) -> None:
    cora = scene.client(CORA, "en")
    id = scene.families.comes(WORDS, about=HEALTH)
    waits(scene.desk, id, 130)
    scene.desk.talk.reply(ANA, id, "ya voy", None)
    asks = text(cora.get("/console/bad-day?switch=on"))
    assert "the real median of today: 2 h 10 min." in asks and "Yes, switch it on" in asks
    assert "Wait for a person: about 3 hours." in asks and "Espera para una persona: como 3 horas" in asks, (
        "as families read it"
    )
    assert "Yes, switch it on" not in text(ana.get("/console/bad-day?switch=on"))
    assert post(ana, "/console/bad-day", on="yes").status_code == 403
    assert post(cora, "/console/bad-day", on="yes").status_code == 302
    assert "Families are told that it takes about 2 h 10 min." in text(cora.get("/console/bad-day"))
    assert "Bad day since" in text(ana.get("/console/inbox"))
    post(cora, "/console/bad-day", on="no")
    assert "Off: whoever asks" in text(cora.get("/console/bad-day"))


def alike(scene: Scene, count: int, **about: object) -> list[str]:
    """People of one town and hour who ask for the same."""
    known = {"topic": "find_detained", "language": "es", "place": CHICAGO, **about}
    return [waits(scene.desk, scene.families.comes(f"palabra {n}", about=About(**known)), 1) for n in range(count)]  # type: ignore[arg-type]


def group_of(scene: Scene, id: str) -> str:
    """The query of the page of its group."""
    found = groups(row.escalated for row in scene.desk.inbox.rows(ANA))
    return next(query_of(group) for group in found if id in group.ids)


def picking(page: TestResponse, ids: list[str], answer: str = "find_detained.first", **more: str) -> dict[str, object]:
    """The form as it is sent when these are ticked."""
    seen = {f"seen-{id}": hidden(page, f"seen-{id}") for id in ids}
    group = {name: unescape(hidden(page, name)) for name in ("place", "topic", "hour")}
    return {"id": ids, "answer": answer, **seen, **group, **more}


def test_groups_of_a_bad_day(scene: Scene, ana: FlaskClient) -> None:
    ids = alike(scene, 3)
    urgent = waits(
        scene.desk,
        scene.families.comes("x", about=About(topic="find_detained", place=CHICAGO), urgency=Urgency.URGENT),
        1,
    )
    page = text(ana.get("/console/bad-day"))
    assert "Chicago, IL · Find someone who is detained 4 persons, since" in page or "4 persons" in page
    assert "1 of them one by one" in page
    group = text(ana.get(f"/console/answer-many?{group_of(scene, ids[0])}"))
    assert all(f"palabra {n}" in group for n in range(3)), "each is read on the page"
    assert alias_of(urgent) in group.partition("One by one")[2]
    seen = [object for _, action, object in scene.families.audit() if action == "desk.seen"]
    assert set(seen) == set(ids), "and the audit says that she read them, not the one that stands apart"


def test_one_answer_goes_to_several_after_a_second_press(scene: Scene, ana: FlaskClient) -> None:
    ids = [*alike(scene, 2), *alike(scene, 1, language="en")]
    page = ana.get(f"/console/answer-many?{group_of(scene, ids[0])}")
    form = picking(page, ids)
    check = post(ana, "/console/answer-many", **form)  # type: ignore[arg-type]
    assert "3 persons get this message, each one apart" in text(check) and "Send it to 3 persons" in text(check)
    assert "Español" in text(check) and "English" in text(check)
    assert [scene.outbox(id) for id in ids] == [[], [], []], "nothing went yet"
    done = post(ana, "/console/answer-many", **form, confirmed="yes")  # type: ignore[arg-type]
    assert "It is on its way to 3 persons" in text(done)
    assert [len(scene.outbox(id)) for id in ids] == [1, 1, 1], "each has a row of its own"
    said = {scene.desk.talk.thread(ANA, id).said[-1].text for id in ids}
    assert len(said) == 2, "each in her language"


def test_who_did_not_get_it_is_named_with_the_reason(scene: Scene, ana: FlaskClient) -> None:
    ids = alike(scene, 5)
    page = ana.get(f"/console/answer-many?{group_of(scene, ids[0])}")
    form = picking(page, ids)
    scene.families.writes(ids[0], "otra cosa")
    scene.desk.work.take(BEA, ids[1])
    scene.desk.work.set_urgency(BEA, ids[1], Urgency.NORMAL)
    waits(scene.desk, ids[2], 1, closed=int(scene.desk.clock()))
    waits(scene.desk, ids[3], 1, urgency=Urgency.URGENT.value)
    done = text(post(ana, "/console/answer-many", **form, confirmed="yes"))  # type: ignore[arg-type]
    for said in (
        f"1 person: {alias_of(ids[4])}",
        f"{alias_of(ids[0])} : the person wrote again meanwhile",
        f"{alias_of(ids[1])} : Bea has it",
        f"{alias_of(ids[2])} : somebody has resolved it",
        f"{alias_of(ids[3])} : danger, a child or something urgent",
    ):
        assert said in done, done
    assert [len(scene.outbox(id)) for id in ids] == [0, 0, 0, 0, 1]


WRONG = {
    "nobody": (lambda ids: {"id": []}, "Nobody is picked."),
    "no answer": (lambda ids: {"answer": ""}, "Choose the answer"),
    "an answer that is none": (lambda ids: {"answer": "asylum.nowhere"}, "has no words for any of them"),
    "one who was not read": (lambda ids: {f"seen-{ids[0]}": ""}, "Nobody is picked."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_missing_is_said_and_the_ticks_stay(scene: Scene, ana: FlaskClient, name: str) -> None:
    changed, said = WRONG[name]
    ids = alike(scene, 1)
    page = ana.get(f"/console/answer-many?{group_of(scene, ids[0])}")
    form = {**picking(page, ids, confirmed="yes"), **changed(ids)}  # type: ignore[operator]
    answer = post(ana, "/console/answer-many", **form)
    assert answer.status_code == 422 and said in text(answer)
    assert scene.outbox(ids[0]) == []


def test_not_more_than_thirty_at_once(scene: Scene, ana: FlaskClient) -> None:
    ids = alike(scene, 31)
    page = ana.get(f"/console/answer-many?{group_of(scene, ids[0])}")
    assert len(re.findall('name="id"', page.get_data(as_text=True))) == 30 and "1 more wait here" in text(page)
    known = {**picking(page, []), "id": ids, **{f"seen-{id}": "999999" for id in ids}}
    answer = post(ana, "/console/answer-many", **known, confirmed="yes")  # type: ignore[arg-type]
    assert answer.status_code == 422 and "At most 30 at once" in text(answer)
    assert not any(scene.outbox(id) for id in ids)


def test_possibly_the_same_family_is_hinted_and_joined(scene: Scene, ana: FlaskClient) -> None:
    about = About(topic="find_detained", language="es", place=CHICAGO)
    said = ("mi tío Baltazar Xicará no volvió", "buscamos a Baltazar Xicara", "¿a quién llamo?")
    one, other, third = (waits(scene.desk, scene.families.comes(each, about=about), 1) for each in said)
    query = group_of(scene, one)
    page = ana.get(f"/console/answer-many?{query}")
    assert f"Possibly the same family as {alias_of(other)}." in text(page)
    assert f"Possibly the same family as {alias_of(third)}." not in text(page)
    back = post(ana, f"/console/answer-many/join/{one}/{other}?{query}")
    assert back.status_code == 302 and "place=Chicago" in (back.location or "")
    assert "Possibly the same family" not in text(ana.get(f"/console/answer-many?{query}"))


def test_a_group_that_is_gone_is_no_page(scene: Scene, ana: FlaskClient) -> None:
    assert ana.get("/console/answer-many?place=Nowhere&topic=asylum&hour=0").status_code == 404
