"""The form that a carrier posts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from werkzeug.exceptions import RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def read_form(environ: WSGIEnvironment, most: int) -> dict[str, list[str]]:
    """The values of each name in their order, empty ones too, as ``urllib.parse.parse_qs`` reads them, out of a WSGI request (PEP 3333).
    Raises ``RequestEntityTooLarge`` for more than ``most`` bytes.

    A body that is no such form has no names we know: whoever sends that has not signed it either. Flask's own way would also take
    files and parts of other kinds, which no carrier sends and any stranger may; it takes a fifth of all that a turn executes.
    """
    form: dict[str, list[str]] = {}
    try:
        body = _body(environ, most).decode()
    except UnicodeDecodeError:
        return form
    for pair in body.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            # In most of them nothing is quoted.
            if "%" in pair or "+" in pair:
                name, value = unquote_plus(name), unquote_plus(value)
            form.setdefault(name, []).append(value)
    return form


def _body(environ: WSGIEnvironment, most: int) -> bytes:
    told = environ.get("CONTENT_LENGTH") or ""
    # Without a length it may come in chunks, as some proxies send it on: then the server knows where they end.
    length = int(told) if told.isdecimal() else most + 1 if environ.get("wsgi.input_terminated") else 0
    body: bytes = environ["wsgi.input"].read(min(length, most + 1))
    if len(body) > most:
        raise RequestEntityTooLarge
    return body
