"""The week's mail to coordinators: how much waits, in numbers alone, and the page where it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta

HOUR = time(8)
"""From then on, on a Monday by the clocks of the team, the mail of a week goes out."""


@dataclass(frozen=True, slots=True)
class Digest:
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

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not any(astuple(self))


def week_of(now: datetime) -> date | None:
    """The Monday of the week whose mail may go out at this moment of the team's clocks; None before that Monday's ``HOUR``."""
    monday = (now - timedelta(days=now.weekday())).date()
    return None if now.date() == monday and now.time() < HOUR else monday


_LINES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "es": (
        ("facts_out", "{n} dato que venció: su frase ya no sale", "{n} datos que vencieron: sus frases ya no salen"),
        ("facts_soon", "{n} dato que vence en 14 días", "{n} datos que vencen en 14 días"),
        ("places", "{n} organización por llamar", "{n} organizaciones por llamar"),
        ("lines", "{n} línea o página por probar", "{n} líneas o páginas por probar"),
        ("phrases", "{n} pregunta que no se entendió, por leer", "{n} preguntas que no se entendieron, por leer"),
        (
            "nowhere",
            "{n} vez en cuatro semanas se pidió ayuda donde no hay nadie cerca",
            "{n} veces en cuatro semanas se pidió ayuda donde no hay nadie cerca",
        ),
        (
            "reviews",
            "{n} respuesta que espera a que otra persona la lea",
            "{n} respuestas que esperan a que otra persona las lea",
        ),
    ),
    "en": (
        (
            "facts_out",
            "{n} fact has run out: its sentence is left out",
            "{n} facts have run out: their sentences are left out",
        ),
        ("facts_soon", "{n} fact runs out within 14 days", "{n} facts run out within 14 days"),
        ("places", "{n} organization to call", "{n} organizations to call"),
        ("lines", "{n} hotline or page to try", "{n} hotlines or pages to try"),
        (
            "phrases",
            "{n} question was not understood and is to be read",
            "{n} questions were not understood and are to be read",
        ),
        (
            "nowhere",
            "{n} time in four weeks help was asked for where nobody is near",
            "{n} times in four weeks help was asked for where nobody is near",
        ),
        ("reviews", "{n} answer waits to be read by somebody else", "{n} answers wait to be read by somebody else"),
    ),
}


def lines(digest: Digest, language: str) -> tuple[str, ...]:
    """What waits, each in a sentence without a full stop; what does not wait is left out."""
    words = _LINES.get(language, _LINES["es"])
    counts = ((getattr(digest, name), one, more) for name, one, more in words)
    return tuple((one if n == 1 else more).format(n=n) for n, one, more in counts if n)
