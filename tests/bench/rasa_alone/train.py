"""``python train.py FOLDER NAME``: trains the project of FOLDER on the sentences of nlu/data. Runs in `.venv-nlu`."""

import os
import sys
from pathlib import Path

NLU = Path(__file__).resolve().parents[3] / "nlu"
sys.path.insert(0, str(NLU))

from quiet import hush  # noqa: E402

if __name__ == "__main__":
    folder, name = Path(sys.argv[1]), sys.argv[2]
    hush()
    os.chdir(NLU)  # Rasa looks for the components from there
    from rasa.model_training import train

    sources = ["data", str(folder / "rules.yml")]
    result = train(str(folder / "domain.yml"), str(folder / "config.yml"), sources, str(folder), fixed_model_name=name)
    sys.exit(0 if result.model else 1)
