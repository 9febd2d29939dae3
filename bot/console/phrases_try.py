"""/console/phrases/try: a sentence is typed, and the running model says what it takes it for. Nothing of it is kept."""

from __future__ import annotations

from flask import make_response, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.languages import LANGUAGES
from bot.console.phrases_shown import TopicShown
from bot.console.phrases_topics import frame, one_topic
from bot.scripts.phrases import LONGEST_PHRASE
from bot.store.phrases import ADDS

_SECONDS = 3.0
"""A person waits longer than a family's turn may."""
_TOP = 3


class Tried(Struct, frozen=True):
    """What was made of it. ``urgent``: the phrase that needs no model; ``ranking`` with percents; ``answers``: the model did."""

    text: str
    urgent: TopicShown | None
    ranking: tuple[tuple[TopicShown, int], ...]
    language: str
    answers: bool


@console.get("/phrases/try")
@allow(*ADDS)
def try_phrase() -> AnyResponse:
    """The field."""
    return _page(None)


@console.post("/phrases/try")
@allow(*ADDS)
def tried_phrase() -> AnyResponse:
    """What the bot makes of it. By POST, so that no log of addresses holds the words."""
    text = " ".join(request.form.get("text", "").split())[:LONGEST_PHRASE]
    return _page(_tried(text) if text else None)


def _tried(text: str) -> Tried:
    puente = desk().puente
    release = puente.conversation.release()
    urgent = release.phrases.match(text)
    understood = puente.model.parse(text, timeout=_SECONDS)
    ranking = (
        [(one_topic(each.name), round(100 * each.confidence)) for each in understood.ranking[:_TOP]]
        if understood
        else []
    )
    language = understood.languages[0][0].value if understood and understood.languages else ""
    return Tried(
        text,
        one_topic(urgent[0]) if urgent else None,
        tuple((topic, percent) for topic, percent in ranking if topic is not None),
        language,
        answers=understood is not None,
    )


def _page(tried: Tried | None) -> AnyResponse:
    return make_response(
        render_template(
            "phrases_try.html", **frame("try"), tried=tried, language_names=LANGUAGES, longest=LONGEST_PHRASE
        )
    )
