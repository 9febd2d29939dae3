"""The trained understanding model: whether one fits the training data, and the training when none does."""

from __future__ import annotations

import subprocess

from bot.launch.environments import NLU, WEB, python
from bot.launch.setup import Setup


def fits(setup: Setup) -> bool:
    """Whether `nlu/models` holds the model that is to answer for the present data. `nlu/fingerprint.py` decides."""
    asked = subprocess.run(  # nosec B603 # noqa: S603 - our own environment and script
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
    """Trains a model unless one fits. One that misses more danger than the one before does not come into its place."""
    setup.progress.step("Understanding model")
    if fits(setup):
        setup.progress.ready()
    else:
        setup.progress.doing("training it on nlu/data (one to two minutes; as long again where there was one before)")
        purpose = "training the understanding model"
        setup.run([python(WEB, setup.root), "nlu/retrain.py", "--or-keep"], purpose)
        setup.progress.done()
    if any((setup.root / "nlu" / "models").glob("puente-*.instead")):
        setup.progress.say(
            "      the newest sentences would make it miss more danger, so the model before them answers: make train"
        )
