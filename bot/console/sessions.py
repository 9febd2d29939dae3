"""Sessions of the console behind Flask's interface: rows for who is logged in, Flask's signed cookie for visitors, none elsewhere.

The one cookie holds either the random word of a login (``login.`` and 43 letters) or what Flask signs. At every login the
word is a new one, and what a visitor's cookie held is dropped: nobody can prepare a session for somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface
from itsdangerous import BadData

from bot.console.apart import PATH
from bot.console.desk import Desk
from bot.store.console_sessions import Login
from bot.store.errors import StoreError
from bot.store.person import Person

_LOGIN = "login."


class ConsoleSession(SecureCookieSession):
    """What the pages remember. ``login`` is whose it is, None for a visitor; ``broken`` why nobody could look."""

    def __init__(self, initial: Any = None) -> None:
        super().__init__(initial)
        self.login: Login | None = None
        self.word: str | None = None
        self.broken: StoreError | None = None
        self.had_cookie = False


class ConsoleSessions(SessionInterface):
    """``desk`` gives the stores. Requests outside of /console, and for its static files, have no session."""

    session_class = ConsoleSession

    def __init__(self, desk: Callable[[], Desk], secure: bool) -> None:
        self._desk, self._secure = desk, secure
        self._signed = SecureCookieSessionInterface()
        # Bound by the browser to this host over https (RFC 6265bis, 4.1.3.2), where there is https.
        self.cookie = "__Host-console" if secure else "console"

    def open_session(self, app: Flask, request: Request) -> ConsoleSession | None:
        """The session of a request to the console. Never raises: who needs the stores is told by ``broken``."""
        if not _is_page(request.path):
            return None
        session = ConsoleSession()
        raw = request.cookies.get(self.cookie, "")
        session.had_cookie = bool(raw)
        try:
            stores = self._desk()
            if not raw.startswith(_LOGIN):
                return self._visitor(app, session, raw)
            login = stores.sessions.find(raw.removeprefix(_LOGIN))
        except StoreError as error:
            session.broken = error
            return session
        if login is not None:
            session.update(login.data)
            session.login, session.modified, session.accessed = login, False, False
        return session

    def _visitor(self, app: Flask, session: ConsoleSession, raw: str) -> ConsoleSession:
        signer = self._signed.get_signing_serializer(app)
        if signer is None:
            return session
        try:
            session.update(signer.loads(raw, max_age=3600) if raw else {})
        except BadData:  # Of another key, too old, or not ours: a new visitor.
            session.clear()
        session.modified = session.accessed = False
        return session

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Writes what changed: the row of a login, the cookie of a visitor."""
        if not isinstance(session, ConsoleSession) or session.broken is not None:
            return
        response.vary.add("Cookie")
        if session.login is not None:
            if session.modified:
                self._desk().sessions.remember(session.login, dict(session))
            if session.word is not None:
                self._set(response, _LOGIN + session.word)
        elif session:
            signer = self._signed.get_signing_serializer(app)
            if session.modified and signer is not None:
                self._set(response, str(signer.dumps(dict(session))))
        elif session.had_cookie:
            response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def _set(self, response: Response, value: str) -> None:
        response.set_cookie(self.cookie, value, path="/", secure=self._secure, httponly=True, samesite="Lax")


def begin(session: ConsoleSession, desk: Desk, person: Person, data: Mapping[str, Any]) -> None:
    """Logs somebody in: a new word, nothing of what was remembered before. An older login of this browser ends."""
    if session.login is not None:
        desk.sessions.end(session.login)
    session.clear()
    session.update(data)
    session.word = desk.sessions.begin(person, data)
    session.login = desk.sessions.find(session.word)


def end(session: ConsoleSession, desk: Desk) -> None:
    """Logs out."""
    if session.login is not None:
        desk.sessions.end(session.login)
    session.login, session.word = None, None
    session.clear()


def _is_page(path: str) -> bool:
    return (path == PATH or path.startswith(PATH + "/")) and not path.startswith(PATH + "/static/")
