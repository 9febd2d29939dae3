"""The sentences of data/: where each stands, what it means, and for which part of the training it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.parts import CALIBRATION, LANGUAGE, LEARN
from components.text import normalise
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LANGUAGES = ("es", "en", "quc")
# data/es holds sentences to learn from; the other folders are for one part of the training only.
_FOLDER_OF_PART = {CALIBRATION: "calibration", LANGUAGE: "languages"}
_MARKS = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True)
class Sentence:
    """One sentence, and where it stands. ``part`` says what it is for (components/parts.py)."""

    text: str
    intent: str
    language: str
    file: str
    part: str = LEARN

    def __str__(self) -> str:
        return f"{self.file} {self.intent}: {self.text}"


def folded(text: str) -> str:
    """Small letters and digits, no accents, marks or apostrophes: what the model hardly tells apart."""
    return " ".join(_MARKS.sub(" ", normalise(text).replace("\u02bc", "")).split())


def read_sentences(project: Path) -> tuple[list[Sentence], list[str]]:
    """Every sentence of every part, and what is wrong with the files."""
    sentences: list[Sentence] = []
    problems: list[str] = []
    for path in sorted((project / "data").rglob("*.yml")):
        file = path.relative_to(project).as_posix()
        try:
            content = YAML(typ="safe").load(path.read_text("utf-8"))
            groups = content["nlu"]
        except (YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
            problems.append(f"{file}: cannot be read as training sentences ({type(error).__name__}). See README.md, \"Adding sentences\"")
            continue
        for group in groups or ():
            sentences += _sentences(group, file, path.parent.name, problems)
    return sentences, problems


def _sentences(group: Mapping[str, Any], file: str, folder: str, problems: list[str]) -> Iterator[Sentence]:
    intent = str(group.get("intent") or "")
    metadata = group.get("metadata") or {}
    language, part = str(metadata.get("language") or ""), str(metadata.get("part") or LEARN)
    if _FOLDER_OF_PART.get(part, language) != folder or (part != LANGUAGE and language not in LANGUAGES):
        problems.append(f"{file}: {intent or 'an entry'} says language '{language}' and part '{part}', its folder says '{folder}'")
    for line in str(group.get("examples") or "").splitlines():
        if not line.strip():
            continue
        mark, _, text = line.strip().partition(" ")
        if mark != "-" or not text.strip():
            problems.append(f"{file}: {intent}: a sentence begins with '- ', not so: {line.strip()!r}")
            continue
        if re.search(r"\s#\s", text) or re.search(r"\[[^]]*\][({]", text):
            problems.append(f"{file}: {intent}: a comment or an entity mark would be learned as text: {text!r}")
        yield Sentence(text.strip(), intent, language, file, part)


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table with tabs and a line of headings; a cell that is missing is empty."""
    lines = path.read_text("utf-8").splitlines()
    headings = lines[0].split("\t") if lines else []
    for line in lines[1:]:
        if line.strip():
            cells = line.split("\t")
            yield dict(zip(headings, cells + [""] * (len(headings) - len(cells)), strict=True))
