"""The way through an answer, without a browser: the picture and the list of every flow, what is told, and who may change it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from bot.console.way_told import CONDITIONS, VALUES
from bot.engine.flow import Target
from bot.engine.read import BARE_SUBJECTS, SUBJECTS
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change_steps import add_step, leadable
from bot.scripts.change_ways import ways_of
from tests.console.browsing import Console
from tests.console.clients import Hand, hand
from tests.scripts.filling import WHOLE

pytestmark = pytest.mark.slow

FLOW = "home_visit"
_WAY = re.compile(r'data-way="([^"]+)" data-to="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def marta(console: Console) -> Iterator[Hand]:
    """A publisher. What she drafts is thrown away after the test."""
    account = console.account(Role.PUBLISHER, name="Marta")
    yield hand(console, account)
    for opened in console.desk.changes.all():
        console.desk.changes.drop(console.viewer(account), opened.flow)


@pytest.fixture
def luis(console: Console) -> Hand:
    return hand(console, console.account(Role.VOLUNTEER, name="Luis"))


def page(someone: Hand, query: str = "", flow: str = FLOW) -> str:
    answer = someone.get(f"/answers/{flow}/way{query}")
    assert answer.status_code == 200, answer.status
    return html.unescape(answer.get_data(as_text=True))


def version(body: str) -> str:
    found = _VERSION.search(body)
    assert found, "no form"
    return found[1]


def change(someone: Hand, step: str, **form: str) -> int:
    known = version(page(someone, f"?step={step}"))
    return someone.post(f"/answers/{FLOW}/way", **{"step": step, "version": known, **form}).status_code


def targets(console: Console, step: str) -> list[Target]:
    found = console.desk.changes.answer(FLOW).flow.steps[step]
    return [choice.target for choice in found.choices]


def _place(target: Target) -> str:
    return f"flow:{target.flow}" if target.flow else f"step:{target.step}" if target.step else "back"


@pytest.mark.parametrize("flow", sorted(WHOLE.script.flows))
def test_picture_and_list_have_the_arrows_of_the_flow(luis: Hand, flow: str) -> None:
    body = page(luis, flow=flow)
    picture, _, listed = body.partition('<ul class="way-list">')
    expected = sorted((f"{way.step}.{way.by}", _place(way.target)) for way in ways_of(WHOLE, flow))
    own = [
        (f"{step.name}.helped.{by}", f"flow:{to}")
        for step in WHOLE.script.flows[flow].steps.values()
        if step.helped
        for by, to in (("yes", "thank"), ("no", "human"))
    ]
    assert sorted(_WAY.findall(picture)) == sorted(_WAY.findall(listed)) == sorted([*expected, *own])


def test_every_condition_has_its_words() -> None:
    assert {*CONDITIONS} == {*SUBJECTS, *BARE_SUBJECTS}
    assert {*VALUES, *Language} == set().union(*SUBJECTS.values())


def test_no_style_and_no_script_stand_in_the_picture(luis: Hand) -> None:
    picture = page(luis).partition("<svg")[2].partition("</svg>")[0]
    assert picture and not re.search(r"\bstyle=|<script|<style|\bon\w+=", picture)


@pytest.mark.parametrize("language", Language)
def test_the_texts_stand_in_the_language_that_is_asked_for(luis: Hand, language: Language) -> None:
    body = page(luis, f"?words={language}")
    label = next(way.label for way in ways_of(WHOLE, FLOW, language) if way.by == "choice.2")
    assert label in body and f'lang="{language}"' in body


def test_what_comes_here_and_where_it_goes_on_is_told(luis: Hand) -> None:
    body = page(luis)
    assert (
        'href="/console/answers/services_legal/way"' in body and 'href="/console/answers/agents_here_now/way"' in body
    )
    assert "Qué llega aquí" in body and 'href="/console/answers/menu/way"' in body


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.COORDINATOR, Role.ADMIN])
def test_whoever_does_not_write_answers_sees_no_way(console: Console, role: Role) -> None:
    someone = hand(console, console.account(role, organization=None if role is Role.ADMIN else "norte"))
    assert someone.get(f"/answers/{FLOW}/way").status_code == 403
    assert someone.get(f"/answers/{FLOW}/talk").status_code == 403


def test_a_volunteer_sees_the_way_and_is_told_who_changes_it(console: Console, luis: Hand) -> None:
    body = page(luis, "?step=papers")
    assert "quien puede publicar" in body and "<select" not in body
    posts = ("way", "way/new-step")
    form = {"step": "papers", "to-1": "back", "version": "1"}
    assert [luis.post(f"/answers/{FLOW}/{each}", **form).status_code for each in posts] == [403, 403]
    assert luis.get(f"/answers/{FLOW}/way/new-step").status_code == 403
    assert console.desk.changes.open_for(FLOW) is None


@pytest.mark.parametrize(
    ("value", "target"),
    [
        pytest.param("step:after", Target(step="after"), id="a step"),
        pytest.param("flow:asylum", Target(flow="asylum"), id="another answer"),
        pytest.param("flow:human", Target(flow="human"), id="a person"),
        pytest.param("back", Target(back=True), id="back"),
    ],
)
def test_a_publisher_changes_where_a_choice_goes(console: Console, marta: Hand, value: str, target: Target) -> None:
    before = targets(console, "papers")
    assert change(marta, "papers", **{"to-2": value}) == 303
    assert targets(console, "papers") == [before[0], target, *before[2:]]
    assert console.desk.puente.release.script.flows[FLOW].steps["papers"].choices[1].target != target, "only the draft"


def test_other_ways_than_choices_go_elsewhere_too(console: Console, marta: Hand) -> None:
    """Yes and no, a place, what a branch chooses, and what comes at once."""
    changes = console.desk.changes

    def led(flow: str, step: str, **form: str) -> int:
        known = version(page(marta, f"?step={step}", flow))
        return marta.post(f"/answers/{flow}/way", **{"step": step, "version": known, **form}).status_code

    def target(flow: str, step: str, by: str) -> Target:
        return next(way.target for way in leadable(changes.answer(flow).flow.steps[step]) if way.by == by)

    asks = next(step.name for step in WHOLE.script.flows["forget_me"].steps.values() if step.yes_no)
    assert 'name="to-yes"' in (body := page(marta, f"?step={asks}", "forget_me"))
    yes = body.partition('name="to-yes"')[2].partition("</select>")[0]
    assert 'value="step:kept"' in yes and "flow:" not in yes and 'value="back"' not in yes
    assert led("forget_me", asks, **{"to-yes": "flow:menu"}) == 422
    assert led("forget_me", asks, **{"to-no": "step:wipe"}) == 303
    assert target("forget_me", asks, "no") == Target(step="wipe")
    flow, step = next(
        (flow.name, step.name)
        for flow in WHOLE.script.flows.values()
        for step in flow.steps.values()
        if step.branch and flow.name not in ("human", "notices")
    )
    assert led(flow, step, **{"to-if.1": "flow:asylum"}) == 303
    assert target(flow, step, "if.1") == Target(flow="asylum")
    flow, step = next(
        (flow.name, step.name)
        for flow in WHOLE.script.flows.values()
        for step in flow.steps.values()
        if step.target and not step.ask and flow.name not in ("human", "notices", "forget_me")
    )
    assert led(flow, step, **{"to-go": "back"}) == 303
    assert target(flow, step, "go") == Target(back=True)


def test_a_sentence_is_added_that_leans_on_a_fact_and_is_taken_out_again(console: Console, marta: Hand) -> None:
    new = {
        "also-es": "Hoy hay otra regla.",
        "also-en": "There is a new rule.",
        "also-quc": "",
        "also-fact": "asylum_fees",
    }
    assert "asylum_fees" in page(marta, "?step=papers")
    assert change(marta, "papers", act="add-also", **{**new, "also-en": ""}) == 422
    assert change(marta, "papers", act="add-also", **{**new, "also-fact": "gravity"}) == 422
    assert console.desk.changes.open_for(FLOW) is None
    assert change(marta, "papers", act="add-also", **new) == 303
    answer = console.desk.changes.answer(FLOW)
    assert [(each.key, each.fact) for each in answer.flow.steps["papers"].also][-1] == (
        f"{FLOW}.papers.also.asylum_fees",
        "asylum_fees",
    )
    line = answer.line(f"{FLOW}.papers.also.asylum_fees")
    assert line and line.said[Language.ES].text == "Hoy hay otra regla."
    assert "Hoy hay otra regla." in page(marta, "?step=papers")
    assert change(marta, "papers", act="remove-also-asylum_fees") == 303
    assert console.desk.changes.answer(FLOW).line(f"{FLOW}.papers.also.asylum_fees") is None
    assert change(marta, "papers", act="remove-also-nothing") == 409


@pytest.mark.parametrize("value", ["step:nowhere", "flow:nothing", "flow:notices", "", "javascript:1"])
def test_a_place_that_is_not_there_is_refused(console: Console, marta: Hand, value: str) -> None:
    assert change(marta, "papers", **{"to-2": value}) == 422
    assert console.desk.changes.open_for(FLOW) is None


def test_who_saves_over_what_somebody_else_changed_is_told_and_keeps_what_she_chose(
    console: Console, marta: Hand
) -> None:
    old = version(page(marta, "?step=papers"))
    assert change(marta, "papers", **{"to-1": "flow:human"}) == 303
    answer = marta.post(f"/answers/{FLOW}/way", **{"step": "papers", "version": old, "to-2": "flow:asylum"})
    assert answer.status_code == 409
    body = answer.get_data(as_text=True)
    assert "mientras tanto" in body and '<option value="flow:asylum" selected>' in body
    assert targets(console, "papers")[1] != Target(flow="asylum")


def test_a_choice_is_added_with_its_texts_and_taken_out_again(console: Console, marta: Hand) -> None:
    count = len(targets(console, "papers"))
    new = {"new-es": "pedir asilo", "new-en": "ask for asylum", "new-quc": "", "new-to": "flow:asylum", "act": "add"}
    assert change(marta, "papers", **{**new, "new-en": ""}) == 422
    assert change(marta, "papers", **new) == 303
    assert targets(console, "papers")[count:] == [Target(flow="asylum")]
    line = console.desk.changes.answer(FLOW).line(f"{FLOW}.papers.choice.{count + 1}")
    assert line and (line.said[Language.ES].text, line.said[Language.EN].text) == ("pedir asilo", "ask for asylum")
    assert change(marta, "papers", act=f"remove-{count + 1}") == 303
    assert len(targets(console, "papers")) == count


STEP = {
    "name": "Después del juez", "say-es": "Guarde la copia.", "say-en": "Keep the copy.", "say-quc": "", "from": "judge",
    "entry-es": "la copia", "entry-en": "the copy", "line1-es": "abogado", "line1-en": "lawyer", "line1-to": "flow:services_legal",
}  # fmt: skip


def make_step(marta: Hand, **more: str) -> int:
    known = version(page(marta, "/new-step?from=judge"))
    return marta.post(f"/answers/{FLOW}/way/new-step", **{**STEP, "version": known, **more}).status_code


def test_a_step_is_added_with_the_choice_that_goes_to_it(console: Console, marta: Hand) -> None:
    assert make_step(marta) == 303
    flow = console.desk.changes.answer(FLOW).flow
    assert targets(console, "judge")[-1] == Target(step="despues_del_juez")
    assert [choice.target for choice in flow.steps["despues_del_juez"].choices] == [Target(flow="services_legal")]
    line = console.desk.changes.answer(FLOW).line(f"{FLOW}.despues_del_juez.say")
    assert line and (line.said[Language.ES].text, line.said[Language.EN].text) == ("Guarde la copia.", "Keep the copy.")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"name": "?"}, id="no name"),
        pytest.param({"name": "papers"}, id="a name that is taken"),
        pytest.param({"say-es": " "}, id="no Spanish"),
        pytest.param({"line1-to": ""}, id="its choice goes nowhere"),
        pytest.param({"from": "nothing"}, id="from no step"),
        pytest.param({"entry-en": ""}, id="no words for the choice"),
    ],
)
def test_a_step_that_is_not_whole_is_refused(console: Console, marta: Hand, wrong: dict[str, str]) -> None:
    assert make_step(marta, **wrong) == 422
    assert console.desk.changes.open_for(FLOW) is None


def test_a_step_is_taken_out_only_once_nothing_goes_to_it(console: Console, marta: Hand) -> None:
    assert "remove-step" not in page(marta, "?step=card"), "the first answer goes there"
    assert change(marta, "card", act="remove-step") == 409
    assert "card" in console.desk.changes.answer(FLOW).flow.steps
    assert change(marta, "first", **{"to-2": "step:papers"}) == 303
    assert "remove-step" in page(marta, "?step=card")
    assert change(marta, "card", act="remove-step") == 303
    assert "card" not in console.desk.changes.answer(FLOW).flow.steps


def test_what_would_be_stuck_is_told_in_words(console: Console, marta: Hand) -> None:
    """Checklist 25."""
    assert "En ninguna parte" in page(marta)
    viewer = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    changes = console.desk.changes
    changes.restructure(
        viewer, FLOW, lambda yaml, now: add_step(yaml, now, "alone", "Nobody hears this.", {"on": Target(step="alone")}),
        changes.steps_of(FLOW)[1],
    )  # fmt: skip
    body = page(marta, "?words=en")
    for said in ("Nada lleva a este paso", "Ninguna opción lleva a ayuda", "Sus opciones solo dan vueltas"):
        assert said in body.partition('id="picture"')[0], said
    assert "Nobody hears this." in body.partition('id="picture"')[0]
    yaml, now = changes.steps_of(FLOW)
    ends = yaml.partition("  alone:")[0] + "  alone:\n    say: It ends.\n    end: true\n"
    changes.save_flow(viewer, FLOW, ends, now)
    assert "Aquí termina sin ninguna opción" in page(marta).partition('id="picture"')[0]
