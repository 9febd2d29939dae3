"""The inbox as it is read from SQL: what stands in it, in which order, and what of it is told to whom."""

from __future__ import annotations

import pytest

from bot.escalation.escalation import About, Author, Urgency
from bot.escalation.family_hint import Sign
from bot.escalation.outgoing import State
from bot.escalation.standing import Standing
from bot.frozen import replace
from bot.message import Channel
from bot.store.errors import KeyGone, NotYours
from tests.escalation.standing import standing
from tests.store.at_desk import ANA, BEA, CORA, OTHER, AtDesk

DAY = 86_400
CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
KNOWN = About(
    "not_understood", "clinic", "quc", CHICAGO, "C-es 1", needs="quc", variety="Nebaj", understood="asks for a doctor"
)


def test_urgent_first_and_then_whoever_waits_longest(desk: AtDesk, clock) -> None:
    late = desk.comes(urgency=Urgency.NORMAL)
    answered = desk.comes(urgency=Urgency.NORMAL)
    clock.advance(60)
    soon = desk.comes(urgency=Urgency.SOON)
    clock.advance(60)
    urgent = desk.comes(urgency=Urgency.URGENT)
    desk.talk.reply(ANA, answered, "Buenas tardes", None)
    assert [row.escalated.id for row in desk.inbox.rows(ANA)] == [urgent, soon, late, answered]


def test_where_they_stand_is_told_without_unsealing(desk: AtDesk, clock) -> None:
    mine = desk.comes("¿Hay alguien?", about=KNOWN, urgency=Urgency.SOON, channel=Channel.WHATSAPP)
    desk.work.take(ANA, mine)
    clock.advance(60)
    desk.talk.reply(ANA, mine, "Buenas tardes", None)
    over = desk.comes(about=About(topic="food", language="es"))
    desk.work.resolve(ANA, over, "informed")
    bare = {it.id: it for it in desk.inbox.standing(ANA)}
    assert bare == {id: standing(desk.now(id))._replace(language=None, topic=None) for id in (mine, over)}
    for who in (ANA, CORA):
        assert set(desk.inbox.with_topics(who, tuple(bare.values()))) == {standing(desk.now(id)) for id in (mine, over)}


def test_only_those_that_are_asked_for_are_read(desk: AtDesk) -> None:
    first, second, third = (desk.comes(text) for text in ("uno", "dos", "tres"))
    every = {row.escalated.id: row for row in desk.inbox.rows(ANA)}
    some = desk.inbox.rows(ANA, [third, first, "no-such-escalation"])
    assert some == (every[first], every[third]), "in the order of the inbox"
    assert [row.last and row.last.text for row in some] == ["uno", "tres"]
    assert desk.inbox.rows(ANA, []) == () and len(every) == 3 and second in every


def test_a_row_holds_her_last_words_and_who_has_it(desk: AtDesk, clock) -> None:
    id = desk.comes("¿Hay alguien?", about=KNOWN)
    newest = desk.writes(id, "Es urgente", topic="clinic", media=1)
    desk.writes(id, "Un momento", Author.BOT)
    desk.talk.note(BEA, id, "la conozco")
    desk.work.take(BEA, id)
    (row,) = desk.inbox.rows(ANA)
    assert row.last is not None
    assert (row.last.number, row.last.text, row.last.beside) == (newest, "Es urgente", {"topic": "clinic", "media": 1})
    assert row.escalated == desk.now(id) and row.escalated.about == KNOWN
    assert (row.claimed_name, row.escalated.claimed_by, row.undelivered) == ("Bea", BEA.user, False)
    assert "urgente" not in repr(row) and "Nebaj" not in repr(row)


