"""/console/phrases/topics: the sentences of each topic and language, how many, where they are few; adding one by hand."""

from __future__ import annotations

from collections import Counter
from typing import cast

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.languages import LANGUAGES
from bot.console.phrases_shown import TopicShown, found, group_words, thin_words, topics_shown
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.language import Language
from bot.scripts.phrases import Alike, Thin, alike, thin
from bot.store.desk_errors import TextRefused
from bot.store.phrases import ADDS, JUDGES, Phrase, PhraseKnown, PhraseMeasures
from bot.store.phrases_learned import every_language, learned, topics

_FEWEST_SHOWN = 8
"""So many of the learned sentences of a language stand on the page of a topic; there are hundreds."""


def shown_topics() -> tuple[TopicShown, ...]:
    """Every topic in the words of the page; read once for a page."""
    if "topics_shown" not in g:
        g.topics_shown = _shown_topics()
    return cast(tuple[TopicShown, ...], g.topics_shown)


def _shown_topics() -> tuple[TopicShown, ...]:
    release, mine = desk().puente.conversation.release(), Language(page_language())
    other = Language.EN if mine is Language.ES else Language.ES
    title, other_title = (title_in(release, language, words) for language in (mine, other))
    return topics_shown(topics(), title, other_title, learned(mine.value))


def one_topic(name: str) -> TopicShown | None:
    """One of them; None for what is none."""
    return next((each for each in shown_topics() if each.name == name), None)


def nearly(text: str, language: str, topic: str) -> tuple[Alike, str] | None:
    """A sentence of another topic that is much like this one, with the words of its topic."""
    near = alike(text, topic, learned(language))
    other = one_topic(near.learned.topic) if near else None
    return (near, other.words) if near and other else None


@console.get("/phrases/topics")
@allow(*ADDS)
def phrase_topics() -> AnyResponse:
    """All topics with how many sentences there are of each in each language, the thin ones first in words."""
    counts, shown = _counts(), shown_topics()
    few = _thin(counts)
    named = {each.name: each.words for each in shown}
    page = render_template(
        "phrases_topics.html",
        **frame("topics"),
        topics=found(shown, request.args.get("q", "")),
        asked=request.args.get("q", ""),
        counts=counts,
        languages=every_language(),
        language_names=LANGUAGES,
        thin=[thin_words(words, each, LANGUAGES[each.language], named[each.topic]) for each in few[:10]],
        thin_more=max(0, len(few) - 10),
        is_thin={(each.topic, each.language) for each in few},
        group_words=group_words(words),
    )
    return make_response(page)


@console.get("/phrases/topics/<topic>")
@allow(*ADDS)
def phrase_topic(topic: str) -> AnyResponse:
    """The sentences of one topic, and a form for one more."""
    return _page(topic)


@console.post("/phrases/topics/<topic>")
@allow(*ADDS)
def add_phrase(topic: str) -> AnyResponse:
    """Adds one."""
    if one_topic(topic) is None:
        abort(404)
    language, text = request.form.get("language", ""), request.form.get("text", "")
    if language not in every_language():
        return _page(topic, words("phrases.no-language", "Choose the language of the sentence."))
    try:
        added = desk().phrases.add(viewer(), language, topic, text)
    except TextRefused:
        return _page(topic, words("phrases.no-text", "Write the sentence: some words, at most 600 letters."))
    except PhraseKnown:
        return _page(topic, words("phrases.known", "This sentence is here already."))
    except PhraseMeasures:
        return _page(
            topic,
            words(
                "phrases.measures", "The bot is measured with this sentence, so it may not learn it. Say it otherwise."
            ),
        )
    _thank(added)
    return redirect(url_for("console.phrase_topic", topic=topic))


def _thank(added: Phrase) -> None:
    if viewer().has(*JUDGES):
        flash(words("phrases.added", "Kept: “%(text)s”.", text=added.text))
    else:
        flash(words("phrases.added-waits", "Kept: “%(text)s”. A volunteer looks at it next.", text=added.text))


def _page(name: str, trouble: str = "") -> AnyResponse:
    topic = one_topic(name)
    if topic is None:
        abort(404)
    judged = desk().phrases.judged(viewer(), name)
    counts = _counts()
    few: dict[str, Thin] = {each.language: each for each in _thin(counts) if each.topic == name}
    parts = []
    for language in every_language():
        texts = [each.text for each in learned(language) if each.topic == name]
        fresh = [each for each in judged if each.language == language and not each.exported]
        near = {each.id: nearly(each.text, language, name) for each in fresh}
        parts.append((language, texts[:_FEWEST_SHOWN], len(texts) + len(fresh), fresh, near, few.get(language)))
    page = render_template(
        "phrases_topic.html",
        **frame("topics"),
        topic=topic,
        parts=parts,
        language_names=LANGUAGES,
        languages=every_language(),
        trouble=trouble,
        typed=request.form.get("text", "") if trouble else request.args.get("text", ""),
        chosen=request.form.get("language", "") or request.args.get("language", ""),
        judges=viewer().has(*JUDGES),
    )
    return make_response(page, 422 if trouble else 200)


def _counts() -> dict[tuple[str, str], int]:
    """How many sentences: of topic and language, learned already or judged and to be."""
    counts = Counter((each.topic, language) for language in every_language() for each in learned(language))
    counts.update((each.topic, each.language) for each in desk().phrases.judged(viewer()) if not each.exported)
    return dict(counts)


def _thin(counts: dict[tuple[str, str], int]) -> tuple[Thin, ...]:
    groups = topics()
    return thin(counts, [name for name, group in groups.items() if group == "urgent"], groups)


def frame(tab: str) -> dict[str, object]:
    """What the tabs above each page of phrases show."""
    return {
        "tab": tab,
        "may_judge": viewer().has(*JUDGES),
        "waiting_count": sum(desk().phrases.counts(viewer()).values()),
    }
