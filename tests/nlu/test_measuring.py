"""How the report reads what the bot does, with the real content and a model that says what it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from reporting.asking import without_apostrophes
from reporting.held_out import Message, read_messages, read_other_languages
from reporting.judged import Outcome
from reporting.measuring import Bot, read_topics

from bot import content
from bot.intents.intent import Intent, Understanding
from bot.settings import REPOSITORY

RELEASE = content.load()
WORDS = "palabras que no dicen nada aqui"


class Told:
    """A model that understands every message so."""

    def __init__(self, *ranking: tuple[str, float], foreign: float = 0.0) -> None:
        self.understanding = Understanding(tuple(Intent(*each) for each in ranking), (), foreign)

    def parse(self, text: str, timeout: float | None = None) -> Understanding:
        return self.understanding


def outcome(model: Told, text: str = WORDS) -> Outcome:
    """What the bot does about this text as somebody's first message."""
    return Bot(RELEASE, model).judge(Message("es", "greet", text)).outcome


@pytest.mark.parametrize(
    ("model", "text", "expected"),
    [
        pytest.param(Told(("asylum", 0.9)), WORDS, Outcome("asylum"), id="an intent that is sure"),
        pytest.param(Told(("trafficking", 0.9)), WORDS, Outcome("trafficking"), id="a flow that begins with a branch"),
        pytest.param(Told(("services_legal", 0.9)), WORDS, Outcome("services_legal"), id="a service, no place"),
        pytest.param(Told(("services_legal", 0.9)), "abogado en 60629 por favor", Outcome("services_legal"), id="a service and a place"),
        pytest.param(Told(), WORDS, Outcome(), id="not understood"),
        pytest.param(Told(("greet", 0.9), foreign=0.9), WORDS, Outcome(), id="another language"),
        pytest.param(Told(), "English", Outcome("change_language"), id="the name of a language"),
        pytest.param(Told(("out_of_scope", 0.9)), WORDS, Outcome("out_of_scope"), id="nothing of ours"),
    ],
)  # fmt: skip
def test_what_the_bot_does(model: Told, text: str, expected: Outcome) -> None:
    assert outcome(model, text) == expected


def test_asked_back() -> None:
    asked = outcome(Told(("asylum", 0.2), ("home_visit", 0.15)))
    assert asked.flow is None and asked.asked and set(asked.options) == {"asylum", "home_visit"}


def test_phrases_and_the_model_are_told_apart() -> None:
    message = Message("es", "agents_here_now", "la migra esta en mi puerta")
    judged = Bot(RELEASE, Told(("greet", 0.9), ("danger_now", 0.05))).judge(message)
    assert judged.phrase and judged.outcome == Outcome("agents_here_now") and judged.without_phrases == Outcome("greet")
    doubted = Bot(RELEASE, Told(("greet", 0.99))).judge(message)
    assert doubted.phrase and doubted.outcome.options == ("agents_here_now", "greet")
    assert (judged.best, judged.confidence) == ("greet", 0.9)
    assert not Bot(RELEASE, Told()).judge(Message("es", "greet", WORDS)).phrase


def test_topics() -> None:
    topics = read_topics(REPOSITORY / "nlu", RELEASE.script)
    assert "danger_now" in topics.urgent and "home_visit" in topics.groups["rights"]
    assert {topics.flows[intent] for intent in topics.urgent} <= topics.urgent_flows


def test_held_out_messages_and_their_language(tmp_path: Path) -> None:
    (tmp_path / "es.tsv").write_text("intent\ttext\tlanguage\ngreet\thola\nout_of_scope\tbom dia\tpor\n\n", "utf-8")
    (tmp_path / "en.tsv").write_text("intent\ttext\tlanguage\n", "utf-8")
    (tmp_path / "quc.tsv").write_text("intent\ttext\tes\tbasis\ngreet\tsaqirik\tbuenos días\twords\n", "utf-8")
    (tmp_path / "languages.tsv").write_text("language\ttext\tsource\nmam\tjun\tbook\n", "utf-8")
    assert [(m.language, m.intent, m.text, m.foreign) for m in read_messages(tmp_path)] == [
        ("es", "greet", "hola", False),
        ("es", "out_of_scope", "bom dia", True),
        ("quc", "greet", "saqirik", False),
    ]
    assert [(m.language, m.text) for m in read_other_languages(tmp_path)] == [("mam", "jun")]
    assert "hola" not in repr(read_messages(tmp_path)), "a failing test must not show a text"


@pytest.mark.parametrize("mark", "'`´ʹʻʼʽˈ‘’‛′Ꞌꞌ＇")
def test_every_apostrophe_goes(mark: str) -> None:
    assert without_apostrophes(f"K{mark}o ri, ¿ÑANDÚ? {mark}") == "Ko ri, ¿ÑANDÚ? "
