"""How many kilometres farther away something counts than it is, so that one order serves who asks. Pure.

Each number is a distance that a volunteer can weigh: "somebody who speaks K'iche' is worth 25 km more to travel".
"""

from __future__ import annotations

from bot.directory.service_at_location import ServiceAtLocation
from bot.language import Language

CALL_FIRST_KM = 3
"""Not confirmed for 90 days, or never: a confirmed neighbour comes first, one in the next town does not."""
CLOSED_KM = 2
"""Closed now. Who needs a lawyer or a class goes tomorrow: only a near tie is broken."""
CLOSED_KM_TODAY = {"health": 10, "basic_needs": 10}
"""Closed now, where help is needed today: at 22:00 an open shelter is worth 10 km, about half an hour of a ride."""
# Hours that nobody knows are neither: half of it.
UNKNOWN_HOURS = 0.5

SPOKEN = 0
"""They speak her language."""
INTERPRETED = 5
"""They have interpreters of her language."""
NOT_KNOWN = 5
"""What is spoken there is not known: likely Spanish, but nobody says so."""
NOT_SPOKEN = 15
"""Another language, and no interpreter is known."""
KICHE_BY_SPANISH = 25
"""For a K'iche' speaker: Spanish only, or not known."""
KICHE_BY_OTHERS = 40
"""For a K'iche' speaker: neither K'iche' nor Spanish."""

NOTED = frozenset({"new arrivals only", "women only", "men only", "nationals only"})
"""Who is not for everybody comes after the others, with a note."""
OFFICES = frozenset({"government", "consulate"})
"""Never where the step does not let them in."""
NEVER = "do not route"


def language_km(service: ServiceAtLocation, language: Language) -> int:
    """What it costs her that they speak what they speak."""
    if language.value in service.languages:
        return SPOKEN
    if language.value in service.interpreters:
        return INTERPRETED
    if language is not Language.QUC:
        return NOT_SPOKEN if service.languages else NOT_KNOWN
    if "es" in service.languages or "es" in service.interpreters or not service.languages:
        return KICHE_BY_SPANISH
    return KICHE_BY_OTHERS


def closed_km(open_now: bool | None, kind: str) -> float:
    """What it costs that it is closed now; ``open_now`` is None where nobody knows."""
    if open_now:
        return 0
    whole = CLOSED_KM_TODAY.get(kind, CLOSED_KM)
    return whole * UNKNOWN_HOURS if open_now is None else whole
