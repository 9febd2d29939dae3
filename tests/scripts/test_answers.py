"""Answers as they go out and what they cost: which of several there are, limits, and how near one segment less is."""

from __future__ import annotations

import pytest

from bot.engine.actions import Ask, Say
from bot.engine.flow import Group
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import Answer, answers
from bot.scripts.lengths import limit, over_the_border, too_long
from bot.scripts.longest import LONGEST_OWNER
from bot.scripts.ways import NEEDED_NOTICES
from bot.wording.gsm7 import segments
from bot.wording.render import Renderer
from bot.wording.voice import Voice
from tests.scripts.small import SHIPPED, Small, near

pytestmark = pytest.mark.slow


def of(small: Small, where: str, channel: Channel = Channel.SMS) -> dict[str, Answer]:
    """The English answers that begin at a step, by part."""
    found = answers(small.release(), channel)
    return {each.part: each for each in found if each.where == where and each.language is Language.EN}


def test_a_rights_answer_goes_out_in_four_shapes() -> None:
    small = Small()
    small.flow("home")["minimum"] = "Stay silent."
    small.step("home")["also"].append({"id": "zip", "without": "place", "text": "Write your ZIP."})
    parts = of(small, "home.first")
    assert set(parts) == {"", "no place known", "not approved", "with the welcome", "sent on"}
    assert "Stay calm and silent" in parts[""].text and "ZIP" not in parts[""].text
    assert "Write your ZIP." in parts["no place known"].text
    assert parts["not approved"].text.startswith("Stay silent.\n1 help near")
    assert parts["with the welcome"].text.endswith("Done.") and "1 help near" not in parts["sent on"].text


def test_danger_gets_no_welcome_and_a_list_is_one_answer_with_and_one_without_organizations() -> None:
    small = Small()
    assert set(of(small, "danger.first")) == {"", "sent on"}
    small.step("services_near").update(say="Call first.")
    parts = of(small, "services_near.first")
    assert set(parts) == {"nobody near", "organizations near"}
    assert "I know nobody there yet" in parts["nobody near"].text and "Call first." not in parts["nobody near"].text
    assert parts["organizations near"].text.count("\n- ") >= 1 and "Call first." in parts["organizations near"].text


def test_fields_are_at_their_longest() -> None:
    small = Small()
    small.step("greet")["say"] = "We are $owner."
    small.step("home")["also"].append({"id": "line", "text": "Line: $area_line. Court: $eoir."})
    assert of(small, "greet.first")[""].text.startswith(f"We are {LONGEST_OWNER}.")
    text = of(small, "home.first")[""].text
    assert "(opens Wed " in text and "; now " in text, "a line of the area that is closed, and who answers meanwhile"
    assert f"Court: {SHIPPED.release.hotlines['eoir'].text}." in text, "no mark: as it goes out once it is confirmed"


def test_the_hours_of_a_line_go_where_they_would_cost_another_sms() -> None:
    small = Small()
    small.step("home")["also"].append({"id": "line", "text": "Line: $area_line."})
    told: dict[bool, set[int]] = {True: set(), False: set()}
    for times in range(1, 14):
        small.step("home")["say"] = "Stay calm. " * times
        sms, whatsapp = (of(small, "home.first", channel)[""].text for channel in Channel)
        assert "Line: " in sms and "(opens" in whatsapp
        told["(opens" in sms].add(segments(sms))
    assert told == {True: {1, 2}, False: {1}}, "hours at the price of a second SMS only where it is there anyway"


def test_two_steps_that_are_walked_in_one_turn_are_one_answer() -> None:
    small = Small()
    small.flow("lost_place").update(steps={"first": {"say": "I lost our place.", "flow": "menu"}})
    assert of(small, "lost_place.first")[""].text.startswith("I lost our place.\nGood morning.\n1 help near")


