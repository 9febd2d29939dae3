"""Which part of a message is meant: "no quiero abogado, quiero psicologo", "no, dije Houston", two questions in one. Pure.

A model that counts words hears both halves of a correction alike. What is cut here is only what its own words take back;
whatever does not look like a correction is left whole.
"""

from __future__ import annotations

import re

from bot.intents.folding import bare
from bot.intents.words import Words

# After a bare "no": what comes is what was meant.
_SAID = frozenset("dije digo decia queria quise said meant mean xinbij kinbij".split())
_FILLERS = frozenset("que decir es era i le yo to say it is".split())
# "no dije eso": nothing else was meant.
_NOTHING = frozenset("nada eso esto asi that this anything nothing so".split())
_NEGATIONS = frozenset("no not dont man na nada tampoco".split())
_WANTS = frozenset(
    "quiero kiero quisiera necesito nesesito busco ocupo prefiero want wanna need looking prefer kwaj kawaj rajawaxik".split()
)
_INSTEAD = frozenset("sino but pero mejor instead rather xane".split())
# "no necesito abogado, necesito psicologo": so far apart the two wishes may stand.
_LONGEST_TAKEN_BACK = 7

_ENDS = re.compile(r"[.?!;\n]+")
_AND_ALSO = re.compile(
    r",?\s+(?:y tambi[eé]n|adem[aá]s|y otra (?:cosa|pregunta)|otra pregunta|tambi[eé]n quiero saber"
    r"|and also|also|another question|xuquje'?)\s+",
    re.IGNORECASE,
)
FEWEST_WORDS = 3
"""A question of fewer words is a greeting, a thank you, a "please"."""


def meant(text: str) -> str:
    """The text without what it takes back itself; the text as it is when it takes nothing back.

    >>> meant("no quiero abogado, quiero psicologo"), meant("No, dije Houston TX"), meant("no quiero firmar")
    ('quiero psicologo', 'Houston TX', 'no quiero firmar')
    """
    return what_is_meant(Words.of(text)).text


def what_is_meant(said: Words) -> Words:
    """Like ``meant``, of a text that was folded before."""
    if _NEGATIONS.isdisjoint(said.each):
        # Whatever takes something back has one of these, and nearly every message has none.
        return said
    words = said.text.split()
    folded = [bare(word) for word in words]
    start = _after_no_i_said(folded) or _after_not_this(folded)
    return Words.of(" ".join(words[start:])) if start else said


def _after_no_i_said(folded: list[str]) -> int:
    if len(folded) < 3 or folded[0] not in _NEGATIONS or folded[1] not in _SAID | {"i", "xa"}:
        return 0
    start = 1
    while start < len(folded) and folded[start] in _SAID | _FILLERS:
        start += 1
    rest = folded[start:]
    return start if rest and rest[0] not in _NOTHING and _SAID.intersection(folded[1:start]) else 0


def _after_not_this(folded: list[str]) -> int:
    """Where the second wish begins: "no quiero X, quiero Y", "I don't need X but Y"."""
    for at, word in enumerate(folded):
        wish = at + 1
        if word in _NEGATIONS and wish < len(folded) and (folded[wish] in _WANTS or folded[wish] == "es"):
            for next_at in range(wish + 2, min(wish + 2 + _LONGEST_TAKEN_BACK, len(folded) - 1)):
                if folded[next_at] in _WANTS and folded[next_at - 1] not in _NEGATIONS:
                    return next_at
                if folded[next_at] in _INSTEAD:
                    return next_at + 1
    return 0


def questions(text: str) -> tuple[str, str] | None:
    """The two questions of a message that asks two things; None for one, and for a story of many sentences."""
    for separator in (_AND_ALSO, _ENDS):
        pieces = separator.split(text)
        if len(pieces) < 2:
            continue
        parts = [part.strip(" ,") for part in pieces]
        long = [part for part in parts if len(part.split()) >= FEWEST_WORDS]
        if len(long) == 2:
            return long[0], long[1]
    return None
