"""The messages that the model is measured with and never trained on. Their texts are asked, never shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sentences import LANGUAGES, read_table


@dataclass(frozen=True, slots=True)
class Message:
    """One held-out message. ``foreign``: it stands in the file of ``language``, but is not in that language."""

    language: str
    intent: str
    # Not in a traceback or a failed assertion either: what has been read is no test any more.
    text: str = field(repr=False)
    foreign: bool = False


def read_messages(folder: Path) -> list[Message]:
    """The messages of the three languages."""
    return [message for language in LANGUAGES for message in _read(folder / f"{language}.tsv", language)]


def read_other_languages(folder: Path) -> list[Message]:
    """Messages in languages that the service does not speak; ``language`` is their code, the intent is empty."""
    return [Message(row["language"], "", row["text"], foreign=True) for row in read_table(folder / "languages.tsv")]


def _read(path: Path, language: str) -> Iterator[Message]:
    for row in read_table(path):
        # quc.tsv has no such column: its third one is the Spanish of the line.
        yield Message(language, row["intent"], row["text"], foreign=bool(row.get("language")))
