"""A link is never the only way: many families have no internet, or nobody who reads a page of the government.

Three things count as another way, in the same answer: a phone of its own (an emergency number is for something else); a
choice that leads to a step called ``no_internet``, or being that step; a sentence that says so in the language itself
(``WAYS``). A K'iche' draft is not asked: the whole Spanish stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.directory.hotline import Hotline
from bot.engine.flow import Step
from bot.language import Language
from bot.scripts.finding import Finding, Rule, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import Text, texts_of
from bot.wording.fill import placeholders

_MEND = "Add a phone as a field, a choice to a step no_internet, or say who can open it with them"
LINK_ALONE = error("link alone", "who has no internet is left without an answer", _MEND)
LINK_ALONE_BESIDE = warning(
    "link alone in a further sentence",
    "who has no internet misses what the sentence offers, though the answer stands without it",
    _MEND,
)
LINK_ALONE_FOR_NOW = warning(
    "link alone until a phone is confirmed",
    "nobody has confirmed the phone beside it, so that in production only the link goes out",
    "Have the number confirmed by a call, or add another way: " + _MEND[0].lower() + _MEND[1:],
)
NO_INTERNET = "no_internet"
# A sentence with one of these tells people what to do without internet.
WAYS = {
    Language.ES: ("sin internet", "no tiene internet", "biblioteca", "en persona"),
    Language.EN: ("no internet", "without internet", "library", "in person"),
}


def check_links(release: Release) -> Iterator[Finding]:
    """Every step that names a site."""
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            said = [each for each in (step.say, step.none, *step.also) if each]
            written = [text for each in said for text in texts_of(release, flow, step, each)]
            for language in WAYS:
                yield from _alone(release, step, [text for text in written if text.language is language])


def _alone(release: Release, step: Step, written: Sequence[Text]) -> Iterator[Finding]:
    for text in written:
        lines = _lines(release, text)
        sites = [line for line in lines if line.kind == "site"]
        if not sites or any(_is_phone(line) for line in lines) or _leads_offline(step) or _says_how(written):
            continue
        rule = _rule(release, step, text, written)
        if rule is not None:
            for site in sites:
                problem = f"${site.id} is the only way"
                yield rule.broken(text.file, text.key, problem, language=text.language, said=f"${site.id}")


def _rule(release: Release, step: Step, text: Text, written: Sequence[Text]) -> Rule | None:
    """Which rule a link breaks that has no other way in its own sentence; none where a confirmed phone stands in another."""
    phones = [line for other in written for line in _lines(release, other) if _is_phone(line)]
    if any(line.sendable(False) for line in phones):
        return None
    if phones:
        return LINK_ALONE_FOR_NOW
    return LINK_ALONE if text.sentence in (step.say, step.none) else LINK_ALONE_BESIDE


def _lines(release: Release, text: Text) -> list[Hotline]:
    return [release.hotlines[name] for name in sorted(placeholders(text.words)) if name in release.hotlines]


def _is_phone(line: Hotline) -> bool:
    return line.kind == "hotline"


def _leads_offline(step: Step) -> bool:
    return step.name == NO_INTERNET or any(choice.target.step == NO_INTERNET for choice in step.choices)


def _says_how(written: Sequence[Text]) -> bool:
    return any(way in text.plain for text in written for way in WAYS[text.language])
