"""What a row of the inbox shows: tables of conversations and the words that stand for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from bot.console.inbox_asked import LONGEST_REMEMBERED, Asked, asked, recalled
from bot.console.inbox_view import LONGEST_PREVIEW, Eyes, row_view, shortened
from bot.console.spans import ago, span
from bot.console.topics import title_in
from bot.escalation.escalation import DISCREET_TOPICS, About, Author, Cause, Escalated, Said, Urgency
from bot.escalation.order import Filters, Tab
from bot.escalation.viewer import Role, Viewer
from bot.escalation.window import WINDOW
from bot.frozen import replace
from bot.language import Language

NOW = 1_795_521_600
CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
RESPONDER = Viewer(7, "Ana", frozenset({Role.RESPONDER}), "casa", frozenset({""}))
COORDINATOR = Viewer(8, "Luis", frozenset({Role.COORDINATOR}), "casa", frozenset({""}))


def english(key: str, english: str, **values: Any) -> str:
    return english % values if values else english


@dataclass(frozen=True)
class Row:
    escalated: Escalated
    last: Said | None = Said(1, Author.FAMILY, NOW - 60, "necesito un doctor")
    claimed_name: str | None = None
    undelivered: bool = False


def eyes(viewer: Viewer = RESPONDER) -> Eyes:
    return Eyes(viewer, english, NOW, lambda topic: f"<{topic}>", lambda at: f"at {at}")


def escalated(about: About | None = None, **more: Any) -> Escalated:
    there: dict[str, Any] = {"id": "e1", "channel": "sms", "opened": NOW - 900, "organization": "casa", **more}
    return Escalated(about=about or About(topic="services_health", language="es"), **there)


def shown(about: About | None = None, viewer: Viewer = RESPONDER, ends: float | None = None, **more: Any) -> Any:
    """``ends``: when WhatsApp closes; None for an SMS."""
    if ends is not None:
        more |= {"channel": "whatsapp", "last_inbound": ends - WINDOW}
    return row_view(Row(escalated(about, **more)), eyes(viewer))


WORDS: dict[str, tuple[Callable[[], object], object]] = {
    "urgent by word": (lambda: shown(urgency=Urgency.URGENT).urgency_words, "URGENT"),
    "urgent by shape": (lambda: shown(urgency=Urgency.URGENT).shape, "●"),
    "soon by shape": (lambda: shown(urgency=Urgency.SOON).shape, "▲"),
    "normal by shape": (lambda: shown().shape, "–"),
    "an alias and never an address": (lambda: shown().alias, escalated().alias),
    "the language in its own word": (lambda: shown(About(language="quc")).language, "K'iche'"),
    "a language that nobody knows": (lambda: shown(About()).language, "language unknown"),
    "a topic by its title": (lambda: shown().topic, "<services_health>"),
    "the town that was said": (lambda: shown(About(place=CHICAGO)).place, "Chicago, IL"),
    "no place": (lambda: shown().place, ""),
    "asked for a person": (lambda: shown().why, "asked for a person"),
    "not understood": (lambda: shown(About(cause=Cause.NOT_UNDERSTOOD)).why, "the bot did not understand twice"),
    "danger": (lambda: shown(About(cause=Cause.DANGER)).why, "words of danger"),
    "a cause of another version": (lambda: shown(About(cause="x")).why, "asked for a person"),
    "nobody waits": (lambda: shown().wait, None),
    "waiting since": (lambda: shown(waiting_since=NOW - 42 * 60).wait.words, "42 min"),
    "waiting since, exactly": (lambda: shown(waiting_since=NOW).wait.since, "2026-11-24T12:00:00Z"),
    "a closed one does not wait": (lambda: shown(waiting_since=NOW - 60, closed=NOW).wait, None),
    "SMS never closes": (lambda: shown().window, None),
    "WhatsApp, long open": (lambda: shown(ends=NOW + 5 * 3600).window.state, "open"),
    "WhatsApp, four hours are not under four": (lambda: shown(ends=NOW + 4 * 3600).window.state, "open"),
    "WhatsApp, under four hours": (lambda: shown(ends=NOW + 4 * 3600 - 1).window.state, "soon"),
    "WhatsApp, time left": (lambda: shown(ends=NOW + 11_400).window.words, "WhatsApp: 3 h 10 min left"),
    "WhatsApp, the last moment": (lambda: shown(ends=NOW).window.state, "closed"),
    "hers": (lambda: shown(claimed_by=7).mine, True),
    "another's is not hers": (lambda: shown(claimed_by=9).mine, False),
    "free to take": (lambda: shown().takeable, True),
    "not free when somebody has it": (lambda: shown(claimed_by=9).takeable, False),
    "not free when closed": (lambda: shown(closed=NOW).takeable, False),
    "not for a coordinator": (lambda: shown(viewer=COORDINATOR).takeable, False),
    "a coordinator reads no words": (lambda: shown(viewer=COORDINATOR).preview, None),
    "a coordinator sees the topic": (lambda: shown(viewer=COORDINATOR).topic, "<services_health>"),
    "a responder reads the words": (lambda: shown().preview, "necesito un doctor"),
    "a minor's words stay closed": (lambda: shown(About(topic="services_health", minor=True)).preview, None),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_a_row_shows(name: str) -> None:
    shows, wanted = WORDS[name]
    assert shows() == wanted


@pytest.mark.parametrize("topic", sorted(DISCREET_TOPICS))
def test_a_discreet_topic_is_told_without_its_words(topic: str) -> None:
    row = shown(About(topic=topic, language="es"))
    assert row.preview is None
    assert row.topic == f"<{topic}>"


def test_the_words_carry_the_language_of_their_message() -> None:
    said = Said(3, Author.FAMILY, NOW, "kwaj tob'anik", beside={"language": "quc"})
    assert row_view(Row(escalated(), said), eyes()).preview_lang == "quc"
    assert shown().preview_lang == "es"


def test_who_else_looks_is_told_by_name() -> None:
    def looking(*names: str) -> str:
        return row_view(Row(escalated()), replace(eyes(), others=lambda id: names)).looking

    assert (looking(), looking("Luis")) == ("", "Luis is looking at it")
    assert looking("Luis", "María") == "Luis, María are looking at it"


def test_a_voice_note_is_told_as_one() -> None:
    said = Said(3, Author.FAMILY, NOW, "", beside={"media": 1})
    assert row_view(Row(escalated(), said), eyes()).preview == "(a voice note or a photo)"


@given(st.text())
def test_a_preview_is_one_line_of_so_many_characters(text: str) -> None:
    cut = shortened(text)
    assert len(cut) <= LONGEST_PREVIEW
    assert "\n" not in cut
    assert cut == " ".join(text.split()) or cut.endswith("…")


SPANS = {
    -5: "< 1 min", 0: "< 1 min", 59: "< 1 min", 60: "1 min", 3599: "59 min", 3600: "1 h", 11_400: "3 h 10 min",
    86_399: "23 h 59 min", 90_060: "25 h", 172_800: "2 days",
}  # fmt: skip


@pytest.mark.parametrize(("seconds", "said"), SPANS.items(), ids=map(str, SPANS))
def test_how_long(seconds: int, said: str) -> None:
    assert span(english, seconds) == said


def test_how_long_ago() -> None:
    assert ago(english, 10) == "10 s ago"
    assert ago(english, 720) == "12 min ago"


def test_topics_have_the_titles_of_the_release() -> None:
    release = content.load()
    spanish, english_title = (title_in(release, language, english) for language in (Language.ES, Language.EN))
    assert spanish("agents_here_now") == "La migra está aquí"
    assert english_title("agents_here_now") == "Agents are here now"
    assert spanish("a_flow_that_went") == "a flow that went"
    assert spanish(None) == "No topic yet"


QUC_BY_SMS = Filters(language="quc", channel="sms", urgency=Urgency.SOON, alias="K7")


def test_an_address_says_a_tab_filters_and_a_page() -> None:
    said = asked(
        {"tab": "mine", "language": "quc", "channel": "sms", "urgency": "soon", "alias": "k7!", "page": "3", "x": "y"}
    )
    assert said == Asked(Tab.MINE, QUC_BY_SMS, 3)


@pytest.mark.parametrize(
    "wrong",
    [{"tab": "x"}, {"language": "fr"}, {"channel": "fax"}, {"urgency": "very"}, {"page": "-1"}, {"page": "²"}]
    + [{"page": "9" * 99}, {"page": "0"}, {"alias": "<%"}],
    ids=str,
)
def test_what_an_address_says_wrongly_is_left_out(wrong: dict[str, str]) -> None:
    assert asked(wrong) == Asked()


def test_a_link_says_what_was_asked() -> None:
    said = Asked(Tab.MINE, QUC_BY_SMS, 3)
    assert recalled(said.query(page=3)) == said
    assert recalled(said.query()) == Asked(Tab.MINE, QUC_BY_SMS), "another tab or filter begins at its first page"
    assert recalled(said.query(tab=Tab.TAKEN)).tab is Tab.TAKEN
    assert recalled(said.unfiltered()) == Asked(Tab.MINE)


def test_what_is_remembered_comes_back_without_the_person_and_the_page() -> None:
    assert recalled(Asked(Tab.MINE, QUC_BY_SMS, 3).remembered()) == Asked(Tab.MINE, replace(QUC_BY_SMS, alias=""))
    long = Asked(Tab.MINE, Filters(topic="ñ" * 64)).remembered()
    assert len(long) <= LONGEST_REMEMBERED and recalled(long).tab is Tab.MINE
