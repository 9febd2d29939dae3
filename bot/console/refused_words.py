"""Why the desk did not do what was asked, in words that say what to do. Pure."""

from __future__ import annotations

from bot.console.spans import Words
from bot.store import desk_errors
from bot.store.errors import KeyGone


def refused_words(why: Exception, words: Words) -> str:
    """The reason as the end of a line."""
    match why:
        case desk_errors.OneByOne():
            return words("refused.one-by-one", "danger, a child or something urgent: this person gets an answer apart")
        case desk_errors.NewerMessage():
            return words("refused.newer", "the person wrote again meanwhile: read that first")
        case desk_errors.TakenBy(name=name):
            return words("refused.taken", "%(name)s has it", name=name)
        case desk_errors.Resolved():
            return words("refused.resolved", "somebody has resolved it")
        case desk_errors.WindowClosed():
            return words("refused.window", "the 24 hours of WhatsApp are over: only a template can go")
        case desk_errors.OptedOut():
            return words("refused.opted-out", "the person asked us to stop")
        case KeyGone():
            return words("refused.erased", "the person erased everything")
    return words("refused.other", "it could not be written now: try again from the conversation")
