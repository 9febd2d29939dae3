"""How far a template of WhatsApp is with Meta, in words: a mark, what it means, and what to do."""

from __future__ import annotations

from msgspec import Struct

from bot.console.words import words
from bot.escalation.approval import Approval, TemplateState

_NOT_ALLOWED = ("70051", "403")
_WRONG_KEY = ("20003", "401")
_HURRIED = ("20429", "429")


class StateWords(Struct, frozen=True):
    """``mark``: in one or two words; ``look``: how it is painted; ``trouble``: why it may be out of date, or empty."""

    mark: str
    look: str
    means: str
    trouble: str
    reason: str
    heard: int | None


def state_words(state: TemplateState) -> StateWords:
    """Of this state."""
    mark, look, means = _said(state)
    return StateWords(mark, look, means, _trouble(state), state.reason, state.heard)


def _said(state: TemplateState) -> tuple[str, str, str]:
    match state.approval:
        case Approval.APPROVED:
            means = words("template.approved.means", "Meta approved it: it can go out when the 24 hours are over.")
            return words("template.approved", "approved"), "good", means
        case Approval.WAITING:
            means = words(
                "template.waiting.means", "Meta has not decided yet. Until then it cannot go out after the 24 hours."
            )
            return words("template.waiting", "waiting for Meta"), "info", means
        case Approval.UNSUBMITTED:
            means = words("template.unsubmitted.means", "Nobody has submitted it to Meta. Do it in Twilio's console.")
            return words("template.unsubmitted", "not submitted"), "soon", means
        case Approval.REFUSED:
            means = words(
                "template.refused.means", "Meta refused it. Change its words, submit it anew and copy its new id here."
            )
            return words("template.refused", "refused"), "urgent", means
        case Approval.PAUSED:
            means = words(
                "template.paused.means",
                "Meta has paused it for a while, mostly because people blocked or reported us after it.",
            )
            return words("template.paused", "paused"), "soon", means
        case Approval.DISABLED:
            means = words("template.disabled.means", "Meta has switched it off for good. Make another one.")
            return words("template.disabled", "switched off"), "urgent", means
        case Approval.MISSING:
            means = words("template.missing.means", "Twilio has no template of this id. Copy it again.")
            return words("template.missing", "not found"), "urgent", means
    means = words("template.unknown.means", "Nobody knows whether Meta approved it. If not, it does not arrive.")
    asked = state.asked is not None
    mark = words("template.untold", "not known") if asked else words("template.unknown", "not asked yet")
    return mark, "soon", means


def _trouble(state: TemplateState) -> str:
    if not state.trouble:
        return ""
    if state.trouble in _NOT_ALLOWED:
        return words(
            "template.not-allowed",
            "Our key may not ask Twilio (%(code)s): give it the right to read content templates, or look in Twilio's console.",
            code=state.trouble,
        )
    if state.trouble in _WRONG_KEY:
        return words(
            "template.wrong-key", "Twilio does not take our key (%(code)s). An admin must mend it.", code=state.trouble
        )
    if state.trouble in _HURRIED:
        return words(
            "template.hurried", "Twilio had too many questions (%(code)s). It is asked again soon.", code=state.trouble
        )
    return words(
        "template.silent",
        "Twilio gave no answer that can be read (%(code)s). It is asked again soon.",
        code=state.trouble,
    )
