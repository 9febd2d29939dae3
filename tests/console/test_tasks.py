"""The first page of a volunteer and the facts, without a browser: who gets what, what a press does, what is refused."""

from __future__ import annotations

import pytest

from bot.console.tasks_acts import ACTS
from bot.escalation.viewer import Role
from bot.scripts.tasks import Kind, Task
from bot.store.models import TopicCount
from bot.store.tally import monday
from tests.console.browsing import Account, Console
from tests.console.clients import Hand, hand
from tests.console.directory_scene import furnish
from tests.console.phrases_scene import SENTENCES, wait
from tests.console.tasks_scene import clear, to_do

pytestmark = pytest.mark.slow

DOOR = "/facts/door_closed"
SAYS = "Nobody has to open the door to immigration agents without a judge's warrant; talking through the closed door is not consent."


@pytest.fixture(autouse=True)
def nothing_done(console: Console) -> None:
    furnish(console)
    clear(console.desk)


def vera(console: Console) -> Account:
    return console.account(Role.VOLUNTEER, name="Vera")


def rita(console: Console) -> Account:
    return console.account(Role.VOLUNTEER, name="Rita")


def pia(console: Console) -> Account:
    return console.account(Role.PUBLISHER, name="Pia")


def text(hand: Hand, path: str) -> str:
    return hand.get(path, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.VOLUNTEER, "/console/tasks"),
        (Role.PUBLISHER, "/console/tasks"),
        (Role.RESPONDER, "/console/inbox"),
        (Role.ADMIN, "/console/settings"),
    ],
)
def test_the_first_page_is_what_her_role_is_for(console: Console, role: Role, first: str) -> None:
    assert hand(console, console.account(role)).get("/").location == first


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.COORDINATOR, Role.ADMIN])
@pytest.mark.parametrize("path", ["/tasks", "/tasks/fact/judge_warrant", "/facts", DOOR])
def test_who_does_not_look_after_answers_has_no_tasks(console: Console, role: Role, path: str) -> None:
    assert hand(console, console.account(role)).get(path).status_code == 403


def test_at_most_five_of_several_kinds_for_her_languages(console: Console) -> None:
    wait(console.desk, *SENTENCES)
    page = text(hand(console, vera(console)), "/tasks")
    assert "Tus próximos 20 minutos" in page and 1 <= page.count('value="take"') <= 5
    assert "Un dato" in page and "Una frase" in page and ("Una llamada" in page or "Un número" in page)
    assert SENTENCES[0][1] in page and SENTENCES[2][1] not in page


def test_one_takes_it_and_the_other_is_told_who_has_it(console: Console) -> None:
    mine, theirs = hand(console, vera(console)), hand(console, rita(console))
    taken = mine.post("/tasks/fact/judge_warrant", act="take")
    assert taken.location == "/console/tasks/fact/judge_warrant"
    assert theirs.post("/tasks/fact/judge_warrant", act="take").location == "/console/tasks"
    assert "Vera la tomó esta semana" in text(theirs, "/tasks")
    # Nor by a press on the screen itself.
    theirs.post("/tasks/fact/judge_warrant", act="true", read="yes", says="x")
    assert console.desk.facts.history(console.viewer(vera(console)), "judge_warrant") == ()


@pytest.mark.parametrize("act", ["take", "skip", "unsure", "an act"])
@pytest.mark.parametrize("path", ["fact/no_such_fact", "line/emergency_911", "call/nobody", "text/es:x", "review/menu"])
def test_of_what_is_no_task_nothing_is_written_down(console: Console, path: str, act: str) -> None:
    mine, viewer = hand(console, pia(console)), console.viewer(pia(console))
    kind = Kind(path.partition("/")[0])
    for said in (act,) if act != "an act" else ACTS[kind]:
        assert mine.post(f"/tasks/{path}", act=said).location == "/console/tasks"
    held = console.desk.tasks.held(viewer)
    assert not held.mine and not held.left and console.desk.tasks.did(viewer, 0) == ()


def test_a_doubt_goes_to_somebody_else_with_its_note(console: Console) -> None:
    one, two = hand(console, vera(console)), hand(console, rita(console))
    one.post("/tasks/fact/door_closed", act="unsure", doubt="La página ya no está")
    assert "con tu nota" in text(one, "/tasks")
    assert "Vera tuvo dudas" in text(two, "/tasks/fact/door_closed")
    assert "La página ya no está" in text(two, "/tasks/fact/door_closed")


