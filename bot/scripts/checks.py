"""What must hold before content goes out. Each problem is one line: where, what, how to mend. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.engine.flow import Flow, Group, Sentence, Step
from bot.engine.walk import MENU, NOTICES
from bot.intents.folding import bare
from bot.intents.reserved import CARRIER_WORDS
from bot.language import Language
from bot.scripts.release import Release
from bot.wording.fields import OWN_FIELDS
from bot.wording.fill import check_placeholders, placeholders
from bot.wording.kiche import unknown_words
from bot.wording.state import is_as_reviewed

MOST_DUE_IN_A_WEEK = 5
# Some families must not be sent to a consulate or an office unasked.
GOVERNMENT_FLOWS = ("consulate", "in_mexico", "after_return")
# Somebody who asks whether agents are near may have them at the door.
RUMOR = "rumor"
# The engine goes to these by name: without them a turn could not be answered.
NEEDED_FLOWS = (
    MENU,
    NOTICES,
    "greet",
    "human",
    "thank",
    "services_near",
    "area_notices",
    "lost_place",
    "voice_note",
    "not_understood",
)
NEEDED_NOTICES = (
    "stopped", "stop_confirm", "started_again", "help_word", "exited", "erased", "erase_unfinished", "welcome_line",
    "language_switched", "language_ask", "spanish_only", "back_to", "did_you_mean", "none_of_these", "place_unknown", "place_which",
    "more_none", "digit_unknown", "degraded", "person", "back", "yes", "no", "services_near", "services_more",
    "draft_mark", "safe_minimum", "share_nothing", "share_hint", "share_read", "share_unread", "area_notice",
)  # fmt: skip
# Fields that are always there, so that a sentence of `say` may use them.
_ALWAYS = {"owner"}
_WITH_PLACE = {"place"}
_OF_NOTICES = {"day", "source", "hours"}
_LONGEST_DIGITS = 6


def problems(release: Release, intents: frozenset[str], kiche: frozenset[str]) -> list[str]:
    """Everything that keeps this release from going out. ``kiche``: the words that a K'iche' draft may be made of."""
    return [
        *_missing(release),
        *_targets(release),
        *_unreachable(release),
        *_intents(release, intents),
        *_sentences(release),
        *_spanish(release),
        *_facts(release),
        *_government(release),
        *_kiche(release, kiche),
    ]


def _missing(release: Release) -> Iterator[str]:
    flows = release.script.flows
    yield from (f"flows: there is no flow {name!r}. The engine needs it" for name in NEEDED_FLOWS if name not in flows)
    notices = flows[NOTICES].steps if NOTICES in flows else {}
    yield from (
        f"flows/conversation/notices.yml: the step {name!r} is missing. The engine says it"
        for name in NEEDED_NOTICES
        if name not in notices
    )


def _targets(release: Release) -> Iterator[str]:
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            for target in step.targets:
                if target.flow is not None and target.flow not in release.script.flows:
                    yield f"{_where(flow, step)}: there is no flow {target.flow!r}. Name one that exists, or write it"


def _unreachable(release: Release) -> Iterator[str]:
    for flow in release.script.flows.values():
        reached = {flow.first.name}
        waiting = [flow.first]
        while waiting:
            for target in waiting.pop().targets:
                if target.step is not None and target.step not in reached:
                    reached.add(target.step)
                    waiting.append(flow.steps[target.step])
        # The engine itself goes to notices and to the second "not understood".
        if flow.name not in (NOTICES, "not_understood"):
            yield from (
                f"{_where(flow, step)}: nothing leads here. Lead to it or take it out"
                for step in flow.steps.values()
                if step.name not in reached
            )


def _intents(release: Release, intents: frozenset[str]) -> Iterator[str]:
    answered = Counter(intent for flow in release.script.flows.values() for intent in flow.intents)
    yield from (
        f"flows: no flow answers the intent {name!r}. Add it to the intents of one"
        for name in sorted(intents - set(answered))
    )
    for name, count in answered.items():
        if name not in intents:
            yield f"flows: {name!r} is not an intent of nlu/intents.yml. Correct the name"
        elif count > 1:
            yield f"flows: {count} flows answer the intent {name!r}. Keep one"


def _sentences(release: Release) -> Iterator[str]:
    allowed = frozenset(release.hotlines) | OWN_FIELDS
    always = _ALWAYS | {name for name, line in release.hotlines.items() if line.sendable(False)}
    unfit = {name for name, line in release.hotlines.items() if not line.for_emergencies}
    for flow in release.script.flows.values():
        for step in (None, *flow.steps.values()):
            for sentence in (flow.title,) if step is None else step.sentences:
                for language, text in _texts(release, sentence):
                    where = f"{sentence.key} ({language})"
                    yield from _words(where, text, allowed)
                    if flow.group is Group.URGENT or flow.name == RUMOR:
                        yield from _for_emergencies(where, text, unfit)
                    if step is not None and sentence in (step.say, step.none):
                        yield from _certain(where, flow, text, always)
            yield from _labels(release, flow, step)


def _texts(release: Release, sentence: Sentence) -> Iterator[tuple[str, str]]:
    yield "en", sentence.english
    for language, catalog in release.catalogs.items():
        entry = catalog.entry(sentence.key)
        if entry and entry.text:
            yield language.value, entry.text


def _words(where: str, text: str, allowed: frozenset[str]) -> Iterator[str]:
    for unknown in check_placeholders(text, allowed):
        yield f"{where}: {unknown} is not a known field. See directory/hotlines.csv"
    digits = max((sum(c.isdigit() for c in word) for word in text.replace("-", "").split()), default=0)
    if digits > _LONGEST_DIGITS:
        yield f"{where}: a number is typed. Use a field such as $orr"


def _for_emergencies(where: str, text: str, unfit: set[str]) -> Iterator[str]:
    for name in sorted(placeholders(text) & unfit):
        yield f"{where}: ${name} is not for emergencies (directory/hotlines.csv). Name another line"


def _certain(where: str, flow: Flow, text: str, always: set[str]) -> Iterator[str]:
    places = _WITH_PLACE | _OF_NOTICES | {"topic"} if flow.name == NOTICES or flow.group is not Group.URGENT else set()
    for name in sorted(placeholders(text) - always - places):
        yield f"{where}: ${name} is not always there. Put its sentence under also"


def _labels(release: Release, flow: Flow, step: Step | None) -> Iterator[str]:
    for choice in step.choices if step else ():
        for language, text in _texts(release, choice.label):
            if bare(text) in CARRIER_WORDS:
                yield f"{choice.label.key} ({language}): {text!r} is a word that the carrier takes. Use another"


def _facts(release: Release) -> Iterator[str]:
    for flow in release.script.flows.values():
        named = {*flow.facts, *(s.fact for s in flow.sentences if s.fact)}
        yield from (
            f"flows/{flow.group}/{flow.name}.yml: there is no fact {name!r} in facts.yml"
            for name in sorted(named - set(release.facts))
        )
    weeks = Counter(fact.valid_until.isocalendar()[:2] for fact in release.facts.values())
    for (year, week), count in weeks.items():
        if count > MOST_DUE_IN_A_WEEK:
            yield f"flows/facts.yml: {count} facts fall due in week {week} of {year}. Spread them: no more than {MOST_DUE_IN_A_WEEK} a week"


def _government(release: Release) -> Iterator[str]:
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            if step.government and flow.name not in GOVERNMENT_FLOWS:
                yield f"{_where(flow, step)}: government offices are only for {', '.join(GOVERNMENT_FLOWS)}. Take government away"


def _spanish(release: Release) -> Iterator[str]:
    """A Spanish speaker never gets English, nor a Spanish that means something else by now."""
    spanish = release.catalogs[Language.ES]
    for flow in release.script.flows.values():
        durable = {step.say.key for step in flow.steps.values() if step.say and step.durable}
        for sentence in flow.sentences:
            entry = spanish.entry(sentence.key)
            if entry is None or not entry.text:
                yield f"{sentence.key} (es): there is no Spanish. Write it in locales/es (make catalogs shows the key)"
            elif entry.meaning_changed and sentence.key not in durable:
                yield f"{sentence.key} (es): the English means something else now. Write the Spanish again, or add durable:"


def _kiche(release: Release, words: frozenset[str]) -> Iterator[str]:
    for entry in release.catalogs[Language.QUC].entries.values():
        # Whoever speaks K'iche' and put her name to these words is the source of them, also where the Spanish has moved on.
        if entry.text and not is_as_reviewed(entry, Language.QUC):
            for word in unknown_words(entry.text, words, entry.guesses):
                yield f"{entry.key} (quc): {word!r} is not in locales/quc/words.csv. Cite it there or mark it as a guess"


def _where(flow: Flow, step: Step) -> str:
    return f"flows/{flow.group}/{flow.name}.yml, step {step.name}"
