"""The figures of the report, on judgements that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from reporting.figures import (
    Share,
    bot_figures,
    calibration_error,
    confusions,
    elsewhere_figures,
    language_figures,
    macro_f1,
    model_figures,
    percentile,
)
from reporting.floors import worse
from reporting.judged import Heard, Judged, Outcome, Topics

TOPICS = Topics(
    groups={"conversation": ("greet", "out_of_scope"), "urgent": ("danger",), "rights": ("visa", "permit")},
    flows={"greet": "greet", "out_of_scope": "elsewhere", "danger": "danger", "visa": "papers", "permit": "papers"},
    urgent_flows=frozenset({"danger", "any_danger"}),
)
NOTHING = Outcome()


def said(intent: str, best: str, confidence: float = 0.9, second: str = "none") -> Judged:
    """A judgement of the model alone."""
    ranking = ((best, confidence), (second, 1 - confidence)) if best else ()
    return Judged("es", intent, ranking, False, NOTHING, NOTHING)


def done(
    intent: str, flow: str | None = None, *options: str, phrase: bool = False, without: str | None = None
) -> Judged:
    """A judgement of what the bot does. ``without``: the flow that it would answer with if there were no phrases."""
    return Judged("es", intent, (), phrase, Outcome(without), Outcome(flow, options))


# danger: precision 1/2, recall 1/2; greet: precision 1/2, recall 1/2.
HALF_RIGHT = [
    said("danger", "danger", 0.9),
    said("danger", "greet", 0.6, second="danger"),
    said("greet", "danger", 0.55),
    said("greet", "greet", 0.95),
]


@pytest.mark.parametrize(
    ("judged", "f1"),
    [
        pytest.param(HALF_RIGHT, 0.5, id="half of two intents"),
        pytest.param(
            [said("greet", "greet"), said("visa", "greet")], (2 / 3 + 0) / 2, id="an intent never said counts"
        ),
        pytest.param(
            [said("greet", "visa"), said("greet", "greet")], 2 / 3, id="an intent that does not occur does not"
        ),
        pytest.param([said("greet", "")], 0, id="nothing understood"),
        pytest.param([], 0, id="no messages"),
    ],
)
def test_macro_f1(judged: list[Judged], f1: float) -> None:
    assert macro_f1(judged) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("judged", "error"),
    [
        # 0.9 and 0.95 share a bin: |1.85 - 2|; 0.6: |0.6 - 0|; 0.55: |0.55 - 0|; all over four messages.
        pytest.param(HALF_RIGHT, (0.15 + 0.6 + 0.55) / 4, id="four messages in three bins"),
        pytest.param([said("greet", "greet", 0.5), said("greet", "visa", 0.5)], 0, id="half sure, half right"),
        pytest.param([said("greet", "greet", 1.0)], 0, id="quite sure belongs to the last bin"),
        pytest.param([said("greet", "visa", 0.31), said("greet", "greet", 0.69)], 0.31, id="errors of two bins add up"),
        pytest.param([said("greet", "")], 0, id="nothing understood, at no confidence"),
        pytest.param([], 0, id="no messages"),
    ],
)
def test_calibration_error(judged: list[Judged], error: float) -> None:
    assert calibration_error(judged) == pytest.approx(error)


def test_the_model_alone() -> None:
    figures = model_figures(HALF_RIGHT)
    assert (figures.accuracy, figures.first_three) == (Share(2, 4), Share(3, 4))
    assert figures.confusions == (("danger", "greet", 1), ("greet", "danger", 1))
    assert model_figures([]).accuracy == Share(0, 0) and Share(0, 0).value == 0


def test_the_most_frequent_confusions_come_first() -> None:
    judged = [said("visa", "permit"), said("greet", "visa"), said("visa", "permit"), said("greet", "greet")]
    assert confusions(judged) == (("visa", "permit", 2), ("greet", "visa", 1))
    assert confusions(judged, most=1) == (("visa", "permit", 2),)


BOT = {
    "urgent_recall": ([done("danger", "danger"), done("danger", "any_danger"), done("danger", "papers")], Share(2, 3)),
    "urgent_right": ([done("danger", "danger"), done("danger", "any_danger"), done("greet", "greet")], Share(1, 2)),
    "by_phrases": ([done("danger", "danger", phrase=True), done("danger"), done("greet", phrase=True)], Share(1, 2)),
    "by_model": ([done("danger", "danger", without="danger"), done("danger", "danger", phrase=True)], Share(1, 2)),
    "offered_first": ([done("danger", None, "danger", "papers"), done("danger", None, "papers", "danger")], Share(1, 2)),
    "false_urgent": ([done("greet", "danger"), done("visa", "any_danger"), done("visa", "papers")], Share(2, 3)),
    "answered_right": ([done("visa", "papers"), done("permit", "papers"), done("greet", "papers"), done("greet")], Share(2, 4)),
    "asked_back": ([done("visa", None, "greet"), done("visa", "papers"), done("visa")], Share(1, 3)),
    "asked_right": ([done("permit", None, "greet", "papers"), done("greet", None, "papers"), done("greet")], Share(1, 3)),
    "unanswered": ([done("visa"), done("visa", None, "greet"), done("visa", "greet")], Share(1, 3)),
    "right_when_answered": ([done("visa", "papers"), done("visa", "greet"), done("visa"), done("visa", None, "papers")], Share(1, 2)),
    "wrong_topic": ([done("out_of_scope", "elsewhere"), done("out_of_scope", "papers"), done("out_of_scope")], Share(1, 3)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOT)
def test_what_the_bot_does(name: str) -> None:
    judged, expected = BOT[name]
    assert getattr(bot_figures(judged, TOPICS), name) == expected
    assert getattr(bot_figures([], TOPICS), name) == Share(0, 0), "a language without messages breaks nothing"


def test_the_language() -> None:
    heard = [
        Heard("es", 5, "es", "es"),
        Heard("es", 4, "es", "quc"),
        Heard("es", 3, "en", "en"),
    ]
    figures = language_figures(heard)
    assert (figures.told, figures.told_long) == (Share(2, 3), Share(2, 2))
    assert (figures.bare, figures.bare_long) == (Share(1, 3), Share(1, 2))
    assert language_figures([]).told == Share(0, 0)


@pytest.mark.parametrize(
    ("language", "foreign", "kiche"),
    [
        pytest.param("mam", Share(1, 2), Share(1, 2), id="one language"),
        pytest.param("por", Share(1, 1), Share(0, 1), id="another one"),
        pytest.param("", Share(2, 3), Share(1, 3), id="all of them"),
        pytest.param("fra", Share(0, 0), Share(0, 0), id="none of this one"),
    ],
)
def test_languages_that_the_service_does_not_speak(language: str, foreign: Share, kiche: Share) -> None:
    heard = [Heard("mam", 4, "mayan", "mayan"), Heard("mam", 4, "quc", "quc"), Heard("por", 4, "other", "other")]
    figures = elsewhere_figures(heard, language, ("es", "quc"))
    assert figures.foreign == foreign
    assert figures.taken == {"es": Share(0, foreign.whole), "quc": kiche}


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [(range(1, 101), 95, 95), (range(1, 101), 99, 99), ([3.0, 1.0, 2.0], 50, 2.0), ([7.0], 99, 7.0), ([], 50, 0.0)],
)
def test_percentiles(values: Any, percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


@pytest.mark.parametrize(
    ("name", "value", "is_worse"),
    [
        ("macro_f1", 0.79, True),
        ("macro_f1", 0.8, False),
        ("false_urgent_most", 0.81, True),
        ("false_urgent_most", 0.8, False),
    ],
)
def test_a_floor_may_be_a_ceiling(name: str, value: float, is_worse: bool) -> None:
    assert worse(name, value, 0.8) is is_worse
