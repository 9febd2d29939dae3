"""Which model fits the training data as it is now. Standard library only: it is asked before anything is installed.

    python nlu/fingerprint.py [--models DIR]

prints where the model of the present data is or would be; exit code 0 if it is there and whole, 1 if it must be trained. Where
retrain.py has refused that model, it is the one that stays in its place.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
MODELS = PROJECT / "models"

_SINGLE = ("concepts.yml", "config.yml", "domain.yml", "requirements.txt", "train.py")
_CHUNK = 1 << 20
_NAME = re.compile(r"puente-[0-9a-f]{12}\.tar\.gz")


def sources(project: Path = PROJECT) -> Iterator[Path]:
    """Every file that a model is made from, in a fixed order."""
    yield from (project / name for name in _SINGLE)
    yield from sorted((project / "components").rglob("*.py"))
    yield from sorted((project / "data").rglob("*.yml"))


def fingerprint(project: Path = PROJECT) -> str:
    """Twelve hexadecimal digits that change with every change of what a model is made from."""
    digest = hashlib.sha256()
    for path in sources(project):
        name = path.relative_to(project).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


def fitting_path(models: Path = MODELS, project: Path = PROJECT) -> Path:
    """Where the model of the present data is, or will be once it is trained and let in."""
    return models / f"puente-{fingerprint(project)}.tar.gz"


def instead_of(model: Path) -> Path:
    """The note that retrain.py leaves where it refused this model: its first line names the one that stays."""
    return model.with_name(model.name.replace(".tar.gz", ".instead"))


def model_path(models: Path = MODELS, project: Path = PROJECT) -> Path:
    """Which model is to answer: that of the present data, or the one that stays because that one misses more danger."""
    fitting = fitting_path(models, project)
    try:
        first = instead_of(fitting).read_text("utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return fitting
    stays = models / first
    return stays if _NAME.fullmatch(first) and stays.is_file() and not fitting.exists() else fitting


def whole(model: Path) -> bool:
    """Whether the file is there and can be unpacked to its end."""
    try:
        with gzip.open(model) as archive:
            if not archive.read(1):
                return False  # an empty file is no error to gzip
            while archive.read(_CHUNK):
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True


def main(arguments: Sequence[str]) -> int:
    """Says where the model is, and by the exit code whether."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    model = model_path(parser.parse_args(arguments).models)
    print(model)
    return 0 if whole(model) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
