"""Every answer as it goes out, with the longest values that really occur. Pure.

An answer is all that one turn says: the steps walked until the bot waits, and the menu. Where the words differ by what is
known of the person (a place, organizations near it) or of the flow (approved by a lawyer or not), each is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from bot.engine.actions import Ask, Say
from bot.engine.flow import Flow, Group
from bot.engine.walk import NOTICES, PAGE
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.longest import A_DAY, A_NIGHT, LONGEST_PLACE, LongestLists, Near, briefer, longest_voice, without_place
from bot.scripts.release import Release
from bot.scripts.ways import Passage, beginnings, passages_from
from bot.wording.performed import Announced, Listing, Performed, Shared
from bot.wording.render import Renderer

# How the answers of one passage are told apart.
WHOLE, NOBODY_NEAR, LISTED, NO_PLACE = "", "nobody near", "organizations near", "no place known"
FIRST_CONTACT, MINIMUM, SENT_ON, TO_A_CHILD = "with the welcome", "not approved", "sent on", "to a child"
# These get no line of welcome: they are one themselves.
_WELCOMES = ("greet", "about")
_AREA_LINE = "$area_line"


class Answer(Struct, frozen=True):
    """One answer in one language on one channel. ``part`` says which of several it is, empty for the only one."""

    passage: Passage
    part: str
    language: Language
    channel: Channel
    text: str

    @property
    def flow(self) -> Flow:
        """The flow that it begins in."""
        return self.passage.said[0][0]

    @property
    def where(self) -> str:
        """The step whose words come first, ``flow.step``."""
        return f"{self.flow.name}.{self.passage.said[0][1].name}"


def answers(release: Release, channel: Channel, only: Container[Passage] | None = None) -> Iterator[Answer]:
    """Every answer in every language; with ``only`` those of these passages."""
    yield from answers_of((each for each in speaking(release) if only is None or each in only), release, channel)


def answers_of(passages: Iterable[Passage], release: Release, channel: Channel) -> Iterator[Answer]:
    """Every answer that these passages can give, in every language."""
    passages, near = list(passages), Near(release)
    for language in Language:
        renderers = _Renderers(release, language, channel)
        lists = LongestLists(near, release, renderers.whole.voice)
        for passage in passages:
            for part, actions in _parts(passage, lists):
                text = "\n".join(renderers.of(passage, part).reply(actions).texts)
                if text:
                    yield Answer(passage, part, language, channel, text)


def answers_in(
    release: Release, passage: Passage, language: Language, channel: Channel, near: Near, drafts: bool = True
) -> Iterator[Answer]:
    """What this passage says, for whoever edits it. ``drafts``: whether K'iche' drafts go out."""
    renderers = _Renderers(release, language, channel, drafts)
    lists = LongestLists(near, release, renderers.whole.voice)
    for part, actions in _parts(passage, lists):
        text = "\n".join(renderers.of(passage, part).reply(actions).texts)
        if text:
            yield Answer(passage, part, language, channel, text)


def speaking(release: Release) -> tuple[Passage, ...]:
    """The passages that say something, each once: two that differ only by steps without words are one answer.

    Of two the one stays that opens an urgent flow.
    """
    found: dict[tuple[str, ...], Passage] = {}
    for spot in beginnings(release.script):
        for passage in passages_from(release.script, spot):
            key = tuple(f"{flow.name}.{step.name}" for flow, step in passage.said)
            if key and (key not in found or passage.opens_urgent):
                found[key] = passage
    return tuple(found.values())


class _Renderers:
    """Who renders which answer: what is known of the person, and whether a lawyer has approved the flow."""

    def __init__(self, release: Release, language: Language, channel: Channel, drafts: bool = True) -> None:
        voice = replace(longest_voice(release, language, channel), drafts=drafts)
        self.whole = Renderer(release.script, voice, channel)
        self._with_line = replace(self.whole, voice=briefer(release, self.whole.voice))
        self._without_place = replace(self.whole, voice=without_place(self.whole.voice))

    def of(self, passage: Passage, part: str) -> Renderer:
        """The renderer for this answer of a passage."""
        if part == NO_PLACE:
            return self._without_place
        named = any(_AREA_LINE in sentence.english for _, step in passage.said for sentence in step.sentences)
        renderer = replace(self._with_line if named else self.whole, child=part == TO_A_CHILD)
        return replace(renderer, approved=frozenset()) if part == MINIMUM else renderer


def _parts(passage: Passage, lists: LongestLists) -> Iterator[tuple[str, tuple[Performed, ...]]]:
    """The answers that a passage can give, and what is said in each."""
    steps = [step for _, step in passage.said]
    if any(step.services for step in steps):
        yield NOBODY_NEAR, _actions(passage, None)
        yield LISTED, _actions(passage, lists)
    else:
        yield WHOLE, _actions(passage, None)
    if any(sentence.without for step in steps for sentence in step.also):
        yield NO_PLACE, _actions(passage, None)
    if any(step.child for step in steps):
        yield TO_A_CHILD, _actions(passage, None)
    if any(flow.group is Group.RIGHTS and step.say for flow, step in passage.said):
        yield MINIMUM, _actions(passage, lists)
    if _may_be_first(passage):
        yield FIRST_CONTACT, (*_actions(passage, lists), Say(NOTICES, "welcome_line"))
    flow, step = passage.said[-1]
    if flow.group in (Group.URGENT, Group.RIGHTS) and step.say and not step.services:
        yield SENT_ON, (Shared(flow.name, step.name, A_DAY),)


def _may_be_first(passage: Passage) -> bool:
    """Whether somebody who writes for the first time may get it, and with it one line about who answers."""
    begun = [flow for flow, step in passage.steps if step is flow.first]
    said = {flow.name for flow, _ in passage.said}
    asked = any(flow.intents for flow in begun) and not said & {NOTICES, *_WELCOMES}
    return asked and all(flow.group is not Group.URGENT for flow, _ in passage.said)


def _actions(passage: Passage, lists: LongestLists | None) -> tuple[Performed, ...]:
    """What the engine would have said on this passage, and what became of it."""
    actions: list[Performed] = []
    for flow, step in passage.said:
        say = Say(flow.name, step.name) if step.say else None
        if step.area_notices:
            # A coordinator's notice comes on top; bot/scripts/area_notice.py says how long it may be.
            actions.append(Announced((), step.none))
        if step.services and step.none:
            found = lists.of(step) if lists else ()
            # The longest head: nobody is near.
            actions.append(Listing(found, len(found) == PAGE, LONGEST_PLACE, step.none, A_NIGHT, say, near=False))
        elif say:
            actions.append(say)
    flow, step = passage.said[-1]
    if step.waits and flow.name != NOTICES:
        actions.append(Ask(flow.name, step.name))
    return tuple(actions)
