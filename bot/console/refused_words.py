"""Why the desk did not do what was asked, in words that say what to do. Pure."""

from __future__ import annotations

from bot.console.spans import Words
from bot.store import desk_errors
from bot.store.errors import KeyGone


def refused_words(why: Exception, words: Words) -> str:
    """The reason as the end of a line."""
    match why:
        case desk_errors.OneByOne():
            return words("unsent.one-by-one", "danger, a child or something urgent: this person gets an answer apart")
        case desk_errors.NewerMessage():
            return words("unsent.newer", "the person wrote again meanwhile: read that first")
        case desk_errors.TakenBy(name=name):
            return words("unsent.taken", "%(name)s has it", name=name)
        case desk_errors.Resolved():
            return words("unsent.resolved", "somebody has resolved it")
        case desk_errors.WindowClosed():
            return words("unsent.window", "the 24 hours of WhatsApp are over: only a template can go")
        case desk_errors.OptedOut():
            return words("unsent.opted-out", "the person asked us to stop")
        case KeyGone():
            return words("unsent.erased", "the person erased everything")
    return words("unsent.other", "it could not be written now: try again from the conversation")
