"""Lines with which a person takes leave before the bot goes on: in the family's language, to be chosen from a list. Pure.

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
