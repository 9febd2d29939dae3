"""Stylesheets, scripts and fonts, under addresses that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import Response, request, send_from_directory, url_for

from bot.console.access import anybody
from bot.console.blueprint import console
from bot.console.security import A_YEAR

FOLDER = Path(__file__).parent / "static"


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; the fonts and htmx in vendor/ carry their version in their name."""
    return url_for("console.static", filename=name, v=_version(name))


@console.get("/static/<path:filename>", endpoint="static")
@anybody
def static(filename: str) -> Response:
    """A file of bot/console/static."""
    response = send_from_directory(FOLDER, filename, max_age=A_YEAR, conditional=True)
    if response.status_code == 304:
        # Nobody reads the file then, and so nobody would close it.
        response.close()
    kept = filename.startswith("vendor/") or request.args.get("v") == _version(filename)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if kept else "no-cache"
    return response
