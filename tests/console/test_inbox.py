"""The inbox, the shift and a bad day as a client of Flask meets them, on real stores."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.console.groups_view import query_of
from bot.escalation.escalation import About, Author, Urgency, alias_of
from bot.escalation.grouping import groups
from bot.escalation.organization import DeskOrganization
from tests.console.desk_scene import Scene, open_scene, token
from tests.console.inbox_scene import CHICAGO, HEALTH, busy, on_duty, waits
from tests.store.at_desk import ADA, ANA, BEA, CORA, OLGA, OWN, PIA, VERA

pytestmark = pytest.mark.slow

WORDS = "necesito un doctor para mi hija"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return open_scene(app)


@pytest.fixture
def ana(scene: Scene) -> FlaskClient:
    return scene.client(ANA, "en")


def text(answer: TestResponse) -> str:
    """What a page says, its markup left out."""
    body = answer.get_data(as_text=True)
    body = body.partition("<main")[2] or body
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def post(client: FlaskClient, path: str, **form: str | list[str]) -> TestResponse:
    page = client.get("/console/inbox")
    return client.post(path, data={"csrf_token": token(page), **form})


def hidden(answer: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))
    assert found
    return found.group(1)


def rows(answer: TestResponse) -> list[str]:
    """The aliases in their order."""
    return re.findall(r'id="row-(\w{4})"', answer.get_data(as_text=True))


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
