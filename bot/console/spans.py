"""How long something has lasted, in the words of a page. Pure."""

from __future__ import annotations

from collections.abc import Callable

Words = Callable[..., str]
"""``words(key, english, **values)``: the sentence in the language of the page."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(words: Words, seconds: float) -> str:
    """``42 min``, ``3 h 10 min``, ``2 d``: as fine as somebody who waits would tell it. Below a minute ``< 1 min``."""
    seconds = max(0, int(seconds))
    if seconds < _MINUTE:
        return words("span.under", "< 1 min")
    if seconds < _HOUR:
        return words("span.minutes", "%(n)s min", n=seconds // _MINUTE)
    if seconds >= 2 * _DAY:
        return words("span.days", "%(n)s days", n=seconds // _DAY)
    hours, minutes = divmod(seconds // _MINUTE, 60)
    if not minutes or hours >= 24:
        return words("span.hours", "%(n)s h", n=hours)
    return words("span.both", "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)


def ago(words: Words, seconds: float) -> str:
    """The same as something that lies back: ``10 s ago``, ``12 min ago``."""
    if 0 <= seconds < _MINUTE:
        return words("span.seconds-ago", "%(n)s s ago", n=int(seconds))
    return words("span.ago", "%(span)s ago", span=span(words, seconds))
