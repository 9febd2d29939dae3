"""docs/content-report.md: how much there is, how far the words have come, what they cost and how hard they are to read. Pure.

Nothing in it changes by itself: no dates, no digests; only a change of content or of the default price does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from msgspec import Struct

from bot.engine.flow import Group
from bot.engine.parse import BACK, PERSON
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import Answer, answers
from bot.scripts.lengths import ANOTHER_TIME, limit, over_the_border
from bot.scripts.progress import approvals, progress
from bot.scripts.release import Release
from bot.scripts.texts import Text, texts
from bot.wording.gsm7 import fold_for_sms, segments
from bot.wording.reading import SIXTH_GRADE, Reading, hardest_sentence, reading
from bot.wording.voice import Voice

FILE = "docs/content-report.md"
NAMES = {Language.ES: "Spanish", Language.EN: "English", Language.QUC: "K'iche' with Spanish"}
LISTED = 10
# A few words have no reading level: "Which one?"
FEWEST_WORDS = 8


class Cost(Struct, frozen=True):
    """One answer and its SMS segments."""

    answer: Answer
    segments: int

    @property
    def name(self) -> str:
        """Where it stands and, of several, which it is."""
        return f"`{self.answer.where}`" + (f" ({self.answer.part})" if self.answer.part else "")


def costs(release: Release) -> tuple[Cost, ...]:
    """Every answer as an SMS, without the engine's own notices: most of those are pieces of answers."""
    said = (each for each in answers(release, Channel.SMS) if each.flow.name != NOTICES)
    return tuple(Cost(each, segments(each.text)) for each in said)


