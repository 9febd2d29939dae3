"""What is said about Twilio's copy: true with a key to delete there and without, in three languages, and short."""

from __future__ import annotations

import pytest

from bot.engine.actions import Ask, Say
from bot.engine.walk import NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.reply import renderer
from bot.session import Session
from bot.wording.fields import longest_carrier_keeps
from bot.wording.gsm7 import segments
from tests.wording.test_render import DEVELOPMENT, NOON, RELEASE

WITH_A_KEY = replace(DEVELOPMENT, twilio_api_key="SK1", twilio_api_secret="of-nobody")
SAID = {
    Language.ES: ("400 días o más", "como un día; en sus archivos, 4 meses"),
    Language.EN: ("400 days or more", "about a day; in its files, some 4 months"),
    Language.QUC: ("400 días o más", "como un día; en sus archivos, 4 meses"),
}
SENTENCES: dict[str, list[Say | Ask]] = {
    "privacy": [Say("privacy", "first"), Ask("privacy", "first")],
    "erased": [Say(NOTICES, "erased")],
}


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("language", Language)
def test_it_is_said_as_it_is_in_this_installation(language: Language, sentence: str) -> None:
    kept, deleted = SAID[language]
    for settings, said, unsaid in ((DEVELOPMENT, kept, deleted), (WITH_A_KEY, deleted, kept)):
        made = renderer(RELEASE, settings, Session(language=language), Channel.WHATSAPP, NOON.timestamp())
        text = "\n".join(made.reply(SENTENCES[sentence]).texts)
        assert f"Twilio{' for' if language is Language.EN else ','} {said}." in text and unsaid not in text


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("language", Language)
def test_it_is_short(language: Language, sentence: str) -> None:
    for settings in (DEVELOPMENT, WITH_A_KEY):
        made = renderer(RELEASE, settings, Session(language=language), Channel.SMS, NOON.timestamp())
        assert sum(segments(text) for text in made.reply(SENTENCES[sentence]).texts) <= (
            3 if language is Language.QUC else 2
        )
        assert longest_carrier_keeps(language) in SAID[language]
