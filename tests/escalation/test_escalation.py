"""What an escalation is: its order of urgency, what is sealed of it and comes back, the name that staff call a person by."""

from __future__ import annotations

import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load_flows
from bot.engine.flow import Group
from bot.escalation.escalation import (
    ALIAS_SIGNS,
    DISCREET_TOPICS,
    About,
    Author,
    Cause,
    Escalated,
    Said,
    Urgency,
    alias_of,
)
from bot.settings import REPOSITORY

words = st.text(max_size=40)
maybe = st.none() | st.text(min_size=1, max_size=40)
abouts = st.builds(
    About, cause=st.sampled_from(Cause), topic=maybe, language=maybe, place=maybe, consent=words, minor=st.booleans(),
    relayed=st.booleans(), needs=maybe, variety=maybe, understood=maybe,
)  # fmt: skip


@given(abouts)
def test_what_is_sealed_comes_back(about: About) -> None:
    assert About.from_bytes(about.to_bytes()) == about


def test_what_nobody_knows_is_not_written() -> None:
    assert json.loads(About().to_bytes()) == {"cause": "asked_for_a_person"}


def test_what_another_version_wrote_is_read_as_far_as_it_is_known() -> None:
    assert About.from_bytes(b'{"topic": "food", "mood": "tired"}') == About(topic="food")
    assert About.from_bytes(b"{}") == About()


DISCREET = {
    "danger": (About(topic="danger_now"), True),
    "violence": (About(topic="violence_help"), True),
    "self-harm": (About(topic="self_harm"), True),
    "a child alone": (About(topic="child_alone"), True),
    "a child who asks for food": (About(topic="food", minor=True), True),
    "food": (About(topic="food"), False),
    "nothing known": (About(), False),
}


@pytest.mark.parametrize("name", DISCREET)
def test_of_whom_a_list_shows_no_words(name: str) -> None:
    about, discreet = DISCREET[name]
    assert about.discreet is discreet


def test_every_flow_for_danger_is_discreet_and_every_discreet_topic_is_a_flow() -> None:
    flows = load_flows(REPOSITORY / "flows")
    assert flows.keys() >= DISCREET_TOPICS
    urgent = {name for name, flow in flows.items() if flow.group is Group.URGENT}
    # On the day after a raid sixty write about it at once: staff group them by their words, and answer several.
    assert urgent - DISCREET_TOPICS == {"relative_just_taken"}
    assert {name for name, flow in flows.items() if flow.sensitive} <= DISCREET_TOPICS


def test_urgent_comes_first() -> None:
    assert sorted(Urgency, key=lambda each: each.rank) == [Urgency.URGENT, Urgency.SOON, Urgency.NORMAL]
    assert Urgency.URGENT.rank == 0


def test_an_alias_is_the_same_each_time_and_looks_like_nothing_else() -> None:
    assert alias_of("abc") == alias_of("abc") == Escalated("abc", "sms", 0).alias
    made = [alias_of(secrets.token_urlsafe(16)) for _ in range(2_000)]
    assert {len(each) for each in made} == {4} and set("".join(made)) <= set(ALIAS_SIGNS)
    assert not set("01OI") & set(ALIAS_SIGNS) and len(set(ALIAS_SIGNS)) == 32
    assert len(set(made)) > 1_990, "of a million names two thousand people rarely share one"


def test_nothing_of_a_family_stands_in_what_a_log_could_print() -> None:
    said = Said(1, Author.FAMILY, 0, "me siguen", beside={"topic": "danger_now"})
    escalated = Escalated("abc", "sms", 0, about=About(place="US;60629;Chicago;IL;41.78;-87.71;zip"))
    assert "siguen" not in repr(said) and "danger" not in repr(said) and "Chicago" not in repr(escalated)


CORRECTED = About(topic="services_health", language="es").corrected(topic="services_legal")


@pytest.mark.parametrize(
    ("learned", "topic"),
    [
        (About(topic="work_rights"), "services_legal"),
        (About(), "services_legal"),
        (About(topic="self_harm"), "self_harm"),
    ],
    ids=["the bot thinks otherwise", "the bot understood nothing", "danger is not hidden by a correction"],
)
def test_what_staff_corrected_stays(learned: About, topic: str) -> None:
    now = CORRECTED.with_learned(learned)
    assert now.topic == topic and now.settled == ("topic",)
    assert About.from_bytes(now.to_bytes()) == now


def test_what_nobody_corrected_is_learned() -> None:
    now = CORRECTED.with_learned(About(language="quc", place="GT;;Cantel;Quetzaltenango;14.8;-91.5;town", minor=True))
    assert (now.language, now.minor, now.topic) == ("quc", True, "services_legal") and now.place
    assert now.with_learned(About()) == now
