"""The dashboard without a browser: sentences, files, what is missing or broken, and who is left out of every figure."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.cells import harmless
from bot.console.figures_scene import headline
from bot.directory.coverage import Coverage
from bot.escalation.viewer import Role
from bot.figures.weeks import SMALL
from bot.store.counts import TABLES, flush
from bot.store.errors import DirectoryDamaged, StoreDown
from bot.store.tally import monday
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.console.directory_scene import furnish
from tests.console.figures_scene import forget_figures, furnish_figures, put, whole
from tests.phone import Phone

pytestmark = pytest.mark.slow

FAMILIES = ("questions", "service", "topics", "languages", "places", "gaps", "waits", "failures", "costs")
ANSWERS = ("translation", "top", "review")
WAITS = "week"
"""The card of what waits for somebody to do it; a board gets it not."""
WEEK = timedelta(weeks=1)


def carla(console: Console, language: str = "es") -> Hand:
    account = console.account(Role.COORDINATOR, name="Carla")
    console.desk.people.change_language(account.id, language)
    return hand(console, account)


def page(mine: Hand, path: str = "/dashboard") -> str:
    answer = mine.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def table(mine: Hand, card: str, asked: str = "") -> list[list[str]]:
    answer = mine.get(f"/dashboard/csv/{card}{asked}")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel takes a file without a byte order mark for another encoding"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def last_week(console: Console) -> date:
    return monday(console.desk.clock()) - WEEK


@pytest.fixture
def nothing(console: Console) -> None:
    forget_figures(console.desk)
    furnish(console)


@pytest.fixture
def one_week(console: Console, nothing: None) -> date:
    """A week of which everything is told."""
    week, desk = last_week(console), console.desk
    for outcome, n in (("answered", 171), ("person", 29), ("asked_back", 7), ("not_understood", 14)):
        put(desk, "turn", week, outcome, "es", n)
    put(desk, "turn", week, "other", "quc", 9)
    put(desk, "turn", week, "other", "other", 3)
    whole(desk, (week + WEEK).isoformat())
    return week


SENTENCES = {
    "es": "Al menos 226 preguntas: el bot respondió 171; en 7 preguntó qué querían decir; 29 pasaron a una persona; "
    "14 quedaron sin respuesta. De 5 no se dice cómo terminaron.",
    "en": "At least 226 questions: the bot answered 171; after 7 it asked what was meant; 29 went to a person; "
    "14 stayed without an answer. Of 5 it is not told how they ended.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_sentence_comes_first(console: Console, one_week: date, language: str) -> None:
    said = page(carla(console, language))
    assert SENTENCES[language] in said
    assert said.index(SENTENCES[language]) < said.index("<figure")


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "menos de 5 pasaron a una persona"), ("en", "fewer than 5 went to a person")],
)
def test_fewer_than_five_are_said_so(console: Console, nothing: None, language: str, said: str) -> None:
    week = last_week(console)
    put(console.desk, "turn", week, "answered", "es", 40)
    put(console.desk, "turn", week, "other", "other", 4)
    whole(console.desk, (week + WEEK).isoformat())
    found = page(carla(console, language))
    assert said in found and "44" not in re.sub(r"<[^>]*>|class=\S+", "", found.partition("<figure")[0])


@pytest.mark.parametrize(("language", "said"), [("es", "Aún no hay una semana completa"), ("en", "No whole week yet")])
def test_without_a_whole_week_there_are_the_answers_alone(
    console: Console, nothing: None, language: str, said: str
) -> None:
    put(console.desk, "turn", monday(console.desk.clock()), "answered", "es", 99)
    whole(console.desk, monday(console.desk.clock()).isoformat())
    mine = carla(console, language)
    for path in ("/dashboard", "/dashboard/board"):
        found = page(mine, path)
        assert said in found and [name for name in ANSWERS if f'id="{name}"' not in found] == []
        assert [name for name in FAMILIES if f'id="{name}"' in found] == []
    assert mine.get("/dashboard/csv/questions").status_code == 404
    assert table(mine, "translation")


@pytest.fixture
def six_weeks(console: Console, nothing: None) -> None:
    furnish_figures(console.desk)


def test_every_card_has_its_finding_its_table_and_its_file(console: Console, six_weeks: None) -> None:
    mine = carla(console)
    found = page(mine)
    for name in (*FAMILIES, WAITS, *ANSWERS):
        figure = re.search(rf'<figure class="card figure" id="{name}".*?</figure>', found)
        assert figure, name
        assert "<figcaption>" in figure[0] and "<table>" in figure[0] and f"/dashboard/csv/{name}?" in figure[0]
        lines = table(mine, name, re.search(rf"csv/{name}(\?[^\"]*)", figure[0])[1].replace("&amp;", "&"))
        cells = re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", figure[0])
        assert [len(lines[0]) > 1, bool(cells)] == [True, True]
        # The file holds what the page shows, cell by cell.
        shown = [re.sub(r"&#39;", "'", cell) for cell in cells]
        held = [re.sub(r"\s+", " ", cell) for line in lines[: lines.index([])] for cell in line]
        assert held == [harmless(cell) for cell in shown]


def test_no_count_under_five_stands_in_any_file(console: Console, six_weeks: None) -> None:
    mine = carla(console)
    for name in ("questions", "topics", "languages", "places", "failures"):
        for line in table(mine, name)[1:]:
            numbers = [int(cell) for cell in line if cell.isdecimal()]
            assert all(n >= SMALL for n in numbers), (name, line)


def test_other_weeks_and_weeks_that_are_none(console: Console, six_weeks: None) -> None:
    mine, last = carla(console), last_week(console)
    one = page(mine, f"/dashboard?from={last}&to={last}")
    assert one.count("<tr>") < page(mine).count("<tr>")
    for asked in (
        "?from=2020-01-01&to=x",
        "?from=&to=",
        f"?from={last}&to={last - 3 * WEEK}",
        "?from=%00&to=9999-99-99",
    ):
        assert page(mine, f"/dashboard{asked}").count("<figure") == len((*FAMILIES, WAITS, *ANSWERS))


def test_a_topic_that_looks_like_a_formula_is_made_harmless(console: Console, one_week: date) -> None:
    put(console.desk, "topic", one_week, "=HYPERLINK(1)", "es", "sms", 9)
    lines = table(carla(console), "topics")
    assert lines[1][0] == "'=HYPERLINK(1)" and lines[1][1] == "9"


def test_languages_that_the_bot_does_not_speak_are_no_topics(console: Console, one_week: date) -> None:
    for topic, n in (("language.mam", 9), ("language.mayan", 7)):
        put(console.desk, "topic", one_week, topic, "es", "sms", n)
    mine = carla(console, "en")
    assert "language." not in page(mine)
    lines = table(mine, "languages")
    assert ["Mam, which the bot does not speak", "9"] in lines
    assert ["Heard as a Mayan language other than K'iche'", "7"] in lines


def test_the_page_for_the_board_says_what_is_not_counted_and_why(console: Console, six_weeks: None) -> None:
    for language, said in (("es", "Qué no se cuenta, y por qué"), ("en", "What is not counted, and why")):
        found = page(carla(console, language), "/dashboard/board")
        assert said in found and "<details" not in found and "/csv/" not in found
        assert found.count("<table>") == len(FAMILIES) + len(ANSWERS)
        assert f'id="{WAITS}"' not in found


def test_what_the_mail_of_the_week_says_stands_there_without_a_mail_server(console: Console, nothing: None) -> None:
    assert console.desk.mail is None
    rows = dict(line for line in table(carla(console, "en"), WAITS)[1:] if len(line) == 2)
    assert int(rows["organizations to call"]) > 0 and int(rows["hotlines or pages to try"]) > 0


def test_a_language_that_is_served_worse_is_named(console: Console, six_weeks: None) -> None:
    assert "En k&#39;iche&#39; el bot responde una parte menor de las preguntas que en español." in page(carla(console))
    assert "In K&#39;iche&#39; the bot answers a smaller part of the questions than in Spanish." in page(
        carla(console, "en")
    )


def test_where_nothing_shows_it_nobody_is_called_worse_served(console: Console, one_week: date) -> None:
    found = page(carla(console, "en"))
    assert "The figures show no language that is served worse" in found and "of a language in which few write" in found


def test_states_have_their_names_and_gaps_what_is_missing(console: Console, six_weeks: None) -> None:
    mine = carla(console, "en")
    rows = {tuple(line[:2]): line[2:] for line in table(mine, "gaps")[1:] if len(line) > 4}
    assert rows["Mississippi", "legal help"][-1] == "nobody is in the directory"
    assert "nobody in K'iche'" in rows["Illinois", "legal help"][-1]
    assert rows["Texas", "food, rent, clothes"][1] == "all or nearly all"


def test_a_directory_that_somebody_changed_by_hand_breaks_one_card_alone(
    console: Console, six_weeks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> Coverage:
        raise DirectoryDamaged("x")

    monkeypatch.setattr(type(console.desk.directory), "covers", damaged)
    assert "The directory cannot be read now" in page(carla(console, "en"))


def test_counts_that_cannot_be_read_are_told(console: Console, six_weeks: None) -> None:
    with console.desk.engine.begin() as connection:
        connection.execute(text("UPDATE sms_counts SET n = 'many'"))
    found = page(carla(console, "en"))
    assert "A part of the counts cannot be read" in found and "At least" in found
    forget_figures(console.desk)


def test_cells_that_nobody_knows_are_told_as_they_are(console: Console, one_week: date) -> None:
    for kind, cell in (
        ("turn", ("sung", "xx")), ("wait", ("1", "es")), ("failure", ("x", "pigeon")), ("place", ("ZZ-", "help")),
        ("place", ("nowhere", "magic")), ("sms", ("many", "es")), ("topic", ("<b>bold", "es", "sms")),
    ):  # fmt: skip
        put(console.desk, kind, one_week, *cell, 50)
    for path in ("/dashboard", "/dashboard/board"):
        assert "<b>bold" not in page(carla(console), path)


def test_a_database_that_is_down_is_said_kindly(
    console: Console, six_weeks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreDown("sql", RuntimeError())

    monkeypatch.setattr("bot.console.dashboard_found.spans", down)
    answer = carla(console, "en").get("/dashboard")
    assert answer.status_code == 503 and "The database does not answer" in answer.get_data(as_text=True)


def test_an_admin_sees_the_same(console: Console, six_weeks: None) -> None:
    mine = hand(console, console.account(Role.ADMIN, organization=None, name="Dora"))
    assert "Illinois" in page(mine) and "/console/dashboard" in page(mine, "/settings")


def test_who_tries_the_bot_is_in_no_figure(console: Console, nothing: None) -> None:
    """From a message to the page: what families write shows, what is tried at /try does not."""
    desk, client = console.desk, console.app.test_client()
    for _ in range(6):
        Phone(client).send("la migra esta en mi puerta")
    counted = desk.redis.keys("counts:*")
    sizes = {name: sorted(desk.redis.hgetall(name).items()) for name in counted}
    assert "No abra" in client.post("/try", data={"text": "la migra esta en mi puerta"}).get_data(as_text=True)
    assert {name: sorted(desk.redis.hgetall(name).items()) for name in desk.redis.keys("counts:*")} == sizes
    week = monday(desk.clock())
    flush(desk.redis, desk.engine, desk.clock() + 7 * 86_400)
    found = page(carla(console), f"/dashboard?from={week}&to={week}")
    assert "Al menos 6 preguntas: el bot respondió 6" in found
    forget_figures(desk)


def test_every_kind_of_count_has_a_card() -> None:
    assert set(TABLES) == {"topic", "place", "gap", "turn", "sms", "wait", "failure"}
    assert callable(headline)
