"""What a conversation with staff begins with, by the way that led there."""

from __future__ import annotations

import pytest

from bot import content
from bot.engine.place import from_token, to_token
from bot.engine.who_writes import cannot_wait, is_minor, is_relayed, topic_of
from bot.escalation.escalation import Cause, Urgency
from bot.escalation.opening import about, town_of, urgency
from bot.frozen import replace
from bot.language import Language
from bot.session import Session, Spot, Writer

RELEASE = content.load()
SCRIPT = RELEASE.script
CONSENT = Spot("human", "consent")


def way(*steps: str) -> Session:
    """A session that came along these steps to the question."""
    spots = tuple(Spot(*step.split(".")) for step in steps)
    return Session(language=Language.ES, at=CONSENT, trail=spots)


WAYS = {
    "from nowhere": (way(), Cause.ASKED, Urgency.NORMAL, None, False),
    "from the menu": (way("menu.first"), Cause.ASKED, Urgency.NORMAL, None, False),
    "about papers": (way("menu.first", "daca.first"), Cause.ASKED, Urgency.NORMAL, "daca", False),
    "in danger": (way("danger_now.first"), Cause.DANGER, Urgency.URGENT, "danger_now", False),
    "the topic is the last one": (way("danger_now.first", "daca.first"), Cause.ASKED, Urgency.NORMAL, "daca", False),
    "the menu is no topic": (way("danger_now.first", "menu.first"), Cause.DANGER, Urgency.URGENT, "danger_now", False),
    "violence": (way("violence_help.first"), Cause.ASKED, Urgency.SOON, "violence_help", False),
    "a child alone": (way("child_alone.first"), Cause.CHILD_ALONE, Urgency.URGENT, "child_alone", True),
    "a child alone, or somebody about one": (
        way("child_or_adult.first"),
        Cause.CHILD_ALONE,
        Urgency.URGENT,
        "child_or_adult",
        False,
    ),
    "an adult about children left": (
        replace(way("child_alone.first", "children_left.first"), writer=Writer.ADULT),
        Cause.DANGER, Urgency.URGENT, "children_left", False,
    ),
    "a child that is scared": (way("child_distress.first", "child_distress.me"), Cause.ASKED, Urgency.SOON, "child_distress", True),
    "a parent of one": (way("child_distress.first", "child_distress.home"), Cause.ASKED, Urgency.SOON, "child_distress", False),
    "a young person": (way("youth_visa.me", "services_legal.where"), Cause.ASKED, Urgency.SOON, "services_legal", True),
    "not understood twice": (way("not_understood.first", "not_understood.second"), Cause.NOT_UNDERSTOOD, Urgency.NORMAL, None, False),
    "not understood once": (way("not_understood.first"), Cause.ASKED, Urgency.NORMAL, None, False),
    "relayed": (way("relay.first"), Cause.RELAYED, Urgency.NORMAL, None, False),
    "relayed, and private": (way("violence_help.country", "relay.private"), Cause.RELAYED, Urgency.SOON, "violence_help", False),
    "relayed, of wanting to die": (way("self_harm.country", "relay.life"), Cause.DANGER, Urgency.URGENT, "self_harm", False),
}  # fmt: skip


@pytest.mark.parametrize(("session", "cause", "how", "topic", "minor"), WAYS.values(), ids=WAYS)
def test_what_the_way_tells(session: Session, cause: Cause, how: Urgency, topic: str | None, minor: bool) -> None:
    for spot in session.trail:
        assert spot.flow in SCRIPT.flows
    opened = about(SCRIPT, session, "human.consent abc")
    assert (opened.cause, opened.topic, opened.minor) == (cause, topic, minor)
    assert urgency(SCRIPT, session) is how
    assert opened.consent == "human.consent abc" and opened.language == "es"
    assert opened.relayed is is_relayed(session)


OFFERED_ON_A_BAD_DAY = {
    "danger": (way("danger_now.first"), True),
    "a child": (way("youth_visa.me"), True),
    "not understood twice": (way("not_understood.second"), True),
    "not understood twice, then a place": (way("not_understood.second", "not_understood.list"), True),
    "not understood once": (way("not_understood.first"), False),
    "papers": (way("daca.first"), False),
    "violence at home, not now": (way("violence_help.first"), False),
}


@pytest.mark.parametrize(("session", "offered"), OFFERED_ON_A_BAD_DAY.values(), ids=OFFERED_ON_A_BAD_DAY)
def test_who_is_offered_a_person_on_a_bad_day(session: Session, offered: bool) -> None:
    assert cannot_wait(SCRIPT, session) is offered


def test_nothing_is_finer_than_a_town() -> None:
    place = RELEASE.places.by_zip("60629")
    assert place is not None
    town = from_token(town_of(to_token(place)))
    assert town is not None and town.zip is None and town.name == "Chicago" and town.admin1 == "IL"
    assert (town.latitude, town.longitude) == (round(place.latitude, 1), round(place.longitude, 1))
    assert town_of(None) is None and town_of("no place") is None


def test_who_writes_is_read_from_the_way_and_from_nothing_else() -> None:
    assert not is_minor(Session()) and not is_relayed(Session()) and topic_of(SCRIPT, Session()) is None


def test_the_language_that_she_named_is_the_one_to_look_for_an_interpreter_of() -> None:
    session = replace(way("other_language.mayan", "other_language.none_of_them"), needs="mam")
    assert about(SCRIPT, session, "human.consent#1").needs == "mam"
    assert about(SCRIPT, way(), "human.consent#1").needs is None
