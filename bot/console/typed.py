"""The page in the other language with what is typed in its form, also where the browser runs no script.

The switch is a button of the page's main form: it posts that form to the address of the page itself, and gets the page as a
GET would, with the fields filled in. Nothing of it is stored, and nothing is done with it. Passwords do not come back.
"""

from __future__ import annotations

from html import escape, unescape
from html.parser import HTMLParser
from typing import cast

from flask import Response, current_app, g, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from bot.console.access import access_of
from bot.console.apart import PATH
from bot.console.security import csrf, is_from_here
from bot.console.sessions import ConsoleSession
from bot.console.switching import remember_language
from bot.store.errors import StoreError

SWITCH = "switch-language"
"""The name of the button; its value is the language, and the id of the form."""
_NO_TEXT = frozenset({"password", "submit", "button", "reset", "image", "file"})
_CHOSEN = frozenset({"checkbox", "radio"})


def switched() -> Response | int | None:
    """The page with what was typed; the status of the page that says why not; None for every other request."""
    if request.method != "POST" or not request.path.startswith(f"{PATH}/"):
        return None
    access = access_of(request.endpoint)
    if access is not None and access.largest:
        # A page that takes a file: nothing of it is read before the guard has looked who sends it, and let it be so large.
        return None
    if SWITCH not in request.form:
        return None
    language, _, form = request.form[SWITCH].partition(" ")
    mine = cast(ConsoleSession, session)
    if mine.broken is not None:
        return 503
    try:
        csrf.protect()
    except CSRFError:
        return 401 if mine.login is None else 400
    if not is_from_here():
        return 403
    try:
        page = _as_get(language)
    except StoreError:
        return 503
    if page.status_code == 302 and mine.login is None:
        return 401
    if page.status_code == 200 and page.mimetype == "text/html":
        page.set_data(filled(page.get_data(as_text=True), form, request.form))
    remember_language(page, language)
    return page


def _as_get(language: str) -> Response:
    """This page as a GET of the same browser gets it, in that language."""
    remember_language(None, language)
    cookies = "; ".join(f"{name}={value}" for name, value in {**request.cookies, "console-language": language}.items())
    environ = {
        name: value
        for name, value in request.environ.items()
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH") and not name.startswith("werkzeug.")
    }
    # The context of the app is the same inside.
    g.typed = request.form
    with current_app.request_context({**environ, "REQUEST_METHOD": "GET", "HTTP_COOKIE": cookies}):
        return current_app.full_dispatch_request()


def brought(name: str) -> str:
    """What the switch brought in this field, for a page that says something about it; empty for a page that is just opened."""
    return str(g.get("typed", {}).get(name, "")).replace("\r\n", "\n")


def page_path() -> str:
    """The address at which this page can be had by GET: what a form was sent to may be below it."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter is not None and path.rstrip("/") != PATH:
        try:
            if adapter.match(path, method="GET")[0] != "console.no_such_page":
                break
        except HTTPException:
            pass
        path = path.rstrip("/").rpartition("/")[0]
    return request.full_path.rstrip("?") if path == request.path else path


def filled(page: str, form: str, values: MultiDict[str, str]) -> str:
    """The page with these values in the fields of the form of that id. What differs from the page's own is marked ``data-typed``."""
    filler = _Filler(form, values)
    filler.feed(page)
    filler.close()
    return "".join(filler.parts)


class _Filler(HTMLParser):
    """Writes a page of ours as it reads it, but for the fields of one form."""

    def __init__(self, form: str, values: MultiDict[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._form, self._values = form, values
        self._inside: str | None = None
        self._select: str | None = None
        self._option: dict[str, str | None] | None = None
        self._area: tuple[dict[str, str | None], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "form":
            self._inside = own.get("id")
        name = own.get("name") or ""
        # data-own: what the switch itself changes.
        ours = own.get("form", self._inside) == self._form and name not in ("csrf_token", "") and "data-own" not in own
        if tag == "input" and ours and own.get("type") not in _NO_TEXT:
            return self._write(tag, self._input(own, name))
        if tag == "textarea" and ours and "readonly" not in own:
            self._area = (own, [])
            return None
        if tag == "select":
            self._select = name if ours else None
        if tag == "option" and self._select is not None:
            self._option = own
            # Without a value its words are it, and they come next.
            return self._end_option(own["value"] or "") if "value" in own else None
        return self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            own, parts = self._area
            before = unescape("".join(parts)).removeprefix("\n")
            typed = self._values.get(own.get("name") or "", "").replace("\r\n", "\n")
            self._area = None
            self._write(tag, own if typed == before else {**own, "data-typed": before})
            # A parser drops the first end of a line.
            self.parts.append(f"\n{escape(typed, quote=False)}")
        if tag == "form":
            self._inside = None
        if tag == "select":
            self._select = None
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            return self._area[1].append(data)
        if self._option is not None:
            self._end_option(data)
        return self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def _input(self, own: dict[str, str | None], name: str) -> dict[str, str | None]:
        if own.get("type") in _CHOSEN:
            return _marked(own, "checked", (own.get("value") or "on") in self._values.getlist(name))
        typed, before = self._values.get(name, ""), own.get("value") or ""
        marked = {} if typed == before or own.get("type") == "hidden" else {"data-typed": before}
        return {**own, "value": typed, **marked}

    def _end_option(self, value: str) -> None:
        own, self._option = self._option or {}, None
        self._write("option", _marked(own, "selected", value in self._values.getlist(self._select or "")))

    def _write(self, tag: str, own: dict[str, str | None]) -> None:
        said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in own.items())
        self.parts.append(f"<{tag}{said}>")


def _marked(own: dict[str, str | None], how: str, so: bool) -> dict[str, str | None]:
    rest = {name: value for name, value in own.items() if name != how}
    return {**rest, how: None} if so else rest
