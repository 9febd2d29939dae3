"""The shell around the pages of the console: mounts them, draws their frame, and says what went wrong."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, cast

import structlog
from flask import Flask, Response, redirect, render_template, request, session, url_for
from flask_babel import Babel
from flask_wtf.csrf import CSRFError
from msgspec import Struct
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from bot.console import access, alarm, security
from bot.console.blueprint import console
from bot.console.desk import Desk, open_desk
from bot.console.numbers import Whole
from bot.console.sessions import ConsoleSession, ConsoleSessions
from bot.console.statics import asset
from bot.console.switching import remember_language
from bot.console.times import ago, at, clock_time, duration, exact
from bot.console.typed import SWITCH, page_path, switched
from bot.console.words import PAGE_LANGUAGES, Phrase, page_language, phrase, words
from bot.privacy import where_of
from bot.settings import Settings
from bot.store.errors import NotYours, StoreError

PAGES = (
    *("login", "second_step", "set_up", "home", "account", "freshness", "invitation"),
    *("settings_page", "people", "organizations", "interpreters", "message_templates", "audit"),
    *("inbox", "shift", "bad_day", "answer_many", "alarm"),
    *("phrases", "phrases_topics", "phrases_try"),
    *("facts", "facts_rewrite", "tasks"),
    *("directory", "directory_entry", "directory_history", "directory_import"),
    *("conversation", "conversation_reply", "conversation_note", "conversation_acts", "wrong_guess"),
    *("answers", "answers_new", "editor", "editor_acts", "editor_clash", "editor_find", "preview"),
    *("review", "review_readings", "history", "withdrawn", "notices"),
    *("way", "way_changes", "way_new_step", "talk_draft", "talk_tests"),
    *("recordings", "speaker", "speaker_text", "speaker_sheet", "dashboard"),
)
"""The modules with pages. Each is imported when the console is mounted."""

log = structlog.get_logger()


class Entry(Struct, frozen=True):
    """A place in the navigation: drawn for those who may open its page."""

    endpoint: str
    words: Phrase
    icon: str
    sections: tuple[str, ...]
    """Beginnings of the addresses, below /console/, that belong to it."""


NAVIGATION = (
    Entry("console.tasks", phrase("shell.tasks", "Next"), "tasks", ("tasks", "facts")),
    Entry(
        "console.inbox",
        phrase("shell.inbox", "Inbox"),
        "inbox",
        ("inbox", "conversation", "shift", "bad-day", "answer-many"),
    ),
    Entry(
        "console.answers",
        phrase("shell.answers", "Answers"),
        "answers",
        ("answers", "review", "releases", "withdrawn", "speaker", "recordings"),
    ),
    Entry("console.phrases", phrase("shell.phrases", "Phrases"), "phrases", ("phrases",)),
    Entry("console.directory", phrase("shell.directory", "Directory"), "directory", ("directory",)),
    Entry("console.dashboard", phrase("shell.dashboard", "Dashboard"), "dashboard", ("dashboard",)),
    Entry("console.notices", phrase("shell.notices", "Notices"), "notices", ("notices",)),
    Entry(
        "console.settings",
        phrase("shell.settings", "Settings"),
        "settings",
        ("settings", "people", "organizations", "interpreters", "templates", "audit"),
    ),
    Entry("console.account", phrase("shell.account", "My account"), "account", ("account", "confirm", "set-up")),
)


def mount(app: Flask, puente: Callable[[], Any]) -> None:
    """Puts the console under /console. ``puente`` gives the parts of the message path, at the first page."""
    settings: Settings = app.config["SETTINGS"]

    def opened() -> Desk:
        if "desk" not in app.extensions:
            made = open_desk(puente())
            app.secret_key = made.key.cookies
            app.extensions["desk"] = made
        return cast(Desk, app.extensions["desk"])

    app.session_interface = ConsoleSessions(opened, security.secure(settings))
    security.configure(app, settings)
    app.url_map.converters["int"] = Whole
    Babel(app, default_locale="es", locale_selector=_language)
    for page in PAGES:
        importlib.import_module(f"bot.console.{page}")
    app.register_blueprint(console)
    app.after_request(security.add_headers)


console.before_request(access.guard)


@console.app_context_processor
def _frame() -> dict[str, Any]:
    """What every template knows."""
    mine = session if isinstance(session, ConsoleSession) else None
    person = mine.login.person if mine and mine.login else None
    return {
        "words": words,
        "asset": asset,
        "language": page_language(),
        "person": person,
        "navigation": _navigation() if person and not access.is_unfinished(person) else (),
        "may_open": lambda endpoint: person is not None and access.may_open(endpoint, access.viewer()),
        "desk_alarm": alarm.desk_alarm,
        "alarm_words": alarm.said,
        "path": page_path(),
        "switch": SWITCH,
    }


@console.record
def _filters(state: Any) -> None:
    for filter in (ago, at, exact, duration, clock_time):
        state.app.jinja_env.filters[filter.__name__] = filter


def _navigation() -> tuple[Entry, ...]:
    return tuple(entry for entry in NAVIGATION if access.may_open(entry.endpoint, access.viewer()))


def _language() -> str:
    """Hers, else the one chosen in this browser, else the browser's; Spanish where nothing is said."""
    mine = session if isinstance(session, ConsoleSession) else None
    if mine and mine.login:
        return mine.login.person.language
    chosen = request.cookies.get("console-language", "")
    known = [language.value for language in PAGE_LANGUAGES]
    return chosen if chosen in known else request.accept_languages.best_match(known) or "es"