def test_two_volunteers_renew_a_fact_and_hear_what_came_of_it(console: Console) -> None:
    before = console.desk.releases.number()
    one, two = hand(console, vera(console)), hand(console, rita(console))
    assert one.post("/tasks/fact/door_closed", act="true", says=SAYS).status_code == 422
    assert one.post("/tasks/fact/door_closed", act="true", says=SAYS, read="yes").location == "/console/tasks"
    page = text(one, "/tasks")
    assert "Cuenta cuando lo haya leído también una segunda persona" in page and "Hoy hiciste 1" in page
    assert console.desk.releases.number() == before
    assert "menos de 5 veces" in page
    with console.desk.engine.begin() as connection:
        week = monday(console.desk.clock())
        row = {"week": week, "topic": "home_visit", "language": "es", "channel": "sms", "n": 132}
        connection.execute(TopicCount.__table__.insert().values(row))
    two.post("/tasks/fact/door_closed", act="true", says=SAYS, read="yes")
    assert console.desk.releases.number() == before + 1
    assert "se leyó 132 veces" in text(two, "/tasks")
    assert "Vera leyó la fuente" in text(two, DOOR) and "Rita leyó la fuente" in text(two, DOOR)


def test_after_five_it_is_enough_for_today_and_tomorrow_begins_anew(console: Console) -> None:
    mine, viewer = hand(console, vera(console)), console.viewer(vera(console))
    for n in range(5):
        console.desk.tasks.done(viewer, Task(Kind.PHRASE, f"p{n}"))
    assert "Por hoy es suficiente" in text(mine, "/tasks") and 'value="take"' not in text(mine, "/tasks")
    assert 'value="take"' in text(mine, "/tasks?more=1")
    console.advance(86_400)
    assert "Por hoy es suficiente" not in text(mine, "/tasks")


def test_what_changed_waits_for_a_publisher_who_lets_it_go(console: Console) -> None:
    one, two = hand(console, vera(console)), hand(console, pia(console))
    assert one.post("/tasks/fact/silence", act="changed", note=" ").status_code == 422
    one.post("/tasks/fact/silence", act="changed", note="Un juez dijo otra cosa.")
    assert "/facts/silence" in text(two, "/facts?due=changed")
    assert "Un juez dijo otra cosa." in text(two, "/tasks/fact/silence")
    assert 'href="/console/facts/silence"' in text(two, "/tasks/fact/silence")
    assert "Alguien dice que esto cambió" in text(two, "/tasks") and "Alguien dice que esto" not in text(one, "/tasks")
    assert one.post("/facts/silence/let-go").status_code == 403
    assert "let-go" not in text(one, "/facts/silence") and "let-go" in text(two, "/facts/silence")
    two.post("/facts/silence/let-go")
    facts = console.desk.facts
    assert facts.facts(console.viewer(pia(console)))["silence"].valid_until < facts.today()
    assert "vencidos (1)" in text(two, "/facts")


def test_a_call_confirms_the_number_and_what_was_said(console: Console) -> None:
    mine, viewer, directory = hand(console, vera(console)), console.viewer(vera(console)), console.desk.directory
    code, entry = next(
        (code, each)
        for code, each in directory.seen(viewer).entries.items()
        if len(each.listed.numbers) == 1 and each.listed.status == "active" and not each.listed.held_back
    )
    page = text(mine, f"/tasks/call/{code}")
    marks = page.split('name="marks" value="')[1].split('"')[0].replace("&#34;", '"')
    assert f'href="tel:{entry.listed.numbers[0].phone.number}"' in page and "Buenas tardes" in page
    said = {"marks": marks, "which": "phone", "cost": "gratis"}
    assert mine.post(f"/tasks/call/{code}", act="confirm", **said).status_code == 422
    assert mine.post(f"/tasks/call/{code}", act="confirm", spoke="yes", **said).location == "/console/tasks"
    now = directory.entry(viewer, code)
    assert now.row.cells["cost"] == "gratis" and now.listed.confirmed[0] == directory.today()
    assert now.row.cells["languages"] == entry.row.cells["languages"]


