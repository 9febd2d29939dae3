"""/console/phrases: sentences that the bot may learn from, one at a time: was it right, what else was it, may nobody use it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.languages import LANGUAGES
from bot.console.phrases_shown import found, group_words, kept_words, origin_words
from bot.console.phrases_topics import frame, nearly, one_topic, shown_topics
from bot.console.words import words
from bot.scripts.phrases import Verdict
from bot.store.phrases import ADDS, JUDGES, Origin, Phrase, PhraseJudged

_DROP = "drop"
_SUGGESTED = 3


@console.get("/phrases")
@allow(*ADDS)
def phrases() -> AnyResponse:
    """The next sentence to look at. Who may not judge goes on to the topics."""
    if not viewer().has(*JUDGES):
        return redirect(url_for("console.phrase_topics"))
    language, after = request.args.get("language", ""), request.args.get("after", "")
    waiting = desk().phrases.waiting(viewer(), language)
    counts = desk().phrases.counts(viewer())
    shown = _next(waiting, after)
    page = render_template(
        "phrases.html",
        **frame("look"),
        shown=shown,
        origin=origin_words(words, shown) if shown else "",
        agreed=shown is not None and shown.origin is Origin.AGREED,
        heard=one_topic(shown.heard) if shown else None,
        proposed=one_topic(shown.topic) if shown else None,
        near=nearly(shown.text, shown.language, shown.topic or shown.heard) if shown else None,
        left=len(waiting),
        only=language,
        counts=[(code, LANGUAGES[code], counts[code]) for code in LANGUAGES if code in counts],
        language_names=LANGUAGES,
        after=after,
        done=_done(request.args.get("done", "")),
    )
    return make_response(page)


@console.post("/phrases/<id>")
@allow(*JUDGES)
def judge_phrase(id: str) -> AnyResponse:
    """Says what it was; then comes the next."""
    said, topic = request.form.get("verdict", ""), request.form.get("topic", "")
    try:
        if said == _DROP:
            desk().phrases.drop(viewer(), id)
            flash(words("phrases.dropped", "Deleted. Nothing of it is kept."))
            return _on()
        desk().phrases.judge(viewer(), id, Verdict(said), topic)
    except PhraseJudged:
        return _gone()
    except ValueError:
        flash(words("phrases.choose", "Choose what it was about."), "error")
        return _on()
    return _on(done=id)


@console.post("/phrases/<id>/undo")
@allow(*JUDGES)
def undo_phrase(id: str) -> AnyResponse:
    """Takes back what she has just said of it."""
    try:
        desk().phrases.undo(viewer(), id)
    except PhraseJudged:
        flash(words("phrases.undo-late", "That can be taken back no more: the bot learns from it already."), "error")
        return _on()
    flash(words("phrases.undone", "It waits again to be looked at."))
    return _on()


@console.get("/phrases/<id>/topic")
@allow(*JUDGES)
def phrase_other_topic(id: str) -> AnyResponse:
    """Which other topic it was: all of them, or those that fit what is typed."""
    try:
        shown = desk().phrases.one(viewer(), id)
    except PhraseJudged:
        return _gone()
    asked, every = request.args.get("q", ""), shown_topics()
    listed = [each for each in found(every, asked) if each.name != shown.heard]
    part = request.headers.get("HX-Request") is not None
    page = render_template(
        "phrases_choose_list.html" if part else "phrases_choose.html",
        **frame("look"),
        shown=shown,
        asked=asked,
        topics=listed,
        suggested=[] if asked else _suggested(shown),
        group_words=group_words(words),
        only=request.args.get("language", ""),
        after=request.args.get("after", ""),
        language_names=LANGUAGES,
    )
    return make_response(page)


def _suggested(shown: Phrase) -> list[object]:
    """What whoever marked it said, and what the model thinks now; nothing of what was heard."""
    understood = desk().puente.model.parse(shown.text)
    names = [shown.topic, *(intent.name for intent in understood.ranking[:_SUGGESTED])] if understood else [shown.topic]
    unique = dict.fromkeys(name for name in names if name and name != shown.heard)
    return [topic for topic in map(one_topic, unique) if topic is not None]


def _next(waiting: tuple[Phrase, ...], after: str) -> Phrase | None:
    """The first, or the one behind what she left for somebody else; after the last the first again."""
    at = next((at + 1 for at, each in enumerate(waiting) if each.id == after), 0)
    return waiting[at % len(waiting)] if waiting else None


def _done(id: str) -> tuple[str, str] | None:
    """The id and the words of what she has just said, for the button that takes it back."""
    if not id:
        return None
    try:
        judged = desk().phrases.one(viewer(), id)
    except PhraseJudged:
        return None
    topic = one_topic(judged.topic)
    if judged.verdict is Verdict.WAITING:
        return None
    return id, kept_words(words, judged.verdict, topic.words if topic else judged.topic)


def _on(done: str | None = None) -> AnyResponse:
    language = request.form.get("language", "") or None
    after = request.form.get("after", "") or None
    return redirect(url_for("console.phrases", language=language, after=after, done=done))


def _gone() -> AnyResponse:
    flash(words("phrases.gone", "Somebody else looked at that one meanwhile. Here is the next."), "error")
    return redirect(url_for("console.phrases"))
