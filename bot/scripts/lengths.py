"""What an answer costs: its SMS segments, how many it may have, and how near it is to one less. Pure."""

from __future__ import annotations

from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import FIRST_CONTACT, SENT_ON, Answer
from bot.wording.gsm7 import GSM_EXTENSION, non_gsm, segments

# Segments of an SMS; K'iche' is written beside the whole Spanish.
LONGEST = {Language.ES: 4, Language.EN: 4, Language.QUC: 6}
LONGEST_URGENT_FIRST = {Language.ES: 2, Language.EN: 2, Language.QUC: 3}
# The line of welcome, once for each person.
WELCOME = 1
# Characters of a WhatsApp message with buttons or a list.
LONGEST_ON_WHATSAPP = 1024
# Septets that fit into an SMS alone, and into one part of several (3GPP TS 23.038, 23.040).
ALONE, PART = 160, 153


def limit(answer: Answer) -> int:
    """How many segments it may cost; fewer for the first answer to somebody in danger."""
    urgent = answer.walk.opens_urgent and answer.part != SENT_ON
    most = (LONGEST_URGENT_FIRST if urgent else LONGEST)[answer.language]
    return most + WELCOME if answer.part == FIRST_CONTACT else most


def too_long(answer: Answer) -> str:
    """Why it is too long, in words; empty where it is not."""
    if answer.channel is Channel.WHATSAPP:
        size = len(answer.text)
        return f"{size} characters on WhatsApp, {LONGEST_ON_WHATSAPP} at most" if size > LONGEST_ON_WHATSAPP else ""
    count, most = segments(answer.text), limit(answer)
    return f"{count} SMS segments, {most} at most" if count > most else ""


def over_the_border(text: str, optional: frozenset[str] = frozenset()) -> int:
    """How many characters less would save one segment of a GSM-7 text; 0 for a text of one segment or in UCS-2.

    ``optional``: lines that are only there because they cost nothing, such as "0 a person"; they would go first.
    """
    count = segments(text)
    if count == 1 or non_gsm(text):
        return 0
    needed = "\n".join(line for line in text.split("\n") if line not in optional)
    size = sum(2 if char in GSM_EXTENSION else 1 for char in needed)
    return size - (ALONE if count == 2 else PART * (count - 1))
