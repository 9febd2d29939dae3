"""Trains the model of the present data, compares it with the one in place, and lets it in unless it misses more danger.

    python nlu/retrain.py [--models DIR] [--or-keep]

Runs in the web environment, so that what answers families is what is compared; the training itself is train.py in `.venv-nlu`.
Both models answer the messages of data/calibration and of kept_back/, which neither learned from. The held-out sets are not
asked: every look at them counts (held_out/README.md). When fewer messages of an urgent intent are heard as danger in any language,
the new model is thrown away, the old one stays and goes on answering, and the exit code is 3 (0 with --or-keep).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from fingerprint import MODELS, PROJECT, fitting_path, instead_of, whole
from kept_back import read_kept_back
from sentences import Sentence, read_sentences

# The bot is no installed package: its modules are found from the repository.
sys.path.insert(0, str(PROJECT.parent))

from components.parts import CALIBRATION
from reporting.asking import PatientModel, Server, Unanswered
from reporting.compared import compared, table
from reporting.held_out import Message
from reporting.judged import Judged
from reporting.measuring import Bot, read_topics
from reporting.serving import NLU_PYTHON, NoServer, started

from bot import content
from bot.scripts.errors import ScriptsError
from bot.scripts.release import Release

REFUSED = 3
_TRIAL = ".trial"
"""Where a model is until it is decided about. One that could not be compared is there still the next time, and is not trained again."""


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when the model of the present data is in place."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--or-keep", action="store_true", help="a model that stays in place is a success, too")
    options = parser.parse_args(arguments)
    models = options.models.absolute()
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models):
        code = _ensure(models)
    return 0 if code == REFUSED and options.or_keep else code


def _ensure(models: Path) -> int:
    new = fitting_path(models)
    if whole(new):
        print(f"The model fits the data: {new}")
        return 0
    old, tests = _in_place(models), _tests()
    if old is not None and (fallen := _refused_before(new, tests)):
        print(_refusal(old, fallen), file=sys.stderr)
        return REFUSED
    # Before the training, which takes minutes: without answers to give there is nothing to compare.
    try:
        release = content.load() if old is not None else None
    except ScriptsError as error:
        print(f"{error}\nNothing was trained: mend the content first (content check).", file=sys.stderr)
        return 1
    # In a folder of its own: train.py takes the lock of the folder that it trains into.
    trial = models / _TRIAL
    if code := _trained_into(trial):
        return code
    trained = trial / new.name
    code = _put_in(models, trained) if old is None or release is None else _decided(models, release, old, trained, tests)
    if code in (0, REFUSED):
        shutil.rmtree(trial, ignore_errors=True)
    return code


def _decided(models: Path, release: Release, old: Path, trained: Path, tests: Sequence[Sentence]) -> int:
    """Compares, and puts the new model into the place of the old one or not."""
    try:
        before, after = (_judged(release, model, tests) for model in (old, trained))
    except (Unanswered, NoServer) as error:
        print(f"The two models could not be compared: {error}", file=sys.stderr)
        print(f"{old.name} stays. The new model is kept; compare again with: make train", file=sys.stderr)
        return 1
    found = compared(before, after, read_topics(PROJECT, release.script))
    print(table(found, sum(not each.file.startswith("data/") for each in tests)))
    if found.fallen:
        fallen = [str(each) for each in found.fallen]
        _write(instead_of(models / trained.name), "\n".join([old.name, _digest(tests), *fallen, ""]))
        print(_refusal(old, fallen), file=sys.stderr)
        return REFUSED
    return _put_in(models, trained)


def _put_in(models: Path, trained: Path) -> int:
    os.replace(trained, models / trained.name)
    _forget_older(models, models / trained.name)
    print(f"In place now: {models / trained.name}")
    return 0


def _refused_before(new: Path, tests: Sequence[Sentence]) -> list[str]:
    """What fell when this very model was compared on these very messages: it would fall again."""
    note = instead_of(new)
    lines = note.read_text("utf-8").splitlines() if note.is_file() else []
    return lines[2:] if lines[1:2] == [_digest(tests)] else []


def _refusal(old: Path, fallen: Sequence[str]) -> str:
    return "\n".join([
        f"The new model was not put in place, {old.name} stays and goes on answering. It would miss more danger:",
        *(f"  {each}" for each in fallen),
        "Take the newest sentences out of nlu/data again, or write more of these intents (nlu/README.md), then: make train",
    ])


def _tests() -> list[Sentence]:
    """What both models are asked."""
    everything, problems = read_sentences(PROJECT)
    if problems:
        raise SystemExit("\n".join(problems))
    return [each for each in everything if each.part == CALIBRATION] + read_kept_back(PROJECT)


def _digest(tests: Sequence[Sentence]) -> str:
    rows = "\n".join(f"{each.language}\t{each.intent}\t{each.text}" for each in tests)
    return hashlib.sha256(rows.encode()).hexdigest()[:12]


def _judged(release: Release, model: Path, tests: Sequence[Sentence]) -> list[Judged]:
    """What the bot does about each of the tests while this model answers."""
    with _served(model) as server:
        known = {name for names in read_topics(PROJECT, release.script).groups.values() for name in names}
        bot = Bot(release, PatientModel(server.client(known)))
        return [bot.judge(Message(each.language, each.intent, each.text)) for each in tests]


@contextlib.contextmanager
def _served(model: Path) -> Iterator[Server]:
    """A server of this model. serve.py takes only what is in place, so the model is, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="puente-compare-") as folder:
        models = Path(folder)
        os.symlink(model, models / model.name)
        if model.name != fitting_path(models).name:
            _write(instead_of(fitting_path(models)), f"{model.name}\n")
        with started(models) as running:
            yield running.server


def _trained_into(folder: Path) -> int:
    done = subprocess.run(  # nosec B603 # noqa: S603 - our own environment and script
        [str(NLU_PYTHON), str(PROJECT / "train.py"), "--models", str(folder)], check=False
    )
    return done.returncode


def _in_place(models: Path) -> Path | None:
    """The newest model that is whole."""
    found = sorted(models.glob("puente-*.tar.gz"), key=lambda each: each.stat().st_mtime, reverse=True)
    return next(filter(whole, found), None)


def _forget_older(models: Path, newest: Path) -> None:
    """Keeps the newest model and the one before, as train.py does, and no note of what was refused for older data."""
    others = [model for model in models.glob("puente-*.tar.gz") if model != newest]
    for model in sorted(others, key=lambda each: each.stat().st_mtime)[:-1]:
        model.unlink(missing_ok=True)
    for note in models.glob("puente-*.instead"):
        note.unlink(missing_ok=True)


def _write(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(content, "utf-8")
    os.replace(draft, path)


@contextlib.contextmanager
def _alone(models: Path) -> Iterator[None]:
    """Waits for another training in the same folder."""
    with open(models / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
