"""Taking, handing back, resolving, passing on, correcting, joining: what stands afterwards, and two who do it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.escalation.escalation import About, Resolution, Urgency
from bot.escalation.viewer import Viewer
from bot.language import Language
from bot.message import Channel
from bot.store.desk_errors import CannotJoin, CannotPass, OptedOut, Resolved, TakenBy, TextRefused, WindowClosed
from bot.store.desk_turns import DeskTurns
from bot.store.desk_work import Taken
from bot.store.errors import KeyGone, NotYours, StoreError
from bot.store.sessions import Sessions
from tests.store.at_desk import AGREED, ANA, BEA, OTHER, OWN, SOLEDAD, AtDesk, found, viewer
from tests.store.escalated import LUZ, beside

HOUR = 3600
PASS = "¿Está bien si la organización Vecinos ve esta conversación? 1 sí, 2 no"


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of these returns, or raises, when all are begun at the same moment."""
    begin, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        begin.wait()
        try:
            outcomes[number] = acts[number]()
        except StoreError as why:
            outcomes[number] = why

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(outcomes)


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_learns_who(desk: AtDesk, clock) -> None:
    elsewhere, _ = desk.another_process()
    for _ in range(5):
        id = desk.comes()
        mine, hers = at_once(lambda id=id: desk.work.take(ANA, id), lambda id=id: elsewhere.take(BEA, id))
        assert isinstance(mine, Taken) and isinstance(hers, Taken)
        assert {mine.won, hers.won} == {True, False}
        winner = ANA if mine.won else BEA
        assert mine.by == hers.by == winner.name and mine.since == hers.since == int(clock.now)
        assert desk.now(id).claimed_by == winner.user
        assert desk.thread(id) == [("family", SOLEDAD), ("system", "claimed")]
        assert [row for row in desk.audit() if row[2].startswith(f"{id} ")] == [
            (winner.actor, "desk.claimed", f"{id} normal")
        ]


