"""What becomes of the letters in an SMS: those that make it three times as dear, and accents that it loses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language import Language
from bot.scripts.finding import Finding, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import texts
from bot.wording.gsm7 import fold_for_sms, non_gsm

COSTLY_LETTER = error(
    "letter that is not in an SMS",
    "one such letter leaves 70 characters a segment instead of 160, and the family pays for two or three more",
    "Write it with plain letters and marks",
)
COSTLY_IN_DIRECTORY = warning("letter of the directory that is not in an SMS", COSTLY_LETTER.why, COSTLY_LETTER.mend)
CURLY = warning(
    "sign that an SMS writes otherwise",
    "it arrives as another sign, so that what an editor sees is not what a family reads",
    "Write plain quotes and hyphens, and three dots",
)
# Word processors put these in by themselves. The curly apostrophe inside a word is K'iche'.
_CURLY = re.compile(r"[\u201c\u201d\u201e\u2018\u2026\u2013\u2014]|\u2019(?!\w)|(?<!\w)\u2019")
ACCENT_PAIR = warning(
    "accent that changes the meaning",
    "an SMS loses the accents on a, i, o, u, and the sentence can then be read as another",
    "Turn the sentence round so that it is clear without the accent",
)

# Sentences that really say something else when á í ó ú arrive without their accent. é, ñ and ü arrive as they are (él, té, sé,
# dé, qué, pérdida, inglés, año), so pairs that differ only in them are not here. Nor are pairs that nobody misreads in a
# sentence: cómo, cuándo, dónde, más, sólo, tú before a verb, número, público, firmó and the like.
ACCENT_PAIRS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read_as)
    for pattern, read_as in (
        # "usted sí puede" is read "usted, if he can"; "que sí," and "sí o no" are not.
        (r"\bsí(?= (?!o no\b)\w)", "si (if)"),
        (r"\bpapás?\b", "papa (potato)"),
        # Feminine nouns that are participles too: "está herida" is read "this wound".
        (r"\bestá(?= (?:herida|lista|entrada|salida|parada|llamada|vista)\b)", "esta (this)"),
        (r"\bmí(?= \w)", "mi (my)"),
        # "aún con papeles" (still) is read "aun con papeles" (even).
        (r"\baún(?= (?:con|sin|si|cuando|así)\b)", "aun (even)"),
        (r"\bhacía\b", "hacia (towards)"),
        (r"\btú(?= (?:llamada|firma|visita|carta|ayuda|pregunta|casa|familia)\b)", "tu (your)"),
        # "ya pagó" is read "ya pago" (I already pay).
        (r"\bya (?:pagó|firmó|llamó|avisó|entregó)\b", "-o (I already ...)"),
        (r"\b(?:llamará|firmará|pagará|llegará)\b", "-ara (if he had ...)"),
    )
)


def check_alphabet(release: Release) -> Iterator[Finding]:
    """Every text, and what the directory puts into texts."""
    for text in texts(release):
        for letter in non_gsm(fold_for_sms(text.words)):
            problem = f"{letter!r} ({ascii(letter)[1:-1]}) does not fit into an SMS"
            yield COSTLY_LETTER.broken(text.file, text.key, problem, language=text.language, said=letter)
        for sign in dict.fromkeys(_CURLY.findall(text.words)):
            problem = f"{sign!r} ({ascii(sign)[1:-1]}) arrives as {fold_for_sms(sign)!r}"
            yield CURLY.broken(text.file, text.key, problem, language=text.language, said=sign)
        if text.language is Language.ES:
            for said, read_as, sentence in misread(text.words):
                problem = f"without accents {said!r} is read as {read_as}: {fold_for_sms(sentence)!r}"
                yield ACCENT_PAIR.broken(text.file, text.key, problem, language=text.language, said=said)
    yield from _directory(release)


def _directory(release: Release) -> Iterator[Finding]:
    for line in release.hotlines.values():
        for letter in non_gsm(fold_for_sms(line.text)):
            problem = f"{letter!r} does not fit into an SMS"
            yield COSTLY_IN_DIRECTORY.broken("directory/hotlines.csv", line.id, problem, said=letter)
    for each in release.directory.services:
        shown = " ".join((each.name, each.name_es, each.name_quc, each.address_text, each.hours_es, each.hours_en))
        for letter in non_gsm(fold_for_sms(shown)):
            problem = f"{letter!r} does not fit into an SMS"
            yield COSTLY_IN_DIRECTORY.broken("directory/organizations.csv", each.name, problem, said=letter)


def misread(spanish: str) -> Iterator[tuple[str, str, str]]:
    """Each word of a Spanish text that an SMS turns into another: the word, what it is read as, and its sentence."""
    for sentence in re.split(r"(?<=[.!?])\s+", spanish):
        for pattern, read_as in ACCENT_PAIRS:
            for match in pattern.finditer(sentence):
                yield match.group(), read_as, sentence
