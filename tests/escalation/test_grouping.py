"""Groups of a bad day: by town, topic and hour; and who gets no answer that goes to several."""

from __future__ import annotations

import pytest

from bot.escalation.escalation import DISCREET_TOPICS, About, Cause, Escalated, Urgency
from bot.escalation.grouping import Group, groups, place_words, stands_apart

CHICAGO, ZIP, JOLIET = (
    "US;;Chicago;IL;41.88;-87.63;town",
    "US;60629;Chicago;IL;41.78;-87.71;zip",
    "US;;Joliet;IL;41.5;-88;town",
)


def waiting(id: str, place: str | None, topic: str | None, since: int | None, **more: object) -> Escalated:
    return Escalated(id, "sms", 0, waiting_since=since, about=About(topic=topic, place=place), **more)  # type: ignore[arg-type]


def test_they_are_grouped_by_town_topic_and_hour() -> None:
    found = groups(
        [
            waiting("a", CHICAGO, "rumor", 7_200),
            waiting("b", ZIP, "rumor", 10_799),
            waiting("c", CHICAGO, "rumor", 10_800),
            waiting("d", CHICAGO, "clinic", 7_200),
            waiting("e", JOLIET, "rumor", 7_200),
            waiting("f", None, None, None),
            waiting("g", CHICAGO, "rumor", 7_200, closed=9_000),
            waiting("h", CHICAGO, "rumor", 7_200, claimed_by=3),
        ]
    )
    assert found == (
        Group("Chicago, IL", "rumor", 7_200, ("a", "b")),
        Group("Chicago, IL", "rumor", 10_800, ("c",)),
        Group("Chicago, IL", "clinic", 7_200, ("d",)),
        Group("Joliet, IL", "rumor", 7_200, ("e",)),
        Group("", None, None, ("f",)),
    )


def test_who_gets_an_answer_of_her_own_is_named_in_the_group() -> None:
    (group,) = groups([waiting("a", CHICAGO, "rumor", 0), waiting("b", CHICAGO, "rumor", 0, urgency=Urgency.URGENT)])
    assert group.apart == {"b"}


@pytest.mark.parametrize("topic", sorted(DISCREET_TOPICS))
def test_discreet_topics_stand_apart(topic: str) -> None:
    assert stands_apart(waiting("a", None, topic, 0))


@pytest.mark.parametrize(
    ("about", "urgency", "apart"),
    [
        (About(topic="rumor"), Urgency.SOON, False),
        (About(topic="rumor"), Urgency.URGENT, True),
        (About(minor=True), Urgency.NORMAL, True),
        (About(cause=Cause.DANGER), Urgency.NORMAL, True),
        (About(cause=Cause.CHILD_ALONE), Urgency.NORMAL, True),
        (About(cause=Cause.RELAYED, relayed=True), Urgency.NORMAL, False),
    ],
    ids=["soon", "urgent", "a minor", "danger", "a child alone", "told for somebody else"],
)
def test_who_stands_apart(about: About, urgency: Urgency, apart: bool) -> None:
    assert stands_apart(Escalated("a", "sms", 0, urgency=urgency, about=about)) is apart


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (CHICAGO, "Chicago, IL"),
        (ZIP, "Chicago, IL"),
        ("US;;Illinois;IL;40;-89;region", "Illinois, IL"),
        (None, ""),
        ("?", ""),
    ],
    ids=["a town", "a ZIP", "a state", "none", "no token"],
)
def test_a_place_in_words(token: str | None, words: str) -> None:
    assert place_words(token) == words
