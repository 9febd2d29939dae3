"""Who may open which page: nobody, unless the page says so with ``@allow(...)``, ``@logged_in`` or ``@anybody``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, redirect, request, session, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.apart import PATH
from bot.console.desk import desk
from bot.console.security import csrf, is_from_here
from bot.console.sessions import ConsoleSession
from bot.escalation.viewer import Role, Viewer
from bot.store.person import Person

View = TypeVar("View", bound=Callable[..., Any])


class Access(Struct, frozen=True):
    """Who may open a page. ``anybody``: also without a login. ``unfinished``: also before the second factor is set up."""

    roles: frozenset[Role]
    anybody: bool = False
    unfinished: bool = False
    largest: int = 0
    """Bytes that may be sent to it, where it takes more than other pages do: a file."""


def allow(*roles: Role, largest: int = 0) -> Callable[[View], View]:
    """The page is for people who have one of these roles. Stands below the route. ``largest``: bytes, where it takes a file."""
    return _marked(Access(frozenset(roles), largest=largest))


def logged_in(view: View) -> View:
    """The page is for everybody who has an account."""
    return _marked(Access(frozenset(Role)))(view)


def unfinished(view: View) -> View:
    """The same, also for whoever has not set up the second factor yet that her roles need."""
    return _marked(Access(frozenset(Role), unfinished=True))(view)


def anybody(view: View) -> View:
    """The page is for everybody, also without an account."""
    return _marked(Access(frozenset(), anybody=True))(view)


def _marked(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(endpoint: str | None) -> Access | None:
    """What the page of an endpoint says; None when it says nothing, and then nobody may open it."""
    return getattr(current_app.view_functions.get(endpoint or ""), "access", None)


def may_open(endpoint: str, viewer: Viewer) -> bool:
    """Whether there is such a page and her roles may open it: for links that are only drawn when they work."""
    access = access_of(endpoint)
    return access is not None and (access.anybody or bool(access.roles & viewer.roles))


def viewer() -> Viewer:
    """Who is looking. Only within a page that is not for anybody."""
    if "viewer" not in g:
        g.viewer = desk().people.viewer_for(person())
    return cast(Viewer, g.viewer)


def person() -> Person:
    """Her account."""
    login = cast(ConsoleSession, session).login
    if login is None:
        abort(401)
    return login.person


def guard() -> AnyResponse | None:
    """Before each page of the console: who may not open it does not."""
    access = access_of(request.endpoint)
    if request.path.startswith(f"{PATH}/static/"):
        return None
    mine = cast(ConsoleSession, session)
    if mine.broken is not None:
        raise mine.broken
    if access is None:
        abort(403)
    if not access.anybody and mine.login is None:
        return _log_in_first()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if access.largest and mine.login is not None and access.roles & mine.login.person.roles:
            # Before anything of it is read; nobody else's request grows.
            request.max_content_length = request.max_form_memory_size = access.largest
        if not is_from_here():
            abort(403)
        csrf.protect()
    if access.anybody:
        return None
    return _within(access, mine)


def _within(access: Access, mine: ConsoleSession) -> AnyResponse | None:
    if mine.login is None or not access.roles & mine.login.person.roles:
        abort(403)
    # Polls of an open page are nobody's act: an hour's break is one, whatever the page does meanwhile.
    if request.headers.get("X-Poll") is None:
        desk().sessions.seen(mine.login)
    waits = is_unfinished(mine.login.person) and not access.unfinished
    return redirect(url_for("console.set_up")) if waits else None


def is_unfinished(person: Person) -> bool:
    """Whether she has to set up the second step first."""
    return person.needs_second_factor and not person.second_factor


def _log_in_first() -> AnyResponse:
    """To the login and back; what a script asks for, and what was typed into a form, is answered where it stands."""
    if request.headers.get("HX-Request") or request.headers.get("X-Poll"):
        return Response("Session ended.\n", 401, content_type="text/plain")
    if request.method == "GET":
        # A visitor's way back is in the address: nothing is kept about who never logs in.
        path = request.full_path.rstrip("?")
        return redirect(url_for("console.login", next=None if request.path.rstrip("/") == PATH else path))
    abort(401)


def came_from() -> str | None:
    """The page of the console from which a form was sent, for the way back; None where the browser does not say, or nobody can open it."""
    said = urlsplit(request.referrer or "")
    adapter = current_app.create_url_adapter(request)
    if said.netloc != request.host or not adapter or not adapter.test(said.path, "GET"):
        return None
    # What only takes forms is, for GET, the page that says that nothing is there.
    if adapter.match(said.path, "GET")[0] == "console.no_such_page":
        return None
    return own_path(f"{said.path}?{said.query}" if said.query else said.path)


def own_path(wanted: str | None) -> str | None:
    """A path of the console, for the way back after a login; None for anything that leads elsewhere."""
    if not wanted or not wanted.startswith(PATH) or wanted[len(PATH) :][:1] not in ("", "/", "?"):
        return None
    # Browsers take a backslash for a slash and drop control characters; /console/../.. would leave us.
    bad = any(sign in "\\" or ord(sign) < 33 for sign in wanted) or ".." in wanted or "//" in wanted.partition("?")[0]
    return None if bad else wanted
