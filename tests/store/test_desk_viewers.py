"""Who may do what at the desk: every method of every store that the console calls, for every role and organization."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from bot.escalation.escalation import About, Resolution, Urgency
from bot.escalation.standing import Standing
from bot.escalation.viewer import SHARED_POOL, Reason, Role, Viewer
from bot.language import Language
from bot.store.errors import NotYours
from tests.store.at_desk import AGREED, OTHER, OWN, AtDesk, approve, found, viewer

pytestmark = pytest.mark.slow

ROLES = (Role.VOLUNTEER, Role.PUBLISHER, Role.COORDINATOR, Role.ADMIN, Role.RESPONDER)
# A responder last: what she may do changes the conversation.
PLACES = {"her own": OWN, "agreed": AGREED, "the shared pool": None, "another's": OTHER}

Call = Callable[[AtDesk, Viewer, str], object]

OF_ONE: dict[str, Call] = {
    "inbox.one": lambda desk, who, id: desk.inbox.one(who, id),
    "work.take": lambda desk, who, id: desk.work.take(who, id),
    "work.hand_back": lambda desk, who, id: desk.work.hand_back(who, id),
    "work.resolve": lambda desk, who, id: desk.work.resolve(who, id, Resolution.INFORMED),
    "work.pass_on": lambda desk, who, id: desk.work.pass_on(who, id, "vecinos", "¿Puede verlo otra organización?"),
    "work.set_urgency": lambda desk, who, id: desk.work.set_urgency(who, id, Urgency.SOON),
    "work.set_topic": lambda desk, who, id: desk.work.set_topic(who, id, "clinic"),
    "work.set_language": lambda desk, who, id: desk.work.set_language(who, id, Language.QUC),
    "work.set_needs": lambda desk, who, id: desk.work.set_needs(who, id, "mam"),
    "work.join": lambda desk, who, id: desk.work.join(who, id, desk.comes(organization=desk.organization_of(id))),
    "work.separate": lambda desk, who, id: desk.work.separate(
        who, id, desk.comes(organization=desk.organization_of(id))
    ),
    "work.debrief": lambda desk, who, id: desk.work.debrief(who, id),
    "work.hand_over": lambda desk, who, id: desk.work.hand_over(who, {id: "llamar a las 5"}),
    "talk.thread": lambda desk, who, id: desk.talk.thread(who, id),
    "talk.reply": lambda desk, who, id: desk.talk.reply(who, id, "Buenas tardes", None),
    "talk.template": lambda desk, who, id: desk.talk.template(who, id, "HX1", {"1": "Casa"}),
    "talk.templates": lambda desk, who, id: desk.talk.templates(who, id),
    "talk.on_call": lambda desk, who, id: desk.talk.on_call(who, id),
    "talk.is_stopped": lambda desk, who, id: desk.talk.is_stopped(who, id),
    "talk.note": lambda desk, who, id: desk.talk.note(who, id, "llamó la tía"),
    "talk.retry": lambda desk, who, id: desk.talk.retry(who, id, last(desk, id)),
    "talk.reveal": lambda desk, who, id: desk.talk.reveal(who, id, Reason.TO_CALL),
    "talk.wrong": lambda desk, who, id: desk.talk.wrong(who, id, last(desk, id), "una cita", "clinic"),
    "looking.note": lambda desk, who, id: desk.looking.note(who, id, typing=True),
    "looking.others": lambda desk, who, id: desk.looking.others(who, id),
    "looking.left": lambda desk, who, id: desk.looking.left(who, id),
}
"""What concerns one conversation: a responder whose organization reaches it may, and nobody else."""
OF_MANY = {"talk.answer_many", "looking.others_of"}
OF_HERSELF: dict[str, Callable[[AtDesk, Viewer], object]] = {
    "work.start_shift": lambda desk, who: desk.work.start_shift(who),
    "work.end_shift": lambda desk, who: desk.work.end_shift(who),
    "work.ten_minutes": lambda desk, who: desk.work.ten_minutes(who),
    "work.shift": lambda desk, who: desk.work.shift(who),
    "work.urgent_today": lambda desk, who: desk.work.urgent_today(who),
}
LISTS = {"inbox.rows", "inbox.standing", "inbox.with_topics", "inbox.hints"}


BEFORE: dict[str, Call] = {
    "work.hand_over": lambda desk, who, id: desk.set(id, claimed_by=who.user, claimed_at=1),
    "talk.retry": lambda desk, who, id: desk.sent_in_vain(id),
}
"""What has to be so for the act to be possible at all."""


def last(desk: AtDesk, id: str) -> int:
    """The newest message of a thread; of one that is not there none."""
    return max((each.number for each in desk.said(id)), default=1)


def test_no_method_that_takes_a_viewer_is_missing_here(desk: AtDesk) -> None:
    stores = {"inbox": desk.inbox, "work": desk.work, "talk": desk.talk, "looking": desk.looking}
    asked = {
        f"{name}.{method}"
        for name, store in stores.items()
        for method, function in inspect.getmembers(store, inspect.ismethod)
        if not method.startswith("_") and "viewer" in inspect.signature(function).parameters
    }
    assert asked == {*OF_ONE, *OF_HERSELF, *OF_MANY, *LISTS}


@pytest.mark.parametrize("place", PLACES)
def test_only_a_responder_who_reaches_it_may(desk: AtDesk, place: str) -> None:
    found(desk.engine, "vecinos")
    approve(desk.engine, "HX1", "es", "Buenas tardes, le escribe {{1}}")
    reached = PLACES[place] != OTHER
    for what, call in OF_ONE.items():
        id = desk.comes_by_whatsapp(organization=PLACES[place])
        for user, role in enumerate(ROLES, 100):
            who = viewer(user, role)
            BEFORE.get(what, lambda *_: None)(desk, who, id)
            before = (desk.now(id), desk.thread(id), desk.outgoing(id), desk.audit())
            try:
                call(desk, who, id)
            except NotYours:
                assert not (reached and role is Role.RESPONDER), f"{what} refuses a {role}"
                assert (desk.now(id), desk.thread(id), desk.outgoing(id), desk.audit()) == before, f"{what} by a {role}"
            else:
                assert reached and role is Role.RESPONDER, f"{what} does not refuse a {role}"


def test_what_is_not_there_is_refused_as_what_is_not_hers(desk: AtDesk) -> None:
    found(desk.engine, "vecinos")
    for what, call in OF_ONE.items():
        try:
            call(desk, viewer(100, Role.RESPONDER), "no-such-escalation")
        except NotYours:
            continue
        pytest.fail(f"{what} tells that it is not there")


@pytest.mark.parametrize("role", ROLES)
def test_a_shift_is_a_responders(desk: AtDesk, role: Role) -> None:
    for name, call in OF_HERSELF.items():
        if role is Role.RESPONDER:
            call(desk, viewer(1, role))
        else:
            with pytest.raises(NotYours):
                call(desk, viewer(1, role)), name


@pytest.mark.parametrize("role", ROLES)
def test_several_are_answered_each_as_it_is_hers(desk: AtDesk, role: Role) -> None:
    ids = [desk.comes(organization=organization) for organization in PLACES.values()]
    answered = desk.talk.answer_many(viewer(100, role), dict.fromkeys(ids, 10_000), "Hoy no hay retén ahí")
    hers = ids[:3] if role is Role.RESPONDER else []
    assert list(answered.went) == hers
    assert {id: type(why) for id, why in answered.refused.items()} == {id: NotYours for id in ids if id not in hers}
    assert [id for id in ids if desk.outgoing(id)] == hers


@pytest.mark.parametrize("role", ROLES)
def test_the_list_holds_what_she_reaches_and_words_are_a_responders(desk: AtDesk, role: Role) -> None:
    about = About(topic="clinic")
    ids = [desk.comes(about=about, organization=organization) for organization in PLACES.values()]
    who = viewer(100, role)
    if role not in (Role.RESPONDER, Role.COORDINATOR):
        for refused in (desk.inbox.rows, desk.inbox.standing, lambda who: desk.inbox.with_topics(who, ())):
            with pytest.raises(NotYours):
                refused(who)
        return
    rows = desk.inbox.rows(who)
    assert {row.escalated.id for row in rows} == {it.id for it in desk.inbox.standing(who)} == set(ids[:3])
    assert {row.escalated.id for row in desk.inbox.rows(who, ids[2:])} == {ids[2]}, (
        "asked for by its id it is not hers either"
    )
    known = desk.inbox.with_topics(who, [Standing(id, "sms", 0) for id in ids])
    assert [it.topic for it in known] == ["clinic", "clinic", "clinic", None]
    assert {row.last is None for row in rows} == {role is Role.COORDINATOR}
    if role is Role.COORDINATOR:
        with pytest.raises(NotYours):
            desk.inbox.hints(who)


@pytest.mark.parametrize("role", ROLES)
def test_who_looks_is_told_of_what_she_reaches(desk: AtDesk, role: Role) -> None:
    ids = [desk.comes(organization=organization) for organization in PLACES.values()]
    for number, id in enumerate(ids):
        somebody = Viewer(
            50 + number,
            "Bea",
            frozenset({Role.RESPONDER}),
            PLACES[list(PLACES)[number]] or OWN,
            frozenset({SHARED_POOL}),
        )
        desk.looking.note(somebody, id, typing=False)
    who = viewer(100, role)
    if role not in (Role.RESPONDER, Role.COORDINATOR):
        with pytest.raises(NotYours):
            desk.looking.others_of(who, ids)
        return
    bea = (("Bea", False),)
    assert desk.looking.others_of(who, [*ids, "no-such"]) == dict(zip(ids, [bea, bea, bea, ()], strict=True)) | {
        "no-such": ()
    }
    assert desk.looking.others_of(who, []) == {}


def test_nobody_reaches_the_shared_pool_without_an_agreement(desk: AtDesk) -> None:
    id = desk.comes(organization=None)
    alone = Viewer(1, "Ana", frozenset({Role.RESPONDER}), OWN)
    nobodys = Viewer(1, "Ana", frozenset({Role.RESPONDER}), None)
    opened = Viewer(1, "Ana", frozenset({Role.RESPONDER}), OWN, frozenset({SHARED_POOL}))
    for who in (alone, nobodys):
        assert desk.inbox.rows(who) == ()
        with pytest.raises(NotYours):
            desk.talk.thread(who, id)
    assert [row.escalated.id for row in desk.inbox.rows(opened)] == [id]
    assert desk.talk.thread(opened, id).said
