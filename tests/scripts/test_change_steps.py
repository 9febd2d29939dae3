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
    edited = steps.lead_choice(YAML, HOME, "first", 2, target)
    assert edited.yaml == YAML.replace("{label: more, go: inner}", f"{{label: more, {line}}}") and not edited.keys
    assert again(edited).steps["first"].choices[1].target == target


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
        (lambda: steps.lead_choice(YAML, HOME, "first", 1, Target(step="nowhere")), "nowhere"),
        (lambda: steps.lead_choice(YAML, HOME, "first", 1, Target()), "where it leads"),
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
