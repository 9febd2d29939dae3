"""What is read aloud: the first answers of urgent and rights flows, in the words that go out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.actions import Say
from bot.engine.flow import Flow, Group, Script
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.recorded import read_name, recording_of, words_of

RECORDED = (Group.URGENT, Group.RIGHTS)
"""The kinds of answers for which somebody who does not read needs a voice most; the gravest first."""


class ToRead(Struct, frozen=True):
    """A first answer in one language. ``text`` is what is read, empty where nobody has written it; ``spanish`` what it says.

    ``also``: the keys of others that say the very same words, so that one recording reads them all.
    ``goes``: families get this text now; a recording never goes without it. ``sha``: the recording of these words in the
    release; ``held``: there is one of other words, from before they changed.
    """

    flow: str
    step: str
    key: str
    language: Language
    text: str
    spanish: str
    goes: bool
    sha: str | None
    held: bool
    also: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The mark of the words, by which a recording is bound to them."""
        return words_of(self.text)


def first_answers(script: Script) -> Iterator[Say]:
    """What is said before anybody has to choose: of each flow the first words, on every way that a branch may take."""
    for group in RECORDED:
        for flow in script.flows.values():
            if flow.group is group:
                yield from (Say(flow.name, step) for step in _first_steps(flow))


def _first_steps(flow: Flow) -> Iterator[str]:
    seen: set[str] = set()
    waiting = [flow.first.name]
    while waiting:
        step = flow.steps[waiting.pop(0)]
        if step.name in seen:
            continue
        seen.add(step.name)
        if step.say is not None:
            yield step.name
        elif not step.waits:
            ways = (*(arm.target for arm in step.branch), *([step.target] if step.target else ()))
            waiting += [way.step for way in ways if way.step in flow.steps and way.flow is None]


def to_read(release: Release, settings: Settings, language: Language, now: float) -> tuple[ToRead, ...]:
    """The first answers in a language, as somebody gets them on WhatsApp whose place is not known. ``now``: unix seconds."""
    hers = renderer(release, settings, Session(language=language), Channel.WHATSAPP, now)
    spanish = renderer(release, settings, Session(language=Language.ES), Channel.WHATSAPP, now).voice
    # Also what does not go out yet may be read aloud: a draft, or an answer that waits for an approval.
    every = replace(hers, approved=None, voice=replace(hers.voice, drafts=True))
    read = {read[0] for name in release.recordings if (read := _read_by(name, language))}
    found: dict[str, ToRead] = {}
    for said in first_answers(release.script):
        sentence = release.script.flows[said.flow].steps[said.step].say
        if sentence is None:
            continue
        text = every.aloud(said)
        same = found.get(text) if text else None
        if same is not None:
            found[text] = replace(same, also=(*same.also, sentence.key), goes=same.goes or hers.aloud(said) == text)
            continue
        sha = recording_of(release.recordings, language, text)
        found[text or sentence.key] = ToRead(
            said.flow, said.step, sentence.key, language, text, spanish.say(sentence),
            bool(text) and hers.aloud(said) == text, sha, sha is None and sentence.key in read,
        )  # fmt: skip
    return tuple(found.values())


def _read_by(name: str, language: Language) -> tuple[str, str] | None:
    """The key and the mark that a recording of this language is bound to."""
    whose, _, own = name.partition("/")
    return read_name(own) if whose == language.value else None
