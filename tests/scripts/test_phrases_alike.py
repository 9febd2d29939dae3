"""Sentences to learn from: which are one, which are too much like another topic's, where there are few."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.scrub import GAP
from bot.scripts.phrases import Learned, alike, fold, read_learned, thin, without_gaps
from bot.settings import REPOSITORY
from bot.store.phrases_learned import every_language, learned, topics

LEARNED = [
    Learned("es", topic, text, fold(text))
    for topic, text in (
        ("home_visit", "que hago si viene la migra a mi casa"),
        ("greet", "hola"),
        ("street_stop", "me pararon en la calle y no traigo papeles"),
    )
]


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("Que hago, si viene la migra a mi casa!", "street_stop", ("home_visit", True)),
        ("que ago si biene la migra a mi casa", "street_stop", ("home_visit", False)),
        ("que ago si biene la migra a mi casa", "home_visit", None),
        ("hola", "menu", ("greet", True)),
        ("holas", "menu", None),
        ("necesito pañales para mi bebe", "services_basic_needs", None),
    ],
    ids=["the same", "nearly", "of its own topic", "one word, the same", "one word, nearly", "nothing like it"],
)
def test_what_is_like_one_of_another_topic(text: str, topic: str, found: tuple[str, bool] | None) -> None:
    near = alike(text, topic, LEARNED)
    assert (near and (near.learned.topic, near.same)) == found


@given(st.lists(st.text(alphabet="abc éñ'¿", min_size=1, max_size=8), min_size=1, max_size=5))
def test_a_gap_changes_nothing_about_which_sentence_it_is(words: list[str]) -> None:
    text = " ".join(words)
    assert fold(f" {GAP} ".join(words)) == fold(text)
    assert GAP not in without_gaps(f" {GAP} ".join(words))


def test_few_sentences_are_told_the_fewest_first() -> None:
    counts = {
        ("tps", "es"): 10,
        ("tps", "en"): 70,
        ("tps", "quc"): 14,
        ("danger_now", "es"): 139,
        ("danger_now", "en"): 140,
    }
    found = thin(counts, ["danger_now"], ["tps", "danger_now"])
    assert [(each.topic, each.language, each.count, each.enough) for each in found] == [
        ("danger_now", "quc", 0, 15),
        ("tps", "es", 10, 70),
        ("tps", "quc", 14, 15),
        ("danger_now", "es", 139, 140),
    ]


def test_the_files_are_read_as_the_model_reads_them(monkeypatch) -> None:
    """Line by line here, as YAML there: the same sentences under the same topics."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "nlu"))
    from sentences import _sentences

    from bot.content import read_yaml

    for name in ("greet", "child_alone", "tps"):
        path = REPOSITORY / "nlu" / "data" / "quc" / f"{name}.yml"
        theirs = [
            (each.intent, each.text)
            for group in read_yaml(path)["nlu"]
            for each in _sentences(group, str(path), "quc", [])
        ]
        assert [(each.topic, each.text) for each in read_learned("quc", path.read_text("utf-8"))] == theirs
    sys.modules.pop("sentences", None)


def test_every_topic_has_sentences_in_every_language() -> None:
    for language in every_language():
        assert {each.topic for each in learned(language)} == set(topics())
