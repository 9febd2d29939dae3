"""A new model comes into the place of the old one only when it misses no more danger, and no message is shown for that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fingerprint import fitting_path, instead_of, model_path
from reporting.compared import compared, table
from reporting.judged import Judged, Outcome, Topics

from bot.settings import REPOSITORY
from tests.nlu.conftest import NLU, write_sentences

TOPICS = Topics(
    {"urgent": ("danger", "alone"), "conversation": ("greet",)},
    {"danger": "danger", "alone": "alone", "greet": "greet"},
    frozenset({"danger", "alone", "some_danger"}),
)
CALIBRATION = 'version: "3.1"\nnlu:\n{}'
PART = "- intent: {}\n  metadata: {{language: es, part: calibration}}\n  examples: |\n{}"
NOTHING_OF_US = "ya llegaron agentes a la puerta de mi casa"


def judged(intent: str, flow: str | None, language: str = "es") -> Judged:
    outcome = Outcome(flow)
    # What phrases would do stands beside: a model that misses danger is not excused by them.
    return Judged(language, intent, (), True, outcome, Outcome(intent))


@pytest.mark.parametrize(
    ("before", "after", "fallen"),
    [
        (["danger", "danger"], ["danger", "danger"], []),
        (["danger", None], ["danger", "danger"], []),
        (["danger", "danger"], ["danger", "greet"], ["danger in Spanish: heard 1 of 2, was 2"]),
        (["danger", "danger"], ["danger", None], ["danger in Spanish: heard 1 of 2, was 2"]),
        (["danger", None], [None, "danger"], []),
        (["danger", "danger"], ["some_danger", "alone"], []),
    ],
    ids=["the same", "better", "taken for another", "not understood", "one for another", "heard as danger still"],
)
def test_what_falls(before: list[str | None], after: list[str | None], fallen: list[str]) -> None:
    found = compared([judged("danger", each) for each in before], [judged("danger", each) for each in after], TOPICS)
    assert [str(each) for each in found.fallen] == fallen


def test_one_language_that_falls_is_not_made_good_by_another() -> None:
    before = [judged("danger", "danger", "es"), judged("danger", None, "quc"), judged("greet", "danger")]
    after = [judged("danger", None, "es"), judged("danger", "danger", "quc"), judged("greet", "greet")]
    found = compared(before, after, TOPICS)
    assert [(each.language, each.intent) for each in found.fallen] == [("es", "danger")]
    assert (found.urgent.before, found.urgent.after, found.urgent.better, found.urgent.worse) == (1, 1, 1, 1)
    shown = table(found, kept_back=1)
    assert "Spanish" in shown and "1 of 2" in shown and "danger" in shown and "On 3 messages" in shown


def test_a_refused_model_leaves_the_old_one_in_its_place(project: Path) -> None:
    models = project / "models"
    models.mkdir()
    fitting, old = fitting_path(models, project), models / f"puente-{'0' * 12}.tar.gz"
    assert model_path(models, project) == fitting
    instead_of(fitting).write_text(f"{old.name}\nwhy\n", "utf-8")
    assert model_path(models, project) == fitting, "the old one is not there"
    old.write_bytes(b"a model")
    assert model_path(models, project) == old
    for odd in ("../../etc/passwd", "", "puente-x.tar.gz"):
        instead_of(fitting).write_text(f"{odd}\n", "utf-8")
        assert model_path(models, project) == fitting
    instead_of(fitting).write_text(f"{old.name}\n", "utf-8")
    fitting.write_bytes(b"a model")
    assert model_path(models, project) == fitting, "it is there after all"
    fitting.unlink()
    write_sentences(project, "es", "thank", "gracias")
    assert model_path(models, project) == fitting_path(models, project), (
        "a note is for the data that it was written for"
    )


def retrain(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, str(project / "retrain.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1500, env=environ)


@pytest.fixture
def whole_project(project: Path) -> Path:
    """With messages to measure with, and the environment of the model beside it as in the repository."""
    (project.parent / ".venv-nlu").symlink_to(REPOSITORY / ".venv-nlu")
    shutil.copytree(NLU / "reporting", project / "reporting", ignore=shutil.ignore_patterns("__pycache__"))
    (project / "data" / "calibration").mkdir()
    danger = (NOTHING_OF_US, "hay agentes en mi casa", "estan tocando la puerta los de ICE", "la migra esta afuera")
    parts = [("agents_here_now", danger), ("greet", ("hola buenas", "buenos días señora", "hola que tal"))]
    (project / "data" / "calibration" / "es.yml").write_text(
        CALIBRATION.format(
            "".join(PART.format(name, "".join(f"    - {one}\n" for one in said)) for name, said in parts)
        ),
        "utf-8",
    )
    return project


def models_of(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "models").glob("puente-*.tar.gz"))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_first_comes_in_and_the_next_is_compared_with_it(whole_project: Path) -> None:
    project = whole_project
    first = retrain(project)
    assert first.returncode == 0, first.stderr
    assert len(models_of(project)) == 1 and "messages that no model learns from" not in first.stdout
    assert "fits the data" in retrain(project).stdout

    write_sentences(project, "es", "greet_more", "buenas buenas")  # read as a topic of its own name: it must not matter
    (project / "data" / "es" / "greet_more.yml").write_text(
        (project / "data" / "es" / "greet_more.yml").read_text("utf-8").replace("greet_more", "greet"), "utf-8"
    )
    second = retrain(project)
    assert second.returncode == 0, second.stderr
    assert len(models_of(project)) == 2 and "Spanish" in second.stdout and "danger" in second.stdout
    assert NOTHING_OF_US not in second.stdout + second.stderr
