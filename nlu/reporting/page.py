"""The report as Markdown, and the few lines of it that the terminal shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reporting.figures import (
    BINS,
    LONG,
    Share,
    bot_figures,
    elsewhere_figures,
    language_figures,
    model_figures,
)
from reporting.floors import CEILING, watched
from reporting.judged import Measured
from reporting.serving import WARM_UPS, Serving

TITLES = {"es": "Spanish", "en": "English", "quc": "K'iche' (written by non-speakers)"}
COMMAND = "make nlu-report"
PICTURE = "nlu-confusions.svg"

_MEANING = {
    "urgent_recall": "urgent messages answered with an urgent flow",
    "urgent_right": "... with the flow of their own intent",
    "by_phrases": "... if there were only the urgent phrases",
    "by_model": "... if there were only the model, at its thresholds",
    "offered_first": "urgent messages asked back, an urgent flow first",
    "false_urgent": "other messages answered with an urgent flow",
    "answered_right": "answered with the right flow",
    "asked_right": "asked back, the right flow among what is offered",
    "asked_back": "asked back in all",
    "unanswered": "neither answered nor asked back",
    "right_when_answered": "right, of those that were answered",
    "wrong_topic": "about nothing of ours, answered with some topic",
}


@dataclass(frozen=True, slots=True)
class About:
    """What the figures are of: the day, the model, and how many sentences it learned from in each language."""

    day: date
    model: str
    sentences: Mapping[str, int]


def page(measured: Measured, serving: Serving, about: About) -> str:
    """The whole report."""
    figures = (_model(measured), _bot(measured), _language(measured), _serving(serving), _confused(measured))
    return "\n".join(line for part in (_head(about), *figures) for line in part)


def summary(measured: Measured) -> str:
    """The watched figures, a line for each, a column for each language."""
    columns = {language: watched(measured, language) for language in TITLES}
    lines = [f"{'':26}" + "".join(f"{language:>8}" for language in columns)]
    for name in columns["es"]:
        values = "".join(f"{values[name]:8.3f}" for values in columns.values())
        lines.append(f"{name.removesuffix(CEILING).replace('_', ' '):26}{values}")
    return "\n".join([*lines, "quc was written by non-speakers."])


def _head(about: About) -> Iterator[str]:
    counts = ", ".join(f"{about.sentences[language]} in {_short(language)}" for language in TITLES)
    yield from (
        "# How well messages are understood",
        "",
        f"Written by `{COMMAND}` on {about.day}. Model `{about.model}`, trained on {counts}.",
        "",
        "The held-out messages were written for this test, by other hands than the training sentences, and not by",
        "families; those in K'iche' were written by non-speakers. Expect less from real messages. No text of them",
        "stands here: what has been read is no test any more. `nlu/floors.yml` holds the figures below which",
        "`make test` fails.",
        "",
    )


def _model(measured: Measured) -> Iterator[str]:
    yield from ("## The model alone", "", "The likeliest intent of the model, however sure it is.", "")
    yield from _heading("language", "messages", "accuracy", "right among first 3", "macro-F1", "calibration error")
    for language, title in TITLES.items():
        mine = [each for each in measured.judged if each.language == language]
        figures = model_figures(mine)
        told = (_percent(figures.accuracy), _percent(figures.first_three))
        yield _row(title, str(len(mine)), *told, f"{figures.macro_f1:.3f}", f"{figures.calibration_error:.3f}")
    yield from (
        "",
        "*Macro-F1*: every intent counts the same, however many messages it has. *Calibration error*: how far the",
        f"confidence lies from the share that is right, in the mean over {BINS} equal steps of confidence.",
        "",
    )


def _bot(measured: Measured) -> Iterator[str]:
    yield from (
        "## What the bot does",
        "",
        "Each message as somebody's first one: urgent phrases, then the model with the thresholds of",
        "`bot/intents/thresholds.py`, then the rules of `bot/engine`.",
        "",
    )
    figures = [
        bot_figures([each for each in measured.judged if each.language == language], measured.topics)
        for language in TITLES
    ]
    yield from _heading("of the messages", *TITLES.values())
    for name, meaning in _MEANING.items():
        yield _row(meaning, *(_counted(getattr(each, name)) for each in figures))
    yield from (
        "",
        "Several intents may share a flow. An urgent flow is any in `flows/urgent`. *Neither answered nor asked back*:",
        "not understood, or asked which language it is.",
        "",
    )


def _language(measured: Measured) -> Iterator[str]:
    yield from ("## Which language it is", "", "Told right, by the model alone.", "")
    long, bare = f"{LONG} words or more", "without apostrophes"
    yield from _heading("language", long, "all", f"{long}, {bare}", f"all, {bare}")
    for language, title in TITLES.items():
        told = language_figures([each for each in measured.heard if each.language == language])
        yield _row(title, *map(_counted, (told.told_long, told.told, told.bare_long, told.bare)))
    yield from ("", "Messages in languages that the service does not speak (ISO 639):", "")
    yield from _heading("language", "messages", "known as foreign", *(f"taken for {_short(each)}" for each in TITLES))
    for code in [*sorted({each.language for each in measured.elsewhere}), ""]:
        figures = elsewhere_figures(measured.elsewhere, code, TITLES)
        taken = (str(each.part) for each in figures.taken.values())
        yield _row(code or "all", str(figures.foreign.whole), _percent(figures.foreign), *taken)
    yield ""


def _serving(serving: Serving) -> Iterator[str]:
    yield from ("## Serving", "")
    yield from _heading("p50", "p95", "p99", "until ready", "memory of its own (USS)")
    times = (f"{each:.1f} ms" for each in (serving.p50, serving.p95, serving.p99))
    yield _row(*times, f"{serving.seconds_until_ready:.1f} s", f"{serving.megabytes:.0f} MB")
    yield from (
        "",
        f"One message over HTTP: one client, one message after the other, {serving.messages} messages after {WARM_UPS}",
        "to warm up, on the machine that wrote this report.",
        "",
    )


def _confused(measured: Measured) -> Iterator[str]:
    yield from ("## What is taken for what", "", f"![Intents, and what the model takes them for]({PICTURE})", "")
    for language, title in TITLES.items():
        yield from (f"{title}, most often:", "")
        yield from _heading("is", "taken for", "times")
        for intent, best, times in model_figures([e for e in measured.judged if e.language == language]).confusions:
            yield _row(intent, best or "nothing", str(times))
        yield ""


def _short(language: str) -> str:
    return TITLES[language].partition(" (")[0]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(*cells: str) -> Iterable[str]:
    return _row(*cells), "|" + "---|" * len(cells)


def _percent(share: Share) -> str:
    return f"{100 * share.value:.1f} %" if share.whole else "-"


def _counted(share: Share) -> str:
    return f"{_percent(share)} ({share.part} of {share.whole})" if share.whole else "-"
