"""An answer as it arrives on a phone: the parts of its SMS, or a WhatsApp message with its bold words and links. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from msgspec import Struct

from bot.engine.actions import Media, Say
from bot.engine.flow import Flow, Group, Sentence, Step
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import LISTED, MINIMUM, NO_PLACE, NOBODY_NEAR, WHOLE, Answer, answers_in
from bot.scripts.lengths import limit
from bot.scripts.longest import Near
from bot.scripts.release import Release
from bot.scripts.ways import Passage, passages_from
from bot.session import Spot
from bot.wording.choose import text_for
from bot.wording.gsm7 import fold_for_sms, non_gsm, parts_of, segments
from bot.wording.render import Renderer

BOLD, LINK, PLAIN = "bold", "link", "plain"
# What WhatsApp makes bold, and what phones make a link: no word of ours is ever taken for one by chance.
_MARKED = re.compile(
    r"\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*"
    r"|(?P<link>(?:https?://)?(?:[\w-]+\.)+(?:com|org|net|gov|gob|edu|info|us|mx|gt|hn|sv)\b(?!\.?\w)(?:/[\w./-]*\w)?)"
)
# The answers of a step that a family may get in its place, in this order.
_SHOWN = (WHOLE, LISTED, NOBODY_NEAR, NO_PLACE)


class Piece(Struct, frozen=True):
    """Words that look alike: BOLD, LINK or PLAIN."""

    text: str
    kind: str = PLAIN


@dataclass(frozen=True, slots=True)
class Bubble:
    """One answer. ``case`` says when it goes out (bot/scripts/answers.py), ``limit`` how many parts it may have.

    ``parts``: what each SMS of it holds. ``pieces``: the same for WhatsApp. ``letters`` make it longer.
    """

    case: str
    text: str
    parts: tuple[str, ...]
    pieces: tuple[Piece, ...]
    limit: int
    letters: tuple[str, ...]

    @property
    def too_long(self) -> bool:
        """Whether it may not go out like this."""
        return len(self.parts) > self.limit


class Phone(Struct, frozen=True):
    """What a phone shows of one step. ``ways``: of how many answers that begin with it this is the first.

    ``sounds``: the recordings that WhatsApp sends beside these words, each by the SHA-256 of its bytes.
    """

    language: Language
    channel: Channel
    bubbles: tuple[Bubble, ...]
    ways: int
    kiche: str
    sounds: tuple[str, ...] = ()

    @property
    def dearest(self) -> Bubble | None:
        """The bubble that costs most."""
        return max(self.bubbles, key=lambda each: (len(each.parts), len(each.text)), default=None)


class Samples(Struct, frozen=True):
    """What stands for the fields and the lists of a preview: the longest that really occur. ``drafts``: whether K'iche' goes out.

    ``reader``: who writes to somebody whose place is not known, as recordings are read; without it a phone plays none.
    """

    near: Near
    drafts: bool = True
    reader: Callable[[Release, Language, Channel], Renderer] | None = None


def phone(release: Release, flow: Flow, step: Step | None, look: tuple[Language, Channel], samples: Samples) -> Phone:
    """The answers that begin with this step; without one those that go out in place of all while nobody has approved them."""
    language, channel = look
    begin = step or flow.first
    passages = [each for each in passages_from(release.script, Spot(flow.name, begin.name)) if each.said]
    bubbles = tuple(_bubbles(release, passages[0], look, samples, step is None)) if passages else ()
    kiche = _kiche(release, (step.say if step else flow.minimum), samples) if language is Language.QUC else ""
    sounds = _sounds(release, passages[0], look, samples) if passages and step else ()
    return Phone(language, channel, bubbles, len(passages), kiche, sounds)


def _sounds(release: Release, passage: Passage, look: tuple[Language, Channel], samples: Samples) -> tuple[str, ...]:
    if samples.reader is None:
        return ()
    said = [Say(flow.name, each.name) for flow, each in passage.said if each.say]
    named = [Media(each.media) for _, each in passage.said if each.media]
    # The phone shows the whole answer also while nobody has approved it; the page says so beside it.
    whole = replace(samples.reader(release, *look), approved=None)
    return whole.recorded((*named, *said))


def _bubbles(
    release: Release, passage: Passage, look: tuple[Language, Channel], samples: Samples, minimum: bool
) -> Iterator[Bubble]:
    found = {each.part: each for each in answers_in(release, passage, *look, samples.near, samples.drafts)}
    wanted = (MINIMUM,) if minimum else _SHOWN
    seen: set[str] = set()
    for case in wanted:
        answer = found.get(case)
        if answer is not None and answer.text not in seen:
            seen.add(answer.text)
            yield _bubble(answer)


def _bubble(answer: Answer) -> Bubble:
    text = answer.text
    sms = answer.channel is Channel.SMS
    return Bubble(
        answer.part,
        text,
        parts_of(text) if sms else (text,),
        () if sms else pieces(text),
        limit(answer),
        costly(text) if sms else (),
    )


def costly(text: str) -> tuple[str, ...]:
    """The letters that make a text longer, because the alphabet of SMS has neither them nor something like them."""
    sent = fold_for_sms(text)
    strangers = non_gsm(sent)
    if not strangers:
        return ()
    plain = sent.translate(dict.fromkeys(map(ord, strangers), "x"))
    return strangers if segments(plain) < segments(sent) else ()


def pieces(text: str) -> tuple[Piece, ...]:
    """The text as WhatsApp shows it."""
    found: list[Piece] = []
    at = 0
    for match in _MARKED.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        found.append(Piece(match["bold"], BOLD) if match["bold"] else Piece(match["link"], LINK))
        at = match.end()
    return (*found, Piece(text[at:])) if at < len(text) else tuple(found)


NATIVE, BESIDE, SPANISH = "native", "beside", "spanish"
"""What a K'iche' speaker gets: the K'iche' alone, the Spanish with the draft beside it, or the Spanish with a line that says so."""


def _kiche(release: Release, sentence: Sentence | None, samples: Samples) -> str:
    if sentence is None:
        return ""
    chosen = text_for(sentence.key, Language.QUC, sentence.english, release.catalogs)
    if chosen.language is not Language.QUC:
        return SPANISH
    if not chosen.draft:
        return NATIVE
    return BESIDE if samples.drafts else SPANISH


def needs_approval(release: Release, flow: Flow, required: bool) -> bool:
    """Whether families get only the minimum of this answer, because nobody with a licence has approved it as it stands."""
    return required and flow.group is Group.RIGHTS and flow.name not in release.approved
