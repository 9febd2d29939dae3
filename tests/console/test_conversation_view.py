"""What the page of a conversation shows of each message, and what a reply costs while it is written: tables of values."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.panel import Speakers, speakers
from bot.console.parts import as_sent, parts
from bot.console.system_words import resolutions, system_words
from bot.console.thread_view import Bubble, Reader, bubbles
from bot.escalation.escalation import Author, Said
from bot.escalation.happened import Happened
from bot.escalation.outgoing import State
from bot.escalation.speakers import OnCall, Speaker
from bot.language import Language
from bot.message import Channel
from bot.wording.gsm7 import fold_for_sms, segments

AT = int(datetime(2026, 11, 26, 20, 2, tzinfo=UTC).timestamp())
CHICAGO = ZoneInfo("America/Chicago")


def _words(key: str, english: str, **values: object) -> str:
    return english % values if values else english


def _reader(**changed: object) -> Reader:
    given = {"words": _words, "language": Language.EN, "zone": CHICAGO, "family": Language.ES, "names": {7: "Ana"}}
    return Reader(**{**given, "reason": lambda error: f"reason {error}", **changed})  # type: ignore[arg-type]


def _one(said: Said, sending: object = None, **changed: object) -> Bubble:
    return bubbles((said,), {said.number: sending} if sending else {}, _reader(**changed))[0]


LABELS = {
    Author.FAMILY: "The person",
    Author.BOT: "Bot",
    Author.STAFF: "Ana",
    Author.NOTE: "Note by Ana, only for the team",
    Author.SYSTEM: "What happened",
}


@pytest.mark.parametrize("author", Author)
def test_each_author_has_a_label_and_a_class_of_its_own(author: Author) -> None:
    bubble = _one(Said(1, author, AT, "hola", by=7))
    assert (bubble.kind, bubble.who) == (author.value, LABELS[author])
    assert len(set(LABELS.values())) == len(Author)


def test_times_are_those_of_the_organization_and_days_stand_once() -> None:
    shown = bubbles([Said(n, Author.FAMILY, AT + n * 3600 * 6, "hola") for n in range(3)], {}, _reader())
    assert [bubble.day for bubble in shown] == ["Thu, Nov 26", "", "Fri, Nov 27"]
    assert shown[0].clock == "2:02\u202fPM" and shown[0].iso == "2026-11-26T14:02:00-06:00"


LANGUAGES = {
    "what the bot heard": ("jachin kinto'ik", {"language": "quc"}, ["quc"]),
    "words show it": ("where is the lawyer", {}, ["en"]),
    "nothing shows it": ("ok", {}, ["es"]),
    "each line by itself": (
        "Guarde silencio con los agentes\nK'iche': man katzijon taj ruk' ri migra",
        {},
        ["es", "quc"],
    ),
}


@pytest.mark.parametrize("case", LANGUAGES)
def test_every_line_carries_its_language(case: str) -> None:
    text, beside, expected = LANGUAGES[case]
    bubble = _one(Said(1, Author.FAMILY, AT, text, beside=beside), family=Language.QUC)
    assert [line.language for line in bubble.lines] == expected


DELIVERIES = {
    "queued": (State.QUEUED, None, "Waiting to be sent", "", False),
    "unsure": (State.UNSURE, None, "On its way, not confirmed", "", False),
    "delivered": (State.DELIVERED, None, "Delivered", "", False),
    "read": (State.READ, None, "Read", "", False),
    "failed": (State.FAILED, 30003, "It did not go out", "reason 30003", True),
    "undelivered": (State.UNDELIVERED, 30006, "It did not arrive", "reason 30006", True),
    "taken back": (State.CANCELED, None, "Not sent, taken back", "", False),
}


@pytest.mark.parametrize("case", DELIVERIES)
def test_delivery_is_told_in_words_with_the_reason_and_a_retry(case: str) -> None:
    state, error, said, reason, retry = DELIVERIES[case]
    sending = SimpleNamespace(id="o1", state=state, error=error, changed=AT)
    found = _one(Said(1, Author.STAFF, AT, "hola", by=7), sending, may_send=True).delivery
    assert found is not None
    assert (found.words, found.reason, found.retry) == (said, reason, retry)


def test_who_has_not_got_the_conversation_cannot_try_again() -> None:
    sending = SimpleNamespace(id="o1", state=State.FAILED, error=30003, changed=AT)
    found = _one(Said(1, Author.STAFF, AT, "hola", by=7), sending).delivery
    assert found is not None and not found.retry


UNDERSTOOD = {
    "sure": (
        {"topic": "services_legal", "sure": 0.97, "language": "es", "answer": "services_legal"},
        "sure, 97 of 100",
    ),
    "a phrase named the danger": ({"topic": "danger_now", "sure": 1.0}, "sure, 100 of 100"),
    "not sure": ({"topic": "services_legal", "sure": 0.5}, "not sure, 50 of 100"),
    "a guess that is too weak": ({"topic": "services_legal", "sure": 0.05}, "not understood"),
    "nothing": ({}, "not understood"),
}


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_what_the_bot_understood_is_told_in_words(case: str) -> None:
    beside, how = UNDERSTOOD[case]
    found = _one(Said(1, Author.FAMILY, AT, "abogado", beside=beside), topic=lambda name: f"<{name}>" if name else "")
    assert found.understood is not None and found.understood.how == how
    assert found.understood.answer == ("<services_legal>" if case == "sure" else "")


def test_only_words_of_the_person_were_understood() -> None:
    for author in (Author.BOT, Author.STAFF, Author.NOTE, Author.SYSTEM):
        assert _one(Said(1, author, AT, "hola")).understood is None
    assert _one(Said(1, Author.FAMILY, AT, "", beside={"media": 1})).understood is None


@pytest.mark.parametrize(("media", "told"), [(0, ""), (1, "A voice note"), (3, "3 voice notes")])
def test_voice_notes_and_photos_are_counted(media: int, told: str) -> None:
    assert _one(Said(1, Author.FAMILY, AT, "", beside={"media": media})).media.startswith(told)


@pytest.mark.parametrize("happened", Happened)
def test_everything_that_can_happen_has_words(happened: Happened) -> None:
    for why in ("stale", "shift", "handed_over"):
        beside = {"name": "Ana", "to": "casa", "why": why, "resolution": "informed", "alias": "4F2K"}
        told = system_words(_words, Said(1, Author.SYSTEM, AT, happened.value, beside=beside), {"casa": "Casa Ixim"})
        assert told and told != happened.value and "%" not in told


def test_a_happening_of_another_version_is_shown_as_it_stands() -> None:
    assert system_words(_words, Said(1, Author.SYSTEM, AT, "moved_to_mars"), {}) == "moved_to_mars"
    assert len(resolutions(_words)) == 5


HERE = Speaker("Juana", "quc", "Cantel", "312-555-0100")
TOMORROW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
ON_CALL = {
    "now": ((OnCall(HERE),), ("Juana, Cantel, 312-555-0100",), ""),
    "now, from another town": (
        (OnCall(HERE, None, same_variety=False),),
        ("Juana, Cantel, 312-555-0100 (another way of speaking: ask whether they understand each other)",),
        "",
    ),
    "tomorrow": ((OnCall(HERE, TOMORROW),), (), "Juana, Cantel, 312-555-0100, Fri, Nov 27 9:00\u202fAM"),
    "nobody is known": ((), (), ""),
}


@pytest.mark.parametrize("case", ON_CALL)
def test_a_day_is_named_only_where_somebody_s_hours_name_it(case: str) -> None:
    on_call, now, later = ON_CALL[case]
    assert speakers(on_call, _reader()) == Speakers(now, later)


COUNTS = {
    "150 letters with an á, which arrives as a": ("a" * 149 + "á", 1, (), True),
    "150 letters and an emoji": ("a" * 150 + "😀", 3, ("😀",), False),
    "a short text with an emoji fits all the same": ("ok 😀", 1, (), False),
    "161 letters": ("a" * 161, 2, (), False),
    "the glottal stop of K'iche'": ("k\u02bco jun", 1, (), True),
    "nothing": ("  ", 0, (), False),
}


@pytest.mark.parametrize("case", COUNTS)
def test_the_count_names_what_makes_it_longer(case: str) -> None:
    text, count, letters, changed = COUNTS[case]
    found = parts(text, Channel.SMS, 0.01, 1500)
    assert (found.count, found.letters, found.changed) == (count, letters, changed)
    assert found.cost == pytest.approx(count * 0.01)


def test_whatsapp_counts_a_message_and_changes_nothing() -> None:
    found = parts("á" * 900, Channel.WHATSAPP, 0.01, 1500)
    assert (found.count, found.letters, found.changed, found.room) == (1, (), False, 1500)


@given(st.text(max_size=600))
def test_the_count_is_that_of_what_goes_out(text: str) -> None:
    sent = as_sent(text, Channel.SMS)
    assert fold_for_sms(sent) == sent or segments(fold_for_sms(sent)) == segments(sent)
    found = parts(text, Channel.SMS, 0.01, 1500)
    assert found.count == (segments(sent) if sent else 0)
    assert found.used <= found.room or found.count > 1
