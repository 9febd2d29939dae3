"""Stylesheets, scripts and fonts, under addresses that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path

from flask import Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import anybody
from bot.console.blueprint import console
from bot.console.security import A_YEAR

FOLDER = Path(__file__).parent / "static"


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; the fonts and htmx in vendor/ carry their version in their name."""
    return url_for("console.static", filename=name, v=_version(name))


@console.get("/static/<path:filename>", endpoint="static")
@anybody
def static(filename: str) -> AnyResponse:
    """A file of bot/console/static, out of memory: there are few, and none is left open when a browser goes away half-way."""
    if filename not in _names():
        abort(404)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = Response(_content(filename), mimetype=kind)
    response.set_etag(_version(filename))
    kept = filename.startswith("vendor/") or request.args.get("v") == _version(filename)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if kept else "no-cache"
    return response.make_conditional(request)


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@functools.cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
