"""Training: a model that fits is left alone, one that does not is made anew, and half a model never looks like one."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from tests.servers import NLU_PYTHON


def train(project: Path, *options: str, python: Path | str = NLU_PYTHON) -> subprocess.CompletedProcess[str]:
    command = [str(python), str(project / "train.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def models(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "models").glob("*.tar.gz"))


def weights(project: Path, model: str) -> dict[str, bytes]:
    """What the model has learned, file by file. Its metadata holds the time of the training."""
    with tarfile.open(project / "models" / model) as archive:
        files = [member for member in archive.getmembers() if member.isfile() and member.name != "metadata.json"]
        return {member.name: archive.extractfile(member).read() for member in files}  # type: ignore[union-attr]


def test_where_the_model_will_be_is_said_without_training(project: Path) -> None:
    told = train(project, "--print-path", python=sys.executable)
    assert told.returncode == 0 and told.stdout.startswith(str(project / "models" / "puente-"))
    assert not (project / "models").exists()


def test_without_sentences_it_says_so(project: Path) -> None:
    for path in project.rglob("data/*/*.yml"):
        path.unlink()
    told = train(project, python=sys.executable)
    assert told.returncode == 1 and "no training sentences" in told.stderr


@pytest.mark.slow
def test_it_trains_once_for_each_state_of_the_data(project: Path) -> None:
    assert train(project).returncode == 0
    [first] = models(project)
    learned = weights(project, first)
    assert any(name.endswith(".npz") for name in learned)
    assert not any(name.endswith((".pkl", ".pickle", ".joblib")) for name in learned), "nothing that could run"

    again = train(project, python=sys.executable)
    assert again.returncode == 0 and "fits the data" in again.stdout, "known without Rasa"

    (project / "data/es/more.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  metadata: {language: es}\n  examples: |\n    - qué tal\n', "utf-8"
    )
    assert train(project).returncode == 0
    [second] = set(models(project)) - {first}
    assert weights(project, second) != learned

    (project / "data/es/more.yml").unlink()
    (project / "models" / first).unlink()
    assert train(project).returncode == 0
    assert models(project) == sorted([first, second]), "the one before is kept: a server may be reading it"
    assert weights(project, first) == learned, "the same data give the same model"


@pytest.mark.slow
def test_a_training_that_is_killed_leaves_nothing_that_looks_finished(project: Path) -> None:
    killed = subprocess.Popen([str(NLU_PYTHON), str(project / "train.py")], stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 120
    while not list(project.glob("models/.unfinished-*/config.yml")):
        assert killed.poll() is None and time.monotonic() < give_up
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    assert models(project) == []

    assert train(project).returncode == 0
    assert len(models(project)) == 1
    assert list(project.glob("models/.unfinished-*")) == []
