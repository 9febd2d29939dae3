"""The offer to leave a question, where nobody understood twice, costs no SMS more than the answer in whose place it stands."""

from __future__ import annotations

import pytest

from bot.engine.actions import Ask, Say
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.message import Channel
from bot.scripts.reply import renderer
from bot.session import Session
from bot.wording.gsm7 import segments
from tests.engine.scenes import CHICAGO, XELA
from tests.wording.test_render import DEVELOPMENT, NOON, RELEASE

SECOND, LEARN = ("second", "learn")
AGAIN = ("place_unknown", "place_unknown_abroad", "place_state", "place_person", "digit_unknown")


def cost(language: Language, place: str | None, back: bool, step: str, notice: str | None) -> int:
    said = Say(NOTICES, notice) if notice else Say("not_understood", step)
    made = renderer(RELEASE, DEVELOPMENT, Session(language=language, place=place), Channel.SMS, NOON.timestamp())
    return sum(segments(text) for text in made.reply([said, Ask("not_understood", step, back=back)]).texts)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("notice", [None, *AGAIN])
def test_no_sms_more(language: Language, notice: str | None) -> None:
    for place in (None, CHICAGO, XELA):
        for back in (False, True):
            asked = (language, place, back)
            assert cost(*asked, LEARN, notice) <= cost(*asked, SECOND, notice), asked
