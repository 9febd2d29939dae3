"""One text counted by itself gives the row that the library gives; in the model's own environment, where the library is."""

from __future__ import annotations

import subprocess

import pytest

from tests.nlu.conftest import NLU
from tests.servers import NLU_PYTHON

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from components.concepts import Concepts
from components.features import Block, Features

learned = ["la migra esta en mi puerta", "llevaron a mi hijo", "k'o ri migra chuchi' ri ja", "they took my son", "la la la"]
asked = [*learned, "yevaron a mi ijo la migra la", "", "xyz", "\U0001f6a8", "la " * 300]
config = {
    "characters": [1, 4],
    "weights": {"bare": 1.0, "concepts": 0.8, "skeleton": 0.5, "words": 1.2, "written": 1.0},
    "fewest_texts": 1,
}
concepts = Concepts({"take": "llevaron took", "child": "hijo son"})
features, counted = Features.fit(Block.from_config(config), concepts, learned)
assert np.allclose(counted.toarray(), features.of(learned).toarray())
for text, row in zip(asked, features.of(asked).toarray()):
    columns, values = features.one(text)
    mine = np.zeros_like(row)
    mine[columns] = values
    assert np.allclose(mine, row), text
print("equal")
"""


@pytest.mark.slow
def test_one_text_is_counted_as_many_are() -> None:
    told = subprocess.run(
        [str(NLU_PYTHON), "-W", "ignore", "-c", SCRIPT, str(NLU)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.stdout.strip() == "equal", told.stderr[-2000:]
