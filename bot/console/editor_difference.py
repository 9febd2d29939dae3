"""Where two texts differ, word by word, for pages that show it with words and not only with colour. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from msgspec import Struct

SAME, ADDED, REMOVED = "same", "added", "removed"
# A word with the space behind it, so that words of one kind that stand together are one run.
_WORDS = re.compile(r"\S+\s*|\s+")


class Run(Struct, frozen=True):
    """Words that are the same in both texts, or only in one."""

    kind: str
    text: str


def difference(before: str, after: str) -> tuple[Run, ...]:
    """What became of a text. What is added and what is same makes ``after``, what is removed and what is same ``before``.

    Spaces are never a difference; where they differ, those of ``after`` are shown.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    bare_old, bare_new = [word.strip() for word in old], [word.strip() for word in new]
    runs: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, bare_old, bare_new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(SAME, "".join(new[c:d])))
            continue
        if b > a:
            runs.append(Run(REMOVED, "".join(old[a:b])))
        if d > c:
            runs.append(Run(ADDED, "".join(new[c:d])))
    return tuple(runs)