def test_of_two_who_write_at_once_one_is_heard(desk: AtDesk) -> None:
    _, elsewhere = desk.another_process()
    id = desk.comes()
    outcomes = at_once(
        lambda: desk.talk.reply(ANA, id, "Soy Ana", None), lambda: elsewhere.reply(BEA, id, "Soy Bea", None)
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["TakenBy", "int"]
    assert len(desk.outgoing(id)) == 1


def test_of_two_who_join_the_same_at_once_nobody_waits_for_ever_and_nothing_is_written_twice(desk: AtDesk) -> None:
    elsewhere, _ = desk.another_process()
    for _ in range(5):
        one, other = desk.comes(), desk.comes()
        joins = (
            lambda one=one, other=other: desk.work.join(ANA, one, other),
            lambda one=one, other=other: elsewhere.join(BEA, other, one),
        )
        assert at_once(*joins) == [None, None]
        for id in (one, other):
            assert desk.thread(id) == [("family", SOLEDAD), ("system", "joined")]
    assert len(desk.audit()) == 5


def test_taking_again_what_is_hers_changes_nothing(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.set(id, alarm=int(clock.now))
    since = int(clock.now)
    assert desk.work.take(ANA, id) == Taken(True, "Ana", since)
    clock.advance(60)
    before = (desk.now(id), desk.thread(id), desk.audit())
    assert desk.work.take(ANA, id) == Taken(True, "Ana", since)
    assert desk.work.take(BEA, id) == Taken(False, "Ana", since)
    assert (desk.now(id), desk.thread(id), desk.audit()) == before
    assert desk.now(id).waiting_since == since, "nobody was answered by being taken"


def test_nobody_is_alarmed_any_more_once_somebody_has_it(desk: AtDesk, engine: Engine) -> None:
    id = desk.comes(urgency=Urgency.URGENT)
    desk.set(id, alarm=5)
    desk.work.take(ANA, id)
    assert desk.column(id, "alarm") is None
    assert desk.audit()[-1][2] == f"{id} urgent"


def test_handed_back_the_bot_has_it_and_nobody_waits(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.work.take(ANA, id)
    clock.advance(60)
    desk.work.hand_back(ANA, id, " Le dejo con el bot. ")
    now = desk.now(id)
    assert (now.claimed_by, now.claimed_at, now.waiting_since, now.last_staff) == (None, None, None, int(clock.now))
    assert desk.thread(id)[2:] == [("staff", "Le dejo con el bot."), ("system", "handed_back")]
    assert [number for number, _ in desk.outgoing(id)] == [desk.said(id)[2].number]
    assert [action for _, action, _ in desk.audit()] == ["desk.claimed", "desk.replied", "desk.handed_back"]
    other = desk.comes()
    desk.work.hand_back(ANA, other)
    assert desk.outgoing(other) == [] and desk.now(other).last_staff is None


@pytest.mark.parametrize(
    ("why", "error"),
    [("opted out", OptedOut), ("the window is closed", WindowClosed), ("too long", TextRefused), ("hers", TakenBy)],
)
def test_a_closing_line_that_cannot_go_leaves_all_as_it_was(desk: AtDesk, clock, why: str, error: type) -> None:
    id = desk.comes_by_whatsapp()
    desk.work.take(BEA if why == "hers" else ANA, id)
    if why == "opted out":
        desk.opt_outs.stop(desk.escalations.address(id), Channel.WHATSAPP, 0)
    if why == "the window is closed":
        clock.advance(24 * HOUR)
    before = (desk.now(id), desk.said(id), desk.outgoing(id), desk.audit())
    with pytest.raises(error):
        desk.work.hand_back(ANA, id, "x" * 1_501 if why == "too long" else "Adiós")
    assert (desk.now(id), desk.said(id), desk.outgoing(id), desk.audit()) == before


def test_what_is_over_is_over_for_the_bot_too(desk: AtDesk, sessions_beside: Sessions, redis_client: Redis) -> None:
    id = desk.escalations.open(LUZ, Channel.WHATSAPP)
    desk.set(id, organization=OWN)
    assert beside(sessions_beside, LUZ).escalation == id
    desk.work.take(ANA, id)
    desk.work.resolve(ANA, id, Resolution.REFERRED)
    now = desk.now(id)
    assert (now.closed, now.resolution, now.waiting_since) == (int(desk.clock()), "referred", None)
    assert beside(sessions_beside, LUZ).escalation is None
    assert desk.thread(id)[-1] == ("system", "resolved")
    assert desk.said(id)[-1].beside == {"name": "Ana", "resolution": "referred"}
    assert desk.audit()[-1] == (ANA.actor, "desk.resolved", f"{id} referred")
    assert desk.escalations.find(LUZ) == ()


def test_nothing_is_done_any_more_with_what_is_over(desk: AtDesk) -> None:
    found(desk.engine, "vecinos")
    id, other = desk.comes(), desk.comes()
    desk.work.resolve(ANA, id, Resolution.NO_ANSWER)
    acts: dict[str, Callable[[], object]] = {
        "take": lambda: desk.work.take(ANA, id),
        "hand_back": lambda: desk.work.hand_back(ANA, id),
        "resolve": lambda: desk.work.resolve(ANA, id, Resolution.OTHER),
        "pass_on": lambda: desk.work.pass_on(ANA, id, "vecinos", PASS),
        "set_urgency": lambda: desk.work.set_urgency(ANA, id, Urgency.SOON),
        "set_topic": lambda: desk.work.set_topic(ANA, id, "clinic"),
        "set_language": lambda: desk.work.set_language(ANA, id, Language.EN),
        "set_needs": lambda: desk.work.set_needs(ANA, id, "mam"),
    }
    before = (desk.now(id), desk.said(id), desk.outgoing(id), desk.audit())
    for name, act in acts.items():
        with pytest.raises(Resolved):
            act()
        assert (desk.now(id), desk.said(id), desk.outgoing(id), desk.audit()) == before, name
    for pair in ((id, other), (other, id)):
        with pytest.raises(CannotJoin):
            desk.work.join(ANA, *pair)


def test_what_somebody_else_has_is_left_to_her(desk: AtDesk) -> None:
    found(desk.engine, "vecinos")
    id = desk.comes()
    desk.work.take(BEA, id)
    for act in (
        lambda: desk.work.hand_back(ANA, id),
        lambda: desk.work.resolve(ANA, id, Resolution.OTHER),
        lambda: desk.work.pass_on(ANA, id, "vecinos", PASS),
        lambda: desk.work.hand_over(ANA, {id: "a las 5"}),
    ):
        with pytest.raises(TakenBy):
            act()
    assert desk.now(id).claimed_by == BEA.user and desk.thread(id)[-1] == ("system", "claimed")


def test_the_family_is_asked_before_another_organization_has_it(desk: AtDesk, clock) -> None:
    found(desk.engine, "vecinos", OTHER)
    turns = DeskTurns(desk.engine, desk.keys, desk.escalations, desk.clock)
    id = desk.comes()
    waits = desk.now(id).waiting_since
    clock.advance(60)
    number = desk.work.pass_on(ANA, id, OTHER, PASS)
    now = desk.now(id)
    assert (now.organization, now.pass_to, now.waiting_since) == (OWN, OTHER, waits)
    assert desk.outgoing(id) == [(number, None)]
    assert desk.thread(id)[-2:] == [("staff", PASS), ("system", "asked_to_pass")]
    assert desk.audit()[-1] == (ANA.actor, "desk.passed_on", f"{id} to {OTHER}")
    turns.agreed_to_pass(id, yes=True)
    assert (desk.now(id).organization, desk.now(id).waiting_since) == (OTHER, waits)
    with pytest.raises(NotYours):
        desk.talk.thread(ANA, id)
    assert desk.inbox.one(viewer(70, *ANA.roles, organization=OTHER), id).id == id


@pytest.mark.parametrize("to", [OWN, "nowhere", "resting"])
def test_it_goes_nowhere_that_does_not_answer(desk: AtDesk, engine: Engine, to: str) -> None:
    found(engine, OWN)
    found(engine, "resting", active=False)
    id = desk.comes()
    with pytest.raises(CannotPass):
        desk.work.pass_on(ANA, id, to, PASS)
    assert desk.now(id).pass_to is None and desk.outgoing(id) == []


def test_what_is_corrected_stands_sealed_and_leaves_no_word_in_the_audit(desk: AtDesk) -> None:
    id = desk.comes(about=About(topic="food", language="es", place="US;;Cicero;IL;41.8;-87.7;town", consent="C-es 1"))
    desk.work.set_topic(ANA, id, "clinic")
    desk.work.set_language(ANA, id, Language.QUC)
    desk.work.set_needs(BEA, id, "quc", " Nebaj ")
    desk.work.set_urgency(ANA, id, Urgency.SOON)
    now = desk.now(id)
    assert now.urgency is Urgency.SOON
    assert now.about == About(
        topic="clinic",
        language="quc",
        place="US;;Cicero;IL;41.8;-87.7;town",
        consent="C-es 1",
        settled=("language", "topic"),
        needs="quc",
        variety="Nebaj",
    )
    assert b"clinic" not in desk.column(id, "about")
    assert [row[1:] for row in desk.audit()] == [
        ("desk.corrected", f"{id} topic"),
        ("desk.corrected", f"{id} language"),
        ("desk.corrected", f"{id} needs"),
        ("desk.corrected", f"{id} urgency soon"),
    ]
    desk.work.set_needs(ANA, id, None)
    desk.work.set_topic(ANA, id, None)
    about = desk.now(id).about
    assert (about.needs, about.variety, about.topic) == (None, None, None)


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, id: desk.work.set_topic(ANA, id, "no flow!"),
        lambda desk, id: desk.work.set_language(ANA, id, "xx"),
        lambda desk, id: desk.work.set_urgency(ANA, id, "very"),
        lambda desk, id: desk.work.set_needs(ANA, id, "Kaqchikel"),
        lambda desk, id: desk.work.set_needs(ANA, id, "cak", "x" * 65),
        lambda desk, id: desk.work.resolve(ANA, id, "won"),
    ],
    ids=["topic", "language", "urgency", "needs", "variety", "resolution"],
)
def test_what_is_no_such_thing_is_refused(desk: AtDesk, act: Callable[[AtDesk, str], object]) -> None:
    id = desk.comes()
    before = (desk.now(id), desk.audit())
    with pytest.raises(ValueError, match=r"."):
        act(desk, id)
    assert (desk.now(id), desk.audit()) == before


def test_lowering_the_urgency_ends_the_alarm(desk: AtDesk) -> None:
    id = desk.comes(urgency=Urgency.URGENT)
    desk.set(id, alarm=5)
    desk.work.set_urgency(ANA, id, Urgency.URGENT)
    assert desk.column(id, "alarm") == 5
    desk.work.set_urgency(ANA, id, Urgency.NORMAL)
    assert desk.column(id, "alarm") is None


def test_two_of_one_family_know_of_each_other(desk: AtDesk) -> None:
    one, other = desk.comes(), desk.comes()
    desk.work.join(ANA, one, other)
    desk.work.join(BEA, other, one)
    assert desk.talk.thread(ANA, one).joined == {other} and desk.talk.thread(ANA, other).joined == {one}
    assert desk.said(one)[-1].beside == {"name": "Ana", "other": other, "alias": desk.now(other).alias}
    assert [row[1] for row in desk.audit() if row[1] == "desk.joined"] == ["desk.joined"]


def test_what_was_joined_by_mistake_is_as_it_was(desk: AtDesk) -> None:
    one, other, third = desk.comes(address="+12025550190"), desk.comes(address="whatsapp:+12025550190"), desk.comes()
    before = desk.now(one), desk.now(other), desk.inbox.hints(ANA)
    desk.work.join(ANA, one, other)
    desk.work.join(ANA, one, third)
    assert frozenset((one, other)) not in {frozenset(hint.ids) for hint in desk.inbox.hints(ANA)}
    desk.work.separate(BEA, other, one)
    desk.work.separate(ANA, one, other)
    assert desk.talk.thread(ANA, one).joined == {third} and desk.talk.thread(ANA, other).joined == frozenset()
    assert (desk.now(one), desk.now(other), desk.inbox.hints(ANA)) == before
    assert desk.said(one)[-1].beside == {"name": "Bea", "other": other, "alias": desk.now(other).alias}
    assert [row[0] for row in desk.audit() if row[1] == "desk.separated"] == [BEA.actor], "once more changes nothing"
    desk.work.join(ANA, one, other)
    assert desk.talk.thread(ANA, other).joined == {one}


def test_what_was_never_joined_is_not_separated(desk: AtDesk) -> None:
    one, other = desk.comes(), desk.comes()
    for each in (other, one, "nothing", desk.comes(organization=OTHER)):
        desk.work.separate(ANA, one, each)
    assert desk.thread(one) == desk.thread(other) == [("family", SOLEDAD)] and desk.audit() == []
    with pytest.raises(NotYours):
        desk.work.separate(ANA, desk.comes(organization=OTHER), one)


@pytest.mark.parametrize("ends", ["erased", "resolved", "with others"])
def test_it_is_undone_also_when_the_other_one_has_ended(desk: AtDesk, ends: str) -> None:
    one, other = desk.comes(), desk.comes()
    desk.work.join(ANA, one, other)
    if ends == "erased":
        desk.escalations.erase(other)
    elif ends == "resolved":
        desk.work.resolve(ANA, other, Resolution.INFORMED)
    else:
        desk.set(other, organization=OTHER)
    desk.work.separate(ANA, one, other)
    assert desk.talk.thread(ANA, one).joined == frozenset()
    if ends == "resolved":
        assert desk.talk.thread(ANA, other).joined == frozenset()


def test_two_organizations_conversations_are_not_joined(desk: AtDesk) -> None:
    one, other = desk.comes(), desk.comes(organization=AGREED)
    for pair in ((one, other), (one, one)):
        with pytest.raises(CannotJoin):
            desk.work.join(ANA, *pair)
    with pytest.raises(NotYours):
        desk.work.join(ANA, one, desk.comes(organization=OTHER))
    assert desk.thread(one) == [("family", SOLEDAD)]


@pytest.mark.parametrize(
    ("about", "urgency", "told"),
    [
        (About(topic="clinic"), Urgency.URGENT, True),
        (About(topic="self_harm"), Urgency.NORMAL, True),
        (About(cause="child_alone"), Urgency.NORMAL, True),
        (About(minor=True), Urgency.NORMAL, True),
        (About(topic="clinic"), Urgency.SOON, False),
    ],
    ids=["urgent", "self-harm", "a child alone", "a minor", "a clinic"],
)
def test_whom_to_call_is_told_after_a_hard_conversation(
    desk: AtDesk, about: About, urgency: Urgency, told: bool
) -> None:
    found(desk.engine, OWN, debrief="Rosa, en la oficina")
    id = desk.comes(about=about, urgency=urgency)
    assert desk.work.debrief(ANA, id) == ""
    desk.work.resolve(ANA, id, Resolution.INFORMED)
    assert desk.work.debrief(ANA, id) == ("Rosa, en la oficina" if told else "")


def test_who_was_erased_is_not_taken(desk: AtDesk) -> None:
    id = desk.comes()
    desk.escalations.erase(id)
    with pytest.raises(KeyGone):
        desk.work.take(ANA, id)
    with pytest.raises(NotYours):
        desk.work.take(Viewer(9, "Zoe", ANA.roles, OTHER), id)