def report(release: Release, price: float) -> str:
    """The page. ``price``: US dollars for one SMS segment."""
    found = costs(release)
    whole = [cost for cost in found if cost.answer.part not in ANOTHER_TIME]
    parts = (
        _head(),
        _amounts(release, whole),
        _words(release),
        _prices(found, whole, price),
        _dearest(whole),
        _gains(release, whole),
        _reading(release),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head() -> Iterator[str]:
    yield from (
        "# Content report",
        "",
        "Made by `make docs` (`flask --app webhook content report --write`) from `flows/`, `locales/` and `directory/`.",
        "What is wrong with the content is told by `flask --app webhook content check`; this page tells what it costs.",
        "",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows)
    yield ""


def _amounts(release: Release, whole: Sequence[Cost]) -> Iterator[str]:
    flows = list(release.script.flows.values())
    yield from ("## How much there is", "")
    rows: list[tuple[str, int, int, int, int]] = []
    for group in Group:
        mine = [flow for flow in flows if flow.group is group]
        said = {cost.answer.passage for cost in whole if cost.answer.flow.group is group}
        sentences = sum(len(flow.sentences) for flow in mine)
        rows.append((group.value, len(mine), sum(len(flow.steps) for flow in mine), len(said), sentences))
    total = ("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:]))
    yield from _table(("folder", "flows", "steps", "answers", "texts"), [*rows, total])
    yield f"{len(release.facts)} facts, {len(release.hotlines)} lines and sites, {_organizations(release)} organizations."
    yield ""


def _words(release: Release) -> Iterator[str]:
    yield from ("## How far the words have come", "")
    rows = [(each.language.value, each.drafts, each.reviewed, each.stale, each.missing) for each in progress(release)]
    yield from _table(("language", "draft", "reviewed", "stale", "missing"), rows)
    approved, rights = approvals(release)
    yield f"Rights flows that a lawyer or accredited representative has approved as they stand: {approved} of {rights}."
    yield ""


def _prices(found: Sequence[Cost], whole: Sequence[Cost], price: float) -> Iterator[str]:
    yield from ("## What an answer costs by SMS", "")
    yield (
        "An answer is everything that one message gets: words, list of organizations, menu. It is measured with the longest values"
        " that really occur, with every number in it, whether somebody has confirmed it or not."
    )
    yield (
        f"Price: segments x US$ {price:.4f}, the default of `SMS_PRICE`. Fees of carriers are not in it, nor what the family's own"
        " plan charges; an answer by WhatsApp has no segments."
    )
    yield ""
    rows = [
        _shares(NAMES[language], [c for c in whole if c.answer.language is language], price) for language in Language
    ]
    for name, some in _kinds(found, whole):
        rows.append(_shares(f"Spanish, {name}", [c for c in some if c.answer.language is Language.ES], price))
    yield from _table(("", "answers", "median", "price", "1", "2", "3", "4", "more"), rows)
    yield (
        "1 to 4: the share of answers with so many segments. With the welcome: the first message to somebody new, unless it is about"
        " danger. Not approved: what a rights answer is replaced by where `REQUIRE_APPROVAL` is on. Sent on: what COMPARTIR gives."
    )
    yield ""


def _kinds(found: Sequence[Cost], whole: Sequence[Cost]) -> Iterator[tuple[str, list[Cost]]]:
    yield "first answers in danger", [cost for cost in whole if cost.answer.passage.opens_urgent]
    for part in ANOTHER_TIME:
        yield part, [cost for cost in found if cost.answer.part == part]


def _shares(name: str, some: Sequence[Cost], price: float) -> tuple[object, ...]:
    if not some:
        return (name, 0, *["-"] * 7)
    counts = Counter(min(cost.segments, 5) for cost in some)
    middle = median(cost.segments for cost in some)
    shares = (f"{100 * counts[number] / len(some):.0f} %" for number in range(1, 6))
    return (name, len(some), f"{middle:g}", f"{middle * price:.4f}", *shares)


def _dearest(whole: Sequence[Cost]) -> Iterator[str]:
    yield from ("## The dearest answers", "")
    for language in Language:
        mine = [cost for cost in whole if cost.answer.language is language]
        worst = sorted(mine, key=lambda cost: (-cost.segments, -len(cost.answer.text), cost.name))[:LISTED]
        rows = [(cost.name, cost.segments, limit(cost.answer), len(cost.answer.text)) for cost in worst]
        yield from (f"### {NAMES[language]}", "")
        yield from _table(("answer", "segments", "at most", "characters"), rows)


def _gains(release: Release, whole: Sequence[Cost]) -> Iterator[str]:
    yield from ("## The cheapest gains", "", "So many characters less, and the answer costs one segment less.", "")
    for language in Language:
        optional = _optional(release, language)
        gains = (
            (over_the_border(cost.answer.text, optional), cost) for cost in whole if cost.answer.language is language
        )
        near = sorted(((over, cost) for over, cost in gains if over > 0), key=lambda gain: (gain[0], gain[1].name))
        rows = [(cost.name, over, f"{cost.segments} to {cost.segments - 1}") for over, cost in near[:LISTED]]
        yield from (f"### {NAMES[language]}", "")
        yield from _table(("answer", "characters", "segments"), rows)


def _optional(release: Release, language: Language) -> frozenset[str]:
    """The lines that an answer only has where they cost nothing, as an SMS has them."""
    voice, notices = Voice(release.texts, language, frozenset(), {}), release.script.flows[NOTICES].steps
    lines = [voice.say(notices["share_hint"].say)]
    for digit, name in ((PERSON, "person"), (BACK, "back")):
        main, draft = voice.say(notices[name].say), voice.draft(notices[name].say)
        lines += [f"{digit} {main}", f"{digit} {draft} / {main}"]
    return frozenset(map(fold_for_sms, lines))


def _reading(release: Release) -> Iterator[str]:
    yield from ("## How hard they are to read", "")
    yield (
        "Spanish by Fernández Huerta, English by Flesch reading ease (bot/wording/reading.py): 100 is very easy, 0 very hard. Sixth"
        f" grade is {SIXTH_GRADE[Language.ES]:.0f} to 80 in Spanish and {SIXTH_GRADE[Language.EN]:.0f} to 90 in English; higher is"
        " easier. The formulas see only the length of words and sentences. K'iche' has none."
    )
    yield ""
    for language in (Language.ES, Language.EN):
        found = sorted(readings(release, language), key=lambda each: (each[1].score, each[0].key))
        scores = [each.score for _, each in found]
        easy = sum(score >= SIXTH_GRADE[language] for score in scores)
        yield from (f"### {NAMES[language]}", "")
        yield (
            f"Median {median(scores):.0f}; {easy} of {len(scores)} texts ({100 * easy / len(scores):.0f} %) are sixth grade or easier."
        )
        yield ""
        rows = [(f"`{text.key}`", f"{each.score:.0f}", hardest_sentence(text.words)) for text, each in found[:LISTED]]
        yield from _table(("hardest texts", "score", "their longest sentence"), rows)


def readings(release: Release, language: Language) -> Iterator[tuple[Text, Reading]]:
    """Every text of some length that answers something, with its reading level."""
    for text in texts(release):
        step, sentence = text.step, text.sentence
        answer = sentence is text.flow.minimum or (step is not None and sentence in step.answers)
        if answer and text.language is language:
            found = reading(text.words, language)
            if found is not None and found.words >= FEWEST_WORDS:
                yield text, found


def _organizations(release: Release) -> int:
    return len({each.organization_id for each in release.directory.services})
