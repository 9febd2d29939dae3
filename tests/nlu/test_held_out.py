"""The held-out messages stay what they are: whoever changes one changes what every figure before it meant."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from reporting.held_out import read_messages, read_other_languages

from bot import content
from bot.settings import REPOSITORY
from tests.nlu.conftest import NLU

HELD_OUT = NLU / "held_out"
# Changed on purpose? Then write the new digest here, run `make nlu-report` and set nlu/floors.yml anew.
DIGESTS = {
    "es": "b543b122150a7f752b8e8a0a84b1b78420493585644dba11644ec7a86ef27504",
    "en": "309a63b9943bd404483a753186724995669883f5a1a3f5f08ad3318ed467ba44",
    "quc": "66d9692f37de4d141df4e4b1e63d1892eea1ce197b12abd3a43155bfa51401fd",
    "languages": "0dbb72cc5ecddd3356fd5c83d252e309bd5d78b27bf2f02151683df4ee702054",
}
# So many messages of each intent; the named ones have more.
COUNTS = {
    "es": (12, {"urgent": 24, "out_of_scope": 80, "rumor": 30}),
    "en": (12, {"urgent": 24, "out_of_scope": 80, "rumor": 30}),
    "quc": (5, {"urgent": 10, "out_of_scope": 10, "rumor": 8}),
}
# Fewer words may stand in a report by chance ("la migra").
FEWEST_WORDS = 3


@pytest.mark.parametrize("name", DIGESTS)
def test_the_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((HELD_OUT / f"{name}.tsv").read_bytes()).hexdigest() == DIGESTS[name]


@pytest.mark.parametrize("language", COUNTS)
def test_every_intent_has_its_messages(language: str) -> None:
    groups = content.read_yaml(NLU / "intents.yml")
    usual, more = COUNTS[language]
    expected = {name: usual for names in groups.values() for name in names}
    expected |= dict.fromkeys(groups["urgent"], more["urgent"])
    expected |= {name: more[name] for name in ("out_of_scope", "rumor")}
    counts = Counter(message.intent for message in read_messages(HELD_OUT) if message.language == language)
    # Not a whole dictionary in the assertion: what differs is named, intents only.
    assert not {
        name: (counts[name], expected.get(name)) for name in counts | expected if counts[name] != expected.get(name)
    }


def test_lines_in_another_language_are_about_the_language_or_nothing_of_ours() -> None:
    assert {message.intent for message in read_messages(HELD_OUT) if message.foreign} == {
        "change_language",
        "out_of_scope",
    }


def test_every_message_has_a_text() -> None:
    everything = [*read_messages(HELD_OUT), *read_other_languages(HELD_OUT)]
    assert all(message.text.strip() and message.language for message in everything)


def test_no_message_stands_in_the_report() -> None:
    report = (REPOSITORY / "docs" / "nlu-report.md").read_text("utf-8").casefold()
    shown = Counter(
        message.intent
        for message in read_messages(HELD_OUT)
        if len(message.text.split()) >= FEWEST_WORDS and message.text.casefold() in report
    )
    assert not shown, "intents whose messages are quoted"
