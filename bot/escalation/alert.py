"""The words of mail to staff: that somebody waits, or that nothing goes out. Not a word of a family, nor a name for one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Alert(Struct, frozen=True):
    """A mail: its subject and its text."""

    subject: str
    text: str


_URGENT = {
    "en": Alert("Someone is waiting", "Someone with something urgent is waiting. Open the desk: {url}\n"),
    "es": Alert("Alguien espera", "Alguien espera con algo urgente. Abre el escritorio: {url}\n"),
}
_CARRIER = {
    "en": Alert(
        "Replies do not go out",
        "The carrier refuses replies of staff (code {code}) for a reason that an admin must mend.\n"
        "What the code means: https://www.twilio.com/docs/api/errors/{code}\n",
    ),
    "es": Alert(
        "Las respuestas no salen",
        "La empresa de mensajes rechaza las respuestas del equipo (código {code}) por algo que tiene que arreglar alguien "
        "de administración.\nQué significa el código: https://www.twilio.com/docs/api/errors/{code}\n",
    ),
}
_NO_CARRIER = {
    "en": Alert(
        "Replies do not go out",
        "Replies of staff cannot be sent: TWILIO_API_KEY, or a number to send from, is not set (README, Settings).\n",
    ),
    "es": Alert(
        "Las respuestas no salen",
        "Las respuestas del equipo no se pueden enviar: falta TWILIO_API_KEY o un número desde el que enviar (README, "
        "Settings).\n",
    ),
}


_RELEASE = {
    "en": Alert(
        "Published answers are damaged",
        "The answers in the database are not as they were published. Families get the last good ones. Somebody may have changed "
        "the database, or a disk fails: see the log (release.damaged) and docs/reliability.md.\n",
    ),
    "es": Alert(
        "Las respuestas publicadas están dañadas",
        "Las respuestas en la base de datos no son las que se publicaron. Las familias reciben las últimas buenas. Puede que "
        "alguien cambió la base, o falla un disco: mira el registro (release.damaged) y docs/reliability.md.\n",
    ),
}

_WEEK = {
    "en": Alert("What waits this week", "{lines}\n\nOpen the console: {url}\n"),
    "es": Alert("Lo que espera esta semana", "{lines}\n\nAbre la consola: {url}\n"),
}
_NOTHING_WAITS = {"en": "Nothing waits.", "es": "No espera nada."}

RELEASE = 50
"""The code by which it is noted that a release is not as it was published: one of our own, no carrier has it."""


def urgent(language: str, url: str) -> Alert:
    """Somebody waits; ``url`` is where."""
    return _filled(_URGENT, language, url=url)


def carrier(language: str, code: int) -> Alert:
    """Something that an admin has to mend. Codes below 100 are our own: there is nothing to send with, or ``RELEASE``."""
    own = _RELEASE if code == RELEASE else _NO_CARRIER
    return _filled(own if code < 100 else _CARRIER, language, code=code)


def week(language: str, lines: Sequence[tuple[int, str]], url: str) -> Alert:
    """What waits, in numbers; nothing of what it is about."""
    said = "\n".join(f"- {n} {what}" for n, what in lines) or _NOTHING_WAITS.get(language, _NOTHING_WAITS["es"])
    return _filled(_WEEK, language, lines=said, url=url)


def _filled(words: dict[str, Alert], language: str, **values: object) -> Alert:
    chosen = words.get(language, words["es"])
    return Alert(chosen.subject, chosen.text.format(**values))
