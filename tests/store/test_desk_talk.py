"""Threads, replies and notes: what stands there afterwards, and when nothing is written at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, select

from bot.escalation.approval import Approval
from bot.escalation.escalation import About, Author, Urgency
from bot.escalation.viewer import Reason, Role
from bot.escalation.window import window_ends
from bot.message import Channel
from bot.store.content_models import Phrase
from bot.store.desk_errors import (
    NewerMessage,
    NothingToRetry,
    OneByOne,
    OptedOut,
    Resolved,
    TakenBy,
    TemplateNotApproved,
    TemplateRefused,
    TextRefused,
    WindowClosed,
)
from bot.store.errors import KeyGone, NotYours, StoreDown
from bot.store.models import EscalationMessage
from bot.store.staff_models import Interpreter
from bot.store.template_states import TemplateStates
from tests.store.at_desk import ANA, BEA, SOLEDAD, AtDesk, approve, viewer

HOUR = 3600


def all_of(desk: AtDesk, id: str) -> tuple[object, ...]:
    return desk.now(id), desk.said(id), desk.outgoing(id), desk.audit()


def test_a_reply_stands_in_thread_outbox_and_audit_and_takes_the_conversation(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.set(id, alarm=1)
    clock.advance(60)
    number = desk.talk.reply(ANA, id, "  Buenas tardes, soy Ana ", desk.said(id)[-1].number)
    found = desk.now(id)
    assert (found.claimed_by, found.claimed_at, found.last_staff) == (ANA.user, int(clock.now), int(clock.now))
    assert found.waiting_since is None
    assert desk.thread(id) == [("family", SOLEDAD), ("system", "claimed"), ("staff", "Buenas tardes, soy Ana")]
    written = desk.said(id)[-1]
    assert (written.number, written.by, written.at) == (number, ANA.user, int(clock.now))
    assert desk.outgoing(id) == [(number, None)]
    ana = "Ana (user 1)"
    assert desk.audit() == [(ana, "desk.claimed", f"{id} normal"), (ana, "desk.replied", id)]


def test_nothing_of_a_reply_stands_in_plain(desk: AtDesk, engine: Engine) -> None:
    id = desk.comes()
    desk.talk.reply(ANA, id, "Palabras secretas", None)
    with engine.connect() as connection:
        for sealed in connection.scalars(select(EscalationMessage.sealed)):
            assert b"Palabras" not in sealed and len(sealed) > 28


@pytest.mark.parametrize(
    ("text", "fine"),
    [("", False), ("   \n ", False), ("x", True), ("x" * 1_500, True), ("x" * 1_501, False)],
    ids=["empty", "blanks", "one letter", "1,500 letters", "1,501 letters"],
)
def test_a_text_has_its_lengths(desk: AtDesk, text: str, fine: bool) -> None:
    id = desk.comes()
    before = all_of(desk, id)
    if fine:
        assert desk.talk.reply(ANA, id, text, None)
    else:
        with pytest.raises(TextRefused):
            desk.talk.reply(ANA, id, text, None)
        assert all_of(desk, id) == before


def opted_out(desk: AtDesk, id: str) -> None:
    desk.opt_outs.stop(desk.escalations.address(id), Channel.SMS, 0)


REFUSALS: dict[str, tuple[Callable[[AtDesk, str], object], type[Exception]]] = {
    "somebody else has it": (lambda desk, id: desk.work.take(BEA, id), TakenBy),
    "it is over": (lambda desk, id: desk.work.resolve(ANA, id, "informed"), Resolved),
    "the person asked us to stop": (opted_out, OptedOut),
    "the person was erased": (lambda desk, id: desk.escalations.erase(id), KeyGone),
    "its key is gone": (lambda desk, id: desk.keys.destroy(id), KeyGone),
}
ACTS: dict[str, Callable[[AtDesk, str, int], object]] = {
    "reply": lambda desk, id, failed: desk.talk.reply(ANA, id, "Buenas tardes", None),
    "template": lambda desk, id, failed: desk.talk.template(ANA, id, "HX1", {"1": "Ana"}),
    "retry": lambda desk, id, failed: desk.talk.retry(ANA, id, failed),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("why", REFUSALS)
def test_nothing_is_sent_where_it_may_not(desk: AtDesk, why: str, act: str) -> None:
    approve(desk.engine, "HX1", "es", "Buenas tardes, le escribe {{1}}")
    id = desk.comes_by_whatsapp()
    failed = desk.sent_in_vain(id)
    happens, error = REFUSALS[why]
    happens(desk, id)
    before = (desk.outgoing(id), desk.audit())
    with pytest.raises(error):
        ACTS[act](desk, id, failed)
    assert (desk.outgoing(id), desk.audit()) == before


def test_who_has_it_is_told_with_the_refusal(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.work.take(BEA, id)
    since = int(clock.now)
    clock.advance(100)
    with pytest.raises(TakenBy) as refused:
        desk.talk.reply(ANA, id, "Buenas", None)
    assert (refused.value.name, refused.value.since) == ("Bea", since)
    assert "Bea" not in str(refused.value)


def test_the_page_is_asked_again_when_the_family_wrote_meanwhile(desk: AtDesk) -> None:
    id = desk.comes()
    seen = desk.talk.thread(ANA, id).seen_up_to
    desk.writes(id, "un momento", Author.BOT)
    newest = desk.writes(id, "ya no estoy ahí")
    before = all_of(desk, id)
    with pytest.raises(NewerMessage) as refused:
        desk.talk.reply(ANA, id, "Vaya a la iglesia", seen)
    assert refused.value.number == newest and all_of(desk, id) == before
    assert desk.talk.reply(ANA, id, "Vaya a la iglesia", desk.talk.thread(ANA, id).seen_up_to)


def test_what_the_bot_says_meanwhile_keeps_no_reply_back(desk: AtDesk) -> None:
    id = desk.comes()
    seen = desk.talk.thread(ANA, id).seen_up_to
    desk.writes(id, "un momento", Author.BOT)
    assert desk.talk.reply(ANA, id, "Buenas", seen)


@pytest.mark.parametrize(
    ("seconds", "fine"), [(23 * HOUR + 55 * 60 - 1, True), (23 * HOUR + 55 * 60, False)], ids=["23:54:59", "23:55:00"]
)
def test_whatsapp_takes_free_text_for_a_day(desk: AtDesk, clock, seconds: int, fine: bool) -> None:
    id = desk.comes_by_whatsapp()
    failed = desk.sent_in_vain(id)
    written = int(clock.now)
    clock.advance(seconds)
    assert window_ends(desk.now(id)) == written + 23 * HOUR + 55 * 60
    for act in (lambda: desk.talk.retry(ANA, id, failed), lambda: desk.talk.reply(ANA, id, "Buenas", None)):
        if fine:
            act()
        else:
            with pytest.raises(WindowClosed):
                act()
    assert len(desk.outgoing(id)) == (3 if fine else 1)


def test_sms_has_no_window(desk: AtDesk, clock) -> None:
    id = desk.comes()
    clock.advance(20 * 24 * HOUR)
    assert window_ends(desk.now(id)) is None
    assert desk.talk.reply(ANA, id, "Buenas", None)


def test_a_template_goes_when_the_window_is_closed(desk: AtDesk, clock) -> None:
    approve(desk.engine, "HX1", "es", "Buenas tardes, le escribe {{1}} de {{2}}. {{1}} espera.")
    id = desk.comes(channel=Channel.WHATSAPP, about=About(language="es"))
    clock.advance(30 * HOUR)
    number = desk.talk.template(ANA, id, "HX1", {"1": " Ana ", "2": "Casa", "3": "more"})
    written = desk.said(id)[-1]
    assert written.text == "Buenas tardes, le escribe Ana de Casa. Ana espera."
    assert written.beside == {"template": "HX1", "values": {"1": "Ana", "2": "Casa"}}
    assert desk.outgoing(id) == [(number, "HX1")]
    assert (desk.now(id).claimed_by, desk.now(id).waiting_since) == (ANA.user, None)
    desk.fails(number)
    desk.talk.retry(ANA, id, number)
    assert desk.outgoing(id) == [(number, "HX1")] * 2


@pytest.mark.parametrize("approval", [each for each in Approval if each is not Approval.APPROVED])
def test_what_meta_has_not_approved_goes_only_in_the_window(desk: AtDesk, clock, approval: Approval) -> None:
    approve(desk.engine, "HX1", "es", "Le escribe {{1}}")
    states = TemplateStates(desk.engine, clock)
    id = desk.comes(channel=Channel.WHATSAPP, about=About(language="es"))
    states.heard("HX1", approval, "why")
    number = desk.talk.template(ANA, id, "HX1", {"1": "Ana"})
    desk.fails(number)
    clock.advance(30 * HOUR)
    before = all_of(desk, id)
    for sends in (
        lambda: desk.talk.template(ANA, id, "HX1", {"1": "Ana"}),
        lambda: desk.talk.retry(ANA, id, number),
    ):
        with pytest.raises(TemplateNotApproved) as refused:
            sends()
        assert (refused.value.state.approval, refused.value.state.reason) == (approval, "why")
    assert all_of(desk, id) == before
    assert [each.state.approval for each in desk.talk.templates(ANA, id)] == [approval]
    states.heard("HX1", Approval.APPROVED)
    states.failed("HX1", "503")
    desk.talk.retry(ANA, id, number)
    assert desk.outgoing(id) == [(number, "HX1")] * 2


@pytest.mark.parametrize(
    ("sid", "values", "language", "channel"),
    [
        ("HX1", {}, "es", Channel.WHATSAPP),
        ("HX1", {"1": "  "}, "es", Channel.WHATSAPP),
        ("HX1", {"1": "dos\nlíneas"}, "es", Channel.WHATSAPP),
        ("HX1", {"1": "x" * 201}, "es", Channel.WHATSAPP),
        ("HX2", {"1": "Ana"}, "es", Channel.WHATSAPP),
        ("HX3", {"1": "Ana"}, "es", Channel.WHATSAPP),
        ("HX9", {"1": "Ana"}, "es", Channel.WHATSAPP),
        ("HX1", {"1": "Ana"}, "en", Channel.WHATSAPP),
        ("HX1", {"1": "Ana"}, "es", Channel.SMS),
    ],
    ids=[
        *("a value is missing", "a value is blank", "a value of two lines", "a value too long", "another language"),
        *("not active", "not there", "a person of another language", "by SMS"),
    ],
)
def test_a_template_is_refused(desk: AtDesk, sid: str, values: dict[str, str], language: str, channel: Channel) -> None:
    approve(desk.engine, "HX1", "es", "Le escribe {{1}}")
    approve(desk.engine, "HX2", "en", "{{1}} writes to you")
    approve(desk.engine, "HX3", "es", "Le escribe {{1}}", active=False)
    id = desk.comes(channel=channel, about=About(language=language))
    before = all_of(desk, id)
    with pytest.raises(TemplateRefused):
        desk.talk.template(ANA, id, sid, values)
    assert all_of(desk, id) == before


@pytest.mark.parametrize(
    ("language", "offered"),
    [("es", ["HX1"]), ("quc", ["HX1", "HX4"]), ("en", ["HX2"]), (None, ["HX1", "HX2", "HX4"])],
    ids=["es", "quc also in Spanish", "en", "nobody knows"],
)
def test_templates_of_her_language_are_offered(desk: AtDesk, language: str | None, offered: list[str]) -> None:
    for sid, of in (("HX1", "es"), ("HX2", "en"), ("HX4", "quc")):
        approve(desk.engine, sid, of, "{{1}}")
    approve(desk.engine, "HX3", "es", "{{1}}", active=False)
    id = desk.comes(channel=Channel.WHATSAPP, about=About(language=language))
    assert [each.sid for each in desk.talk.templates(ANA, id)] == offered
    assert desk.talk.templates(ANA, desk.comes()) == ()


def test_a_note_is_never_on_its_way(desk: AtDesk, clock) -> None:
    id = desk.comes()
    clock.advance(5)
    desk.work.take(BEA, id)
    before = desk.now(id)
    number = desk.talk.note(ANA, id, "llamar a la abogada")
    assert desk.now(id) == before and desk.outgoing(id) == []
    assert desk.thread(id)[-1] == ("note", "llamar a la abogada") and desk.said(id)[-1].by == ANA.user
    assert desk.audit()[-1] == ("Ana (user 1)", "desk.noted", id)
    with pytest.raises(NothingToRetry):
        desk.talk.retry(BEA, id, number)
    with pytest.raises(TextRefused):
        desk.talk.note(ANA, id, "x" * 4_001)


def test_a_message_is_retried_only_when_it_failed(desk: AtDesk) -> None:
    id = desk.comes()
    number = desk.talk.reply(ANA, id, "Buenas", None)
    for message in (number, number + 1, desk.said(id)[0].number):
        with pytest.raises(NothingToRetry):
            desk.talk.retry(ANA, id, message)
    desk.fails(number)
    assert desk.talk.thread(ANA, id).sendings[number].error == 30005
    desk.talk.retry(ANA, id, number)
    assert desk.talk.thread(ANA, id).sendings[number].state == "queued"
    with pytest.raises(NothingToRetry):
        desk.talk.retry(ANA, id, number)
    other = desk.comes()
    desk.fails(number)
    with pytest.raises(NothingToRetry):
        desk.talk.retry(ANA, other, number)


def test_a_thread_is_noted_once_in_half_an_hour_by_all_processes(desk: AtDesk, clock) -> None:
    id, other = desk.comes(), desk.comes()
    _, elsewhere = desk.another_process()

    def seen() -> list[tuple[str, str]]:
        return [(actor, object) for actor, action, object in desk.audit() if action == "desk.seen"]

    for talk in (desk.talk, elsewhere, desk.talk):
        talk.thread(ANA, id)
        clock.advance(10)
    ana = ("Ana (user 1)", id)
    assert seen() == [ana]
    desk.talk.thread(BEA, id)
    desk.talk.thread(ANA, other)
    assert seen() == [ana, ("Bea (user 2)", id), ("Ana (user 1)", other)]
    clock.advance(30 * 60 - 31)
    elsewhere.thread(ANA, id)
    assert len(seen()) == 3
    clock.advance(1)
    elsewhere.thread(ANA, id)
    desk.talk.thread(ANA, id)
    assert seen()[3:] == [ana]


def test_nothing_is_shown_that_the_audit_cannot_hold(desk: AtDesk, engine: Engine) -> None:
    id = desk.comes()

    def refuse(_connection, _cursor, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO audit"):
            raise StoreDown("sql", OSError())

    event.listen(engine, "before_cursor_execute", refuse)
    for act in (lambda: desk.talk.thread(ANA, id), lambda: desk.talk.reveal(ANA, id, Reason.TO_CALL)):
        with pytest.raises(StoreDown):
            act()
    with pytest.raises(StoreDown):
        desk.talk.reply(ANA, id, "Buenas", None)
    event.remove(engine, "before_cursor_execute", refuse)
    assert desk.thread(id) == [("family", SOLEDAD)] and desk.outgoing(id) == [] and desk.now(id).claimed_by is None


def test_the_number_is_told_with_a_reason_that_stands_in_the_audit(desk: AtDesk) -> None:
    id = desk.comes(address="+15005550077")
    assert desk.talk.reveal(ANA, id, Reason.EMERGENCY) == "+15005550077"
    assert desk.audit() == [("Ana (user 1)", "desk.revealed", f"{id} emergency")]
    with pytest.raises(ValueError, match="curiosity"):
        desk.talk.reveal(ANA, id, "curiosity")  # type: ignore[arg-type]
    assert len(desk.audit()) == 1


def test_what_was_wrong_is_kept_once_and_leads_to_nobody(desk: AtDesk, engine: Engine) -> None:
    id = desk.comes("hola", about=About(language="es", topic="clinic"))
    topics = ("services_basic_needs", "services_health")
    message = desk.writes(id, "me llamo Ana, mi hijo no come", topic=topics[0], language="quc")
    assert desk.talk.wrong(ANA, id, message, "me llamo ***, mi hijo no come, 3125550100 a@b.org", topics[1])
    assert not desk.talk.wrong(BEA, id, message, "otra vez", topics[0])
    with engine.connect() as connection:
        (row,) = connection.execute(select(Phrase.__table__)).all()
    assert (row.text, row.heard, row.topic) == ("me llamo ***, mi hijo no come, *** ***", *topics)
    assert (row.language, row.quarter, row.verdict, row.by) == ("quc", "2026Q4", "waiting", None)
    assert desk.audit() == [], "a row of the audit would lead from these words to the conversation"
    marked = desk.said(id)[-1]
    assert marked.beside == {"topic": topics[0], "language": "quc", "wrong": True}


def test_only_what_the_family_wrote_can_be_wrong(desk: AtDesk) -> None:
    id, other = desk.comes(), desk.comes()
    bots = desk.writes(id, "¿Busca comida?", Author.BOT)
    for message in (bots, desk.said(other)[0].number, 999):
        with pytest.raises(NotYours):
            desk.talk.wrong(ANA, id, message, "una cita", "clinic")


def test_several_get_the_same_words_each_in_a_message_of_its_own(desk: AtDesk) -> None:
    ids = [desk.comes(f"¿Hay retén en {town}?") for town in ("Cicero", "Joliet", "Aurora")]
    hers = desk.comes()
    desk.work.take(ANA, hers)
    answered = desk.talk.answer_many(ANA, {id: 10_000 for id in (*ids, hers)}, "Hoy nadie ha visto nada ahí.")
    assert answered.went == (*ids, hers) and not answered.refused
    for id in ids:
        (written,) = (each for each in desk.said(id) if each.author is Author.STAFF)
        assert (written.text, written.beside) == ("Hoy nadie ha visto nada ahí.", {"many": True})
        assert desk.outgoing(id) == [(written.number, None)]
        assert (desk.now(id).claimed_by, desk.now(id).waiting_since) == (None, None)
        assert ("Ana (user 1)", "desk.answered_many", id) in desk.audit()
    assert desk.now(hers).claimed_by == ANA.user


def test_of_several_those_that_cannot_are_told_with_the_reason(desk: AtDesk, clock) -> None:
    fine = desk.comes()
    taken, over, stopped, gone, late = (desk.comes() for _ in range(4)), None, None, None, None
    taken, over, stopped, gone = taken  # type: ignore[misc]
    late = desk.comes_by_whatsapp()
    clock.advance(24 * HOUR)
    newer = desk.comes()
    seen = dict.fromkeys((fine, taken, over, stopped, gone, late), 10_000) | {newer: desk.said(newer)[0].number}
    desk.work.take(BEA, taken)
    desk.work.resolve(ANA, over, "informed")
    opted_out(desk, stopped)
    desk.escalations.erase(gone)
    desk.writes(newer, "ya no")
    answered = desk.talk.answer_many(ANA, seen, "Hoy no.")
    assert answered.went == (fine,)
    assert {id: type(why) for id, why in answered.refused.items()} == {
        taken: TakenBy,
        over: Resolved,
        stopped: OptedOut,
        gone: KeyGone,
        late: WindowClosed,
        newer: NewerMessage,
    }
    assert [id for id in seen if id != gone and desk.outgoing(id)] == [fine]


@pytest.mark.parametrize(
    ("about", "urgency"),
    [
        (About(topic="danger_now"), Urgency.NORMAL),
        (About(topic="self_harm"), Urgency.NORMAL),
        (About(topic="trafficking"), Urgency.NORMAL),
        (About(topic="child_alone"), Urgency.NORMAL),
        (About(minor=True), Urgency.NORMAL),
        (About(cause="danger", topic="clinic"), Urgency.NORMAL),
        (About(topic="clinic"), Urgency.URGENT),
    ],
    ids=["danger", "self-harm", "trafficking", "a child alone", "a minor", "handed over for danger", "urgent"],
)
def test_nobody_in_danger_gets_the_words_of_all(desk: AtDesk, about: About, urgency: Urgency) -> None:
    id = desk.comes(about=about, urgency=urgency)
    answered = desk.talk.answer_many(ANA, {id: 10_000}, "Hoy no.")
    assert isinstance(answered.refused[id], OneByOne) and desk.outgoing(id) == []


def test_thirty_at_once_and_no_more(desk: AtDesk) -> None:
    ids = [desk.comes() for _ in range(2)]
    with pytest.raises(ValueError, match="30"):
        desk.talk.answer_many(ANA, dict.fromkeys([*ids, *(f"e{n}" for n in range(29))], 1), "Hoy no.")
    assert not any(desk.outgoing(id) for id in ids)
    with pytest.raises(TextRefused):
        desk.talk.answer_many(ANA, dict.fromkeys(ids, 10_000), " ")


def test_who_is_on_call_speaks_what_she_needs(desk: AtDesk, engine: Engine) -> None:
    about = About(language="es", needs="quc", variety="Nebaj")
    id = desk.comes(about=about)
    with engine.begin() as connection:
        for name, language, hours, active in (
            ("Tix", "quc", "24/7", True),
            ("Xuan", "quc", "24/7", False),
            ("Mar", "mam", "24/7", True),
        ):
            row = {"name": name, "language": language, "variety": "Nebaj", "contact": "c", "hours": hours}
            more = {"zone": "America/Chicago", "active": active, "organization": None}
            connection.execute(Interpreter.__table__.insert().values(**row, **more))
    assert [(each.speaker.name, each.at) for each in desk.talk.on_call(ANA, id)] == [("Tix", None)]
    assert desk.talk.on_call(ANA, desk.comes()) == ()


def test_a_name_that_the_audit_would_refuse_keeps_nobody_from_answering(desk: AtDesk) -> None:
    odd = viewer(44, Role.RESPONDER, name="Ana «la de 312 555 0100» María " + "x" * 60)
    id = desk.comes()
    desk.talk.reply(odd, id, "Buenas", None)
    assert desk.audit()[-1][0] == "Ana la de María xxxxxxxxxxxxxxxxxxxxxxxx (user 44)"