def test_a_coordinator_gets_no_words(desk: AtDesk) -> None:
    id = desk.comes("me siguen", about=KNOWN)
    desk.work.take(BEA, id)
    (row,) = desk.inbox.rows(CORA)
    told = row.escalated.about
    assert row.last is None and (told.understood, told.consent, told.variety) == (None, "", None)
    assert (told.topic, told.place, told.language, told.cause) == ("clinic", CHICAGO, "quc", "not_understood")
    assert (row.escalated.alias, row.claimed_name) == (desk.now(id).alias, "Bea")
    both = replace(CORA, roles=ANA.roles | CORA.roles)
    assert desk.inbox.rows(both)[0].last is not None


def test_those_that_are_over_stay_seven_days(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.work.resolve(ANA, id, "informed")
    clock.advance(7 * DAY - 1)
    assert [row.escalated.resolution for row in desk.inbox.rows(ANA)] == ["informed"]
    clock.advance(1)
    assert desk.inbox.rows(ANA) == ()


def test_whose_key_is_gone_is_left_out_and_the_others_stay(desk: AtDesk) -> None:
    gone, broken, erased, there = (desk.comes(about=KNOWN) for _ in range(4))
    desk.keys.destroy(gone)
    desk.set(broken, about=b"\x01" + bytes(40))
    desk.escalations.erase(erased)
    assert [row.escalated.id for row in desk.inbox.rows(ANA)] == [there]
    assert {it.id for it in desk.inbox.standing(ANA)} == {broken, there}, "somebody waits there, and is counted"
    known = desk.inbox.with_topics(ANA, [Standing(id, "sms", 0) for id in (gone, broken, erased, there)])
    assert [it.topic for it in known] == [None, None, None, "clinic"]
    for id in (gone, erased):
        with pytest.raises(KeyGone):
            desk.inbox.one(ANA, id)


def test_what_did_not_arrive_shows_until_somebody_writes_again(desk: AtDesk, clock) -> None:
    id = desk.comes()
    first = desk.talk.reply(ANA, id, "Buenas tardes", None)
    clock.advance(5)
    desk.talk.reply(ANA, id, "¿Me lee?", None)

    def shown() -> bool:
        return desk.inbox.rows(ANA)[0].undelivered

    assert not shown()
    clock.advance(5)
    desk.fails(first)
    assert shown()
    desk.talk.retry(ANA, id, first)
    assert not shown(), "it is on its way again"
    desk.fails(first, State.FAILED, 30006)
    assert shown()
    clock.advance(5)
    desk.talk.reply(ANA, id, "Le escribo de otro modo", None)
    assert not shown()


def test_a_hint_is_of_one_organization_and_ends_when_they_are_joined(desk: AtDesk) -> None:
    sms = desk.comes("hola", address="+15005550009")
    whatsapp = desk.comes("hola", address="+15005550009", channel=Channel.WHATSAPP)
    desk.comes("hola", address="+15005550009", organization="puente")
    (hint,) = desk.inbox.hints(ANA)
    assert (set(hint.ids), hint.sign) == ({sms, whatsapp}, Sign.NUMBER)
    desk.work.join(ANA, sms, whatsapp)
    assert desk.inbox.hints(ANA) == ()


def test_a_hint_leans_on_what_the_family_wrote_and_not_the_bot(desk: AtDesk) -> None:
    about = About(place=CHICAGO)
    one = desk.comes("se llevaron a Casimiro Tzoc", about=about)
    other = desk.comes("busco a Casimiro Tzoc", about=about)
    third = desk.comes("hola", about=about)
    desk.writes(third, "Casimiro Tzoc", Author.BOT)
    (hint,) = desk.inbox.hints(ANA)
    assert (set(hint.ids), hint.sign) == ({one, other}, Sign.WORDS)


def test_one_is_told_like_the_row(desk: AtDesk) -> None:
    id = desk.comes(about=KNOWN, urgency=Urgency.SOON)
    assert desk.inbox.one(ANA, id) == desk.inbox.rows(ANA)[0].escalated
    with pytest.raises(NotYours):
        desk.inbox.one(ANA, desk.comes(organization=OTHER))
