"""/console/speaker: the translation desk. What a language waits for, urgent first, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.facts import flow_title
from bot.console.languages import LANGUAGES
from bot.console.speaker_found import language_of, own_language, standing, waiting
from bot.console.words import phrase, words
from bot.scripts.change import Stage
from bot.scripts.change_answer import ORDER
from bot.scripts.speaker_queue import TO_DO, Progress, Want, progress
from bot.store.text_notes import WRITERS

MOST = 60
"""So many texts are listed: nobody does more in a sitting."""
WANTS = {
    Want.MISSING: phrase("speaker.missing", "Not written yet"),
    Want.STALE: phrase("speaker.stale", "Another language changed"),
    Want.UNSURE: phrase("speaker.unsure", "Somebody is not sure"),
    Want.DRAFT: phrase("speaker.draft", "A draft that nobody has read"),
}
MARKS = {Want.MISSING: "normal", Want.STALE: "soon", Want.UNSURE: "note", Want.DRAFT: "normal"}
SHOWN = {"todo": TO_DO, "drafts": (Want.DRAFT,)}
"""What the page may list: what is to be written or looked at, or the drafts to be read."""


@console.get("/speaker")
@allow(*WRITERS)
def speaker() -> AnyResponse:
    """The list, with where to begin."""
    language = language_of(request.args["language"]) if "language" in request.args else own_language()
    show = request.args.get("show", "todo")
    show = show if show in SHOWN else "todo"
    now = standing()
    found = {name: waiting(language, wants, now) for name, wants in SHOWN.items()}
    page = render_template(
        "speaker.html",
        which=language,
        languages=[(each, LANGUAGES[each]) for each in ORDER],
        show=show,
        counts={name: len(each) for name, each in found.items()},
        found=found[show][:MOST],
        more=max(0, len(found[show]) - MOST),
        told=told(progress(now, language, desk().text_notes.unsure(viewer(), language))),
        wants=WANTS,
        marks=MARKS,
        title=flow_title,
        is_speaker=bool(person().speaker_of),
        drafts=own_drafts(),
        locked=len(now.locked),
    )
    return make_response(page)


def told(how_far: Progress) -> Mapping[str, str]:
    """How far a language is, in sentences."""
    urgent = words(
        "speaker.urgent-done",
        "%(n)s of %(all)s urgent texts are written and up to date.",
        n=how_far.urgent_done,
        all=how_far.urgent,
    )
    every = words("speaker.all-done", "Of all texts %(n)s of %(all)s.", n=how_far.done, all=how_far.all)
    read = words(
        "speaker.read",
        "Read and found right: %(n)s, of the urgent ones %(urgent)s.",
        n=how_far.read,
        urgent=how_far.urgent_read,
    )
    return {"urgent": urgent, "all": every, "read": read}


def own_drafts() -> list[tuple[str, int]]:
    """The answers that she has written on and that nobody has sent for review yet, each with how many texts it changes."""
    mine = (each for each in desk().changes.all() if each.stage is Stage.DRAFT and each.wrote(viewer().user))
    return [(each.flow, len(each.places)) for each in mine if each.places]
