"""What stands in nlu/: the topics, the sentences that the model learns, and those that it is measured with, which are never shown."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.content import read_yaml
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.phrases import Learned, fold, read_learned
from bot.settings import REPOSITORY

NLU = REPOSITORY / "nlu"
GLOSSARY = REPOSITORY / "locales" / "quc" / "words.csv"
_MEASURES = ("held_out", "kept_back")
_COMMON = 3
"""A word that stands in the sentences so often is one that many people use. K'iche' has few sentences: there each of them is."""
_ENTRY = "    - "


def topics(nlu: Path = NLU) -> dict[str, str]:
    """Every topic that the model knows, with the name of its group, in the order of intents.yml."""
    return dict(_topics(nlu / "intents.yml"))


@functools.lru_cache(maxsize=4)
def _topics(path: Path) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(group)) for group, names in read_yaml(path).items() for name in names)


def learned(language: str, nlu: Path = NLU) -> tuple[Learned, ...]:
    """The sentences that the model learns in this language, as the files are now; none where there are no files."""
    return _learned(language, _stamped(nlu / "data" / language, "*.yml"))


@functools.lru_cache(maxsize=8)
def _learned(language: str, stamped: tuple[tuple[Path, int], ...]) -> tuple[Learned, ...]:
    return tuple(each for path, _ in stamped for each in read_learned(language, path.read_text("utf-8")))


def common(words: Path = GLOSSARY, nlu: Path = NLU) -> frozenset[str]:
    """The folded words that many people use, in the three languages; none where there are no files. Names are among them."""
    files = tuple(stamp for language in every_language() for stamp in _stamped(nlu / "data" / language, "*.yml"))
    return _common(files + _stamped(words.parent, words.name))


@functools.lru_cache(maxsize=2)
def _common(stamped: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for path, _ in stamped:
        sentences = path.suffix == ".yml"
        lines = path.read_text("utf-8").splitlines()
        lines = [line for line in lines if line.startswith(_ENTRY)] if sentences else [line.partition(",")[0] for line in lines]
        rare = not sentences or path.parent.name == Language.QUC.value
        # Counted as they stand first: each of the few thousand different ones is folded once.
        counts[rare].update(word for line in lines for word in line.split())
    known = Counter[str]()
    for rare, found in counts.items():
        for word, n in found.items():
            known.update({part: _COMMON if rare else n for part in bare(word).split()})
    return frozenset(word for word, n in known.items() if n >= _COMMON)


def measures(text: str, nlu: Path = NLU) -> bool:
    """Whether the model is measured with this sentence: then it may never learn it."""
    return _digest(fold(text)) in _measured(
        tuple(stamp for folder in _MEASURES for stamp in _stamped(nlu / folder, "*.tsv"))
        + _stamped(nlu / "data" / "calibration", "*.yml")
    )


@functools.lru_cache(maxsize=2)
def _measured(stamped: tuple[tuple[Path, int], ...]) -> frozenset[bytes]:
    # Digests only: no traceback, log or page can show a line that nobody is to read.
    return frozenset(_digest(fold(text)) for path, _ in stamped for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    content = path.read_text("utf-8")
    if path.suffix == ".yml":
        yield from (each.text for each in read_learned("", content))
        return
    headings, *lines = content.splitlines()
    at = headings.split("\t").index("text")
    yield from (cells[at] for cells in (line.split("\t") for line in lines) if len(cells) > at)


def _digest(folded: str) -> bytes:
    return hashlib.sha256(folded.encode()).digest()


def _stamped(folder: Path, pattern: str) -> tuple[tuple[Path, int], ...]:
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob(pattern)))


def every_language() -> tuple[str, ...]:
    """The languages of the bot, in the order of the pages."""
    return tuple(language.value for language in (Language.ES, Language.EN, Language.QUC))
