"""What a row of the inbox shows of a conversation, in the words of the page. Pure: times and words are handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct

from bot.console.spans import Words, span
from bot.escalation.escalation import Cause, Escalated, Said, Urgency
from bot.escalation.grouping import place_words
from bot.escalation.viewer import Viewer
from bot.escalation.window import window_ends
from bot.message import Channel

LONGEST_PREVIEW = 80
"""Characters of the last message that a list shows."""
CLOSES_SOON = 4 * 3600
"""Seconds of WhatsApp's window from which on the row warns."""
LANGUAGES = {"es": "Español", "en": "English", "quc": "K'iche'"}
"""Each in its own words."""
SHAPES = {Urgency.URGENT: "●", Urgency.SOON: "▲", Urgency.NORMAL: "–"}


class Listed(Protocol):
    """What of a row of the store the view reads (bot/store/desk_inbox.py, InboxRow)."""

    @property
    def escalated(self) -> Escalated: ...
    @property
    def last(self) -> Said | None: ...
    @property
    def claimed_name(self) -> str | None: ...
    @property
    def undelivered(self) -> bool: ...


class Window(Struct, frozen=True):
    """How long WhatsApp lets staff write freely. ``state`` is ``open``, ``soon`` or ``closed``."""

    words: str
    state: str
    ends: str


class Wait(Struct, frozen=True):
    """Since when the family waits: in words, and as an exact time for ``<time datetime>``."""

    words: str
    since: str
    exact: str


class RowView(Struct, frozen=True):
    """One row. ``preview`` None: the words are not shown here. ``takeable``: nobody has it and she may read it.

    ``gone``: it stands there only because she looks at it. ``looking``: who else does.
    """

    id: str
    alias: str
    urgency: str
    urgency_words: str
    shape: str
    language: str
    channel: str
    topic: str
    place: str
    preview: str | None
    preview_lang: str
    why: str
    wait: Wait | None
    window: Window | None
    owner: str | None
    mine: bool
    takeable: bool
    readable: bool
    undelivered: bool
    closed: bool
    gone: bool
    looking: str


class Eyes(Struct, frozen=True):
    """Who looks, when, and with which words: all that a row needs beside itself.

    ``title`` tells a flow in plain words, ``exact`` a moment in full, ``others`` the names of those who look at a conversation too.
    """

    viewer: Viewer
    words: Words
    now: float
    title: Callable[[str | None], str]
    exact: Callable[[float], str]
    others: Callable[[str], tuple[str, ...]] = lambda id: ()


def row_view(row: Listed, eyes: Eyes, gone: bool = False) -> RowView:
    """The row as this viewer sees it."""
    # Unsealed at each asking.
    it, words, last = row.escalated, eyes.words, row.last
    readable = eyes.viewer.may_read(it)
    return RowView(
        id=it.id,
        alias=it.alias,
        urgency=it.urgency.value,
        urgency_words=urgency_words(it.urgency, words),
        shape=SHAPES[it.urgency],
        language=LANGUAGES.get(it.about.language or "", words("inbox.language-unknown", "language unknown")),
        channel=channel_words(it.channel),
        topic=eyes.title(it.about.topic),
        place=place_words(it.about.place),
        preview=_preview(it, last if readable else None, words),
        preview_lang=spoken_by(it, last),
        why=why(it.about.cause, words),
        wait=_wait(it, eyes),
        window=_window(it, eyes),
        owner=row.claimed_name,
        mine=it.claimed_by == eyes.viewer.user,
        takeable=readable and it.claimed_by is None and it.closed is None,
        readable=readable,
        undelivered=row.undelivered,
        closed=it.closed is not None,
        gone=gone,
        looking=looking_words(eyes.others(it.id), words),
    )


def urgency_words(urgency: Urgency, words: Words) -> str:
    """Urgency as a word; its shape is in ``SHAPES`` and its colour in the stylesheet."""
    match urgency:
        case Urgency.URGENT:
            return words("inbox.urgent", "URGENT")
        case Urgency.SOON:
            return words("inbox.soon", "Soon")
    return words("inbox.normal", "Normal")


def channel_words(channel: str) -> str:
    """The channel by its name."""
    return "WhatsApp" if channel == Channel.WHATSAPP else "SMS"


def why(cause: str, words: Words) -> str:
    """Why a person is needed."""
    match cause:
        case Cause.NOT_UNDERSTOOD:
            return words("inbox.why-not-understood", "the bot did not understand twice")
        case Cause.DANGER:
            return words("inbox.why-danger", "words of danger")
        case Cause.CHILD_ALONE:
            return words("inbox.why-child", "a child alone")
        case Cause.RELAYED:
            return words("inbox.why-relayed", "a child writes for an adult")
    return words("inbox.why-asked", "asked for a person")


def looking_words(names: tuple[str, ...], words: Words) -> str:
    """Who else has the conversation open; empty for nobody."""
    if not names:
        return ""
    if len(names) == 1:
        return words("inbox.looking.one", "%(name)s is looking at it", name=names[0])
    return words("inbox.looking.more", "%(names)s are looking at it", names=", ".join(names))


def spoken_by(it: Escalated, last: Said | None) -> str:
    """For ``lang`` of the family's words: what the bot took this message for, else the language of the conversation."""
    heard = last.beside.get("language") if last is not None else None
    return str(heard or it.about.language or "es")


def shortened(text: str, most: int = LONGEST_PREVIEW) -> str:
    """The first characters in one line, cut at the end of a word where there is one near."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > most // 2 else cut).rstrip() + "…"


def exactly(at: float) -> str:
    """For ``<time datetime>``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _preview(it: Escalated, last: Said | None, words: Words) -> str | None:
    """Discreet topics are told by their name alone: somebody may look over her shoulder."""
    if last is None or it.about.discreet:
        return None
    if not last.text.strip():
        return words("inbox.media", "(a voice note or a photo)") if last.beside.get("media") else None
    return shortened(last.text)


def _wait(it: Escalated, eyes: Eyes) -> Wait | None:
    if it.waiting_since is None or it.closed is not None:
        return None
    waits = span(eyes.words, eyes.now - it.waiting_since)
    return Wait(waits, exactly(it.waiting_since), eyes.exact(it.waiting_since))


def _window(it: Escalated, eyes: Eyes) -> Window | None:
    ends = window_ends(it)
    if ends is None or it.closed is not None:
        return None
    words, left = eyes.words, ends - eyes.now
    if left <= 0:
        return Window(words("inbox.window-closed", "WhatsApp closed"), "closed", exactly(ends))
    said = words("inbox.window-left", "WhatsApp: %(span)s left", span=span(words, left))
    return Window(said, "soon" if left < CLOSES_SOON else "open", exactly(ends))
