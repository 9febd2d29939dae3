"""Checks the training sentences before a model is made of them. Runs in the web environment (`.venv`).

    python nlu/lint.py

Wrong: a sentence twice, nearly the same sentence under two intents, an intent that is thin or unknown or missing in a
language, five words in a row that stand in over 5 % of an intent's sentences (they teach the model the pattern of
whoever wrote them), and a sentence to learn from that stands in held_out/, in kept_back/ or among those that the confidence is
measured with: the model would be tested on what it has learned.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.parts import CALIBRATION, LEARN
from fingerprint import PROJECT
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML
from sentences import LANGUAGES, Sentence, folded, read_sentences, read_table

NEARLY = 94.0
"""Percent of letters that two sentences share, in order, from which on they are nearly the same."""
FRAME_WORDS = 5
FRAME_SHARE = 0.05
FRAME_FEWEST = 4
"""A frame counts from so many sentences on: 5 % of few sentences is one."""
MOST_KICHE = 30
"""Nobody here speaks it: more lines of an intent would only be more guesses. Urgent intents may have twice as many, and what
is about nothing of ours, where whole attested sentences serve. What people wrote themselves is no guess and does not count."""
HEARD = "heard.yml"
"""In each language the file of what people wrote and volunteers judged (heard.py writes it)."""

# Words that change nothing about what is asked.
_EMPTY = frozenset(
    "a al con de del el en la las lo los me mi mis por favor que se su un una y es o pues"
    " the to of in on at my is are an and please do i"
    " ri le pa chi".split()
)


@dataclass(frozen=True)
class Fewest:
    """Fewer sentences than this make an intent thin, in Spanish and English. K'iche' has a ceiling instead."""

    ordinary: int = 70
    urgent: int = 140
    out_of_scope: int = 300

    def of(self, group: str, intent: str) -> int:
        """For this intent of this group of intents.yml."""
        return self.out_of_scope if intent == "out_of_scope" else self.urgent if group == "urgent" else self.ordinary


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
    known = {name for names in _groups(project).values() for name in names}
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


def _groups(project: Path) -> Mapping[str, Mapping[str, str]]:
    groups: Mapping[str, Mapping[str, str]] = YAML(typ="safe").load((project / "intents.yml").read_text("utf-8"))
    return groups


def thin(sentences: Iterable[Sentence], project: Path, fewest: Fewest) -> Iterator[str]:
    """Intents with too few sentences to be known by, and K'iche' with more than anybody could vouch for."""
    sentences = list(sentences)
    counts = Counter((sentence.language, sentence.intent) for sentence in sentences)
    guesses = Counter(
        sentence.intent for sentence in sentences if sentence.language == "quc" and not sentence.file.endswith(f"/{HEARD}")
    )
    for group, names in _groups(project).items():
        for name in names:
            for language in ("es", "en"):
                if 0 < counts[language, name] < fewest.of(group, name):
                    yield f"{language} {name} is thin: {counts[language, name]} of {fewest.of(group, name)} sentences"
            most = 2 * MOST_KICHE if group == "urgent" or name == "out_of_scope" else MOST_KICHE
            if guesses[name] > most:
                yield f"quc {name} has {guesses[name]} sentences; more than {most} would be guesses upon guesses"


def leaks(sentences: Iterable[Sentence], judges: Iterable[Sentence], project: Path) -> Iterator[str]:
    """Sentences to learn from that the model is judged with too. Only the one to learn from is shown."""
    held = {folded(row["text"]) for path in (project / "held_out").glob("*.tsv") for row in read_table(path)}
    kept_back = {folded(row["text"]) for path in (project / "kept_back").glob("*.tsv") for row in read_table(path)}
    measured = {folded(sentence.text) for sentence in judges}
    for sentence in sentences:
        key = folded(sentence.text)
        if key and key in held:
            yield f"in held_out/ too: {sentence}"
        elif key and key in kept_back:
            yield f"in kept_back/ too: {sentence}"
        elif key and key in measured:
            yield f"in data/calibration too: {sentence}"


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


def check(project: Path, fewest: Fewest) -> tuple[int, list[str]]:
    """How many sentences there are to learn from, and everything that is wrong with them."""
    everything, problems = read_sentences(project)
    learned = [sentence for sentence in everything if sentence.part == LEARN]
    judges = [sentence for sentence in everything if sentence.part == CALIBRATION]
    for found in (
        unknown_and_missing(learned, project),
        thin(learned, project, fewest),
        duplicates(learned),
        near_duplicates(learned),
        leaks(learned, judges, project),
        frames(learned),
    ):
        problems += found
    return len(learned), problems


def main(arguments: Sequence[str], project: Path = PROJECT, fewest: Fewest | None = None) -> int:
    """Exit code 1 when something is wrong."""
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    count, problems = check(project, fewest or Fewest())
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{count} training sentences, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
