"""What an answer costs: its SMS segments, how many it may have, and how near it is to one less. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.engine.flow import Flow, Group, Step
from bot.engine.walk import HUMAN
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import FIRST_CONTACT, MINIMUM, SENT_ON, TO_A_CHILD, Answer, answers
from bot.scripts.release import Release
from bot.wording.gsm7 import GSM_EXTENSION, non_gsm, segments
from bot.wording.limits import LONGEST

# Segments of an SMS. So much for the first answer in danger, and for the question whether a person may read along: whoever is
# asked must be able to read all of it at once.
LONGEST_URGENT_FIRST = {Language.ES: 2, Language.EN: 2, Language.QUC: 3}
# The line of welcome, once for each person.
WELCOME = 1
# Characters of a WhatsApp message with buttons or a list.
LONGEST_ON_WHATSAPP = 1024
# Septets that fit into an SMS alone, and into one part of several (3GPP TS 23.038, 23.040).
ALONE, PART = 160, 153
# The same answer in another shape.
ANOTHER_TIME = (FIRST_CONTACT, MINIMUM, SENT_ON, TO_A_CHILD)


class Length(Struct, frozen=True):
    """What one answer costs by SMS. ``flow`` and ``step`` are where it begins; ``part`` tells which of several it is."""

    flow: str
    step: str
    part: str
    language: Language
    text: str
    segments: int
    limit: int


def lengths(release: Release) -> tuple[Length, ...]:
    """Every answer in every language, as it is measured."""
    return tuple(map(_length, answers(release, Channel.SMS)))


def dearest(lengths: Iterable[Length], language: Language) -> dict[tuple[str, str], Length]:
    """By flow and step the dearest of the answers that begin there; the same in another shape is left out."""
    mine = [each for each in lengths if each.language is language and each.part not in ANOTHER_TIME]
    return {(each.flow, each.step): each for each in sorted(mine, key=lambda each: (each.segments, len(each.text)))}


def _length(answer: Answer) -> Length:
    flow, step = answer.passage.said[0]
    count, most = segments(answer.text), limit(answer)
    return Length(flow.name, step.name, answer.part, answer.language, answer.text, count, most)


def limit(answer: Answer) -> int:
    """How many segments it may cost; fewer for the first answer to somebody in danger."""
    urgent = answer.passage.opens_urgent and answer.part != SENT_ON
    most = (LONGEST_URGENT_FIRST if urgent or _asks_consent(answer) else LONGEST)[answer.language]
    return most + WELCOME if answer.part == FIRST_CONTACT else most


def _asks_consent(answer: Answer) -> bool:
    """Whether all that it says is that question. On a bad day the wait stands before it, and costs one more."""
    said = answer.passage.said
    return (
        answer.part != FIRST_CONTACT and len(said) == 1 and said[0][0].name == HUMAN and said[0][1].yes_no is not None
    )


def limit_of(flow: Flow, step: Step, language: Language) -> int:
    """The most segments of the answer that begins with this step, its menu with it; in K'iche' the Spanish too."""
    first = flow.group is Group.URGENT and step.name in _begins(flow)
    return (LONGEST_URGENT_FIRST if first else LONGEST)[language]


def _begins(flow: Flow) -> frozenset[str]:
    """The steps of a flow that its first answer may consist of: those reached without waiting."""
    reached, waiting = {flow.first.name}, [flow.first]
    while waiting:
        step = waiting.pop()
        ways = () if step.waits else (*(arm.target for arm in step.branch), step.target)
        for target in ways:
            name = target.step if target else None
            if name is not None and name in flow.steps and name not in reached:
                reached.add(name)
                waiting.append(flow.steps[name])
    return frozenset(reached)


def too_long(answer: Answer) -> str:
    """Why it is too long, in words; empty where it is not."""
    if answer.channel is Channel.WHATSAPP:
        size = len(answer.text)
        return f"{size} characters on WhatsApp, {LONGEST_ON_WHATSAPP} at most" if size > LONGEST_ON_WHATSAPP else ""
    count, most = segments(answer.text), limit(answer)
    return f"{count} SMS segments ({len(answer.text)} characters), {most} at most" if count > most else ""


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
