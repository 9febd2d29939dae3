"""The trained understanding model: whether one fits the training data, and the training when none does."""

from __future__ import annotations

import subprocess

from bot.launch.environments import NLU, python
from bot.launch.setup import Setup


def fits(setup: Setup) -> bool:
    """Whether `nlu/models` holds a model of exactly the present data. `nlu/fingerprint.py` decides."""
    asked = subprocess.run(  # noqa: S603 - our own environment and script
        [str(python(NLU, setup.root)), "nlu/fingerprint.py"],
        cwd=str(setup.root),
        env=dict(setup.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return asked.returncode == 0


def ensure(setup: Setup) -> None:
    """Trains a model unless one fits."""
    setup.progress.step("Understanding model")
    if fits(setup):
        setup.progress.ready()
        return
    setup.progress.doing("training it on nlu/data (one to two minutes)")
    setup.run([python(NLU, setup.root), "nlu/train.py"], "training the understanding model")
    setup.progress.done()
