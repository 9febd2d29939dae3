"""The week's mail to coordinators: how much waits, in numbers alone, and the page where it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct

HOUR = time(8)
"""From then on, on a Monday by the clocks of the team, the mail of a week goes out."""


class Digest(Struct, frozen=True):
    """What waits.

    ``facts_out``: facts that have run out, so that their sentences are left out of answers; ``facts_soon``: those that do within
    14 days. ``places``: organizations to be called, ``lines``: hotlines and pages. ``phrases``: what was asked and not
    understood, and that nobody has judged; ``nowhere``: how often help was asked for in the last four weeks where nothing was
    near (counts under five come in when their week is over). ``reviews``: answers that somebody else has to read.
    """

    facts_out: int = 0
    facts_soon: int = 0
    places: int = 0
    lines: int = 0
    phrases: int = 0
    nowhere: int = 0
    reviews: int = 0


def week_of(now: datetime) -> date | None:
    """The Monday of the week whose mail may go out at this moment of the team's clocks; None before that Monday's ``HOUR``."""
    monday = (now - timedelta(days=now.weekday())).date()
    return None if now.date() == monday and now.time() < HOUR else monday


_LINES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "es": (
        ("facts_out", "dato que venció: su frase ya no sale", "datos que vencieron: sus frases ya no salen"),
        ("facts_soon", "dato que vence en 14 días", "datos que vencen en 14 días"),
        ("places", "organización por llamar", "organizaciones por llamar"),
        ("lines", "línea o página por probar", "líneas o páginas por probar"),
        ("phrases", "pregunta que no se entendió, por leer", "preguntas que no se entendieron, por leer"),
        (
            "nowhere",
            "vez en cuatro semanas se pidió ayuda donde no hay nadie cerca",
            "veces en cuatro semanas se pidió ayuda donde no hay nadie cerca",
        ),
        (
            "reviews",
            "respuesta que espera a que otra persona la lea",
            "respuestas que esperan a que otra persona las lea",
        ),
    ),
    "en": (
        (
            "facts_out",
            "fact has run out: its sentence is left out",
            "facts have run out: their sentences are left out",
        ),
        ("facts_soon", "fact runs out within 14 days", "facts run out within 14 days"),
        ("places", "organization to call", "organizations to call"),
        ("lines", "hotline or page to try", "hotlines or pages to try"),
        (
            "phrases",
            "question was not understood and is to be read",
            "questions were not understood and are to be read",
        ),
        (
            "nowhere",
            "time in four weeks help was asked for where nobody is near",
            "times in four weeks help was asked for where nobody is near",
        ),
        ("reviews", "answer waits to be read by somebody else", "answers wait to be read by somebody else"),
    ),
}


def lines(digest: Digest, language: str) -> tuple[tuple[int, str], ...]:
    """How many and what, each in a sentence that goes on after its number; what does not wait is left out."""
    words = _LINES.get(language, _LINES["es"])
    counts = ((getattr(digest, name), one, more) for name, one, more in words)
    return tuple((n, one if n == 1 else more) for n, one, more in counts if n)
