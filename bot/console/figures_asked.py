"""What families asked, how it ended, and in which languages: cards made of the weekly counts. Pure."""

from __future__ import annotations

from collections import Counter

from bot.console.figures_scene import OUTCOME_NAMES, Scene, outcomes
from bot.console.figures_shown import Card, bars, number
from bot.console.figures_words import OUTCOMES, UNTOLD, language_in_words, language_name, short_week
from bot.console.languages import LANGUAGES
from bot.console.spans import Words
from bot.counted import Outcome
from bot.figures.split import Split, splits
from bot.figures.topics import topics
from bot.figures.weeks import OTHER
from bot.language import Language

MOST_BARS = 10
_SPOKEN = "language."


def topics_card(scene: Scene) -> Card:
    """Topics by week."""
    words, found = scene.words, topics(scene.weeks, scene.is_topic)
    rest = words("figures.other-topics", "Other topics, each asked about too seldom")

    def name(topic: str) -> str:
        return rest if topic == OTHER else scene.topic(topic)

    first = next((each for each in found if each.name != OTHER), None)
    title = (
        words("figures.topics-most", "Most asked about: %(topic)s, %(n)s times", topic=name(first.name), n=first.total)
        if first
        else words("figures.topics-none", "No topic was asked about five times in a week")
    )
    named = [each for each in found if each.name != OTHER]
    # Without what is put together: it would be the longest bar of all, and says nothing.
    lines = [(name(each.name), str(each.total), (each.total,)) for each in named[:MOST_BARS]]
    head = (words("figures.topic", "Topic"), words("figures.all-weeks", "All weeks"), *scene.columns)
    rows = [(name(each.name), str(each.total), *(number(n, words) for n in each.by_week)) for each in found]
    caption = words(
        "figures.topics-caption", "How often a topic was asked about, on SMS and WhatsApp, in all languages."
    )
    return Card("topics", title, caption, head, tuple(rows), bars(lines))


def questions_card(scene: Scene) -> Card:
    """How questions ended, week by week."""
    words, sums = scene.words, outcomes(scene.weeks)
    missed, total = sums[Outcome.NOT_UNDERSTOOD], sums.total()
    title = (
        words("figures.missed", "%(n)s of %(all)s questions stayed without an answer", n=missed, all=total)
        if missed
        else words("figures.missed-few", "In no week did five questions of a language stay without an answer")
    )
    by_week: dict[object, Counter[str]] = {monday: Counter() for monday in scene.weeks.mondays}
    for week, (outcome, _language), n in scene.weeks.of("turn"):
        by_week[week][outcome] += n
    kinds = [*OUTCOME_NAMES, OTHER]
    lines = [
        (
            short_week(monday, scene.language),
            str(by_week[monday].total()),
            [by_week[monday][kind] for kind in kinds[:4]],
        )
        for monday in scene.weeks.mondays
    ]
    named = [words(said) for said in (*OUTCOMES.values(), UNTOLD)]
    head = (words("figures.week", "Week"), words("figures.all", "In all"), *named)
    rows = [
        (
            short_week(monday, scene.language),
            *(number(n, words) for n in (week.total(), *(week[kind] for kind in kinds))),
        )
        for monday, week in zip(scene.weeks.mondays, by_week.values(), strict=True)
    ]
    caption = words(
        "figures.questions-caption",
        "A question is a message in own words, or a voice note: no digit, no word such as MENU, no place that the bot asked for.",
    )
    note = words(
        "figures.no-words",
        "What was written is not kept. Only a family that says yes gives a sentence to learn from, under Phrases.",
    )
    return Card("questions", title, caption, head, tuple(rows), bars(lines), tuple(named[:4]), (note,))


def languages_card(scene: Scene) -> Card:
    """In which languages questions came."""
    words, found = scene.words, splits(scene.weeks, "turn")
    total = outcomes(scene.weeks).total()
    title = words("figures.languages-none", "In no language were five questions asked in a week")
    if found:
        name, n = language_in_words(found[0].language, words), found[0].total
        title = words(
            "figures.languages-most", "%(n)s of %(all)s questions came in %(language)s", language=name, n=n, all=total
        )
    rows = [(name, number(n, words)) for name, n in _by_language(found)]
    rows += [
        (_also(each.name, words), str(each.total)) for each in topics(scene.weeks, is_language) if each.name != OTHER
    ]
    head = (words("figures.language", "Language"), words("figures.questions", "Questions"))
    caption = words(
        "figures.languages-caption",
        "The language in which the bot answered; and others, where somebody wrote in one or chose it.",
    )
    lines = [(language_name(each.language), str(each.total), (each.total,)) for each in found]
    return Card("languages", title, caption, head, tuple(rows), bars(lines))


def is_language(topic: str) -> bool:
    """Whether a topic of the counts is that somebody speaks a language which the bot does not (``language.mam``)."""
    return topic.startswith(_SPOKEN)


def _also(topic: str, words: Words) -> str:
    code = topic.removeprefix(_SPOKEN)
    if code in LANGUAGES:
        return words("figures.speaks", "%(language)s, which the bot does not speak", language=LANGUAGES[code])
    if code == "mayan":
        return words("figures.heard-mayan", "Heard as a Mayan language other than K'iche'")
    return words("figures.speaks-mayan", "Another Mayan language, which the bot does not speak")


def _by_language(found: tuple[Split, ...]) -> list[tuple[str, int]]:
    counted = {each.language: each.total for each in found}
    order = [*counted, *(each.value for each in Language if each.value not in counted)]
    return [(language_name(code), counted.get(code, 0)) for code in order]