def test_a_line_is_called_doubted_and_taken_back(console: Console) -> None:
    mine, theirs, before = hand(console, vera(console)), hand(console, pia(console)), console.desk.releases.number()
    page = text(mine, "/tasks/line/orr")
    assert 'href="tel:18002037001"' in page and "nadie ha llamado todavía" in page and 'value="back"' not in page
    assert mine.post("/tasks/line/orr", act="right", text="1-800-203-7001").status_code == 422
    assert console.desk.releases.number() == before
    said = {"text": "1-800-203-7001", "called": "yes"}
    assert mine.post("/tasks/line/orr", act="right", **said).location == "/console/tasks"
    home = text(mine, "/tasks")
    assert "Queda confirmado desde hoy" in home and "Hoy hiciste 1" in home and "veces" in home
    assert console.desk.releases.number() == before + 1
    console.desk.puente.content.look()
    assert console.desk.puente.conversation.release().hotlines["orr"].verified_by == "Vera"
    assert text(mine, "/tasks").count("/tasks/line/orr") == 0
    # Somebody else hears otherwise; a publisher takes it back.
    other = hand(console, rita(console))
    assert other.post("/tasks/line/orr", act="wrong", note="").status_code == 422
    assert other.post("/tasks/line/orr", act="wrong", note="Contesta una panadería.").location == "/console/tasks"
    assert "Contesta una panadería." in text(theirs, "/tasks/line/orr")
    assert other.post("/tasks/line/orr", act="back").status_code == 404
    assert theirs.post("/tasks/line/orr", act="back").location == "/console/tasks"
    assert console.desk.lines.lines(console.viewer(vera(console)))["orr"].verified_on is None
    assert mine.get("/tasks/line/emergency_911").location == "/console/tasks"


def test_a_publisher_writes_another_number_and_somebody_else_calls_it(console: Console) -> None:
    mine, theirs, path = hand(console, vera(console)), hand(console, pia(console)), "/tasks/line/trafficking"
    lines = console.desk.lines
    old = lines.lines(console.viewer(pia(console)))["trafficking"].text
    form = {"act": "number", "text": old, "number": "1-800-555-0100", "where": "Su propia página"}
    assert path in text(theirs, "/directory") and 'value="number"' in text(theirs, path)
    assert 'value="number"' not in text(mine, path) and mine.post(path, **form).status_code == 404
    for wrong in ({"number": "no"}, {"where": " "}, {"text": "1"}):
        assert theirs.post(path, **{**form, **wrong}).status_code == 422
    assert theirs.post(path, **form).location == "/console/tasks"
    page = text(theirs, path)
    assert "Tú escribiste este número" in page and f"Antes era {old}" in page and "1-800-555-0100" in page
    called = {"act": "right", "text": "1-800-555-0100", "called": "yes"}
    assert theirs.post(path, **called).status_code == 422, "and the task is not hers for that"
    assert mine.post(path, **called).location == "/console/tasks"
    assert lines.lines(console.viewer(vera(console)))["trafficking"].verified_by == "Vera"


def test_a_review_counts_once_she_has_decided(console: Console) -> None:
    todo = to_do(console.desk, console.viewer(console.account(Role.VOLUNTEER, name="Marta")))
    mine, viewer = hand(console, pia(console)), console.viewer(pia(console))
    assert mine.post(f"/tasks/review/{todo.review}", act="take").location == f"/console/tasks/review/{todo.review}"
    assert mine.post(f"/tasks/review/{todo.review}", act="reviewed").status_code == 422
    console.desk.changes.return_(viewer, todo.review, "Una palabra más")
    assert mine.post(f"/tasks/review/{todo.review}", act="reviewed").location == "/console/tasks"
    assert console.desk.tasks.did(viewer, 0) == (Task(Kind.REVIEW, todo.review),)
    assert "Hoy hiciste 1" in text(mine, "/tasks")


def test_a_phrase_is_judged_on_its_screen(console: Console) -> None:
    (id, *_) = wait(console.desk, *SENTENCES)
    mine = hand(console, vera(console))
    assert mine.post(f"/tasks/phrase/{id}", act="other", topic="").status_code == 422
    assert mine.post(f"/tasks/phrase/{id}", act="other", topic="services_health").location == "/console/tasks"
    assert console.desk.phrases.one(console.viewer(vera(console)), id).topic == "services_health"


@pytest.mark.parametrize("path", ["/tasks/nothing/x", "/facts/no_such_fact"])
def test_what_is_not_there(console: Console, path: str) -> None:
    assert hand(console, vera(console)).get(path).status_code == 404
    assert hand(console, vera(console)).post("/tasks/fact/judge_warrant", act="nothing").status_code == 400
