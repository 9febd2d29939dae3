"""The inbox and the shift as a client of Flask meets them, on real stores."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.escalation.escalation import About, Author, Urgency, alias_of
from bot.escalation.organization import DeskOrganization
from tests.console.desk_scene import Scene, open_scene
from tests.console.inbox_scene import HEALTH, busy, on_duty, waits
from tests.console.reading import hidden, post, rows, text
from tests.store.at_desk import ADA, ANA, BEA, CORA, OLGA, OWN, PIA, VERA

pytestmark = pytest.mark.slow

WORDS = "necesito un doctor para mi hija"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return open_scene(app)


@pytest.fixture
def ana(scene: Scene) -> FlaskClient:
    return scene.client(ANA, "en")


PAGES = ("/console/inbox", "/console/inbox/list", "/console/shift", "/console/bad-day", "/console/answer-many")
OPEN = {
    "a responder": (ANA, {"/console/inbox", "/console/inbox/list", "/console/shift", "/console/bad-day"}),
    "a coordinator": (CORA, {"/console/inbox", "/console/inbox/list", "/console/bad-day"}),
    "an admin": (ADA, set()),
    "a volunteer": (VERA, set()),
    "a publisher": (PIA, set()),
}


@pytest.mark.parametrize("who", OPEN)
def test_who_may_open_which_page(scene: Scene, who: str) -> None:
    viewer, allowed = OPEN[who]
    client = scene.client(viewer)
    got = {path: client.get(path).status_code for path in PAGES}
    may = {path for path, status in got.items() if status == 200}
    assert may == allowed
    refused = {got[path] for path in PAGES if path not in allowed}
    assert refused == ({404} if viewer is ANA else {403}), "without a group there is nothing to answer"


def test_a_coordinator_gets_no_words_and_nothing_to_take(scene: Scene) -> None:
    id = scene.families.comes(WORDS, about=HEALTH)
    client = scene.client(CORA, "en")
    answer = client.get("/console/inbox")
    page = answer.get_data(as_text=True)
    assert alias_of(id) in page and "doctor" not in page and "take-" not in page and f"/conversation/{id}" not in page
    assert post(client, f"/console/inbox/{id}/take").status_code == 403


def test_another_organization_sees_nothing(scene: Scene) -> None:
    id = scene.families.comes(WORDS, about=HEALTH)
    olga = scene.client(OLGA, "en")
    assert rows(olga.get("/console/inbox")) == []
    assert post(olga, f"/console/inbox/{id}/take").status_code == 404
    assert scene.families.now(id).claimed_by is None


def test_the_number_is_nowhere(scene: Scene, ana: FlaskClient) -> None:
    scene.families.comes(WORDS, about=HEALTH, address="+15005550007")
    assert "5550007" not in ana.get("/console/inbox").get_data(as_text=True)


def test_order_and_tabs(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    order = ["urgent", "soon", "late", "kiche", "normal"]
    assert rows(ana.get("/console/inbox")) == [alias_of(ids[name]) for name in order]
    page = text(ana.get("/console/inbox"))
    for said in ("Nobody's yet 5", "Mine 1", "With a colleague 1", "WhatsApp closed", "waiting 1 h 35 min"):
        assert said in page
    assert rows(ana.get("/console/inbox?tab=mine")) == [alias_of(ids["mine"])]


def test_a_discreet_one_shows_its_topic_and_not_its_words(scene: Scene, ana: FlaskClient) -> None:
    busy(scene.desk, scene.families, ANA.user, BEA.user)
    page = text(ana.get("/console/inbox"))
    assert "Danger now" in page and "pegando" not in page
    assert "fiebre desde ayer" in page


def test_filters_and_tab_are_there_again_after_another_login(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    ana.get("/console/inbox?tab=unclaimed&language=quc&alias=")
    assert rows(ana.get("/console/inbox")) == [alias_of(ids["kiche"])]
    again = scene.client(ANA, "en").get("/console/inbox")
    assert rows(again) == [alias_of(ids["kiche"])] and "Remove filters" in text(again)
    assert "Nobody's yet 5" in text(again), "tabs count what is filtered out too"
    assert len(rows(scene.client(BEA, "en").get("/console/inbox"))) == 5, "each has her own"


def test_a_search_finds_under_every_tab_and_is_not_remembered(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    wanted = alias_of(ids["taken"])
    assert rows(ana.get(f"/console/inbox?tab=unclaimed&alias={wanted.lower()}")) == [wanted]
    assert len(rows(ana.get("/console/inbox"))) == 5


EMPTY = {
    "nobody": ("/console/inbox", "Nobody waits now. New ones show up here by themselves."),
    "mine": ("/console/inbox?tab=mine", "You have no conversation now."),
    "filtered": ("/console/inbox?tab=unclaimed&language=quc", "None with these filters. Remove filters"),
    "resolved": ("/console/inbox?tab=resolved", "None was resolved in the last 7 days."),
    "bad day": ("/console/bad-day", "Nobody waits without a person now. Back to the inbox"),
    "shift": ("/console/shift", "You have no conversation now: nothing is to be handed over."),
}


@pytest.mark.parametrize("name", EMPTY)
def test_where_nothing_is_the_page_says_what_next(scene: Scene, ana: FlaskClient, name: str) -> None:
    path, said = EMPTY[name]
    assert said in text(ana.get(path))


def test_without_sql_the_page_says_what_to_do(scene: Scene, ana: FlaskClient) -> None:
    with scene.desk.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE escalation_messages RENAME TO gone")
    answer = ana.get("/console/inbox")
    assert answer.status_code == 503 and "Wait a minute and load the page again" in text(answer)
    assert ana.get("/console/inbox/list", headers={"X-Poll": "1"}).status_code == 503


def poll(client: FlaskClient, page: TestResponse, **more: str) -> TestResponse:
    """What htmx asks for an open page."""
    known = {name: hidden(page, name) for name in ("since", "shown", "told")}
    return client.get("/console/inbox/list", query_string={"tab": "unclaimed", **known, **more})


def test_a_poll_of_what_did_not_change_is_empty(scene: Scene, ana: FlaskClient) -> None:
    busy(scene.desk, scene.families, ANA.user, BEA.user)
    page = ana.get("/console/inbox?tab=unclaimed")
    assert poll(ana, page).status_code == 204
    assert poll(ana, page, since="").status_code == 200


def test_a_poll_with_a_filter_keeps_to_what_is_looked_for(scene: Scene, ana: FlaskClient) -> None:
    busy(scene.desk, scene.families, ANA.user, BEA.user)
    page = ana.get("/console/inbox?tab=unclaimed&topic=services_health")
    assert len(rows(page)) == 3 and poll(ana, page, topic="services_health").status_code == 204
    scene.families.comes("me siguen", about=About(topic="danger_now"))
    other = poll(ana, page, topic="services_health")
    assert "new conversation" not in text(other) and "Nobody's yet 6" in text(other), "it is counted under its tab"
    scene.families.comes(WORDS, about=HEALTH)
    assert "1 new conversation" in text(poll(ana, page, topic="services_health"))


def test_one_that_cannot_be_opened_is_counted_and_hides_nobody(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    scene.families.set(ids["soon"], about=b"\x01" + bytes(40))
    page = ana.get("/console/inbox?tab=unclaimed")
    assert rows(page) == [alias_of(ids[name]) for name in ("urgent", "late", "kiche", "normal")]
    assert "Nobody's yet 5" in text(page) and poll(ana, page).status_code == 204


def test_new_ones_wait_behind_a_bar_and_are_said_once(scene: Scene, ana: FlaskClient) -> None:
    scene.families.comes(WORDS, about=HEALTH)
    page = ana.get("/console/inbox?tab=unclaimed")
    scene.families.comes("me siguen", about=About(topic="danger_now"), urgency=Urgency.URGENT)
    first = poll(ana, page)
    assert rows(first) == rows(page), "nothing moves"
    assert "1 new conversation – show" in text(first) and first.headers["X-Announce"] == "1%20new%20conversation"
    assert "<title>Inbox – Puente (2)</title>" in first.get_data(as_text=True)
    assert poll(ana, first).status_code == 204, "said once"
    scene.families.comes(WORDS, about=HEALTH)
    assert poll(ana, first).headers["X-Announce"] == "2%20new%20conversations"
    assert len(rows(ana.get("/console/inbox?tab=unclaimed"))) == 3


def test_a_row_that_another_took_stays_and_says_so(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes(WORDS, about=HEALTH)
    page = ana.get("/console/inbox?tab=unclaimed")
    scene.desk.work.take(BEA, id)
    answer = poll(ana, page)
    assert rows(answer) == [alias_of(id)] and "Bea has it" in text(answer)
    assert "take-" not in answer.get_data(as_text=True)
    assert rows(ana.get("/console/inbox?tab=unclaimed")) == []


def test_who_else_looks(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes(WORDS, about=HEALTH)
    scene.desk.looking.note(BEA, id, typing=False)
    assert "Bea is looking at it" in text(ana.get("/console/inbox"))


def test_of_two_who_take_one_gets_it_and_the_other_may_ask(scene: Scene, ana: FlaskClient) -> None:
    id, bea = scene.families.comes(WORDS, about=HEALTH), scene.client(BEA, "en")
    won = post(ana, f"/console/inbox/{id}/take")
    assert (won.status_code, won.location) == (302, f"/console/conversation/{id}")
    lost = post(bea, f"/console/inbox/{id}/take")
    assert lost.status_code == 409
    assert re.search(r"Ana took it \d+ s ago", text(lost)) and "Ask Ana for it" in text(lost)
    asked = post(bea, f"/console/inbox/{id}/ask")
    assert asked.status_code == 302
    notes = [said for said in scene.desk.talk.thread(ANA, id).said if said.author is Author.NOTE]
    assert [note.text for note in notes] == ["Bea asks to take this over."]
    assert scene.families.now(id).claimed_by == ANA.user and scene.outbox(id) == []


def test_taking_what_is_over_leads_back(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes(WORDS, about=HEALTH)
    waits(scene.desk, id, 5, closed=int(scene.desk.clock()))
    assert post(ana, f"/console/inbox/{id}/take").location == "/console/inbox"
    assert "This conversation is over" in text(ana.get("/console/inbox"))


def test_the_alarm_is_for_those_on_duty_and_not_while_they_rest(scene: Scene, ana: FlaskClient) -> None:
    busy(scene.desk, scene.families, ANA.user, BEA.user)
    alarm = "1 urgent conversation waits for somebody."
    assert alarm not in text(ana.get("/console/inbox"))
    post(ana, "/console/shift", do="start")
    assert alarm in text(ana.get("/console/inbox")) and "On duty since" in text(ana.get("/console/inbox"))
    post(ana, "/console/shift", do="ten-minutes")
    rests = text(ana.get("/console/inbox"))
    assert alarm not in rests and "no alarms until" in rests


def test_a_shift_is_handed_over_with_a_line_each(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    scene.desk.work.take(ANA, ids["normal"])
    on_duty(scene.desk, ANA.user)
    page = ana.get("/console/shift")
    assert "All 2 conversations that you have go back to their places" in text(page)
    done = post(ana, "/console/shift", do="hand-over", **{f"line-{ids['normal']}": "llama a las 3", "line-x": ""})
    assert done.status_code == 302
    assert "Your shift is over" in text(ana.get("/console/inbox"))
    assert [scene.families.now(ids[name]).claimed_by for name in ("normal", "mine", "taken")] == [None, None, BEA.user]
    notes = [said.text for said in scene.desk.talk.thread(BEA, ids["normal"]).said if said.author is Author.NOTE]
    assert notes == ["llama a las 3"]


def test_ending_a_shift_says_how_many_go_back(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    on_duty(scene.desk, ANA.user)
    assert "The conversation that you have goes back to its place" in text(ana.get("/console/shift"))
    post(ana, "/console/shift", do="end")
    page = ana.get("/console/inbox")
    assert "1 conversation went back to its place" in text(page) and "Off duty" in text(page)
    assert scene.families.now(ids["mine"]).claimed_by is None
    assert scene.families.now(ids["mine"]).waiting_since is not None, "at its old place"


def test_after_enough_urgent_ones_the_page_suggests_to_stop_and_refuses_nothing(scene: Scene, ana: FlaskClient) -> None:
    scene.desk.organizations.save("Ada (user 4)", DeskOrganization(OWN, "Casa Ixim", urgent_a_day=2))
    ids = [scene.families.comes("x", about=HEALTH, urgency=Urgency.URGENT) for _ in range(3)]
    on_duty(scene.desk, ANA.user)
    for id in ids[:2]:
        post(ana, f"/console/inbox/{id}/take")
    scene.desk.board.mirror()
    said = text(ana.get("/console/inbox"))
    assert "You have taken 2 urgent ones today." in said
    assert "You have taken" not in text(scene.client(BEA, "en").get("/console/inbox")), "hers alone"
    assert post(ana, f"/console/inbox/{ids[2]}/take").location == f"/console/conversation/{ids[2]}"
