"""Measures the trained model on held_out/ and writes docs/nlu-report.md. Runs in `.venv-nlu`; trains first if need be.

    python nlu/report.py [--models DIR] [--held-out DIR] [--output FILE]

held_out/{es,en,quc}.tsv have two columns, intent and text, and are never trained on. Only the model is measured: the
urgent phrases, which answer before it, have their own tests.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import train
from fingerprint import MODELS, PROJECT, model_path
from quiet import hush

LANGUAGES = {"es": "Spanish", "en": "English", "quc": "K'iche'"}
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_PAIRS = 12


@dataclass(frozen=True)
class Judged:
    """One held-out message: what it is, and what the model made of it (names with confidence, likeliest first)."""

    language: str
    intent: str
    ranking: tuple[tuple[str, float], ...]
    heard_as: str

    @property
    def best(self) -> str:
        """The likeliest intent."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """Of the likeliest intent."""
        return self.ranking[0][1]


def read_held_out(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Language, intent and text of every held-out message."""
    for language in LANGUAGES:
        rows = (folder / f"{language}.tsv").read_text("utf-8").splitlines()
        for row in rows:
            # K'iche' has two more columns, the Spanish gloss and what each line leans on.
            intent, text = (*row.split("\t"), "")[:2]
            if text.strip() and intent != "intent":
                yield language, intent.strip(), text.strip()


def judge(model: Path, messages: Sequence[tuple[str, str, str]]) -> list[Judged]:
    """Asks the model as the server does, without the network."""
    hush()
    os.chdir(PROJECT)
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # In one process with us Rasa would print every message.
    configure_structlog(logging.WARNING)
    agent = Agent.load(str(model))

    async def ask_all() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for _, _, text in messages]

    judged = []
    for (language, intent, _), answer in zip(messages, asyncio.run(ask_all()), strict=True):
        ranking = tuple((entry["name"], entry["confidence"]) for entry in answer["intent_ranking"])
        judged.append(Judged(language, intent, ranking, answer["language"]["name"]))
    return judged


def urgent_intents(project: Path) -> frozenset[str]:
    """The names under ``urgent`` in intents.yml."""
    from rasa.shared.utils.io import read_yaml_file

    return frozenset(read_yaml_file(project / "intents.yml")["urgent"])


def macro_f1(judged: Sequence[Judged]) -> float:
    """Mean over the intents that occur of the harmonic mean of precision and recall."""
    right = Counter(each.intent for each in judged if each.best == each.intent)
    meant, said = Counter(each.intent for each in judged), Counter(each.best for each in judged)
    return _share(sum(2 * right[name] / (meant[name] + said[name]) for name in meant), len(meant))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0


def _of(part: int, whole: int) -> str:
    return f"{_share(part, whole):.3f} ({part} of {whole})"


def overview(judged: Sequence[Judged], urgent: frozenset[str]) -> Iterator[str]:
    """A line per language."""
    yield (
        "| language | messages | accuracy | right among first 3 | macro-F1 | urgent found | urgent, and the right one "
        "| urgent said rightly | language told |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for language, title in (*LANGUAGES.items(), ("", "all")):
        mine = [each for each in judged if language in ("", each.language)]
        grave = [each for each in mine if each.intent in urgent]
        alarms = [each for each in mine if each.best in urgent]
        cells = (
            title,
            str(len(mine)),
            f"{_share(sum(each.best == each.intent for each in mine), len(mine)):.3f}",
            f"{_share(sum(each.intent in [name for name, _ in each.ranking[:3]] for each in mine), len(mine)):.3f}",
            f"{macro_f1(mine):.3f}",
            _of(sum(each.best in urgent for each in grave), len(grave)),
            _of(sum(each.best == each.intent for each in grave), len(grave)),
            _of(sum(each.intent in urgent for each in alarms), len(alarms)),
            f"{_share(sum(each.heard_as == each.language for each in mine), len(mine)):.3f}",
        )
        yield f"| {' | '.join(cells)} |"


def thresholds(judged: Sequence[Judged], urgent: frozenset[str]) -> Iterator[str]:
    """What each confidence would let through."""
    yield "| from confidence | answered | right among those | urgent found | false alarms among the others |"
    yield "|---|---|---|---|---|"
    grave = [each for each in judged if each.intent in urgent]
    others = [each for each in judged if each.intent not in urgent]
    for least in (0.0, *THRESHOLDS):
        sure = [each for each in judged if each.confidence >= least]
        found = sum(each.best in urgent and each.confidence >= least for each in grave)
        alarms = sum(each.best in urgent and each.confidence >= least for each in others)
        answered, right = _share(len(sure), len(judged)), _share(sum(each.best == each.intent for each in sure), len(sure))
        yield f"| {least:.1f} | {answered:.3f} | {right:.3f} | {_of(found, len(grave))} | {_of(alarms, len(others))} |"


def calibration(judged: Sequence[Judged]) -> Iterator[str]:
    """How often the model is right where it says that it is so sure."""
    yield "| confidence | messages | mean confidence | right |"
    yield "|---|---|---|---|"
    edges = (0.0, 0.2, 0.4, 0.6, 0.8, 1.01)
    for low, high in zip(edges, edges[1:], strict=False):
        part = [each for each in judged if low <= each.confidence < high]
        if part:
            mean = sum(each.confidence for each in part) / len(part)
            right = _share(sum(each.best == each.intent for each in part), len(part))
            yield f"| {low:.1f} to {min(high, 1):.1f} | {len(part)} | {mean:.3f} | {right:.3f} |"


def confusions(judged: Iterable[Judged]) -> Iterator[str]:
    """The pairs that are taken for one another most often."""
    yield "| is | taken for | times |"
    yield "|---|---|---|"
    pairs = Counter((each.intent, each.best) for each in judged if each.best != each.intent)
    for (intent, best), times in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:_PAIRS]:
        yield f"| {intent} | {best} | {times} |"


