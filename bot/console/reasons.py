"""Why somebody looks at a person's number, in words. Pure."""

from __future__ import annotations

from bot.console.spans import Words
from bot.escalation.viewer import Reason


def reasons(words: Words) -> dict[str, str]:
    """Every reason, in the order of the list."""
    return {
        Reason.TO_CALL.value: words("reason.to-call", "to call the person"),
        Reason.EMERGENCY.value: words("reason.emergency", "somebody is in danger"),
        Reason.INTERPRETER.value: words("reason.interpreter", "to call together with an interpreter"),
        Reason.SAME_PERSON.value: words("reason.same-person", "to see whether two conversations are one person"),
        Reason.ASKED_BY_FAMILY.value: words("reason.asked", "the family asked for it"),
    }
