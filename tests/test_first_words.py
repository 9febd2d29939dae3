"""The first message of each flow, as families write it: it stands in three languages, and the trained model takes it to its flow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from bot import content
from bot.cli_documents import FIRST_WORDS, first_words
from bot.language import Language
from bot.saved import SavedTurn, numbers_in
from bot.scripts.first_messages import BY_ENGINE
from tests.phone import Phone
from tests.servers import Rasa

FLOWS = content.load().script.flows
WORDS = first_words()
# The engine hears these without words: a recording, a bare number, and the number that is offered to whom it did not understand.
WORDLESS = ("voice_note", "lost_place", "keep_my_words")
ASKED = [flow.name for flow in FLOWS.values() if flow.intents]
SAID_BY_ENGINE = [name for name in BY_ENGINE if name not in WORDLESS]


@pytest.mark.parametrize("flow", [*ASKED, *SAID_BY_ENGINE])
def test_every_flow_that_a_message_starts_has_one_in_each_language(flow: str) -> None:
    said = WORDS.get(flow, {})
    missing = [language for language in Language if not said.get(language, "").strip()]
    assert not missing, f"{FIRST_WORDS}: write a first message for {flow} in {', '.join(missing)}"


def test_no_two_flows_begin_alike_and_nobody_s_number_is_in_them() -> None:
    texts = [text for said in WORDS.values() for text in said.values()]
    assert len(texts) == len(set(texts))
    assert numbers_in([SavedTurn(text, "", None) for text in texts]) == ()
    assert all(len(text) <= 80 for text in texts), "short, as people write"


@pytest.mark.slow
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("flow", ASKED)
def test_the_model_takes_it_there(flow: str, language: Language, app_with: Callable[..., Flask], rasa: Rasa) -> None:
    client = app_with(RASA_URL=rasa.url, RASA_TOKEN=rasa.token).test_client()
    phone = Phone(client, "sms")
    text = WORDS[flow][language]
    answer = phone.send(text)
    assert phone.explain["flow"] == flow, f"{text!r} is answered by {phone.explain}: {answer[:80]}"
    assert phone.explain["language"] == language, f"{text!r} is answered in {phone.explain['language']}"
