"""The confusion matrix as plain numbers, for picture.py in the other environment. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reporting.judged import Measured


def matrix(measured: Measured) -> dict[str, Any]:
    """Intents in the order of intents.yml with their groups, and how often each (row) was taken for each (column)."""
    groups = {group: list(names) for group, names in measured.topics.groups.items()}
    intents = [name for names in groups.values() for name in names]
    pairs = Counter((each.intent, each.best) for each in measured.judged)
    return {"groups": groups, "times": [[pairs[row, column] for column in intents] for row in intents]}
