"""The lines of a menu: short enough to be tapped, and no word that means something else when it is typed."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator

from bot.engine.flow import Flow, Step
from bot.engine.parse import BACK, PERSON
from bot.engine.read import LARGEST_MENU
from bot.intents.folding import bare
from bot.intents.reserved import CARRIER_WORDS, Word, reserved
from bot.message import Channel
from bot.scripts.finding import Finding, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import Text, flow_file, place_of, texts_of

# WhatsApp's limits, in characters: the title of a quick-reply button, of which there are three at most, and of a list row.
# developers.facebook.com, "interactive messages"
LONGEST_BUTTON = 20
LONGEST_ROW = 24
MOST_BUTTONS = 3

TAKEN_DIGIT = error(
    "digit that is taken",
    "0 always leads to a person and 9 back: this line could never be chosen",
    f"Number the choices from 1 to {LARGEST_MENU}",
)
CARRIER_WORD = error(
    "word of the carrier",
    "who types the label is cut off by the phone company and gets no more messages",
    "Use another word",
)
RESERVED_WORD = error(
    "reserved word as a label",
    "who types the label gets something else than the line that was chosen",
    "Use another word",
)
SAME_LABEL = error(
    "two lines alike",
    "who types the label may be led the other way",
    "Give each line words of its own",
)
TOO_LONG_FOR_ROW = warning(
    "label too long for a list",
    "on WhatsApp its end is cut off, and a family chooses without knowing what",
    f"Shorten it to {LONGEST_ROW} characters",
)
TOO_LONG_FOR_BUTTON = warning(
    "label too long for a button",
    "a short menu can then not be tapped as buttons on WhatsApp, only as a list that must be opened first",
    f"Shorten it to {LONGEST_BUTTON} characters",
)
# These two may be labels: the name of a language does the same from everywhere, MAS means something in a list of services only.
_HARMLESS = (Word.MORE, Word.LANGUAGE)
# The same few labels stand in many menus.
_bare = functools.lru_cache(maxsize=4096)(bare)


def check_menus(release: Release) -> Iterator[Finding]:
    """Every choice in every language."""
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            yield from _digits(flow, step)
            labels = [text for choice in step.choices for text in texts_of(release, flow, step, choice.label)]
            yield from _alike(labels)
            for text in labels:
                yield from _words(text, step)
                yield from _length(text, len(step.choices))


def _digits(flow: Flow, step: Step) -> Iterator[Finding]:
    for choice in step.choices:
        if choice.digit in (PERSON, BACK) or choice.digit > LARGEST_MENU:
            problem = f"a choice has the digit {choice.digit}"
            yield TAKEN_DIGIT.broken(flow_file(flow), place_of(flow, step), problem, said=str(choice.digit))


def _words(text: Text, step: Step) -> Iterator[Finding]:
    meant = reserved(text.words, Channel.SMS)
    if _bare(text.words) in CARRIER_WORDS:
        problem = f"the carrier takes {text.words!r}"
        yield CARRIER_WORD.broken(text.file, text.key, problem, language=text.language, said=text.words)
    elif meant and (meant.word not in _HARMLESS or (meant.word is Word.MORE and step.services)):
        problem = f"{text.words!r} means something else wherever it is typed"
        yield RESERVED_WORD.broken(text.file, text.key, problem, language=text.language, said=text.words)


def _alike(labels: list[Text]) -> Iterator[Finding]:
    """Two lines of one menu that read the same. An English override stands for its sentence, so the file's own counts once."""
    last = {(text.key, text.language): text for text in labels}
    counts = Counter((text.language, _bare(text.words)) for text in last.values())
    for (_, language), text in last.items():
        if counts[language, _bare(text.words)] > 1:
            problem = f"{text.words!r} stands twice in this menu"
            yield SAME_LABEL.broken(text.file, text.key, problem, language=language, said=text.words)


def _length(text: Text, choices: int) -> Iterator[Finding]:
    rule = TOO_LONG_FOR_ROW if len(text.words) > LONGEST_ROW else TOO_LONG_FOR_BUTTON
    limit = LONGEST_BUTTON if choices <= MOST_BUTTONS else LONGEST_ROW
    if len(text.words) > limit:
        problem = f"{text.words!r} has {len(text.words)} characters"
        yield rule.broken(text.file, text.key, problem, language=text.language, said=text.words)
