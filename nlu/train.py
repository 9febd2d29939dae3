"""Trains the understanding model of the present data, unless it is there already. Runs in `.venv-nlu`.

    python nlu/train.py [--models DIR] [--print-path]

The model gets the name of what it was made from (`fingerprint.py`). It is written elsewhere and appears under that
name whole, so a training that is cut off leaves nothing that looks finished.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from fingerprint import MODELS, PROJECT, model_path, whole
from quiet import hush

_UNFINISHED = ".unfinished-"


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when a model that fits is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--print-path", action="store_true", help="only say where the model of this data is or will be")
    options = parser.parse_args(arguments)
    models = options.models.absolute()
    if options.print_path:
        print(model_path(models))
        return 0
    if not any((PROJECT / "data").rglob("*.yml")):
        print(f"There are no training sentences in {PROJECT / 'data'}: put them back, then train again.", file=sys.stderr)
        return 1
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models):
        return _ensure(models)


def _ensure(models: Path) -> int:
    model = model_path(models)
    if whole(model):
        print(f"The model fits the data: {model}")
        return 0
    began = time.monotonic()
    _clear(models)
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=models))
    try:
        trained = _train(folder, model.name)
        if model_path(models) != model:
            print("The data was changed during the training. Train again.", file=sys.stderr)
            return 1
        if trained is None or not whole(trained):
            print("Rasa has written no model; the lines above say why.", file=sys.stderr)
            return 1
        os.replace(trained, model)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _forget_older(models, model)
    print(f"Trained in {time.monotonic() - began:.0f} s: {model}")
    return 0


def _train(folder: Path, name: str) -> Path | None:
    """The trained model in ``folder``. Rasa takes seconds to import, so that happens here."""
    hush()
    os.chdir(PROJECT)  # Rasa looks for the components from there
    from rasa.model_training import train_nlu
    from rasa.shared.utils.io import read_config_file, write_yaml

    config = read_config_file("config.yml")
    for part in config["pipeline"]:
        if part["name"].endswith(".ModelStamp"):
            part["model"] = name
    write_yaml(config, folder / "config.yml")
    with contextlib.redirect_stdout(sys.stderr):
        trained = train_nlu(str(folder / "config.yml"), "data", str(folder), fixed_model_name=name, domain="domain.yml")
    return Path(trained) if trained else None


@contextlib.contextmanager
def _alone(models: Path) -> Iterator[None]:
    """Waits for another training in the same folder; it may make the very model that is wanted."""
    with open(models / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear(models: Path) -> None:
    """Takes away what trainings left that were cut off."""
    for folder in models.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _forget_older(models: Path, newest: Path) -> None:
    """Keeps the newest model and the one before: a server may still be reading that."""
    others = [model for model in models.glob("puente-*.tar.gz") if model != newest]
    for model in sorted(others, key=lambda each: each.stat().st_mtime)[:-1]:
        model.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
