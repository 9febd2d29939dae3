"""Changing the steps of a flow: the file keeps its comments, the texts go with their lines, nothing is left leading nowhere."""

from __future__ import annotations

import pytest

from bot.engine.flow import Flow, Group, Target
from bot.scripts import change_steps as steps
from bot.scripts.change import joined_keys
from bot.scripts.change_yaml import StepsRefused, flow_of, tree, written
from bot.settings import REPOSITORY

YAML = """\
# Who wrote this knows why.
name: home
title: if they come
steps:
  first:
    say: >-
      Stay calm and
      silent.
    choices:  # the order matters
      1: {label: help near, flow: services_near}
      2: {label: more, go: inner}
      3: {label: a person, flow: human}
  inner:
    say: Ask for a lawyer.  # always
    choices:
      1: {label: back to the top, go: first}
"""
HOME = flow_of(YAML, "home", Group.RIGHTS)
NEAR = Target(flow="services_near")


def again(edited: steps.Edited) -> Flow:
    """The flow that the new file holds."""
    return flow_of(edited.yaml, "home", Group.RIGHTS)


@pytest.mark.parametrize(
    ("target", "line"),
    [(Target(flow="menu"), "flow: menu"), (Target(step="first"), "go: first"), (Target(back=True), "return: true")],
    ids=["another flow", "a step", "back"],
)
def test_a_choice_leads_somewhere_else_and_all_other_bytes_stay(target: Target, line: str) -> None:
    edited = steps.lead(YAML, HOME, "first", "choice.2", target)
    assert edited.yaml == YAML.replace("{label: more, go: inner}", f"{{label: more, {line}}}") and not edited.keys
    assert again(edited).steps["first"].choices[1].target == target


WAYS = """\
name: home
title: if they come
steps:
  first:
    say: Stay calm.
    on_place: inner  # a ZIP
    choices:
      1: {label: more, go: ask}
  ask:
    say: May I?
    yes_no: {yes: inner, no: first}
  town:
    say: Where are you?
    ask: place
    go: inner
  choose:
    branch:
      - if: has place
        go: inner  # they told us
      - go: town
  inner:
    say: Ask for a lawyer.
    flow: menu  # the end
"""
OF_WAYS = flow_of(WAYS, "home", Group.RIGHTS)
LED = {
    "yes": ("ask", "yes", Target(step="town"), "{yes: inner, no: first}", "{yes: town, no: first}"),
    "no": ("ask", "no", Target(step="choose"), "{yes: inner, no: first}", "{yes: inner, no: choose}"),
    "a place": ("first", "place", Target(step="town"), "on_place: inner", "on_place: town"),
    "after an answer": ("town", "go", Target(step="choose"), "place\n    go: inner", "place\n    go: choose"),
    "a branch": ("choose", "if.1", Target(step="town"), "go: inner  #", "go: town   #"),
    "a branch to another flow": ("choose", "if.2", Target(flow="menu"), "- go: town", "- flow: menu"),
    "at once": ("inner", "go", Target(flow="human"), "flow: menu  #", "flow: human #"),
    "at once, back": ("inner", "go", Target(back=True), "flow: menu  #", "return: true #"),
}


@pytest.mark.parametrize("name", LED)
def test_every_way_that_a_file_names_leads_somewhere_else_and_all_other_words_stay(name: str) -> None:
    step, by, target, before, after = LED[name]
    edited = steps.lead(WAYS, OF_WAYS, step, by, target)
    assert edited.yaml.split() == WAYS.replace(before, after).split() and WAYS.count(before) == 1
    led = {way.by: way.target for way in steps.leadable(flow_of(edited.yaml, "home", Group.RIGHTS).steps[step])}
    assert led[by] == target


