"""Two people wrote the same text: both stand beside each other with what differs, and whoever came second chooses or joins them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_difference import Run, difference
from bot.console.editor_form import LONGEST, parse_name
from bot.console.editor_made import made_for
from bot.console.editor_read import Reading, read
from bot.console.editor_view import Typed
from bot.console.languages import LANGUAGES
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.rewriting import may_ask_meaning
from bot.scripts.sheets.corrections import one_line
from bot.store.change_errors import InReview, NoSuchAnswer
from bot.store.change_writing import Clash


class Both(Struct, frozen=True):
    """The two texts of one clash. ``name`` is that of the field that replaces theirs; ``joined`` holds both, to be worked over."""

    name: str
    where: str
    language: Language
    mine: str
    theirs: str
    runs: tuple[Run, ...]
    by: str
    at: int | None
    joined: str
    asks: bool


def clash_page(reading: Reading, step: str, clashes: Sequence[tuple[Typed, Clash]]) -> Response:
    """The page on which she chooses. What she typed is also kept as hers until she has."""
    where = {each.key: each.where for part in made_for(reading).teller.steps(reading.flow) for each in part.texts}
    body = render_template(
        "editor_clash.html",
        flow=reading.flow.name,
        title=title_in(reading.release, Language(page_language()), words)(reading.flow.name),
        step=step,
        clashes=[_both(reading, typed, clash, where.get(typed.key, typed.key)) for typed, clash in clashes],
        names=LANGUAGES,
    )
    return make_response(body, 409)


def _both(reading: Reading, typed: Typed, clash: Clash, where: str) -> Both:
    former = reading.texts[typed.key, typed.language].former
    entry = reading.release.catalogs[typed.language].entry(typed.key)
    return Both(
        f"text|{typed.language}|{clash.version}|{typed.key}",
        where,
        typed.language,
        clash.mine,
        clash.theirs,
        difference(clash.theirs, clash.mine),
        clash.by.name if clash.by else "",
        clash.at,
        f"{clash.theirs}\n\n{clash.mine}".strip(),
        may_ask_meaning(typed.language, former, entry),
    )


@console.post("/answers/<flow>/clash")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def settle_clash(flow: str) -> AnyResponse:
    """Hers, the other one's, or what she made of both."""
    reading, parsed = read(flow) or abort(404), parse_name(request.form.get("name", ""))
    if parsed is None or (parsed[0], parsed[1]) not in reading.texts:
        abort(404)
    key, language, version = parsed
    step = request.form.get("step", "")
    back = redirect(
        url_for("console.edit_answer", flow=flow, step=step, _anchor=f"text-{language}-{key.replace('.', '-')}"), 303
    )
    chosen = request.form.get("choose", "")
    if chosen == "theirs":
        desk().changes.forget_typed(viewer(), key, language)
        flash(words("clash.kept-theirs", "The other text stands. Yours was not saved."))
        return back
    text = one_line(request.form.get("joined" if chosen == "joined" else "mine", "")[:LONGEST])
    meaning = {"yes": True, "no": False}.get(request.form.get("meaning", ""))
    typed = Typed(key, language, text, version, meaning)
    try:
        done = desk().changes.save(viewer(), flow, key, language, text, version, meaning)
    except (InReview, NoSuchAnswer):
        desk().changes.autosave(viewer(), key, language, text, version)
        flash(
            words(
                "clash.kept-for-later",
                "It could not be saved now: the draft was sent or changed meanwhile. Your text is kept for you.",
            ),
            "error",
        )
        return back
    if isinstance(done, Clash):
        return clash_page(read(flow) or reading, step, [(typed, done)])
    flash(words("clash.saved", "Saved."))
    return back
