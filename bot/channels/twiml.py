"""A reply as TwiML, the XML that Twilio sends on.

Two elements are all that is ever said, so no tree of objects is built for them: tests/channels/test_edges.py holds each byte to
what twilio-python writes.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from bot.message import Reply

# Twilio refuses more than 1,600 characters in one message; characters outside the basic alphabets may count as several.
LONGEST = 1500
CONTENT_TYPE = "text/xml; charset=utf-8"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_twiml(reply: Reply) -> bytes:
    """UTF-8 XML with one Message for each text; an empty Response for silence."""
    said = [escape(part) for text in reply.texts for part in split(legal(text))]
    said += [f"<Media>{escape(url)}</Media>" for url in reply.media]
    inside = "".join(f"<Message>{each}</Message>" for each in said)
    response = f"<Response>{inside}</Response>" if inside else "<Response />"
    return f'<?xml version="1.0" encoding="UTF-8"?>{response}'.encode()


def legal(text: str) -> str:
    """Without what XML 1.0 cannot hold: Twilio would refuse the whole answer (error 12100)."""
    # What can be printed is legal, as nearly all of it is, and that is seen sooner.
    return text if text.replace("\n", "").isprintable() else _ILLEGAL.sub("", text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Parts that Twilio takes, cut at a line, else at a space, else where it must be."""
    parts = []
    while len(text) > longest:
        cut = max(text.rfind("\n", 1, longest), 0) or max(text.rfind(" ", 1, longest), 0) or longest
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part]
