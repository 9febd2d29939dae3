"""Whole weeks of counts, and how a page says what stands there: what every card is made of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct

from bot.console.figures_shown import number
from bot.console.figures_words import OUTCOMES, short_week
from bot.console.spans import Words
from bot.counted import Outcome
from bot.directory.coverage import Cover
from bot.figures.weeks import OTHER, Weeks

OUTCOME_NAMES = tuple(each.value for each in OUTCOMES)


class Scene(Struct, frozen=True):
    """Whole weeks, and how to say what stands there. ``topic`` and ``place`` give names, ``kinds`` those of help.

    ``is_topic``: whether a flow is one that families ask about. ``cover``: whom the directory has for a state and kind.
    """

    weeks: Weeks
    words: Words
    language: str
    topic: Callable[[str], str]
    is_topic: Callable[[str], bool]
    place: Callable[[str], str]
    kinds: Mapping[str, str]
    cover: Callable[[str, str], Cover] | None
    price: float

    @property
    def columns(self) -> tuple[str, ...]:
        """The weeks, as heads of columns."""
        return tuple(short_week(monday, self.language) for monday in self.weeks.mondays)


def outcomes(weeks: Weeks) -> Counter[str]:
    """How questions ended, in all; OTHER: it is not told how."""
    sums: Counter[str] = Counter()
    for _, (outcome, _language), n in weeks.of("turn"):
        sums[outcome] += n
    return sums


def headline(scene: Scene) -> str:
    """The sentence that comes first."""
    words, sums = scene.words, outcomes(scene.weeks)
    if not sums:
        return words("figures.head-few", "In these weeks there were too few questions to tell how they ended.")
    said = words(
        "figures.head",
        "At least %(all)s questions: the bot answered %(answered)s; after %(back)s it asked what was meant; %(person)s went to a person; "
        "%(missed)s stayed without an answer.",
        all=sums.total(),
        answered=number(sums[Outcome.ANSWERED], words),
        back=number(sums[Outcome.ASKED_BACK], words),
        person=number(sums[Outcome.PERSON], words),
        missed=number(sums[Outcome.NOT_UNDERSTOOD], words),
    )
    untold = sums[OTHER]
    return (
        f"{said} {words('figures.head-untold', 'Of %(n)s it is not told how they ended.', n=untold)}"
        if untold
        else said
    )