@console.get("/language")
@access.anybody
def change_language() -> AnyResponse:
    """The same page in the other language; remembered in her account, or in this browser for a visitor."""
    chosen = request.args.get("lang", "")
    response = redirect(access.own_path(request.args.get("next")) or url_for("console.home"))
    remember_language(None, chosen)
    remember_language(response, chosen)
    return response


@console.before_app_request
def _switch_language() -> AnyResponse | None:
    """The same with what is typed in the form of the page."""
    answer = switched()
    return say(answer) if isinstance(answer, int) else answer


@console.get("/<path:anything>")
@access.anybody
def no_such_page(anything: str) -> AnyResponse:
    """An address below /console where nothing is."""
    return say(404)


SAID = {
    400: (
        phrase("error.400", "That did not arrive whole"),
        phrase("error.400-mend", "Go back, load the page again and send it once more. What you typed is still there."),
    ),
    401: (
        phrase("error.401", "Your session ended"),
        phrase("error.401-mend", "Log in again. What you typed stands below: copy it before you go on."),
    ),
    403: (
        phrase("error.403", "This page is not for your account"),
        phrase("error.403-mend", "If you need it for your work, ask an admin of your organization."),
    ),
    404: (
        phrase("error.404", "Nothing is here"),
        phrase("error.404-mend", "Perhaps it was closed or belongs to another organization. Go back and choose again."),
    ),
    500: (
        phrase("error.500", "Something broke here"),
        phrase("error.500-mend", "It is not your fault. Go back and try again; if it stays, tell an admin the time."),
    ),
    503: (
        phrase("error.503", "The database does not answer"),
        phrase("error.503-mend", "Families go on getting answers from the bot. Wait a minute and load the page again."),
    ),
}


def say(status: int) -> Response:
    """A page that says what went wrong, and what to do."""
    title, mend = SAID.get(status, SAID[400 if status < 500 else 500])
    # Only after a login ended: nobody else typed anything that we would show.
    typed = _typed() if status == 401 else []
    back = access.came_from() if status == 401 else None
    page = render_template("said.html", title=words(title), mend=words(mend), typed=typed, back=back, status=status)
    return Response(page, status)


def _typed() -> list[str]:
    try:
        return [value for name, value in request.form.items() if len(value) > 2 and _is_text(name)]
    except RequestEntityTooLarge:  # A file, of somebody who may not send one.
        return []


def _is_text(name: str) -> bool:
    return name not in (SWITCH, "csrf_token", "password", "new", "code", "next")


@console.errorhandler(InternalServerError)
@console.errorhandler(HTTPException)
def _refused(error: HTTPException) -> AnyResponse:
    if isinstance(error, InternalServerError):
        cause = error.original_exception or error
        log.error("page.failed", error=type(cause).__name__, where=where_of(cause))
        return say(500)
    return say(400 if isinstance(error, CSRFError) else error.code or 500)


@console.errorhandler(NotYours)
def _not_yours(error: NotYours) -> Response:
    return say(404)


@console.errorhandler(StoreError)
def _down(error: StoreError) -> Response:
    log.error("page.failed", error=type(error).__name__, where=where_of(error))
    return say(503)
