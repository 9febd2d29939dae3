"""Where help was looked for, and what the directory lacks there: states alone. Pure."""

from __future__ import annotations

from bot.console.figures_scene import Scene
from bot.console.figures_shown import Card, bars, number
from bot.console.figures_words import language_in_words
from bot.console.spans import Words
from bot.directory.coverage import Cover
from bot.figures.places import Asked, asked, by_state
from bot.figures.weeks import OTHER
from bot.language import Language

MOST_BARS = 10


def places_card(scene: Scene) -> Card:
    """States in which help was looked for."""
    words, found = scene.words, by_state(scene.weeks)
    first = next((each for each in found if each[0] != OTHER), None)
    title = (
        words("figures.places-most", "Help was looked for most in %(place)s: %(n)s times", place=scene.place(first[0]), n=first[1])
        if first
        else words("figures.places-none", "In no state was one kind of help looked for five times in a week")
    )  # fmt: skip
    rest = words("figures.other-places", "Other states, each too seldom to be told")
    rows = [(rest if state == OTHER else scene.place(state), str(n)) for state, n in found]
    head = (words("figures.state", "State or department"), words("figures.asked", "Looked for"))
    caption = words(
        "figures.places-caption", "States and departments alone: a town is never counted. No map, for a dot is a place."
    )
    return Card(
        "places", title, caption, head, tuple(rows), bars([(name, n, (int(n),)) for name, n in rows[:MOST_BARS]])
    )


def gaps_card(scene: Scene) -> Card:
    """Kinds of help that were looked for in a state where the directory has nobody, nobody in a language, or only old word."""
    words, wanted = scene.words, asked(scene.weeks)
    head = (
        *(words("figures.state", "State or department"), words("figures.kind", "Kind of help")),
        *(words("figures.asked", "Looked for"), words("figures.nothing", "Nothing near")),
        words("figures.missing", "What is missing in the directory"),
    )
    if scene.cover is None:
        title = words("figures.no-directory", "The directory cannot be read now, so that gaps are not known")
        return Card("gaps", title, "", head, ())
    rows = []
    for each in wanted:
        missing = _missing(scene, scene.cover(each.state, each.help))
        if missing or each.nothing:
            rows.append(
                (
                    scene.place(each.state),
                    scene.kinds.get(each.help, each.help),
                    str(each.n),
                    _nothing(each, words),
                    missing,
                )
            )
    title = (
        words("figures.gaps", "Of %(all)s kinds of help in a state that are told, %(n)s have a gap", n=len(rows), all=len(wanted))
        if wanted
        else words("figures.gaps-none", "No kind of help was looked for five times in one state and week")
    )  # fmt: skip
    caption = words(
        "figures.gaps-caption",
        "What the directory has today beside what was looked for. Languages are those of the organizations: "
        "in which language somebody looked is never counted beside a place.",
    )
    note = words(
        "figures.gaps-note",
        "“All or nearly all” also stands where fewer than five found something: else those few could be computed.",
    )
    return Card("gaps", title, caption, head, tuple(rows), notes=(note,))


def _nothing(each: Asked, words: Words) -> str:
    if each.nothing == each.n:
        return words("figures.nearly-all", "all or nearly all")
    return number(each.nothing, words)


def _missing(scene: Scene, cover: Cover) -> str:
    words = scene.words
    if not cover.active:
        return words("figures.nobody", "nobody is in the directory")
    said = []
    for language in cover.lacks(each.value for each in Language):
        said.append(words("figures.nobody-in", "nobody in %(language)s", language=language_in_words(language, words)))
    if not cover.fresh:
        said.append(words("figures.all-old", "nobody was confirmed in the last 90 days"))
    return ", ".join(said)
