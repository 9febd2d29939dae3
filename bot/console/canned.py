"""Answers of the published content for staff to send or to change first: found by title, in the language of the family. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from bot.console.inbox_view import shortened
from bot.console.topics import title_in
from bot.engine.actions import Say
from bot.engine.flow import Flow, Group, Sentence, Step
from bot.intents.folding import bare
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.choose import text_for
from bot.wording.voice import Voice

MOST = 8
"""Answers in one list: more are not read, a better word finds fewer."""
_GROUPS = (Group.URGENT, Group.RIGHTS, Group.SERVICES)
# Of the bot's own conversation only what explains: the rest are questions that only the bot understands the answer to.
_ALSO = ("privacy", "about")
# Of an answer that no choice leads to by a name: so many of its letters are its title.
_FIRST_WORDS = 40


class Canned(Struct, frozen=True):
    """An answer. ``name`` is ``flow.step``; ``title`` in the language of staff; ``text`` in the family's, as it would go out now.

    ``language``: what ``text`` is really written in, which may not be the family's. ``draft``: K'iche' that no speaker has
    read, with the Spanish beside it. ``minimum``: nobody has approved the answer, so that it is only its safe minimum.
    """

    name: str
    title: str
    text: str
    language: Language
    draft: bool = False
    minimum: bool = False


class Shelf(Struct, frozen=True):
    """The answers as they are for one person: her language, her place (a token), her channel, what holds ``now`` (unix seconds)."""

    release: Release
    settings: Settings
    language: Language
    place: str | None
    channel: Channel
    now: float
    staff: Language

    def find(self, wanted: str, topic: str | None = None) -> tuple[Canned, ...]:
        """Those whose title has all these words, in either language; without words those of the topic."""
        words = bare(wanted).split()
        found = (step for step in self._steps() if (self._has(step, words) if words else step[0].name == topic))
        answers = (answer for flow, step in found if (answer := self._answer(flow, step)).text)
        return tuple(islice(answers, MOST))

    def of(self, name: str) -> Canned | None:
        """The answer of that name; None for one that cannot be sent."""
        return next(
            (self._answer(flow, step) for flow, step in self._steps() if f"{flow.name}.{step.name}" == name), None
        )

    def _steps(self) -> Iterator[tuple[Flow, Step]]:
        for flow in self.release.script.flows.values():
            if flow.group not in _GROUPS and flow.name not in _ALSO:
                continue
            for step in flow.steps.values():
                if step.say is None or step.ask:
                    continue
                yield flow, step
                if self._is_minimum(flow):
                    # All of them are the same few sentences.
                    break

    def _is_minimum(self, flow: Flow) -> bool:
        needs = self.settings.require_approval and flow.group is Group.RIGHTS
        return needs and flow.name not in self.release.approved

    def _has(self, step: tuple[Flow, Step], words: list[str]) -> bool:
        searched = bare(" ".join(self._title(*step, language) for language in (Language.ES, Language.EN)))
        return all(word in searched for word in words)

    def _title(self, flow: Flow, step: Step, language: Language) -> str:
        about = title_in(self.release, language, _no_words)(flow.name)
        if step is flow.first or self._is_minimum(flow):
            return about
        label = _label_to(flow, step.name)
        part = label or step.say
        if part is None:
            return about
        said = text_for(part.key, language, part.english, self.release.catalogs).text
        return f"{about} · {said if label else shortened(said, _FIRST_WORDS)}"

    def _answer(self, flow: Flow, step: Step) -> Canned:
        session = Session(language=self.language, place=self.place)
        writes = renderer(self.release, self.settings, session, self.channel, self.now)
        text = "\n".join(writes.reply([Say(flow.name, step.name)]).texts)
        minimum = self._is_minimum(flow)
        said = flow.minimum or writes.notice("safe_minimum") if minimum else step.say
        language, draft = (self.language, False) if said is None else _written_in(writes.voice, said)
        return Canned(f"{flow.name}.{step.name}", self._title(flow, step, self.staff), text, language, draft, minimum)


def _written_in(voice: Voice, said: Sentence) -> tuple[Language, bool]:
    """Which language a sentence comes out in, and whether it is a draft of K'iche' beside the Spanish."""
    if voice.is_native(said):
        return voice.language, False
    if voice.draft(said):
        return voice.language, True
    return voice.texts.chosen(said.key, voice.main, said.english).language, False


def _no_words(key: str, english: str, **values: object) -> str:
    return english


def _label_to(flow: Flow, step: str) -> Sentence | None:
    choices = (choice for each in flow.steps.values() for choice in each.choices)
    return next((choice.label for choice in choices if choice.target.step == step), None)
