"""One entry of the directory: its form, saving, confirming, pausing, and how families get it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.directory_cells import cell_words, hours_words
from bot.console.directory_form import LONGEST, LONGEST_TEXT, FormRead, Shown, number_text, read_form
from bot.console.directory_hours import copied, form_of
from bot.console.directory_list import confirmed_on, entry_state
from bot.console.directory_preview import answers_with, previewed
from bot.console.directory_problems import errors_of, refused_words, same_words
from bot.console.directory_words import (
    AREA_WORDS,
    HOW_SAID,
    HOW_WORDS,
    STATE_WORDS,
    TYPE_WORDS,
    WHO_WORDS,
    WHY_WORDS,
    ago_in_days,
    countries,
    day_words,
    field_words,
    hours_wrong,
    languages_of,
    number_wrong,
    weekdays,
)
from bot.console.kinds import kind_words
from bot.console.words import words
from bot.directory.editing.fields import FIELDS, FOR_PUBLISHERS
from bot.directory.editing.marks import Clash, marks_of, read_marks
from bot.directory.formats.columns import SLOTS
from bot.directory.hsds.tables import SERVICES
from bot.directory.importing.owners import Owners
from bot.escalation.viewer import Role
from bot.store.asked_for import asked_for
from bot.store.directory import Stored
from bot.store.directory_contacts import LONGEST as LONGEST_CONTACT
from bot.store.directory_draft import CONTACT, EDITS, HOW, STATES, Confirming, Draft, Refused, Saved, may
from bot.store.directory_seen import EntrySeen, seen_of

_WEEKS = 13
"""So many weeks of what families looked for are told."""


@console.get("/directory/<id>")
@allow(Role.VOLUNTEER, Role.PUBLISHER, Role.COORDINATOR)
def directory_entry(id: str) -> AnyResponse:
    """The form, filled with what stands there."""
    entry = desk().directory.entry(viewer(), id)
    return _page(entry, _stored(entry), _marks(entry))


@console.post("/directory/<id>")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def save_directory_entry(id: str) -> AnyResponse:
    """Saves; with the other button also says that she asked there today."""
    entry = desk().directory.entry(viewer(), id)
    read, act = read_form(request.form), request.form.get("act", "")
    posted = Shown({**entry.row.cells, **read.cells}, read.hours)
    marks = request.form.get("marks", "")
    if act == "weekdays":
        return _page(entry, Shown(posted.cells, copied(read.hours)), marks, opened={"part-hours"})
    if read.wrong:
        return _page(entry, posted, marks, errors=_wrong(read), status=422)
    confirming = _confirming(read) if act == "confirm" else None
    if confirming is not None and confirming.how not in HOW:
        said = words("directory.confirm-how", "Say how you asked: by phone, on their page, or there.")
        return _page(entry, posted, marks, errors={"how": said}, status=422)
    done = desk().directory.save(viewer(), id, Draft(_without_old_words(entry, read), read_marks(marks)), confirming)
    if isinstance(done, Refused):
        return _refused(entry, read, marks, done)
    _told(done)
    # The page forgets what the browser kept of the form.
    return redirect(url_for("console.directory_entry", id=id, saved=1))


@console.post("/directory/<id>/preview")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def preview_directory_entry(id: str) -> AnyResponse:
    """What families would get of the form as it is being filled in. Nothing is stored."""
    entry = desk().directory.entry(viewer(), id)
    read = read_form(request.form)
    if read.wrong:
        return Response(status=204)
    tried = desk().directory.tried(viewer(), id, Draft(read.cells, read_marks(request.form.get("marks", ""))))
    shown = seen_of(Stored(tried.new, 0, "")).entries.get(id, entry) if tried.changes else entry
    names = Owners(tried.new)
    hints = [same_words(each, names) for each in tried.duplicates]
    return make_response(render_template("directory_preview.html", **_beside(shown), hints=hints))


@console.post("/directory/<id>/state")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def set_directory_state(id: str) -> AnyResponse:
    """Pauses it, closes it, opens it again."""
    state = request.form.get("state", "")
    done = desk().directory.set_state(viewer(), id, state) if state in STATES else None
    if isinstance(done, Refused):
        flash("; ".join(errors_of(done.problems).values()), "error")
    elif done:
        flash(words("directory.state-saved", "Saved. It is: %(state)s.", state=words(STATE_WORDS[state])))
    return redirect(url_for("console.directory_entry", id=id))


@console.post("/directory/<id>/works")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def directory_entry_works(id: str) -> AnyResponse:
    """She looked after what families said, and it works."""
    desk().directory.resolve_flags(viewer(), id)
    flash(words("directory.works-saved", "Noted: somebody looked after what families said."))
    return redirect(url_for("console.directory_entry", id=id))


@console.get("/directory/new")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def new_directory_entry() -> AnyResponse:
    """The form of a new entry: what families need first."""
    may(viewer(), *EDITS)
    return _new_page(Shown({"country": "US"}, form_of("")))


@console.post("/directory/new")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def add_directory_entry() -> AnyResponse:
    """Adds it."""
    read = read_form(request.form)
    errors = _wrong(read)
    for name, said in _needed().items():
        if not read.cells.get(name):
            errors.setdefault(name, said)
    if errors:
        return _new_page(Shown(read.cells, read.hours), errors, 422)
    done = desk().directory.add(viewer(), read.cells)
    if isinstance(done, Refused):
        return _new_page(Shown(read.cells, read.hours), errors_of(done.problems), 422)
    flash(words("directory.added", "Added. Families get it once somebody has asked there and says so here."))
    _hints(done)
    return redirect(url_for("console.directory_entry", id=done.code))


def _needed() -> dict[str, str]:
    return {
        "org_name": words("directory.need-name", "Write the name: families read it."),
        "service_terms": words("directory.need-terms", "Choose at least one kind of help."),
        "source_url": words("directory.need-source", "Say where you know it from: a web page, a call, a flyer."),
    }


def _stored(entry: EntrySeen) -> Shown:
    contact = desk().directory.contact(viewer(), entry)
    return Shown({**entry.row.cells, CONTACT: contact}, form_of(entry.row.cells["hours"]))


def _marks(entry: EntrySeen) -> str:
    cells = _stored(entry).cells
    return marks_of({name: cells.get(name, "") for name in (*FIELDS, *FOR_PUBLISHERS, CONTACT)})


def _confirming(read: FormRead) -> Confirming:
    """Of which phone: the place of it in the form, so that a number that was just corrected can be meant."""
    slot = request.form.get("which", "")
    slot = slot if slot in SLOTS and read.cells.get(slot) else ""
    number, extension = (read.cells.get(f"{slot}{part}", "") for part in ("", "_ext")) if slot else ("", "")
    return Confirming(request.form.get("how", ""), f"{number} ext. {extension}" if extension else number)


def _without_old_words(entry: EntrySeen, read: FormRead) -> dict[str, str]:
    """Hours in words that nobody touched go when the rows say others: a family would be told the old ones on a holiday."""
    cells, now = dict(read.cells), entry.row.cells
    if cells.get("hours") and cells["hours"] != now["hours"]:
        cells |= {name: "" for name in ("hours_es", "hours_en") if cells.get(name) == now[name]}
    return cells


def _wrong(read: FormRead) -> dict[str, str]:
    errors = {slot: number_wrong(wrong) for slot, wrong in read.numbers.items()}
    if read.hours_wrong:
        errors["hours"] = hours_wrong(read.hours_wrong)
    return errors


def _refused(entry: EntrySeen, read: FormRead, marks: str, done: Refused) -> AnyResponse:
    """The form again with what she wrote. Where somebody else changed the same, what stands there now is beside it."""
    fresh = desk().directory.entry(viewer(), entry.code)
    if not done.clashes:
        shown = Shown({**fresh.row.cells, **read.cells}, read.hours)
        errors = {"how": refused_words(done.why)} if done.why else errors_of(done.problems)
        return _page(fresh, shown, marks, errors=errors, status=422)
    was, now = read_marks(marks), _stored(fresh)
    mine = {name: cell for name, cell in read.cells.items() if was.get(name) != _mark(cell)}
    hours = read.hours if "hours" in mine else now.hours
    return _page(fresh, Shown({**now.cells, **mine}, hours), _marks(fresh), clashes=done.clashes, status=409)


def _mark(cell: str) -> str:
    return read_marks(marks_of({"": cell}))[""]


def _told(done: Saved) -> None:
    if done.confirmed:
        number = number_text(done.confirmed, "") if done.confirmed.startswith("+") else ""
        said = words("directory.confirmed-number", "Thank you. %(number)s is confirmed as of today.", number=number)
        flash(said if number else words("directory.confirmed", "Thank you. It is confirmed as of today."))
    elif done.changed:
        flash(
            words(
                "directory.saved",
                "Saved. Families get it within seconds. To say that you asked there, press “I confirmed it today”.",
            )
        )
    else:
        flash(words("directory.nothing", "Nothing was different, so nothing was saved."))
    _hints(done)


def _hints(done: Saved) -> None:
    names = Owners(desk().directory.seen(viewer()).package)
    for each in done.duplicates:
        flash(same_words(each, names), "error")


def _page(
    entry: EntrySeen,
    shown: Shown,
    marks: str,
    errors: Mapping[str, str] | None = None,
    clashes: tuple[Clash, ...] = (),
    opened: set[str] | None = None,
    status: int = 200,
) -> AnyResponse:
    seen = desk().directory.seen(viewer())
    page = render_template(
        "directory_entry.html",
        entry=entry,
        shown=shown,
        marks=marks,
        errors=errors or {},
        clashes=[
            (each, field_words(each.field), cell_words(each.field, each.mine), cell_words(each.field, each.theirs))
            for each in clashes
        ],
        hours_now=hours_words(entry.row.cells["hours"]) or entry.listed.hours_es,
        opened=opened or set(),
        beside=seen.beside(entry),
        may_edit=viewer().has(*EDITS),
        publisher=viewer().has(Role.PUBLISHER),
        state=entry_state(entry),
        ago=ago_in_days(confirmed_on(entry), desk().directory.today()),
        hints=(),
        **_choices(shown),
        **_beside(entry),
    )
    return make_response(page, status)


def _new_page(shown: Shown, errors: Mapping[str, str] | None = None, status: int = 200) -> AnyResponse:
    return make_response(
        render_template("directory_new.html", shown=shown, errors=errors or {}, **_choices(shown)), status
    )


def _choices(shown: Shown) -> dict[str, Any]:
    """What the form offers to choose from."""
    kinds = kind_words(words)
    return {
        "kinds": {kind: kinds[kind] for kind in SERVICES},
        "languages": languages_of(shown["languages"], shown["interpreters"]),
        "countries": countries(),
        "weekdays": weekdays(),
        "who": WHO_WORDS,
        "types": TYPE_WORDS,
        "areas": AREA_WORDS,
        "how": HOW_WORDS,
        "states": STATE_WORDS,
        "slots": SLOTS,
        "longest": LONGEST,
        "longest_text": LONGEST_TEXT,
        "longest_contact": LONGEST_CONTACT,
        "field_words": field_words,
    }


def _beside(entry: EntrySeen) -> dict[str, Any]:
    """What stands beside the form: the SMS, how often it is looked for, when each number was confirmed."""
    puente, now = desk().puente, desk().clock()
    today = desk().directory.today()
    release = puente.conversation.release()
    states = {f"{each.country}-{each.state}" for each in entry.services if each.state}
    asked = asked_for(desk().engine, states, entry.listed.kinds, today - timedelta(weeks=_WEEKS))
    return {
        "preview": previewed(release, desk().settings, entry.services, today, now),
        "why": WHY_WORDS,
        "answers": answers_with(release.script, entry.listed.kinds),
        "asked": asked,
        "confirmations": [
            (
                each,
                ago_in_days(each.phone.verified_on, today),
                day_words(each.phone.verified_on),
                HOW_SAID.get(each.how),
            )
            for each in entry.listed.numbers
            if each.phone.verified_on
        ],
    }
