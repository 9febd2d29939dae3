"""Notices about an area, for coordinators: what is confirmed by a named source, for some hours. Nobody is written to."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.languages import LANGUAGES
from bot.console.notices_form import LATEST_START, TEXTS, Typed, Wrong, notice_of, typed
from bot.console.words import words
from bot.directory.place import Level
from bot.escalation.viewer import Role
from bot.language import Language
from bot.message import Channel
from bot.scripts.area_notice import LARGEST_RADIUS_KM, LONGEST_HOURS, LONGEST_SOURCE, AreaNotice
from bot.store.errors import NoticesDamaged, NotYours
from bot.wording.gsm7 import fold_for_sms, segments
from bot.wording.performed import Announced
from bot.wording.render import Renderer
from bot.wording.voice import Voice


@console.get("/notices")
@allow(Role.COORDINATOR)
def notices() -> AnyResponse:
    """What is read out now, what begins later, and what is over."""
    now, listed = desk().clock(), desk().notices.listed()
    page = render_template(
        "notices.html",
        running=[each for each in listed if each.holds(now)],
        coming=[each for each in listed if each.starts > now],
        over=desk().notices.over(),
        around=around,
        names=LANGUAGES,
    )
    return make_response(page)


@console.get("/notices/new")
@allow(Role.COORDINATOR)
def new_notice() -> AnyResponse:
    """The form of a new one."""
    return _form(Typed(), {})


@console.post("/notices/new")
@allow(Role.COORDINATOR)
def publish_notice() -> AnyResponse:
    """First as families read it in each language; then it is published."""
    form, now = typed(request.form), desk().clock()
    made = notice_of(form, published().places, now, person().name, words)
    if isinstance(made, Wrong):
        return _form(form, dict(made.errors), 422)
    if "change" in request.form:
        return _form(form, {})
    if not request.form.get("sure"):
        read = {each: _read_out(made, each, now) for each in TEXTS}
        page = render_template(
            "notice_preview.html",
            typed=form,
            notice=made,
            read=read,
            parts={each: segments(fold_for_sms(text)) for each, text in read.items()},
            around=around,
            names=LANGUAGES,
            kiche=bool(made.texts.get(Language.QUC)),
        )
        return make_response(page)
    try:
        made = desk().notices.publish(made, viewer())
    except NotYours:
        abort(403)
    except NoticesDamaged:
        flash(
            words(
                "notices.damaged",
                "It is not published: the notices in the database were changed by somebody, and none is read out. Tell an admin now.",
            )
        )
        return redirect(url_for("console.notices"), 303)
    flash(words("notices.published", "Published as number %(n)s. It ends by itself.", n=made.number))
    return redirect(url_for("console.notices"), 303)


@console.post("/notices/<int:number>/withdraw")
@allow(Role.COORDINATOR)
def withdraw_notice(number: int) -> AnyResponse:
    """Nobody gets it from now on."""
    if desk().notices.withdraw(number, viewer()):
        flash(words("notices.withdrawn", "Number %(n)s is taken back. Within seconds nobody gets it.", n=number))
    else:
        flash(words("notices.gone", "It was over already."))
    return redirect(url_for("console.notices"), 303)


def around(notice: AreaNotice) -> str:
    """Who gets it, as an area in words."""
    if notice.radius_km is None or notice.area.level in (Level.REGION, Level.COUNTRY):
        return notice.area.long_label
    return words(
        "notices.around", "%(place)s and %(km)s km around", place=notice.area.long_label, km=f"{notice.radius_km:g}"
    )


def _read_out(notice: AreaNotice, language: Language, now: float) -> str:
    """As a family that asks gets it by SMS."""
    release = published()
    voice = Voice(release.texts, language, frozenset(), {}, drafts=desk().settings.send_draft_kiche)
    told = Announced(((notice, notice.hours_left(max(now, notice.starts))),), None)
    return "\n".join(Renderer(release.script, voice, Channel.SMS).reply([told]).texts)


def _form(shown: Typed, errors: dict[str, str], status: int = 200) -> Response:
    page = render_template(
        "notice_new.html",
        typed=shown,
        errors=errors,
        names=LANGUAGES,
        languages=TEXTS,
        most_hours=LONGEST_HOURS,
        most_km=int(LARGEST_RADIUS_KM),
        latest=LATEST_START,
        longest_source=LONGEST_SOURCE,
    )
    return make_response(page, status)