def missed(judged: Iterable[Judged], urgent: frozenset[str]) -> Iterator[str]:
    """The worst error: what urgent messages were taken for, intent by intent. No texts."""
    yield "| urgent intent | language | taken for | confidence |"
    yield "|---|---|---|---|"
    for each in judged:
        if each.intent in urgent and each.best not in urgent:
            yield f"| {each.intent} | {each.language} | {each.best} | {each.confidence:.2f} |"


def page(judged: Sequence[Judged], urgent: frozenset[str], model: str, training: str) -> str:
    """The report, as Markdown."""
    lines = [
        "# How well the model understands",
        "",
        f"Written by `make nlu-report` on {datetime.now(timezone.utc).date()}. Model `{model}`. {training}",
        "",
        "Only the model is measured. In the bot the urgent phrases (nlu/phrases/) answer before it. The held-out",
        "messages were written for this test, by other hands than the training sentences, and not by families; those",
        "in K'iche' were not written by speakers. Expect less from real messages.",
        "",
        "*Urgent found*: urgent messages that the model takes for one of the urgent intents. *Urgent said rightly*:",
        "messages taken for urgent that are. *Language told*: messages whose language the model names.",
        "",
        *overview(judged, urgent),
        "",
        "## Urgent messages that were missed",
        "",
        *missed(judged, urgent),
    ]
    for language, title in LANGUAGES.items():
        mine = [each for each in judged if each.language == language]
        for heading, table in (
            (f"{title}: what a threshold lets through", thresholds(mine, urgent)),
            (f"{title}: how far its confidence can be believed", calibration(mine)),
            (f"{title}: most confused", confusions(mine)),
        ):
            lines += ["", f"## {heading}", "", *table]
    return "\n".join(lines) + "\n"


def counted(project: Path) -> str:
    """How many sentences the model was trained on."""
    counts = {}
    for language in LANGUAGES:
        files = sorted((project / "data" / language).rglob("*.yml"))
        lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
        counts[language] = sum(line.lstrip().startswith("- ") and "intent:" not in line for line in lines)
    told = ", ".join(f"{counts[language]} {title}" for language, title in LANGUAGES.items())
    return f"Trained on {sum(counts.values())} sentences: {told}."


def main(arguments: Sequence[str]) -> int:
    """Writes the report; exit code 1 without a model or held-out messages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--held-out", type=Path, default=PROJECT / "held_out", help="folder of the held-out messages")
    parser.add_argument("--output", type=Path, default=PROJECT.parent / "docs" / "nlu-report.md", help="where to write")
    options = parser.parse_args(arguments)
    output = options.output.absolute()
    try:
        messages = list(read_held_out(options.held_out.absolute()))
    except OSError as error:
        print(f"{error.filename} cannot be read: the report needs held-out messages in each language.", file=sys.stderr)
        return 1
    models = options.models.absolute()
    if train.main(["--models", str(models)]):
        return 1
    model = model_path(models)
    judged = judge(model, messages)
    output.write_text(page(judged, urgent_intents(PROJECT), model.name, counted(PROJECT)), "utf-8")
    print(f"{len(judged)} messages measured: {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
