"""The trained model and the rules of the bot understand at least as well as what nlu/floors.yml records."""

from __future__ import annotations

import pytest
from fingerprint import model_path
from reporting.asking import Server
from reporting.floors import CEILING, watched, worse
from reporting.judged import Measured
from reporting.measuring import measure

from bot import content
from tests.nlu.conftest import NLU
from tests.servers import Rasa

# Some four thousand messages are asked before the first test.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FLOORS = content.read_yaml(NLU / "floors.yml")


@pytest.fixture(scope="module")
def measured(rasa: Rasa) -> Measured:
    """The judgements that `make nlu-report` writes about."""
    return measure(content.load(), NLU, Server(rasa.url, rasa.token, model_path().name))


@pytest.mark.parametrize(("language", "name"), [(language, name) for language in FLOORS for name in FLOORS[language]])
def test_no_figure_is_worse_than_its_floor(measured: Measured, language: str, name: str) -> None:
    value, floor = watched(measured, language)[name], FLOORS[language][name]
    bound = "at most" if name.endswith(CEILING) else "at least"
    assert not worse(name, value, floor), f"{name} of {language} is {value:.4f}, and should be {bound} {floor}"


def test_every_watched_figure_has_a_floor(measured: Measured) -> None:
    assert {language: set(floors) for language, floors in FLOORS.items()} == {
        language: set(watched(measured, language)) for language in ("es", "en", "quc")
    }