@pytest.mark.parametrize(
    ("step", "by", "target", "why"),
    [
        pytest.param("ask", "yes", Target(flow="menu"), "own-step", id="yes to another flow"),
        pytest.param("first", "place", Target(back=True), "own-step", id="a place back"),
        pytest.param("town", "go", Target(flow="menu"), "own-step", id="an answer to another flow"),
        pytest.param("ask", "choice.1", Target(flow="menu"), "no-such-choice", id="a choice that is not there"),
        pytest.param("ask", "go", Target(flow="menu"), "no-way", id="a way that is not there"),
        pytest.param("choose", "if.3", Target(step="first"), "no-way", id="a condition that is not there"),
        pytest.param("nowhere", "go", Target(step="first"), "no-step", id="a step that is not there"),
    ],
)
def test_a_way_that_cannot_lead_there_is_refused(step: str, by: str, target: Target, why: str) -> None:
    with pytest.raises(StepsRefused) as refused:
        steps.lead(WAYS, OF_WAYS, step, by, target)
    assert refused.value.why == why


@pytest.mark.parametrize("path", sorted((REPOSITORY / "flows").glob("*/*.yml")), ids=lambda path: path.stem)
def test_every_way_of_a_shipped_file_can_be_led_elsewhere_and_nothing_else_changes(path) -> None:  # type: ignore[no-untyped-def]
    text, group = path.read_text(), Group(path.parent.name)
    flow = flow_of(text, path.stem, group)
    for step in flow.steps.values():
        # Of choices there are hundreds, all alike, and the table above has one.
        for way in (each for each in steps.leadable(step) if not each.by.startswith("choice.")):
            target = Target(step=flow.first.name) if way.own or way.target.back else Target(back=True)
            after = flow_of(steps.lead(text, flow, step.name, way.by, target).yaml, path.stem, group)
            led = {each.by: each.target for each in steps.leadable(after.steps[step.name])}
            assert led == {each.by: each.target for each in steps.leadable(step)} | {way.by: target}
            assert [s.key for s in after.sentences] == [s.key for s in flow.sentences]


def test_a_sentence_is_added_for_a_fact_and_taken_out_again() -> None:
    one = steps.add_also(YAML, HOME, "inner", "The rule  changed.", "new_rule")
    assert one.fresh == ("home.inner.also.new_rule",)
    (also,) = again(one).steps["inner"].also
    assert (also.english, also.fact) == ("The rule changed.", "new_rule")
    two = steps.add_also(one.yaml, again(one), "inner", "It changed again.", "new_rule")
    assert two.fresh == ("home.inner.also.new_rule_2",)
    three = steps.add_also(two.yaml, again(two), "inner", "Call $orr now.")
    assert three.fresh == ("home.inner.also.call_orr_now",)
    assert [each.fact for each in again(three).steps["inner"].also] == ["new_rule", "new_rule", None]
    gone = steps.remove_also(two.yaml, again(two), "inner", "new_rule")
    assert gone.keys == {"home.inner.also.new_rule": ""} and len(again(gone).steps["inner"].also) == 1
    assert steps.remove_also(one.yaml, again(one), "inner", "new_rule").yaml == YAML
    with pytest.raises(StepsRefused) as refused:
        steps.remove_also(YAML, HOME, "inner", "new_rule")
    assert refused.value.why == "no-sentence"


def test_a_line_that_goes_takes_its_texts_and_those_behind_it_move_up() -> None:
    edited = steps.remove_choice(YAML, HOME, "first", 2)
    assert [(each.digit, each.label.english) for each in again(edited).steps["first"].choices] == [
        (1, "help near"),
        (2, "a person"),
    ]
    assert edited.keys == {"home.first.choice.2": "", "home.first.choice.3": "home.first.choice.2"}
    assert edited.yaml.startswith("# Who wrote this") and "# always" in edited.yaml


def test_a_line_that_is_added_stands_last_under_a_key_of_its_own() -> None:
    edited = steps.add_choice(YAML, HOME, "inner", "help  near", NEAR)
    assert edited.fresh == ("home.inner.choice.2",) and not edited.keys
    assert again(edited).steps["inner"].choices[1].label.english == "help near"


