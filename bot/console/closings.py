"""Sentences of staff that are ready for the family: to take leave, and to ask whether another organization may go on. Pure.

Nobody here speaks K'iche', so there is none in it: staff are told, and may take the Spanish one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.language import Language

_CLOSINGS: Mapping[Language, Mapping[str, str]] = {
    Language.ES: {
        "back": "Gracias por escribir. Ahora le responde el bot otra vez. Si quiere hablar con una persona, escriba 0.",
        "thanks": "Gracias por su confianza. Si necesita algo más, escriba cuando quiera.",
        "courage": "Hizo bien en escribir. Si algo cambia, escriba otra vez. En peligro llame al 911.",
    },
    Language.EN: {
        "back": "Thank you for writing. The bot answers you again now. To talk with a person, write 0.",
        "thanks": "Thank you for your trust. If you need anything else, write any time.",
        "courage": "You did well to write. If anything changes, write again. In danger call 911.",
    },
}


def closings(language: Language) -> tuple[Language, Mapping[str, str]]:
    """The lines by name, and the language in which they are: Spanish for who speaks K'iche'."""
    written = language if language in _CLOSINGS else Language.ES
    return written, _CLOSINGS[written]


_PASS = {
    Language.ES: "Otra organización, %(to)s, puede ayudarle mejor. ¿Le damos su conversación y su número? 1 sí, 2 no. Si dice que no,"
    " seguimos nosotros.",
    Language.EN: "Another organization, %(to)s, can help you better. May we give them your conversation and your number? 1 yes, 2 no."
    " If you say no, we go on.",
}


def asking_to_pass(language: Language, to: str) -> str:
    """Asks the family whether another organization may have the conversation; in Spanish who speaks K'iche'."""
    return _PASS.get(language, _PASS[Language.ES]) % {"to": to}
