"""A reply as TwiML, the XML that Twilio sends on."""

from __future__ import annotations

import re

from twilio.twiml.messaging_response import MessagingResponse

from bot.message import Reply

# Twilio refuses more than 1,600 characters in one message; characters outside the basic alphabets may count as several.
LONGEST = 1500
CONTENT_TYPE = "text/xml; charset=utf-8"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_twiml(reply: Reply) -> bytes:
    """UTF-8 XML with one Message for each text; an empty Response for silence."""
    response = MessagingResponse()
    for text in reply.texts:
        for part in split(legal(text)):
            response.message(part)
    for url in reply.media:
        response.message("").media(url)
    return str(response).encode("utf-8")


def legal(text: str) -> str:
    """Without what XML 1.0 cannot hold: twilio-python would write it and Twilio refuse the whole answer (error 12100)."""
    return _ILLEGAL.sub("", text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Parts that Twilio takes, cut at a line, else at a space, else where it must be."""
    parts = []
    while len(text) > longest:
        cut = max(text.rfind("\n", 1, longest), 0) or max(text.rfind(" ", 1, longest), 0) or longest
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part]
