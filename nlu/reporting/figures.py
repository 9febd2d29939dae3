"""What the judgements come to. Pure: no IO, no clock, no rounding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reporting.judged import Heard, Judged, Topics

BINS = 10
"""Of the confidence, for the calibration error: 0 to 0.1, 0.1 to 0.2 ..."""
LONG = 4
"""Words from which on a message has enough of a language to be told by."""
MAYAN, OTHER = "mayan", "other"
"""What the model calls languages that the service does not speak."""
_OUT_OF_SCOPE = "out_of_scope"

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """From 0 to 1; 0 of nothing is 0."""
        return self.part / self.whole if self.whole else 0.0


def share(items: Iterable[Each], holds: Callable[[Each], bool]) -> Share:
    """How many of these it holds for."""
    answers = [bool(holds(item)) for item in items]
    return Share(sum(answers), len(answers))


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """The model by itself. A confusion is: intent, what it was taken for, how often."""

    accuracy: Share
    first_three: Share
    macro_f1: float
    calibration_error: float
    confusions: tuple[tuple[str, str, int], ...]


def model_figures(judged: Sequence[Judged]) -> ModelFigures:
    """How well the likeliest intent fits."""
    return ModelFigures(
        accuracy=share(judged, lambda each: each.best == each.intent),
        first_three=share(judged, lambda each: each.intent in [name for name, _ in each.ranking[:3]]),
        macro_f1=macro_f1(judged),
        calibration_error=calibration_error(judged),
        confusions=confusions(judged),
    )


def macro_f1(judged: Iterable[Judged]) -> float:
    """Mean over the intents that occur of the harmonic mean of precision and recall."""
    pairs = Counter((each.intent, each.best) for each in judged)
    meant: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for (intent, best), times in pairs.items():
        meant[intent] += times
        said[best] += times
    return sum(2 * pairs[name, name] / (meant[name] + said[name]) for name in meant) / len(meant) if meant else 0.0


def calibration_error(judged: Sequence[Judged]) -> float:
    """How far confidence and truth lie apart, in the mean: per bin |share right - mean confidence|, by its messages."""
    bins: dict[int, list[Judged]] = {}
    for each in judged:
        bins.setdefault(min(int(each.confidence * BINS), BINS - 1), []).append(each)
    apart = (abs(sum((each.best == each.intent) - each.confidence for each in part)) for part in bins.values())
    return sum(apart) / len(judged) if judged else 0.0


def confusions(judged: Iterable[Judged], most: int = 10) -> tuple[tuple[str, str, int], ...]:
    """The pairs that are taken for one another most often."""
    pairs = Counter((each.intent, each.best) for each in judged if each.best != each.intent)
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((intent, best, times) for (intent, best), times in ordered[:most])


@dataclass(frozen=True, slots=True)
class BotFigures:
    """What a family would notice. The first five are of urgent messages, ``false_urgent`` of all others.

    ``urgent_right``: answered with its own flow, not only with an urgent one. ``by_phrases`` and ``by_model``: urgent
    recall if there were only these. ``asked_right``: asked back, and the right one stands among what is offered.
    ``unanswered``: neither answered nor asked back. ``wrong_topic``: messages about nothing of ours that get an answer
    about something.
    """

    urgent_recall: Share
    urgent_right: Share
    by_phrases: Share
    by_model: Share
    offered_first: Share
    false_urgent: Share
    answered_right: Share
    asked_back: Share
    asked_right: Share
    unanswered: Share
    right_when_answered: Share
    wrong_topic: Share


def bot_figures(judged: Sequence[Judged], topics: Topics) -> BotFigures:
    """What phrases, model, thresholds and rules do together."""
    urgent = [each for each in judged if each.intent in topics.urgent]
    others = [each for each in judged if each.intent not in topics.urgent]
    answered = [each for each in judged if each.outcome.flow]
    astray = [each for each in judged if each.intent == _OUT_OF_SCOPE]
    alarms = topics.urgent_flows
    return BotFigures(
        urgent_recall=share(urgent, lambda each: each.outcome.flow in alarms),
        urgent_right=share(urgent, lambda each: _right(each, topics)),
        by_phrases=share(urgent, lambda each: each.phrase),
        by_model=share(urgent, lambda each: each.without_phrases.flow in alarms),
        offered_first=share(urgent, lambda each: bool(alarms.intersection(each.outcome.options[:1]))),
        false_urgent=share(others, lambda each: each.outcome.flow in alarms),
        answered_right=share(judged, lambda each: _right(each, topics)),
        asked_back=share(judged, lambda each: each.outcome.asked),
        asked_right=share(judged, lambda each: topics.flows.get(each.intent) in each.outcome.options),
        unanswered=share(judged, lambda each: not each.outcome.flow and not each.outcome.asked),
        right_when_answered=share(answered, lambda each: _right(each, topics)),
        wrong_topic=share(astray, lambda each: bool(each.outcome.flow) and not _right(each, topics)),
    )


def _right(each: Judged, topics: Topics) -> bool:
    return each.outcome.flow is not None and each.outcome.flow == topics.flows.get(each.intent)


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """Messages whose language is told right: all, those of ``LONG`` words or more, and both without apostrophes."""

    told: Share
    told_long: Share
    bare: Share
    bare_long: Share


def language_figures(heard: Sequence[Heard]) -> LanguageFigures:
    """Of messages in languages that the service speaks."""
    long = [each for each in heard if each.words >= LONG]
    return LanguageFigures(
        told=share(heard, lambda each: each.told == each.language),
        told_long=share(long, lambda each: each.told == each.language),
        bare=share(heard, lambda each: each.told_bare == each.language),
        bare_long=share(long, lambda each: each.told_bare == each.language),
    )


@dataclass(frozen=True, slots=True)
class ElsewhereFigures:
    """Messages of one language that the service does not speak: known as foreign, or taken for one of the three."""

    language: str
    foreign: Share
    taken: dict[str, Share]


def elsewhere_figures(heard: Sequence[Heard], language: str, spoken: Iterable[str]) -> ElsewhereFigures:
    """Of the messages in this language; an empty ``language`` is all of them."""
    mine = [each for each in heard if language in ("", each.language)]
    taken = {name: share(mine, lambda each, name=name: each.told == name) for name in spoken}  # type: ignore[misc]
    return ElsewhereFigures(language, share(mine, lambda each: each.told in (MAYAN, OTHER)), taken)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that so many percent of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(math.ceil(percent * len(ordered) / 100), 1) - 1] if ordered else 0.0
