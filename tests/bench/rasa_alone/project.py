"""The Rasa project of the peer, made from our content: the same intents, and for each a rule that utters our answer in Spanish."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any

from bot.content import load
from bot.engine.actions import Ask, Say
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import REPOSITORY, Settings, from_environment
from bot.yaml_text import plain

KEPT = REPOSITORY / ".bench"
PYTHON = REPOSITORY / ".venv-nlu" / "bin" / "python"
TRAIN = Path(__file__).with_name("train.py")
POLICIES = [{"name": "RulePolicy", "enable_fallback_prediction": False}]


def model_of_ours() -> Path:
    """The model of the present sentences."""
    said = subprocess.run([PYTHON, "nlu/fingerprint.py"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return Path(said.stdout.strip())


def kept() -> Path:
    """Where the peer's model is or will be: its name changes with our answers and with what our model learned."""
    said = json.dumps([model_of_ours().name, _files()], sort_keys=True)
    return KEPT / f"rasa-alone-{hashlib.sha256(said.encode()).hexdigest()[:12]}.tar.gz"


def trained(log: Path) -> Path:
    """The model of the peer, trained where this one is not kept yet: two to three minutes. It learns what ours has learned."""
    model = kept()
    if model.is_file():
        return model
    folder = KEPT / f"rasa-alone-project-{os.getpid()}"
    folder.mkdir(parents=True)
    for name, held in _files().items():
        # JSON is YAML, but Rasa looks for rules at the beginning of a line.
        lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in held.items())
        (folder / name).write_text("".join(lines), "utf-8")
    try:
        with log.open("ab") as output:
            subprocess.run([PYTHON, TRAIN, folder, model.name], stdout=output, stderr=output, check=True)
        (folder / model.name).replace(model)
    finally:
        shutil.rmtree(folder)
    return model


@cache
def _files() -> dict[str, dict[str, Any]]:
    release, settings = load(), from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(KEPT)})
    answers = {intent: _answer(release, settings, flow) for intent, flow in sorted(release.script.by_intent.items())}
    rules = [{"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in answers]
    config = plain((REPOSITORY / "nlu" / "config.yml").read_text("utf-8"))
    responses = {f"utter_{intent}": [{"text": text}] for intent, text in answers.items()}
    return {
        "domain.yml": {
            "version": "3.1",
            "intents": list(answers),
            "responses": responses,
            "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
        },
        "rules.yml": {"version": "3.1", "rules": rules},
        "config.yml": {**config, "policies": POLICIES},
    }


def _answer(release: Release, settings: Settings, flow: str) -> str:
    """What our bot says first to somebody who asks for this by SMS, with its menu."""
    step = release.script.flows[flow].first.name
    words = renderer(release, settings, Session(language=Language.ES, known=True), Channel.SMS, time.time())
    return "\n".join(words.reply([Say(flow, step), Ask(flow, step)]).texts)
