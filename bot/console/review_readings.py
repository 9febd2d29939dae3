"""Who has read which text of an answer: a speaker the K'iche', a publisher Spanish and English, a lawyer the whole of a rights answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor import STATES
from bot.console.editor_steps import Teller
from bot.console.finding_words import why_refused
from bot.console.languages import LANGUAGES
from bot.console.numbers import number
from bot.console.review_shown import places
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.engine.flow import Group
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.approval import fact_names
from bot.scripts.change_answer import ORDER, Answer, Said
from bot.store.change_errors import CannotApprove, CannotReview, ChangeMoved, NoSuchAnswer
from bot.store.errors import NotYours, ReleaseMoved, ReleaseRefused
from bot.wording.state import State

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)
MARKS = {"missing": "urgent", "no-kiche": "normal", "stale": "soon", "draft": "note", "reviewed": "good"}


class Read(Struct, frozen=True):
    """A text in one language: its state in a word, and the name of the box by which the viewer says that it is right (none: empty)."""

    said: Said
    state: str
    name: str


class Row(Struct, frozen=True):
    """One text in its languages."""

    where: str
    cells: tuple[Read, ...]


@console.get("/answers/<flow>/readings")
@allow(*WRITERS)
def answer_readings(flow: str) -> AnyResponse:
    """Each text, who has read it, and what she may say of it."""
    return _page(flow)


@console.post("/answers/<flow>/readings")
@allow(*WRITERS)
def mark_readings(flow: str) -> AnyResponse:
    """She has read these texts beside what they are checked against, and they are right."""
    seen: dict[tuple[str, Language], int | None] = {}
    for name in request.form.getlist("text"):
        language, _, rest = name.partition("|")
        version, _, key = rest.partition("|")
        read = number(version)
        if language not in tuple(Language) or read is None or not key.startswith(f"{flow}."):
            abort(400)
        seen[key, Language(language)] = read
    if not seen:
        return _page(flow, {"texts": words("readings.none-ticked", "Tick at least one text that you have read.")}, 422)
    try:
        release = desk().changes.mark_many(viewer(), flow, seen)
    except (CannotReview, NotYours):
        abort(403)
    except NoSuchAnswer:
        abort(404)
    except (ChangeMoved, ReleaseMoved):
        flash(words("readings.moved", "A text was changed just now: read it once more."), "error")
    except ReleaseRefused as error:
        flash(words("review.refused", "It cannot go out like this: %(why)s", why=why_refused(error)), "error")
    else:
        flash(
            words("readings.with-change", "Noted under your name. It goes out with the draft.")
            if release is None
            else words("readings.at-once", "Noted under your name, and published.")
        )
    return redirect(url_for("console.answer_readings", flow=flow), 303)


@console.post("/answers/<flow>/approve")
@allow(*WRITERS)
def approve_answer(flow: str) -> AnyResponse:
    """The approval of somebody with a licence, who types her name for it."""
    if not person().licence:
        abort(403)
    if _plain(request.form.get("name", "")) != _plain(person().name):
        error = words(
            "approve.wrong-name", "Type your name as it stands in your account: %(name)s.", name=person().name
        )
        return _page(flow, {"name": error}, 422)
    try:
        release = desk().changes.approve(viewer(), flow, request.form.get("words", ""))
    except (CannotApprove, NotYours):
        abort(403)
    except NoSuchAnswer:
        abort(404)
    except (ChangeMoved, ReleaseMoved):
        flash(words("approve.moved", "The answer was changed since you opened it: read it once more."), "error")
    except ReleaseRefused as error:
        flash(words("review.refused", "It cannot go out like this: %(why)s", why=why_refused(error)), "error")
    else:
        flash(
            words(
                "approve.with-change", "Approved under your name. It counts once the draft is published as it stands."
            )
            if release is None
            else words("approve.at-once", "Approved under your name, and published.")
        )
    return redirect(url_for("console.answer_readings", flow=flow), 303)


def _page(flow: str, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    try:
        answer = desk().changes.answer(flow)
    except NoSuchAnswer:
        abort(404)
    language = Language(page_language())
    where = places(answer.flow, Teller(answer.release, language, words))
    rows = [
        Row(where.get(line.key, line.where), tuple(_read(line.key, line.said[each]) for each in ORDER))
        for line in answer.lines
    ]
    rights, holds = answer.flow.group is Group.RIGHTS, flow in answer.release.approved
    word = answer.opened.draft.approval if answer.opened else None
    word = (word or answer.flow.approved_by) if rights else None
    body = render_template(
        "readings.html",
        flow=flow,
        there=True,
        title=title_in(answer.release, language, words)(flow),
        rows=rows,
        may_mark=any(cell.name for row in rows for cell in row.cells),
        states=STATES,
        marks=MARKS,
        names=LANGUAGES,
        me=person(),
        publisher=viewer().has(Role.PUBLISHER),
        rights=rights,
        approved=word if holds else None,
        void=word is not None and not holds,
        covered=tuple(_covered(answer, where)) if rights and person().licence else (),
        facts=[answer.release.facts[name] for name in fact_names(answer.flow) if name in answer.release.facts],
        to_approve=desk().changes.words_to_approve(flow) if rights and person().licence else "",
        opened=answer.opened,
        errors=errors or {},
    )
    return make_response(body, status)


def _read(key: str, said: Said) -> Read:
    if not said.text.strip():
        return Read(said, "no-kiche" if said.language is Language.QUC else "missing", "")
    writer = said.by.id if said.by else None
    if said.language is Language.QUC:
        may = bool(person().speaker_of)
    else:
        may = viewer().has(Role.PUBLISHER) and writer != viewer().user
    box = f"{said.language.value}|{said.version}|{key}" if may and said.state is not State.REVIEWED else ""
    return Read(said, str(said.state), box)


def _covered(answer: Answer, where: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Where, Spanish and English of every sentence that an approval is about."""
    for line in answer.lines:
        yield where.get(line.key, line.where), line.said[Language.ES].text, line.said[Language.EN].text


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
