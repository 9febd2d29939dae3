"""QUE SABEN: two sentences that are true of this person now, which tell nothing to whoever else holds the phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot import content
from bot.engine.actions import Say
from bot.engine.advance import advance
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.reserved import Word, reserved
from bot.language import Language
from bot.message import Channel
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import from_environment
from bot.wording.gsm7 import segments
from tests.engine.scenes import CHICAGO, NOW, SCRIPT, at, flows_said, turn

RELEASE = content.load()
SETTINGS = from_environment({"ENVIRONMENT": "test"})
IN_TALK = at("violence_help", place=CHICAGO)

KNOWN = {
    "somebody who never wrote": (Session(), {}, "known_nothing"),
    "in the middle of something": (IN_TALK, {}, "known_talk"),
    "a day later, nothing is left": (Session(), {}, "known_nothing"),
    "an hour later, the topic is dropped": (replace(IN_TALK, updated=NOW - 3600), {}, "known_talk"),
    "a person may answer": (IN_TALK, {"escalated": True}, "known_person"),
    "a person may answer who never wrote today": (Session(), {"escalated": True}, "known_person"),
    "a person has answered": (IN_TALK, {"with_staff": True}, "known_person"),
    "nobody can look": (IN_TALK, {"blind": True}, "known_unsure"),
    "erased a moment ago, Twilio's copy waits": (Session(), {"erasing": True}, "known_erasing"),
    "one is known, of others nobody can tell": (IN_TALK, {"blind": True, "with_staff": True}, "known_person"),
}


def asked(**more: object) -> Turn:
    return turn(reserved=reserved("¿Qué saben de mí?", Channel.SMS), **more)


@pytest.mark.parametrize("name", KNOWN)
def test_the_answer_is_that_of_this_person(name: str) -> None:
    before, beside, notice = KNOWN[name]
    after, actions = advance(SCRIPT, before, asked(**beside), NOW)
    assert flows_said(actions) == [f"notices.{notice}"], "nothing beside it, no welcome either"
    assert after.at == (None if name == "an hour later, the topic is dropped" else before.at)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("notice", ["known_talk", "known_nothing", "known_person", "known_unsure", "known_erasing"])
def test_two_sentences_that_tell_neither_topic_nor_place(language: Language, channel: Channel, notice: str) -> None:
    session = replace(IN_TALK, language=language)
    (text,) = renderer(RELEASE, SETTINGS, session, channel, NOW).reply([Say("notices", notice)]).texts
    said = text.splitlines()[-1]
    assert len(re.findall(r"[.!?](?= |$)", said)) == 2, said
    assert ("BORRAR" in said or "DELETE" in said) == (notice != "known_erasing")
    assert "Twilio" in said and "WhatsApp" in said
    telling = (
        "Chicago",
        "60629",
        "IL",
        "violen",
        "pareja",
        "partner",
        RELEASE.script.flows["violence_help"].title.english,
    )
    assert [word for word in telling if word in said] == []
    if channel is Channel.SMS:
        assert segments(text) <= (3 if language is Language.QUC else 2)


def test_what_it_promises_is_the_table_of_retention() -> None:
    """Three days: a session or a reply of its day's first minute, its backstop of twice the time, and the day itself."""
    from bot.privacy import RETENTION

    assert RETENTION["session"] == RETENTION["stored reply"] == timedelta(days=1)
    assert (RETENTION["closed escalation"], RETENTION["escalation"]) == (timedelta(days=7), timedelta(days=30))


ASKED = {
    "QUE SABEN": Language.ES, "¿Qué saben de mí?": Language.ES, "que sabe de mi": Language.ES,
    "que saben sobre mi": Language.ES, "¿qué guardan de mí?": Language.ES, "Que datos tienen de mi": Language.ES,
    "What do you know?": Language.EN, "what do you know about me": Language.EN, "what do you keep about me": Language.EN,
    "What data do you have on me?": Language.EN,
}  # fmt: skip
OTHERS = ("que saben de mi hijo", "que saben de la migra", "que saben de mi caso", "what do you know about ice",
          "what do you do", "sabe", "que", "what do you keep about my son")  # fmt: skip


@pytest.mark.parametrize("channel", Channel)
def test_how_it_is_asked(channel: Channel) -> None:
    for text, language in ASKED.items():
        found = reserved(text, channel)
        assert found and (found.word, found.language) == (Word.KNOWN, language), text
    assert [text for text in OTHERS if reserved(text, channel)] == []
