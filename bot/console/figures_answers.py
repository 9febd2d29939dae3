"""How far the answers are: written, read by somebody, approved, and those that most families ask for. Nothing of families. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.console.figures_shown import Card, bars
from bot.console.figures_words import language_in_words, language_name
from bot.console.spans import Words
from bot.console.words import phrase
from bot.language import Language
from bot.scripts.digest import Digest, lines
from bot.scripts.progress import Progress, approvals, progress, state_of_flow
from bot.scripts.release import Release
from bot.wording.state import State

TOP = 20
STATES = {
    State.REVIEWED: phrase("figures.reviewed", "Read by a speaker"),
    State.DRAFT: phrase("figures.draft", "Draft"),
    State.STALE: phrase("figures.stale", "Out of date"),
    None: phrase("figures.unwritten", "Not written"),
}
"""In the order of the bars."""


class Review(Struct, frozen=True):
    """Changes that wait to be read by somebody else: how many, and for how many days the longest has."""

    waiting: int
    days: int


def translation_card(release: Release, words: Words) -> Card:
    """The sentences of the answers in each language."""
    found = progress(release)
    behind = min(found, key=lambda each: (each.reviewed, -each.missing))
    title = words(
        "figures.translation", "%(n)s of %(all)s sentences in %(language)s were read by a speaker",
        language=language_in_words(behind.language.value, words), n=behind.reviewed, all=_total(behind),
    )  # fmt: skip
    rows = [(language_name(each.language.value), *map(str, _parts(each))) for each in found]
    head = (words("figures.language", "Language"), *(words(said) for said in STATES.values()))
    caption = words(
        "figures.translation-caption",
        "Every sentence of the answers that families get today. The language of which fewest were read is named.",
    )
    lines = [(language_name(each.language.value), f"{each.reviewed}/{_total(each)}", _parts(each)) for each in found]
    return Card(
        "translation", title, caption, head, tuple(rows), bars(lines), tuple(words(said) for said in STATES.values())
    )


def top_card(release: Release, asked: Sequence[str], title: Callable[[str], str], words: Words) -> Card:
    """The answers to what is asked about most, ``asked`` in that order, in each language."""
    flows = [name for name in asked if name in release.script.flows][:TOP]
    states = {name: [state_of_flow(release, name, language) for language in Language] for name in flows}
    whole = sum(all(state is State.REVIEWED for state in each) for each in states.values())
    said = words("figures.topics-none", "No topic was asked about five times in a week")
    if flows:
        said = words(
            "figures.top",
            "Of the %(all)s answers that are asked for most, %(n)s were read by speakers in all three languages",
            n=whole,
            all=len(flows),
        )
    rows = [(title(name), *(_weakest(state, words) for state in states[name])) for name in flows]
    head = (words("figures.answer", "Answer"), *(language_name(each.value) for each in Language))
    caption = words("figures.top-caption", "Each answer counts as its weakest sentence.")
    return Card("top", said, caption, head, tuple(rows))


def _weakest(state: State | None, words: Words) -> str:
    return words("figures.in-part", "Not all written") if state is None else words(STATES[state])


def week_card(waits: Digest, language: str, words: Words) -> Card:
    """What somebody has to look at: the same as in the week's mail, which goes out only where a mail server is set."""
    rows = [(what, str(n)) for n, what in lines(waits, language)]
    said = words("figures.week-waits", "What waits for somebody to do it")
    title = said if rows else words("figures.week-nothing", "Nothing waits for anybody")
    head = (words("figures.what", "What"), words("figures.how-many", "How many"))
    caption = words(
        "figures.week-caption",
        "Counted now. Coordinators get these numbers by mail on Mondays, where a mail server is set up.",
    )
    return Card("week", title, caption, head, tuple(rows))


def review_card(release: Release, review: Review, required: bool, words: Words) -> Card:
    """What a lawyer has approved, and what waits to be read."""
    approved, rights = approvals(release)
    title = words(
        "figures.approved", "%(n)s of %(all)s answers about rights are approved as they stand", n=approved, all=rights
    )
    waits = (
        words("figures.no-wait", "nothing waits")
        if not review.waiting
        else words("figures.days", "%(n)s days", n=review.days)
    )
    rows = (
        (
            words("figures.rights-approved", "Answers about rights that a lawyer or representative has approved"),
            f"{approved}/{rights}",
        ),
        (words("figures.changes", "Changed answers that wait to be read by a second person"), str(review.waiting)),
        (words("figures.changes-wait", "The longest of these waits"), waits),
    )
    caption = (
        words("figures.required", "Without an approval families get a shorter, safe answer about rights.")
        if required
        else words(
            "figures.not-required", "REQUIRE_APPROVAL is off: answers about rights go out whole without an approval."
        )
    )
    return Card("review", title, caption, (words("figures.what", "What"), words("figures.how-many", "How many")), rows)


def _parts(each: Progress) -> tuple[int, ...]:
    return each.reviewed, each.drafts, each.stale, each.missing


def _total(each: Progress) -> int:
    return sum(_parts(each))
