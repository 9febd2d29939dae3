"""Checks the training sentences before a model is made of them. Runs in the web environment (`.venv`).

    python nlu/lint.py [--frames warn|error|off]

Wrong: a sentence twice, nearly the same sentence under two intents, an intent without sentences in a language, an
intent that intents.yml does not know, and a sentence that stands in held_out/ too: the model would be tested on what
it has learned. Frames are a warning: five words in a row that stand in over 5 % of an intent's sentences teach the
model the pattern of whoever wrote them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.text import normalise
from fingerprint import PROJECT
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LANGUAGES = ("es", "en", "quc")
NEARLY = 94.0
"""Percent of letters that two sentences share, in order, from which on they are nearly the same."""
FRAME_WORDS = 5
FRAME_SHARE = 0.05
FRAME_FEWEST = 4
"""A frame counts from so many sentences on: 5 % of few sentences is one."""

_MARKS = re.compile(r"[^\w\s]|_")
# Words that change nothing about what is asked.
_EMPTY = frozenset(
    "a al con de del el en la las lo los me mi mis por favor que se su un una y es o pues"
    " the to of in on at my is are an and please do i"
    " ri le pa chi".split()
)


@dataclass(frozen=True)
class Sentence:
    """One training sentence, and where it stands."""

    text: str
    intent: str
    language: str
    file: str

    def __str__(self) -> str:
        return f"{self.file} {self.intent}: {self.text}"


def folded(text: str) -> str:
    """Small letters and digits, no accents, marks or apostrophes: what the model hardly tells apart."""
    return " ".join(_MARKS.sub(" ", normalise(text).replace("\u02bc", "")).split())


def read_sentences(project: Path) -> tuple[list[Sentence], list[str]]:
    """Every training sentence, and what is wrong with the files."""
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
    language = str((group.get("metadata") or {}).get("language") or "")
    if language not in LANGUAGES or language != folder:
        problems.append(f"{file}: {intent or 'an entry'} says language '{language}', its folder says '{folder}'")
    for line in str(group.get("examples") or "").splitlines():
        if not line.strip():
            continue
        mark, _, text = line.strip().partition(" ")
        if mark != "-" or not text.strip():
            problems.append(f"{file}: {intent}: a sentence begins with '- ', not so: {line.strip()!r}")
            continue
        if re.search(r"\s#\s", text) or re.search(r"\[[^]]*\][({]", text):
            problems.append(f"{file}: {intent}: a comment or an entity mark would be learned as text: {text!r}")
        yield Sentence(text.strip(), intent, language, file)


def duplicates(sentences: Iterable[Sentence]) -> Iterator[str]:
    """The same sentence twice, whatever its accents, marks and capitals."""
    seen: dict[str, Sentence] = {}
    for sentence in sentences:
        key = folded(sentence.text)
        first = seen.setdefault(key, sentence) if key else sentence
        # A word may be the same in two languages (no, doctor); in one language it is a second copy.
        if first is not sentence and (first.language == sentence.language or first.intent != sentence.intent):
            yield f"twice: {sentence}\n       {first}"


def near_duplicates(sentences: Sequence[Sentence]) -> Iterator[str]:
    """Sentences of one language under two intents that differ by a letter or two, or by words that say nothing."""
    for language in LANGUAGES:
        spoken = [sentence for sentence in sentences if sentence.language == language]
        keys = [folded(sentence.text) for sentence in spoken]
        yield from _same_but_for_empty_words(spoken, keys)
        yield from _same_but_for_letters(spoken, keys)


def _same_but_for_empty_words(spoken: Sequence[Sentence], keys: Sequence[str]) -> Iterator[str]:
    meant: dict[tuple[str, ...], int] = {}
    for at, key in enumerate(keys):
        words = tuple(word for word in key.split() if word not in _EMPTY)
        first = meant.setdefault(words, at) if len(words) > 2 else at
        if spoken[first].intent != spoken[at].intent and keys[first] != key:
            yield f"nearly the same: {spoken[at]}\n       {spoken[first]}"


def _same_but_for_letters(spoken: Sequence[Sentence], keys: Sequence[str]) -> Iterator[str]:
    # Longer by more than this share, two sentences cannot reach NEARLY: sorted by length few need comparing.
    order = sorted((at for at, key in enumerate(keys) if len(key) >= 12), key=lambda at: len(keys[at]))
    lengths = [len(keys[at]) for at in order]
    for position, at in enumerate(order):
        longest = lengths[position] * (200 - NEARLY) / NEARLY
        end = position + 1
        while end < len(order) and lengths[end] <= longest:
            end += 1
        others = {other: keys[other] for other in order[position + 1 : end] if spoken[other].intent != spoken[at].intent}
        for key, _, other in process.extract(keys[at], others, scorer=fuzz.ratio, score_cutoff=NEARLY, limit=None):
            if key != keys[at]:
                yield f"nearly the same: {spoken[other]}\n       {spoken[at]}"


def unknown_and_missing(sentences: Iterable[Sentence], project: Path) -> Iterator[str]:
    """Intents with sentences and no place in intents.yml or domain.yml, and the other way round, for each language."""
    known = _known(project)
    domain = set(YAML(typ="safe").load((project / "domain.yml").read_text("utf-8"))["intents"])
    for name in sorted(known ^ domain):
        yield f"{name} stands in {'intents.yml' if name in known else 'domain.yml'} only: write it into both or neither"
    present: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        present[sentence.language].add(sentence.intent)
    for language in LANGUAGES:
        for name in sorted(known - present[language]):
            yield f"{name} has no sentence in {language}: the model would never find it there"
        for name in sorted(present[language] - known):
            yield f"{name!r} in data/{language} is not an intent of intents.yml"


def _known(project: Path) -> set[str]:
    content = YAML(typ="safe").load((project / "intents.yml").read_text("utf-8"))
    return {name for group in content.values() for name in group}


def leaks(sentences: Iterable[Sentence], project: Path) -> Iterator[str]:
    """Training sentences that the report would test with. Only the training sentence is shown."""
    held = set()
    for path in sorted((project / "held_out").glob("*.tsv")):
        for row in path.read_text("utf-8").splitlines():
            held.add(folded(row.rpartition("\t")[2]))
    held.discard("")
    for sentence in sentences:
        key = folded(sentence.text)
        # Everybody writes "hola": a greeting or a yes in both says nothing about either.
        if key in held and len(key.split()) > 2:
            yield f"in held_out/ too: {sentence}"


def frames(sentences: Iterable[Sentence]) -> Iterator[str]:
    """Five words in a row that stand in more than 5 % of an intent's sentences in one language."""
    groups: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for sentence in sentences:
        groups[sentence.language, sentence.intent].append(folded(sentence.text).split())
    for (language, intent), texts in groups.items():
        counts: Counter[str] = Counter()
        for words in texts:
            counts.update({" ".join(words[at : at + FRAME_WORDS]) for at in range(len(words) - FRAME_WORDS + 1)})
        for frame, count in counts.most_common():
            if count < FRAME_FEWEST or count <= FRAME_SHARE * len(texts):
                break
            yield f"{language} {intent}: \"{frame}\" stands in {count} of {len(texts)} sentences: say it in other ways"


def main(arguments: Sequence[str], project: Path = PROJECT) -> int:
    """Exit code 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--frames", choices=("warn", "error", "off"), default="warn", help="worn sentence patterns")
    wanted = parser.parse_args(arguments).frames
    sentences, problems = read_sentences(project)
    for check in (unknown_and_missing(sentences, project), duplicates(sentences), near_duplicates(sentences), leaks(sentences, project)):
        problems += check
    worn = list(frames(sentences)) if wanted != "off" else []
    if wanted == "error":
        problems += worn
    else:
        print("".join(f"worn pattern: {line}\n" for line in worn), end="")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(sentences)} training sentences, {len(problems)} problems, {len(worn)} worn patterns")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
