"""The list of answers: what is found in three languages, what each filter leaves, and answers that begin or go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert

from bot.console.answers_found import (
    DONE,
    LATELY,
    MINE,
    MISSING,
    REVIEW,
    STALE,
    UNREAD,
    Asked,
    Progress,
    Standing,
    bars,
    matches,
    written,
)
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from bot.store.change_structure import users_of
from bot.store.models import TopicCount
from bot.store.tally import monday
from bot.store.topic_reads import reads
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.editing import FLOW, SAY, editor
from tests.scripts.filling import RELEASE

pytestmark = pytest.mark.slow

ES, EN, QUC = Language.ES, Language.EN, Language.QUC
HOME = written(RELEASE, RELEASE.script.flows["home_visit"])
ABOUT = written(RELEASE, RELEASE.script.flows["about"])
NOBODY = Standing()
NOW = 1_800_000_000.0
_ROW = re.compile(r'<tr id="answer-([^"]+)">')


def _found(words: str) -> list[str]:
    return [each.flow for each in (HOME, ABOUT) if matches(each, NOBODY, Asked(words=words), 1, NOW)]


@pytest.mark.parametrize(
    ("words", "flows"),
    [
        pytest.param("", ["home_visit", "about"], id="nothing asked for"),
        pytest.param("puerta cerrada", ["home_visit"], id="Spanish"),
        pytest.param("QUIEN es Puente", ["home_visit", "about"], id="capitals and accents"),
        pytest.param("door closed", ["home_visit"], id="English"),
        pytest.param("uchi'", ["home_visit"], id="K'iche'"),
        pytest.param("uchiꞌ", ["home_visit"], id="K'iche' with another apostrophe"),
        pytest.param("puerta door", ["home_visit"], id="a word of each of two languages"),
        pytest.param("home visit", ["home_visit"], id="its name"),
        pytest.param("submarino", [], id="nowhere"),
    ],
)
def test_a_word_finds_answers_in_three_languages(words: str, flows: list[str]) -> None:
    assert _found(words) == flows


@pytest.mark.parametrize(
    ("asked", "standing", "found"),
    [
        pytest.param(Asked(topic="rights"), NOBODY, True, id="its topic"),
        pytest.param(Asked(topic="urgent"), NOBODY, False, id="another topic"),
        pytest.param(Asked(state="draft"), NOBODY, False, id="published, a draft asked for"),
        pytest.param(Asked(state="draft"), Standing("draft"), True, id="a draft"),
        pytest.param(Asked(lack=MISSING, language="quc"), NOBODY, True, id="K'iche' misses texts"),
        pytest.param(Asked(lack=MISSING, language="es"), NOBODY, False, id="Spanish misses none"),
        pytest.param(Asked(lack=MISSING), NOBODY, True, id="some language misses texts"),
        pytest.param(Asked(lack=UNREAD, language="es"), NOBODY, True, id="nobody has reviewed the Spanish"),
        pytest.param(Asked(lack=STALE), NOBODY, False, id="nothing is stale"),
        pytest.param(Asked(mine=True), NOBODY, False, id="not mine"),
        pytest.param(Asked(mine=True), Standing("draft", hands=frozenset({1, 2})), True, id="mine with another's"),
        pytest.param(Asked(mine=True), Standing(changed_by=1), True, id="published by me"),
        pytest.param(Asked(tab=MINE), Standing("draft", hands=frozenset({1})), True, id="my draft"),
        pytest.param(Asked(tab=MINE), Standing("draft", hands=frozenset({2})), False, id="another's draft"),
        pytest.param(Asked(tab=MINE), Standing("in_review", hands=frozenset({1})), False, id="sent, no draft any more"),
        pytest.param(Asked(tab=REVIEW), Standing("in_review"), True, id="in review"),
        pytest.param(Asked(tab=LATELY), Standing(published=int(NOW) - 86_400), True, id="published yesterday"),
        pytest.param(Asked(tab=LATELY), Standing(published=int(NOW) - 15 * 86_400), False, id="15 days ago"),
        pytest.param(Asked(tab=LATELY), NOBODY, False, id="never published here"),
    ],
)
def test_filters_and_tabs(asked: Asked, standing: Standing, found: bool) -> None:
    assert matches(HOME, standing, asked, 1, NOW) is found


@pytest.mark.parametrize(
    ("progress", "mark"),
    [
        (Progress(1, 2, 3, 9), MISSING),
        (Progress(0, 2, 3, 9), STALE),
        (Progress(0, 0, 3, 9), UNREAD),
        (Progress(0, 0, 0, 9), DONE),
    ],
)
def test_a_language_is_told_by_the_gravest(progress: Progress, mark: str) -> None:
    assert progress.mark == mark


def test_the_bars_count_answers_without_a_missing_text() -> None:
    assert [(bar.language, bar.done, bar.missing) for bar in bars((HOME, ABOUT))] == [
        (ES, 2, 0),
        (EN, 2, 0),
        (QUC, 0, 2),
    ]


# --- the page ---


@pytest.fixture
def luis(console: Console) -> Iterator[Hand]:
    yield hand(console, console.account(Role.VOLUNTEER, name="Luis"))
    publisher = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    for opened in console.desk.changes.all():
        console.desk.changes.drop(publisher, opened.flow)


@pytest.fixture
def marta(console: Console) -> Hand:
    return hand(console, console.account(Role.PUBLISHER, name="Marta"))


def _rows(who: Hand, **asked: str) -> list[str]:
    answer = who.get(f"/answers?{urlencode(asked)}")
    assert answer.status_code == 200
    return _ROW.findall(answer.get_data(as_text=True))


def test_what_is_urgent_comes_first_and_a_title_before_a_text(luis: Hand) -> None:
    everything = _rows(luis)
    assert len(everything) == len(set(everything)) > 50
    assert everything.index("danger_now") < everything.index(FLOW) < everything.index("services_legal")
    assert _rows(luis, q="abogado cerca")[0] == "services_legal"


def test_words_of_the_address_that_mean_nothing_are_left_out(luis: Hand) -> None:
    assert _rows(luis, topic="x", state="y", lack="z", language="fr", tab="none") == _rows(luis)


def test_a_draft_is_listed_as_mine_and_found_by_its_state(console: Console, luis: Hand) -> None:
    assert _rows(luis, tab="mine") == []
    editor(console, console.account(Role.VOLUNTEER, name="Luis")).save({(SAY, ES): "Otro texto."})
    assert _rows(luis, tab="mine") == _rows(luis, state="draft") == [FLOW]
    luis.post(f"/answers/{FLOW}/send", note="x")
    assert (_rows(luis, tab="mine"), _rows(luis, tab="review")) == ([], [FLOW])


@pytest.mark.parametrize("tab", ["mine", "review", "lately"])
def test_an_empty_tab_says_what_to_do(luis: Hand, tab: str) -> None:
    page = luis.get(f"/answers?tab={tab}").get_data(as_text=True)
    assert '<div class="empty">' in page and 'class="button" href="/console/answers"' in page


def test_filters_that_leave_nothing_offer_the_way_back(luis: Hand) -> None:
    page = luis.get("/answers?q=submarino").get_data(as_text=True)
    assert "Ninguna respuesta con estos filtros." in page and 'href="/console/answers"' in page


def test_how_often_an_answer_was_read_hides_small_numbers(console: Console, luis: Hand) -> None:
    week = monday(console.desk.clock())
    rows = [
        {"week": week, "topic": FLOW, "language": "es", "channel": "sms", "n": 7},
        {"week": week - timedelta(weeks=3), "topic": FLOW, "language": "en", "channel": "sms", "n": 6},
        {"week": week - timedelta(weeks=4), "topic": FLOW, "language": "es", "channel": "sms", "n": 100},
        {"week": week, "topic": "car_stop", "language": "es", "channel": "sms", "n": 4},
        {"week": week, "topic": "other", "language": "other", "channel": "other", "n": 3},
    ]
    with console.desk.engine.begin() as connection:
        connection.execute(insert(TopicCount), rows)
    assert reads(console.desk.engine, console.desk.clock()) == {FLOW: 13, "car_stop": 4}
    page = luis.get("/answers").get_data(as_text=True)
    of = {name: page.split(f'id="answer-{name}"')[1].split("</tr>")[0] for name in (FLOW, "car_stop", "asylum")}
    assert "se leyó 13 veces" in of[FLOW]
    assert all("se leyó menos de 5 veces" in of[name] for name in ("car_stop", "asylum"))


NEW = {
    "title_es": "si pierdo mi pasaporte",
    "title_en": "If I lose my passport",
    "group": "services",
    "say_es": "Vaya al consulado.",
    "say_en": "Go to the consulate.",
}
NAME = "if_i_lose_my_passport"


def test_a_volunteer_begins_an_answer(console: Console, luis: Hand) -> None:
    answer = luis.post("/answers/new", **NEW)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/answers/{NAME}")
    page = editor(console, console.account(Role.VOLUNTEER, name="Luis"), NAME)
    assert (page.text(f"{NAME}.first.say", ES), page.text(f"{NAME}.first.say", EN)) == (
        "Vaya al consulado.",
        "Go to the consulate.",
    )
    assert page.text(f"{NAME}.title", ES) == "si pierdo mi pasaporte"
    assert NAME in _rows(luis, tab="mine")
    assert luis.post("/answers/new", **NEW).status_code == 422, "there is a draft of that name"


@pytest.mark.parametrize("field", ["title_es", "title_en", "say_es", "say_en"])
def test_a_new_answer_says_what_is_missing(luis: Hand, field: str) -> None:
    answer = luis.post("/answers/new", **{**NEW, field: " "})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and f'href="#{field}"' in page
    assert "Vaya al consulado." in page or field == "say_es", "what was written is still there"


def test_a_publisher_lets_a_choice_go_to_it(console: Console, luis: Hand, marta: Hand) -> None:
    where = {"place": "consulate.first", "label_es": "perdí mi pasaporte", "label_en": "lost my passport"}
    page = marta.get("/answers/new").get_data(as_text=True)
    assert 'value="consulate.first"' in page and 'name="place"' not in luis.get("/answers/new").get_data(as_text=True)
    assert marta.post("/answers/new", **NEW, **where).status_code == 303
    opened = console.desk.changes.answer("consulate")
    choice = opened.flow.steps["first"].choices[-1]
    assert (choice.target.flow, choice.label.english) == (NAME, "lost my passport")
    line = opened.line(choice.label.key)
    assert line is not None and line.said[ES].text == "perdí mi pasaporte"


def test_a_forged_place_of_a_volunteer_changes_no_other_answer(console: Console, luis: Hand) -> None:
    luis.post("/answers/new", **NEW, place="consulate.first", label_es="x", label_en="x")
    assert console.desk.changes.open_for("consulate") is None


def test_a_copy_has_the_texts_of_what_it_copies(console: Console, luis: Hand) -> None:
    form = {"title_es": "otra visita", "title_en": "another visit", "like": FLOW}
    assert luis.post("/answers/new", **form).status_code == 303
    page = editor(console, console.account(Role.VOLUNTEER, name="Luis"), "another_visit")
    original = editor(console, console.account(Role.VOLUNTEER, name="Luis"))
    assert page.text("another_visit.first.say", ES) == original.text(SAY, ES)
    assert page.text("another_visit.title", ES) == "otra visita"


def test_archiving_is_refused_with_the_answers_that_go_there(console: Console, luis: Hand, marta: Hand) -> None:
    page = marta.get(f"/answers/{FLOW}/archive").get_data(as_text=True)
    assert "No se puede quitar" in page and page.count("<li><a href=") > 0
    assert marta.post(f"/answers/{FLOW}/archive").status_code == 422
    assert console.desk.changes.open_for(FLOW) is None


def test_only_a_publisher_archives(luis: Hand) -> None:
    assert luis.get(f"/answers/{FLOW}/archive").status_code == 403
    assert luis.post(f"/answers/{FLOW}/archive", heir="car_stop").status_code == 403
    assert "/archive" not in luis.get("/answers").get_data(as_text=True)


def _unused(console: Console) -> str:
    """An answer that something asks for and to which no choice goes."""
    flows = console.desk.changes.answer(FLOW).release.script.flows
    return next(name for name, flow in flows.items() if flow.intents and not users_of(flows, name))


def test_what_nothing_goes_to_is_archived_with_an_heir(console: Console, luis: Hand, marta: Hand) -> None:
    name = _unused(console)
    assert marta.post(f"/answers/{name}/archive").status_code == 422, "what it was asked for must go somewhere"
    assert marta.post(f"/answers/{name}/archive", heir=FLOW).status_code == 303
    page = marta.get(f"/answers/{name}").get_data(as_text=True)
    assert "Esta respuesta se va a quitar" in page
    opened = console.desk.changes.open_for(name)
    assert opened is not None and opened.draft.archived and opened.draft.heir == FLOW


def test_a_new_answer_goes_out_first_and_then_the_choice_that_goes_to_it(
    console: Console, luis: Hand, marta: Hand
) -> None:
    """Neither could be published first if each had to be whole with the other: nothing leads to an answer that is not there."""
    where = {"place": "consulate.first", "label_es": "perdí mi pasaporte", "label_en": "lost my passport"}
    marta.post("/answers/new", **NEW, **where)
    sent = marta.post(f"/answers/{NAME}/send", note="Nueva")
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert marta.post("/answers/consulate/send").status_code in (303, 422)
    opened = console.desk.changes.open_for("consulate")
    assert opened is not None and opened.stage is Stage.DRAFT, "it would lead nowhere"
    olga = console.viewer(console.account(Role.PUBLISHER, name="Olga"))
    console.desk.changes.publish(olga, NAME)
    marta.post("/answers/consulate/send", note="Opción nueva")
    console.desk.changes.publish(olga, "consulate")
    assert console.desk.changes.all() == ()
    found = _rows(luis, tab="lately")
    assert set(found) == {"consulate", NAME}
    # As it was, for the tests beside this one.
    console.desk.releases.undo(olga)
    console.desk.releases.undo(olga)
