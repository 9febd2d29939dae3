"""More ways of writing the same sentence: short forms, slips of the thumb, the spellings of K'iche'. Standard library only.

Only sentences that are learned from are varied, never those that measure. The same seed gives the same variants.
Accents need no variants: ``text.normalise`` takes them off everywhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence

SHORT_FORMS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "es": {
        "que": ("q", "k", "ke"),
        "porque": ("xq", "pq", "porq"),
        "por": ("x",),
        "tambien": ("tmb", "tb"),
        "también": ("tmb", "tb"),
        "para": ("pa", "pra"),
        "de": ("d",),
        "mi": ("my",),
        "hay": ("ay",),
        "estan": ("stan", "tan"),
        "están": ("stan", "tan"),
        "esta": ("sta", "ta"),
        "está": ("sta", "ta"),
        "llevaron": ("yevaron", "llebaron"),
        "hijo": ("ijo",),
        "hija": ("ija",),
        "hermano": ("ermano",),
        "abogado": ("abogao", "avogado"),
        "necesito": ("nesesito", "nececito"),
        "hacer": ("aser", "acer"),
        "ahora": ("aora", "ora"),
        "donde": ("dnd", "onde"),
        "quiero": ("kiero",),
        "alguien": ("algien",),
        "trabajo": ("travajo",),
        "voy": ("boy",),
        "se": ("c",),
        "mensaje": ("msj",),
        "gracias": ("grax", "grasias"),
    },
    "en": {
        "you": ("u",),
        "are": ("r",),
        "your": ("ur",),
        "please": ("pls", "plz"),
        "because": ("bc", "cuz"),
        "people": ("ppl",),
        "to": ("2",),
        "for": ("4",),
        "what": ("wat", "wht"),
        "they": ("dey", "thy"),
        "with": ("w", "wit"),
        "my": ("mi",),
        "husband": ("husben", "hubby"),
        "lawyer": ("lawer", "layer"),
        "right": ("rite",),
        "want": ("wanna",),
        "going": ("goin",),
        "don't": ("dont",),
        "i'm": ("im",),
        "police": ("polise",),
        "know": ("kno",),
        "the": ("da", "d"),
        "about": ("abt",),
        "tonight": ("2nite",),
    },
    "quc": {"ri": ("le",), "le": ("ri",), "man": ("na",), "na": ("man",), "kwaj": ("kawaj", "cuaj"), "chwe": ("chwech",)},
}
"""What people write for a word, by ear or in haste (docs: nlu/README.md). Not what is right: what arrives."""

_KICHE_WORDS: Mapping[str, str] = dict(
    pair.split("=")
    for pair in (
        "el=ri la=ri los=ri las=ri quiero=kwaj necesito=rajawaxik no=man en=pa donde=jawi aqui=waral hay=ko ahora=chanim"
        " ahorita=chanim que=jas y=xuquje esposo=wachijil hijo=wal mama=nunan papa=nutat casa=ja trabajo=chak ayuda=tobanik"
        " con=ruk gracias=maltyox persona=winaq quien=jachin cuando=jampa policia=polisiy llevaron=xkikam agarraron=xkichap"
        " papeles=wuj papel=wuj niño=akal nino=akal niños=akalab puedo=kinkowinik un=jun una=jun para=rech si=we mi=ri me=chwe"
    ).split()
)
# Words of locales/quc and of data/quc/sources.tsv, put for Spanish ones: what it sounds like when somebody speaks both. No
# sentence that is learned for its meaning is made so.
_KICHE_WORD = 0.5
_FEWEST_KICHE, _LEAST_KICHE = 2, 0.1

_KICHE_SPELLINGS = (
    (re.compile("k'|kʼ"), "c'"),
    (re.compile("k(?=[aou])"), "c"),
    (re.compile("k(?=[ei])"), "qu"),
    (re.compile("tz"), "ts"),
    (re.compile("x"), "sh"),
    (re.compile("w(?=[aeio])"), "hu"),
    (re.compile("['’ʼꞌ]"), ""),
    (re.compile("['’ʼꞌ]"), "7"),
    (re.compile("['’ʼꞌ]"), "´"),
)
_NEIGHBOURS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        "wa qes wrd etf ryg tuh yij uok ipl o qsz awdx sefc drgv ftbh gyjn hukm jil k asx zsdc xdfv cfgb vghn bhjm njk".split(),
        strict=True,
    )
)
_SHORT_FORM, _SLIP, _SPELLING = 0.35, 0.04, 0.5
"""How often a word gets its short form, a letter slips, and a K'iche' sentence gets one of its other spellings."""


def variants(text: str, language: str, times: int, dice: random.Random) -> Iterator[str]:
    """So many other ways of writing this sentence; fewer where chance gives the sentence itself."""
    for _ in range(times):
        other = _misspelt(_shortened(text, language, dice), dice)
        if language == "quc" and dice.random() < _SPELLING:
            pattern, spelling = dice.choice(_KICHE_SPELLINGS)
            other = pattern.sub(spelling, other)
        if other != text:
            yield other


def mixed(text: str, dice: random.Random) -> str | None:
    """A Spanish sentence as somebody says it who speaks K'iche' too; None where too little of it would be K'iche'."""
    words, kiche = [], 0
    for word in text.split():
        other = _KICHE_WORDS.get(word.casefold())
        if other and dice.random() < _KICHE_WORD:
            words.append(other)
            kiche += 1
        else:
            words.append(word)
    return " ".join(words) if kiche >= max(_FEWEST_KICHE, _LEAST_KICHE * len(words)) else None


def _shortened(text: str, language: str, dice: random.Random) -> str:
    forms = SHORT_FORMS.get(language, {})
    words = []
    for word in text.split():
        known = forms.get(word.casefold())
        words.append(dice.choice(known) if known and dice.random() < _SHORT_FORM else word)
    return " ".join(words)


def _misspelt(text: str, dice: random.Random) -> str:
    """Letters dropped, doubled, swapped or hit beside, now and then; never two in a row, never the first of a word."""
    letters = list(text)
    at = 1
    while at < len(letters) - 1:
        if letters[at].isalpha() and letters[at - 1].isalpha() and dice.random() < _SLIP:
            letters[at : at + 2] = _slip(letters[at], letters[at + 1], dice)
            at += 1
        at += 1
    return "".join(letters)


def _slip(letter: str, after: str, dice: random.Random) -> list[str]:
    kind = dice.randrange(4)
    if kind == 0:
        return [after]
    if kind == 1:
        return [letter, letter, after]
    if kind == 2 and after.isalpha():
        return [after, letter]
    return [dice.choice(_NEIGHBOURS.get(letter.casefold(), letter)), after]
