"""Where two texts differ, word by word, for pages that show it with words and not only with colour. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are the same in both texts, or only in one."""

    kind: str
    text: str


def difference(before: str, after: str) -> tuple[Run, ...]:
    """What became of a text. What is added and what is same makes ``after``, what is removed and what is same ``before``."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    runs: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(SAME, "".join(old[a:b])))
            continue
        if b > a:
            runs.append(Run(REMOVED, "".join(old[a:b])))
        if d > c:
            runs.append(Run(ADDED, "".join(new[c:d])))
    return tuple(runs)