LIMITS = {
    "a first answer in danger": ("danger.first", "", {Language.ES: 2, Language.EN: 2, Language.QUC: 3}),
    "behind a branch of an urgent flow": ("cut.inner", "", {Language.ES: 2, Language.EN: 2, Language.QUC: 3}),
    "a later answer in danger": ("cut.later", "", {Language.ES: 4, Language.EN: 4, Language.QUC: 6}),
    "sent on, in danger": ("danger.first", "sent on", {Language.ES: 4, Language.EN: 4, Language.QUC: 6}),
    "about rights": ("home.first", "", {Language.ES: 4, Language.EN: 4, Language.QUC: 6}),
    "with the welcome": ("home.first", "with the welcome", {Language.ES: 5, Language.EN: 5, Language.QUC: 7}),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name: str) -> None:
    where, part, expected = LIMITS[name]
    small = Small()
    steps = {
        "first": {"branch": [{"if": "has place", "go": "inner"}, {"go": "inner"}]},
        "inner": {"say": "Stay calm.", "choices": {1: {"label": "more", "go": "later"}, **near(2)}},
        "later": {"say": "Stay silent.", "choices": near()},
    }
    small.add("cut", Group.URGENT, steps)
    found = [each for each in answers(small.release(), Channel.SMS) if (each.where, each.part) == (where, part)]
    assert {each.language: limit(each) for each in found} == expected


def test_whatsapp_counts_characters() -> None:
    small = Small()
    small.step("home", "inner")["say"] = "Stay where you are. " * 60
    (answer,) = [each for part, each in of(small, "home.inner", Channel.WHATSAPP).items() if part == ""]
    assert too_long(answer) == f"{len(answer.text)} characters on WhatsApp, 1024 at most"
    small.step("home", "inner")["say"] = "Stay where you are. " * 40
    assert too_long(of(small, "home.inner", Channel.WHATSAPP)[""]) == ""
    assert too_long(of(small, "home.inner")[""]).startswith("6 SMS segments (")


OPTIONAL = frozenset({"0 a person"})
BORDERS = {
    "one segment": ("x" * 160, 0),
    "one letter too many": ("x" * 161, 1),
    "just under two": ("x" * 306, 146),
    "one over two": ("x" * 307, 1),
    "a euro is two": ("x" * 159 + "€", 1),
    "lines that would go first": ("x" * 170 + "\n0 a person", 10),
    "not in an SMS": ("x" * 200 + "\u2764", 0),
    "empty": ("", 0),
}


@pytest.mark.parametrize("name", BORDERS)
def test_how_near_one_segment_less_is(name: str) -> None:
    text, over = BORDERS[name]
    assert over_the_border(text, OPTIONAL) == over
    if over and "\n" not in text:
        assert segments(text[over:]) == segments(text) - 1
        assert segments(text[over - 1 :]) == segments(text)


def test_no_answer_has_a_hole() -> None:
    for each in answers(SHIPPED.release, Channel.SMS):
        assert "$" not in each.text, each.where


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("language", Language)
def test_what_is_measured_is_what_is_sent(language: Language, channel: Channel) -> None:
    """Sentences are said once and put together many times; an answer that is rendered by itself is the same."""
    release = SHIPPED.release
    fields = {line.id: line.text for line in release.hotlines.values()}
    voice = Voice(release.texts, language, frozenset(), {**fields, "owner": LONGEST_OWNER}, unconfirmed=True)
    plain = Renderer(release.script, voice, channel)
    measured = {(each.where, each.part): each for each in answers(release, channel) if each.language is language}
    for flow, step in (
        ("home_visit", "first"),
        ("street_stop", "papers"),
        ("menu", "rights"),
        ("child_alone", "agents"),
    ):
        sent = plain.reply([Say(flow, step), Ask(flow, step)]).texts
        assert measured[f"{flow}.{step}", ""].text == "\n".join(sent), f"{flow}.{step}"


def test_what_the_engine_says_by_name_is_named_here() -> None:
    """``NEEDED_NOTICES`` beside the flow itself: what nobody says would be called unreachable."""
    notices = SHIPPED.release.script.flows["notices"].steps
    assert set(NEEDED_NOTICES) <= set(notices)
    assert set(notices) - set(NEEDED_NOTICES) == {"not_stopped", "erase_all", "erase_nothing"}, "reached by yes and no"
