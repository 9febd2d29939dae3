"""Nobody is led to a consulate or an office who may have fled from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.flow import Flow, Step
from bot.language import Language
from bot.scripts.finding import Finding, error
from bot.scripts.release import Release
from bot.scripts.texts import Text, flow_file, place_of, texts_of
from bot.wording.fill import placeholders

GOVERNMENT_OFFICES = error(
    "government office in the list",
    "somebody who fled from that government is sent to its door",
    "Take government away",
)
CONSULATE_UNWARNED = error(
    "consulate without a warning",
    "a consulate tells its government who called; that can end an asylum claim or reach those whom they fled",
    "Say in the same answer: if you ask for asylum or fear your government, a lawyer first",
)
# Some families must not be sent to a consulate or an office unasked.
GOVERNMENT_FLOWS = ("consulate", "in_mexico", "after_return")
# One of these in the say of the same step, in that language, is the warning.
WARNINGS = {
    Language.ES: ("asilo", "teme", "temor", "miedo", "refugio"),
    Language.EN: ("asylum", "fear", "afraid", "refuge"),
}
_PREFIX = "consulate_"


def check_governments(release: Release) -> Iterator[Finding]:
    """Lists that let government offices in, and numbers of consulates."""
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            if step.government and flow.name not in GOVERNMENT_FLOWS:
                problem = f"government offices are only for {', '.join(GOVERNMENT_FLOWS)}"
                yield GOVERNMENT_OFFICES.broken(flow_file(flow), place_of(flow, step), problem)
            yield from _unwarned(release, flow, step)


def _unwarned(release: Release, flow: Flow, step: Step) -> Iterator[Finding]:
    named = [each for each in step.sentences if each is not step.durable]
    written = [text for each in named for text in texts_of(release, flow, step, each)]
    for text in written:
        for name in sorted(each for each in placeholders(text.words) if _is_consulate(release, each)):
            if text.language in WARNINGS and not _warned(step, written, text.language):
                problem = f"${name} stands without a word about asylum or fear"
                yield CONSULATE_UNWARNED.broken(text.file, text.key, problem, language=text.language, said=f"${name}")


def _is_consulate(release: Release, name: str) -> bool:
    line = release.hotlines.get(name)
    return name.startswith(_PREFIX) or (line is not None and line.topic == "consulate")


def _warned(step: Step, written: Sequence[Text], language: Language) -> bool:
    says = [text.plain for text in written if text.language is language and text.sentence in (step.say, step.none)]
    return any(word in say for say in says for word in WARNINGS[language])
