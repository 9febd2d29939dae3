"""The Rasa project is no package of ours: its modules are found as its own scripts find them, from nlu/."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bot.settings import REPOSITORY

NLU = REPOSITORY / "nlu"
sys.path.insert(0, str(NLU))

_SENTENCES = {
    "es": {
        "greet": ("hola", "buenos días", "buenas tardes"),
        "agents_here_now": (
            "la migra está en mi puerta",
            "hay agentes afuera de mi casa ahorita",
            "están tocando los de ICE",
        ),
    },
    "en": {
        "greet": ("hello", "good morning", "hi there"),
        "agents_here_now": (
            "ICE is at my door",
            "agents are outside my house right now",
            "they are knocking, it says police",
        ),
    },
    "quc": {
        "greet": ("saqirik", "xe q'ij", "la utz a wach"),
        "agents_here_now": ("k'o ri migra waral", "ri migra k'o chi uchi' ja", "e k'o waral ri migra"),
    },
}


def write_sentences(project: Path, language: str, intent: str, *texts: str) -> Path:
    """A training file with these sentences."""
    path = project / "data" / language / f"{intent}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"    - {text}\n" for text in texts)
    path.write_text(
        f'version: "3.1"\nnlu:\n- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: |\n{lines}',
        "utf-8",
    )
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Rasa project as it is here, with two intents and a handful of sentences, which take seconds to learn."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    for path in (*NLU.glob("*.py"), NLU / "concepts.yml", NLU / "config.yml", NLU / "requirements.txt"):
        shutil.copy(path, folder)
    shutil.copytree(NLU / "components", folder / "components", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "domain.yml").write_text('version: "3.1"\nintents: [greet, agents_here_now]\n', "utf-8")
    (folder / "intents.yml").write_text(
        "conversation:\n  greet: says hello\nurgent:\n  agents_here_now: they are at the door\n", "utf-8"
    )
    for language, intents in _SENTENCES.items():
        for intent, texts in intents.items():
            write_sentences(folder, language, intent, *texts)
    return folder
