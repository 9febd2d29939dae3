"""Complaints about a flow name the file, the step and the mend."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.errors import FlowError
from bot.engine.flow import Group
from bot.engine.read import read_flow


def _flow(**steps: Any) -> dict[str, Any]:
    return {"name": "home", "title": "at home", "steps": steps}


SAY: dict[str, Any] = {"say": "Do not open.", "end": True}
WRONG: dict[str, tuple[Any, str]] = {
    "not a mapping": ([], "mapping"),
    "another name": ({**_flow(first=SAY), "name": "hous"}, "Write name: home"),
    "no title": ({"name": "home", "steps": {"first": SAY}}, "title"),
    "no steps": ({"name": "home", "title": "x"}, "steps"),
    "a word that is none": (_flow(first={**SAY, "sya": "x"}), "'sya'"),
    "a dead end": (_flow(first={"say": "Do not open."}), "dead end"),
    "go to nowhere": (_flow(first={"say": "x", "go": "second"}), "not a step of this flow"),
    "two ways at once": (_flow(first={"say": "x", "go": "first", "flow": "menu"}), "at once"),
    "choices out of order": (_flow(first={"say": "x", "choices": {2: {"label": "a", "go": "first"}}}), "out of order"),
    "a ninth choice": (
        _flow(first={"say": "x", "choices": {n: {"label": "a", "go": "first"} for n in range(1, 10)}}),
        "out of order",
    ),
    "a choice without a label": (_flow(first={"say": "x", "choices": {1: {"go": "first"}}}), "choice.1"),
    "a choice that leads nowhere": (_flow(first={"say": "x", "choices": {1: {"label": "a"}}}), "leads nowhere"),
    "an ask without go": (_flow(first={"say": "x", "ask": "place"}), "leads nowhere"),
    "an ask of something else": (_flow(first={"say": "x", "ask": "age", "go": "first"}), "ask: place or ask: text"),
    "asks without saying what": (_flow(first={"ask": "place", "go": "first"}), "without saying"),
    "waits for two things": (
        _flow(first={"say": "x", "ask": "place", "go": "first", "yes_no": {"yes": "first", "no": "first"}}),
        "two things",
    ),
    "branch without an end": (_flow(first={"branch": [{"if": "has place", "go": "first"}]}), "last way without if"),
    "a condition that is none": (_flow(first={"branch": [{"if": "is rich", "go": "first"}, {"go": "first"}]}), "not known"),
    "services of no kind": (_flow(first={"services": "pizza", "none": "x", "end": True}), "known kind"),
    "services with nothing to say": (_flow(first={"services": "legal", "end": True}), "none:"),
    "a language that is none": (_flow(first={"language": "fr", "end": True}), "es, en or quc"),
    "a place beside no menu": (_flow(first={**SAY, "on_place": "first"}), "beside no menu"),
    "a place that leads to no step": (
        _flow(first={"say": "x", "choices": {1: {"label": "a", "go": "first"}}, "on_place": "second"}),
        "not a step of this flow",
    ),
    "without what nobody knows of": (_flow(first={**SAY, "also": [{"id": "a", "text": "x", "without": "name"}]}), "without: name"),
    "also twice the same": (_flow(first={**SAY, "also": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}), "same id"),
    "an approval without a licence": ({**_flow(first=SAY), "approved_by": {"name": "A", "date": "2026-01-01", "words": "abc"}}, "licence"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_complaint(name: str) -> None:
    value, expected = WRONG[name]
    with pytest.raises(FlowError) as caught:
        read_flow(value, "flows/rights/home.yml", Group.RIGHTS)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("flows/rights/home.yml")
    if caught.value.step:
        assert f"step {caught.value.step}" in str(caught.value)


def test_did_this_help_is_refused_where_it_would_hurt() -> None:
    asks = _flow(first={"say": "x", "helped": True})
    assert read_flow(asks, "flows/rights/home.yml", Group.RIGHTS).first.helped
    for value, group in ((asks, Group.URGENT), ({**asks, "sensitive": True}, Group.RIGHTS)):
        with pytest.raises(FlowError, match="not asked in an urgent or sensitive flow"):
            read_flow(value, "flows/urgent/home.yml", group)


def test_keys_are_flow_step_part() -> None:
    flow = read_flow(
        _flow(
            first={
                "say": " two\n words ",
                "also": [{"id": "memo", "text": "m", "fact": "f"}],
                "choices": {1: {"label": "l", "flow": "x"}},
            }
        ),
        "flows/rights/home.yml",
        Group.RIGHTS,
    )
    assert [s.key for s in flow.sentences] == [
        "home.title",
        "home.first.say",
        "home.first.also.memo",
        "home.first.choice.1",
    ]
    assert flow.first.say and flow.first.say.english == "two words"
    assert flow.first.also[0].fact == "f"
