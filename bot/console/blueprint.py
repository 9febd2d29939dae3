"""The blueprint that every page of the console hangs on. A page module imports ``console`` and is named in shell.PAGES."""

from __future__ import annotations

from flask import Blueprint

console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
