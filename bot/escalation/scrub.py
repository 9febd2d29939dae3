"""What names or leads to somebody, taken out of a sentence before it is kept to learn from. A person looks at the rest. Pure.

``scrub`` is a proposal and errs on the side of taking out: a place that goes with the names costs little.
"""

from __future__ import annotations

import re

GAP = "***"
"""Stands where something was taken out."""

_SIGNS = (
    re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\S+@\S+"),
    re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|mx|gt|us|info|ly|me)\b(?:/\S*)?", re.IGNORECASE),
    # A number however it is written: A-123 456 789, (312) 555-0100, 4to, 60629.
    re.compile(r"(?:\b[Aa]-?(?=\d)|[+(#])?\d(?:[\d\s().,/:-]*\d)?"),
)
_NAME = r"[^\W\d_][\w'’-]*"
_NAMED = re.compile(
    r"\b(me llamo|mi nombre es|se llaman?|mi (?:esposo|esposa|hijo|hija|hermano|hermana|mamá|papá|tío|tía) es|le dicen"
    r"|soy (?:el señor|la señora|don|doña)|my name is|my name's|his name is|her name is|their names are|is called|nub'i')\s+"
    rf"({_NAME}(?:\s+{_NAME}){{0,5}})",
    re.IGNORECASE,
)
# Where a sentence begins, a capital says nothing: . ! ? … and the start. After an opening ¿ or ¡ one begins too.
_CAPITAL = re.compile(r"(?<![.!?…¿¡\n])(?<![.!?…]\s)(?<=\s)([A-ZÁÉÍÓÚÑÜ][\w'’-]*(?:\s+[A-ZÁÉÍÓÚÑÜ][\w'’-]*)*)")
_NO_NAME = frozenset(
    "y e o pero que con en es ya mi me su soy tengo necesito quiero vivo estoy busco puedo desde and but i i'm im need want live"
    " have can from in at kwaj kawaj in rech chi".split()
)
"""Words with which a sentence goes on after a name."""
_KEPT = frozenset(
    "I I'm I've I'd ICE INS DACA TPS ACNUR UN OK ID SOS USA US EEUU EU U-visa VAWA BIA USCIS CBP DHS".split()
)
"""Words with a capital that name no person and carry a meaning."""


def scrub(text: str) -> str:
    """The sentence without numbers, addresses of the net, and what looks like names.

    >>> scrub("Me llamo Ana López y mi cita es el 12 con Marta")
    'Me llamo *** y mi cita es el *** con ***'
    """
    text = _NAMED.sub(lambda found: f"{found[1]} {_after_the_name(found[2])}", scrub_signs(text))
    # Who writes in capitals shows no name by them.
    return text if text.upper() == text else _CAPITAL.sub(_without_names, text)


def scrub_signs(text: str) -> str:
    """Only what leads to somebody for sure: digits, mail addresses, addresses of the net."""
    for pattern in _SIGNS:
        text = pattern.sub(GAP, text)
    return text


def _after_the_name(words: str) -> str:
    """What follows "my name is", from where the sentence goes on."""
    rest = words.split()[1:]
    taken = next((at for at, word in enumerate(rest) if word.lower() in _NO_NAME), min(len(rest), 3))
    return " ".join([GAP, *rest[taken:]])


def _without_names(found: re.Match[str]) -> str:
    words = found[1].split()
    kept = [word if word.strip("'’-") in _KEPT or word in _KEPT else GAP for word in words]
    return " ".join(word for at, word in enumerate(kept) if word != GAP or at == 0 or kept[at - 1] != GAP)
