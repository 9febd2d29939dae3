"""Puts sentences that volunteers judged among those to learn from. Runs in the web environment, for `phrases export`.

    python nlu/heard.py < sentences.json

reads [{"id", "language", "intent", "text"}, ...] and prints {"learned": [id], "kept_back": [id], "there": [id], "left": {id: why}}.
They go into data/<language>/heard.yml, every fifth into kept_back/<language>.tsv (kept_back.py); both are written whole, in a fixed
order. One that lint.py would object to is left out and named; where that does not help, nothing is written and the exit code is 1.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from components.parts import CALIBRATION, LEARN
from fingerprint import PROJECT
from kept_back import FOLDER, is_kept_back, read_kept_back, table
from lint import HEARD, Fewest, check
from ruamel.yaml import YAML
from sentences import LANGUAGES, Sentence, folded, read_sentences, read_table

_HEAD = (
    "# Sentences that people wrote or volunteers added, each judged by a volunteer. `flask --app webhook phrases export` writes\n"
    "# this file; to take one out, delete its line.\n"
    'version: "3.1"\nnlu:\n'
)
_FRAME = re.compile(r'^(\w+) (\w+): "(.+)" stands in ')
_MARKED = re.compile(r"\s#\s|\[[^]]*\][({]")
MEASURES, FORM, OTHER, UNLIKE = "measures", "form", "other topic", "lint"
"""Why one is left out: the model is measured with it; it cannot be written down; it is learned as something else; lint.py objects."""


@dataclass
class Outcome:
    """What became of each sentence, by its id."""

    learned: list[str] = field(default_factory=list)
    kept_back: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Come:
    """A sentence that comes, as it will stand in a file."""

    id: str
    sentence: Sentence

    @property
    def key(self) -> tuple[str, str]:
        """How it is known: the same words in another language are another sentence."""
        return self.sentence.language, folded(self.sentence.text)


class Refused(Exception):
    """lint.py finds something wrong that no sentence of these is to blame for. Each argument is a problem."""


def take_in(project: Path, coming: Sequence[Mapping[str, str]], fewest: Fewest | None = None) -> Outcome:
    """Writes the files of ``project``. ``Refused``: nothing was written."""
    outcome, accepted = _sorted_out(project, coming)
    before = {path: path.read_bytes() if path.exists() else None for path in _paths(project)}
    wanted = list(accepted)
    # Checking takes seconds: the sentences of a language are compared with each other.
    while wanted:
        _write(project, before, wanted)
        problems = check(project, fewest or Fewest())[1]
        blamed = {each.id: problem for problem in problems for each in wanted if _blames(problem, each.sentence)}
        if not problems:
            break
        if not blamed:
            _restore(before)
            raise Refused(*problems)
        outcome.left |= {id: f"{UNLIKE}: {problem}" for id, problem in blamed.items()}
        wanted = [each for each in wanted if each.id not in blamed]
        if not wanted:
            _restore(before)
    for each in wanted:
        (outcome.kept_back if is_kept_back(each.sentence.text) else outcome.learned).append(each.id)
    return outcome


def _sorted_out(project: Path, coming: Sequence[Mapping[str, str]]) -> tuple[Outcome, list[Come]]:
    """What may be written, and what became of the others."""
    everything, problems = read_sentences(project)
    if problems:
        raise Refused(*problems)
    known = {
        (each.language, folded(each.text)): each.intent
        for each in (*everything, *read_kept_back(project))
        if each.part == LEARN
    }
    measuring = {folded(each.text) for each in everything if each.part == CALIBRATION}
    measuring |= {folded(row["text"]) for path in (project / "held_out").glob("*.tsv") for row in read_table(path)}
    outcome, accepted = Outcome(), []
    for each in (_come(one) for one in coming):
        if each.key[1] in measuring:
            outcome.left[each.id] = MEASURES
        elif each.key in known:
            same = known[each.key] == each.sentence.intent
            (outcome.there.append(each.id) if same else outcome.left.setdefault(each.id, f"{OTHER}: {known[each.key]}"))
        elif not _can_stand(each.sentence):
            outcome.left[each.id] = FORM
        else:
            known[each.key] = each.sentence.intent
            accepted.append(each)
    return outcome, accepted


def _come(one: Mapping[str, str]) -> Come:
    language = one["language"]
    file = f"{FOLDER}/{language}.tsv" if is_kept_back(one["text"]) else f"data/{language}/{HEARD}"
    return Come(one["id"], Sentence(" ".join(one["text"].split()), one["intent"], language, file))


def _can_stand(sentence: Sentence) -> bool:
    """Whether it can be written as a line that is read again as it was."""
    odd = any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in sentence.text)
    known = sentence.language in LANGUAGES and bool(folded(sentence.text))
    return known and not odd and not _MARKED.search(sentence.text)


def _blames(problem: str, sentence: Sentence) -> bool:
    """Whether lint.py means this sentence, alone or among others that begin alike."""
    if frame := _FRAME.match(problem):
        return (sentence.language, sentence.intent) == frame.groups()[:2] and frame[3] in folded(sentence.text)
    return any(line.endswith(str(sentence)) for line in problem.splitlines())


def _paths(project: Path) -> list[Path]:
    return [
        path
        for language in LANGUAGES
        for path in (project / "data" / language / HEARD, project / FOLDER / f"{language}.tsv")
    ]


def _write(project: Path, before: Mapping[Path, bytes | None], wanted: Iterable[Come]) -> None:
    """The files as they were, and these sentences in their places."""
    _restore(before)
    everything = [each for each in read_sentences(project)[0] if each.file.endswith(f"/{HEARD}")]
    everything += [*read_kept_back(project), *(each.sentence for each in wanted)]
    order = {name: at for at, name in enumerate(_intents(project))}
    everything.sort(key=lambda each: (order.get(each.intent, len(order)), each.intent, folded(each.text), each.text))
    for path in _paths(project):
        file = path.relative_to(project).as_posix()
        if mine := [each for each in everything if each.file == file]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(table(mine) if path.suffix == ".tsv" else heard_file(mine), "utf-8")


def heard_file(sentences: Sequence[Sentence]) -> str:
    """A training file of sentences that stand in their order."""
    parts = [_HEAD]
    for at, each in enumerate(sentences):
        if at == 0 or sentences[at - 1].intent != each.intent:
            parts.append(f"- intent: {each.intent}\n  metadata: {{language: {each.language}}}\n  examples: |\n")
        parts.append(f"    - {each.text}\n")
    return "".join(parts)


def _intents(project: Path) -> list[str]:
    groups = YAML(typ="safe").load((project / "intents.yml").read_text("utf-8"))
    return [name for names in groups.values() for name in names]


def _restore(before: Mapping[Path, bytes | None]) -> None:
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 when nothing was written."""
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    try:
        outcome = take_in(PROJECT, json.load(sys.stdin))
    except Refused as refused:
        print("\n".join(map(str, refused.args)), file=sys.stderr)
        return 1
    print(json.dumps(vars(outcome), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
