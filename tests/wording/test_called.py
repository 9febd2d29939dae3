"""Names of organizations as families read them: whole where there is room, else the part that a volunteer meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from bot.engine.actions import Ask, Say
from bot.language import Language
from bot.message import Channel
from bot.scripts.longest import longest_voice
from bot.wording.called import LONGEST_NAME, called
from bot.wording.gsm7 import segments
from bot.wording.render import Renderer

RELEASE = content.load()
# Names as organizations write them, the network's and others'.
NAMES = {
    "short": ("Voces de la Frontera", "Voces de la Frontera"),
    "to the letter": ("una red de organizaciones comunitarias", "una red de organizaciones comunitarias"),
    "the long form in brackets": ("CARECEN SF (Central American Resource Center of Northern California)", "CARECEN SF"),
    "the short form in brackets": ("Chicago Religious Leadership Network on Latin America (CRLN)", "CRLN"),
    "brackets, then a town": ("COPAL (Comunidades Organizando el Poder y la Acción Latina) - Minneapolis", "COPAL"),
    "a slash": ("CHIRLA / Los Angeles Rapid Response Network", "CHIRLA"),
    "a dash": ("Colorado Immigrant Rights Coalition - Rapid Response", "Colorado Immigrant Rights Coalition"),
    "a comma": ("Casa de los Niños, centro de acogida y defensa", "Casa de los Niños"),
    "words": ("Albergue Jesús el Buen Pastor del Pobre y el Migrante", "Albergue Jesús el Buen Pastor"),
    "small words at the end": ("Centro Comunitario de Derechos de los Inmigrantes de San José", "Centro Comunitario de Derechos"),
    "a hyphen inside a word": ("Centro Guatemalteco-Americano de Ayuda Legal Gratuita", "Centro Guatemalteco-Americano de Ayuda"),
    "one word": ("x" * 50, "x" * LONGEST_NAME),
    "blanks": ("  Casa   del Sol ", "Casa del Sol"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "short"), NAMES.values(), ids=NAMES)
def test_what_families_read(name: str, short: str) -> None:
    assert called(name) == short


@given(st.text(st.sampled_from("abáñ -/(),.:'"), min_size=1, max_size=80))
def test_never_longer_and_never_nothing(name: str) -> None:
    assert len(called(name)) <= LONGEST_NAME
    assert called(name) or not name.strip()
    assert called(called(name)) == called(name)


@pytest.mark.parametrize("step", ["consent", "consent_child"])
@pytest.mark.parametrize("language", Language)
def test_the_question_before_a_person_reads_along_has_room_for_it(language: Language, step: str) -> None:
    voice = longest_voice(RELEASE, language, Channel.SMS)
    text = "".join(Renderer(RELEASE.script, voice, Channel.SMS).reply([Say("human", step), Ask("human", step)]).texts)
    assert "x" * LONGEST_NAME in text
    assert segments(text) <= (3 if language is Language.QUC else 2)