def test_a_step_is_added_and_taken_out_again_once_nothing_leads_to_it() -> None:
    edited = steps.add_step(YAML, HOME, "papers", "Show a lawyer your papers.", {"help": NEAR})
    assert edited.fresh == ("home.papers.say", "home.papers.choice.1")
    out = steps.remove_step(edited.yaml, again(edited), "papers")
    assert out.yaml == YAML and set(out.keys) == set(edited.fresh) and set(out.keys.values()) == {""}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: steps.remove_step(YAML, HOME, "inner"), "first"),
        (lambda: steps.remove_step(YAML, HOME, "first"), "begins"),
        (lambda: steps.remove_choice(YAML, HOME, "inner", 1), "only way on"),
        (lambda: steps.remove_choice(YAML, HOME, "inner", 4), "no choice 4"),
        (lambda: steps.lead(YAML, HOME, "first", "choice.1", Target(step="nowhere")), "nowhere"),
        (lambda: steps.lead(YAML, HOME, "first", "choice.1", Target()), "where it leads"),
        (lambda: steps.add_step(YAML, HOME, "inner", "x", {"y": NEAR}), "taken"),
        (lambda: steps.add_step(YAML, HOME, "Año Nuevo", "x", {"y": NEAR}), "small letters"),
        (lambda: steps.add_step(YAML, HOME, "alone", "x", {}), "choice"),
        (lambda: steps.add_choice(YAML, HOME, "first", " ", NEAR), "English"),
        (lambda: steps.replaced("steps: [", HOME), "not YAML"),
    ],
    ids=["led to", "first step", "only way", "no choice", "no step", "nowhere", "name taken", "no name", "dead end", "no words", "broken"],
)  # fmt: skip
def test_what_would_leave_somebody_stuck_is_refused_in_words(change, why: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StepsRefused, match=why):
        change()


def test_a_whole_menu_may_be_nine_lines_never() -> None:
    yaml, flow = YAML, HOME
    for number in range(5):
        yaml = steps.add_choice(yaml, flow, "first", f"line {number}", NEAR).yaml
        flow = flow_of(yaml, "home", Group.RIGHTS)
    with pytest.raises(StepsRefused, match="8 lines"):
        steps.add_choice(yaml, flow, "first", "one more", NEAR)


def test_a_copy_answers_no_intent_and_nobody_approved_it() -> None:
    approved = YAML.replace("steps:", "approved_by: {name: A B, licence: IL 1, date: '2026-11-01', words: abc}\nsteps:")
    edited = steps.duplicated(approved, "home_too", Group.RIGHTS, "the same")
    flow = flow_of(edited.yaml, "home_too", Group.RIGHTS)
    assert flow.intents == () and flow.approved_by is None and flow.title.english == "the same"
    assert list(flow.steps) == list(HOME.steps)


def test_a_new_flow_leads_on() -> None:
    edited = steps.new_flow("bus", Group.RIGHTS, "on the bus", "Stay calm.")
    flow = flow_of(edited.yaml, "bus", Group.RIGHTS)
    assert edited.fresh == ("bus.title", "bus.first.say", "bus.first.choice.1") and flow.intents == ()


@pytest.mark.parametrize(
    ("first", "then", "whole"),
    [
        ({"c.2": "", "c.3": "c.2"}, {"c.2": ""}, {"c.2": "", "c.3": ""}),
        ({"c.2": "", "c.3": "c.2"}, {"c.1": "", "c.2": "c.1"}, {"c.1": "", "c.2": "", "c.3": "c.1"}),
        ({}, {"c.2": ""}, {"c.2": ""}),
        ({"c.2": ""}, {}, {"c.2": ""}),
    ],
    ids=["the moved one goes", "moved twice", "only then", "only before"],
)
def test_two_changes_of_steps_are_one(first: dict[str, str], then: dict[str, str], whole: dict[str, str]) -> None:
    assert joined_keys(first, then) == whole


@pytest.mark.parametrize(
    "path", sorted(REPOSITORY.glob("flows/*/*.yml")), ids=lambda path: path.stem
)  # what volunteers read in the difference of a file must be what they changed
def test_writing_a_shipped_file_back_changes_no_line_of_it(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text()
    lines = [[line for line in each.splitlines() if line.strip()] for each in (text, written(tree(text)))]
    assert lines[0] == lines[1]
